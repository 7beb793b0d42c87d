"""The page of the account: user, organizations, project, and the headers that were sent.

A legacy user key reaches several organizations; one can be chosen for this run.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from oai_tui.domain.identity import Account, accounts_of, effective_account, sent_but_not_used
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.target import Change
from oai_tui.knowledge.links import ORGANIZATION
from oai_tui.reports import key_identity
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.screens.about_page import AboutChoice, AboutPage, PageId
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph

_LABEL_WIDTH = 15


class OrganizationList(OptionList):
    """The organizations; enter uses one for this run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "use it",
            id="account.use",
            key_display="enter",
            tooltip="Use this organization for this run, and check again",
        )
    ]


class AccountPage(AboutPage):
    """Shows the account, and lets the user choose one of several organizations."""

    TITLE = "Account"
    page: PageId = "account"

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__(session, progress)
        self.accounts: tuple[Account, ...] = accounts_of(progress.facts)
        self.current = effective_account(progress.facts, self.accounts)

    @property
    def has_list(self) -> bool:
        return len(self.accounts) > 1

    def content(self) -> ComposeResult:
        with ScrollArea(classes="about"):
            if self.has_list:
                yield ParagraphView([_CHOOSE, _BLANK], id="account-heading")
                yield OrganizationList(
                    *(Option(self._option(each), id=f"at-{each.id}") for each in self._unique()),
                    id="organization-list",
                    classes="about-list",
                    compact=True,
                    markup=False,
                )
                yield ParagraphView(id="account-line")
            yield ParagraphView(list(self._rows()), id="account-text")

    def _unique(self) -> tuple[Account, ...]:
        """Return each organization once: a server may list one twice."""
        return tuple({each.id: each for each in self.accounts}.values())

    def on_mount(self) -> None:
        if self.has_list:
            options = self.query_one(OrganizationList)
            others = (at for at, each in enumerate(self._unique()) if each != self.current)
            options.highlighted = next(others, 0)
            self.focus_list(options)

    def _option(self, account: Account) -> Content:
        is_current = account == self.current
        mark = ("✓ ", "$success") if is_current else ("  ", "")
        line = key_identity.account_line(account, is_current=is_current)
        return Content.assemble(mark, display_safe(line))

    def _rows(self) -> Iterator[Paragraph]:
        facts, target = self.progress.facts, self.session.target
        rows = [
            *key_identity.identity_rows(facts, with_list=not self.has_list),
            *key_identity.sent_rows(
                target,
                were_sent=key_identity.were_headers_sent(
                    record.observation for record in self.progress.records
                ),
            ),
            ("base URL", target.base_url),
        ]
        if self.has_list:
            if rest := key_identity.organizations_left_out(facts):
                yield paragraph(f"  {rest}, which {ORGANIZATION} shows")
            yield _BLANK
        for label, text in rows:
            yield paragraph((label.ljust(_LABEL_WIDTH), "$text-muted"), display_safe(text))
        for difference in sent_but_not_used(facts, target):
            yield paragraph(("! ", "$warning"), (display_safe(difference), "$warning"))

    @property
    def highlighted(self) -> Account | None:
        """The organization that is highlighted; None without a list."""
        if not self.has_list:
            return None
        at = self.query_one(OrganizationList).highlighted
        return self._unique()[at] if at is not None else None

    @on(OptionList.OptionHighlighted)
    def _show_line(self) -> None:
        if (account := self.highlighted) is not None:
            line = visible(self._permanent_choice(account))
            keep = paragraph(
                ("To keep it: ", "$text-muted"), (line, "bold"), ("   (c copies it)", "$text-muted")
            )
            self.query_one("#account-line", ParagraphView).show([_BLANK, keep])

    @on(OptionList.OptionSelected)
    def _use_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_use()

    def own_actions(self) -> Sequence[Action]:
        if not self.has_list:
            return ()
        return (Action(id="use", label="Use this organization", tooltip="For this run"),)

    def action_use(self) -> None:
        """Use the highlighted organization for this run."""
        if (account := self.highlighted) is None:
            return
        if account == self.current:
            self.notify("Requests count for this organization already.", markup=False)
            return
        change = Change(kind="use-organization", fact="organization_chosen")
        self.dismiss(AboutChoice(change=change, value=account.id))

    def copied_text(self) -> str:
        account = self.highlighted or self.current
        return self._permanent_choice(account) if account is not None else ""

    def _permanent_choice(self, account: Account) -> str:
        key = self.session.credential
        return key_identity.permanent_choice(
            account.id, self.session.target, key.origin if key is not None else None
        )

    def link(self) -> str:
        return ORGANIZATION


_BLANK = paragraph("")
_CHOOSE = paragraph(
    "", ("This key reaches several organizations. ", "bold"), "Choose one for this run:"
)
