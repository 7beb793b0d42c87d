"""The pages about the key of a check: account, permissions, models, limits, owner view.

A page shows what is known of the key. Closing it returns a choice: another page, or a change for
this run after which the check starts again.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.target import Change
from oai_tui.tui.formatting import last4
from oai_tui.tui.screens.result_screen import RESULT_BINDINGS, ResultScreen
from oai_tui.tui.session import CheckSession
from oai_tui.tui.shown_result import ShownResult, diagnosis_so_far, result_of_check
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

PageId = Literal["account", "permissions", "models", "limits", "owner"]
PAGE_IDS: tuple[PageId, ...] = get_args(PageId)
PAGE_KEYS: dict[PageId, str] = {
    "account": "O",
    "permissions": "P",
    "models": "M",
    "limits": "L",
    "owner": "A",
}
"""Page to the key that opens it, with shift."""
PAGE_NAMES: dict[PageId, str] = {
    "account": "account",
    "permissions": "permissions",
    "models": "models",
    "limits": "limits",
    "owner": "owner view",
}
PAGE_ABOUT: dict[PageId, str] = {
    "account": "User, organizations, project, and the headers that were sent",
    "permissions": "What this key may do, endpoint by endpoint; nothing is billed",
    "models": "The models this key can use; choose another one for this run",
    "limits": "Requests and tokens that are left, and code that retries",
    "owner": "What an admin key sees of this key: its project, owner, expiry, limits; only reads",
}
_MIN_ROWS = 18
"""Rows of a terminal from which on a page has buttons that lead to the others."""


def page_bindings(prefix: str) -> tuple[BindingType, ...]:
    """Return the bindings that open the pages. `prefix`: of their ids."""
    return tuple(
        Binding(
            PAGE_KEYS[page],
            f"about('{page}')",
            f"show {PAGE_NAMES[page]}",
            id=f"{prefix}.{page}",
            tooltip=PAGE_ABOUT[page],
            show=False,
        )
        for page in PAGE_IDS
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutChoice:
    """What the user chose on a page.

    `page`: another page to show. `change`: a change for this run, whose new value is `value`.
    `restart`: the stage to check again from, without a change.
    """

    page: PageId | None = None
    change: Change | None = None
    value: str = ""
    restart: str = ""


class AboutPage(ResultScreen[AboutChoice]):
    """A page about the key of a check."""

    CSS_PATH = "about_page.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b,escape",
            "back",
            "back",
            id="about.back",
            tooltip="Back to the result",
            key_display="b",
        ),
        *RESULT_BINDINGS,
        *page_bindings("about"),
    ]
    page: PageId

    app: "Navigation"

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__()
        self.session = session
        self.progress = progress

    def compose(self) -> ComposeResult:
        yield TitleBar(self._title(), self.app.badge)
        yield from self.content()
        yield ActionBar(self._actions(), grab_focus=not self.has_list)
        yield KeyFooter()

    @abstractmethod
    def content(self) -> ComposeResult:
        """Yield the widgets of the page; one of them is a `ScrollArea`."""

    @property
    def has_list(self) -> bool:
        """True if the page has a list, which gets the focus."""
        return False

    @property
    def key_is_accepted(self) -> bool:
        """True if the key was accepted, or refused for a scope only."""
        verdict = self.diagnosis().verdict
        is_accepted = any(
            record.stage == "key" and record.mark in {"passed", "warning"}
            for record in self.progress.records
        )
        return is_accepted or verdict.outcome == "working" or verdict.cause == "scope-missing"

    def own_actions(self) -> Sequence[Action]:
        """Return the actions of this page, before those that lead to the others."""
        return ()

    def copied_text(self) -> str:
        """Return what `c` copies; "" for nothing."""
        return ""

    def link(self) -> str:
        """Return the URL of the dashboard page that belongs to this page."""
        return ""

    def _title(self) -> str:
        key = self.session.credential
        name = last4(key.secret.masked) if key is not None else ""
        return f"{PAGE_NAMES[self.page].capitalize()} of key {name} at {self.session.target.host}"

    def _actions(self) -> tuple[Action, ...]:
        others = [
            Action(
                id=f"about('{page}')",
                label=PAGE_NAMES[page].capitalize(),
                tooltip=PAGE_ABOUT[page],
            )
            for page in PAGE_IDS
            if page != self.page and self.app.size.height >= _MIN_ROWS
        ]
        own = self.own_actions()
        back = () if any(each.id == "back" for each in own) else (Action(id="back", label="Back"),)
        return (*own, *back, *others)

    async def show_actions(self) -> None:
        """Show the actions again after they changed."""
        await self.query_one(ActionBar).show(self._actions())

    def diagnosis(self) -> Diagnosis:
        """Return what the check found so far."""
        return diagnosis_so_far(self.session, self.progress, self.app.now())

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def action_about(self, page: PageId) -> None:
        """Show another page instead of this one."""
        if page != self.page:
            self.dismiss(AboutChoice(page=page))

    def action_back(self) -> None:
        """Go back to the result."""
        self.dismiss(None)

    def shown_result(self) -> ShownResult:
        """Return the result of the check, with the link of this page."""
        result = result_of_check(self.session, self.progress, self.app.now())
        return replace(result, url=self.link())

    def action_copy_command(self) -> None:
        """Copy the line or the code that is shown."""
        text = self.copied_text()
        if not text:
            self.notify("There is nothing to copy here.", markup=False)
            return
        self.app.copy_to_clipboard(text)
        self.notify(text.splitlines()[0], title="Copied", markup=False)

    def focus_list(self, widget: Widget) -> None:
        """Give the focus to the list of the page."""
        widget.focus()
