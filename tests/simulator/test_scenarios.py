"""Every scenario is complete, answers in its server's style, can be fixed, and shows no key."""

import re
from typing import get_args

import httpx
import pytest

from oai_tui.domain.cause import Family
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.simulator import Simulator
from tests.simulator.ask_simulator import NOON, PING, http_client, sdk_headers, simulator

ANSWERING = [one for one in SCENARIOS.values() if one.fault is None]
"""Scenarios in which an answer comes."""
OPENAIS = [
    one
    for one in ANSWERING
    if one.world.intercepting_reply is None
    and not one.world.other_hosts
    and one.id not in {"country-unsupported", "base-url-wrong"}
]
"""Scenarios in which OpenAI's API answers."""
FIXABLE = [
    one for one in SCENARIOS.values() if one.is_fixed_outside or one.fixed_client is not None
]
AT_THE_API = [
    one
    for one in SCENARIOS.values()
    if one.cause
    and one.fault is None
    and one.keyring == "works"
    and all(name.startswith("OPENAI_") for name in one.client.environment)
    and not one.client.base_url.startswith("http://")
]
"""Scenarios whose problem shows in the API's answers, not in settings, network or keyring."""


def sendable(scenario: Scenario) -> bool:
    return all(
        value.isascii() and value == value.strip()
        for value in sdk_headers(scenario.client).values()
    )


async def send_three(simulated: Simulator) -> list[httpx.Response]:
    """Send the walk's three requests: without the key, with it, and an inference call."""
    setup = simulated.scenario.client
    sent = sdk_headers(setup) if sendable(simulated.scenario) else {}
    async with http_client(simulated, setup.base_url) as http:
        return [
            await http.get("models"),
            await http.get("models", headers=sent),
            await http.post(
                "responses", headers=sent, json=PING | {"model": setup.model or "gpt-6-luna"}
            ),
        ]


_ANSWERS: dict[str, list[httpx.Response]] = {}


async def answers_of(scenario: Scenario) -> list[httpx.Response]:
    """Return the answers to the three requests; each scenario is asked once."""
    if scenario.id not in _ANSWERS:
        _ANSWERS[scenario.id] = await send_three(simulator(scenario.id))
    return _ANSWERS[scenario.id]


def test_a_scenario_is_complete() -> None:
    families = {*get_args(Family), "all-good"}
    assert [
        one.id
        for one in SCENARIOS.values()
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id)
        or one.family not in families
        or not one.title
        or not one.shows
        or not one.story.endswith(".")
    ] == []


def test_a_problem_has_a_fix_that_is_described() -> None:
    assert [one.id for one in SCENARIOS.values() if one.cause and one not in FIXABLE] == []
    assert [
        one.id for one in FIXABLE if one.cause and not re.match(r"[A-Z].*\.$", one.fixed_by)
    ] == []


def test_every_cause_has_a_main_scenario() -> None:
    assert {one.cause for one in SCENARIOS.values() if one.cause} <= set(SCENARIOS)


@pytest.mark.parametrize("scenario", OPENAIS, ids=lambda one: one.id)
async def test_answers_have_openais_headers(scenario: Scenario) -> None:
    for answer in await answers_of(scenario):
        assert re.fullmatch(r"req_[0-9a-f]{32}", answer.headers["x-request-id"])
        assert re.fullmatch(r"[0-9a-f]{16}-[A-Z]{3}", answer.headers["cf-ray"])
        assert (answer.headers["openai-version"], answer.headers["server"]) == (
            "2020-10-01",
            "cloudflare",
        )
        assert answer.headers["openai-processing-ms"].isdigit()
        assert answer.headers["date"] == "Mon, 23 Nov 2026 12:00:00 GMT"
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "scenario", [one for one in ANSWERING if one not in OPENAIS], ids=lambda one: one.id
)
async def test_other_servers_do_not_pose_as_openai(scenario: Scenario) -> None:
    assert all("openai-version" not in answer.headers for answer in await answers_of(scenario))


@pytest.mark.parametrize("scenario", FIXABLE, ids=lambda one: one.id)
async def test_the_fix_makes_the_call_work(scenario: Scenario) -> None:
    simulated = simulator(scenario.id)
    if scenario.is_fixed_outside:
        assert simulated.apply_fix()
    setup = scenario.fixed_client or scenario.client
    async with http_client(simulated, setup.base_url) as http:
        answer = await http.post(
            "responses",
            headers=sdk_headers(setup),
            json=PING | {"model": setup.model or "gpt-6-luna"},
        )
    assert (answer.status_code, simulated.keyring, simulated.fault) == (200, "works", None)


@pytest.mark.parametrize(
    "scenario", [one for one in AT_THE_API if sendable(one)], ids=lambda one: one.id
)
async def test_the_problem_shows_before_the_fix(scenario: Scenario) -> None:
    assert (await answers_of(scenario))[-1].status_code >= 400


def test_a_fix_on_the_clients_side_leaves_the_world_alone() -> None:
    assert not simulator("organization-mismatch").apply_fix()


async def test_the_record_contains_no_key() -> None:
    simulated = simulator()
    await send_three(simulated)
    key = simulated.scenario.client.environment["OPENAI_API_KEY"]
    assert key not in repr(simulated.received)
    assert [one.key_sent for one in simulated.received] == [False, True, True]
    assert simulated.received[1].header_names[-1] == "authorization"


def test_no_repr_contains_a_key() -> None:
    assert [one.id for one in SCENARIOS.values() if "T3BlbkFJ" in repr(one)] == []


async def test_same_requests_give_the_same_answers() -> None:
    first, second = [
        [
            (answer.status_code, list(answer.headers.items()), answer.content)
            for answer in await send_three(simulator())
        ]
        for _ in range(2)
    ]
    assert first == second


async def test_ids_differ_from_request_to_request() -> None:
    answers = await send_three(simulator())
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


def test_a_client_at_another_address_keeps_its_wrong_path() -> None:
    assert (
        SCENARIOS["base-url-wrong"].client_at("http://127.0.0.1:8000").base_url
        == "http://127.0.0.1:8000"
    )


def test_a_client_at_another_address_keeps_v1() -> None:
    assert (
        SCENARIOS["all-good"].client_at("http://127.0.0.1:8000").base_url
        == "http://127.0.0.1:8000/v1"
    )


@pytest.mark.parametrize(
    ("scenario", "host", "address"),
    [
        ("all-good", "api.openai.com", "192.0.2.10"),
        ("all-good", "nowhere.example.com", None),
        ("dns-failure", "api.openai.com", None),
    ],
)
def test_names_resolve_as_the_world_has_them(scenario: str, host: str, address: str | None) -> None:
    assert simulator(scenario).address(host) == address


def test_time_is_the_callers() -> None:
    assert (
        Simulator(SCENARIOS["all-good"], now=lambda: NOON)
        .answer("GET", "/v1/models", {"host": "api.openai.com"}, b"")[1]["date"]
        .startswith("Mon, 23 Nov 2026 12:00:00")
    )
