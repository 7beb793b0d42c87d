"""Every scenario: complete, in OpenAI's manner where OpenAI answers, curable, and discreet."""

import re
from typing import get_args

import httpx
import pytest

from oai_tui.domain.cause import Family
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.simulator import Simulator
from tests.simulator.ask_simulator import NOON, PING, headers, http_client, simulator

ANSWERING = [one for one in SCENARIOS.values() if one.fault is None]
OPENAIS = [
    one
    for one in ANSWERING
    if one.world.intercepting_reply is None
    and not one.world.other_hosts
    and one.id not in {"country-unsupported", "base-url-wrong"}
]
CURABLE = [
    one for one in SCENARIOS.values() if one.fixed_world is not None or one.fixed_client is not None
]
AT_THE_API = [
    one
    for one in SCENARIOS.values()
    if one.cause
    and one.fault is None
    and one.keyring == "works"
    and all(name.startswith("OPENAI_") for name in one.client.environment)
]
"""Troubles that the API's answers show; the others are a client's own settings, the network's or the keyring's."""
each = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)


def sendable(scenario: Scenario) -> bool:
    return all(
        value.isascii() and value == value.strip() for value in headers(scenario.client).values()
    )


async def asked(made: Simulator) -> list[httpx.Response]:
    """The answers to the walk's three questions: who is there, who am I, does it work."""
    setup = made.scenario.client
    sent = headers(setup) if sendable(made.scenario) else {}
    async with http_client(made, setup.base_url) as http:
        return [
            await http.get("models"),
            await http.get("models", headers=sent),
            await http.post(
                "responses", headers=sent, json=PING | {"model": setup.model or "gpt-6-luna"}
            ),
        ]


@each
def test_is_complete(scenario: Scenario) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.id)
    assert scenario.family in {*get_args(Family), "all-good"}
    assert scenario.title
    assert scenario.story.endswith(".")


@each
def test_trouble_has_a_cure(scenario: Scenario) -> None:
    assert scenario.cause is None or scenario in CURABLE


def test_every_cause_has_a_main_scenario() -> None:
    assert {one.cause for one in SCENARIOS.values() if one.cause} <= set(SCENARIOS)


@pytest.mark.parametrize("scenario", OPENAIS, ids=lambda one: one.id)
async def test_answers_have_openais_manners(scenario: Scenario) -> None:
    for answer in await asked(simulator(scenario.id)):
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
async def test_others_do_not_pose_as_openai(scenario: Scenario) -> None:
    assert all(
        "openai-version" not in answer.headers for answer in await asked(simulator(scenario.id))
    )


@pytest.mark.parametrize("scenario", CURABLE, ids=lambda one: one.id)
async def test_cure_brings_back_health(scenario: Scenario) -> None:
    made = simulator(scenario.id)
    if scenario.fixed_world is not None:
        assert made.apply_fix()
    setup = scenario.fixed_client or scenario.client
    async with http_client(made, setup.base_url) as http:
        answer = await http.post(
            "responses",
            headers=headers(setup),
            json=PING | {"model": setup.model or "gpt-6-luna"},
        )
    assert (answer.status_code, made.keyring, made.fault) == (200, "works", None)


@pytest.mark.parametrize(
    "scenario", [one for one in AT_THE_API if sendable(one)], ids=lambda one: one.id
)
async def test_trouble_shows_before_the_cure(scenario: Scenario) -> None:
    assert (await asked(simulator(scenario.id)))[-1].status_code >= 400


def test_cure_on_the_patients_side_leaves_the_world_alone() -> None:
    assert not simulator("organization-mismatch").apply_fix()


async def test_record_holds_no_key() -> None:
    made = simulator()
    await asked(made)
    key = made.scenario.client.environment["OPENAI_API_KEY"]
    assert key not in repr(made.received)
    assert [one.key_sent for one in made.received] == [False, True, True]
    assert made.received[1].header_names[-1] == "authorization"


@each
def test_repr_holds_no_key(scenario: Scenario) -> None:
    assert "T3BlbkFJ" not in repr(scenario)


async def test_same_requests_give_the_same_answers() -> None:
    first, second = [
        [
            (answer.status_code, list(answer.headers.items()), answer.content)
            for answer in await asked(simulator())
        ]
        for _ in range(2)
    ]
    assert first == second


async def test_ids_differ_from_request_to_request() -> None:
    answers = await asked(simulator())
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


def test_patient_elsewhere_keeps_its_wrong_path() -> None:
    assert (
        SCENARIOS["base-url-wrong"].client_at("http://127.0.0.1:8000").base_url
        == "http://127.0.0.1:8000"
    )


def test_patient_elsewhere_keeps_v1() -> None:
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
