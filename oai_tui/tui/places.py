"""Going to a place from any screen: F2 to F7 and the palette.

A place is a screen of which one at most is open. Places that only show something are closed on
the way to another one; a check, a text that was pasted and their results stay open below.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen, SystemModalScreen

from oai_tui.tui.navigation import Navigation

PlaceId = Literal["keys", "profiles", "explain", "demos", "map", "history"]
PLACE_IDS: tuple[PlaceId, ...] = get_args(PlaceId)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place, the key that leads to it, and what is there."""

    id: PlaceId
    key: str
    title: str
    about: str


PLACES = (
    Place(id="keys", key="f2", title="Keys", about="The keys on this machine: choose and check"),
    Place(id="profiles", key="f3", title="Profiles", about="The saved profiles in the keyring"),
    Place(
        id="explain",
        key="f4",
        title="Explain",
        about="Paste an error and have it explained offline",
    ),
    Place(id="demos", key="f5", title="Demos", about="Simulated failures; no key and no network"),
    Place(
        id="map", key="f6", title="Map", about="Every step and cause, and the path of this check"
    ),
    Place(id="history", key="f7", title="History", about="The checks since the program started"),
)
_STAY_OPEN: frozenset[str] = frozenset({"keys", "explain"})
"""Places that are not closed on the way to another one: what is in them would be lost."""


class Places(Navigation):
    """Keeps track of the open places. The application says how each is made."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            place.key,
            f"go('{place.id}')",
            place.title,
            id=f"go.{place.id}",
            tooltip=place.about,
            show=False,
            priority=True,
        )
        for place in PLACES
    ]

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._places: dict[str, Screen[Any]] = {}
        """The screen of each place that was opened; it may be closed again."""

    @abstractmethod
    def make_place(self, place: PlaceId) -> "Screen[Any] | str":
        """Return a new screen for a place, or a sentence that says why there is none."""

    def action_go(self, place: PlaceId) -> None:
        """Go to a place: to its screen if it is open, else to a new one."""
        if not self._close_notes():
            self.notify("Answer or close this dialog first. Esc closes it.", timeout=4)
            return
        screen = self._places.get(place)
        if screen is not None and screen in self.screen_stack:
            self._pop_to(screen)
            return
        made = self.make_place(place)
        if isinstance(made, str):
            self.notify(made, timeout=6)
            return
        while len(self.screen_stack) > 1 and self._only_shows(self.screen):
            self.pop_screen()
        self.open_place(place, made)

    def open_place(self, place: str, screen: Screen[Any]) -> None:
        """Push the screen of a place."""
        self.register_place(place, screen)
        self.push_screen(screen)

    def register_place(self, place: str, screen: Screen[Any]) -> None:
        """Keep in mind which screen a place has. "cause" is closed like a place, too."""
        self._places[place] = screen

    def _pop_to(self, screen: Screen[Any]) -> None:
        while self.screen is not screen:
            self.pop_screen()

    def _only_shows(self, screen: Screen[Any]) -> bool:
        """Return True for a place that can be closed without a loss."""
        return any(
            screen is open_screen and place not in _STAY_OPEN
            for place, open_screen in self._places.items()
        )

    def _close_notes(self) -> bool:
        """Close the notes on top. Return False, and close none, if a question is below them."""
        notes = number_of_notes(self.screen_stack)
        if isinstance(self.screen_stack[-1 - notes], ModalScreen):
            return False
        for _ in range(notes):
            self.pop_screen()
        return True


def number_of_notes(stack: Sequence[Screen[Any]]) -> int:
    """Return how many screens at the top of a stack only show something.

    These have an action "close": help, notes, code samples. A question has an action that refuses.
    """
    count = 0
    for screen in reversed(stack[1:]):
        if not (hasattr(screen, "action_close") or isinstance(screen, SystemModalScreen)):
            break
        count += 1
    return count
