"""The one place where a key is typed or pasted. It shows dots, gives nothing to the clipboard, posts a `Secret`, and empties itself."""

import re
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import Input

from oai_tui.domain.keys.secret import Secret

_NAMES_A_KEY = re.compile(
    r"(?i)^\s*(?:export\s+|set\s+|setx\s+)?[\"']?[A-Z0-9_]*(?:KEY|TOKEN)[\"']?\s*[=:]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedKey:
    """What of a paste is kept (`text`), and a sentence about what was left out, "" when nothing was."""

    text: str
    left_out: str = ""


def clean_pasted_key(text: str) -> PastedKey:
    """A paste without the blank lines around it. Of several lines that read as settings, the one that names a key; any other damage stays, because the person should hear of it."""
    lines = re.split(r"\r\n|\r|\n", text)
    kept = [number for number, line in enumerate(lines) if line.strip()]
    if not kept:
        return PastedKey(text="", left_out="The paste held nothing but blanks." if text else "")
    inside = lines[kept[0] : kept[-1] + 1]
    named = [line for line in inside if _NAMES_A_KEY.match(line)]
    if len(inside) > 1 and named:
        rest = len([line for line in inside if line.strip()]) - 1
        return PastedKey(
            text=named[0],
            left_out=f"Kept the line that names a key; left out {rest} other line{'s' if rest != 1 else ''}."
            if rest
            else "",
        )
    blank = len(lines) - len(inside)
    if not blank:
        return PastedKey(text=text)
    where = (
        "before and after"
        if kept[0] and kept[-1] < len(lines) - 1
        else "before"
        if kept[0]
        else "after"
    )
    return PastedKey(
        text="\n".join(inside),
        left_out=f"Left out {'a line break' if blank == 1 else f'{blank} line breaks'} {where} the key.",
    )


class SecretInput(Input):
    """An input for keys. Posts `Assessed` whenever its text changes and `Entered` on enter; both carry a `Secret`, never text."""

    class Assessed(Message):
        """The text changed. `left_out` tells what a paste lost."""

        def __init__(self, secret: Secret, left_out: str = "") -> None:
            super().__init__()
            self.secret = secret
            self.left_out = left_out

    class Entered(Message):
        """The key was entered; the input is empty again."""

        def __init__(self, secret: Secret) -> None:
            super().__init__()
            self.secret = secret

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(password=True, placeholder=placeholder, id=id, select_on_focus=False)
        self._left_out = ""

    def _watch_value(self, value: str) -> None:
        with self.prevent(Input.Changed):
            super()._watch_value(value)
        self.post_message(self.Assessed(Secret(value), self._left_out))

    def _on_blur(self, event: events.Blur) -> None:
        with self.prevent(Input.Blurred):
            super()._on_blur(event)
        event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        pasted = clean_pasted_key(event.text)
        self._left_out = pasted.left_out
        if pasted.text:
            self.replace(pasted.text, *self.selection)
        else:
            self.post_message(self.Assessed(Secret(self.value), self._left_out))
        event.stop()
        event.prevent_default()

    def action_copy(self) -> None:
        """Refused: a key does not go to the clipboard."""
        self.app.notify("A key is not copied out of this field.", severity="warning", timeout=3)

    def action_cut(self) -> None:
        """Refused, as copying."""
        self.action_copy()

    async def action_submit(self) -> None:
        """Hand the key over and forget it."""
        if self.value:
            self.hand_over()

    def hand_over(self) -> None:
        """Post what was entered and empty the field; nothing when it is empty."""
        if not self.value:
            return
        self.post_message(self.Entered(Secret(self.value)))
        self._left_out = ""
        with self.prevent(SecretInput.Assessed):
            self.value = ""

    def __rich_repr__(self):  # type: ignore[no-untyped-def]
        yield "length", len(self.value)
