"""Opening the pages about the key from a result, and checking again with what was chosen there."""

from typing import Generic, TypeVar, assert_never

from oai_tui.domain.cause import Fix
from oai_tui.tui.screens.about_page import (
    PAGE_KEYS,
    PAGE_NAMES,
    AboutChoice,
    AboutPage,
    PageId,
)
from oai_tui.tui.screens.result_screen import ResultScreen
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph

Result = TypeVar("Result")
CHOSEN_FIX = Fix(text="Use what you chose.", who="you")
"""The fix that makes a choice of the user; its change is filled in."""


class AboutKeyScreen(ResultScreen[Result], Generic[Result]):
    """A result with the pages about its key."""

    session: CheckSession
    progress: WalkProgress

    def action_about(self, page: PageId) -> None:
        """Show a page about the key."""
        if self.session.credential is None:
            self.notify("Choose a key first: this check has none.", markup=False)
            return
        before = self.progress.diagnosis

        def closed(choice: AboutChoice | None) -> None:
            if self.progress.diagnosis is not before:
                self.verdict_settled()
            self._use_choice(choice)

        self.app.push_screen(_page(page, self.session, self.progress), closed)

    def verdict_settled(self) -> None:
        """Show the verdict that a page about the key has made of this check's. Nothing here."""

    def _use_choice(self, choice: AboutChoice | None) -> None:
        if choice is None:
            return
        if choice.page is not None:
            self.action_about(choice.page)
        else:
            self.apply_choice(choice)

    def apply_choice(self, choice: AboutChoice) -> None:
        """Check again with a choice, on the check below, which this screen covers."""
        stack = self.app.screen_stack
        below = stack[stack.index(self) - 1] if self in stack[1:] else None
        if isinstance(below, AboutKeyScreen) and self.app.close_screen(self):
            below.apply_choice(choice)


def page_keys_line() -> Paragraph:
    """Return the line that names the keys of the pages."""
    parts = [
        part
        for page, key in PAGE_KEYS.items()
        for part in ((f"{key} ", "$primary"), (f"{PAGE_NAMES[page]}   ", "$text-muted"))
    ]
    return paragraph(("More: ", "$text-muted"), *parts)


def _page(page: PageId, session: CheckSession, progress: WalkProgress) -> AboutPage:
    """Return a new screen of a page; its module is imported when it is first needed."""
    match page:
        case "account":
            from oai_tui.tui.screens.account import AccountPage

            return AccountPage(session, progress)
        case "permissions":
            from oai_tui.tui.screens.permissions import PermissionsPage

            return PermissionsPage(session, progress)
        case "models":
            from oai_tui.tui.screens.models import ModelsPage

            return ModelsPage(session, progress)
        case "limits":
            from oai_tui.tui.screens.limits import LimitsPage

            return LimitsPage(session, progress)
        case "owner":
            from oai_tui.tui.screens.owner import OwnerPage

            return OwnerPage(session, progress)
        case _:
            assert_never(page)
