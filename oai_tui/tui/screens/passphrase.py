"""The encrypted file, offered where there is no keyring: what it is, and its passphrase, typed as dots. Nothing is made before a yes and a passphrase."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from oai_tui.credentials.store.encrypted_file import MIN_PASSPHRASE_LENGTH
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import KeyringError
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from oai_tui.services.build import Services
    from oai_tui.tui.navigation import Navigation

_WHAT = "Saved profiles, keys included, go into one file on this machine, encrypted (AES-256) under a passphrase that only you know. It is asked once in each run, and nobody can replace a lost one."


class PassphraseScreen(ModalScreen[bool]):
    """Opens the encrypted file, or agrees on a passphrase for a new one; gives whether profiles are kept there now. A new passphrase is typed twice."""

    CSS_PATH = "modal.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="passphrase.cancel", tooltip="Change nothing")
    ]

    def __init__(self, services: "Services", path: str, *, is_new: bool) -> None:
        super().__init__(classes="modal")
        self._services, self._path, self._is_new = services, path, is_new
        self._first: Secret | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            with VerticalScroll(classes="scroll", can_focus=False):
                yield Static(
                    Content(
                        "Keep profiles in an encrypted file?"
                        if self._is_new
                        else "Unlock the encrypted file"
                    ),
                    classes="heading",
                )
                yield Static(Content(_WHAT if self._is_new else "It keeps your saved profiles."))
                yield Static(Content(display_safe(self._path)), classes="hint")
                yield Static(Content(self._wish()), id="passphrase-wish")
                yield SecretInput(placeholder="passphrase", id="secret")
                yield Static(id="passphrase-state")
            yield ActionBar(self._actions(enabled=False), grab_focus=False)

    def on_mount(self) -> None:
        self.query_one(SecretInput).focus()

    def _wish(self) -> str:
        if not self._is_new:
            return "\nIts passphrase:"
        return (
            f"\nA new passphrase, {MIN_PASSPHRASE_LENGTH} characters or more (several words are good):"
            if self._first is None
            else "\nThe same once more:"
        )

    def _actions(self, *, enabled: bool) -> list[Action]:
        label = (
            "Unlock it"
            if not self._is_new
            else "Go on"
            if self._first is None
            else "Use the encrypted file"
        )
        return [Action(id="use", label=label, enabled=enabled), Action(id="cancel", label="Cancel")]

    @on(SecretInput.Edited)
    async def _edited(self, event: SecretInput.Edited) -> None:
        event.stop()
        await self.query_one(ActionBar).show(self._actions(enabled=bool(event.secret)))

    @on(SecretInput.Entered)
    async def _entered(self, event: SecretInput.Entered) -> None:
        event.stop()
        if not self._is_new:
            self._open(event.secret)
        elif self._first is None and event.secret.length < MIN_PASSPHRASE_LENGTH:
            self._say(f"A new passphrase has {MIN_PASSPHRASE_LENGTH} characters or more.")
        elif self._first is None:
            self._first = event.secret
            self._say("")
        elif self._first != event.secret:
            self._first = None
            self._say("The two differ. Please type it twice again.")
        else:
            self._open(event.secret)
        self.query_one("#passphrase-wish", Static).update(Content(self._wish()))
        await self.query_one(ActionBar).show(self._actions(enabled=False))

    def _say(self, text: str) -> None:
        self.query_one("#passphrase-state", Static).update(
            Content.assemble(("! ", "$warning"), display_safe(text)) if text else Content("")
        )

    @work(exclusive=True, group="open")
    async def _open(self, passphrase: Secret) -> None:
        """Try it; a wrong one can be typed again."""
        self.query_one("#passphrase-state", Static).update(
            Content.styled(
                "Working out the key of the file; this takes about a second …", "$text-muted"
            )
        )
        try:
            await self._services.open_file(passphrase)
        except KeyringError as problem:
            self._say(f"{problem.detail[:1].upper()}{problem.detail[1:]}.")
        except TimeoutError:
            self._say("The file could not be opened in time.")
        else:
            self.dismiss(True)

    @on(ActionBar.Chosen)
    def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        if event.action == "use":
            self.query_one(SecretInput).submit()
        else:
            self.dismiss(False)

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(False)


async def offer_file(app: "Navigation") -> bool:
    """Ask whether profiles are to be kept in the encrypted file, and open it; whether that was done. Call it from a worker."""
    services = app.services
    file = services.file if services is not None else None
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
