"""The screen after saving: the store of the profile, and the commands that use it."""

from collections.abc import Sequence
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.profile import named_profile
from oai_tui.knowledge.links import API_KEYS
from oai_tui.tui.exit_record import store_prefix
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.about_key import AboutKeyScreen
from oai_tui.tui.screens.about_page import page_bindings
from oai_tui.tui.screens.result_screen import RESULT_BINDINGS
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.screens.snippets import show_snippets
from oai_tui.tui.session import AppliedChange, CheckSession
from oai_tui.tui.shown_result import ShownResult, result_of_check
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

_DEMO_NOTE = "Demo: the keyring is simulated; nothing was written to yours."
_KEY_COMMAND = "$(keyring get oai-tui "
"""The start of a permanent fix that reads a profile's key, followed by its name."""
_NARROW = 60
"""Columns below which a command has a line of its own."""
_FILE_PREFIX = "the encrypted file "
"""The start of the name of the encrypted file; its path follows."""


class SavedScreen(AboutKeyScreen[None]):
    """The last screen of a check whose key was saved."""

    TITLE = "Saved"
    CSS_PATH = "saved.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-two-columns")]  # noqa: RUF012
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
            "m",
            "snippets",
            "code samples",
            id="saved.snippets",
            tooltip="Samples for curl, Python, Node, .env and GitHub Actions, without the key",
        ),
        *RESULT_BINDINGS,
        *page_bindings("saved"),
    ]

    app: "Navigation"

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__()
        self.session = session
        self.progress = progress
        self._was_shown = False

    @property
    def saved_name(self) -> str:
        """The name of the profile."""
        return display_safe(str(self.progress.facts.get("saved_as", "")))

    def compose(self) -> ComposeResult:
        name = self.saved_name
        is_narrow = self.app.size.width < _NARROW
        yield TitleBar("Saved", self.app.badge)
        with ScrollArea(id="saved"):
            with Container(id="saved-about"):
                yield ParagraphView(self._result(name), id="saved-result")
                if old_key := self._old_key(name):
                    yield ParagraphView(old_key, id="saved-old")
                yield ParagraphView(usage(name, self._file_path(), is_narrow), id="usage")
            if changes := changes_after_saving(self.session.changes, name):
                yield ParagraphView(texts.changes(changes), id="saved-changes")
        yield ActionBar(self._actions())
        yield KeyFooter()

    def _actions(self) -> Sequence[Action]:
        return self.app.with_next_demo(
            [
                Action(id="done", label="Done"),
                Action(id="snippets", label="Code samples"),
                Action(id="another", label="Check another key"),
                Action(id="profiles", label="Profiles"),
            ]
        )

    def on_screen_resume(self) -> None:
        """Look whether the profile still exists when the user comes back from elsewhere."""
        if self._was_shown:
            self._check_profile()
        self._was_shown = True

    @work(exclusive=True, group="names")
    async def _check_profile(self) -> None:
        """Say so if the profile was deleted or renamed meanwhile."""
        try:
            names = await self.session.services.profiles.names()
        except KeyringError:
            return
        if self.saved_name in names:
            return
        gone = f"The profile {self.saved_name} no longer exists"
        text = "It was deleted or renamed. Check the key again to save it, or look in Profiles."
        self.query_one("#saved-result", ParagraphView).show(
            [paragraph(("! ", "$warning"), (gone, "bold")), paragraph("  ", text)]
        )
        for view in self.query("#saved-old, #usage, #saved-changes"):
            view.display = False
        actions = [action for action in self._actions() if action.id != "snippets"]
        await self.query_one(ActionBar).show(actions)

    def _result(self, name: str) -> list[Paragraph]:
        """Return the name of the profile, and the store it is in."""
        services = self.session.services
        store = display_safe(
            str(self.progress.facts.get("keyring_name") or services.profiles.backend)
        )
        out = [
            paragraph(("✓ ", "bold $success"), ("Saved as ", "bold $success"), (name, "bold")),
            paragraph("  ", f"Key and settings saved to {store} and verified."),
        ]
        if self.session.target.direct:
            direct = "Stored with it: calls don't use the proxy (oai-tui exec sets NO_PROXY)."
            out.append(paragraph("  ", direct))
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
            paragraph("  ", "Delete it when nothing uses it anymore: ", (API_KEYS, "underline")),
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
        """Show code samples for the saved profile."""
        if self.session.credential is None:
            return
        name = str(self.progress.facts.get("saved_as", ""))
        profile = named_profile(name, self.session.target, self.session.credential)
        model = self.progress.facts.get("model_for_inference")
        show_snippets(self.app, replace(profile, model=str(model)) if model else profile)

    def action_profiles(self) -> None:
        """Show the saved profiles."""
        self.app.open_profiles()


def usage(name: str, file: str = "", is_narrow: bool = False) -> list[Paragraph]:
    """Return the commands that use a saved profile.

    `file` is the path of the encrypted file that keeps it, "" for the keyring. `is_narrow` puts
    each command below its label.
    """
    store = ""
    if file:
        store = f"OAI_TUI_STORE=file:{quote(file) if ' ' in file else file} "
    table = [
        ("Run a program", f"{store}oai-tui exec {name} -- COMMAND"),
        ("In this shell", f'eval "$({store}oai-tui env {name})"'),
        ("Show the account", f"{store}oai-tui whoami {name}"),
        ("Check it again", f"{store}oai-tui check --profile {name}"),
    ]
    if is_narrow:
        lines = [
            line
            for label, command in table
            for line in (
                paragraph((label, "$text-muted")),
                paragraph("  ", (command, "$text on $panel")),
            )
        ]
        return [paragraph("", ("How to use it", "bold")), *lines]
    rows = [
        paragraph((f"{label:<17}", "$text-muted"), (f" {command} ", "$text on $panel"))
        for label, command in table
    ]
    return [paragraph("", ("How to use it", "bold")), paragraph(""), *rows]


def changes_after_saving(changes: Sequence[AppliedChange], name: str) -> list[AppliedChange]:
    """Return the changes of this run without advice to save a profile, which was done.

    A line that reads the key of a profile names this one.
    """
    key_line = f'eval "$(oai-tui env {name})"'
    return [
        replace(
            change,
            permanent=tuple(
                replace(line, text=key_line) if _KEY_COMMAND in line.text else line
                for line in change.permanent
                if line.where != "profile"
            ),
        )
        for change in changes
    ]
