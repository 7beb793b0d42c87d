"""Ready calls for a profile: one form is shown, the others are one key away, and what is shown can be copied. No key is in any of them."""

from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile import Profile
from oai_tui.reports import redact_strings
from oai_tui.reports.snippets import SNIPPETS
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar


class SnippetScreen(ModalScreen[None]):
    """Shows, switches, copies."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "copy", id="snippets.copy", tooltip="Copy what is shown"),
        Binding("escape,q", "close", "close", id="snippets.close", tooltip="Close this"),
    ]

    def __init__(self, profile: Profile) -> None:
        super().__init__(classes="modal")
        self.profile = redact_strings(profile, Redactor())
        self.kind = next(iter(SNIPPETS))

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll"):
                yield Static(id="snippet-title", classes="heading")
                yield Static(id="snippet", classes="verbatim")
                yield Static(
                    Content(
                        "\nIf your terminal does not take part in copying, select the text with the mouse (shift held)."
                    ),
                    id="snippet-hint",
                    classes="hint",
                )
            yield ActionBar(
                [
                    Action(id="copy", label="Copy"),
                    *(
                        Action(id=f"kind-{kind}", label=each.label)
                        for kind, each in SNIPPETS.items()
                    ),
                    Action(id="close", label="Close"),
                ]
            )

    def on_mount(self) -> None:
        self._show()

    @property
    def text(self) -> str:
        """What is shown and would be copied."""
        return SNIPPETS[self.kind].write(self.profile)

    def _show(self, copied: str = "") -> None:
        self.query_one("#snippet-title", Static).update(
            Content(display_safe(f"{SNIPPETS[self.kind].label} for {self.profile.name}{copied}"))
        )
        self.query_one("#snippet", Static).update(Content(self.text))

    @on(ActionBar.Chosen)
    def _chosen(self, event: ActionBar.Chosen) -> None:
        if event.action.startswith("kind-"):
            self.kind = event.action.removeprefix("kind-")
            self._show()
        elif event.action == "copy":
            self.action_copy()
        else:
            self.action_close()

    def action_copy(self) -> None:
        """Copy what is shown."""
        self.app.copy_to_clipboard(self.text)
        self._show(" · copied")

    def action_close(self) -> None:
        """Close this."""
        self.dismiss(None)


def show_snippets(app: App[None], profile: Profile) -> None:
    """Show ready calls for a profile above the screen that asks for it."""
    app.push_screen(SnippetScreen(profile))
