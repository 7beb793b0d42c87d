"""The checks since the program started: key, host, time and verdict; each can be opened again."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.tui.closable import ClosableScreen
from oai_tui.tui.formatting import MARKS, STYLES, display_safe
from oai_tui.tui.history import PastCheck
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.row_list import RowList
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

_NO_CHECKS = Content.assemble(
    ("No checks yet. ", "bold"),
    ("Press F2, choose a key and press Enter.", "$text-muted"),
)


class CheckList(RowList):
    """The checks, the newest first; enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "open",
            id="history.open",
            key_display="enter",
            tooltip="Show this result again; nothing is sent",
        )
    ]


class HistoryScreen(ClosableScreen[None]):
    """Lists the checks that `checks` returns, the newest first."""

    TITLE = "History"
    CSS_PATH = "history.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "r", "again", "check again", id="history.again", tooltip="Check this key again now"
        ),
        Binding(
            "b,escape",
            "back",
            "back",
            id="history.back",
            tooltip="Back to the screen before",
            key_display="b",
        ),
    ]

    app: "Navigation"

    def __init__(
        self, checks: Callable[[], Sequence[PastCheck]], is_open: Callable[[PastCheck], bool]
    ) -> None:
        super().__init__()
        self._read_checks = checks
        self._is_open = is_open
        self.checks: tuple[PastCheck, ...] = ()

    def compose(self) -> ComposeResult:
        yield TitleBar("History", self.app.badge)
        with Vertical(id="history"):
            yield Static(_NO_CHECKS, id="no-checks")
            yield CheckList(id="check-list", compact=True, markup=False)
        yield ActionBar(self._actions(), grab_focus=False)
        yield KeyFooter()

    @property
    def _list(self) -> OptionList:
        return self.query_one("#check-list", OptionList)

    def _actions(self) -> tuple[Action, ...]:
        back = Action(id="back", label="Back")
        if not self.checks:
            return (back,)
        return (
            Action(id="open", label="Show result"),
            Action(id="again", label="Check again"),
            back,
        )

    async def on_screen_resume(self) -> None:
        """Read the checks again: one may have ended since."""
        self._show()
        await self.query_one(ActionBar).show(self._actions())

    def on_resize(self) -> None:
        """Draw the rows again: they have one or two lines, depending on the width."""
        self._show()

    def _show(self) -> None:
        self.checks = tuple(self._read_checks())
        checks = self._list
        highlighted = checks.highlighted or 0
        checks.clear_options()
        checks.add_options(
            [Option(self._row(check), id=f"check-{i}") for i, check in enumerate(self.checks)]
        )
        checks.highlighted = min(highlighted, len(self.checks) - 1) if self.checks else None
        checks.display = bool(self.checks)
        self.query_one("#no-checks").display = not self.checks
        if self.checks:
            checks.focus()

    def _row(self, check: PastCheck) -> Content:
        """Return a check in two lines: time, key and host; mark, verdict and cause."""
        state = check.state(is_open=self._is_open(check))
        what = {"running": "Running: ", "skipped": "Stopped: "}.get(state, "")
        cause = f"   {check.cause}" if check.cause else ""
        where = f"{check.key_hint} at {check.host}"
        return Content.assemble(
            (f"{check.started_at.astimezone():%H:%M:%S}  ", "$text-muted"),
            (display_safe(where), "bold"),
            "\n  ",
            (f"{MARKS[state]} ", STYLES[state]),
            display_safe(what + check.title),
            (display_safe(cause), "$text-muted"),
        )

    @property
    def _highlighted(self) -> PastCheck | None:
        index = self._list.highlighted
        return self.checks[index] if index is not None and index < len(self.checks) else None

    @on(OptionList.OptionSelected, "#check-list")
    def _open_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_open()

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out (None) a key that does nothing while there are no checks."""
        return True if action not in {"open", "again"} or self.checks else None

    def action_open(self) -> None:
        """Show the result of the highlighted check again."""
        if (check := self._highlighted) is not None:
            self.app.reopen_check(check)

    def action_again(self) -> None:
        """Check the key of the highlighted check again."""
        if (check := self._highlighted) is not None:
            self.app.repeat_check(check)

    def action_back(self) -> None:
        """Go back to the screen before."""
        self.dismiss(None)
