"""Where an error is pasted or typed. Secrets are taken out before a paste is shown, and out of a typed line as soon as it is finished; nothing of it goes to the clipboard in clear."""

import re
from collections.abc import Callable

from rich.text import Text
from textual import events
from textual.document._document import EditResult, Location
from textual.message import Message
from textual.widgets import TextArea

from oai_tui.domain.keys.redaction import key_body_spans, restore_invisible, visible

MAX_CHARS = 400_000
"""Characters that the box holds; of more, the two ends of what is pasted. As much as is read of a paste."""
_LONGEST_LINE = 8_000
"""Characters beyond which a line is folded at a blank: a longer one is slow to draw."""
_TOKEN = 8_000
"""No key or token is longer than this, so that none is left in part where a text is cut."""
_BREAK = re.compile(r"\r\n|[\r\u2028\u2029]")
_IN_A_WORD = re.compile(r"[\w-]+\Z")


def shortened(text: str, most: int) -> str:
    """The two ends of a text longer than `most` characters, cut between words, so that no half of a key stays without the beginning that gives it away."""
    if len(text) <= most:
        return text
    half = max(0, most // 2 - 2)
    head, tail = text[:half], text[len(text) - half :]
    blank = max((head.rfind(mark, max(0, half - _TOKEN)) for mark in " \t\n"), default=-1)
    gap = re.search(r"[ \t\n]", tail[:_TOKEN])
    head = head[: blank if blank >= 0 else max(0, half - _TOKEN)]
    return f"{head}\n…\n{tail[gap.end() if gap else _TOKEN :]}"


def folded(text: str) -> str:
    """The text with every very long line broken, at a blank where there is one."""
    if len(text) <= _LONGEST_LINE:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        while len(line) > _LONGEST_LINE:
            at = line.rfind(" ", _LONGEST_LINE // 2, _LONGEST_LINE)
            at = at + 1 if at >= 0 else _LONGEST_LINE
            lines.append(line[:at])
            line = line[at:]
        lines.append(line)
    return "\n".join(lines)


class PasteBox(TextArea):
    """Some lines of text. `scrub` takes the secrets out of a text. Posts `Taken` after a paste."""

    class Taken(Message):
        """A paste stands in the box. `given`: how many characters it had; `kept`: how many of them were taken before secrets were hidden; `hid`: whether any were."""

        def __init__(self, *, given: int, kept: int, hid: bool) -> None:
            super().__init__()
            self.given, self.kept, self.hid = given, kept, hid

    def __init__(
        self, scrub: Callable[[str], str], *, placeholder: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id, placeholder=placeholder, highlight_cursor_line=False, compact=True)
        self._scrub = scrub
        self._is_judged = False

    def insert_paste(self, text: str) -> None:
        """Put a text in place of what is selected, without its secrets, its control characters made visible; nothing while the box is read only."""
        if self.read_only:
            return
        if self._is_judged and not self.selected_text:
            self.clear_text()
        self._is_judged = False
        text = _BREAK.sub("\n", text)
        kept = shortened(text, max(0, MAX_CHARS - len(self.text)))
        clean = self._scrub(kept)
        if result := super()._replace_via_keyboard(folded(visible(clean)), *self.selection):
            first, last = min(self.selection.start, result.end_location)[0], result.end_location[0]
            self.move_cursor(result.end_location)
            for row in {first, last}:
                self._redact_line(row)
            self.history.clear()
        self.post_message(self.Taken(given=len(text), kept=len(kept), hid=clean != kept))

    def submit_text(self) -> str:
        """The whole text to be judged, as it was before control characters were made visible; what is still shown of a secret is hidden first."""
        clean = visible(self._scrub(self.text))
        if clean != self.text:
            self.load_text(clean)
        return restore_invisible(clean)

    def mark_judged(self) -> None:
        """Let the next paste replace the text: it is another error."""
        self._is_judged = True

    def clear_text(self) -> None:
        """Keep nothing: no text, no history, no drawn line."""
        self.load_text("")
        self._line_cache.clear()

    def on_unmount(self) -> None:
        """The same when the screen closes."""
        self.history.clear()
        self._set_document("", None)
        self._line_cache.clear()

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: what is being typed and has a key's shape shows as dots."""
        line = self.document.get_line(line_index)
        for start, end in key_body_spans(line):
            line = f"{line[:start]}{'•' * (end - start)}{line[end:]}"
        return Text(line, end="", no_wrap=True)

    def _replace_via_keyboard(
        self, insert: str, start: Location, end: Location
    ) -> EditResult | None:
        result = super()._replace_via_keyboard(insert, start, end)
        if result is not None and not _IN_A_WORD.match(insert):
            self._redact_line(min(start, end)[0])
        return result

    def _redact_line(self, row: int) -> None:
        """Take the secrets out of a line; the cursor keeps its distance from the line's end."""
        line = self.document.get_line(row)
        clean = visible(self._scrub(line))
        if clean == line:
            return
        at, column = self.cursor_location
        self.replace(clean, (row, 0), (row, len(line)))
        if at == row:
            self.move_cursor((row, max(0, len(clean) - (len(line) - column))))
        self.history.clear()

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_paste(event.text)

    def action_paste(self) -> None:
        """Take what was copied inside this program."""
        self.insert_paste(self.app.clipboard)

    def action_copy(self) -> None:
        """Copy what is selected, after the secrets are out of its lines: a piece of a key alone would not be known for one."""
        for row in range(min(self.selection)[0], max(self.selection)[0] + 1):
            self._redact_line(row)
        if self.selected_text:
            self.app.copy_to_clipboard(self._scrub(self.selected_text))

    def action_cut(self) -> None:
        """Copy what is selected, without secrets, and delete it."""
        if self.selected_text:
            self.action_copy()
            self._delete_via_keyboard(*self.selection)
