"""`oai-tui --plain`: whole dialogs over pipes and on a terminal, in the demo and on a port."""

import asyncio
import io
import re
import signal
from pathlib import Path

import pytest

from oai_tui.cli import main
from oai_tui.headless.line_dialog import InputEnded, LineDialog
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.reports.cause_page import parts_after_fixes, parts_before_fixes
from oai_tui.simulator.server import running
from tests.commands.cli_runner import CliResult, client_environment, environment, run_program
from tests.commands.pty_runner import run_on_terminal

NO_KEYRING = "keyring.backends.fail.Keyring"


def dialog(tmp_path: Path, scenario: str, *lines: str) -> CliResult:
    """Run the dialog of a demo with these lines as its standard input."""
    typed = "".join(f"{line}\n" for line in lines).encode()
    return run_program(["--plain", "--demo", scenario], tmp_path, typed=typed)


def number_of(label: str, text: str) -> str:
    """The number before the last choice that begins with this label."""
    return str(re.findall(rf"^(\d+)\. {re.escape(label)}", text, re.MULTILINE)[-1])


def test_from_a_failing_key_to_a_saved_profile(tmp_path: Path) -> None:
    result = dialog(tmp_path, "organization-mismatch", "1", "1", "yes", "work", "5")
    assert (result.code, result.err) == (0, "")
    for part in (
        "Which key do you want to check?",
        "Step 3 of 8, Does the API accept the key? failed, rejected (401 mismatched_organization).",
        "Result: problem found.",
        "Cause: organization-mismatch.",
        "1. Apply fix 1 for this run, and check again",
        "Type yes or no; Enter means no:",
        "Step 8 of 8, Save in the keyring: saved as work.",
        "Result: the key works.",
        "To keep it, in the shell: unset OPENAI_ORG_ID",
        "Saved as profile work",
        "oai-tui exec work -- COMMAND",
    ):
        assert part in result.out
    assert "\x1b" not in result.out


def test_a_billed_request_needs_the_whole_word(tmp_path: Path) -> None:
    result = dialog(tmp_path, "all-good", "1", "y", "", "", "6")
    assert "Type the word yes, or no." in result.out
    assert "Send a test request? (about $0.00001) skipped." in result.out
    assert "Not tested: billing." in result.out
    assert result.code == 0


def test_an_unknown_answer_is_asked_again_and_never_repeated(tmp_path: Path) -> None:
    key = "sk-proj-" + "Ab1" * 30
    result = dialog(tmp_path, "key-invalid", key, "99", "0", "-1", "²", "4")
    assert result.out.count("That is not one of the choices.") == 5
    assert key not in result.out
    assert result.code == 0


def test_the_end_of_the_input_before_a_verdict_is_undecided(tmp_path: Path) -> None:
    result = dialog(tmp_path, "key-invalid")
    assert result.code == 11
    assert result.out.endswith("The input ended, so oai-tui leaves.\n")


def test_the_end_of_the_input_after_a_verdict_has_its_code(tmp_path: Path) -> None:
    result = dialog(tmp_path, "key-invalid", "1")
    assert result.code == 4
    assert "Result: problem found." in result.out


def test_quitting_has_the_code_of_the_verdict(tmp_path: Path) -> None:
    first = dialog(tmp_path, "quota-exhausted", "1", "yes")
    quit_number = number_of("Quit", first.out)
    assert dialog(tmp_path, "quota-exhausted", "1", "yes", quit_number).code == 6


def test_a_typed_key_is_not_printed(tmp_path: Path) -> None:
    key = "sk-proj-" + "Zy9" * 40
    result = dialog(tmp_path, "all-good", "2", key)
    assert "Result: problem found." in result.out
    assert key not in result.out
    assert key[20:60] not in result.out


def test_explaining_and_saving_the_report_run_nothing_again(tmp_path: Path) -> None:
    before = dialog(tmp_path, "key-invalid", "1").out
    explain, report = number_of("Explain", before), number_of("Save the report", before)
    result = dialog(tmp_path, "key-invalid", "1", explain, report, "out.json", report, "out.json")
    assert result.out.count("Checking api.openai.com") == 1
    cause = CATALOGUE["key-invalid"]
    for heading in (*parts_before_fixes(cause), *parts_after_fixes(cause)):
        assert f"{heading}: " in result.out
    assert "GET https://api.openai.com/v1/models: 401" in result.out
    assert "The report was saved." in result.out
    assert "That file exists. Replace it?" in result.out
    assert (tmp_path / "out.json").read_text().startswith("{")


def test_the_report_goes_nowhere_if_the_folder_is_missing(tmp_path: Path) -> None:
    report = number_of("Save the report", dialog(tmp_path, "key-invalid", "1").out)
    result = dialog(tmp_path, "key-invalid", "1", report, "none/out.txt")
    assert "The report was not saved." in result.out
    assert result.code == 4


def test_a_profile_name_is_checked_and_never_replaced_unasked(tmp_path: Path) -> None:
    lines = ("1", "no", "a b", "work", "1", "no", "work", "no", "other")
    result = dialog(tmp_path, "all-good", *lines)
    assert "A name has 1 to 64 letters" in result.out
    assert "There is a profile work." in result.out
    assert "Saved as profile other" in result.out


def test_a_demo_can_be_chosen(tmp_path: Path) -> None:
    result = run_program(["--plain", "--demo"], tmp_path, typed=b"1\n")
    assert "Which demo?" in result.out
    assert "1. all-good" in result.out


def test_without_a_key_on_this_machine(tmp_path: Path) -> None:
    result = run_program(["--plain"], tmp_path, typed=b"3\n")
    assert "No key was found here." in result.out
    assert result.code == 0


def test_without_a_keyring_the_encrypted_file_is_offered(tmp_path: Path) -> None:
    phrase = "correct horse battery"
    lines = ("1", "no", "yes", "short", phrase, "differs", phrase, phrase, "work")
    with running("all-good") as simulated:
        result = run_program(
            ["--plain"],
            tmp_path,
            {**client_environment(simulated), "PYTHON_KEYRING_BACKEND": NO_KEYRING},
            typed="".join(f"{line}\n" for line in lines).encode(),
        )
    assert "Use at least 8 characters." in result.out
    assert "The two passphrases differ." in result.out
    assert "Saved as profile work in the encrypted file" in result.out
    assert "OAI_TUI_STORE=file oai-tui exec work -- COMMAND" in result.out
    assert phrase not in result.out
    assert simulated.client.environment["OPENAI_API_KEY"] not in result.out


def test_ctrl_c_at_a_question_leaves_at_once(tmp_path: Path) -> None:
    code, screen = run_on_terminal(
        ["--plain", "--demo", "all-good"],
        environment(tmp_path),
        tmp_path,
        answers=[("Type a number", b"\x03")],
    )
    assert code == 130
    assert "Traceback" not in screen


def test_ctrl_c_at_a_question_of_the_check_leaves_at_once(tmp_path: Path) -> None:
    code, screen = run_on_terminal(
        ["--plain", "--demo", "all-good"],
        environment(tmp_path),
        tmp_path,
        answers=[("Type a number", b"1\r"), ("Enter means no:", b"\x03")],
    )
    assert code == 130
    assert "Traceback" not in screen


def test_on_a_terminal_the_key_is_not_echoed(tmp_path: Path) -> None:
    key = "sk-proj-" + "Zy9" * 40
    code, screen = run_on_terminal(
        ["--plain", "--demo", "all-good"],
        environment(tmp_path),
        tmp_path,
        answers=[
            ("Type a number", b"2\r"),
            ("It is not shown:", key.encode() + b"\r"),
            ("Result:", b"\x04"),
            ("Type a number", b"\x04"),
        ],
    )
    assert code == 4
    assert key[20:60] not in screen


def test_a_dumb_terminal_is_refused_with_the_commands_to_run(tmp_path: Path) -> None:
    code, screen = run_on_terminal(
        ["--demo", "all-good"], environment(tmp_path, {"TERM": "dumb"}), tmp_path
    )
    assert code == 2
    assert "oai-tui --plain" in screen
    assert "oai-tui check" in screen
    assert "\x1b" not in screen


def test_piped_text_leads_to_explain_first(tmp_path: Path) -> None:
    result = run_program([], tmp_path, typed=b"Error: 401\n")
    assert result.code == 2
    assert result.err.index("oai-tui explain") < result.err.index("oai-tui check")


def test_plain_belongs_to_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--plain", "tree"])
    assert "--plain belongs to the wizard" in capsys.readouterr().err


def test_a_secret_in_a_text_is_hidden(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line_dialog = LineDialog(lambda: ())
    line_dialog.say("It is sk-proj-" + "Ab1" * 30)
    assert "Ab1Ab1Ab1" not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(InputEnded):
        line_dialog.ask("?")


def test_ctrl_c_shortly_before_a_question_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        signal.raise_signal(signal.SIGINT)
        LineDialog(tuple).ask("Which?")

    monkeypatch.setattr("sys.stdin", io.StringIO("an answer\n"))
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(main())
