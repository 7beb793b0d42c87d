"""The profile is in the keyring: where, and how to use it."""

from shlex import quote
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from oai_tui.tui.progress import Progress
from oai_tui.tui.screens.paned import Pane, PanedScreen
from oai_tui.tui.sitting import Sitting
from oai_tui.tui.widgets import report
from oai_tui.tui.widgets.actions import Action, ActionBar
from oai_tui.tui.widgets.sheet import Hang, Sheet, hang
from oai_tui.tui.widgets.title_bar import TitleBar
from oai_tui.tui.words import shown

if TYPE_CHECKING:
    from oai_tui.tui.app import OaiTui


class SavedScreen(PanedScreen[None]):
    """The end of the main job."""

    CSS_PATH = "saved.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "primary", "done", id="saved.done", key_display="enter", tooltip="Leave the program"),
        Binding("b,escape", "another", "another key", id="saved.another", tooltip="Back to the choice of keys", key_display="b"),
        Binding("p", "profiles", "profiles", id="saved.profiles", tooltip="Saved profiles in the keyring"),
    ]

    app: "OaiTui"

    def __init__(self, sitting: Sitting, progress: Progress) -> None:
        super().__init__()
        self.sitting, self.progress = sitting, progress

    def compose(self) -> ComposeResult:
        name = shown(str(self.progress.facts.get("saved_as", "")))
        keyring = shown(str(self.progress.facts.get("keyring_name", "") or self.sitting.services.vault.backend))
        demo = self.sitting.services.mode == "demo"
        note = "This is the demo: its keyring lives in memory, and nothing was written to yours."
        yield TitleBar("Saved", self.app.badge)
        with Pane(id="saved"):
            yield Sheet(
                [
                    hang(("✓ ", "bold $success"), ("Saved as ", "bold $success"), (name, "bold")),
                    hang("  ", f"The key and its settings are in {keyring}, read back and compared."),
                    *([hang("  ", (note, "$text-muted"))] if demo else []),
                ],
                id="saved-light",
            )
            file = self.sitting.services.file
            yield Sheet(usage(name, file.name.removeprefix("the encrypted file ") if file is not None and self.sitting.services.uses_file else ""), id="usage")
            if self.sitting.made:
                yield Sheet(report.changes(self.sitting.made), id="saved-made")
        yield ActionBar([Action(id="done", label="Done"), Action(id="another", label="Check another key"), Action(id="profiles", label="Profiles")])
        yield Footer(compact=True, show_command_palette=False)

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

    def action_profiles(self) -> None:
        """Show the saved profiles."""
        self.app.open_profiles()


def usage(name: str, file: str = "") -> list[Hang]:
    """The commands that use a saved profile. `file`: the encrypted file that keeps it, "" for the keyring."""
    table = (("Check it again", f"OAI_TUI_STORE=file:{quote(file) if ' ' in file else file} oai-tui check --profile {name}"),) if file else (
        ("Check it again", f"oai-tui check --profile {name}"),
        ("The key alone", f"keyring get oai-tui {name}"),
        ("In a shell", f'export OPENAI_API_KEY="$(keyring get oai-tui {name})"'),
    )
    rows = [hang((f"{label:<17}", "$text-muted"), (f" {command} ", "$text on $panel")) for label, command in table]
    return [hang("", ("How to use it", "bold")), hang(""), *rows]
