"""The pages about a key, and what is chosen on them."""

from collections.abc import Sequence

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from oai_tui.domain.endpoints import ScopeResult
from oai_tui.knowledge.endpoints import ENDPOINTS
from oai_tui.reports.retry_samples import RETRY_SAMPLES, retry_sample
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.about_page import PAGE_KEYS, PAGE_NAMES, AboutPage
from oai_tui.tui.screens.dialogs import QuestionScreen
from oai_tui.tui.screens.permissions import PermissionsPage
from oai_tui.tui.screens.success import SuccessScreen
from oai_tui.tui.screens.walk import WalkScreen
from tests.tui.demo_steps import action_ids, answer_yes, choose_by_keys, no_guard, slow_machine_demo
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.screen_text import screen_words

SIZE = (120, 40)
WORK = "org-fake000000000000000work"


def demo(scenario: str) -> OaiTui:
    return no_guard(OaiTui(slow_machine_demo(scenario)))


async def check(pilot: Pilot[None], *, billed: bool = True) -> None:
    """Check the first key, and answer the question before the billed request."""
    await settle(pilot)
    await press(pilot, "enter")
    await walk_paused(pilot)
    if isinstance(pilot.app.screen, QuestionScreen):
        if billed:
            await answer_yes(pilot)
        else:
            await press(pilot, "escape")
            await walk_paused(pilot)


async def all_tested(pilot: Pilot[None]) -> Sequence[ScopeResult]:
    """Wait until the permissions were tested. Return the results."""
    screen = pilot.app.screen
    assert isinstance(screen, PermissionsPage)
    for worker in list(pilot.app.workers):
        if worker.group == "permissions":
            await worker.wait()
    await settle(pilot)
    return screen.session.scopes


@pytest.mark.parametrize("size", [(80, 24), SIZE, (40, 12)])
async def test_every_page_opens_from_a_result_and_leads_back(size: tuple[int, int]) -> None:
    app = demo("all-good")
    async with app.run_test(size=size) as pilot:
        await check(pilot)
        result = app.screen
        assert isinstance(result, SuccessScreen)
        for page, key in PAGE_KEYS.items():
            await press(pilot, key)
            assert isinstance(app.screen, AboutPage)
            assert app.screen.page == page
            if page == "permissions":
                await all_tested(pilot)
            await press(pilot, "escape")
            assert list(app.screen_stack)[-1] is result


async def test_a_page_leads_to_the_others() -> None:
    app = demo("all-good")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        await press(pilot, "O", "M", "L")
        assert isinstance(app.screen, AboutPage)
        assert app.screen.page == "limits"
        await press(pilot, "b")
        assert isinstance(app.screen, SuccessScreen)


async def test_the_palette_names_the_pages() -> None:
    app = demo("all-good")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {f"Result: show {name}" for name in PAGE_NAMES.values()} <= titles


async def test_an_organization_is_chosen_and_its_credit_pays() -> None:
    app = demo("credit-elsewhere")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        assert isinstance(app.screen, WalkScreen)
        assert "about('account')" in action_ids(pilot)
        await choose_by_keys(pilot, "about('account')")
        words = screen_words(app)
        assert "Personal (org-…home) · role owner · default · requests count for this one" in words
        assert f"export OPENAI_ORG_ID={WORK}" in words
        await press(pilot, "c")
        assert app.clipboard == f"export OPENAI_ORG_ID={WORK}"
        await press(pilot, "enter")
        await walk_paused(pilot)
        await answer_yes(pilot)
        assert isinstance(app.screen, SuccessScreen)
        assert app.screen.session.target.organization == WORK
        words = screen_words(app)
        assert "Example Works, role member" in words
        assert f"export OPENAI_ORG_ID={WORK}" in words


async def test_the_choice_of_an_organization_can_be_undone() -> None:
    app = demo("credit-elsewhere")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        await press(pilot, "O", "enter")
        await walk_paused(pilot)
        await answer_yes(pilot)
        await press(pilot, "z")
        await walk_paused(pilot)
        assert isinstance(app.screen, QuestionScreen)
        await answer_yes(pilot)
        assert isinstance(app.screen, WalkScreen)
        assert app.screen.session.target.organization is None
        verdict = app.screen.progress.diagnosis
        assert verdict is not None
        assert verdict.verdict.cause == "credit-elsewhere"


async def test_the_organization_in_use_is_not_chosen_again() -> None:
    app = demo("credit-elsewhere")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        await press(pilot, "O", "up", "enter")
        assert isinstance(app.screen, AboutPage)


async def test_a_project_key_has_no_choice_of_organizations() -> None:
    app = demo("all-good")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        await press(pilot, "O")
        assert not app.screen.query(OptionList)
        words = screen_words(app)
        assert "Example Works (org-…work)" in words
        assert "a…@example.com" in words


async def test_permissions_are_tested_once_each_and_nothing_is_billed() -> None:
    app = demo("scope-missing-models")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        services = app.services
        assert services is not None
        simulator = services.environment.simulator
        assert simulator is not None
        before = len(simulator.received)
        assert "about('permissions')" in action_ids(pilot)
        await press(pilot, "P")
        results = await all_tested(pilot)
        sent = [f"{each.method} {each.path}" for each in simulator.received[before:]]
        # GET /v1/models was sent by the check already
        assert sent == [endpoint.name for endpoint in ENDPOINTS[1:]]
        assert [each.endpoint.name for each in results if each.state == "allowed"] == [
            "GET /v1/files"
        ]
        words = screen_words(app)
        assert "Permissions of this key: restricted" in words
        assert "tick Models: Read" in words
        await press(pilot, "b", "P")
        assert len(simulator.received) == before + len(sent)


async def test_a_refused_key_is_not_tested() -> None:
    app = demo("key-invalid")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        services = app.services
        assert services is not None
        simulator = services.environment.simulator
        assert simulator is not None
        before = len(simulator.received)
        await press(pilot, "P")
        await all_tested(pilot)
        assert len(simulator.received) == before
        assert "The key was not accepted" in screen_words(app)


async def test_another_model_is_chosen_for_a_missing_one() -> None:
    app = demo("model-not-found")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        assert isinstance(app.screen, WalkScreen)
        await choose_by_keys(pilot, "about('models')")
        assert "✗ gpt-6-lunaa: not found for this key" in screen_words(app)
        await press(pilot, "c")
        assert app.clipboard == "gpt-6-luna"
        await press(pilot, "enter")
        await walk_paused(pilot)
        await answer_yes(pilot)
        assert isinstance(app.screen, SuccessScreen)
        assert app.screen.session.target.model == "gpt-6-luna"


async def test_limits_and_samples_are_shown_and_copied() -> None:
    app = demo("all-good")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        await press(pilot, "L")
        words = screen_words(app)
        assert "499 of 500 requests left" in words.replace("\N{NO-BREAK SPACE}", " ")
        assert "At an even pace: one request every 120 ms" in words
        copied = []
        for _ in RETRY_SAMPLES:
            await press(pilot, "c", "n")
            copied.append(app.clipboard)
        assert copied == [retry_sample(name, "gpt-6-luna") for name in RETRY_SAMPLES]


async def test_unknown_limits_lead_to_the_question_before_a_billed_request() -> None:
    app = demo("all-good")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot, billed=False)
        assert isinstance(app.screen, SuccessScreen)
        services = app.services
        assert services is not None
        simulator = services.environment.simulator
        assert simulator is not None
        before = len(simulator.received)
        await press(pilot, "L")
        assert "name no limits" in screen_words(app)
        await choose_by_keys(pilot, "request")
        assert isinstance(app.screen, QuestionScreen)
        assert len(simulator.received) == before
        await answer_yes(pilot)
        assert isinstance(app.screen, SuccessScreen)
        await press(pilot, "L")
        words = screen_words(app).replace("\N{NO-BREAK SPACE}", " ")
        assert "499 of 500 requests left" in words


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("permissions", "so there are no permissions to test"),
        ("models", "so its models are not known"),
        ("limits", "so its limits are not known"),
        ("account", "user unknown organization unknown"),
    ],
)
async def test_a_page_of_a_key_that_is_rejected(page: str, says: str) -> None:
    app = demo("key-invalid")
    async with app.run_test(size=SIZE) as pilot:
        await check(pilot)
        await press(pilot, next(key for name, key in PAGE_KEYS.items() if name == page))
        assert says in " ".join(screen_words(app).split())
        assert "request" not in action_ids(pilot)
