"""The API's routes and rules, one answer at a time."""

import httpx
import pytest

from oai_tui.simulator.fixtures import GOOD_KEY, PROJECT, REVOKED_KEY
from tests.simulator.ask_simulator import PING, ask, http_client, sdk_headers, simulator

RATE_HEADERS = [
    f"x-ratelimit-{part}-{thing}"
    for part in ("limit", "remaining", "reset")
    for thing in ("requests", "tokens")
]


def error(answer: httpx.Response) -> dict[str, object]:
    body = answer.json()["error"]
    assert set(body) == {"message", "type", "param", "code"}
    return body  # type: ignore[no-any-return]


async def test_models_without_key_is_openais_own_401() -> None:
    answer = await ask("all-good", with_key=False)
    assert (answer.status_code, error(answer)["message"], error(answer)["code"]) == (
        401,
        "Missing bearer authentication in header",
        None,
    )
    assert answer.headers["www-authenticate"] == 'Bearer realm="OpenAI API"'
    assert answer.headers["openai-version"] == "2020-10-01"


async def test_models_are_listed() -> None:
    answer = await ask("all-good")
    rows = {row["id"]: row for row in answer.json()["data"]}
    assert rows["gpt-4o-mini"]["shutdown_date"] == "2027-01-14"
    assert "gpt-4-turbo" not in rows


async def test_success_names_organization_and_project() -> None:
    answer = await ask("all-good")
    assert (answer.headers["openai-organization"], answer.headers["openai-project"]) == (
        "example-works",
        PROJECT.id,
    )


async def test_refusal_names_nobody() -> None:
    assert "openai-organization" not in (await ask("key-invalid")).headers


async def test_one_model() -> None:
    assert (await ask("all-good", path="models/gpt-6-luna")).json()["id"] == "gpt-6-luna"


async def test_me_lists_the_organizations_of_the_key() -> None:
    rows = (await ask("all-good", path="me")).json()["orgs"]["data"]
    assert [(row["title"], row["name"]) for row in rows] == [("Example Works", "example-works")]


@pytest.mark.parametrize(
    ("scenario", "method", "path", "body", "status", "code"),
    [
        ("all-good", "GET", "models/nothing", None, 404, "model_not_found"),
        ("all-good", "GET", "models/gpt-4-turbo", None, 404, "model_not_found"),
        ("all-good", "GET", "nowhere", None, 404, "unknown_url"),
        ("all-good", "POST", "models", {}, 405, "method_not_supported"),
        ("all-good", "GET", "responses", None, 405, "method_not_supported"),
        ("key-invalid", "GET", "models", None, 401, "invalid_api_key"),
        ("account-deactivated", "GET", "models", None, 401, "account_deactivated"),
        ("organization-mismatch", "GET", "models", None, 401, "mismatched_organization"),
        ("organization-invalid", "GET", "models", None, 401, "invalid_organization"),
        ("organization-membership", "GET", "models", None, 401, "no_organization"),
        ("project-mismatch", "GET", "models", None, 401, "mismatched_project"),
        ("ip-not-allowed", "GET", "models", None, 401, "ip_not_authorized"),
        ("regional-host-wrong", "GET", "models", None, 401, "incorrect_hostname"),
        ("country-unsupported", "GET", "models", None, 403, "unsupported_country_region_territory"),
        ("scope-missing", "POST", "responses", PING, 401, "missing_scope"),
        ("scope-missing-models", "GET", "models", None, 403, None),
        ("key-admin-on-inference", "GET", "models", None, 403, None),
        ("session-key-required", "GET", "models", None, 403, None),
        (
            "model-not-allowed",
            "POST",
            "responses",
            PING | {"model": "gpt-4.1"},
            403,
            "model_not_found",
        ),
        (
            "model-not-found",
            "POST",
            "responses",
            PING | {"model": "gpt-6-lunaa"},
            404,
            "model_not_found",
        ),
        (
            "model-retired",
            "POST",
            "responses",
            PING | {"model": "gpt-4-turbo"},
            404,
            "model_not_found",
        ),
        (
            "verification-required",
            "POST",
            "responses",
            PING | {"model": "gpt-6-astra"},
            404,
            "model_not_found",
        ),
        ("quota-exhausted", "POST", "responses", PING, 429, "insufficient_quota"),
        ("quota-exhausted-prepaid", "POST", "responses", PING, 429, "credit_balance_exhausted"),
        ("billing-inactive", "POST", "responses", PING, 429, "billing_not_active"),
        ("billing-hard-limit", "POST", "responses", PING, 400, "billing_hard_limit_reached"),
        ("spend-limit-project", "POST", "responses", PING, 429, "project_spend_limit_exceeded"),
        (
            "spend-limit-organization",
            "POST",
            "responses",
            PING,
            429,
            "organization_spend_limit_exceeded",
        ),
        (
            "usage-limit-organization",
            "POST",
            "responses",
            PING,
            429,
            "organization_usage_limit_exceeded",
        ),
        ("slow-down", "POST", "responses", PING, 429, "slow_down"),
        ("service-overloaded", "POST", "responses", PING, 503, "server_is_overloaded"),
        ("service-error", "GET", "models", None, 500, "server_error"),
    ],
)
async def test_refusals(
    scenario: str,
    method: str,
    path: str,
    body: dict[str, object] | None,
    status: int,
    code: str | None,
) -> None:
    answer = await ask(scenario, method, path, json=body)
    assert (answer.status_code, error(answer)["code"]) == (status, code)


async def test_401_shows_the_ends_of_the_key_only() -> None:
    message = str(error(await ask("key-invalid"))["message"])
    assert f"{REVOKED_KEY[:8]}{'*' * (len(REVOKED_KEY) - 12)}{REVOKED_KEY[-4:]}." in message


async def test_short_key_is_shown_whole() -> None:
    async with http_client(simulator()) as http:
        answer = await http.get("models", headers={"authorization": "Bearer DEADBEEF"})
    assert "provided: DEADBEEF." in str(error(answer)["message"])


async def test_other_scheme_counts_as_no_key() -> None:
    async with http_client(simulator()) as http:
        answer = await http.get("models", headers={"authorization": "Basic abc"})
    assert error(answer)["code"] is None


async def test_country_is_refused_before_the_key() -> None:
    assert (await ask("country-unsupported", with_key=False)).status_code == 403


async def test_regional_host_is_named() -> None:
    assert str(error(await ask("regional-host-wrong"))["message"]).endswith(
        "Please make your request to eu.api.openai.com"
    )


async def test_global_project_on_a_regional_host() -> None:
    async with http_client(simulator(), "https://eu.api.openai.com/v1") as http:
        answer = await http.get("models", headers={"authorization": f"Bearer {GOOD_KEY}"})
    assert "geography restrictions" in str(error(answer)["message"])


async def test_path_outside_v1_is_a_page() -> None:
    answer = await ask("base-url-wrong")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_client_request_id_is_limited() -> None:
    async with http_client(simulator()) as http:
        answer = await http.get("models", headers={"x-client-request-id": "x" * 513})
    assert answer.status_code == 400


async def test_reasoning_model_spends_the_smallest_allowance_on_thinking() -> None:
    answer = (await ask("all-good", "POST", "responses", json=PING)).json()
    assert (answer["status"], answer["incomplete_details"]) == (
        "incomplete",
        {"reason": "max_output_tokens"},
    )


async def test_other_model_completes() -> None:
    answer = (
        await ask("all-good", "POST", "responses", json=PING | {"model": "gpt-4o-mini"})
    ).json()
    assert (answer["status"], answer["usage"]["output_tokens"]) == ("completed", 8)


async def test_inference_shows_limits() -> None:
    answer = await ask("all-good", "POST", "responses", json=PING)
    assert [answer.headers[name] for name in RATE_HEADERS] == [
        "500",
        "200000",
        "499",
        "199975",
        "120ms",
        "8ms",
    ]


async def test_listing_shows_no_limits() -> None:
    assert not set(RATE_HEADERS) & set((await ask("all-good")).headers)


@pytest.mark.parametrize(
    ("scenario", "kind", "words"),
    [
        (
            "rate-limit-requests",
            "requests",
            "requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.",
        ),
        (
            "rate-limit-tokens",
            "tokens",
            "tokens per min (TPM): Limit 30000, Used 29995, Requested 25. Please try again in 1s.",
        ),
        (
            "request-too-large",
            "tokens",
            "Request too large for gpt-6-luna in organization org-fake000000000000000work "
            "on tokens per min (TPM): Limit 10, Requested 25.",
        ),
        ("limit-zero", "requests", "Limit 0, Used 0, Requested 1."),
    ],
)
async def test_rate_limits(scenario: str, kind: str, words: str) -> None:
    answer = await ask(scenario, "POST", "responses", json=PING)
    assert (answer.status_code, error(answer)["code"], error(answer)["type"]) == (
        429,
        "rate_limit_exceeded",
        kind,
    )
    assert words in str(error(answer)["message"])


async def test_too_large_offers_no_wait() -> None:
    assert (
        "retry-after"
        not in (await ask("request-too-large", "POST", "responses", json=PING)).headers
    )


@pytest.mark.parametrize(
    ("path", "body", "code", "param"),
    [
        ("responses", {}, "missing_required_parameter", "model"),
        ("responses", {"model": "gpt-6-luna"}, "missing_required_parameter", "input"),
        (
            "responses",
            PING | {"max_output_tokens": 15},
            "integer_below_min_value",
            "max_output_tokens",
        ),
        ("responses", PING | {"max_output_tokens": "16"}, "invalid_type", "max_output_tokens"),
        ("responses", PING | {"input": 3}, "invalid_type", "input"),
        ("responses", PING | {"input": []}, "empty_array", "input"),
        ("responses", PING | {"model": 3}, "invalid_type", "model"),
        ("responses", PING | {"nonsense": 1}, "unknown_parameter", "nonsense"),
        ("responses", PING | {"temperature": 0.5}, "unsupported_parameter", "temperature"),
        ("responses", PING | {"stream": True}, "unsupported_value", "stream"),
        ("chat/completions", {"model": "gpt-6-luna"}, "missing_required_parameter", "messages"),
        (
            "chat/completions",
            {
                "model": "gpt-6-luna",
                "messages": [{"role": "user", "content": "x"}],
                "max_tokens": 16,
            },
            "unsupported_parameter",
            "max_tokens",
        ),
    ],
)
async def test_bodies_are_checked(
    path: str, body: dict[str, object], code: str, param: str
) -> None:
    answer = await ask("all-good", "POST", path, json=body)
    assert (answer.status_code, error(answer)["code"], error(answer)["param"]) == (400, code, param)


async def test_body_that_is_no_json() -> None:
    simulated = simulator()
    async with http_client(simulated) as http:
        answer = await http.post(
            "responses",
            content=b"{",
            headers=sdk_headers(simulated.scenario.client) | {"content-type": "application/json"},
        )
    assert (answer.status_code, error(answer)["message"]) == (400, error(answer)["message"])
    assert "could not parse the JSON body" in str(error(answer)["message"])


async def test_body_of_another_type() -> None:
    simulated = simulator()
    async with http_client(simulated) as http:
        answer = await http.post(
            "responses",
            content=b"ping",
            headers=sdk_headers(simulated.scenario.client) | {"content-type": "text/plain"},
        )
    assert (answer.status_code, error(answer)["code"]) == (415, "unsupported_content_type")


async def test_body_too_large_is_refused() -> None:
    assert (await ask("all-good", "POST", "responses", content=b"x" * 1_000_001)).status_code == 413


async def test_the_gateway_answers_in_its_own_style() -> None:
    answer = await ask("other-server-answered")
    assert (answer.status_code, error(answer)["type"], error(answer)["code"]) == (
        401,
        "token_not_found_in_db",
        "401",
    )
    assert "openai-version" not in answer.headers


async def test_gateway_serves_its_own_key() -> None:
    chat = {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "ping"}],
        "max_tokens": 16,
    }
    answer = await ask("gateway-works", "POST", "chat/completions", json=chat)
    assert answer.json()["choices"][0]["finish_reason"] == "stop"
