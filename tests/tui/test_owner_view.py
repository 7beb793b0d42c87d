"""The page of the owner view: which admin keys it takes, where they go, and what it settles."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from textual.pilot import Pilot

from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.owner_view import OwnerView
from oai_tui.domain.target import Origin, Target
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.services.owner_lookup import OwnerResult
from oai_tui.services.services import Services
from oai_tui.simulator.fixtures import ADMIN_KEY, GOOD_KEY, admin_key
from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.world import World
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.dialogs import QuestionScreen
from oai_tui.tui.screens.owner import OwnerPage
from oai_tui.tui.screens.success import SuccessScreen
from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.widgets.owner_text import result_paragraphs
from oai_tui.tui.widgets.paragraphs import ParagraphView
from oai_tui.tui.widgets.secret_input import SecretInput
from tests.tui.demo_steps import (
    action_ids,
    answer_yes,
    choose_by_keys,
    no_guard,
    slow_machine_demo,
)
from tests.tui.pilot_steps import paste, press, settle, walk_paused
from tests.tui.screen_text import screen_words

SIZES = [(80, 24), (40, 15)]
REMOVED = (
    "This key belongs to project Default project, created by a removed user; an owner must create "
    "a new one."
)


class HoldingTransport(httpx.AsyncBaseTransport):
    """Answers requests of lists of keys only once `release` is set."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self.release = asyncio.Event()
        self.is_held = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/api_keys"):
            self.is_held.set()
            await self.release.wait()
        return await self._transport.handle_async_request(request)


def simulator_of(services: Services) -> Simulator:
    simulator = services.environment.simulator
    assert simulator is not None
    return simulator


def holding(services: Services) -> HoldingTransport:
    """Let a demo hold the lists of keys."""
    transport = services.environment.transport
    assert transport is not None
    held = HoldingTransport(transport)
    services.environment = replace(services.environment, transport=held)
    return held


async def check(pilot: Pilot[Any]) -> None:
    """Check the first key, with the billed request."""
    await settle(pilot)
    await press(pilot, "enter")
    await walk_paused(pilot)
    if isinstance(pilot.app.screen, QuestionScreen):
        await answer_yes(pilot)


async def all_read(pilot: Pilot[Any]) -> str:
    """Wait until the page has read what it was asked to. Return its text."""
    for worker in list(pilot.app.workers):
        if worker.group == "owner":
            await worker.wait()
    await settle(pilot)
    return page_text(pilot)


def page_text(pilot: Pilot[Any]) -> str:
    """Return the text of the page, also of what is scrolled away."""
    page = pilot.app.screen
    assert isinstance(page, OwnerPage)
    views = (page.query_one(f"#{name}", ParagraphView) for name in ("owner-text", "owner-note"))
    return "\n".join(view.text for view in views)


def check_verdict(pilot: Pilot[Any]) -> Verdict:
    """Return the verdict of the check that is shown."""
    screen = pilot.app.screen
    assert isinstance(screen, WalkScreen)
    assert screen.progress.diagnosis is not None
    return screen.progress.diagnosis.verdict


def assert_keys_on_their_routes(simulator: Simulator) -> None:
    """An admin key went to the admin API only, by GET, and no other key went there."""
    for each in simulator.received:
        is_admin_route = each.path.startswith("/v1/organization/")
        assert is_admin_route == (each.key_kind == "admin")
        assert not is_admin_route or (each.method, each.host) == ("GET", "api.openai.com")


def without_the_right(world: World) -> World:
    """Take the right to read from the admin key."""
    admin = replace(world.keys[-1], scopes=frozenset({"api.usage.read"}))
    return replace(world, keys=(*world.keys[:-1], admin))


@pytest.mark.parametrize("size", SIZES)
async def test_the_admin_key_of_a_demo_settles_why_a_key_is_refused(size: tuple[int, int]) -> None:
    services = slow_machine_demo("organization-membership")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=size) as pilot:
        await check(pilot)
        before = len(simulator_of(services).received)
        await press(pilot, "A")
        assert len(simulator_of(services).received) == before
        await press(pilot, "enter")
        text = await all_read(pilot)
        assert text.startswith(REMOVED)
        assert "user a…@example.com · removed from the project" in text
        assert "The key's owner was removed from the project" in text
        assert "Confirmed by the admin API." in text
        assert "alex@example.com" not in text
        assert screen_words(app).count("created by a removed user") == 1
        await press(pilot, "enter")
        verdict = check_verdict(pilot)
        assert verdict.title == "The key's owner was removed from the project"
        assert (verdict.confidence, verdict.explanation) == ("certain", REMOVED)
        assert app.exit_record is not None
        assert app.exit_record.summary.verdict == verdict
        assert_keys_on_their_routes(simulator_of(services))
        assert any(each.key_kind == "admin" for each in simulator_of(services).received)


@pytest.mark.parametrize("size", SIZES)
async def test_an_ordinary_key_is_refused_and_not_sent(size: tuple[int, int]) -> None:
    services = slow_machine_demo("key-invalid")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=size) as pilot:
        await check(pilot)
        before = len(simulator_of(services).received)
        await press(pilot, "A", *"demo", "enter")
        assert "sk-proj-…bbbA is not an admin key: it is a project key." in screen_words(app)
        await paste(pilot, GOOD_KEY)
        await press(pilot, "enter")
        assert "is not an admin key" in screen_words(app)
        assert GOOD_KEY not in page_text(pilot)
        assert len(simulator_of(services).received) == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("company-key", "This doesn't look like an admin key, which begins with sk-admin-."),
        (f"{ADMIN_KEY[:30]}\x7f{ADMIN_KEY[30:]}", "real key"),
        ("", "…mmmA"),
    ],
)
async def test_other_texts_are_not_sent(text: str, says: str) -> None:
    services = slow_machine_demo("key-invalid")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        before = len(simulator_of(services).received)
        await press(pilot, "A")
        await paste(pilot, text)
        if text:
            await press(pilot, "enter")
        assert says in page_text(pilot)
        assert len(simulator_of(services).received) == before


async def test_a_demo_refuses_an_admin_key_that_may_be_real() -> None:
    services = slow_machine_demo("key-invalid")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        before = len(simulator_of(services).received)
        await press(pilot, "A")
        await paste(pilot, admin_key("z"))
        await press(pilot, "enter")
        words = screen_words(app)
        assert "This looks like a real key" in words
        assert "Choose “Use the demo admin key” instead." in words
        assert len(simulator_of(services).received) == before
        await press(pilot, "enter")
        assert "it was deleted or disabled" in await all_read(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_an_admin_key_without_the_right_leaves_the_verdict(size: tuple[int, int]) -> None:
    services = slow_machine_demo("key-invalid")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=size) as pilot:
        await check(pilot)
        before = check_verdict(pilot)
        simulator = simulator_of(services)
        await press(pilot, "A")
        simulator.world = without_the_right(simulator.world)
        await press(pilot, "enter")
        text = await all_read(pilot)
        assert "The admin key was not accepted" in text
        assert "api.management.read" in text
        assert action_ids(pilot)[0] == "other"
        await press(pilot, "l")
        assert "The admin key was not accepted" in await all_read(pilot)
        await press(pilot, "b")
        assert check_verdict(pilot) == before
        assert_keys_on_their_routes(simulator)


async def test_reading_is_stopped_and_what_was_read_is_shown() -> None:
    services = slow_machine_demo("key-invalid")
    held = holding(services)
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        before = check_verdict(pilot)
        await press(pilot, "A", "enter")
        await held.is_held.wait()
        assert action_ids(pilot)[:1] == ["stop"]
        assert "] 0 of 3 projects, 0 keys" in page_text(pilot)
        await press(pilot, "enter")
        text = await all_read(pilot)
        assert "You stopped after 0 of 3 projects." in text
        assert "The key was not found in what was read." in text
        await press(pilot, "enter")
        assert check_verdict(pilot).cause == before.cause
        assert check_verdict(pilot).title == before.title


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_can_be_left_while_it_reads(size: tuple[int, int]) -> None:
    services = slow_machine_demo("key-invalid")
    held = holding(services)
    app = no_guard(OaiTui(services))
    async with app.run_test(size=size) as pilot:
        await check(pilot)
        before = check_verdict(pilot)
        await press(pilot, "A", "enter")
        await held.is_held.wait()
        await press(pilot, "escape")
        held.release.set()
        await settle(pilot)
        assert check_verdict(pilot) == before


async def test_keys_that_need_attention_are_listed_with_the_same_admin_key() -> None:
    services = slow_machine_demo("all-good")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        await press(pilot, "A", "enter")
        assert "It is enabled." in await all_read(pilot)
        await press(pilot, "l")
        text = await all_read(pilot)
        assert text.startswith("1 of 4 keys in 3 projects needs attention")
        assert "Expired: 1" in text
        await choose_by_keys(pilot, "this_key")
        assert "It is enabled." in page_text(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, SuccessScreen)
        assert_keys_on_their_routes(simulator_of(services))


async def test_an_admin_key_that_is_checked_lists_keys() -> None:
    services = slow_machine_demo("key-admin-on-inference")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        await press(pilot, "A")
        assert "belongs to no project" in page_text(pilot)
        await press(pilot, "enter")
        assert "1 of 4 keys in 3 projects needs attention" in await all_read(pilot)


async def test_no_admin_key_is_asked_for_a_gateway() -> None:
    services = slow_machine_demo("gateway-key-refused")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await answer_yes(pilot)
        await press(pilot, "A")
        assert "No admin key can be used here" in page_text(pilot)
        assert not app.screen.query_one("#owner-entry").display
        await press(pilot, "l")
        assert isinstance(app.screen, OwnerPage)
        assert app.screen.state == "elsewhere"
        assert all(each.key_kind != "admin" for each in simulator_of(services).received)


async def test_a_key_of_the_environment_is_offered_and_its_refusal_shown() -> None:
    services = slow_machine_demo("key-invalid")
    simulator = simulator_of(services)
    simulator.world = replace(simulator.world, keys=simulator.world.keys[:-1])
    env = {**services.env, "OPENAI_ADMIN_KEY": ADMIN_KEY}
    services.environment = replace(services.environment, env=env)
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        await press(pilot, "A")
        assert "…mmmA from the environment variable OPENAI_ADMIN_KEY" in screen_words(app)
        await press(pilot, "enter")
        assert "The admin key was not accepted" in await all_read(pilot)
        await press(pilot, "b")
        assert check_verdict(pilot).title == "OpenAI rejected this key"


async def test_a_saved_admin_key_is_offered() -> None:
    services = slow_machine_demo("organization-membership")
    secret = Secret(ADMIN_KEY)
    saved = Credential(secret=secret, origin=Origin(kind="typed"), kind=kind_of(secret, KEY_KINDS))
    await services.profiles.admin_keys.save_admin_key("boss", saved)
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        await press(pilot, "A")
        await choose_by_keys(pilot, "use(1)")
        await settle(pilot)
        assert REMOVED in await all_read(pilot)
        assert await services.profiles.profiles() == ()


async def test_429_in_the_middle_is_waited_for() -> None:
    services = slow_machine_demo("key-invalid")
    simulator = simulator_of(services)
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        simulator.world = replace(simulator.world, admin_limited_every=4)
        await press(pilot, "A", "enter")
        assert "it was deleted or disabled" in await all_read(pilot)
        assert "3 projects and 4 keys read" in page_text(pilot)


async def test_the_report_has_the_verdict_of_the_page() -> None:
    app = no_guard(OaiTui(slow_machine_demo("organization-membership")))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        await press(pilot, "A", "enter")
        await all_read(pilot)
        assert isinstance(app.screen, OwnerPage)
        assert "created by a removed user" in app.screen.shown_result().report("text")
        await press(pilot, "c")
        assert app.clipboard == REMOVED


async def test_what_was_seen_is_kept_until_the_next_check() -> None:
    services = slow_machine_demo("key-invalid")
    app = no_guard(OaiTui(services))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        await press(pilot, "A", "enter")
        await all_read(pilot)
        before = len(simulator_of(services).received)
        await press(pilot, "b", "A")
        assert "it was deleted or disabled" in page_text(pilot)
        assert len(simulator_of(services).received) == before
        await press(pilot, "b", "r")
        await walk_paused(pilot)
        screen = app.screen
        assert not isinstance(screen, WalkScreen) or screen.session.owner is None


async def test_the_box_shows_no_key() -> None:
    app = no_guard(OaiTui(slow_machine_demo("key-invalid")))
    async with app.run_test(size=(80, 24)) as pilot:
        await check(pilot)
        await press(pilot, "A")
        await paste(pilot, ADMIN_KEY)
        assert app.screen.query_one(SecretInput).value == ADMIN_KEY
        assert "sk-admin-m" not in screen_words(app)


def test_what_was_not_read_is_said() -> None:
    diagnosis = Diagnosis(
        verdict=Verdict(
            outcome="problem",
            cause="key-invalid",
            family="key",
            title="OpenAI rejected this key",
            warnings=("The time limit of 300 s was reached after 7 projects.",),
        ),
        trail=(),
        target=Target(),
        credential=None,
        started_at=datetime(2026, 11, 27, tzinfo=UTC),
        elapsed_ms=0,
        version="0",
    )
    view = OwnerView(projects=7, keys=90, projects_listed=40)
    result = OwnerResult(before=diagnosis, diagnosis=diagnosis, view=view, said="")
    lines = [
        f"{each.label.plain}{each.text.plain}"
        for each in result_paragraphs(result, diagnosis.started_at, "")
    ]
    assert lines[0] == "The key was not found in what was read."
    assert "! The time limit of 300 s was reached after 7 projects." in lines
