"""Entering a key: what is kept of a paste, what is shown of it, and that none of it leaks."""

import pytest
from textual import events
from textual.widgets import Input

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.key_entry import KeyEntryScreen
from oai_tui.tui.widgets.secret_input import SecretInput, clean_pasted_key
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import ENVIRONMENT, KEY, NOW, credential
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.screen_text import screen_words


@pytest.mark.parametrize(
    ("paste", "text", "note"),
    [
        (KEY, KEY, ""),
        (f"\n{KEY}", KEY, "Left out a line break before the key."),
        (f"{KEY}\r\n", KEY, "Left out a line break after the key."),
        (f"\n\n{KEY}\n", KEY, "Left out 3 line breaks before and after the key."),
        (f"  {KEY}", f"  {KEY}", ""),
        (f"{KEY[:40]}\n{KEY[40:]}", f"{KEY[:40]}\n{KEY[40:]}", ""),
        (
            f"OPENAI_ORG_ID=org-fake\nexport OPENAI_API_KEY={KEY}\n",
            f"export OPENAI_API_KEY={KEY}",
            "Kept the line that names a key; left out 1 other line.",
        ),
        ("\n \n", "", "The paste contained only whitespace."),
        ("", "", ""),
    ],
)
def test_a_paste_loses_only_what_is_said(paste: str, text: str, note: str) -> None:
    pasted = clean_pasted_key(paste)
    assert (pasted.text, pasted.note) == (text, note)


def classify(secret: Secret) -> Credential:
    return FakeServices().credential(secret, ENVIRONMENT)


async def open_entry(app: OaiTui, entered: list[Credential | None]) -> SecretInput:
    """Push the screen on the first one; its result is appended to `entered`."""
    screen = KeyEntryScreen(classify)
    await app.push_screen(screen, entered.append)
    return screen.query_one(SecretInput)


@pytest.fixture
def app() -> OaiTui:
    return wizard(FakeServices(credential()))


async def test_a_paste_with_a_leading_newline_enters_the_key(app: OaiTui) -> None:
    entered: list[Credential | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        field = await open_entry(app, entered)
        field.post_message(events.Paste(f"\n{KEY}\n"))
        await settle(pilot)
        assert "project key …bbbb 164 characters" in screen_words(app)
        assert "Left out 2 line breaks before and after the key." in screen_words(app)
        await press(pilot, "enter")
    assert entered[0] is not None
    assert entered[0].secret == credential().secret


async def test_defects_are_named_with_their_position_and_kept(app: OaiTui) -> None:
    entered: list[Credential | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        field = await open_entry(app, entered)
        field.post_message(events.Paste(f"{KEY[:10]}\u200b{KEY[10:]}"))
        await settle(pilot)
        assert "position 11: an invisible character (zero width space) (U+200B)" in screen_words(
            app
        )
        assert "What was entered: sk-proj-…‹U+200B zero-width›…bbbb" in screen_words(app)
        assert "invisible characters" in screen_words(app)
        await press(pilot, "enter")
    assert entered[0] is not None
    assert [defect.position for defect in entered[0].defects] == [11]


@pytest.mark.parametrize("key", ["ctrl+x", "super+c"])
async def test_the_key_does_not_go_to_the_clipboard(app: OaiTui, key: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        field = await open_entry(app, [])
        field.post_message(events.Paste(KEY))
        await press(pilot, "ctrl+shift+a", key)
        assert app.clipboard == ""


async def test_the_input_empties_itself_and_shows_dots(app: OaiTui) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        field = await open_entry(app, [])
        field.post_message(events.Paste(KEY))
        await settle(pilot)
        assert KEY[:12] not in app.export_screenshot()
        field.submit()
        assert field.value == ""


async def test_no_message_of_the_input_carries_the_text(app: OaiTui) -> None:
    received: list[object] = []

    class Listening(KeyEntryScreen):
        CSS_PATH = None  # type: ignore[assignment]  # that of the base is relative to its module

        def on_input_changed(self, event: Input.Changed) -> None:
            received.append(event)

        def on_input_submitted(self, event: Input.Submitted) -> None:
            received.append(event)

        def on_input_blurred(self, event: Input.Blurred) -> None:
            received.append(event)

    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Listening(classify))
        app.screen.query_one(SecretInput).post_message(events.Paste(KEY))
        await press(pilot, "a", "tab", "shift+tab", "enter")
    assert received == []


async def test_escape_enters_nothing(app: OaiTui) -> None:
    entered: list[Credential | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await open_entry(app, entered)
        await press(pilot, "s", "escape")
    assert entered == [None]


async def test_enter_in_an_empty_box_says_what_is_missing(app: OaiTui) -> None:
    entered: list[Credential | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await open_entry(app, entered)
        await press(pilot, "enter")
        assert "The box is empty. Paste or type a key" in screen_words(app)
        assert "Esc: cancel" in screen_words(app)
    assert entered == []


async def test_a_demo_offers_its_own_key_and_asks_for_no_real_one() -> None:
    app = OaiTui(demo_services("key-missing"), now=lambda: NOW, quiet_s=0)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "n")
        assert "This is a demo, so don't enter a real key." in screen_words(app)
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert "Send one billed request?" in screen_words(app)


async def test_the_key_of_a_profile_is_replaced_by_name(app: OaiTui) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(KeyEntryScreen(classify, profile="work", old_key="sk-…bbbb"))
        await settle(pilot)
        assert "New key for the profile work" in screen_words(app)
        assert "The old key sk-…bbbb is kept until the new one works." in screen_words(app)
