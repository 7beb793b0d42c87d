"""Entering a key: what a paste loses and keeps, what is said about it, and that nothing of it stays or leaves."""

import pytest
from textual import events
from textual.widgets import Input

from oai_tui.domain.keys.credential import Credential
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.key_entry import KeyEntryScreen
from oai_tui.tui.widgets.secret_input import SecretInput, clean_pasted_key
from tests.tui.fakes import KEY, NOW, FakeServices, credential
from tests.tui.pilot_steps import press, settle
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
        ("\n \n", "", "The paste held nothing but blanks."),
        ("", "", ""),
    ],
)
def test_a_paste_loses_only_what_is_said(paste: str, text: str, note: str) -> None:
    pasted = clean_pasted_key(paste)
    assert (pasted.text, pasted.note) == (text, note)


async def entry(app: OaiTui, got: list[Credential | None]) -> KeyEntryScreen:
    """The screen, pushed on the first one."""
    screen = KeyEntryScreen(lambda secret: credential_of(secret))
    await app.push_screen(screen, got.append)
    return screen


def credential_of(secret):  # type: ignore[no-untyped-def]
    return FakeServices().credential(secret, credential().origin)


@pytest.fixture
def app() -> OaiTui:
    return OaiTui(FakeServices(credential()), now=lambda: NOW)  # type: ignore[arg-type]


async def test_a_paste_with_a_leading_newline_enters_the_key(app: OaiTui) -> None:
    got: list[Credential | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await entry(app, got)
        screen.query_one(SecretInput).post_message(events.Paste(f"\n{KEY}\n"))
        await settle(pilot)
        assert "project key …bbbb 164 characters" in screen_words(app)
        assert "Left out 2 line breaks before and after the key." in screen_words(app)
        await press(pilot, "enter")
    assert got[0] is not None
    assert got[0].secret == credential().secret


async def test_defects_are_named_with_their_position_and_kept(app: OaiTui) -> None:
    got: list[Credential | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await entry(app, got)
        screen.query_one(SecretInput).post_message(events.Paste(f"{KEY[:10]}\u200b{KEY[10:]}"))
        await settle(pilot)
        assert "position 11: an invisible character (zero width space) (U+200B)" in screen_words(
            app
        )
        assert "It reads sk-proj-…‹U+200B zero-width›…bbbb" in screen_words(app)
        assert "invisible characters" in screen_words(app)
        await press(pilot, "enter")
    assert got[0] is not None
    assert [defect.position for defect in got[0].defects] == [11]


@pytest.mark.parametrize("key", ["ctrl+x", "super+c"])
async def test_the_key_does_not_go_to_the_clipboard(app: OaiTui, key: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await entry(app, [])
        screen.query_one(SecretInput).post_message(events.Paste(KEY))
        await press(pilot, "ctrl+shift+a", key)
        assert app.clipboard == ""


async def test_the_input_empties_itself_and_shows_dots(app: OaiTui) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await entry(app, [])
        box = screen.query_one(SecretInput)
        box.post_message(events.Paste(KEY))
        await settle(pilot)
        assert KEY[:12] not in app.export_screenshot()
        box.submit()
        assert box.value == ""


async def test_no_message_of_the_input_carries_the_text(app: OaiTui) -> None:
    heard: list[object] = []

    class Listening(KeyEntryScreen):
        CSS_PATH = None

        def on_input_changed(self, event: Input.Changed) -> None:
            heard.append(event)

        def on_input_submitted(self, event: Input.Submitted) -> None:
            heard.append(event)

        def on_input_blurred(self, event: Input.Blurred) -> None:
            heard.append(event)

    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Listening(credential_of))
        app.screen.query_one(SecretInput).post_message(events.Paste(KEY))
        await press(pilot, "a", "tab", "shift+tab", "enter")
    assert heard == []


async def test_escape_enters_nothing(app: OaiTui) -> None:
    got: list[Credential | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await entry(app, got)
        await press(pilot, "s", "escape")
    assert got == [None]
