"""The form for a saved profile: its name, note, expiry, rotation, and whether it is the default."""

from collections.abc import Callable, Collection
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.profile import NAME_RULE, NOTE_LIMIT, Profile, valid_name
from oai_tui.services.profile_changes import ProfileEdit
from oai_tui.tui.closable import ClosableDialog
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.mark_box import MarkBox

_MAX_DAYS = 36_500
"""Days of the longest rotation policy: a hundred years."""
_FIELDS = (
    ("name", "Name"),
    ("note", "Note"),
    ("expires", "Expires on"),
    ("rotate", "Rotate after"),
)
_HINTS = {
    "name": "Letters, digits, dots, hyphens, underscores; at most 64.",
    "note": f"Who owns the key, what it is for; at most {NOTE_LIMIT} characters.",
    "expires": "The day the key expires, as 2027-01-31. Empty: not known.",
    "rotate": "Days until the key is due for rotation; 0: never.",
    "default": "Used by exec, env and whoami without a name. Space: change.",
}
"""Field -> what to type there."""


class ProfileEditScreen(ClosableDialog[ProfileEdit | None]):
    """Returns the changed values, or None if the user cancels.

    `taken`: the names of the other profiles. `redact` removes secrets from the note. `field`: the
    one that has the focus first.
    """

    CSS_PATH = ["modal.tcss", "profile_edit.tcss"]  # noqa: RUF012  an instance's in Textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="edit.cancel", tooltip="Change nothing"),
        Binding(
            "ctrl+s",
            "save",
            "save",
            id="edit.save",
            tooltip="Save the changes",
            show=False,
        ),
    ]

    def __init__(
        self,
        profile: Profile,
        *,
        is_default: bool,
        taken: Collection[str],
        redact: Callable[[str], str],
        rotate_days: int,
        field: str = "name",
    ) -> None:
        super().__init__(classes="modal")
        self.profile = profile
        self._is_default = is_default
        self._taken = taken
        self._redact = redact
        self._rotate_days = rotate_days
        self._first_field = field
        self._wrong = ("", "")
        """The field that could not be saved, and why; both empty if none."""

    def compose(self) -> ComposeResult:
        notes = self.profile.notes
        values = {
            "name": visible(self.profile.name),
            "note": visible(notes.note),
            "expires": str(notes.expires_on) if notes.expires_on else "",
            "rotate": "" if notes.rotate_days is None else str(notes.rotate_days),
        }
        placeholders = {
            "note": "none",
            "expires": "YYYY-MM-DD",
            "rotate": f"{self._rotate_days} days" if self._rotate_days else "never",
        }
        with Vertical(classes="box"):
            title = f"Edit the profile {display_safe(self.profile.name)}"
            yield Static(Content(title), classes="heading")
            with VerticalScroll(classes="scroll", can_focus=False):
                for field, label in _FIELDS:
                    with Horizontal(classes="field"):
                        yield Static(Content(label))
                        yield Input(
                            values[field],
                            placeholder=placeholders.get(field, ""),
                            id=f"edit-{field}",
                            compact=True,
                            max_length=NOTE_LIMIT if field == "note" else 64,
                        )
                yield MarkBox("Default profile", self._is_default, id="edit-default")
                yield Static(id="edit-hint", classes="hint")
            yield ActionBar(
                [Action(id="save", label="Save changes"), Action(id="cancel", label="Cancel")],
                grab_focus=False,
            )

    def on_mount(self) -> None:
        self.query_one(f"#edit-{self._first_field}").focus()

    def on_descendant_focus(self) -> None:
        """Show what to type in the field that has the focus, or what is wrong with it."""
        self._show_hint()

    @on(Input.Changed)
    def _forget_problem(self) -> None:
        self._wrong = ("", "")
        self._show_hint()

    def _show_hint(self) -> None:
        focused = self.focused.id if self.focused is not None else None
        field = (focused or "").removeprefix("edit-")
        wrong, problem = self._wrong
        hint = Content(_HINTS.get(field, "Esc: cancel, change nothing."))
        if wrong and wrong == field:
            hint = Content.styled(f"! {problem}", "$warning")
        self.query_one("#edit-hint", Static).update(hint)

    def _value(self, field: str) -> str:
        return self.query_one(f"#edit-{field}", Input).value.strip()

    def _problem(self) -> tuple[str, str]:
        """Return the first field that is wrong, and why; both empty if all is right."""
        name = self._value("name")
        if not valid_name(name):
            return "name", f"A name has {NAME_RULE}."
        if name != self.profile.name and name in self._taken:
            return "name", f"There is a profile {name} already. Choose another name."
        expires = self._value("expires")
        if expires and _day(expires) is None:
            return "expires", "Write the day as YYYY-MM-DD, for example 2027-01-31."
        rotate = self._value("rotate")
        if rotate and _days(rotate) is None:
            return "rotate", f"Write a number of days from 0 to {_MAX_DAYS}."
        return "", ""

    @on(Input.Submitted)
    def _save_entered(self) -> None:
        self.action_save()

    @on(ActionBar.Chosen)
    def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        if event.action == "save":
            self.action_save()
        else:
            self.action_cancel()

    def action_save(self) -> None:
        """Return the values; or say what is wrong with one, and go to it."""
        field, problem = self._problem()
        if field:
            self._wrong = (field, problem)
            self.query_one(f"#edit-{field}").focus()
            self._show_hint()
            return
        rotate, expires = self._value("rotate"), self._value("expires")
        self.dismiss(
            ProfileEdit(
                name=self._value("name"),
                note=self._redact(self._value("note"))[:NOTE_LIMIT],
                expires_on=_day(expires) if expires else None,
                rotate_days=_days(rotate) if rotate else None,
                is_default=self.query_one("#edit-default", MarkBox).value,
            )
        )

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)


def _day(text: str) -> date | None:
    """Return the day that is written as YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _days(text: str) -> int | None:
    """Return a number of days up to _MAX_DAYS; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    return int(text) if int(text) <= _MAX_DAYS else None
