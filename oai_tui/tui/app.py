"""The application: which screen is shown, and which services are used.

Screens are imported when they are first needed, so that the start is fast.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from oai_tui.startup import resume_collection
from oai_tui.tui.navigation import Navigation
from oai_tui.tui.themes import NIGHT

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

    from oai_tui.domain.decision_tree import Question
    from oai_tui.domain.explained import FailureReport
    from oai_tui.domain.keys.credential import Credential
    from oai_tui.domain.observation import Fact
    from oai_tui.domain.ports import Answer
    from oai_tui.domain.profile import Profile
    from oai_tui.domain.target import Target
    from oai_tui.services.services import Services
    from oai_tui.tui.screens.demos import Story
    from oai_tui.tui.session import CheckSession
    from oai_tui.tui.walk_progress import WalkProgress

MakeDemo = Callable[[str], "Services"]
"""Builds the services of a scenario, by its id."""
_CLOSE_TIMEOUT_S = 1.0
"""Seconds that closing the connections may take at the end."""
_WIDE = 100
"""Columns from which on there is space for a long badge."""


class OaiTui(Navigation):
    """The wizard.

    `services` is None to begin with the choice of a demo. `now`, `make_demo` and `stories` are for
    tests and screenshots.
    """

    TITLE = "oai-tui"
    # The sheets of the first screens too: Textual loads a screen's own only when it is pushed.
    CSS_PATH = ["app.tcss", "screens/start.tcss", "screens/demos.tcss"]  # noqa: RUF012
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
            tooltip="The keys and what the marks mean",
            key_display="?",
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
    ) -> None:
        super().__init__()
        self.services = services
        self.now = now
        self._home = services if services is not None and services.mode == "real" else None
        """The services of the real keys, to which a demo leads back."""
        self._starts_with_demos = demo_picker or services is None
        self._make_demo = make_demo or _simulated_services
        self._stories = stories or _scenarios
        self._closing_tasks: set[asyncio.Task[None]] = set()
        """References to tasks that close the services of earlier demos."""
        self.register_theme(NIGHT)
        self.theme = NIGHT.name

    # -- start and end

    def get_default_screen(self) -> Screen[None]:
        """Return the screen at the bottom of the stack, which is never replaced."""
        self._bottom = self._demos_screen() if self._starts_with_demos else self._start_screen()
        self._first = self._bottom
        return self._bottom

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
        if self._starts_with_demos:
            self._pop_all()
        else:
            self.push_screen(self._demos_screen())

    def close_demos(self) -> None:
        """Leave the choice of demos: to the screen below, or out of the program."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.exit(return_code=0)

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
            self.push_screen(self._first)

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
        """Show where the profile was saved and how to use it."""
        from oai_tui.tui.screens.saved import SavedScreen

        self.profiles_changed()
        self.push_screen(SavedScreen(session, progress))

    def open_profiles(self) -> None:
        """Show the saved profiles."""
        from oai_tui.tui.screens.profiles import ProfilesScreen

        if self.services is not None:
            self.push_screen(ProfilesScreen(self.services))

    def open_paste(self, confirm: "Callable[[FailureReport], None]", text: str = "") -> None:
        """Open the screen for a pasted error, with `text` already in its box."""
        from oai_tui.tui.screens.paste import PasteScreen

        if self.services is not None:
            self.push_screen(PasteScreen(self.services, confirm, text))

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
                "Somebody else may have deleted it.",
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

    async def ask_for_key(self) -> "Credential | None":
        """Let the user type or paste a key. Return None if they cancel."""
        from oai_tui.domain.target import Origin
        from oai_tui.tui.screens.key_entry import KeyEntryScreen

        services = self.services
        if services is None:
            return None
        return await self.push_screen_wait(
            KeyEntryScreen(lambda secret: services.credential(secret, Origin(kind="typed")))
        )

    async def put_question(
        self,
        question: "Question",
        facts: "Mapping[str, Fact]",
        session: "CheckSession",
        progress: "WalkProgress",
    ) -> "Answer":
        """Ask a question of the tree. The question "save" is asked on the success screen."""
        if question.id == "save":
            from oai_tui.tui.screens.success import SuccessScreen

            return await self.push_screen_wait(SuccessScreen(session, progress, facts))
        from oai_tui.tui.formatting import last4
        from oai_tui.tui.screens.dialogs import QuestionScreen

        key = last4(session.credential.secret.masked) if session.credential else ""
        return await self.push_screen_wait(
            QuestionScreen(question, facts, session.target.host, key)
        )

    # -- help and palette

    def action_help(self) -> None:
        """Show the keys of this screen and the meanings of the marks."""
        from oai_tui.tui.screens.help import HelpScreen

        keys = [
            (self.get_key_display(active.binding), active.binding.tooltip)
            for active in own_bindings(self.screen)
        ]
        self.push_screen(HelpScreen([*keys, ("^p", "Every action by name")]))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the actions of the screen and of the application, and the choice of a theme."""
        for active in own_bindings(screen):
            binding = active.binding
            yield SystemCommand(
                binding.description.capitalize(),
                binding.tooltip,
                partial(self.run_action, binding.action, active.node),
            )
        yield SystemCommand("Theme", "Choose other colours", self.action_change_theme)


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
    from oai_tui.simulator.scenarios import SCENARIOS

    return tuple(SCENARIOS.values())


def run(
    services: "Services | None", *, demo_picker: bool = False, make_demo: "MakeDemo | None" = None
) -> int:
    """Run the wizard until the user leaves it. Return the exit code.

    0 for leaving, 130 for ctrl+c, 128 + n for signal n, 1 for an exception of our own.
    """
    return run_app(OaiTui(services, demo_picker=demo_picker, make_demo=make_demo))


def run_app(app: OaiTui) -> int:
    """Run an application, then print what came of its last check. Return the exit code."""
    try:
        app.run()
    finally:
        resume_collection()
    code = app.return_code or 0
    if app.exit_record is not None:
        from oai_tui.tui.exit_record import print_exit_summary

        print_exit_summary(app.exit_record, code)
    return code
