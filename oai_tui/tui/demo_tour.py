"""The tour of eight common cases: which demo is next, and where the application says so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from oai_tui.simulator.find_demos import TOUR
from oai_tui.tui.navigation import Navigation
from oai_tui.tui.widgets.action_bar import Action

if TYPE_CHECKING:
    from oai_tui.services.services import Services


class DemoTour(Navigation):
    """The part of the application that leads through the demos of TOUR.

    The tour ends when another demo, or the real keys, are opened.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+n",
            "next_demo",
            "next demo",
            id="app.next-demo",
            tooltip="Open the next demo of the tour",
        )
    ]

    _tour: "tuple[int, Services | None] | None" = None
    """The index of the tour's demo, and its services."""

    @property
    def tour_number(self) -> int | None:
        """The number of the tour's demo that is open, from 1; None outside a tour."""
        if self._tour is None or self._tour[1] is not self.services:
            return None
        return self._tour[0] + 1

    @property
    def tour_badge(self) -> str:
        """The text about the tour for the title bar, "" outside a tour."""
        number = self.tour_number
        return f"Tour {number} of {len(TOUR)}" if number is not None else ""

    def start_tour(self, number: int = 1) -> None:
        """Open a demo of the tour, by its number from 1 to 8."""
        self.start_demo(TOUR[number - 1])
        self._tour = (number - 1, self.services)
        self.refresh_bindings()

    def action_next_demo(self) -> None:
        """Open the next demo of the tour; after the last one, the list of demos."""
        number = self.tour_number
        if number is None:
            return
        if number < len(TOUR):
            self.start_tour(number + 1)
        else:
            self._tour = None
            self.open_demos()

    def with_next_demo(self, actions: Sequence[Action]) -> tuple[Action, ...]:
        """Return the actions of a result, on a tour with one that opens the next demo."""
        number = self.tour_number
        if number is None or any(not action.enabled for action in actions):
            return tuple(actions)
        label = "Next demo" if number < len(TOUR) else "End of the tour"
        return (*actions, Action(id="app.next_demo", label=label))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide the next demo outside a tour."""
        if action == "next_demo":
            return self.tour_number is not None
        return super().check_action(action, parameters)
