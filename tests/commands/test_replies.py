"""Nine replies give nine causes, from canned responses and from the simulator on a loopback port.

None of them leads to the verdict that a good key is bad.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import (
    GOOD_KEY,
    CliResult,
    ReceivedRequest,
    Reply,
    canned_server,
    http_response,
    run_cli,
    run_program,
    simulated_client,
)

MODEL = "gpt-6-luna"
OPENAI = {
    "x_request_id": "req_" + "0" * 32,
    "openai_version": "2020-10-01",
    "openai_processing_ms": "12",
    "server": "cloudflare",
    "openai_organization": "acme-fake",
}
BLOCK_PAGE = (
    "<html><head><title>Web Page Blocked</title></head><body><h1>Web Page Blocked</h1>"
    "<p>FortiGuard Intrusion Prevention - Access Blocked. Contact your administrator.</p>"
    "</body></html>"
)


def _refusal(
    status: str, code: str | None, message: str, kind: str = "invalid_request_error"
) -> bytes:
    return http_response(
        status, {"error": {"message": message, "type": kind, "param": None, "code": code}}, **OPENAI
    )


MODELS = http_response(
    "200 OK",
    {
        "object": "list",
        "data": [{"id": MODEL, "object": "model", "created": 1780000000, "owned_by": "openai"}],
    },
    **OPENAI,
)
ME = http_response(
    "200 OK",
    {
        "object": "user",
        "id": "user-fake",
        "orgs": {
            "object": "list",
            "data": [{"object": "organization", "id": "org-fake", "title": "Acme"}],
        },
    },
    **OPENAI,
)
ANSWERED = http_response(
    "200 OK",
    {
        "id": "resp_fake",
        "object": "response",
        "status": "completed",
        "model": MODEL,
        "output": [],
        "usage": {"input_tokens": 8, "output_tokens": 1, "total_tokens": 9},
    },
    **OPENAI,
    x_ratelimit_limit_requests="500",
    x_ratelimit_remaining_requests="499",
    x_ratelimit_reset_requests="120ms",
)
MISSING = http_response(
    "401 Unauthorized",
    {
        "error": {
            "message": "Missing bearer authentication in header",
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
    },
    **OPENAI,
)


NO_SUCH_MODEL = _refusal(
    "404 Not Found",
    "model_not_found",
    "The model does not exist or you do not have access to it.",
)
RESPONSES = {
    "/v1/models": MODELS,
    f"/v1/models/{MODEL}": http_response("200 OK", {"id": MODEL, "object": "model"}, **OPENAI),
    "/v1/me": ME,
    "/v1/responses": ANSWERED,
}
"""Responses to calls with a key, by path."""


def api(keyed: Mapping[str, bytes] | None = None) -> Reply:
    """A small API that refuses calls without a key and answers those with one.

    `keyed` has other responses to calls with a key, by path; "*" is every path.
    """
    special = keyed or {}

    def reply(request: ReceivedRequest) -> bytes:
        path = request.path.partition("?")[0]
        if not request.has_key:
            return MISSING
        if "*" in special:
            return special["*"]
        if path in special:
            return special[path]
        return RESPONSES.get(path, NO_SUCH_MODEL)

    return reply


def mismatched(request: ReceivedRequest) -> bytes | None:
    """Refuses the organization header, and accepts the key without it."""
    if request.has_key and "openai-organization" in request.headers:
        return _refusal(
            "401 Unauthorized",
            "mismatched_organization",
            "OpenAI-Organization header should match organization for API key",
        )
    return api()(request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One reply of a server, the arguments of the check, and its expected result."""

    reply: Reply
    cause: str | None
    code: int
    scenario: str
    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] | None = None


CASES: dict[str, Case] = {
    "200": Case(reply=api(), cause=None, code=0, scenario="all-good", arguments=("--inference",)),
    "401 invalid_api_key": Case(
        reply=api(
            {
                "*": _refusal(
                    "401 Unauthorized",
                    "invalid_api_key",
                    "Incorrect API key provided: sk-proj-" + "*" * 20 + "bbbA.",
                )
            }
        ),
        cause="key-invalid",
        code=4,
        scenario="key-invalid",
    ),
    "401 mismatched_organization": Case(
        reply=mismatched,
        cause="organization-mismatch",
        code=4,
        scenario="organization-mismatch",
        variables={"OPENAI_ORG_ID": "org-fakeforeign"},
    ),
    "403 unsupported country": Case(
        reply=lambda request: _refusal(
            "403 Forbidden",
            "unsupported_country_region_territory",
            "Country, region, or territory not supported",
            "request_forbidden",
        ),
        cause="country-unsupported",
        code=5,
        scenario="country-unsupported",
    ),
    "404 model_not_found": Case(
        reply=api(),
        cause="model-not-found",
        code=5,
        scenario="model-not-found",
        arguments=("--require-model", "gpt-6-lunar"),
    ),
    "429 insufficient_quota": Case(
        reply=api(
            {
                "/v1/responses": _refusal(
                    "429 Too Many Requests",
                    "insufficient_quota",
                    "You exceeded your current quota, please check your plan and billing details.",
                    "insufficient_quota",
                )
            }
        ),
        cause="quota-exhausted",
        code=6,
        scenario="quota-exhausted",
        arguments=("--inference",),
    ),
    "429 rate_limit_exceeded": Case(
        reply=api(
            {
                "/v1/responses": _refusal(
                    "429 Too Many Requests",
                    "rate_limit_exceeded",
                    "Rate limit reached for gpt-6-luna in organization org-fake on requests per min"
                    " (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.",
                    "requests",
                )
            }
        ),
        cause="rate-limit-requests",
        code=7,
        scenario="rate-limit-requests",
        arguments=("--inference",),
    ),
    "HTML 403 of a filter": Case(
        reply=lambda request: http_response("403 Forbidden", BLOCK_PAGE),
        cause="network-filter-blocked",
        code=8,
        scenario="network-filter-blocked",
    ),
    "did not respond": Case(
        reply=lambda request: None,
        cause="response-timeout",
        code=8,
        scenario="response-timeout",
        arguments=("--timeout", "2"),
    ),
}


def _check(case: Case, home: Path, base_url: str) -> CliResult:
    variables = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url, **(case.variables or {})}
    return run_cli(["check", "--json", *case.arguments], home, variables)


@pytest.mark.parametrize("name", CASES)
def test_canned_reply_gives_its_cause(name: str, tmp_path: Path) -> None:
    with canned_server(CASES[name].reply) as base_url:
        done = _check(CASES[name], tmp_path, base_url)
    assert (done.cause, done.code, done.err) == (CASES[name].cause, CASES[name].code, "")


@pytest.mark.parametrize("name", CASES)
def test_simulated_reply_gives_its_cause(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    with running(case.scenario) as simulated:
        client = simulated_client(simulated)
        arguments = ["check", "--json", "--timeout", "2" if name == "did not respond" else "60"]
        if client.model:
            arguments += ["--model", client.model]
        if client.inference and "--inference" in case.arguments:
            arguments += ["--inference"]
        done = run_cli(arguments, tmp_path, client.environment)
    assert (done.cause, done.code, done.err) == (case.cause, case.code, "")


@pytest.mark.parametrize("name", [name for name in CASES if name != "401 invalid_api_key"])
def test_a_good_key_is_never_called_bad(name: str, tmp_path: Path) -> None:
    with canned_server(CASES[name].reply) as base_url:
        verdict: dict[str, Any] = _check(CASES[name], tmp_path, base_url).document["verdict"]
    assert verdict["family"] != "key"
    assert not [other for other in verdict["alternatives"] if other["cause"] == "key-invalid"]


def test_spent_quota_without_inference_is_named_as_untested(tmp_path: Path) -> None:
    with canned_server(CASES["429 insufficient_quota"].reply) as base_url:
        done = run_cli(
            ["check", "--json"], tmp_path, {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        )
    assert (done.code, done.document["verdict"]["untested"]) == (0, ["billing"])


def test_silent_server_holds_the_check_no_longer_than_its_deadline(tmp_path: Path) -> None:
    """The server never answers, so a check that ends at all has kept its deadline."""
    with canned_server(lambda request: None) as base_url:
        done = run_program(
            ["check", "--json", "--timeout", "2"],
            tmp_path,
            {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url},
        )
    assert (done.code, done.cause) == (8, "response-timeout")
