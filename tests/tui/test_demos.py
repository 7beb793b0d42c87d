"""The choice of demos, and demos walked by the real engine over the simulator."""

import pytest
from textual.widgets import Input

from oai_tui.domain.keys.secret import Secret
from oai_tui.services.build import demo_services
from oai_tui.services.services import Services
from oai_tui.simulator.find_demos import GROUPS, TOUR, grouped, matching
from oai_tui.simulator.fixtures import GOOD_KEY, SECOND_KEY
from oai_tui.simulator.scenarios import DEMOS
from oai_tui.tui.app import OaiTui
from oai_tui.tui.demo_notes import named_key, refuse_real_key
from tests.tui.demo_steps import answer_yes, no_guard, slow_machine_demo
from tests.tui.fake_services import FakeServices, as_services
from tests.tui.fakes import NOW, credential
from tests.tui.pilot_steps import paste, press, settle, walk_paused
from tests.tui.screen_text import screen_lines, screen_words

STORIES = tuple(DEMOS.values())


def picker(made: list[str]) -> OaiTui:
    def make(name: str) -> Services:
        made.append(name)
        return as_services(FakeServices(credential(), mode="demo"))

    return OaiTui(None, make_demo=make, stories=lambda: STORIES, now=lambda: NOW, quiet_s=0)


async def test_the_tour_comes_first_and_its_first_case_is_highlighted() -> None:
    app = picker([])
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        rows = [line.strip("▌ ") for line in screen_lines(app).splitlines()]
        assert rows[2].startswith("Tour: 8 common cases")
        assert rows[3].startswith("1 401 invalid_api_key")
        assert "oai-tui --demo key-invalid" in screen_words(app)


def test_every_demo_is_in_a_group_and_the_tour_exists() -> None:
    groups = grouped(STORIES)
    assert list(groups) == list(GROUPS)
    assert sum(len(members) for members in groups.values()) == len(STORIES)
    assert set(TOUR) <= set(DEMOS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("401", "key-invalid"),
        ("403", "country-unsupported"),
        ("429", "quota-exhausted"),
        ("5xx", "service-error"),
        ("insufficient_quota", "quota-exhausted"),
        ("invalid_api_key", "key-invalid"),
        ("Proxy", "proxy-unreachable"),
        ("too many requests", "slow-down"),
        ("organization-mismatch", "organization-mismatch"),
        ("batch", "batch-limit"),
        ("auth-header-malformed", "auth-header-stripped"),
        ("rate limit", "rate-limit-tokens"),
        ("permission", "ip-not-allowed"),
    ],
)
def test_a_demo_is_found_by_what_people_know(text: str, found: str) -> None:
    ids = [story.id for story in matching(STORIES, text)]
    assert found in ids
    assert len(ids) < len(STORIES) / 2


def test_what_no_demo_has_finds_nothing() -> None:
    assert matching(STORIES, "401 overloaded") == []


async def test_typing_narrows_and_enter_starts() -> None:
    made: list[str] = []
    app = picker(made)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"insufficient")
        assert "The trial credit is used up" in screen_words(app)
        assert "Answer y to the billed request" in screen_words(app)
        await press(pilot, "enter")
        assert made == ["quota-exhausted"]
        assert type(app.screen).__name__ == "StartScreen"


async def test_arrows_choose_while_the_filter_has_the_focus() -> None:
    made: list[str] = []
    async with picker(made).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"quota", "down", "enter")
    assert made == ["quota-exhausted-prepaid"]


async def test_letters_of_commands_are_text_and_f1_is_help() -> None:
    app = picker([])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "q", "question_mark")
        assert app.screen.query_one("#demo-filter", Input).value == "q?"
        assert "No demo matches “q?”. Press Esc" in screen_words(app).replace(" ▌", "")
        await press(pilot, "f1")
        assert type(app.screen).__name__ == "HelpScreen"


async def test_the_footer_names_the_keys_that_work() -> None:
    app = picker([])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        footer = screen_lines(app).splitlines()[-1]
        assert [word in footer for word in ("↑↓", "enter start", "^t tour", "esc", "f1")] == (
            [True] * 5
        )


async def test_escape_clears_the_filter_and_then_leaves() -> None:
    app = picker([])
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "4", "escape")
        assert app.is_running
        assert app.screen.query_one("#demo-filter", Input).value == ""
        await press(pilot, "escape")
    assert app.return_code == 0


async def test_a_click_chooses_and_a_second_click_starts() -> None:
    made: list[str] = []
    app = picker(made)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click("#demo-list", offset=(10, 3))
        await settle(pilot)
        assert made == []
        assert "oai-tui --demo key-shadowed" in screen_words(app)
        await pilot.click("#demo-list", offset=(10, 3))
        await settle(pilot)
        assert made == ["key-shadowed"]


async def test_a_heading_cannot_be_clicked() -> None:
    made: list[str] = []
    async with picker(made).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for _ in range(2):
            await pilot.click("#demo-list", offset=(10, 0))
            await settle(pilot)
    assert made == []


async def test_the_tour_goes_from_demo_to_demo_and_ends_in_the_list() -> None:
    made: list[str] = []
    app = picker(made)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+t")
        assert "Tour 1 of 8" in screen_words(app)
        for number in range(2, 9):
            await press(pilot, "ctrl+n")
            assert f"Tour {number} of 8" in screen_words(app)
        await press(pilot, "ctrl+n")
        assert type(app.screen).__name__ == "DemosScreen"
        await press(pilot, *"418", "enter")
        assert "Tour" not in screen_words(app)
        await press(pilot, "ctrl+n")  # does nothing outside the tour
    assert made == [*TOUR, "unknown"]


async def test_a_demo_says_what_it_fixed_when_it_does_so_and_afterwards() -> None:
    app = OaiTui(demo_services("quota-exhausted"), now=lambda: NOW)
    no_guard(app)
    note = "Demo: Credit was added for you"
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "Answer y to the billed request to see it." in screen_words(app)
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert "Demo: answer y to see this case." in screen_words(app)
        await answer_yes(pilot)
        await press(pilot, "r")
        assert note in screen_words(app)
        await walk_paused(pilot)
        await answer_yes(pilot)
        assert type(app.screen).__name__ == "SuccessScreen"
        assert note in screen_words(app)


async def test_a_demo_without_a_key_names_the_demos_own_and_refuses_a_real_one() -> None:
    app = OaiTui(demo_services("key-missing"), now=lambda: NOW)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert "Choose “Use the demo key”" in screen_words(app)
        await paste(pilot, f"sk-proj-{'Zx9' * 30}")
        await press(pilot, "enter")
        assert type(app.screen).__name__ == "KeyEntryScreen"
        assert "This looks like a real key" in screen_words(app)
        await press(pilot, *"demo", "enter")
        await walk_paused(pilot)
        assert "…bbbA" in screen_words(app)
        assert "✓ Key" in screen_words(app)


def test_a_second_key_works_and_short_or_own_keys_are_not_refused() -> None:
    services = demo_services("all-good")
    assert named_key(Secret("demo2")) == Secret(SECOND_KEY)
    for taken in ("demo", "sk-typo", GOOD_KEY, SECOND_KEY):
        assert refuse_real_key(services, Secret(taken)) == ""
    assert refuse_real_key(services, Secret("x" * 40))


async def test_a_demo_of_a_text_opens_the_text_and_explains_it() -> None:
    app = OaiTui(demo_services("batch-limit"), now=lambda: NOW)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert "Enqueued token limit reached" in screen_words(app)
        await press(pilot, "enter")
        assert "batch-limit" in screen_words(app)
        await press(pilot, "b", "escape")
        assert type(app.screen).__name__ == "StartScreen"


async def test_a_text_that_hides_its_cause_is_settled_by_a_check() -> None:
    app = OaiTui(demo_services("connection-failed"), now=lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        await walk_paused(pilot)
        assert "dns-failure" in screen_words(app)


async def test_a_demo_leads_back_to_the_real_keys() -> None:
    home = as_services(FakeServices(credential()))
    app = OaiTui(
        home,
        make_demo=lambda name: as_services(FakeServices(mode="demo")),
        stories=lambda: STORIES,
        now=lambda: NOW,
        quiet_s=0,
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "d", *"key-missing", "enter")
        assert "No API key found" in screen_words(app)
        await app.screen.run_action("leave_demo")
        await settle(pilot)
        assert app.services is home
        assert "OPENAI_API_KEY project key …bbbb" in screen_words(app)


@pytest.mark.parametrize(
    ("scenario", "keys", "parts"),
    [
        (
            "organization-mismatch",
            ["enter", "enter", "enter"],
            ["✓ The key works", "The organization is left out for this run."],
        ),
        (
            "regional-host-wrong",
            ["enter"],
            ["✗ This project uses a different regional host", "▶ Use eu.api.openai.com/v1"],
        ),
        ("key-malformed-zero-width-space", ["enter"], ["U+200B", "▶ Use the cleaned key"]),
        ("quota-exhausted", ["enter", "y", "enter", "y"], ["✓ Everything works"]),
        ("dns-failure", ["enter"], ["DNS lookup failed"]),
        ("gateway-works", ["enter"], ["Send the key to llm-gateway.example.com?"]),
    ],
)
async def test_a_demo_walks_as_its_story_says(
    scenario: str, keys: list[str], parts: list[str]
) -> None:
    app = OaiTui(demo_services(scenario), now=lambda: NOW, quiet_s=0)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for key in keys:
            await press(pilot, key)
            await walk_paused(pilot)
        text = screen_words(app)
        for part in parts:
            assert part in text


async def test_a_demo_rotates_a_profile_to_its_second_key_and_refuses_a_real_one() -> None:
    app = no_guard(OaiTui(slow_machine_demo("all-good"), now=lambda: NOW))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "n")
        await walk_paused(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "f3", "o")
        assert "New key for the profile work" in screen_words(app)
        await paste(pilot, "sk-proj-" + "x" * 40)
        await press(pilot, "enter")
        assert "This looks like a real key" in screen_words(app)
        assert "▶ Use the demo key" in screen_words(app)
        await press(pilot, "tab", "enter")
        await walk_paused(pilot)
        await press(pilot, "n")
        await walk_paused(pilot)
        assert "The profile work still has the old key" in screen_words(app)
