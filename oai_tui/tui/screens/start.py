"""Where a sitting begins: the keys found here, what else is in force, and which key to check. The keyring is read after the first paint."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.domain.credential import Credential
from oai_tui.domain.ports import KeyringProblem
from oai_tui.domain.profile import Profile
from oai_tui.domain.surroundings import Surroundings
from oai_tui.domain.target import Target
from oai_tui.tui.sitting import Sitting
from oai_tui.tui.widgets.actions import Action, ActionBar
from oai_tui.tui.widgets.key_list import KeyList, KeyRow, credential_row, profile_row
from oai_tui.tui.widgets.title_bar import TitleBar
from oai_tui.tui.words import place, shown

if TYPE_CHECKING:
    from oai_tui.tui.app import OaiTui
    from oai_tui.wiring import Services

KEYRING_STATES = {
    "locked": "The keyring is locked, so saved profiles cannot be read. Unlock it and press p; keys found elsewhere can be checked now.",
    "unavailable": "No keyring is available on this machine, so there are no saved profiles.",
    "slow": "The keyring did not answer in time. Keys found elsewhere can be checked now.",
    "refused": "The keyring refused to be read.",
    "insecure": "The keyring back end stores text in the clear, so it is not used.",
    "differs": "The keyring gave back something else than was stored.",
}


_STEPS_AHEAD = (
    "The key's text is read here, character by character. Nothing is sent.",
    "One request goes without the key: OpenAI has to prove that it is at the other end.",
    "Then the key is tried, and a refusal is followed to its cause, one change at a time.",
    "What can be fixed here is fixed and tried again. Nothing billed is sent without your yes.",
)
_AHEAD = Content("\n").join([Content.styled("What happens then", "$text-muted"), *(Content.assemble((f"  {number}  ", "$primary"), (text, "$text-muted")) for number, text in enumerate(_STEPS_AHEAD, 1))])


class StartScreen(Screen[None]):
    """Choose a key and go."""

    CSS_PATH = "start.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "check", "check this key", id="start.check", key_display="enter", tooltip="Walk through every step with the chosen key"),
        Binding("n", "enter_key", "enter a key", id="start.enter", tooltip="Type or paste a key; it is shown as dots"),
        Binding("p", "profiles", "profiles", id="start.profiles", tooltip="Saved profiles in the keyring: show, check, delete"),
        Binding("d", "demo", "demo", id="start.demo", tooltip="Walk through a built-in failure; no key and no network"),
        Binding("x", "explain", "an error", id="start.explain", tooltip="You have an error message to explain", show=False),
    ]

    app: "OaiTui"

    def __init__(self, services: "Services") -> None:
        super().__init__()
        self.services = services
        self.around: Surroundings = services.surroundings()
        self.profiles: tuple[Profile, ...] = ()
        self.stale = True

    def compose(self) -> ComposeResult:
        yield TitleBar("Why is OpenAI saying no?", self.app.badge)
        with VerticalScroll(id="start", can_focus=False):
            yield Static(self._hero(), id="hero")
            yield Static(Content("Keys found here"), id="keys-title")
            yield Static(self._nothing_found(), id="no-key")
            yield KeyList(id="keys", compact=True, markup=False)
            yield Static(Content("Looking into the keyring …"), id="keyring")
            yield Static(self._settings(), id="settings")
            yield Static(_AHEAD, id="ahead")
        yield ActionBar(self._actions(), grab_focus=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        self._fill()
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
        except KeyringProblem as problem:
            line.update(Content.assemble(("! ", "$warning"), KEYRING_STATES.get(problem.state, shown(problem.detail))))
        else:
            line.update(Content("") if self.profiles else Content("No profiles saved yet. A key that proves to work can be saved as one."))
            line.display = not self.profiles
        self._fill()
        await self.query_one(ActionBar).show(self._actions())

    def rows(self) -> list[tuple[str, KeyRow]]:
        """Every key that can be chosen: an id and its row."""
        found = [(f"found-{index}", credential_row(each, first=index == 0)) for index, each in enumerate(self.around.credentials)]
        saved = [(f"saved-{index}", profile_row(each, self.app.now(), self.around.credentials, rotate_days=self.services.rotate_days)) for index, each in enumerate(self.profiles)]
        return found + saved

    def _fill(self) -> None:
        """Put the rows into the list; what was highlighted stays so."""
        keys, rows = self.query_one("#keys", OptionList), self.rows()
        at = keys.highlighted or 0
        width = self.app.size.width - 8
        keys.clear_options()
        keys.add_options([Option(each.content(width), id=name) for name, each in rows])
        keys.highlighted = min(at, len(rows) - 1) if rows else None
        keys.display = bool(rows)
        self.query_one("#no-key").display = not rows
        self.query_one("#keys-title").display = bool(rows)
        if not rows:
            self.query_one(ActionBar).focus_primary()
        elif self.focused is None:
            keys.focus()

    def on_resize(self) -> None:
        self._fill()

    def _hero(self) -> Content:
        return Content.assemble(
            ("Choose a key. ", "bold"), ("It is checked with real requests, step by step, until it works.", "$text-muted"),
        )

    def _nothing_found(self) -> Content:
        return Content.assemble(
            ("! No key was found here.\n", "bold $warning"),
            ("Looked at OPENAI_API_KEY and OPENAI_ADMIN_KEY in the environment, and at .env in this folder and above.\n", ""),
            ("Enter a key, or check without one to see what a call from here would be told.", "$text-muted"),
        )

    def _settings(self) -> Content:
        out = []
        if self.around.settings:
            out.append(Content.styled("Also in force", "$text-muted"))
        out += [Content.assemble(("  " + shown(each.name), "bold"), f" = {shown(each.value)}", (f"   {place(each.origin)}", "$text-muted")) for each in self.around.settings]
        out += [Content.assemble(("! ", "$warning"), shown(each)) for each in (*self.around.notes, *self.around.problems)]
        return Content("\n").join(out)

    def _actions(self) -> tuple[Action, ...]:
        usable = bool(self.around.credentials or self.profiles)
        enter = Action(id="enter_key", label="Enter a key", tooltip="Type or paste a key")
        first = Action(id="check", label="Check this key") if usable else enter
        second = enter if usable else Action(id="check", label="Without a key", tooltip="See what a call from here would be told")
        last = Action(id="leave_demo", label="Leave the demo") if self.services.mode == "demo" and self.app.has_home else Action(id="demo", label="Other demos" if self.services.mode == "demo" else "Try the demo")
        return (first, second, Action(id="profiles", label="Profiles"), last, Action(id="explain", label="I have an error"))

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
        option = self.query_one("#keys", OptionList).highlighted_option
        if option is None or option.id is None:
            self._walk(self.around.target, None, self.around)
            return
        kind, _, number = option.id.partition("-")
        if kind == "found":
            self._walk(self.around.target, self.around.credentials[int(number)], self.around)
        else:
            self.app.check_profile(self.profiles[int(number)])

    @work(exclusive=True, group="entry")
    async def action_enter_key(self) -> None:
        """Ask for a key and walk with it."""
        credential = await self.app.ask_for_key()
        if credential is not None:
            self._walk(self.around.target, credential, None)

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
        """Say honestly that an error cannot be explained here yet."""
        self.app.show_note(
            "Explaining an error message is not built in yet.",
            "It will read a pasted error, log line or traceback and name its causes without asking anybody.\n\n"
            "What works now: choose the key that the failing program uses and check it. The same failure shows here, with its cause.",
        )

    def _walk(self, target: Target, credential: Credential | None, around: Surroundings | None) -> None:
        self.app.open_walk(Sitting(services=self.services, target=target, credential=credential, surroundings=around))
