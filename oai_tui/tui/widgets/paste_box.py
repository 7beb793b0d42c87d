"""A text area for pasted or typed errors.

Secrets are removed before a paste is shown, and from a typed line as soon as a word of it is
finished. Nothing goes to the clipboard in clear.
"""

import re
from collections.abc import Callable

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location

from oai_tui.domain.keys.redaction import key_body_spans, restore_invisible, visible

MAX_CHARS = 400_000
"""Characters that the box holds, as many as `explain` reads of a paste."""
_MAX_LINE = 8_000
"""Characters of a line beyond which it is broken: a longer one is slow to draw."""
_MAX_TOKEN = 8_000
"""Characters of the longest key or token."""
_LINE_BREAK = re.compile(r"\r\n|[\r\u2028\u2029]")
_WORD_CHARACTERS = re.compile(r"[\w-]+\Z")


def keep_both_ends(text: str, limit: int) -> str:
    """Shorten a text to about `limit` characters by leaving out its middle.

    Both cuts are made at blanks: half of a key without its prefix would not be recognised as one.
    """
    if len(text) <= limit:
        return text
    half = max(0, limit // 2 - 2)
    head, tail = text[:half], text[len(text) - half :]
    blank = max((head.rfind(mark, max(0, half - _MAX_TOKEN)) for mark in " \t\n"), default=-1)
    gap = re.search(r"[ \t\n]", tail[:_MAX_TOKEN])
    head = head[: blank if blank >= 0 else max(0, half - _MAX_TOKEN)]
    return f"{head}\n…\n{tail[gap.end() if gap else _MAX_TOKEN :]}"


def break_long_lines(text: str) -> str:
    """Break every line of more than 8,000 characters, after a blank where there is one."""
    if len(text) <= _MAX_LINE:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        while len(line) > _MAX_LINE:
            blank = line.rfind(" ", _MAX_LINE // 2, _MAX_LINE)
            end = blank + 1 if blank >= 0 else _MAX_LINE
            lines.append(line[:end])
            line = line[end:]
        lines.append(line)
    return "\n".join(lines)


class PasteBox(TextArea):
    """Several lines of text without secrets. `redact` removes the secrets from a text."""

    class Pasted(Message):
        """A paste was inserted.

        `received` is the number of characters in the paste, `kept` the number that fitted, before
        redaction; `redacted` is True if a secret was removed.
        """

        def __init__(self, *, received: int, kept: int, redacted: bool) -> None:
            super().__init__()
            self.received = received
            self.kept = kept
            self.redacted = redacted

    def __init__(
        self, redact: Callable[[str], str], *, placeholder: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id, placeholder=placeholder, highlight_cursor_line=False, compact=True)
        self._redact = redact
        self._is_judged = False

    def insert_paste(self, text: str) -> None:
        """Replace the selection with a text, redacted and with control characters made visible.

        Does nothing while the box is read-only.
        """
        if self.read_only:
            return
        if self._is_judged and not self.selected_text:
            self.clear_text()
        self._is_judged = False
        text = _LINE_BREAK.sub("\n", text)
        kept = keep_both_ends(text, max(0, MAX_CHARS - len(self.text)))
        clean = self._redact(kept)
        result = super().replace(
            break_long_lines(visible(clean)),
            *self.selection,
            maintain_selection_offset=False,
        )
        first_row = min(self.selection.start, result.end_location)[0]
        last_row = result.end_location[0]
        self.move_cursor(result.end_location)
        for row in {first_row, last_row}:
            self._redact_line(row)
        self.history.clear()
        self.post_message(self.Pasted(received=len(text), kept=len(kept), redacted=clean != kept))

    def submit_text(self) -> str:
        """Return the whole text, with control characters as they were pasted.

        Removes what is still shown of a secret first.
        """
        clean = visible(self._redact(self.text))
        if clean != self.text:
            self.load_text(clean)
        return restore_invisible(clean)

    def mark_judged(self) -> None:
        """Let the next paste replace the text: it is another error."""
        self._is_judged = True

    def clear_text(self) -> None:
        """Forget the text, the undo history and the drawn lines."""
        self.load_text("")

    def on_unmount(self) -> None:
        """Forget them when the screen closes."""
        self.clear_text()

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn: what has the shape of a key shows as dots."""
        line = self.document.get_line(line_index)
        for start, end in key_body_spans(line):
            line = f"{line[:start]}{'•' * (end - start)}{line[end:]}"
        return Text(line, end="", no_wrap=True)

    def replace(
        self,
        insert: str,
        start: Location,
        end: Location,
        *,
        maintain_selection_offset: bool = True,
    ) -> EditResult:
        """Replace text as the base class does, and redact the line where a word has ended."""
        result = super().replace(
            insert, start, end, maintain_selection_offset=maintain_selection_offset
        )
        if not _WORD_CHARACTERS.match(insert):
            self._redact_line(min(start, end)[0])
        return result

    def undo(self) -> None:
        """Undo the last edits."""
        self._with_cursor_on_a_line(super().undo)

    def redo(self) -> None:
        """Do them again."""
        self._with_cursor_on_a_line(super().redo)

    def _with_cursor_on_a_line(self, change: Callable[[], None]) -> None:
        """Change the text while the cursor is on the first line.

        Textual 8.2 scrolls to the cursor before it moves it, and fails if its line is gone.
        """
        text, place = self.text, self.cursor_location
        self.move_cursor((0, 0))
        change()
        if self.text == text:
            self.move_cursor(place)

    def _redact_line(self, row: int) -> None:
        """Remove the secrets from a line; the cursor keeps its distance from the line's end."""
        line = self.document.get_line(row)
        clean = visible(self._redact(line))
        if clean == line:
            return
        cursor_row, column = self.cursor_location
        super().replace(clean, (row, 0), (row, len(line)))
        if cursor_row == row:
            self.move_cursor((row, max(0, len(clean) - (len(line) - column))))
        self.history.clear()

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_paste(event.text)

    def action_paste(self) -> None:
        """Insert what was copied inside this program."""
        self.insert_paste(self.app.clipboard)

    def action_copy(self) -> None:
        """Copy the selection.

        Its lines are redacted first: a piece of a key alone would not be recognised as one.
        """
        for row in range(min(self.selection)[0], max(self.selection)[0] + 1):
            self._redact_line(row)
        if self.selected_text:
            self.app.copy_to_clipboard(self._redact(self.selected_text))

    def action_cut(self) -> None:
        """Copy the selection without secrets, and delete it unless the box is read-only."""
        if not self.selected_text:
            return
        self.action_copy()
        if not self.read_only:
            self.delete(*self.selection, maintain_selection_offset=False)
