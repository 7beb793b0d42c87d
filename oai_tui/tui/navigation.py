"""The interface of the application for its screens: its services, and opening other screens.

It imports no screen, not even for type checking, so that imports inside
`tui` go one way: app -> screens -> navigation. `OaiTui` in `tui/app.py` implements it.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from oai_tui.tui.app_base import AppBase

if TYPE_CHECKING:
    from oai_tui.domain.decision_tree import Question
    from oai_tui.domain.explained import FailureReport
    from oai_tui.domain.keys.credential import Credential
    from oai_tui.domain.observation import Fact
    from oai_tui.domain.ports import Answer
    from oai_tui.domain.profile import Profile
    from oai_tui.domain.target import Target
    from oai_tui.services.services import Services
    from oai_tui.tui.exit_record import ExitRecord
    from oai_tui.tui.history import PastCheck
    from oai_tui.tui.session import CheckSession
    from oai_tui.tui.walk_progress import WalkProgress
    from oai_tui.tui.widgets.action_bar import Action


class Navigation(AppBase):
    """The application as screens see it: annotate `app: "Navigation"` in a screen.

    The methods are abstract for mypy alone: Textual's metaclass leaves no room for `ABCMeta`.
    """

    services: "Services | None"
    """The services in use; None until a demo was chosen."""
    now: Callable[[], datetime]
    """The current time in UTC."""
    exit_record: "ExitRecord | None" = None
    """The last check, to be printed when the wizard ends."""

    # -- about the application

    @property
    @abstractmethod
    def badge(self) -> str:
        """The text at the right of every title bar."""

    @property
    @abstractmethod
    def has_home(self) -> bool:
        """Return True if there are real keys to go back to from a demo."""

    # -- the start screen and demos

    @abstractmethod
    def back_to_start(self) -> None:
        """Close every screen above the choice of keys."""

    @abstractmethod
    def profiles_changed(self) -> None:
        """Have the start screen read the keyring again when it is next shown."""

    @abstractmethod
    def open_demos(self) -> None:
        """Open the choice of demos."""

    @abstractmethod
    def start_demo(self, scenario: str) -> None:
        """Begin the demo of a scenario, by its id, with new services."""

    @abstractmethod
    def start_tour(self, number: int = 1) -> None:
        """Open a demo of the tour, by its number from 1 to 8."""

    @abstractmethod
    def with_next_demo(self, actions: "Sequence[Action]") -> "tuple[Action, ...]":
        """Return the actions of a result, on a tour with one that opens the next demo."""

    @abstractmethod
    def leave_demo(self) -> None:
        """Go back to the real keys."""

    # -- checks

    @abstractmethod
    def record_check(self, session: "CheckSession", progress: "WalkProgress") -> None:
        """Keep a check that starts now in the history."""

    @abstractmethod
    def reopen_check(self, check: "PastCheck") -> None:
        """Show the result of a check again; nothing is sent."""

    @abstractmethod
    def repeat_check(self, check: "PastCheck") -> None:
        """Check the key of a check again, from the first step."""

    @abstractmethod
    def open_cause(self, cause_id: str) -> None:
        """Show the page of a cause."""

    # -- other screens

    @abstractmethod
    def open_walk(self, session: "CheckSession") -> None:
        """Open the walk of a session and start it."""

    @abstractmethod
    def open_saved(self, session: "CheckSession", progress: "WalkProgress") -> None:
        """Show where the profile was saved and how to use it."""

    @abstractmethod
    def open_profiles(self) -> None:
        """Show the saved profiles."""

    @abstractmethod
    def open_paste(self, confirm: "Callable[[FailureReport], None]", text: str = "") -> None:
        """Open the screen for a pasted error, with `text` already in its box.

        `confirm` is called with the failure that the user wants confirmed by a walk.
        """

    @abstractmethod
    def check_profile(self, profile: "Profile", pasted: "FailureReport | None" = None) -> None:
        """Load the key of a profile and open a walk with it.

        `pasted` is the failure that the walk is to confirm, None for an ordinary walk. A keyring
        that fails is reported in a note.
        """

    @abstractmethod
    def show_status(self, target: "Target") -> None:
        """Query OpenAI's status page and show the answer in a note."""

    @abstractmethod
    def show_note(self, heading: str, text: str, *, verbatim: bool = False) -> None:
        """Show a note that needs no answer. `verbatim` text is shown unchanged."""

    # -- questions; call them from a worker

    @abstractmethod
    async def ask_for_key(self, profile: "Profile | None" = None) -> "Credential | None":
        """Let the user type or paste a key. Return None if they cancel.

        `profile` is the one whose key is replaced, None for none.
        """

    @abstractmethod
    async def put_question(
        self,
        question: "Question",
        facts: "Mapping[str, Fact]",
        session: "CheckSession",
        progress: "WalkProgress",
    ) -> "Answer":
        """Ask a question of the tree. The question "save" is asked on the success screen."""
