"""Opening the pages about the key from a result, and checking again with what was chosen there."""

from typing import Generic, TypeVar, assert_never

from oai_tui.domain.cause import Fix
from oai_tui.tui.screens.about_page import PAGE_KEYS, AboutChoice, AboutPage, PageId
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
        self.app.push_screen(_page(page, self.session, self.progress), self._use_choice)

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
        for part in ((f"{key} ", "$primary"), (f"{page}   ", "$text-muted"))
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
        case _:
            assert_never(page)
