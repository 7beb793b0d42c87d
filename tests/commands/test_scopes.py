"""`scopes` shows what a key may do, with one free request per endpoint."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from oai_tui.domain.endpoints import ScopeState, key_mode, scope_result
from oai_tui.domain.observation import ErrorBody, Observation
from oai_tui.knowledge.endpoints import ENDPOINTS, MODELS
from oai_tui.reports.key_scopes import lines
from oai_tui.reports.style import PLAIN
from oai_tui.simulator.server import running
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

READS = frozenset(scope for each in ENDPOINTS if each.is_read for scope in each.needs)


def scopes(
    scenario: str, home: Path, *arguments: str, granted: frozenset[str] | None = None
) -> tuple[CliResult, list[tuple[str, str]]]:
    """Run `scopes` over a scenario, its key restricted to the granted scopes if these are given.

    Return the result and the requests, as method and path.
    """
    with running(scenario) as simulated:
        simulator = simulated.simulator
        if granted is not None:
            keys = simulator.world.keys
            simulator.world = replace(
                simulator.world, keys=(replace(keys[0], scopes=granted), *keys[1:])
            )
        done = run_cli(["scopes", *arguments], home, client_environment(simulated))
        requests = [(each.method, each.path) for each in simulator.received]
    return done, requests


@pytest.mark.sockets
def test_unrestricted_key(tmp_path: Path) -> None:
    done, requests = scopes("all-good", tmp_path, "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert {row["state"] for row in document["scopes"]} == {"allowed"}
    assert (done.code, document["key_mode"], len(document["scopes"])) == (0, "All", 12)
    asked = Counter(requests)
    assert asked.pop(("GET", "/v1/models")) == 2  # without the key, and with it
    assert set(asked.values()) == {1}


@pytest.mark.sockets
@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted"])
def test_a_server_that_accepts_an_invalid_post_may_have_carried_it_out(
    status: str, tmp_path: Path
) -> None:
    def reply(request: ReceivedRequest) -> bytes:
        if not request.has_key:
            error = {"message": "no key", "type": "invalid_request_error", "code": None}
            return http_response("401 Unauthorized", {"error": error})
        answer = status if request.method == "POST" else "200 OK"
        return http_response(answer, {"object": "list", "data": [{"id": "gpt-6-luna"}]})

    with canned_server(reply) as base_url:
        variables = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        done = run_cli(["scopes"], tmp_path, variables)
    assert f"answered {status[:3]} to a POST:\nit may have carried it out" in done.out
    assert "nothing was created" not in done.out


REFUSED = Observation(probe="scopes", status=400)
POST = next(each for each in ENDPOINTS if not each.is_read)


@pytest.mark.parametrize(
    ("last", "says"),
    [
        (REFUSED, ["One request per endpoint, invalid on purpose: nothing was created or billed."]),
        (
            Observation(probe="scopes", status=500),
            [
                "One request per endpoint, invalid on purpose. Not known to be refused: "
                f"{POST.name}.",
                "The server may have carried out something there.",
            ],
        ),
        (
            Observation(probe="scopes", failure="read-timeout"),
            [
                "One request per endpoint, invalid on purpose. Not known to be refused: "
                f"{POST.name}.",
                "The server may have carried out something there.",
            ],
        ),
        (
            None,
            [
                "1 of 2 endpoints were tested. One request per endpoint, invalid on purpose: "
                "nothing was created or billed."
            ],
        ),
    ],
)
def test_only_what_was_observed_is_claimed(last: Observation | None, says: list[str]) -> None:
    results = [scope_result(MODELS, REFUSED), scope_result(POST, last)]
    assert lines(results, PLAIN)[-len(says) :] == says


def test_nothing_is_claimed_of_endpoints_that_were_not_tested() -> None:
    results = [scope_result(MODELS, None), scope_result(POST, None)]
    assert lines(results, PLAIN)[-1] == "No endpoint was tested."


@pytest.mark.parametrize(
    ("granted", "mode", "allowed"),
    [
        (READS, "Read only", {each.name for each in ENDPOINTS if each.is_read}),
        (
            frozenset({"api.model.request", "api.responses.write", "api.model.read"}),
            "Restricted",
            {each.name for each in ENDPOINTS if each.needs[0].startswith("api.model.")},
        ),
        (frozenset({"api.files.read"}), "Restricted", {"GET /v1/files"}),
    ],
)
def test_restricted_key(
    granted: frozenset[str], mode: str, allowed: set[str], tmp_path: Path
) -> None:
    done, _ = scopes("all-good", tmp_path, "--json", granted=granted)
    document = done.document
    jsonschema.validate(document, SCHEMA)
    found = {row["endpoint"] for row in document["scopes"] if row["state"] == "allowed"}
    assert (found, document["key_mode"], done.code) == (allowed, mode, 0)
    assert {row["state"] for row in document["scopes"]} == {"allowed", "missing"}


@pytest.mark.sockets
def test_what_is_missing_is_named_with_the_permission_to_tick(tmp_path: Path) -> None:
    done, _ = scopes("scope-missing", tmp_path)
    assert "✗ POST /v1/responses                missing api.model.request" in done.out
    assert "POST /v1/responses: Model capabilities: Request, then Responses: Write" in done.out


@pytest.mark.sockets
def test_key_that_may_do_nothing_is_a_permission_problem(tmp_path: Path) -> None:
    done, _ = scopes("all-good", tmp_path, "--json", granted=frozenset({"api.webhooks.read"}))
    assert (done.code, done.cause) == (5, "scope-missing")
    assert {row["state"] for row in done.document["scopes"]} == {"missing"}


@pytest.mark.sockets
@pytest.mark.parametrize(("scenario", "code"), [("key-invalid", 4), ("ip-not-allowed", 5)])
def test_rejected_key_is_not_tested_further(scenario: str, code: int, tmp_path: Path) -> None:
    done, requests = scopes(scenario, tmp_path, "--json")
    assert (done.code, done.document["scopes"]) == (code, [])
    assert {path for _, path in requests} == {"/v1/models"}


def _observation(status: int | None, code: str = "", message: str = "x") -> Observation:
    error = ErrorBody(code=code, message=message) if message else None
    return Observation(probe="scopes", status=status, error=error)


@pytest.mark.parametrize(
    ("observation", "state"),
    [
        (None, "unknown"),
        (_observation(None), "unknown"),
        (_observation(400), "allowed"),
        (_observation(422), "allowed"),
        (_observation(400, message=""), "unknown"),
        (_observation(401, "missing_scope"), "missing"),
        (_observation(401, "invalid_api_key"), "unknown"),
        (_observation(403, "unsupported_country_region_territory"), "unknown"),
        (_observation(404), "unknown"),
        (_observation(429, "insufficient_quota"), "unknown"),
        (_observation(500), "unknown"),
        (_observation(200), "unknown"),
    ],
)
def test_state_of_one_response(observation: Observation | None, state: ScopeState) -> None:
    assert scope_result(MODELS, observation).state == state


def test_mode_is_not_named_where_an_endpoint_is_unknown() -> None:
    allowed = [scope_result(endpoint, _observation(400)) for endpoint in ENDPOINTS[:-1]]
    assert key_mode((*allowed, scope_result(ENDPOINTS[-1], None))) == ""
    assert key_mode(()) == ""
