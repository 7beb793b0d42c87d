"""A traceback is pasted into the installed program, explained, and confirmed over a real port."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.conftest import simulated
from tests.e2e.terminal import terminal

TRACEBACK = """Traceback (most recent call last):
  File "app.py", line 12, in <module>
    print(client.responses.create(model="gpt-6-luna", input="ping").output_text)
openai.AuthenticationError: Error code: 401 - {'error': {\
'message': 'OpenAI-Organization header should match organization for API key', \
'type': 'invalid_request_error', 'param': None, 'code': 'mismatched_organization'}}
request headers: {'Authorization': 'Bearer KEY'} KEY
"""
QUOTA = (
    "openai.RateLimitError: Error code: 429 - {'error':"
    " {'message': 'You exceeded your current quota', 'code': 'insufficient_quota'}}"
)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["120x40", "80x24"])
def test_from_a_pasted_traceback_to_a_confirmed_cause(
    program: str, no_secret_service: dict[str, str], tmp_path: Path, size: tuple[int, int]
) -> None:
    with simulated(program, "organization-mismatch") as client:
        key = client["OPENAI_API_KEY"]
        with terminal(
            program, env={**no_secret_service, **client}, size=size, folder=tmp_path
        ) as screen:
            screen.wait_for("Check this key", "Explain an error")
            screen.press("x")
            screen.wait_for("Paste or type the error here", "Explain")
            screen.paste(TRACEBACK.replace("KEY", key))
            screen.wait_for("characters", "are hidden", "mismatched_organization")
            screen.press("Enter")
            screen.wait_for("organization-mismatch", "401", "What to do", "Confirm live")
            screen.press("Enter")
            screen.wait_for("Confirmed live", "Retry without")
            screen.press("Enter")
            screen.wait_for("billed request?")
            screen.answer("y", "Send one billed request?")
            screen.wait_for("Everything works", "is gone now")
            screen.press("C-c")
            screen.wait_for("exit code 130")
            assert screen.mode("alternate_on") == "0"
            assert key[20:40] not in screen.tmux("capture-pane", "-p", "-S", "-", "-t", "t")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("opens", ["", "x"], ids=["on the start screen", "in the box"])
def test_a_paste_without_brackets_is_no_row_of_keys(
    program: str, no_secret_service: dict[str, str], tmp_path: Path, opens: str
) -> None:
    with terminal(
        program, "--demo", "quota-exhausted", env=no_secret_service, size=(100, 30), folder=tmp_path
    ) as screen:
        screen.wait_for("Check this key", "Explain an error")
        if opens:
            screen.press(opens)
            screen.wait_for("Paste or type the error here")
        screen.type(f"{QUOTA}\n" * 80)
        screen.wait_for("characters")
        screen.press("C-c")
        screen.wait_for("exit code 130")


def test_a_megabyte_in_one_paste_is_explained_and_leaving_stays_possible(
    program: str, no_secret_service: dict[str, str], tmp_path: Path
) -> None:
    times = (datetime(2026, 11, 2) + timedelta(seconds=second) for second in range(7200))
    log = "".join(f"{time.isoformat()}Z ERROR app: {QUOTA}\n" for time in times)
    with terminal(
        program, "--demo", "quota-exhausted", env=no_secret_service, size=(100, 30), folder=tmp_path
    ) as screen:
        screen.wait_for("Explain an error")
        screen.press("x")
        screen.wait_for("Paste or type the error here")
        screen.paste(log[:1_000_000])
        screen.wait_for("the start and the end", "were kept", "Explain")
        screen.press("Enter")
        screen.wait_for("quota-exhausted", "times, first")
        screen.press("C-c")
        screen.wait_for("exit code 130")
