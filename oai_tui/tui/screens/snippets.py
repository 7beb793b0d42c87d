"""Code samples for a profile: one is shown, the others are one button away.

No key is in them.
"""

from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile import Profile
from oai_tui.reports import redact_strings
from oai_tui.reports.snippets import SNIPPETS
from oai_tui.tui.closable import ClosableDialog
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.dialogs import COPY_HINT
from oai_tui.tui.widgets.action_bar import Action, ActionBar


class SnippetScreen(ClosableDialog[None]):
    """Shows one code sample, switches to others, copies it."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "copy", id="snippets.copy", tooltip="Copy the sample"),
        Binding("escape,q", "close", "close", id="snippets.close", tooltip="Close the samples"),
    ]

    def __init__(self, profile: Profile) -> None:
        super().__init__(classes="modal")
        self.profile = redact_strings(profile, Redactor())
        self.kind = next(iter(SNIPPETS))

    def compose(self) -> ComposeResult:
        kinds = [
            Action(id=f"kind-{kind}", label=snippet.label) for kind, snippet in SNIPPETS.items()
        ]
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll"):
                yield Static(id="snippet-title", classes="heading")
                yield Static(id="snippet", classes="verbatim")
                yield Static(Content(COPY_HINT), id="snippet-hint", classes="hint")
            yield ActionBar(
                [Action(id="copy", label="Copy"), *kinds, Action(id="close", label="Close")]
            )

    def on_mount(self) -> None:
        self._show()

    @property
    def text(self) -> str:
        """The sample that is shown and would be copied."""
        return SNIPPETS[self.kind].write(self.profile)

    def _show(self, suffix: str = "") -> None:
        """Show the sample, with `suffix` at the end of its title."""
        title = f"{SNIPPETS[self.kind].label} · profile {self.profile.name}{suffix}"
        self.query_one("#snippet-title", Static).update(Content(display_safe(title)))
        self.query_one("#snippet", Static).update(Content(self.text))

    @on(ActionBar.Chosen)
    def _run_chosen(self, event: ActionBar.Chosen) -> None:
        if event.action.startswith("kind-"):
            self.kind = event.action.removeprefix("kind-")
            self._show()
        elif event.action == "copy":
            self.action_copy()
        else:
            self.action_close()

    def action_copy(self) -> None:
        """Copy the sample."""
        self.app.copy_to_clipboard(self.text)
        self._show(" · copied")

    def action_close(self) -> None:
        """Close this screen."""
        self.dismiss(None)


def show_snippets(app: App[None], profile: Profile) -> None:
    """Show the code samples of a profile above the current screen."""
    app.push_screen(SnippetScreen(profile))
