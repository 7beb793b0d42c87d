"""The first screen: the keys found here, the settings in force, and which key to check.

The keyring is read after the first paint.
"""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.profile import Profile
from oai_tui.tui.demo_notes import about_demo
from oai_tui.tui.formatting import display_safe, origin_label
from oai_tui.tui.session import CheckSession
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.key_list import MARGIN, KeyList, key_rows
from oai_tui.tui.widgets.paragraphs import ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.services import Services
    from oai_tui.tui.navigation import Navigation

PROGRAMS = ("codex", "llm")
"""Other programs whose key stores are read only when the user asks for it."""

_STEPS_AHEAD = (
    "The key's text is read here, character by character. Nothing is sent.",
    "One request goes without the key: OpenAI has to prove that it is at the other end.",
    "Then the key is tried, and a refusal is followed to its cause, one change at a time.",
    "What can be fixed here is fixed and tried again. Nothing billed is sent without your yes.",
)
_AHEAD = (
    paragraph("", ("What happens then", "$text-muted")),
    *(
        paragraph((f"  {number}  ", "$primary"), (text, "$text-muted"))
        for number, text in enumerate(_STEPS_AHEAD, 1)
    ),
)
_SHORT_LIST = 7
_LONG_LIST = 15
"""Lines of keys and settings up to which the list is short, and beyond which it is long.

They decide with the height of the terminal whether there is space for `_AHEAD`: see start.tcss.
"""
_LINES_WITHOUT_KEYS = 4
"""Lines of the notice that there is no key."""
_PASTE_MIN_WORDS = 2
"""Words from which on a paste is taken for an error: a single word may be a key."""


class StartScreen(Screen[None]):
    """Lets the user choose a key and start the check."""

    CSS_PATH = "start.tcss"
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it as an instance's
        (0, "-short"),
        (18, "-middle"),
        (24, "-standard"),
        (32, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "check",
            "check this key",
            id="start.check",
            key_display="enter",
            tooltip="Walk through every step with the chosen key",
        ),
        Binding(
            "n",
            "enter_key",
            "enter a key",
            id="start.enter",
            tooltip="Type or paste a key; it is shown as dots",
        ),
        Binding(
            "p",
            "profiles",
            "profiles",
            id="start.profiles",
            tooltip="Saved profiles in the keyring: show, check, delete",
        ),
        Binding(
            "d",
            "demo",
            "demo",
            id="start.demo",
            tooltip="Walk through a built-in failure; no key and no network",
        ),
        Binding(
            "f",
            "use_file",
            "encrypted file",
            id="start.file",
            tooltip="Keep profiles in a file that is encrypted under a passphrase, or unlock it",
            show=False,
        ),
        Binding(
            "o",
            "ask_programs",
            "other programs",
            id="start.programs",
            tooltip="Look into the stores of Codex and llm too; they are read only when asked",
            show=False,
        ),
        Binding(
            "x",
            "explain",
            "an error",
            id="start.explain",
            tooltip=(
                "Paste an error message, a traceback or a log, and have it explained; "
                "nothing is sent"
            ),
        ),
    ]

    app: "Navigation"

    def __init__(self, services: "Services") -> None:
        super().__init__()
        self.services = services
        self.discovered: DiscoveryResult = services.discover()
        self.profiles: tuple[Profile, ...] = ()
        self.keyring_failed = False
        self._must_read_keyring = True

    def compose(self) -> ComposeResult:
        yield TitleBar("Why is OpenAI saying no?", self.app.badge)
        with VerticalScroll(id="start", can_focus=False):
            yield Static(_intro(self.services), id="intro")
            yield Static(Content("Keys found here"), id="keys-title")
            yield Static(_no_key_found(), id="no-key")
            yield KeyList(id="keys", compact=True, markup=False)
            yield Static(Content("Looking into the keyring …"), id="keyring")
            yield Static(settings_in_force(self.discovered), id="settings")
            yield ParagraphView(_AHEAD, id="ahead")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._show_keys()
        if self.discovered.credentials:
            self._key_list.focus()

    def on_screen_resume(self) -> None:
        """Read the keyring after the first paint, and again when profiles have changed."""
        if self._must_read_keyring:
            self._must_read_keyring = False
            self.call_after_refresh(self.read_keyring)

    def profiles_changed(self) -> None:
        """Read the keyring again when this screen is next shown."""
        self._must_read_keyring = True

    @work(exclusive=True, group="keyring")
    async def read_keyring(self) -> None:
        """Read the saved profiles in the background, and show them or why that failed."""
        line = self.query_one("#keyring", Static)
        try:
            self.profiles = await self.services.saved_profiles()
        except KeyringError as error:
            self.keyring_failed = True
            self.profiles = ()
            line.update(self._keyring_error(error))
        else:
            self.keyring_failed = False
            line.update(
                Content("")
                if self.profiles
                else Content(
                    "No profiles saved yet. A key that proves to work can be saved as one."
                )
            )
        line.display = not self.profiles
        self._show_keys()
        await self.query_one(ActionBar).show(self._actions())

    def _keyring_error(self, error: KeyringError) -> Content:
        """Return why the keyring failed, and the next step on this machine."""
        step = self.services.profiles.next_step(error.state)
        lines = [
            Content.assemble(("! ", "$warning"), self.services.profiles.state_message(error.state)),
            Content.styled(f"  {step.text}", "$text-muted"),
            Content(f"  {step.command}"),
        ]
        if self.can_offer_file:
            purpose = (
                " to unlock the file here."
                if self._has_file
                else " to keep profiles in an encrypted file."
            )
            lines.append(
                Content.assemble(
                    ("  Or press ", "$text-muted"), ("f", "bold"), (purpose, "$text-muted")
                )
            )
        return Content("\n").join(lines)

    @property
    def _has_file(self) -> bool:
        """True if the encrypted file exists or is in use."""
        file = self.services.profiles.file
        return file is not None and (self.services.profiles.uses_file or file.exists)

    @property
    def can_offer_file(self) -> bool:
        """True if there may be an encrypted file and it is not open yet."""
        file = self.services.profiles.file
        return file is not None and not (file.is_used and file.is_open)

    @property
    def _key_list(self) -> OptionList:
        return self.query_one("#keys", OptionList)

    def _show_keys(self) -> None:
        """Fill the list of keys, and keep what was highlighted."""
        keys = self._key_list
        width = self.app.size.width - MARGIN
        rows = [
            (row_id, row.content(width))
            for row_id, row in key_rows(
                self.discovered, self.profiles, self.app.now(), self.services.rotate_days
            )
        ]
        highlighted = keys.highlighted or 0
        keys.clear_options()
        keys.add_options([Option(content, id=row_id) for row_id, content in rows])
        keys.highlighted = min(highlighted, len(rows) - 1) if rows else None
        keys.display = bool(rows)
        self.query_one("#keys-title").display = bool(rows)
        self.query_one("#no-key").display = not rows
        settings = settings_in_force(self.discovered).plain
        self.query_one("#settings").display = bool(settings)
        lines = len(settings.splitlines())
        lines += sum(_height(content) for _, content in rows) if rows else _LINES_WITHOUT_KEYS
        self.set_class(lines <= _SHORT_LIST, "-short-list")
        self.set_class(lines > _LONG_LIST, "-long-list")
        if not rows:
            self.query_one(ActionBar).focus_primary()
        elif self.focused is None:
            keys.focus()

    def on_resize(self) -> None:
        """Draw the rows again: they have one or two lines, depending on the width."""
        self._show_keys()

    def _actions(self) -> tuple[Action, ...]:
        enter_key = Action(id="enter_key", label="Enter a key", tooltip="Type or paste a key")
        if self.discovered.credentials or self.discovered.inactive or self.profiles:
            main = (Action(id="check", label="Check this key"), enter_key)
        else:
            without_key = Action(
                id="check",
                label="Without a key",
                tooltip="See what a call from here would be told",
            )
            main = (enter_key, without_key)
        explain = Action(
            id="explain",
            label="I have an error",
            tooltip="Paste an error and have it explained; nothing is sent",
        )
        return (
            *main,
            *self._file_actions(),
            Action(id="profiles", label="Profiles"),
            self._demo_action(),
            explain,
        )

    def _file_actions(self) -> tuple[Action, ...]:
        """Return the action that opens the encrypted file, where the keyring has failed."""
        if not (self.keyring_failed and self.can_offer_file):
            return ()
        return (
            Action(
                id="use_file",
                label="Unlock the file" if self._has_file else "Use an encrypted file",
                tooltip=(
                    "A file that is encrypted under a passphrase keeps profiles "
                    "where there is no keyring"
                ),
            ),
        )

    def _demo_action(self) -> Action:
        if self.services.mode != "demo":
            return Action(id="demo", label="Try the demo")
        if self.app.has_home:
            return Action(id="leave_demo", label="Leave the demo")
        return Action(id="demo", label="Other demos")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the encrypted file where it cannot help, and other programs in the demo."""
        match action:
            case "use_file":
                return self.can_offer_file
            case "ask_programs":
                return self.services.mode == "real"
            case _:
                return True

    @work(exclusive=True, group="file")
    async def action_use_file(self) -> None:
        """Offer the encrypted file, and read the profiles in it."""
        from oai_tui.tui.screens.passphrase import offer_file

        if await offer_file(self.app):
            self._must_read_keyring = False
            self.read_keyring()

    async def action_ask_programs(self) -> None:
        """Read the key stores of other programs."""
        self.discovered = self.services.discover(opt_in=PROGRAMS)
        self.query_one("#settings", Static).update(settings_in_force(self.discovered))
        self._show_keys()
        await self.query_one(ActionBar).show(self._actions())

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    @on(OptionList.OptionSelected, "#keys")
    def _check_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_check()

    def action_check(self) -> None:
        """Walk with the highlighted key, or without one if there is none."""
        self._check(None)

    def confirm(self, pasted: FailureReport) -> None:
        """Walk with the highlighted key to confirm a pasted failure.

        Without a key, asks for one, unless the failure is that there was none.
        """
        if self._key_list.highlighted is None and pasted.verdict.cause != "key-missing":
            self._enter_key(pasted)
        else:
            self._check(pasted)

    def _check(self, pasted: FailureReport | None) -> None:
        option = self._key_list.highlighted_option
        if option is None or option.id is None:
            self._walk(None, self.discovered, pasted)
            return
        kind, _, number = option.id.partition("-")
        index = int(number)
        match kind:
            case "active":
                self._walk(self.discovered.credentials[index], self.discovered, pasted)
            case "inactive":
                self._walk(self.discovered.inactive[index], self.discovered, pasted)
            case _:
                self.app.check_profile(self.profiles[index], pasted)

    def action_enter_key(self) -> None:
        """Ask for a key and walk with it."""
        self._enter_key(None)

    @work(exclusive=True, group="entry")
    async def _enter_key(self, pasted: FailureReport | None) -> None:
        credential = await self.app.ask_for_key()
        if credential is not None:
            self._walk(credential, None, pasted)

    def action_profiles(self) -> None:
        """Show the saved profiles."""
        self.app.open_profiles()

    def action_demo(self) -> None:
        """Choose a demo."""
        self.app.open_demos()

    def action_leave_demo(self) -> None:
        """Go back to the real keys."""
        self.app.leave_demo()

    def action_explain(self) -> None:
        """Paste an error and have it explained."""
        self.app.open_paste(self.confirm)

    def on_paste(self, event: events.Paste) -> None:
        """Open the screen for errors with a paste of several words."""
        if len(event.text.split()) >= _PASTE_MIN_WORDS:
            event.stop()
            self.app.open_paste(self.confirm, event.text)

    def _walk(
        self,
        credential: Credential | None,
        discovered: DiscoveryResult | None,
        pasted: FailureReport | None,
    ) -> None:
        """Open a walk. `discovered` is None for a typed key, which no discovery can update."""
        self.app.open_walk(
            CheckSession(
                services=self.services,
                target=self.discovered.target,
                credential=credential,
                discovered=discovered,
                pasted=pasted,
            )
        )


def settings_in_force(discovered: DiscoveryResult) -> Content:
    """Return the settings in force with their origins, and warnings; may be empty."""
    lines: list[Content] = []
    if discovered.settings:
        lines.append(Content.styled("Also in force", "$text-muted"))
    for setting in discovered.settings:
        set_at = display_safe(setting.origin.set_at)
        origin = origin_label(setting.origin) + (f", set in {set_at}" if set_at else "")
        lines.append(
            Content.assemble(
                ("  " + display_safe(setting.name), "bold"),
                f" = {display_safe(setting.value)}",
                (f"   {origin}", "$text-muted"),
            )
        )
    lines += [
        Content.assemble(("! ", "$warning"), display_safe(warning))
        for warning in (*discovered.notes, *discovered.problems)
    ]
    return Content("\n").join(lines)


def _height(content: Content) -> int:
    return content.plain.count("\n") + 1


def _no_key_found() -> Content:
    return Content.assemble(
        ("! No key was found here.\n", "bold $warning"),
        (
            "Looked at OPENAI_API_KEY and OPENAI_ADMIN_KEY in the environment, "
            "at .env in this folder and above, and at the start files of shells.\n",
            "",
        ),
        (
            "Enter a key, or check without one to see what a call from here would be told.",
            "$text-muted",
        ),
    )


def _intro(services: "Services") -> Content:
    if services.scenario is not None:
        return Content.assemble(("Demo. ", "bold"), display_safe(about_demo(services.scenario)))
    how = "It is checked with real requests, step by step, until it works."
    return Content.assemble(("Choose a key. ", "bold"), (how, "$text-muted"))
