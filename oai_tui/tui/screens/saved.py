"""The profile is in the keyring: where, and how to use it."""

from shlex import quote
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from oai_tui.domain.profile import named_profile
from oai_tui.knowledge.links import API_KEYS
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.scroll_screen import ScrollArea, ScrollScreen
from oai_tui.tui.screens.snippets import show_snippets
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as report
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation


class SavedScreen(ScrollScreen[None]):
    """The end of the main job."""

    CSS_PATH = "saved.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "primary",
            "done",
            id="saved.done",
            key_display="enter",
            tooltip="Leave the program",
        ),
        Binding(
            "b,escape",
            "another",
            "another key",
            id="saved.another",
            tooltip="Back to the choice of keys",
            key_display="b",
        ),
        Binding(
            "c",
            "snippets",
            "ready calls",
            id="saved.snippets",
            tooltip="Calls for curl, Python, Node, .env and GitHub Actions, to copy; without the key",
        ),
        Binding(
            "p",
            "profiles",
            "profiles",
            id="saved.profiles",
            tooltip="Saved profiles in the keyring",
        ),
    ]

    app: "Navigation"

    def __init__(self, sitting: CheckSession, progress: WalkProgress) -> None:
        super().__init__()
        self.sitting, self.progress = sitting, progress

    def compose(self) -> ComposeResult:
        name = display_safe(str(self.progress.facts.get("saved_as", "")))
        keyring = display_safe(
            str(self.progress.facts.get("keyring_name", "") or self.sitting.services.vault.backend)
        )
        demo = self.sitting.services.mode == "demo"
        note = "This is the demo: its keyring lives in memory, and nothing was written to yours."
        yield TitleBar("Saved", self.app.badge)
        with ScrollArea(id="saved"):
            yield ParagraphView(
                [
                    paragraph(
                        ("✓ ", "bold $success"), ("Saved as ", "bold $success"), (name, "bold")
                    ),
                    paragraph(
                        "  ", f"The key and its settings are in {keyring}, read back and compared."
                    ),
                    *([paragraph("  ", (note, "$text-muted"))] if demo else []),
                ],
                id="saved-light",
            )
            if old := self._old_key(name):
                yield ParagraphView(old, id="saved-old")
            file = self.sitting.services.file
            yield ParagraphView(
                usage(
                    name,
                    file.name.removeprefix("the encrypted file ")
                    if file is not None and self.sitting.services.uses_file
                    else "",
                ),
                id="usage",
            )
            if self.sitting.changes:
                yield ParagraphView(report.changes(self.sitting.changes), id="saved-made")
        yield ActionBar(
            [
                Action(id="done", label="Done"),
                Action(id="snippets", label="Ready calls"),
                Action(id="another", label="Check another key"),
                Action(id="profiles", label="Profiles"),
            ]
        )
        yield KeyFooter()

    def _old_key(self, name: str) -> list[Paragraph]:
        """After a rotation: the key whose place was taken, for deletion."""
        old = self.sitting.profile
        if old is None or not self.sitting.rotating or old.name != name:
            return []
        return [
            paragraph(
                ("! ", "$warning"),
                (
                    f"The old key {display_safe(old.hint)} (fingerprint {old.fingerprint}) still works at OpenAI.",
                    "bold",
                ),
            ),
            paragraph("  ", "Once nothing uses it any more, delete it: ", (API_KEYS, "underline")),
        ]

    @on(ActionBar.Chosen)
    async def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_primary(self) -> None:
        """Leave the program."""
        self.action_done()

    def action_done(self) -> None:
        """Leave the program."""
        self.app.exit(return_code=0)

    def action_another(self) -> None:
        """Back to the choice of keys."""
        self.app.back_to_start()

    def action_snippets(self) -> None:
        """Show ready calls for the saved profile."""
        if self.sitting.credential is not None:
            show_snippets(
                self.app,
                named_profile(
                    str(self.progress.facts.get("saved_as", "")),
                    self.sitting.target,
                    self.sitting.credential,
                ),
            )

    def action_profiles(self) -> None:
        """Show the saved profiles."""
        self.app.open_profiles()


def usage(name: str, file: str = "") -> list[Paragraph]:
    """The commands that use a saved profile. `file`: the encrypted file that keeps it, "" for the keyring."""
    store = f"OAI_TUI_STORE=file:{quote(file) if ' ' in file else file} " if file else ""
    table = (
        ("Run a program", f"{store}oai-tui exec {name} -- COMMAND"),
        ("In this shell", f'eval "$({store}oai-tui env {name})"'),
        ("Who is it?", f"{store}oai-tui whoami {name}"),
        ("Check it again", f"{store}oai-tui check --profile {name}"),
        *(() if file else (("The key alone", f"keyring get oai-tui {name}"),)),
    )
    rows = [
        paragraph((f"{label:<17}", "$text-muted"), (f" {command} ", "$text on $panel"))
        for label, command in table
    ]
    return [paragraph("", ("How to use it", "bold")), paragraph(""), *rows]
