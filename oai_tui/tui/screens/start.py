"""The first screen: the keys found here, the settings in effect, and which key to check.

Without a key it is a menu of what to do. The keyring is read after the first paint.
"""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.credentials.sources.env_names import BACKGROUND
from oai_tui.domain.discovery_result import DiscoveryResult, Setting
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
from oai_tui.tui.widgets.row_list import RowList
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.services import Services
    from oai_tui.tui.navigation import Navigation

PROGRAMS = ("codex", "llm")
"""Other programs whose key stores are read only when the user asks for it."""

_STEPS_AHEAD = (
    "The key's text is checked on this machine, character by character. Nothing is sent.",
    "One request is sent without the key; this confirms that OpenAI is really on the other end.",
    "Then the key is tried, and any refusal is traced to its cause, changing one thing at a time.",
    "What can be fixed here is fixed and retried. Nothing billed is sent unless you say yes.",
)
_AHEAD = (
    paragraph("", ("What happens next", "$text-muted")),
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
_LINES_WITHOUT_KEYS = 6
"""Lines that the menu has in common with a list: it is shown without a title."""
_STORE_STATES = {
    "unavailable": "no {store}",
    "locked": "{store} locked",
    "slow": "{store} does not answer",
    "insecure": "{store} not encrypted",
}
_MENU: tuple[tuple[str, str, str, str], ...] = (
    ("enter_key", "n", "Enter a key", "type or paste it; it is shown as dots"),
    ("explain", "x", "Explain an error", "paste a message or a log; nothing is sent"),
    ("demo", "d", "Try a demo", "a simulated failure; needs no key"),
    ("check_without_key", "w", "Check without a key", "see how the API responds from here"),
    ("profiles", "p", "Profiles", "the keys that are saved on this machine"),
)
"""The first choices of a person without a key: action, key, label, and what it does."""
_MENU_LABEL_WIDTH = 22
_MIN_WIDTH_OF_HINTS = 66
"""Columns from which on the menu says what each choice does."""
_MAX_NOTES = 2
"""Notes that are shown; the others are folded."""
_PASTE_MIN_WORDS = 2
"""Words from which on a paste is taken for an error: a single word may be a key."""


class StartScreen(Screen[None]):
    """Lets the user choose a key and start the check."""

    TITLE = "Keys"
    CSS_PATH = "start.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-two-columns")]  # noqa: RUF012
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
            tooltip="Check the highlighted key step by step",
        ),
        Binding(
            "n",
            "enter_key",
            "enter a key",
            id="start.enter",
            tooltip="Type or paste a key; it is shown as dots",
        ),
        Binding(
            "x",
            "explain",
            "explain error",
            id="start.explain",
            tooltip=("Paste an error message, a traceback or a log to get it explained offline"),
        ),
        Binding(
            "p",
            "profiles",
            "profiles",
            id="start.profiles",
            tooltip="The saved profiles: show, check, change, delete",
            show=False,
        ),
        Binding(
            "d",
            "demo",
            "demos",
            id="start.demo",
            tooltip="Try a simulated failure; needs no key and no network",
            show=False,
        ),
        Binding(
            "f",
            "use_file",
            "encrypted file",
            id="start.file",
            tooltip="Keep profiles in a file encrypted with a passphrase, or unlock that file",
            show=False,
        ),
        Binding(
            "o",
            "ask_programs",
            "other programs",
            id="start.programs",
            tooltip="Also read the keys of Codex and llm; they are read only when you ask",
            show=False,
        ),
        Binding(
            "i",
            "details",
            "details",
            id="start.details",
            tooltip="Show or hide the other settings, and what to do about the keyring",
        ),
        Binding(
            "w",
            "check_without_key",
            "without a key",
            id="start.without-key",
            tooltip="Run the check without a key, to see how the API responds from here",
            show=False,
        ),
    ]

    app: "Navigation"

    def __init__(self, services: "Services") -> None:
        super().__init__()
        self.services = services
        self.discovered: DiscoveryResult = services.discover()
        self.profiles: tuple[Profile, ...] = ()
        self.keyring_error: KeyringError | None = None
        """Why the profiles could not be read; None if they could."""
        self.has_details = False
        """True while the details are shown."""
        self._must_read_keyring = True

    @property
    def keyring_failed(self) -> bool:
        """True if the profiles could not be read."""
        return self.keyring_error is not None

    def compose(self) -> ComposeResult:
        yield TitleBar("Why is OpenAI saying no?", self.app.badge)
        with Container(id="start"):
            with VerticalScroll(id="choice", can_focus=False):
                yield Static(_intro(self.services), id="intro")
                yield Static(Content("Keys found"), id="keys-title")
                yield Static(_no_key_found(), id="no-key")
                yield KeyList(id="keys", compact=True, markup=False)
                yield MenuList(id="menu", compact=True, markup=False)
                yield Static(Content("Reading the keyring…"), id="keyring")
                yield Static(id="settings")
                yield Static(id="folded")
            with VerticalScroll(id="aside", can_focus=False):
                yield Static(id="details")
                yield ParagraphView(_AHEAD, id="ahead")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._show_keys()

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
        try:
            self.profiles = await self.services.saved_profiles()
        except KeyringError as error:
            self.keyring_error = error
            self.profiles = ()
        else:
            self.keyring_error = None
        line = self.query_one("#keyring", Static)
        line.update(self._keyring_line())
        line.display = not self.profiles and not self._is_first_run
        self._show_keys()
        await self.query_one(ActionBar).show(self._actions())
        self.refresh_bindings()

    def _keyring_line(self) -> Content:
        """Return the state of the keyring in one line; empty if there are profiles."""
        if self.keyring_error is None:
            advice = "No profiles saved yet. Once a key checks out, you can save it as a profile."
            return Content("" if self.profiles else advice)
        text = self.services.profiles.state_message(self.keyring_error.state)
        return Content.assemble(
            ("! ", "$warning"), display_safe(text), ("  i", "bold"), (": what to do", "$text-muted")
        )

    def _keyring_name(self) -> str:
        """Return the state of a keyring that failed in two words; empty if it works."""
        if self.keyring_error is None:
            return ""
        store = "encrypted file" if self.services.profiles.uses_file else "keyring"
        return _STORE_STATES.get(self.keyring_error.state, "{store} failed").format(store=store)

    def _keyring_details(self, error: KeyringError) -> list[Content]:
        """Return the next step on this machine for a keyring that failed."""
        step = self.services.profiles.next_step(error.state)
        lines = [
            Content.styled("To save profiles", "$text-muted"),
            Content(f"  {step.text}"),
            Content.styled(f"  {step.command}", "bold"),
        ]
        if self.can_offer_file:
            lines.append(Content.assemble("  Or press ", ("f", "bold"), f": {self._file_label}."))
        return lines

    @property
    def _file_label(self) -> str:
        return "unlock the encrypted file" if self._has_file else "use an encrypted file"

    @property
    def _is_first_run(self) -> bool:
        """True if there is no key to choose."""
        return not (self.discovered.credentials or self.discovered.inactive or self.profiles)

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

    @property
    def _menu(self) -> OptionList:
        return self.query_one("#menu", OptionList)

    def _show_keys(self) -> None:
        """Fill the list of keys, or the menu if there is none; keep what was highlighted."""
        if len(self.query("#keys, #menu, #details")) < 3:
            return  # the screen is being composed or removed
        keys = self._key_list
        width = self._list_width()
        rows = [
            (row_id, row.content(width))
            for row_id, row in key_rows(
                self.discovered,
                self.profiles,
                self.app.now(),
                self.services.rotate_days,
                self.services.profiles.default,
            )
        ]
        highlighted = keys.highlighted or 0
        keys.clear_options()
        keys.add_options([Option(content, id=row_id) for row_id, content in rows])
        keys.highlighted = min(highlighted, len(rows) - 1) if rows else None
        has_rows = bool(rows)
        self.set_class(not has_rows, "-first-run")
        self._show_menu()
        lines = self._show_settings()
        lines += sum(_height(content) for _, content in rows) if rows else _LINES_WITHOUT_KEYS
        self.set_class(lines <= _SHORT_LIST, "-short-list")
        self.set_class(lines > _LONG_LIST, "-long-list")
        wanted, other = (keys, self._menu) if has_rows else (self._menu, keys)
        if self.focused is None or self.focused is other:
            wanted.focus()

    def _list_width(self) -> int:
        """Return the cells of a row: the list has one of two columns on a wide terminal."""
        width = self.app.size.width
        return (width * 3 // 5 if width >= self.HORIZONTAL_BREAKPOINTS[-1][0] else width) - MARGIN

    def _show_menu(self) -> None:
        """Fill the menu: every choice with its key, and with what it does if there is room."""
        menu = self._menu
        highlighted = menu.highlighted or 0
        has_hints = self.app.size.width >= _MIN_WIDTH_OF_HINTS
        menu.clear_options()
        for action, key, label, hint in _MENU:
            if action == "demo" and self.services.mode == "demo":
                action, label, hint = self._demo_choice()
            text = Content.assemble(
                (f"{key}  ", "$primary"),
                (f"{label:<{_MENU_LABEL_WIDTH}}", "bold"),
                (hint if has_hints else "", "$text-muted"),
            )
            menu.add_option(Option(text, id=action))
        menu.highlighted = highlighted

    def _demo_choice(self) -> tuple[str, str, str]:
        """Return the choice that takes the place of the demos while one is running."""
        action = self._demo_action()
        return action.id, action.label, ""

    def _show_settings(self) -> int:
        """Show the settings that calls depend on, and fold the others. Return the lines."""
        shown = settings_in_effect(self.discovered) if not self._is_first_run else Content("")
        self.query_one("#settings", Static).update(shown)
        self.query_one("#settings").display = bool(shown.plain)
        folded = _folded_text(self.discovered, everything=self._is_first_run)
        keyring = self._keyring_name() if self._is_first_run else ""
        line = self.query_one("#folded", Static)
        line.display = bool(folded or keyring) and not self.has_details
        line.update(
            Content.assemble(
                (f"! {keyring}" if keyring else "+", "$warning" if keyring else "$text-muted"),
                (" · " if keyring and folded else " ", "$text-muted"),
                (f"{folded}  ", "$text-muted"),
                ("i", "bold"),
                (": show", "$text-muted"),
            )
        )
        details = self.query_one("#details", Static)
        details.display = self.has_details
        if self.has_details:
            details.update(self._details())
        return len(shown.plain.splitlines()) + bool(folded)

    def _details(self) -> Content:
        """Return what is folded: where keys were looked for, the keyring, settings, notes."""
        lines = [Content.assemble(("Details  ", "bold"), ("i", "bold"), (": hide", "$text-muted"))]
        if self.keyring_error is not None:
            lines += [*self._keyring_details(self.keyring_error), Content("")]
        if self._is_first_run:
            lines += [
                Content.styled("Looked for a key in", "$text-muted"),
                Content("  OPENAI_API_KEY and OPENAI_ADMIN_KEY in the environment"),
                Content("  .env in this folder and its parents"),
                Content("  shell startup files, and the saved profiles"),
                Content(""),
            ]
        lines += _all_settings(self.discovered)
        return Content("\n").join(lines)

    def on_resize(self) -> None:
        """Draw the rows again: they have one or two lines, depending on the width."""
        self._show_keys()

    def _actions(self) -> tuple[Action, ...]:
        return (
            Action(id="check", label="Check this key"),
            Action(id="enter_key", label="Enter a key", tooltip="Type or paste a key"),
            Action(
                id="explain",
                label="Explain an error",
                tooltip="Paste an error to get it explained offline",
            ),
            self._demo_action(),
            Action(id="profiles", label="Profiles"),
            *self._file_actions(),
        )

    def _file_actions(self) -> tuple[Action, ...]:
        """Return the action that opens the encrypted file, where the keyring has failed."""
        if not (self.keyring_failed and self.can_offer_file):
            return ()
        return (
            Action(
                id="use_file",
                label=self._file_label.capitalize(),
                tooltip="A file encrypted with a passphrase stores profiles without a keyring",
            ),
        )

    def _demo_action(self) -> Action:
        if self.services.mode != "demo":
            return Action(id="demo", label="Try a demo")
        if self.app.has_home:
            return Action(id="leave_demo", label="Leave the demo")
        return Action(id="demo", label="Other demos")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot help: "check" without a key, the encrypted file, other programs."""
        match action:
            case "check":
                return not self.is_mounted or not self._is_first_run
            case "use_file":
                return self.can_offer_file and self.keyring_failed
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
        self._show_keys()
        await self.query_one(ActionBar).show(self._actions())
        self.refresh_bindings()

    def action_details(self) -> None:
        """Show or hide the other settings, and what to do about the keyring."""
        self.has_details = not self.has_details
        self.set_class(self.has_details, "-details")
        self._show_keys()
        self.query_one("#details").scroll_visible(animate=False)

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    @on(OptionList.OptionSelected, "#keys")
    def _check_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_check()

    @on(OptionList.OptionSelected, "#menu")
    async def _run_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id is not None:
            await self.run_action(event.option.id)

    def action_check(self) -> None:
        """Check the highlighted key."""
        self._check(None)

    def action_check_without_key(self) -> None:
        """Run the check without a key."""
        self._walk(None, self.discovered, None)

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


class MenuList(RowList):
    """What a person without a key can do; enter does the highlighted choice."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "select",
            id="menu.select",
            key_display="enter",
            tooltip="Do what is highlighted",
        )
    ]


def settings_in_effect(discovered: DiscoveryResult) -> Content:
    """Return the settings that calls depend on, with their origins, and notes; may be empty."""
    settings = [each for each in discovered.settings if each.name not in BACKGROUND]
    lines = [Content.styled("Other settings in effect", "$text-muted")] if settings else []
    lines += [_setting_line(setting) for setting in settings]
    lines += [_note_line(each) for each in _notes(discovered)[:_MAX_NOTES]]
    return Content("\n").join(lines)


def _notes(discovered: DiscoveryResult) -> tuple[str, ...]:
    """Return the notes, the sources that could not be read first."""
    return (*discovered.problems, *discovered.notes)


def _folded_text(discovered: DiscoveryResult, *, everything: bool) -> str:
    """Return how much is folded: "6 other settings, 2 notes"; may be empty.

    `everything`: also what `settings_in_effect` shows.
    """
    settings = sum(everything or each.name in BACKGROUND for each in discovered.settings)
    notes = _notes(discovered)[0 if everything else _MAX_NOTES :]
    count = len(notes) + len(discovered.certificate_notes)
    parts = (
        f"{settings} other setting{'' if settings == 1 else 's'}" if settings else "",
        f"{count} note{'' if count == 1 else 's'}" if count else "",
    )
    return ", ".join(part for part in parts if part)


def _all_settings(discovered: DiscoveryResult) -> list[Content]:
    """Return every setting and every note."""
    lines = [Content.styled("All settings", "$text-muted")] if discovered.settings else []
    lines += [_setting_line(setting) for setting in discovered.settings]
    lines += [_note_line(each) for each in (*_notes(discovered), *discovered.certificate_notes)]
    return lines


def _setting_line(setting: Setting) -> Content:
    set_at = display_safe(setting.origin.set_at)
    origin = origin_label(setting.origin) + (f", set in {set_at}" if set_at else "")
    return Content.assemble(
        ("  " + display_safe(setting.name), "bold"),
        f" = {display_safe(setting.value)}",
        (f"   {origin}", "$text-muted"),
    )


def _note_line(text: str) -> Content:
    return Content.assemble(("! ", "$warning"), display_safe(text))


def _height(content: Content) -> int:
    return content.plain.count("\n") + 1


def _no_key_found() -> Content:
    return Content.assemble(
        ("No API key found. ", "bold"),
        ("Enter one to check it, or paste an error to get it explained.", ""),
    )


def _intro(services: "Services") -> Content:
    if services.scenario is not None:
        return Content.assemble(("Demo. ", "bold"), display_safe(about_demo(services.scenario)))
    how = "It is checked with real requests, step by step."
    return Content.assemble(("Choose a key and press Enter. ", "bold"), (how, "$text-muted"))
