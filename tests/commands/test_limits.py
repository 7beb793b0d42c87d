"""`limits` shows the rate limits of a key, judges them, and prints code that retries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from oai_tui.reports.key_limits import Limit
from oai_tui.reports.retry_samples import RETRY_SAMPLES
from oai_tui.simulator.server import running
from oai_tui.simulator.world import Limits
from tests.commands.cli_runner import (
    GOOD_KEY,
    CliResult,
    ReceivedRequest,
    canned_server,
    client_environment,
    http_response,
    run_cli,
)
from tests.reports.test_json import SCHEMA

pytestmark = pytest.mark.sockets
RESPONSE = {"id": "resp_1", "object": "response", "output": []}
NO_KEY = {"error": {"message": "no key", "type": "invalid_request_error", "code": None}}


def limits(scenario: str, home: Path, *arguments: str) -> tuple[CliResult, list[str]]:
    """Run `limits` over a scenario. Return its result and the methods of the requests."""
    with running(scenario) as simulated:
        done = run_cli(["limits", *arguments], home, client_environment(simulated))
        methods = [each.method for each in simulated.simulator.received]
    return done, methods


def test_without_a_billed_request_the_limits_are_unknown(tmp_path: Path) -> None:
    done, methods = limits("all-good", tmp_path)
    assert (done.code, "POST" in methods) == (11, False)
    assert "oai-tui limits --inference" in done.out


def test_limits_and_the_pace_that_fits(tmp_path: Path) -> None:
    done, methods = limits("all-good", tmp_path, "--inference")
    assert (done.code, methods.count("POST")) == (0, 1)
    assert "499 of 500 per minute left, full in 120 ms" in done.out
    assert "one request every 120 ms" in done.out
    assert "at most 400 tokens each" in done.out


def test_json_fits_the_schema(tmp_path: Path) -> None:
    done, _ = limits("all-good", tmp_path, "--inference", "--json")
    jsonschema.validate(done.document, SCHEMA)
    assert done.document["mode"] == "limits"
    assert done.document["limits"]["requests"]["remaining"] == 499
    assert done.document["headroom"]["requests"] == 0.998


@pytest.mark.parametrize(
    ("arguments", "code", "cause"),
    [
        (("--min-remaining-requests", "499"), 0, None),
        (("--min-remaining-requests", "500"), 7, "rate-limit-requests"),
        (("--min-remaining-tokens", "200000"), 7, "rate-limit-tokens"),
    ],
)
def test_minimum(arguments: tuple[str, ...], code: int, cause: str | None, tmp_path: Path) -> None:
    done, _ = limits("all-good", tmp_path, "--inference", "--json", *arguments)
    jsonschema.validate(done.document, SCHEMA)
    assert (done.code, done.cause) == (code, cause)


def test_a_burst_empties_the_limit_and_the_same_key_works_after_the_wait(tmp_path: Path) -> None:
    times = [datetime.now(UTC)]
    with running("all-good", now=lambda: times[-1]) as simulated:
        simulator = simulated.simulator
        simulator.world = replace(simulator.world, limits=Limits(requests=2))

        def ask() -> CliResult:
            variables = client_environment(simulated)
            return run_cli(["limits", "--inference", "--json"], tmp_path, variables)

        first, second, third = ask(), ask(), ask()
        times.append(times[-1] + timedelta(seconds=third.document["verdict"]["retry"]["after_s"]))
        after_the_wait = ask()
    codes = [done.code for done in (first, second, third, after_the_wait)]
    assert (codes, third.cause) == ([0, 0, 7, 0], "rate-limit-requests")
    assert [done.document["limits"]["requests"]["remaining"] for done in (first, second)] == [1, 0]


def test_minimum_that_cannot_be_judged_is_undecided(tmp_path: Path) -> None:
    done, _ = limits("all-good", tmp_path, "--json", "--min-remaining-requests", "1")
    assert (done.code, done.cause) == (11, "unknown")


@pytest.mark.parametrize(
    ("headers", "arguments", "missing"),
    [
        ({}, (), "rate-limit headers"),
        (
            {"x_ratelimit_limit_requests": "9", "x_ratelimit_remaining_requests": "8"},
            ("--min-remaining-tokens", "1"),
            "rate-limit headers for tokens",
        ),
    ],
)
def test_a_sent_request_is_not_advised_again(
    headers: dict[str, str], arguments: tuple[str, ...], missing: str, tmp_path: Path
) -> None:
    def reply(request: ReceivedRequest) -> bytes:
        if not request.has_key:
            return http_response("401 Unauthorized", NO_KEY)
        if not request.path.startswith("/v1/models"):
            return http_response("200 OK", RESPONSE, **headers)
        return http_response("200 OK", {"object": "list", "data": [{"id": "gpt-6-luna"}]})

    with canned_server(reply) as base_url:
        variables = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        done = run_cli(["limits", "--inference", *arguments, "--json"], tmp_path, variables)
    assert (done.code, done.cause) == (11, "unknown")
    assert done.document["verdict"]["title"] == f"The responses have no {missing}"
    assert [fix["command"] for fix in done.document["verdict"]["fixes"]] == [None]


def test_a_problem_of_the_key_comes_first(tmp_path: Path) -> None:
    done, _ = limits("quota-exhausted", tmp_path, "--inference", "--json")
    assert (done.code, done.cause) == (6, "quota-exhausted")


@pytest.mark.parametrize("name", RETRY_SAMPLES)
def test_sample_is_printed_and_nothing_is_sent(name: str, tmp_path: Path) -> None:
    done, methods = limits("all-good", tmp_path, "--sample", name, "--model", "gpt-5.4-mini")
    assert (done.code, methods) == (0, [])
    assert '"gpt-5.4-mini"' in done.out


@pytest.mark.parametrize(
    ("limit", "remaining", "reset_s", "window"),
    [
        (500, 499, 0.12, "minute"),
        (500, 0, 60, "minute"),
        (200, 199, 432, "day"),
        (500, 500, 0, ""),
        (500, 499, None, ""),
        (500, 499, 5, ""),
    ],
)
def test_window(limit: float, remaining: float, reset_s: float | None, window: str) -> None:
    one = Limit(unit="requests", limit=limit, remaining=remaining, reset_s=reset_s)
    assert one.window == window


CONTRADICTION = {
    "x_ratelimit_limit_requests": "0",
    "x_ratelimit_remaining_requests": "5",
}


def test_limits_that_contradict_themselves_are_not_shown(tmp_path: Path) -> None:
    def reply(request: ReceivedRequest) -> bytes:
        if not request.has_key:
            return http_response("401 Unauthorized", NO_KEY)
        if request.method == "POST":
            return http_response("200 OK", RESPONSE, **CONTRADICTION)
        models = {"object": "list", "data": [{"id": "gpt-6-luna", "object": "model"}]}
        return http_response("200 OK", models)

    with canned_server(reply) as url:
        environment = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": url}
        done = run_cli(["limits", "--inference"], tmp_path, environment)
        checked = run_cli(["check", "--inference"], tmp_path, environment)
    assert done.code == 11
    assert "contradict each other (requests: 5 left of 0)" in " ".join(done.out.split())
    assert "5 of 0" not in done.out + checked.out
    assert "contradictory rate-limit headers" in checked.out


@pytest.mark.parametrize("remaining", ["-5", "499.5", "many"])
def test_headers_that_cannot_be_read_are_not_called_missing(remaining: str, tmp_path: Path) -> None:
    def reply(request: ReceivedRequest) -> bytes:
        if not request.has_key:
            return http_response("401 Unauthorized", NO_KEY)
        if not request.path.startswith("/v1/models"):
            headers = {
                "x_ratelimit_limit_requests": "500",
                "x_ratelimit_remaining_requests": remaining,
                "x_ratelimit_limit_tokens": "90",
                "x_ratelimit_remaining_tokens": "80",
            }
            return http_response("200 OK", RESPONSE, **headers)
        return http_response("200 OK", {"object": "list", "data": [{"id": "gpt-6-luna"}]})

    with canned_server(reply) as base_url:
        variables = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        shown = run_cli(["limits", "--inference"], tmp_path, variables)
        asked = ["limits", "--inference", "--min-remaining-requests", "1", "--json"]
        judged = run_cli(asked, tmp_path, variables)
    assert "  requests the limit is 500; the response doesn't say what is left\n" in shown.out
    assert (judged.code, judged.cause) == (11, "unknown")
    title = judged.document["verdict"]["title"]
    assert title == "The responses have no usable rate-limit headers for requests"
