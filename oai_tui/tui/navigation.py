"""Which screen opens for what: the ways on from any screen, each loading its screen when it is first needed."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual import work

from oai_tui.tui.app_base import AppBase

if TYPE_CHECKING:
    from textual.screen import Screen

    from oai_tui.domain.decision_tree import Question
    from oai_tui.domain.errors import KeyringError
    from oai_tui.domain.explained import FailureReport
    from oai_tui.domain.keys.credential import Credential
    from oai_tui.domain.observation import Fact
    from oai_tui.domain.ports import Answer
    from oai_tui.domain.profile import Profile
    from oai_tui.domain.target import Target
    from oai_tui.services.services import Services
    from oai_tui.tui.session import CheckSession
    from oai_tui.tui.walk_progress import WalkProgress


class Navigation(AppBase):
    """The part of the application that screens ask for other screens."""

    services: "Services | None"
    _first: "Screen[Any]"

    def back_to_start(self) -> None:
        """Close every screen above the choice of keys."""
        while len(self.screen_stack) > 1 and self.screen is not self._first:
            self.pop_screen()

    def profiles_changed(self) -> None:
        """Let the first screen read the keyring again when it is next shown."""
        if hasattr(self._first, "stale"):
            self._first.stale = True

    def open_walk(self, sitting: "CheckSession") -> None:
        """Walk with a key."""
        from oai_tui.tui.screens.walk import WalkScreen

        self.push_screen(WalkScreen(sitting))

    def open_saved(self, sitting: "CheckSession", progress: "WalkProgress") -> None:
        """Show what was saved."""
        from oai_tui.tui.screens.saved import SavedScreen

        self.profiles_changed()
        self.push_screen(SavedScreen(sitting, progress))

    def open_profiles(self) -> None:
        """Show the saved profiles."""
        from oai_tui.tui.screens.profiles import ProfilesScreen

        if self.services is not None:
            self.push_screen(ProfilesScreen(self.services))

    def open_paste(self, confirm: "Callable[[FailureReport], None]", text: str = "") -> None:
        """Let the person paste an error, beginning with `text`. `confirm` walks to confirm what a text says."""
        from oai_tui.tui.screens.paste import PasteScreen

        if self.services is not None:
            self.push_screen(PasteScreen(self.services, confirm, text))

    @work(exclusive=True, group="load")
    async def check_profile(
        self, profile: "Profile", pasted: "FailureReport | None" = None
    ) -> None:
        """Load a profile's key and walk with it, to confirm what a text says where one was `pasted`."""
        from oai_tui.domain.errors import KeyringError
        from oai_tui.tui.session import CheckSession

        if self.services is None:
            return
        try:
            target, credential = await self.services.load_profile(profile.name)
        except KeyringError as problem:
            self.show_note(
                f"The profile {profile.name} could not be read.",
                keyring_words(self.services, problem),
            )
        except KeyError:
            self.show_note(
                f"There is no profile {profile.name} any more.",
                "Somebody else may have deleted it.",
            )
        else:
            self.open_walk(
                CheckSession(
                    services=self.services,
                    target=target,
                    credential=credential,
                    profile=profile,
                    pasted=pasted,
                )
            )

    async def ask_for_key(self) -> "Credential | None":
        """Let the person type or paste a key. Call it from a worker."""
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
        sitting: "CheckSession",
        progress: "WalkProgress",
    ) -> "Answer":
        """Put a question of the tree; saving is asked on the green screen. Call it from a worker."""
        if question.id == "save":
            from oai_tui.tui.screens.success import SuccessScreen

            return await self.push_screen_wait(SuccessScreen(sitting, progress, facts))
        from oai_tui.tui.formatting import last4
        from oai_tui.tui.screens.dialogs import QuestionScreen

        key = last4(sitting.credential.secret.masked) if sitting.credential else ""
        return await self.push_screen_wait(
            QuestionScreen(question, facts, sitting.target.host, key)
        )

    @work(exclusive=True, group="status")
    async def show_status(self, target: "Target") -> None:
        """Ask OpenAI's status page and show what it says."""
        if self.services is not None:
            self.notify("Asking OpenAI's status page …", timeout=4)
            self.show_note("OpenAI's status page", await self.services.status_text(target))

    def show_note(self, heading: str, text: str, *, verbatim: bool = False) -> None:
        """Say something that needs no answer."""
        from oai_tui.tui.screens.dialogs import NoteScreen

        self.push_screen(NoteScreen(heading, text, verbatim=verbatim))


def keyring_words(services: "Services", problem: "KeyringError") -> str:
    """What a keyring that fails says, and the next step on this machine with its exact command."""
    step = services.profiles.next_step(problem.state)
    return f"{services.profiles.state_message(problem.state)}\n{step.text}\n\n{step.command}"
