"""Where a sitting begins: the keys found here, what else is in force, and which key to check. The keyring is read after the first paint."""

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
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.ports import KeyringError
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Target
from oai_tui.tui.formatting import display_safe, origin_label
from oai_tui.tui.session import CheckSession
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.key_list import KeyList, key_rows
from oai_tui.tui.widgets.paragraphs import ParagraphView, paragraph
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.services.build import Services
    from oai_tui.tui.navigation import Navigation

PROGRAMS = ("codex", "llm")
"""The other programs whose stores can be asked for."""

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
_ROOM_AHEAD = 17
"""Lines that the screen takes with what happens then and without keys and settings."""


class StartScreen(Screen[None]):
    """Choose a key and go."""

    CSS_PATH = "start.tcss"
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
            tooltip="Paste an error message, a traceback or a log, and have it explained; nothing is sent",
        ),
    ]

    app: "Navigation"

    def __init__(self, services: "Services") -> None:
        super().__init__()
        self.services = services
        self.around: DiscoveryResult = services.discover()
        self.profiles: tuple[Profile, ...] = ()
        self.keyring_fails = False
        self.asked: tuple[str, ...] = ()
        self.stale = True

    def compose(self) -> ComposeResult:
        yield TitleBar("Why is OpenAI saying no?", self.app.badge)
        with VerticalScroll(id="start", can_focus=False):
            yield Static(_header(self.services.mode), id="hero")
            yield Static(Content("Keys found here"), id="keys-title")
            yield Static(_nothing_found(), id="no-key")
            yield KeyList(id="keys", compact=True, markup=False)
            yield Static(Content("Looking into the keyring …"), id="keyring")
            yield Static(settings_in_force(self.around), id="settings")
            yield ParagraphView(_AHEAD, id="ahead")
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        self._show_keys()
        keys = self.query_one("#keys", OptionList)
        if self.around.credentials:
            keys.focus()

    def on_screen_resume(self) -> None:
        """Read the keyring when it may hold something new: after the first paint, and after a save or a deletion."""
        if self.stale:
            self.stale = False
            self.call_after_refresh(self.read_keyring)

    @work(exclusive=True, group="keyring")
    async def read_keyring(self) -> None:
        """Saved profiles, without holding up anything else."""
        line = self.query_one("#keyring", Static)
        try:
            self.profiles = await self.services.saved_profiles()
        except KeyringError as problem:
            self.keyring_fails, self.profiles = True, ()
            line.display = True
            line.update(
                keyring_failed(
                    self.services,
                    problem,
                    offers_file=self.can_offer_file,
                    uses_file=self._uses_file,
                )
            )
        else:
            self.keyring_fails = False
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

    def profiles_changed(self) -> None:
        """Read the keyring again when this screen is next shown."""
        self.stale = True

    @property
    def _uses_file(self) -> bool:
        return self.services.file is not None and (
            self.services.uses_file or self.services.file.exists
        )

    @property
    def can_offer_file(self) -> bool:
        """Whether the encrypted file may help: there is one to use, and it is not open already."""
        file = self.services.file
        return file is not None and not (file.is_used and file.is_open)

    def _show_keys(self) -> None:
        """Put the rows into the list; what was highlighted stays so."""
        keys, rows = (
            self.query_one("#keys", OptionList),
            key_rows(self.around, self.profiles, self.app.now(), self.services.rotate_days),
        )
        at = keys.highlighted or 0
        width = self.app.size.width - 8
        keys.clear_options()
        keys.add_options([Option(each.content(width), id=name) for name, each in rows])
        keys.highlighted = min(at, len(rows) - 1) if rows else None
        keys.display = bool(rows)
        self.query_one("#no-key").display = not rows
        settings = settings_in_force(self.around)
        self.query_one("#settings").display = bool(settings.plain)
        listed = sum(each.content(width).plain.count("\n") + 1 for _, each in rows) if rows else 4
        self.query_one("#ahead").display = (
            self.app.size.height - listed - len(settings.plain.splitlines()) >= _ROOM_AHEAD
        )
        self.query_one("#keys-title").display = bool(rows)
        if not rows:
            self.query_one(ActionBar).focus_primary()
        elif self.focused is None:
            keys.focus()

    def on_resize(self) -> None:
        self._show_keys()

    def _actions(self) -> tuple[Action, ...]:
        usable = bool(self.around.credentials or self.around.inactive or self.profiles)
        enter = Action(id="enter_key", label="Enter a key", tooltip="Type or paste a key")
        first = Action(id="check", label="Check this key") if usable else enter
        second = (
            enter
            if usable
            else Action(
                id="check", label="Without a key", tooltip="See what a call from here would be told"
            )
        )
        last = (
            Action(id="leave_demo", label="Leave the demo")
            if self.services.mode == "demo" and self.app.has_home
            else Action(
                id="demo", label="Other demos" if self.services.mode == "demo" else "Try the demo"
            )
        )
        file = (
            Action(
                id="use_file",
                label="Unlock the file" if self._uses_file else "Use an encrypted file",
                tooltip="A file that is encrypted under a passphrase keeps profiles where there is no keyring",
            ),
        )
        return (
            first,
            second,
            *(file if self.keyring_fails and self.can_offer_file else ()),
            Action(id="profiles", label="Profiles"),
            last,
            Action(
                id="explain",
                label="I have an error",
                tooltip="Paste an error and have it explained; nothing is sent",
            ),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The encrypted file and other programs' stores belong to the real world."""
        if action == "use_file":
            return self.can_offer_file
        return self.services.mode == "real" if action == "ask_programs" else True

    @work(exclusive=True, group="file")
    async def action_use_file(self) -> None:
        """Offer the encrypted file, and read the profiles in it."""
        from oai_tui.tui.screens.passphrase import offer_file

        if await offer_file(self.app):
            self.stale = False
            self.read_keyring()

    async def action_ask_programs(self) -> None:
        """Read the stores of other programs, once, because the person asked."""
        self.asked = PROGRAMS
        self.around = self.services.discover(asked=self.asked)
        self.query_one("#settings", Static).update(settings_in_force(self.around))
        self._show_keys()
        await self.query_one(ActionBar).show(self._actions())

    @on(ActionBar.Chosen)
    async def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    @on(OptionList.OptionSelected, "#keys")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_check()

    def action_check(self) -> None:
        """Walk with the highlighted key, or without one where there is none."""
        self._check(None)

    def confirm(self, pasted: FailureReport) -> None:
        """Walk with the highlighted key to confirm what a text says; where there is no key, ask for one, unless it is the want of one that is to be confirmed."""
        if (
            self.query_one("#keys", OptionList).highlighted is None
            and pasted.verdict.cause != "key-missing"
        ):
            self._enter(pasted)
        else:
            self._check(pasted)

    def _check(self, pasted: FailureReport | None) -> None:
        option = self.query_one("#keys", OptionList).highlighted_option
        if option is None or option.id is None:
            self._walk(self.around.target, None, self.around, pasted)
            return
        kind, _, number = option.id.partition("-")
        if kind in {"found", "apart"}:
            keys = self.around.credentials if kind == "found" else self.around.inactive
            self._walk(self.around.target, keys[int(number)], self.around, pasted)
        else:
            self.app.check_profile(self.profiles[int(number)], pasted)

    def action_enter_key(self) -> None:
        """Ask for a key and walk with it."""
        self._enter(None)

    @work(exclusive=True, group="entry")
    async def _enter(self, pasted: FailureReport | None) -> None:
        credential = await self.app.ask_for_key()
        if credential is not None:
            self._walk(self.around.target, credential, None, pasted)

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
        """An error pasted here is as good as one pasted where it is asked for; a single word is none."""
        if len(event.text.split()) > 1:
            event.stop()
            self.app.open_paste(self.confirm, event.text)

    def _walk(
        self,
        target: Target,
        credential: Credential | None,
        around: DiscoveryResult | None,
        pasted: FailureReport | None,
    ) -> None:
        self.app.open_walk(
            CheckSession(
                services=self.services,
                target=target,
                credential=credential,
                discovered=around,
                pasted=pasted,
            )
        )


def keyring_failed(
    services: "Services", problem: KeyringError, *, offers_file: bool, uses_file: bool
) -> Content:
    """What the keyring says, and the next step on this machine."""
    step = services.keyring_step(problem.state)
    lines = [
        Content.assemble(("! ", "$warning"), services.keyring_said(problem.state)),
        Content.styled(f"  {step.text}", "$text-muted"),
        Content(f"  {step.command}"),
    ]
    if offers_file:
        lines.append(
            Content.assemble(
                ("  Or press ", "$text-muted"),
                ("f", "bold"),
                (
                    " to keep profiles in an encrypted file."
                    if not uses_file
                    else " to unlock the file here.",
                    "$text-muted",
                ),
            )
        )
    return Content("\n").join(lines)


def settings_in_force(around: DiscoveryResult) -> Content:
    """The settings that are in force beside the key, and what is odd."""
    out = []
    if around.settings:
        out.append(Content.styled("Also in force", "$text-muted"))
    out += [
        Content.assemble(
            ("  " + display_safe(each.name), "bold"),
            f" = {display_safe(each.value)}",
            (
                f"   {origin_label(each.origin)}"
                + (f", set in {display_safe(each.origin.set_at)}" if each.origin.set_at else ""),
                "$text-muted",
            ),
        )
        for each in around.settings
    ]
    out += [
        Content.assemble(("! ", "$warning"), display_safe(each))
        for each in (*around.notes, *around.problems)
    ]
    return Content("\n").join(out)


def _nothing_found() -> Content:
    return Content.assemble(
        ("! No key was found here.\n", "bold $warning"),
        (
            "Looked at OPENAI_API_KEY and OPENAI_ADMIN_KEY in the environment, at .env in this folder and above, and at the start files of shells.\n",
            "",
        ),
        (
            "Enter a key, or check without one to see what a call from here would be told.",
            "$text-muted",
        ),
    )


def _header(mode: str) -> Content:
    how = (
        "It is checked with simulated requests, step by step."
        if mode == "demo"
        else "It is checked with real requests, step by step, until it works."
    )
    return Content.assemble(("Choose a key. ", "bold"), (how, "$text-muted"))
