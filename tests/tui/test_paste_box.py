"""The box for pasted errors: what it keeps, and that no key is shown, copied or left in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from oai_tui.domain.keys.redaction import Redactor
from oai_tui.tui.widgets.paste_box import MAX_CHARS, PasteBox, break_long_lines, keep_both_ends
from tests.domain.keys.fake_keys import leaks
from tests.tui.fakes import KEY
from tests.tui.pilot_steps import paste, press, settle
from tests.tui.screen_text import screen_lines


class Box(App[None]):
    """The box alone."""

    def __init__(self) -> None:
        super().__init__()
        self.pastes: list[PasteBox.Pasted] = []

    def compose(self) -> ComposeResult:
        yield PasteBox(Redactor(), id="box")

    def on_mount(self) -> None:
        self.box.focus()

    def on_paste_box_pasted(self, event: PasteBox.Pasted) -> None:
        self.pastes.append(event)

    @property
    def box(self) -> PasteBox:
        return self.query_one(PasteBox)


def undo_history(box: PasteBox) -> str:
    """Return what undoing could bring back."""
    return repr(list(box.history._undo_stack))


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type characters, one key each."""
    for character in text:
        await pilot.press({" ": "space", "\n": "enter"}.get(character, character))
    await settle(pilot)


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "api_key='{}'",
        "curl -H 'Authorization: Bearer {}'",
        '{{"error": "Incorrect API key provided: {}"}}',
        "{}\n{}",
        "key {}",
    ],
)
async def test_a_pasted_key_is_nowhere(around: str) -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, around.format(KEY, KEY))
        box = app.box
        everything = (
            app.export_screenshot(),
            box.text,
            repr(box.document.__dict__),
            repr(vars(box)),
            undo_history(box),
            repr(app.pastes),
            box.submit_text(),
        )
        assert not [each for each in everything if leaks(KEY, each)]
        assert app.pastes[0].redacted


async def test_a_typed_key_shows_as_dots_and_is_removed_at_the_end_of_the_word() -> None:
    app = Box()
    async with app.run_test(size=(200, 24)) as pilot:
        await type_text(pilot, f"key {KEY}")
        assert "key sk-proj-••••" in screen_lines(app)
        assert KEY[20:40] not in app.export_screenshot()
        await type_text(pilot, " end")
        assert app.box.text == "key sk-proj-… end"
        assert not leaks(KEY, undo_history(app.box))


async def test_a_key_whose_beginning_was_typed_and_whose_rest_was_pasted_is_removed() -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, KEY[:8])
        await paste(pilot, KEY[8:])
        assert app.box.text == "sk-proj-…"


async def test_a_key_put_together_by_deleting_is_removed_when_it_is_submitted() -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, f"{KEY[:8]} {KEY[8:]}")
        app.box.move_cursor((0, 9))
        await press(pilot, "backspace")
        assert KEY[20:40] not in app.export_screenshot()
        assert not leaks(KEY, app.box.submit_text())
        assert app.box.text == "sk-proj-…"


@pytest.mark.parametrize("keys", [("ctrl+x",), ("super+c",)])
async def test_what_is_copied_has_no_key(keys: tuple[str, ...]) -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, KEY)
        app.box.select_all()
        app.box.selection = app.box.selection.__class__((0, 20), (0, 60))
        await press(pilot, *keys)
        assert not leaks(KEY, app.clipboard)
        app.box.select_all()
        await press(pilot, *keys)
        assert app.clipboard in {"", "sk-proj-…"}


async def test_nothing_is_left_when_the_box_is_closed() -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, "an error")
        box = app.box
        await box.remove()
        assert box.text == ""
        assert undo_history(box) == "[]"


async def test_control_characters_are_visible_and_submitted_as_they_were() -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, "a\x1b[31mred\x1b[0m\x07 [/x] [bold]b\u202ec\r\nnext\rlast")
        assert "a␛[31mred␛[0m␇ [/x] [bold]b<U+202E>c" in screen_lines(app)
        assert app.box.submit_text() == "a\x1b[31mred\x1b[0m\x07 [/x] [bold]b\u202ec\nnext\nlast"


async def test_a_megabyte_is_cut_to_its_ends_and_typing_goes_on() -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, "first\n" + "x" * 1_000_000 + " last")
        assert app.pastes[0].received == 1_000_011
        assert app.pastes[0].kept <= MAX_CHARS
        assert app.box.text.startswith("first\n")
        assert app.box.text.endswith(" last")
        await type_text(pilot, "!")
        assert app.box.text.endswith(" last!")


async def test_pastes_never_grow_beyond_the_limit() -> None:
    app = Box()
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, "word " * 70_000)
        await paste(pilot, "word " * 70_000)
        await paste(pilot, "word " * 70_000)
        assert len(app.box.text) <= MAX_CHARS + 1_000


@given(st.text("ab \n", max_size=300), st.integers(8, 100))
def test_a_cut_keeps_the_ends_and_the_limit(text: str, limit: int) -> None:
    kept = keep_both_ends(text, limit)
    assert kept == text or len(kept) <= limit


@given(st.integers(0, 40_000), st.integers(12, 164))
def test_no_half_of_a_key_is_left_at_a_cut(at: int, length: int) -> None:
    key = KEY[:length]
    text = ("log " * 10_000)[:at] + " " + key + " " + "log " * 20_000
    kept = keep_both_ends(text, 40_000)
    assert key in kept or not [
        piece for piece in kept.split() if piece not in {"log", "l", "lo", "…"} and piece in key
    ]


@given(st.lists(st.text("ab ", max_size=20_000), max_size=3))
def test_folding_loses_nothing_but_lines_length(lines: list[str]) -> None:
    text = "\n".join(lines)
    out = break_long_lines(text)
    assert out.replace("\n", "") == text.replace("\n", "")
    assert max(map(len, out.split("\n"))) <= 8_000


async def test_undoing_the_lines_that_need_a_scrollbar_is_survived() -> None:
    app = Box()
    async with app.run_test(size=(30, 6)) as pilot:
        app.box.insert("a\n" * 20)
        await settle(pilot)
        await pilot.press("ctrl+z")
        await settle(pilot)
        assert (app.box.text, app.box.cursor_location) == ("", (0, 0))
        await pilot.press("ctrl+y")
        await settle(pilot)
        assert app.box.text == "a\n" * 20
        place = app.box.cursor_location
        await pilot.press("ctrl+y")
        assert app.box.cursor_location == place
