"""The survey with an admin key: bounded, with what it found kept, and each key on its routes."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.owner_view import OwnerView, SurveyPlan
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Origin, Target
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.probes.http_client import ApiRequest, HttpClient, KeyWouldLeakError
from oai_tui.probes.owner import MAX_ROWS, MAX_TRIES, OwnerSurvey
from oai_tui.probes.owner_lists import has_ends
from oai_tui.simulator.fixtures import ADMIN_KEY, GOOD_KEY
from tests.bench.owner import peak_bytes

NOW = datetime(2026, 11, 27, tzinfo=UTC)
Respond = Callable[[httpx.Request, int], httpx.Response | None]


class ScriptedTransport(httpx.AsyncBaseTransport):
    """Answers with `respond`, which gets the request and its number; None: never."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self.paths: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.raw_path.decode())
        response = self._respond(request, len(self.paths))
        if response is None:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(response.content),
        )


def credential(text: str) -> Credential:
    secret = Secret(text)
    return Credential(
        secret=secret, origin=Origin(kind="environment"), kind=kind_of(secret, KEY_KINDS)
    )


def page(rows: list[dict[str, Any]], *, more: bool = False) -> httpx.Response:
    body = {"object": "list", "data": rows, "has_more": more}
    body |= {"last_id": rows[-1]["id"] if rows else None}
    return httpx.Response(200, json=body, headers={"openai-version": "2020-10-01"})


def key_row(identifier: str, redacted: str = "sk-proj-...zzzz", **fields: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": identifier,
        "name": f"Key {identifier}",
        "redacted_value": redacted,
    }
    row |= {"created_at": 1_700_000_000, "last_used_at": None, "expires_at": None}
    row |= {"owner_project_access": "active"}
    row |= {"owner": {"type": "user", "user": {"name": "Sam", "email": "sam@example.com"}}}
    return {**row, **fields}


def organization(projects: int, keys: int) -> Callable[[httpx.Request, int], httpx.Response]:
    """Answer for an organization with so many projects, each with so many keys, made on request."""

    def respond(request: httpx.Request, number: int) -> httpx.Response:
        parts = request.url.path.split("/")
        if parts[-1] == "projects":
            after = int(request.url.params.get("after", "-1")) + 1
            rows = [{"id": str(index), "name": f"P{index}"} for index in range(after, projects)]
            return page(rows[:100], more=len(rows) > 100)
        if parts[-1] == "api_keys":
            return page([key_row(f"{parts[-2]}.{index}") for index in range(keys)])
        return httpx.Response(404, json={"error": {"message": "Not set."}})

    return respond


def survey(
    respond: Respond,
    *,
    key: str | None = GOOD_KEY,
    admin: str = ADMIN_KEY,
    limits_s: tuple[float, float] = (60, 0),
    pauses: list[float] | None = None,
    lists: bool = False,
    project: str = "",
) -> tuple[OwnerSurvey, ScriptedTransport]:
    """Run a survey and return it. limits_s: what is left, and the limit that was given."""
    transport = ScriptedTransport(respond)

    async def pause(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)
        await asyncio.sleep(0)

    async def main() -> OwnerSurvey:
        http = HttpClient(RESPONDERS, transport=transport)
        plan = SurveyPlan(
            key=Secret(key) if key is not None else None,
            project=project,
            lists=lists,
            rotation_days=90,
            now=NOW,
            timeout_s=limits_s[0],
            limit_s=limits_s[1],
        )
        call = Call(target=Target(), credential=credential(admin))
        run = OwnerSurvey(http, call, plan, pause=pause)
        await run.run()
        await http.aclose()
        return run

    return asyncio.run(main()), transport


def test_finds_a_key_by_its_ends() -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/7/api_keys"):
            return page([key_row("here", f"sk-proj-...{GOOD_KEY[-4:]}")])
        return organization(9, 2)(request, number)

    run, _ = survey(respond)
    view = run.view()
    assert view.match is not None
    assert (view.match.id, view.match.project.name, view.match.owner) == (
        "here",
        "P7",
        "s…@example.com",
    )
    assert (view.complete, view.projects, view.keys) == (True, 9, 17)


@pytest.mark.parametrize(
    ("redacted", "found"),
    [
        (f"sk-proj-...{GOOD_KEY[-4:]}", True),
        (f"sk-proj-{GOOD_KEY[8:11]}********{GOOD_KEY[-4:]}", True),
        (f"sk-...{GOOD_KEY[-3:]}", True),
        (f"sk-proj-…{GOOD_KEY[-6:]}", True),
        (f"sk-svcac...{GOOD_KEY[-4:]}", False),
        ("sk-proj-...wxyz", False),
        (f"sk-proj-...{GOOD_KEY[-1:]}", False),
        (GOOD_KEY[-4:], False),
        ("", False),
    ],
)
def test_ends(redacted: str, found: bool) -> None:
    assert has_ends(Secret(GOOD_KEY), redacted) is found


def test_two_keys_with_the_same_ends_are_not_one() -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/api_keys"):
            return page([key_row("k", f"sk-proj-...{GOOD_KEY[-4:]}")])
        return organization(2, 1)(request, number)

    run, _ = survey(respond)
    assert (run.view().match, len(run.view().matches)) == (None, 2)


def test_429_waits_as_long_as_asked_and_goes_on() -> None:
    pauses: list[float] = []

    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if number in {3, 4}:
            return httpx.Response(429, headers={"retry-after": "7"}, json={"error": {}})
        return organization(6, 3)(request, number)

    run, _ = survey(respond, pauses=pauses)
    view = run.view()
    assert (view.complete, view.keys, view.notes) == (True, 18, ())
    assert pauses
    assert max(pauses) <= 7


def test_progress_names_the_projects_and_the_wait() -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if number == 3:
            return httpx.Response(429, headers={"retry-after": "7"}, json={"error": {}})
        return organization(6, 3)(request, number)

    seen: list[OwnerView] = []

    async def main() -> OwnerView:
        http = HttpClient(RESPONDERS, transport=ScriptedTransport(respond))
        call = Call(target=Target(), credential=credential(ADMIN_KEY))
        plan = SurveyPlan(key=Secret(GOOD_KEY), now=NOW, timeout_s=60)
        run = OwnerSurvey(
            http, call, plan, pause=lambda _: asyncio.sleep(0), on_progress=seen.append
        )
        await run.run()
        await http.aclose()
        return run.view()

    view = asyncio.run(main())
    assert (seen[0].projects, seen[0].projects_listed) == (0, 6)
    assert 1 <= max(each.waiting_s for each in seen) <= 7
    assert (seen[-1].projects, view.waiting_s) == (6, 0)


def test_429_without_end_is_bounded_and_loses_nothing() -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/2/api_keys"):
            return httpx.Response(429, headers={"retry-after": "900"}, json={"error": {}})
        return organization(4, 3)(request, number)

    pauses: list[float] = []
    run, transport = survey(respond, pauses=pauses)
    view = run.view()
    assert (view.complete, view.keys) == (False, 9)
    assert sum(path.count("/2/api_keys") for path in transport.paths) == MAX_TRIES
    assert max(pauses) <= 20
    assert "The keys of 1 project couldn't be read completely." in view.notes


@pytest.mark.parametrize("cycle", [1, 2, 3])
def test_list_that_repeats_ends_with_a_note(cycle: int) -> None:
    count = iter(range(1000))

    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/api_keys"):
            return page([key_row(f"k{next(count) % cycle}")], more=True)
        return organization(1, 1)(request, number)

    run, transport = survey(respond)
    view = run.view()
    assert (view.complete, view.keys) == (False, cycle)
    assert any("the same page again" in note for note in view.notes)
    assert len(transport.paths) < 10


def test_list_without_end_is_bounded() -> None:
    count = iter(range(100_000))

    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/api_keys"):
            return page([key_row(f"k{next(count)}")], more=True)
        return organization(1, 1)(request, number)

    run, _ = survey(respond)
    assert run.view().keys == 200
    assert any("after 200 pages" in note for note in run.view().notes)


def test_time_limit_keeps_what_was_read() -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response | None:
        return organization(200, 5)(request, number) if number < 20 else None

    run, _ = survey(respond, limits_s=(0.5, 3.0))
    view = run.view()
    assert (view.complete, view.keys >= 50) == (False, True)
    assert any("The time limit of 3 s was reached" in note for note in view.notes)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_first_answer_that_refuses_ends_the_survey(status: int) -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        return httpx.Response(status, json={"error": {"message": "No."}})

    run, transport = survey(respond)
    rejected = run.view().rejected
    assert rejected is not None
    assert rejected.status == status
    assert len(transport.paths) <= 2


@pytest.mark.parametrize("body", ["[]", "{}", '{"data": 3}', '{"data": [3, null, {}]}', "<html>"])
def test_answer_of_another_form_is_no_crash(body: str) -> None:
    run, _ = survey(lambda request, number: httpx.Response(200, text=body))
    assert run.view().match is None


def test_memory_does_not_grow_with_the_keys() -> None:
    few, many = peak_bytes(1, 100), peak_bytes(200, 50)
    # four pages are in flight instead of one, and up to 40 keys of each reason are kept
    assert many - few <= 400_000, (many, few)


def test_attention_is_bounded_and_counted() -> None:
    run, _ = survey(organization(3, 60), lists=True)
    view = run.view()
    assert (view.counts, len(view.attention)) == ({"old": 180}, MAX_ROWS)


def test_key_of_an_unknown_shape_is_accepted_after_the_first_answer() -> None:
    run, _ = survey(organization(3, 2), admin="company-" + "k" * 40)
    assert (run.view().complete, run.view().keys) == (True, 6)


@pytest.mark.parametrize(
    ("key", "method", "path"),
    [
        (ADMIN_KEY, "GET", "/models"),
        (ADMIN_KEY, "POST", "/responses"),
        (ADMIN_KEY, "POST", "/organization/projects"),
        (ADMIN_KEY, "GET", "/organization/../models"),
        (GOOD_KEY, "GET", "/organization/projects"),
        (GOOD_KEY, "DELETE", "/organization/projects/1"),
    ],
)
async def test_key_on_a_route_of_the_other_kind(key: str, method: str, path: str) -> None:
    transport = ScriptedTransport(lambda request, number: httpx.Response(200, json={}))
    http = HttpClient(RESPONDERS, transport=transport)
    call = Call(target=Target(), credential=credential(key))
    request = ApiRequest(probe="x", path=path, method=method, key=True, learns_if_admin=True)
    with pytest.raises(KeyWouldLeakError):
        await http.ask(call, request)
    assert transport.paths == []


def test_names_of_others_show_control_characters() -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/api_keys"):
            return page([key_row("k\x1b[2J", f"sk-proj-...{GOOD_KEY[-4:]}", name="\x1b]0;x\x07")])
        return organization(1, 1)(request, number)

    run, _ = survey(respond)
    match = run.view().match
    assert match is not None
    assert "\x1b" not in json.dumps([match.id, match.name], ensure_ascii=False)


@pytest.mark.parametrize("identifier", ["..", ".", "a/../../responses", "a?b", ""])
def test_project_id_that_could_lead_to_another_route_is_not_followed(identifier: str) -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/projects"):
            return page([{"id": identifier, "name": "Odd"}, {"id": "p2", "name": "Shop"}])
        return organization(1, 1)(request, number)

    run, transport = survey(respond, lists=True)
    view = run.view()
    assert (view.keys, view.complete) == (1, False)
    assert view.notes == ("The keys of 1 project couldn't be read completely.",)
    assert not [path for path in transport.paths if not path.startswith("/v1/organization/")]


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1" + "0" * 400, "NaN", "-1e999"])
def test_number_that_no_one_can_mean_is_left_out(number: str) -> None:
    def respond(request: httpx.Request, count: int) -> httpx.Response:
        kind = request.url.path.rpartition("/")[2]
        row: dict[str, Any] = {"projects": {"id": "p1", "name": "Shop"}}.get(kind, {"id": "x"})
        names = ("created_at", "expires_at", "threshold_amount", "max_requests_per_1_minute")
        if kind == "api_keys":
            row = key_row("k1", f"sk-proj-...{GOOD_KEY[-4:]}")
        body: dict[str, Any] = {**row, **dict.fromkeys(names, "?"), "model": "gpt-6-luna"}
        body |= {"certificate_details": {"expires_at": "?"}, "active": True}
        if kind != "spend_limit":
            body = {"data": [body], "has_more": False}
        return httpx.Response(200, text=json.dumps(body).replace('"?"', number))

    view = survey(respond)[0].view()
    match = view.match
    assert match is not None
    assert (match.created_at, match.expires_at, view.details.spend_limits) == (None, None, ())
    assert [limit.requests for limit in view.details.rate_limits] == [None]
    assert [each.expires_at for each in view.details.certificates] == [None, None]
    survey(respond, lists=True)


def test_name_with_line_breaks_stays_in_its_line() -> None:
    def respond(request: httpx.Request, number: int) -> httpx.Response:
        if request.url.path.endswith("/api_keys"):
            return page([key_row("k1", f"sk-proj-...{GOOD_KEY[-4:]}", name="a\n! b\tc")])
        return organization(1, 1)(request, number)

    match = survey(respond)[0].view().match
    assert match is not None
    assert match.name == "a ! b c"
