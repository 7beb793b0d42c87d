"""The simulator on a real port: the same answers, the official SDK, signals, ports, and nothing but loopback."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest

from oai_tui.simulator.faulty_sockets import PortUnavailableError
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.server import Running, UvicornMissingError, running
from oai_tui.simulator.simulator import Simulator
from tests.simulator.ask_simulator import PING, headers, http_client

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
from oai_tui.simulator.server import serve
serve(sys.argv[1], 0, lambda found: print(found.base_url, *found.exports, sep="\\n", flush=True))
print("ended", flush=True)
"""
CHANGING = {"date", "x-request-id", "cf-ray"}


@pytest.fixture
def sdk() -> Iterator[openai.OpenAI]:
    with running("all-good") as found:
        with openai.OpenAI(
            api_key=found.client.environment["OPENAI_API_KEY"],
            base_url=found.base_url,
            max_retries=0,
        ) as made:
            yield made


def test_sdk_lists_models(sdk: openai.OpenAI) -> None:
    assert "gpt-6-luna" in {model.id for model in sdk.models.list()}


def test_sdk_creates_a_response(sdk: openai.OpenAI) -> None:
    answer = sdk.responses.create(
        model="gpt-4o-mini", input="ping", max_output_tokens=16, store=False
    )
    assert (answer.status, answer.output_text) == ("completed", "Pong. The call went through.")


def test_sdk_takes_an_incomplete_response(sdk: openai.OpenAI) -> None:
    assert (
        sdk.responses.create(
            model="gpt-6-luna", input="ping", max_output_tokens=16, store=False
        ).status
        == "incomplete"
    )


def test_sdk_completes_a_chat(sdk: openai.OpenAI) -> None:
    answer = sdk.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": "ping"}]
    )
    assert answer.choices[0].message.content == "Pong. The call went through."


def test_sdk_raises_its_own_error_for_a_refusal(sdk: openai.OpenAI) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        sdk.with_options(api_key="sk-proj-wrong").models.list()
    assert caught.value.code == "invalid_api_key"


def timeless(answers: list[object]) -> str:
    """The answers without the moment at which each was made: a second may begin between the two."""
    return re.sub(r"'(created(?:_at)?|completed_at)': \d+", r"'\1': …", str(answers))


@pytest.mark.parametrize(
    "scenario",
    [
        "all-good",
        "key-invalid",
        "quota-exhausted",
        "country-unsupported",
        "other-server-answered",
        "network-filter-blocked",
        "unknown",
    ],
)
async def test_answers_over_the_port_are_those_in_process(scenario: str) -> None:
    async def answers(http: httpx.AsyncClient) -> list[object]:
        sent = headers(SCENARIOS[scenario].client)
        found = [
            await http.get("models"),
            await http.get("models", headers=sent),
            await http.post("responses", headers=sent, json=PING),
        ]
        return [
            (
                one.status_code,
                {name: value for name, value in one.headers.items() if name not in CHANGING},
                one.json() if "json" in one.headers["content-type"] else one.text,
            )
            for one in found
        ]

    with running(scenario) as found:
        async with httpx.AsyncClient(base_url=found.base_url, trust_env=False) as http:
            over_port = await answers(http)
    async with http_client(
        Simulator(SCENARIOS[scenario]), SCENARIOS[scenario].client.base_url
    ) as http:
        in_process = await answers(http)
    assert timeless(over_port) == timeless(in_process)


def test_wrong_region_is_told_the_loopback_name_of_the_right_one() -> None:
    with running("regional-host-wrong") as found:
        refused = httpx.get(
            f"{found.base_url}/models", headers=headers(found.client), trust_env=False
        )
        assert found.fixed_client is not None
        cured = httpx.get(
            f"{found.fixed_client.base_url}/models",
            headers=headers(found.client),
            trust_env=False,
        )
    assert (refused.json()["error"]["message"].rpartition(" ")[2], cured.status_code) == (
        found.fixed_client.base_url.split("/")[2],
        200,
    )


def test_trusting_the_authority_cures_tls_untrusted() -> None:
    with running("tls-untrusted") as found:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(found.authority)
        assert (
            httpx.get(f"{found.base_url}/models", verify=context, trust_env=False).status_code
            == 401
        )


def test_plain_http_cures_tls_protocol() -> None:
    with running("tls-protocol") as found:
        assert found.fixed_client is not None
        assert (
            httpx.get(f"{found.fixed_client.base_url}/models", trust_env=False).status_code == 401
        )


def test_cure_works_over_the_port() -> None:
    with running("account-deactivated") as found:
        found.simulator.apply_fix()
        assert (
            httpx.get(
                f"{found.base_url}/models", headers=headers(found.client), trust_env=False
            ).status_code
            == 200
        )


def test_exports_make_a_shell_the_patients() -> None:
    with running("key-malformed") as found:
        script = "\n".join(
            [*found.exports, 'printf %s "$OPENAI_API_KEY|${OPENAI_ORG_ID-unset}|$OPENAI_BASE_URL|"']
        )
        out = subprocess.run(
            ["/bin/sh", "-c", script],
            env={"OPENAI_ORG_ID": "org-old"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert out == f"{found.client.environment['OPENAI_API_KEY']}|unset|{found.base_url}|"


def test_port_is_released() -> None:
    with running("all-good") as found:
        port = int(found.base_url.split(":")[2].split("/")[0])
    with running("all-good", port) as again:
        assert again.base_url == f"http://127.0.0.1:{port}/v1"


def test_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with (
            pytest.raises(
                PortUnavailableError,
                match=f"port {taken.getsockname()[1]} on 127.0.0.1 cannot be used",
            ),
            running("all-good", taken.getsockname()[1]),
        ):
            pass


def test_port_that_cannot_be_is_told() -> None:
    with pytest.raises(PortUnavailableError), running("all-good", 70_000):
        pass


def test_unknown_scenario() -> None:
    with pytest.raises(KeyError), running("nonsense"):
        pass


def test_missing_uvicorn_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with (
        pytest.raises(UvicornMissingError, match=r'pip install "oai-tui\[simulate\]"'),
        running("all-good"),
    ):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("scenario", ["all-good", "response-timeout"])
def test_serve_ends_cleanly_on_a_signal(number: signal.Signals, scenario: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, scenario],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("http://127.0.0.1:")
        child.send_signal(number)
        out, err = child.communicate(timeout=20)
    assert (child.returncode, out.splitlines()[-1], err) == (0, "ended", "")


def test_record_reaches_over_the_port() -> None:
    with running("all-good") as found:
        httpx.get(f"{found.base_url}/models", headers=headers(found.client), trust_env=False)
        recorded = found.simulator.received[0]
    assert (recorded.method, recorded.path, recorded.host, recorded.key_sent) == (
        "GET",
        "/v1/models",
        "api.openai.com",
        True,
    )


def test_running_is_known_by_its_patient() -> None:
    with running("dns-failure") as found:
        assert isinstance(found, Running)
        assert found.base_url == "https://api.openai.invalid/v1"
