"""The screen for typing or pasting a key.

It shows the kind of the key, its length, its last four characters, and defects of its text.
"""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Origin
from oai_tui.knowledge.key_repairs import advice_for
from oai_tui.tui.closable import ClosableDialog
from oai_tui.tui.formatting import display_safe, last4
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.secret_input import SecretInput

_DEMO_LABEL = "Use the demo key"
_MAX_DEFECTS = 4
"""Defects that are listed; of more, only the number is shown."""


class KeyEntryScreen(ClosableDialog[Credential | None]):
    """Returns the credential, or None if the user cancels.

    `classify` names the kind of a key. `profile` is the name of the profile whose key is replaced,
    "" for none, and `old_key` its key, masked. `demo_key` is a key that works in the demo, None in
    a real run, and `demo_hint` what else may be typed there. `refuse` returns the sentence that
    refuses a key, or "".
    """

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="entry.cancel", tooltip="Close without a key")
    ]

    def __init__(
        self,
        classify: Callable[[Secret], Credential],
        *,
        profile: str = "",
        old_key: str = "",
        demo_key: Secret | None = None,
        demo_hint: str = "",
        refuse: Callable[[Secret], str] = lambda secret: "",
    ) -> None:
        super().__init__(classes="modal")
        self._classify = classify
        self._profile = profile
        self._old_key = old_key
        self._demo_key = demo_key
        self._demo_hint = demo_hint
        self._refuse = refuse

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                heading = "Enter a key"
                if self._profile:
                    heading = f"New key for the profile {self._profile}"
                yield Static(Content(display_safe(heading)), classes="heading")
                yield Static(Content(display_safe(self._about())), classes="hint")
                yield SecretInput(placeholder="sk-…", id="secret")
                yield Static(id="assessment")
            yield ActionBar(self._actions(enabled=False), grab_focus=False)
            yield Static(Content("Esc: cancel"), classes="hint", id="answer-keys")

    def _about(self) -> str:
        kept = f"The old key {self._old_key} is kept until the new one works.\n\n"
        return (kept if self._profile else "") + self._how_to_enter()

    def _how_to_enter(self) -> str:
        if self._demo_key is not None:
            return (
                "This is a demo, so don't enter a real key. Choose "
                f"“{_DEMO_LABEL}” ({last4(self._demo_key.masked)}): it works here. "
                f"{self._demo_hint}"
            ).rstrip()
        return (
            "Type or paste it. It is shown as dots, kept in memory only, and not sent until you "
            "continue."
        )

    def on_mount(self) -> None:
        self.query_one(SecretInput).focus()

    def _actions(self, *, enabled: bool) -> list[Action]:
        use = Action(id="use", label="Check this key", enabled=enabled)
        cancel = Action(id="cancel", label="Cancel")
        if self._demo_key is None:
            return [use, cancel]
        demo = Action(id="demo", label=_DEMO_LABEL)
        return [use, demo, cancel] if enabled else [demo, use, cancel]

    @on(SecretInput.Edited)
    async def _assess(self, event: SecretInput.Edited) -> None:
        event.stop()
        self.query_one("#assessment", Static).update(self._assessment(event.secret, event.note))
        await self.query_one(ActionBar).show(self._actions(enabled=bool(event.secret)))

    def _assessment(self, secret: Secret, note: str) -> Content:
        """Return what is known about the text in the field; `note` is about its last paste."""
        lines: list[Content] = []
        if secret:
            kind = self._classify(secret).kind.label
            plural = "" if secret.length == 1 else "s"
            lines.append(
                Content.assemble(
                    (display_safe(kind), "bold"),
                    f" {last4(secret.masked)}",
                    (f"   {secret.length} character{plural}", "$text-muted"),
                )
            )
        if note:
            lines.append(Content.styled(f"• {note}", "$text-muted"))
        if secret:
            lines += _defect_lines(secret)
        return Content("\n").join(lines)

    @on(SecretInput.Entered)
    async def _return_key(self, event: SecretInput.Entered) -> None:
        event.stop()
        if refusal := self._refuse(event.secret):
            text = Content.assemble(("! ", "$warning"), refusal)
            self.query_one("#assessment", Static).update(text)
            await self.query_one(ActionBar).show(self._actions(enabled=False))
        else:
            self.dismiss(self._classify(event.secret))

    @on(SecretInput.NothingEntered)
    def _enter_nothing(self, event: SecretInput.NothingEntered) -> None:
        """Use the demo key, whose button is the first one then; else ask for a key."""
        event.stop()
        if self._demo_key is not None:
            self.dismiss(self._classify(self._demo_key))
            return
        missing = "The box is empty. Paste or type a key, or press Esc to cancel."
        self.query_one("#assessment", Static).update(
            Content.assemble(("! ", "$warning"), display_safe(missing))
        )

    @on(ActionBar.Chosen)
    def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        if event.action == "use":
            self.query_one(SecretInput).submit()
        elif event.action == "demo" and self._demo_key is not None:
            self.dismiss(self._classify(self._demo_key))
        else:
            self.dismiss(None)

    def action_cancel(self) -> None:
        """Close without a key."""
        self.dismiss(None)


def _defect_lines(secret: Secret) -> list[Content]:
    """Return the defects of a key's text, each with its position, and how to repair them."""
    defects = secret.defects
    lines: list[Content] = []
    if defects:
        shown = display_safe(secret.masked_with_defects)
        lines.append(Content.assemble(("What was entered: ", "$text-muted"), shown))
    for defect in defects[:_MAX_DEFECTS]:
        code_point = f" ({defect.code_point})" if defect.code_point else ""
        text = f"position {defect.position}: {display_safe(defect.text)}{code_point}"
        lines.append(Content.assemble(("! ", "$warning"), text))
    if len(defects) > _MAX_DEFECTS:
        more = f"  and {len(defects) - _MAX_DEFECTS} more"
        lines.append(Content.styled(more, "$text-muted"))
    advice = advice_for([defect.id for defect in defects], Origin(kind="typed"))
    if advice is not None:
        lines.append(Content.styled(display_safe(advice.how), "$text-muted"))
    return lines
