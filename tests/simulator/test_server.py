"""The simulator on a real port: the answers of the one in process, the official SDK, signals."""

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
from tests.simulator.ask_simulator import PING, http_client, sdk_headers

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
from oai_tui.simulator.server import serve
on_ready = lambda simulation: print(simulation.base_url, *simulation.exports, sep="\\n", flush=True)
serve(sys.argv[1], 0, on_ready)
print("ended", flush=True)
"""
CHANGING = {"date", "x-request-id", "cf-ray"}


@pytest.fixture
def sdk() -> Iterator[openai.OpenAI]:
    with running("all-good") as simulation:
        with openai.OpenAI(
            api_key=simulation.client.environment["OPENAI_API_KEY"],
            base_url=simulation.base_url,
            max_retries=0,
        ) as client:
            yield client


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
    """Return the answers without their times: a new second may begin between two of them."""
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
        sent = sdk_headers(SCENARIOS[scenario].client)
        simulation = [
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
            for one in simulation
        ]

    with running(scenario) as simulation:
        async with httpx.AsyncClient(base_url=simulation.base_url, trust_env=False) as http:
            over_port = await answers(http)
    async with http_client(
        Simulator(SCENARIOS[scenario]), SCENARIOS[scenario].client.base_url
    ) as http:
        in_process = await answers(http)
    assert timeless(over_port) == timeless(in_process)


def test_a_wrong_region_names_the_loopback_name_of_the_right_one() -> None:
    with running("regional-host-wrong") as simulation:
        refused = httpx.get(
            f"{simulation.base_url}/models", headers=sdk_headers(simulation.client), trust_env=False
        )
        assert simulation.fixed_client is not None
        fixed = httpx.get(
            f"{simulation.fixed_client.base_url}/models",
            headers=sdk_headers(simulation.client),
            trust_env=False,
        )
    assert (refused.json()["error"]["message"].rpartition(" ")[2], fixed.status_code) == (
        simulation.fixed_client.base_url.split("/")[2],
        200,
    )


def test_trusting_the_authority_fixes_tls_untrusted() -> None:
    with running("tls-untrusted") as simulation:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(simulation.authority)
        assert (
            httpx.get(f"{simulation.base_url}/models", verify=context, trust_env=False).status_code
            == 401
        )


def test_plain_http_fixes_tls_protocol() -> None:
    with running("tls-protocol") as simulation:
        assert simulation.fixed_client is not None
        assert (
            httpx.get(f"{simulation.fixed_client.base_url}/models", trust_env=False).status_code
            == 401
        )


def test_the_fix_works_over_the_port() -> None:
    with running("account-deactivated") as simulation:
        simulation.simulator.apply_fix()
        assert (
            httpx.get(
                f"{simulation.base_url}/models",
                headers=sdk_headers(simulation.client),
                trust_env=False,
            ).status_code
            == 200
        )


def test_exports_give_a_shell_the_clients_environment() -> None:
    with running("key-malformed") as simulation:
        script = "\n".join(
            [
                *simulation.exports,
                'printf %s "$OPENAI_API_KEY|${OPENAI_ORG_ID-unset}|$OPENAI_BASE_URL|"',
            ]
        )
        out = subprocess.run(
            ["/bin/sh", "-c", script],
            env={"OPENAI_ORG_ID": "org-old"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert out == f"{simulation.client.environment['OPENAI_API_KEY']}|unset|{simulation.base_url}|"


def test_port_is_released() -> None:
    with running("all-good") as simulation:
        port = int(simulation.base_url.split(":")[2].split("/")[0])
    with running("all-good", port) as again:
        assert again.base_url == f"http://127.0.0.1:{port}/v1"


def test_a_port_in_use_is_reported() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with (
            pytest.raises(
                PortUnavailableError,
                match=f"port {listener.getsockname()[1]} on 127.0.0.1 cannot be used",
            ),
            running("all-good", listener.getsockname()[1]),
        ):
            pass


def test_an_impossible_port_is_reported() -> None:
    with pytest.raises(PortUnavailableError), running("all-good", 70_000):
        pass


def test_unknown_scenario() -> None:
    with pytest.raises(KeyError), running("nonsense"):
        pass


def test_a_missing_uvicorn_names_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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
        try:
            assert child.stdout is not None
            assert child.stdout.readline().startswith("http://127.0.0.1:")
            child.send_signal(number)
            out, err = child.communicate(timeout=20)
        finally:
            child.kill()
    assert (child.returncode, out.splitlines()[-1], err) == (0, "ended", "")


def test_requests_over_the_port_are_recorded() -> None:
    with running("all-good") as simulation:
        httpx.get(
            f"{simulation.base_url}/models", headers=sdk_headers(simulation.client), trust_env=False
        )
        recorded = simulation.simulator.received[0]
    assert (recorded.method, recorded.path, recorded.host, recorded.key_sent) == (
        "GET",
        "/v1/models",
        "api.openai.com",
        True,
    )


def test_a_simulation_without_a_port_has_its_clients_base_url() -> None:
    with running("dns-failure") as simulation:
        assert isinstance(simulation, Running)
        assert simulation.base_url == "https://api.openai.invalid/v1"
