"""The passphrase of the encrypted file, which is offered where the keyring fails.

Nothing is created before the user has typed a passphrase.
"""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from oai_tui.credentials.store.encrypted_file import MIN_PASSPHRASE_LENGTH
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from oai_tui.tui.closable import ClosableDialog
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from oai_tui.services.services import Services
    from oai_tui.tui.navigation import Navigation

_ABOUT_NEW_FILE = (
    "Saved profiles and their keys go into one file on this machine, encrypted (AES-256) with a "
    "passphrase that only you know. You enter it once per run. There is no recovery if you lose it."
)


class PassphraseScreen(ClosableDialog[bool]):
    """Opens the encrypted file, or creates one under a passphrase that is typed twice.

    Returns True if profiles are kept in it now. `path` is only shown.
    """

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="passphrase.cancel", tooltip="Change nothing")
    ]

    def __init__(self, services: "Services", path: str, *, is_new: bool) -> None:
        super().__init__(classes="modal")
        self._services = services
        self._path = path
        self._is_new = is_new
        self._first_entry: Secret | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                if self._is_new:
                    heading, about = "Save profiles in an encrypted file?", _ABOUT_NEW_FILE
                else:
                    heading, about = "Unlock the encrypted file", "Your saved profiles are in it."
                yield Static(Content(heading), classes="heading")
                yield Static(Content(about))
                yield Static(Content(display_safe(self._path)), classes="hint")
                yield Static(Content(self._prompt()), id="passphrase-prompt")
                yield SecretInput(placeholder="passphrase", id="secret")
                yield Static(id="passphrase-state")
            yield ActionBar(self._actions(enabled=False), grab_focus=False)
            yield Static(Content("Esc: cancel"), classes="hint", id="answer-keys")

    def on_mount(self) -> None:
        self.query_one(SecretInput).focus()

    def _prompt(self) -> str:
        if not self._is_new:
            return "\nPassphrase:"
        if self._first_entry is not None:
            return "\nEnter the same passphrase again:"
        return (
            f"\nNew passphrase, at least {MIN_PASSPHRASE_LENGTH} characters "
            "(several words work well):"
        )

    def _actions(self, *, enabled: bool) -> list[Action]:
        if not self._is_new:
            label = "Unlock the file"
        else:
            label = "Continue" if self._first_entry is None else "Use the encrypted file"
        return [Action(id="use", label=label, enabled=enabled), Action(id="cancel", label="Cancel")]

    @on(SecretInput.Edited)
    async def _enable_actions(self, event: SecretInput.Edited) -> None:
        event.stop()
        await self.query_one(ActionBar).show(self._actions(enabled=bool(event.secret)))

    @on(SecretInput.NothingEntered)
    def _ask_for_text(self, event: SecretInput.NothingEntered) -> None:
        event.stop()
        self._warn("The box is empty. Type the passphrase, or press Esc to cancel.")

    @on(SecretInput.Entered)
    async def _take_entry(self, event: SecretInput.Entered) -> None:
        event.stop()
        if self._is_new:
            self._take_new(event.secret)
        else:
            self._open(event.secret)
        self.query_one("#passphrase-prompt", Static).update(Content(self._prompt()))
        await self.query_one(ActionBar).show(self._actions(enabled=False))

    def _take_new(self, passphrase: Secret) -> None:
        """Keep the first entry of a new passphrase; with the second, create the file."""
        if self._first_entry is None:
            if passphrase.length < MIN_PASSPHRASE_LENGTH:
                self._warn(f"Use at least {MIN_PASSPHRASE_LENGTH} characters.")
                return
            self._first_entry = passphrase
            self._warn("")
        elif passphrase == self._first_entry:
            self._open(passphrase)
        else:
            self._first_entry = None
            self._warn("The two passphrases don't match. Enter a new one twice.")

    def _warn(self, text: str) -> None:
        """Show a warning; remove it if the text is empty."""
        self.query_one("#passphrase-state", Static).update(
            Content.assemble(("! ", "$warning"), display_safe(text)) if text else Content("")
        )

    @work(exclusive=True, group="open")
    async def _open(self, passphrase: Secret) -> None:
        """Open or create the file; a wrong passphrase can be typed again."""
        self.query_one("#passphrase-state", Static).update(
            Content.styled("Opening the file; this takes about a second…", "$text-muted")
        )
        try:
            await self._services.profiles.unlock_file(passphrase)
        except KeyringError as error:
            self._warn(f"{error.detail[:1].upper()}{error.detail[1:]}.")
        except TimeoutError:
            self._warn("The file did not open in time. Try again.")
        else:
            self.dismiss(True)

    @on(ActionBar.Chosen)
    def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        if event.action == "use":
            self.query_one(SecretInput).submit()
        else:
            self.dismiss(False)

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(False)


async def offer_file(app: "Navigation") -> bool:
    """Offer to keep profiles in the encrypted file. Return True if it was opened.

    Call it from a worker.
    """
    services = app.services
    file = services.profiles.file if services is not None else None
    if services is None or file is None or (file.is_used and file.is_open):
        return False
    opened = await app.push_screen_wait(
        PassphraseScreen(
            services, file.name.removeprefix("the encrypted file "), is_new=not file.exists
        )
    )
    if opened:
        app.profiles_changed()
    return opened
