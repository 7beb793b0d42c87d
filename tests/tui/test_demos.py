"""The choice of demos, and demos walked by the real engine over the simulator."""

from dataclasses import dataclass

import pytest

from oai_tui.services.build import demo_services
from oai_tui.services.services import Services
from oai_tui.tui.app import OaiTui
from tests.tui.fake_services import FakeServices, as_services
from tests.tui.fakes import NOW, credential
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.screen_text import screen_lines, screen_words


@dataclass(frozen=True)
class Story:
    id: str
    title: str
    family: str
    story: str


STORIES = (
    Story("all-good", "Everything works", "all-good", "Nothing is wrong."),
    Story("key-invalid", "A revoked key", "key", "The key was revoked."),
    Story("quota-exhausted", "No credit left", "billing", "The credit is used up."),
    Story("key-missing", "No key", "key", "There is none."),
)


def picker(made: list[str]) -> OaiTui:
    def make(name: str) -> Services:
        made.append(name)
        return as_services(FakeServices(credential(), mode="demo"))

    return OaiTui(None, make_demo=make, stories=lambda: STORIES, now=lambda: NOW)


async def test_demos_are_grouped_by_family() -> None:
    app = picker([])
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "key A revoked key No key billing No credit left" in " ".join(
            line[:40].strip("▌ ") for line in screen_lines(app).splitlines()
        )


async def test_typing_narrows_and_enter_begins() -> None:
    made: list[str] = []
    app = picker(made)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, *"credit")
        assert "The credit is used up." in screen_words(app)
        await press(pilot, "enter")
        assert made == ["quota-exhausted"]
        assert type(app.screen).__name__ == "StartScreen"


async def test_arrows_choose_while_the_filter_has_the_focus() -> None:
    made: list[str] = []
    async with picker(made).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "down", "down", "enter")
    assert made == ["key-missing"]


async def test_a_demo_leads_back_to_the_real_keys() -> None:
    home = as_services(FakeServices(credential()))
    app = OaiTui(
        home,
        make_demo=lambda name: as_services(FakeServices(mode="demo")),
        stories=lambda: STORIES,
        now=lambda: NOW,
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "d", "enter")
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
            ["✓ Everything works", "The organization header is no longer sent."],
        ),
        (
            "regional-host-wrong",
            ["enter"],
            ["✗ The project lives on another regional host", "▶ Use eu.api.openai.com/v1"],
        ),
        ("key-malformed-zero-width-space", ["enter"], ["U+200B", "▶ Use the cleaned key"]),
        ("quota-exhausted", ["enter", "enter", "enter", "enter"], ["✓ Everything works"]),
        ("dns-failure", ["enter"], ["no answer: the name does not resolve"]),
        ("gateway-works", ["enter"], ["Send the key to llm-gateway.example.com?"]),
    ],
)
async def test_a_demo_walks_as_its_story_says(
    scenario: str, keys: list[str], parts: list[str]
) -> None:
    app = OaiTui(demo_services(scenario), now=lambda: NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        for key in keys:
            await press(pilot, key)
            await walk_paused(pilot)
        text = screen_words(app)
        for part in parts:
            assert part in text
