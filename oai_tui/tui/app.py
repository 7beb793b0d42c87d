"""The application: which screen is shown, and whose services are used."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from oai_tui.startup import resume_collection
from oai_tui.tui.navigation import Navigation
from oai_tui.tui.themes import NIGHT

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

    from oai_tui.services.services import Services
    from oai_tui.tui.screens.demos import Story

MakeDemo = Callable[[str], "Services"]
_CLOSING_S = 1.0


class OaiTui(Navigation):
    """The wizard. `services`: what it works with, None to begin with the choice of a demo. `now` and `stories` are for tests and screenshots."""

    TITLE = "oai-tui"
    CSS_PATH = ["app.tcss", "screens/start.tcss", "screens/demos.tcss"]  # noqa: RUF012  the first screen's sheets too: Textual loads a screen's own only when it is pushed
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual declares it as an instance's
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
        self.services, self.now = services, now
        self._home = services if services is not None and services.mode == "real" else None
        self._pick = demo_picker or services is None
        self._make_demo, self._stories = make_demo or _simulated, stories or _scenarios
        self._farewells: set[asyncio.Task[None]] = set()
        self.register_theme(NIGHT)
        self.theme = NIGHT.name

    # -- beginning and ending

    def get_default_screen(self) -> Screen[None]:
        """The screen at the bottom of all; it is never replaced."""
        self._first = self._picker() if self._pick else self._start_screen()
        return self._first

    async def on_unmount(self) -> None:
        """Close the services, within a moment."""
        for services in {
            id(each): each for each in (self.services, self._home) if each is not None
        }.values():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(services.aclose(), _CLOSING_S)

    # -- what screens ask about the application

    @property
    def badge(self) -> str:
        """What stands at the right of every title: which demo this is, or how to reach the palette."""
        scenario = getattr(self.services, "scenario", None)
        return (
            (f"demo · {scenario.title}" if self.size.width >= 100 else "demo")
            if scenario is not None
            else "^p palette"
        )

    @property
    def has_home(self) -> bool:
        """Whether there are real keys to go back to from a demo."""
        return self._home is not None

    # -- demos

    def open_demos(self) -> None:
        """Choose a demo: on the picker at the bottom where there is one, else on a new one."""
        if self._pick:
            self._pop_all()
        else:
            self.push_screen(self._picker())

    def close_demos(self) -> None:
        """Leave the picker: back to the screen before, or out of the program when there is none."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.exit(return_code=0)

    def start_demo(self, scenario: str) -> None:
        """Begin a demo on fresh services."""
        self._use(self._make_demo(scenario))

    def leave_demo(self) -> None:
        """Go back to the real keys."""
        if self._home is not None:
            self._use(self._home)

    def _use(self, services: "Services") -> None:
        old, self.services = self.services, services
        if old is not None and old is not self._home:
            task = asyncio.create_task(old.aclose())
            self._farewells.add(task)
            task.add_done_callback(self._farewells.discard)
        self._pop_all()
        if services is not self._home:
            self._first = self._start_screen()
            self.push_screen(self._first)

    def _pop_all(self) -> None:
        """Down to the screen at the bottom."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._first = self.screen

    def _picker(self) -> Screen[None]:
        from oai_tui.tui.screens.demos import DemosScreen

        return DemosScreen(self._stories())

    def _start_screen(self) -> Screen[None]:
        from oai_tui.tui.screens.start import StartScreen

        if self.services is None:
            raise RuntimeError("there are no services to start with")
        return StartScreen(self.services)

    # -- help and palette

    def action_help(self) -> None:
        """Show the keys of this screen and the meaning of the marks."""
        from oai_tui.tui.screens.help import HelpScreen

        keys = [
            (self.get_key_display(active.binding), active.binding.tooltip)
            for active in own_bindings(self.screen)
        ]
        self.push_screen(HelpScreen([*keys, ("^p", "Every action by name")]))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The actions of the screen, then help, theme and quit."""
        for active in own_bindings(screen):
            binding = active.binding
            yield SystemCommand(
                binding.description.capitalize(),
                binding.tooltip,
                partial(self.run_action, binding.action, active.node),
            )
        yield SystemCommand("Theme", "Choose other colours", self.action_change_theme)


def own_bindings(screen: Screen[object]) -> "list[ActiveBinding]":
    """What can be done on a screen now, by key: ours, not Textual's; those in the footer first."""
    seen: dict[str, ActiveBinding] = {}
    for active in sorted(
        screen.active_bindings.values(), key=lambda active: not active.binding.show
    ):
        binding = active.binding
        if binding.id and binding.tooltip and active.enabled and binding.action != "interrupt":
            seen.setdefault(binding.action, active)
    return list(seen.values())


def _simulated(scenario: str) -> "Services":
    from oai_tui.services.build import demo_services

    return demo_services(scenario)


def _scenarios() -> "Sequence[Story]":
    from oai_tui.simulator.scenarios import SCENARIOS

    return tuple(SCENARIOS.values())


def run(
    services: "Services | None", *, demo_picker: bool = False, make_demo: "MakeDemo | None" = None
) -> int:
    """Run the wizard until the person leaves it. Gives the exit code: 0 for leaving, 130 for ctrl+c, 128 + n for a signal, 1 for a fault of ours."""
    app = OaiTui(services, demo_picker=demo_picker, make_demo=make_demo)
    try:
        app.run()
    finally:
        resume_collection()
    return app.return_code or 0
