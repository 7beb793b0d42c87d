"""The screen after saving: the store of the profile, and the commands that use it."""

from shlex import quote
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from oai_tui.domain.profile import named_profile
from oai_tui.knowledge.links import API_KEYS
from oai_tui.tui.exit_record import store_prefix
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.result_screen import RESULT_BINDINGS, ResultScreen
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.screens.snippets import show_snippets
from oai_tui.tui.session import CheckSession
from oai_tui.tui.shown_result import ShownResult, result_of_check
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

_DEMO_NOTE = "This is the demo: its keyring lives in memory, and nothing was written to yours."
_FILE_PREFIX = "the encrypted file "
"""The start of the name of the encrypted file; its path follows."""


class SavedScreen(ResultScreen[None]):
    """The last screen of a check whose key was saved."""

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
            "ctrl+t",
            "snippets",
            "ready calls",
            id="saved.snippets",
            tooltip=(
                "Calls for curl, Python, Node, .env and GitHub Actions, to copy; without the key"
            ),
        ),
        Binding(
            "l",
            "profiles",
            "profiles",
            id="saved.profiles",
            tooltip="Saved profiles in the keyring",
        ),
        *RESULT_BINDINGS,
    ]

    app: "Navigation"

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__()
        self.session = session
        self.progress = progress

    def compose(self) -> ComposeResult:
        name = display_safe(str(self.progress.facts.get("saved_as", "")))
        yield TitleBar("Saved", self.app.badge)
        with ScrollArea(id="saved"):
            yield ParagraphView(self._result(name), id="saved-result")
            if old_key := self._old_key(name):
                yield ParagraphView(old_key, id="saved-old")
            yield ParagraphView(usage(name, self._file_path()), id="usage")
            if self.session.changes:
                yield ParagraphView(texts.changes(self.session.changes), id="saved-changes")
        yield ActionBar(
            [
                Action(id="done", label="Done"),
                Action(id="snippets", label="Ready calls"),
                Action(id="another", label="Check another key"),
                Action(id="profiles", label="Profiles"),
            ]
        )
        yield KeyFooter()

    def _result(self, name: str) -> list[Paragraph]:
        """Return the name of the profile, and the store it is in."""
        services = self.session.services
        store = display_safe(
            str(self.progress.facts.get("keyring_name") or services.profiles.backend)
        )
        out = [
            paragraph(("✓ ", "bold $success"), ("Saved as ", "bold $success"), (name, "bold")),
            paragraph("  ", f"The key and its settings are in {store}, read back and compared."),
        ]
        if services.mode == "demo":
            out.append(paragraph("  ", (_DEMO_NOTE, "$text-muted")))
        return out

    def _old_key(self, name: str) -> list[Paragraph]:
        """After a rotation, name the key that was replaced, to be deleted; else empty."""
        old = self.session.profile
        if old is None or not self.session.rotating or old.name != name:
            return []
        still_works = (
            f"The old key {display_safe(old.hint)} (fingerprint {old.fingerprint}) "
            "still works at OpenAI."
        )
        return [
            paragraph(("! ", "$warning"), (still_works, "bold")),
            paragraph("  ", "Once nothing uses it any more, delete it: ", (API_KEYS, "underline")),
        ]

    def _file_path(self) -> str:
        """Return the path of the encrypted file, if profiles are kept in it; else empty."""
        file = self.session.services.profiles.file
        if file is None or not self.session.services.profiles.uses_file:
            return ""
        return file.name.removeprefix(_FILE_PREFIX)

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def shown_result(self) -> ShownResult:
        """Return the check; its command is the one that uses the profile."""
        name = str(self.progress.facts.get("saved_as", ""))
        command = f"{store_prefix(self.session.services)}oai-tui exec {name} -- COMMAND"
        return result_of_check(self.session, self.progress, self.app.now(), command)

    def action_primary(self) -> None:
        """Leave the program."""
        self.action_done()

    def action_done(self) -> None:
        """Leave the program."""
        self.app.exit(return_code=0)

    def action_another(self) -> None:
        """Go back to the choice of keys."""
        self.app.back_to_start()

    def action_snippets(self) -> None:
        """Show ready calls for the saved profile."""
        if self.session.credential is None:
            return
        name = str(self.progress.facts.get("saved_as", ""))
        show_snippets(self.app, named_profile(name, self.session.target, self.session.credential))

    def action_profiles(self) -> None:
        """Show the saved profiles."""
        self.app.open_profiles()


def usage(name: str, file: str = "") -> list[Paragraph]:
    """Return the commands that use a saved profile.

    `file` is the path of the encrypted file that keeps it, "" for the keyring.
    """
    store = ""
    if file:
        store = f"OAI_TUI_STORE=file:{quote(file) if ' ' in file else file} "
    table = [
        ("Run a program", f"{store}oai-tui exec {name} -- COMMAND"),
        ("In this shell", f'eval "$({store}oai-tui env {name})"'),
        ("Who is it?", f"{store}oai-tui whoami {name}"),
        ("Check it again", f"{store}oai-tui check --profile {name}"),
    ]
    if not file:
        table.append(("The key alone", f"keyring get oai-tui {name}"))
    rows = [
        paragraph((f"{label:<17}", "$text-muted"), (f" {command} ", "$text on $panel"))
        for label, command in table
    ]
    return [paragraph("", ("How to use it", "bold")), paragraph(""), *rows]
