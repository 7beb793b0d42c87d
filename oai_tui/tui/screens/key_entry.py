"""Type or paste a key. What is shown of it is its kind, its length, its last four characters, and what is wrong with its text."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Origin
from oai_tui.knowledge.key_repairs import advice_for
from oai_tui.tui.formatting import display_safe, last4
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.secret_input import SecretInput

_MOST_DEFECTS = 4


class KeyEntryScreen(ModalScreen[Credential | None]):
    """Gives the credential, or None when the person thought better of it. `classify` names the kind of a key."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="entry.cancel", tooltip="Close without a key")
    ]

    def __init__(self, classify: Callable[[Secret], Credential]) -> None:
        super().__init__(classes="modal")
        self._classify = classify

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(Content("Enter a key"), classes="heading")
                yield Static(
                    Content(
                        "Type or paste it. It is shown as dots, kept in memory only, and sent nowhere before you continue."
                    ),
                    classes="hint",
                )
                yield SecretInput(placeholder="sk-…", id="secret")
                yield Static(id="assessment")
            yield ActionBar(
                [
                    Action(id="use", label="Check this key", enabled=False),
                    Action(id="cancel", label="Cancel"),
                ],
                grab_focus=False,
            )

    def on_mount(self) -> None:
        self.query_one(SecretInput).focus()

    @on(SecretInput.Edited)
    async def _edited(self, event: SecretInput.Edited) -> None:
        event.stop()
        self.query_one("#assessment", Static).update(self._assessment(event.secret, event.note))
        await self.query_one(ActionBar).show(
            [
                Action(id="use", label="Check this key", enabled=bool(event.secret)),
                Action(id="cancel", label="Cancel"),
            ]
        )

    def _assessment(self, secret: Secret, left_out: str) -> Content:
        out = []
        if secret:
            kind = self._classify(secret).kind.label
            out.append(
                Content.assemble(
                    (display_safe(kind), "bold"),
                    f" {last4(secret.masked)}",
                    (f"   {secret.length} characters", "$text-muted"),
                )
            )
        if left_out:
            out.append(Content.styled(f"• {left_out}", "$text-muted"))
        if secret and secret.defects:
            out.append(
                Content.assemble(
                    ("It reads ", "$text-muted"), display_safe(secret.masked_with_defects)
                )
            )
        for defect in secret.defects[:_MOST_DEFECTS] if secret else ():
            code = f" ({defect.code_point})" if defect.code_point else ""
            out.append(
                Content.assemble(
                    ("! ", "$warning"),
                    f"position {defect.position}: {display_safe(defect.text)}{code}",
                )
            )
        if secret and len(secret.defects) > _MOST_DEFECTS:
            out.append(
                Content.styled(f"  and {len(secret.defects) - _MOST_DEFECTS} more", "$text-muted")
            )
        advice = (
            advice_for([defect.id for defect in secret.defects], Origin(kind="typed"))
            if secret
            else None
        )
        if advice is not None:
            out.append(Content.styled(display_safe(advice.how), "$text-muted"))
        return Content("\n").join(out)

    @on(SecretInput.Entered)
    def _entered(self, event: SecretInput.Entered) -> None:
        event.stop()
        self.dismiss(self._classify(event.secret))

    @on(ActionBar.Chosen)
    def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        if event.action == "use":
            self.query_one(SecretInput).submit()
        else:
            self.dismiss(None)

    def action_cancel(self) -> None:
        """Close without a key."""
        self.dismiss(None)
