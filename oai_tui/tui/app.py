"""The application: which screen is shown, and which services are used.

Screens are imported when they are first needed, so that the start is fast.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, assert_never

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from oai_tui.startup import resume_collection
from oai_tui.tui.consent_guard import QUIET_S
from oai_tui.tui.demo_tour import DemoTour
from oai_tui.tui.places import PlaceId, Places
from oai_tui.tui.preferences import NO_COLOR_SHEET, Preferences, is_colorless
from oai_tui.tui.terminal_encoding import drawable_terminal

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

    from oai_tui.domain.cause import Catalogue
    from oai_tui.domain.decision_tree import Question, Tree
    from oai_tui.domain.explained import FailureReport
    from oai_tui.domain.keys.credential import Credential
    from oai_tui.domain.keys.secret import Secret
    from oai_tui.domain.observation import Fact
    from oai_tui.domain.ports import Answer
    from oai_tui.domain.profile import Profile
    from oai_tui.domain.target import Target
    from oai_tui.services.services import Services
    from oai_tui.services.settings import Settings
    from oai_tui.simulator.find_demos import Story
    from oai_tui.tui.history import History, PastCheck
    from oai_tui.tui.screens.walk import WalkScreen
    from oai_tui.tui.session import CheckSession
    from oai_tui.tui.walk_progress import WalkProgress

MakeDemo = Callable[[str], "Services"]
"""Builds the services of a scenario, by its id."""
_FOLDER = Path(__file__).parent
_CLOSE_TIMEOUT_S = 1.0
"""Seconds that closing the connections may take at the end."""
_WIDE = 100
"""Columns from which on there is space for a long badge."""


class OaiTui(DemoTour, Places):
    """The wizard.

    `services` is None to begin with the choice of a demo. `now`, `make_demo`, `stories` and
    `quiet_s` (see tui/consent_guard.py) are for tests and screenshots.
    """

    TITLE = "oai-tui"
    ENABLE_COMMAND_PALETTE = True
    # Textual declares both as attributes of instances.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-middle"), (32, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "question_mark",
            "help",
            "help",
            id="app.help",
            tooltip="How a check works, the keys of this screen, the marks",
            key_display="?",
        ),
        Binding(
            "f1",
            "help",
            "help",
            id="app.help-always",
            tooltip="How a check works, the keys of this screen, the marks",
            show=False,
            priority=True,
        ),
        Binding(
            "ctrl+o",
            "jump",
            "jump",
            id="app.jump",
            tooltip="Show a letter on everything that can be pressed",
            show=False,
            priority=True,
        ),
        Binding("q", "quit", "quit", id="app.quit", tooltip="Leave the program"),
        Binding(
            "ctrl+q",
            "quit",
            "quit",
            id="app.quit-always",
            tooltip="Leave the program",
            show=False,
            priority=True,
        ),
    ]

    def __init__(
        self,
        services: "Services | None",
        *,
        demo_picker: bool = False,
        make_demo: "MakeDemo | None" = None,
        stories: "Callable[[], Sequence[Story]] | None" = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        quiet_s: float = QUIET_S,
        settings: "Settings | None" = None,
    ) -> None:
        self._starts_with_demos = demo_picker or services is None
        # The sheet of the first screen too: Textual loads a screen's own only when it is pushed.
        first = "demos" if self._starts_with_demos else "start"
        sheets = [_FOLDER / "app.tcss", _FOLDER / "screens" / f"{first}.tcss"]
        # Textual draws without colours, instead of in grey, only if it may not replace those of
        # the terminal.
        super().__init__(
            css_path=[*sheets, *([NO_COLOR_SHEET] if is_colorless() else [])],
            ansi_color=True if is_colorless() else None,
        )
        self.quiet_s = quiet_s
        self.preferences = Preferences(self, settings)
        self.services = services
        self.now = now
        self._history: History | None = None
        self._home = services if services is not None and services.mode == "real" else None
        """The services of the real keys, to which a demo leads back."""
        self._make_demo = make_demo or _simulated_services
        self._stories = stories or _scenarios
        self._closing_tasks: set[asyncio.Task[None]] = set()
        """References to tasks that close the services of earlier demos."""
        self.preferences.apply_theme()

    # -- start and end

    def on_ready(self) -> None:
        """Apply the settings file."""
        self.preferences.start()

    def get_default_screen(self) -> Screen[None]:
        """Return the screen at the bottom of the stack, which is never replaced."""
        place: PlaceId = "demos" if self._starts_with_demos else "keys"
        self._bottom = self._demos_screen() if self._starts_with_demos else self._start_screen()
        self._first = self._bottom
        self.register_place(place, self._bottom)
        return self._bottom

    def on_mount(self) -> None:
        """Open the text of a demo that has one."""
        self._open_text_of_demo()

    async def on_unmount(self) -> None:
        """Close the services, for a second at most."""
        in_use = [self.services] if self.services is not None else []
        if self._home is not None and self._home is not self.services:
            in_use.append(self._home)
        for services in in_use:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(services.aclose(), _CLOSE_TIMEOUT_S)

    # -- about the application

    @property
    def badge(self) -> str:
        """The text at the right of every title bar: the demo, or the key of the palette."""
        if self.tour_badge:
            return self.tour_badge
        scenario = self.services.scenario if self.services is not None else None
        if scenario is None:
            return "^p palette"
        return f"demo · {scenario.title}" if self.size.width >= _WIDE else "demo"

    @property
    def has_home(self) -> bool:
        """Return True if there are real keys to go back to from a demo."""
        return self._home is not None

    # -- demos

    def open_demos(self) -> None:
        """Open the choice of demos: the one at the bottom of the stack, or a new one."""
        self.action_go("demos")

    def start_demo(self, scenario: str) -> None:
        """Begin the demo of a scenario, by its id, with new services."""
        self._use(self._make_demo(scenario))

    def leave_demo(self) -> None:
        """Go back to the real keys."""
        if self._home is not None:
            self._use(self._home)

    def _use(self, services: "Services") -> None:
        """Replace the services, and go to their start screen."""
        old = self.services
        self.services = services
        if old is not None and old is not self._home:
            task = asyncio.create_task(old.aclose())
            self._closing_tasks.add(task)
            task.add_done_callback(self._closing_tasks.discard)
        self._pop_all()
        if services is not self._home:
            self._first = self._start_screen()
            self.open_place("keys", self._first)
            self._open_text_of_demo()
        elif not self._starts_with_demos:
            self.register_place("keys", self._bottom)

    def _open_text_of_demo(self) -> None:
        """Open the screen for a pasted error with the text of a demo that no check can meet."""
        scenario = self.services.scenario if self.services is not None else None
        if scenario is None or not scenario.text:
            return
        from oai_tui.tui.screens.start import StartScreen

        if isinstance(self._first, StartScreen):
            self.open_paste(self._first.confirm, scenario.text)

    def _pop_all(self) -> None:
        """Close every screen but the one at the bottom."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._first = self._bottom

    def _demos_screen(self) -> Screen[None]:
        from oai_tui.tui.screens.demos import DemosScreen

        return DemosScreen(self._stories())

    def _start_screen(self) -> Screen[None]:
        from oai_tui.tui.screens.start import StartScreen

        if self.services is None:
            raise RuntimeError("there are no services to start with")
        return StartScreen(self.services)

    # -- places and history

    def make_place(self, place: PlaceId) -> Screen[Any] | str:
        """Return a new screen for a place, or a sentence that says why there is none."""
        match place:
            case "demos":
                return self._demos_screen()
            case "map":
                from oai_tui.tui.screens.map import MapScreen

                return MapScreen(self.current_check, *self._knowledge())
            case "history":
                from oai_tui.tui.screens.history import HistoryScreen

                return HistoryScreen(lambda: tuple(self.history.newest_first()), self._is_open)
            case _ if self.services is None:
                return "Choose a demo first: Enter starts the selected one."
            case "keys":
                self._first = self._start_screen()
                return self._first
            case "profiles":
                from oai_tui.tui.screens.profiles import ProfilesScreen

                return ProfilesScreen(self.services)
            case "explain":
                return self._paste_screen(self.services, self._confirm_pasted)
            case _:
                assert_never(place)

    @property
    def history(self) -> "History":
        """The checks since the program started; its module is imported when it is first needed."""
        if self._history is None:
            from oai_tui.tui.history import History

            self._history = History()
        return self._history

    def record_check(self, session: "CheckSession", progress: "WalkProgress") -> None:
        """Keep a check that starts now in the history."""
        self.history.add(session, progress, self.now())

    def current_check(self) -> "WalkProgress | None":
        """Return the progress of the check on the screen or below it, else of the last one."""
        walk = self._open_walk_screen()
        if walk is not None:
            return walk.progress
        last = next(self.history.newest_first(), None)
        return last.progress if last is not None else None

    def reopen_check(self, check: "PastCheck") -> None:
        """Show the result of a check again; nothing is sent. A running check is shown as it is."""
        from oai_tui.tui.screens.walk import WalkScreen

        walk = self._walk_screen_of(check)
        if walk is not None:
            self._pop_to(walk)
            return
        self._use_services_of(check)
        self.push_screen(WalkScreen(check.session_to_continue(), check.progress_to_show()))

    def repeat_check(self, check: "PastCheck") -> None:
        """Check the key of a check again, from the first step."""
        self._use_services_of(check)
        self.open_walk(check.session_to_continue())

    def open_cause(self, cause_id: str) -> None:
        """Show the page of a cause."""
        from oai_tui.tui.screens.cause import CauseScreen

        _, catalogue = self._knowledge()
        if cause_id in catalogue:
            screen = CauseScreen(catalogue[cause_id], catalogue, self._demo_of(cause_id))
            self.open_place("cause", screen)

    def _knowledge(self) -> "tuple[Tree, Catalogue]":
        """Return the tree and the catalogue, of the services if there are any."""
        if self.services is not None:
            return self.services.tree, self.services.catalogue
        from oai_tui.knowledge.causes import CATALOGUE
        from oai_tui.knowledge.tree import TREE

        return TREE, CATALOGUE

    def _demo_of(self, cause_id: str) -> str:
        """Return the id of the demo that shows a cause, "" if there is none."""
        stories = [story for story in self._stories() if getattr(story, "cause", None) == cause_id]
        first = sorted(stories, key=lambda story: story.id != cause_id)[:1]
        return first[0].id if first else ""

    def _use_services_of(self, check: "PastCheck") -> None:
        """Go to the demo, or to the real keys, with which a check was made."""
        if check.session.services is not self.services:
            self._use(check.session.services)

    def _is_open(self, check: "PastCheck") -> bool:
        return self._walk_screen_of(check) is not None

    def _walk_screen_of(self, check: "PastCheck") -> "WalkScreen | None":
        """Return the open screen that shows a check, None if there is none."""
        return next(
            (walk for walk in self._walk_screens() if walk.progress is check.progress), None
        )

    def _open_walk_screen(self) -> "WalkScreen | None":
        return next(iter(self._walk_screens()), None)

    def _walk_screens(self) -> "list[WalkScreen]":
        """Return the open screens of checks, the highest first."""
        if self._history is None:  # no check yet, and its module need not be imported
            return []
        from oai_tui.tui.screens.walk import WalkScreen

        return [screen for screen in reversed(self.screen_stack) if isinstance(screen, WalkScreen)]

    # -- the start screen

    def back_to_start(self) -> None:
        """Close every screen above the choice of keys."""
        while len(self.screen_stack) > 1 and self.screen is not self._first:
            self.pop_screen()

    def profiles_changed(self) -> None:
        """Have the start screen read the keyring again when it is next shown."""
        from oai_tui.tui.screens.start import StartScreen

        if isinstance(self._first, StartScreen):
            self._first.profiles_changed()

    # -- other screens, each imported when it is first needed

    def open_walk(self, session: "CheckSession") -> None:
        """Open the walk of a session and start it."""
        from oai_tui.tui.screens.walk import WalkScreen

        self.push_screen(WalkScreen(session))

    def open_saved(self, session: "CheckSession", progress: "WalkProgress") -> None:
        """Show where the profile was saved and how to use it.

        After a check of a saved profile, show the result instead.
        """
        from oai_tui.tui.screens.saved import SavedScreen
        from oai_tui.tui.screens.success import VerifiedScreen

        self.profiles_changed()
        screen = VerifiedScreen if session.is_verification(progress.facts) else SavedScreen
        self.push_screen(screen(session, progress))

    def open_profiles(self) -> None:
        """Show the saved profiles."""
        self.action_go("profiles")

    def open_paste(self, confirm: "Callable[[FailureReport], None]", text: str = "") -> None:
        """Open the screen for a pasted error, with `text` already in its box."""
        if self.services is not None:
            self.open_place("explain", self._paste_screen(self.services, confirm, text))

    def _paste_screen(
        self, services: "Services", confirm: "Callable[[FailureReport], None]", text: str = ""
    ) -> Screen[Any]:
        from oai_tui.tui.screens.paste import PasteScreen

        return PasteScreen(services, confirm, text)

    def _confirm_pasted(self, report: "FailureReport") -> None:
        """Check the key that is chosen on the start screen to confirm a pasted failure."""
        from oai_tui.tui.screens.start import StartScreen

        if isinstance(self._first, StartScreen):
            self._first.confirm(report)

    def check_profile(self, profile: "Profile", pasted: "FailureReport | None" = None) -> None:
        """Load the key of a profile and open a walk with it."""
        if self.services is not None:
            self._load_and_walk(self.services, profile, pasted)

    @work(exclusive=True, group="load")
    async def _load_and_walk(
        self, services: "Services", profile: "Profile", pasted: "FailureReport | None"
    ) -> None:
        from oai_tui.domain.errors import KeyringError
        from oai_tui.tui.session import CheckSession

        try:
            target, credential = await services.load_profile(profile.name)
        except KeyringError as error:
            self.show_note(
                f"The profile {profile.name} could not be read.",
                services.profiles.error_text(error),
            )
        except KeyError:
            self.show_note(
                f"There is no profile {profile.name} any more.",
                "It may have been deleted by another program.",
            )
        else:
            self.open_walk(
                CheckSession(
                    services=services,
                    target=target,
                    credential=credential,
                    profile=profile,
                    pasted=pasted,
                )
            )

    def show_status(self, target: "Target") -> None:
        """Query OpenAI's status page and show the answer in a note."""
        if self.services is not None:
            self._query_status(self.services, target)

    @work(exclusive=True, group="status")
    async def _query_status(self, services: "Services", target: "Target") -> None:
        self.notify("Asking OpenAI's status page …", timeout=4)
        self.show_note("OpenAI's status page", await services.status_text(target))

    def show_note(self, heading: str, text: str, *, verbatim: bool = False) -> None:
        """Show a note that needs no answer. `verbatim` text is shown unchanged."""
        from oai_tui.tui.screens.dialogs import NoteScreen

        self.push_screen(NoteScreen(heading, text, verbatim=verbatim))

    # -- questions

    async def ask_for_key(self, profile: "Profile | None" = None) -> "Credential | None":
        """Let the user type or paste a key, a new one for `profile` if there is one.

        None if they cancel.
        """
        from oai_tui.domain.target import Origin
        from oai_tui.tui.demo_notes import key_of_demo, named_key, refuse_real_key
        from oai_tui.tui.screens.key_entry import KeyEntryScreen

        services = self.services
        if services is None:
            return None
        is_demo = services.mode == "demo"
        demo_key, demo_hint = key_of_demo(services, profile)
        return await self.push_screen_wait(
            KeyEntryScreen(
                lambda secret: services.credential(
                    named_key(secret) if is_demo else secret, Origin(kind="typed")
                ),
                profile=profile.name if profile is not None else "",
                old_key=profile.hint if profile is not None else "",
                demo_key=demo_key,
                demo_hint=demo_hint,
                refuse=partial(refuse_real_key, services) if is_demo else _refuse_none,
            )
        )

    async def put_question(
        self,
        question: "Question",
        facts: "Mapping[str, Fact]",
        session: "CheckSession",
        progress: "WalkProgress",
    ) -> "Answer":
        """Ask a question of the tree. The question "save" is asked on the success screen.

        It is asked when the check is on top: never over another screen.
        """
        await self._until_on_top(session)
        if question.id == "save":
            from oai_tui.tui.screens.success import SuccessScreen, answer_for_profile

            if answer := answer_for_profile(session, facts):
                return answer
            return await self.push_screen_wait(SuccessScreen(session, progress, facts))
        from oai_tui.tui.demo_notes import question_in_demo
        from oai_tui.tui.formatting import last4
        from oai_tui.tui.screens.dialogs import QuestionScreen

        if (remembered := session.remembered_answer(question.id)) is not None:
            return remembered
        key = last4(session.credential.secret.masked) if session.credential else ""
        answer = await self.push_screen_wait(
            QuestionScreen(
                question_in_demo(question, session.services.scenario, session.demo_note),
                facts,
                session.target.host,
                key,
            )
        )
        session.remember_answer(question.id, answer)
        return answer

    async def _until_on_top(self, session: "CheckSession") -> None:
        """Wait until the check of a session is the screen on top, if it is open at all."""
        walk = next((walk for walk in self._walk_screens() if walk.session is session), None)
        if walk is None or walk is self.screen:
            return
        changed = asyncio.Event()
        self.screen_change_signal.subscribe(walk, lambda _: changed.set(), immediate=True)
        self.notify("The check has a question for you. Go back to it with Esc.", timeout=8)
        try:
            while walk is not self.screen:
                changed.clear()
                await changed.wait()
        finally:
            self.screen_change_signal.unsubscribe(walk)

    # -- help, jump mode and palette

    def action_help(self) -> None:
        """Show how a check works, the keys of this screen, and the meanings of the marks."""
        from oai_tui.tui.screens.help import HelpScreen

        screen = self.screen
        if isinstance(screen, HelpScreen):
            screen.action_close()
            return
        here: dict[str, str] = {}
        everywhere: dict[str, str] = {}
        for active in own_bindings(screen):
            keys = everywhere if active.node is self else here
            keys[self.get_key_display(active.binding)] = active.binding.tooltip
        if isinstance(screen, ModalScreen):  # it hides the bindings of the application
            everywhere = {
                self.get_key_display(binding): binding.tooltip
                for binding in (*OaiTui.BINDINGS, *Places.BINDINGS)
                if isinstance(binding, Binding) and binding.priority
            }
        everywhere["^p"] = "Every action by name"
        self.push_screen(HelpScreen(tuple(here.items()), tuple(everywhere.items())))

    @work(exclusive=True, group="jump")
    async def action_jump(self) -> None:
        """Show a letter on everything that can be pressed, and press what is chosen."""
        from oai_tui.tui.screens.jump import JumpScreen, activate, jump_targets

        screen = self.screen
        if isinstance(screen, JumpScreen):
            screen.action_close()
            return
        targets = jump_targets(screen)
        target = await self.push_screen_wait(JumpScreen(targets)) if targets else None
        if target is not None and self.screen is screen:
            is_question = isinstance(screen, ModalScreen) and not hasattr(screen, "action_close")
            activate(target, focus_only=is_question)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the actions of the screen and of the application, and the choice of a theme."""
        for active in own_bindings(screen):
            binding = active.binding
            yield SystemCommand(
                _command_title(active, screen),
                f"{self.get_key_display(binding)} · {binding.tooltip}",
                partial(self.run_action, binding.action, active.node),
            )
        yield from self.preferences.commands(self.services)


def _command_title(active: "ActiveBinding", screen: Screen[object]) -> str:
    """Return the title of an action in the palette: "Check: again", "Go to: Profiles", "Help"."""
    description = active.binding.description
    if active.binding.action.startswith("go("):
        return f"Go to: {description}"
    if isinstance(active.node, OaiTui) or not screen.TITLE:
        return description.capitalize()
    return f"{screen.TITLE}: {description}"


def _refuse_none(secret: "Secret") -> str:
    """Return "": outside a demo every key may be tried."""
    return ""


def own_bindings(screen: Screen[object]) -> "list[ActiveBinding]":
    """Return the bindings of this program that work now, those in the footer first."""
    seen: dict[str, ActiveBinding] = {}
    for active in sorted(
        screen.active_bindings.values(), key=lambda active: not active.binding.show
    ):
        binding = active.binding
        if binding.id and binding.tooltip and active.enabled and binding.action != "interrupt":
            seen.setdefault(binding.action, active)
    return list(seen.values())


def _simulated_services(scenario: str) -> "Services":
    from oai_tui.services.build import demo_services

    return demo_services(scenario)


def _scenarios() -> "Sequence[Story]":
    from oai_tui.simulator.scenarios import DEMOS

    return tuple(DEMOS.values())


def run(
    services: "Services | None",
    *,
    demo_picker: bool = False,
    make_demo: "MakeDemo | None" = None,
    settings: "Settings | None" = None,
) -> int:
    """Run the wizard until the user leaves it. Return the exit code.

    0 for leaving, 130 for ctrl+c, 128 + n for signal n, 1 for an exception of our own.
    """
    app = OaiTui(services, demo_picker=demo_picker, make_demo=make_demo, settings=settings)
    return run_app(app)


def run_app(app: OaiTui) -> int:
    """Run an application, then print what came of its last check. Return the exit code."""
    try:
        with drawable_terminal():
            app.run()
    finally:
        resume_collection()
    code = app.return_code or 0
    if app.exit_record is not None:
        from oai_tui.tui.exit_record import print_exit_summary

        print_exit_summary(app.exit_record, code)
    return code
