"""Which model is chosen for the smallest billed request, and how a wanted one is looked up."""

import json

import httpx
import pytest

from oai_tui.domain.observation import Observation
from oai_tui.knowledge import models as known
from oai_tui.probes.model_list import ListedModel, ModelListHolder, parse_model
from oai_tui.probes.models import (
    ListProbe,
    ModelProbe,
    ModelTable,
    belongs_elsewhere,
    choose_model,
)
from tests.probes.http_probe import call, http_client

TODAY = "2026-11-23"
TABLE = ModelTable(
    preferred=known.PREFERRED,
    cheap=known.CHEAP_WORDS,
    not_text=known.NOT_TEXT,
    shutdown=known.SHUTDOWN,
)


def _listed(*names: str) -> tuple[ListedModel, ...]:
    """Models of which the later named is the newer."""
    return tuple(ListedModel(id=name, created=number) for number, name in enumerate(names, 1))


CHOICES: dict[str, tuple[tuple[ListedModel, ...] | None, str, str]] = {
    "no list, the first preferred": (None, TODAY, "gpt-6-luna"),
    "the cheapest preferred that is listed": (
        _listed("gpt-6-astra", "gpt-5.4-mini", "gpt-5.4-nano"),
        TODAY,
        "gpt-5.4-nano",
    ),
    "a preferred one that is shut down is passed over": (
        _listed("gpt-4o-mini", "gpt-9-mini"),
        "2027-01-14",
        "gpt-9-mini",
    ),
    "the last day but one it still answers": (_listed("gpt-4o-mini"), "2027-01-13", "gpt-4o-mini"),
    "a shutdown date that the list tells": (
        (ListedModel(id="gpt-6-luna", shutdown="2026-11-23"), ListedModel(id="gpt-7")),
        TODAY,
        "gpt-7",
    ),
    "the newest cheap one": (_listed("gpt-7-mini", "gpt-8-nano", "gpt-9"), TODAY, "gpt-8-nano"),
    "the newest at all": (_listed("gpt-7", "gpt-8"), TODAY, "gpt-8"),
    "nothing that only embeds, speaks or draws": (
        _listed(
            "text-embedding-3-small",
            "tts-1-mini",
            "gpt-image-1-mini",
            "omni-moderation-latest",
            "whisper-1",
            "gpt-realtime-mini",
            "sora-2",
            "o1-pro",
        ),
        TODAY,
        "",
    ),
    "no model of the person's own tuning": (_listed("ft:gpt-4o-mini:acme::abc"), TODAY, ""),
    "the names of other vendors' models count": (
        _listed("llama-3.3-70b", "qwen-3"),
        TODAY,
        "qwen-3",
    ),
    "nothing listed": ((), TODAY, choose_model(None, TABLE, TODAY)),
}


@pytest.mark.parametrize(("listed", "today", "chosen"), CHOICES.values(), ids=CHOICES)
def test_the_model_for_the_billed_request(
    listed: tuple[ListedModel, ...] | None, today: str, chosen: str
) -> None:
    assert choose_model(listed, TABLE, today) == chosen


def test_every_preferred_model_answers_text() -> None:
    assert [name for name in known.PREFERRED if any(word in name for word in known.NOT_TEXT)] == []


async def _list(*bodies: object) -> tuple[Observation, ModelListHolder]:
    answers = iter(bodies)
    models = ModelListHolder()
    async with http_client(
        lambda _: httpx.Response(200, content=json.dumps(next(answers)).encode())
    ) as client:
        for _ in bodies:
            seen = await ListProbe(client, models)(call("https://api.openai.com/v1"))
    return seen, models


ODD_LISTS: dict[str, object] = {
    "no data": {"object": "list"},
    "null": {"data": None},
    "an object": {"data": {}},
    "a list": [1, 2],
    "strings": {"data": ["gpt-6"]},
    "numbers as ids": {"data": [{"id": 5}]},
    "odd dates": {
        "data": [
            {"id": "a", "created": "yesterday", "shutdown_date": True},
            {"id": "b", "created": 1e400, "shutdown_date": -5},
            {"id": "c", "shutdown_date": 1.8e9},
            {"id": "d", "shutdown_date": "2026-10-23T00:00:00Z"},
        ]
    },
}


@pytest.mark.parametrize("body", ODD_LISTS.values(), ids=ODD_LISTS)
async def test_an_odd_list_is_survived(body: object) -> None:
    seen, models = await _list(body)
    assert seen.status == 200, seen.detail
    assert choose_model(models.listed, TABLE, TODAY) is not None


async def test_dates_of_shutdown_are_days() -> None:
    _, models = await _list(ODD_LISTS["odd dates"])
    assert [model.shutdown for model in models.listed or ()] == ["", "", "2027-01-15", "2026-10-23"]


@pytest.mark.parametrize(
    "text", ["soon", "\x1b[31mred", "2026-1-1", "２０２６-01-01", "2026-10-231"]
)
def test_text_that_is_no_day_is_no_shutdown_date(text: str) -> None:
    model = parse_model({"id": "a", "shutdown_date": text})
    assert model is not None
    assert model.shutdown == ""


async def test_a_model_that_is_listed_twice_is_one_model() -> None:
    seen, models = await _list({"data": [{"id": "a"}, {"id": "b"}, {"id": "a"}]})
    assert seen.facts["models_listed"] == 2
    assert [model.id for model in models.listed or ()] == ["a", "b"]


async def test_the_list_of_another_key_is_forgotten() -> None:
    models = ModelListHolder(listed=_listed("of-another-key"))
    async with http_client(lambda _: httpx.Response(401, json={})) as client:
        await ListProbe(client, models)(call("https://api.openai.com/v1"))
    assert models.listed is None


async def _look_up(
    wanted: str | None,
    listed: tuple[ListedModel, ...] | None,
    response: httpx.Response | None = None,
) -> tuple[Observation, list[httpx.Request]]:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        assert response is not None
        return response

    async with http_client(answer) as client:
        return await ModelProbe(client, ModelListHolder(listed=listed), TABLE, TODAY)(
            call("https://api.openai.com/v1", model=wanted)
        ), requests


async def test_without_a_wish_a_model_is_chosen_and_nothing_sent() -> None:
    seen, requests = await _look_up(None, _listed("gpt-6-luna"))
    assert (seen.facts, requests) == ({"model_wanted": "", "model_for_inference": "gpt-6-luna"}, [])


async def test_a_listed_wish_needs_no_request() -> None:
    seen, requests = await _look_up("gpt-7", _listed("gpt-7"))
    assert (seen.facts["model_listed"], seen.facts["model_for_inference"], requests) == (
        True,
        "gpt-7",
        [],
    )


async def test_a_wish_that_is_not_listed_is_asked_for_and_its_nearest_named() -> None:
    seen, requests = await _look_up(
        "gpt-6-lunar",
        _listed("gpt-6-luna", "sora-2"),
        httpx.Response(
            404,
            json={"error": {"message": "x", "code": "model_not_found", "type": "x", "param": None}},
        ),
    )
    assert [str(request.url) for request in requests] == [
        "https://api.openai.com/v1/models/gpt-6-lunar"
    ]
    assert (seen.status, seen.facts["model_listed"], seen.facts["model_near"]) == (
        404,
        False,
        "gpt-6-luna",
    )


async def test_no_model_is_called_near_that_is_not_similar() -> None:
    seen, _ = await _look_up(
        "banana", _listed("gpt-6-luna", "sora-2"), httpx.Response(404, json={})
    )
    assert "model_near" not in seen.facts
    assert seen.facts["model_that_answers"] == "gpt-6-luna"


async def test_a_hostile_name_stays_one_segment_of_the_path() -> None:
    _, requests = await _look_up("../organization/users?x=1#y", (), httpx.Response(404, json={}))
    assert requests[0].url.raw_path == b"/v1/models/..%2Forganization%2Fusers%3Fx%3D1%23y"


async def test_a_model_past_its_shutdown_date_is_reported() -> None:
    seen, _ = await _look_up("gpt-4", _listed("gpt-6-luna"), httpx.Response(404, json={}))
    assert (seen.facts["model_shutdown"], seen.facts["model_retired"]) == ("2026-10-23", True)


TUNED: dict[str, tuple[str, str, bool]] = {
    "another organization's": ("ft:gpt-4o-mini:other-agency::abc", "example-works", True),
    "its own": ("ft:gpt-4o-mini:example-works::abc", "example-works", False),
    "its own under a longer name": (
        "ft:gpt-4o-mini:example-works:v2:abc",
        "example-works-x7f2",
        False,
    ),
    "a personal one": ("ft:gpt-4o-mini:personal::abc", "user-fake0000", False),
    "a personal one from a company": ("ft:gpt-4o-mini:personal::abc", "example-works", True),
    "not fine-tuned": ("gpt-6-luna", "example-works", False),
    "an unknown organization": ("ft:gpt-4o-mini:other::abc", "", False),
    "a name too short": ("ft:gpt-4o-mini", "example-works", False),
}


@pytest.mark.parametrize(("model", "organization", "is_foreign"), TUNED.values(), ids=TUNED)
def test_whose_a_fine_tuned_model_is(model: str, organization: str, is_foreign: bool) -> None:
    assert belongs_elsewhere(model, organization) is is_foreign
