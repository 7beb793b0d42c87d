"""The only field in which a key is typed or pasted.

It shows dots, copies nothing to the clipboard, posts a `Secret` and empties itself.
"""

import re
from dataclasses import dataclass

from rich.repr import Result
from textual import events
from textual.message import Message
from textual.widgets import Input

from oai_tui.domain.keys.secret import Secret

_KEY_ASSIGNMENT = re.compile(
    r"(?i)^\s*(?:export\s+|set\s+|setx\s+)?[\"']?[A-Z0-9_]*(?:KEY|TOKEN)[\"']?\s*[=:]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedKey:
    """The part of a paste that is kept, and a sentence about the rest ("" if all is kept)."""

    text: str
    note: str = ""


def clean_pasted_key(text: str) -> PastedKey:
    """Remove blank lines around a pasted key, and settings of other names.

    Any other damage to the key stays, so that it can be reported to the user.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if not filled:
        return PastedKey(text="", note="The paste contained only whitespace." if text else "")
    inner = lines[filled[0] : filled[-1] + 1]
    assignments = [line for line in inner if _KEY_ASSIGNMENT.match(line)]
    if len(inner) > 1 and assignments:
        return PastedKey(text=assignments[0], note=_other_lines_note(len(filled) - 1))
    if len(inner) == len(lines):
        return PastedKey(text=text)
    note = _blank_lines_note(before=filled[0], after=len(lines) - 1 - filled[-1])
    return PastedKey(text="\n".join(inner), note=note)


def _other_lines_note(count: int) -> str:
    if not count:
        return ""
    plural = "s" if count != 1 else ""
    return f"Kept the line that names a key; left out {count} other line{plural}."


def _blank_lines_note(before: int, after: int) -> str:
    count = before + after
    breaks = "a line break" if count == 1 else f"{count} line breaks"
    sides = [side for side, lines in (("before", before), ("after", after)) if lines]
    return f"Left out {breaks} {' and '.join(sides)} the key."


class SecretInput(Input):
    """An input for keys, whose messages carry a `Secret` and never text.

    Posts `Edited` when its text changes; on enter `Entered`, or `NothingEntered` if it is empty.
    """

    class Edited(Message):
        """The text changed. `note` is a sentence about what a paste lost, or empty."""

        def __init__(self, secret: Secret, note: str = "") -> None:
            super().__init__()
            self.secret = secret
            self.note = note

    class Entered(Message):
        """The key was entered; the input is empty again."""

        def __init__(self, secret: Secret) -> None:
            super().__init__()
            self.secret = secret

    class NothingEntered(Message):
        """Enter was pressed while the input was empty."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(password=True, placeholder=placeholder, id=id, select_on_focus=False)
        self._note = ""
        # These carry the text.
        self.disable_messages(Input.Changed, Input.Blurred)

    def watch_value(self, value: str) -> None:
        self.post_message(self.Edited(Secret(value), self._note))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        pasted = clean_pasted_key(event.text)
        self._note = pasted.note
        if pasted.text:
            self.replace(pasted.text, *self.selection)
        else:
            self.post_message(self.Edited(Secret(self.value), self._note))

    def action_copy(self) -> None:
        """Refuse: a key does not go to the clipboard."""
        self.app.notify("Keys can't be copied from this field.", severity="warning", timeout=3)

    def action_cut(self) -> None:
        """Refuse, as for copying."""
        self.action_copy()

    async def action_submit(self) -> None:
        """Post the key and empty the field."""
        self.submit()

    def submit(self) -> None:
        """Post what was entered and empty the field, or post that it is empty."""
        if not self.value:
            self.post_message(self.NothingEntered())
            return
        self.post_message(self.Entered(Secret(self.value)))
        self._note = ""
        with self.prevent(SecretInput.Edited):
            self.value = ""

    def __rich_repr__(self) -> Result:
        yield "length", len(self.value)
