"""The history: the checks of this run, opened again without a request, and checked again."""

from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import credential
from tests.tui.pilot_steps import press, settle
from tests.tui.screen_text import screen_words


async def test_a_result_is_opened_again_without_a_request() -> None:
    services = FakeServices(credential())
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f7")
        assert "No checks yet." in screen_words(app)
        await press(pilot, "f2", "enter", "f2", "f7")
        text = screen_words(app)
        assert "…bbbb at api.openai.com" in text
        named = "✗ OPENAI_ORG_ID doesn't match this key's organization ▌ organization-mismatch"
        assert named in text
        await press(pilot, "enter")
        assert "unset OPENAI_ORG_ID" in screen_words(app)
        assert len(services.walks) == 1
        await press(pilot, "b")
        assert type(app.screen).__name__ == "HistoryScreen"


async def test_a_check_is_repeated_from_the_history() -> None:
    services = FakeServices(credential())
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f7", "r")
        assert [start for start, _ in services.walks] == [None, None]
        assert len(app.history.checks) == 2


async def test_a_fix_can_be_applied_to_a_result_that_was_opened_again() -> None:
    services = FakeServices(credential())
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "f2", "f7", "enter", "enter")
        assert [start for start, _ in services.walks] == [None, "key"]
        assert services.walks[1][1].organization is None
