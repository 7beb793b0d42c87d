"""The screen of success, saving under a name, replacing after a yes, and the profiles screen."""

import pytest
from textual.widgets import Input

from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.tui.screens.success import SuccessScreen, proof_lines
from oai_tui.tui.widgets.rate_limit_gauge import bar, gauge
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import OTHER_KEY, FakeVault, credential, profile
from tests.tui.pilot_steps import press, settle
from tests.tui.screen_text import screen_words


def healthy(vault: FakeVault | None = None) -> FakeServices:
    services = FakeServices(credential(), mode="demo", vault=vault)
    services.demo_fix_outside()
    return services


async def test_the_result_says_what_was_found_and_shows_the_limits() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "y")
        text = screen_words(app)
        for part in (
            "✓ Everything works",
            "Billing was tested with gpt-5.4-nano.",
            "Credential project key …bbbb from the environment, OPENAI_API_KEY",
            "Identity organization acme",
            "499 of 500 requests left, resets in 0.12 s",
            "29,990 of 30,000 tokens left, resets in 0.02 s",
            'client.responses.create(model="gpt-5.4-nano"',
        ):
            assert part in text


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        ({"speaker": "openai"}, "api.openai.com confirmed as OpenAI"),
        ({"speaker_name": "LiteLLM"}, "api.openai.com answered (LiteLLM)"),
        ({"models_listed": 3}, "accepted; it can list 3 models"),
        ({"project_seen": "proj_1"}, "project proj_1"),
    ],
)
async def test_findings_are_those_of_the_answers(facts: dict[str, Fact], finding: str) -> None:
    app = wizard(healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        screen = app.screen
        assert isinstance(screen, SuccessScreen)
        screen.progress.facts.update(facts)
        found = "\n".join(
            f"{each.label.plain}{each.text.plain}"
            for each in proof_lines(screen.progress, screen.session)
        )
        assert finding in found


async def test_untested_billing_is_in_the_title() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "escape")
        text = screen_words(app)
        assert "✓ The key works (billing not tested)" in text
        assert "Billing not tested; no billed request was sent" in text


@pytest.mark.parametrize("size", [(60, 20), (40, 15)])
async def test_small_terminals_show_the_result_and_the_name(size: tuple[int, int]) -> None:
    app = wizard(healthy())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        assert "✓ The key works (billing not" in screen_words(app)
        assert "Save as work" in screen_words(app)
        await press(pilot, "enter")
        assert "✓ Saved as work" in screen_words(app)
        assert "oai-tui exec work -- COMMAND" in screen_words(app)


async def test_letters_are_shortcuts_until_the_name_is_edited() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "m")
        assert type(app.screen).__name__ == "SnippetScreen"
        await press(pilot, "escape", "n", *"mine", "escape")
        assert app.screen.query_one("#name", Input).value == "mine"
        await press(pilot, "enter")
        assert "✓ Saved as mine" in screen_words(app)


async def test_saving_shows_how_to_use_the_profile() -> None:
    services = healthy()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "n", *"staging", "enter")
        assert services.answers[-1] == Answer(option="save", text="staging")
        text = screen_words(app)
        for part in (
            "✓ Saved as staging",
            'eval "$(oai-tui env staging)"',
            "oai-tui check --profile staging",
        ):
            assert part in text


async def test_a_name_that_is_no_name_is_refused_in_words() -> None:
    services = healthy()
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "y")
        app.screen.query_one("#name", Input).value = "two words"
        await press(pilot, "enter")
        assert "A name has 1 to 64 letters" in screen_words(app)
        assert [each.option for each in services.answers] == ["yes"]


@pytest.mark.parametrize(("keys", "saved"), [(["enter"], False), (["tab", "enter"], True)])
async def test_overwriting_asks_first_and_enter_keeps_what_is_there(
    keys: list[str], saved: bool
) -> None:
    services = healthy(vault=FakeVault(profile("work", 20, OTHER_KEY)))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "n", *"work")
        assert "exists: saving replaces its key" in screen_words(app)
        await press(pilot, "enter")
        assert "Replace the profile work?" in screen_words(app)
        await press(pilot, *keys)
        assert (services.vault.saved["work"] == profile("work", 0)) is saved


async def test_a_free_name_is_offered_if_another_key_has_the_usual_one() -> None:
    services = healthy(vault=FakeVault(profile("work", 20, OTHER_KEY)))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter")
        assert sorted(services.vault.saved) == ["work", "work-2"]


async def test_the_profile_that_has_this_key_is_updated_without_a_question() -> None:
    services = healthy(vault=FakeVault(profile("office", 20)))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        assert "has this key: saving updates it" in screen_words(app)
        await press(pilot, "enter")
        assert services.vault.saved == {"office": profile("office", 0)}


async def test_finishing_without_saving_saves_nothing_and_can_be_thought_over() -> None:
    services = healthy()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "escape")
        assert services.vault.saved == {}
        assert services.answers[-1] == Answer(option="no")
        await press(pilot, "enter", "enter")
        assert "✓ Saved as work" in screen_words(app)


async def test_a_saved_profile_is_in_the_list_when_one_comes_back() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter", "b")
        await settle(pilot)
        assert "keyring work project" in screen_words(app)


async def test_profiles_show_what_they_hold() -> None:
    app = wizard(healthy(vault=FakeVault(profile(), profile("staging", 20))))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "down")
        text = screen_words(app)
        for part in (
            "Base URL https://api.openai.com/v1",
            "20 days ago · billing tested",
            "oai-tui check --profile staging",
        ):
            assert part in text


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["enter"], ["staging", "work"]),
        (["tab", "enter"], ["staging"]),
        (["escape"], ["staging", "work"]),
    ],
)
async def test_deleting_a_profile_asks_first(keys: list[str], left: list[str]) -> None:
    services = healthy(vault=FakeVault(profile(), profile("staging", 20)))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "d")
        assert "Delete the profile work?" in screen_words(app)
        await press(pilot, *keys)
        assert sorted(services.vault.saved) == left


async def test_a_profile_can_be_checked_from_the_list() -> None:
    services = healthy(vault=FakeVault(profile()))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter")
        assert services.walks == [(None, profile().target)]


async def test_a_locked_keyring_is_named_on_the_profiles_screen() -> None:
    app = wizard(healthy(vault=FakeVault(state="locked")))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p")
        assert "The keyring is locked" in screen_words(app)
        assert app.screen.check_action("delete", ()) is False


@pytest.mark.parametrize(
    ("share", "filled"), [(0.0, 0), (0.001, 1), (0.5, 10), (0.999, 19), (1.0, 20), (7.0, 20)]
)
def test_a_gauge_is_full_only_when_nothing_is_missing(share: float, filled: int) -> None:
    drawn = bar(share, 20, "$success")
    assert len(drawn.plain) == 20
    assert drawn.spans[0].end - drawn.spans[0].start == filled or filled == 0


def test_there_is_no_gauge_without_numbers() -> None:
    assert gauge("tokens", {"limit_tokens": "many", "remaining_tokens": 3}) is None


async def test_without_profiles_enter_goes_back() -> None:
    app = wizard(healthy())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter")
        assert type(app.screen).__name__ == "StartScreen"
