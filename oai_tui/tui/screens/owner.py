"""The page of the owner view: what an admin key sees of the checked key.

It asks for an admin key, reads OpenAI's admin API, and says what that makes of the verdict. The
admin key goes to the admin API and nowhere else.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.owner_view import OwnerView, SurveyPlan
from oai_tui.domain.target import Origin
from oai_tui.knowledge import links
from oai_tui.reports import redact_strings
from oai_tui.services.owner_lookup import (
    COPY_AGAIN,
    OwnerResult,
    admin_target,
    damaged_text,
    found_admin_key,
    is_listed,
    list_verdict,
    not_admin_text,
    owner_result,
)
from oai_tui.tui.demo_notes import FIRST_NAME, named_key, refuse_real_key
from oai_tui.tui.formatting import display_safe, last4
from oai_tui.tui.hyperlink import hyperlink
from oai_tui.tui.screens.about_page import AboutPage, PageId
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.session import CheckSession
from oai_tui.tui.shown_result import ShownResult, result_of_check
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.owner_text import (
    list_paragraphs,
    progress_paragraphs,
    result_paragraphs,
)
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.secret_input import SecretInput
from oai_tui.tui.widgets.verdict_text import verdict_text

State = Literal["asking", "reading", "key", "list", "elsewhere"]
_TIMEOUT_S = 300.0
"""Seconds after which reading ends; what was read until then is shown."""
_MAX_SAVED = 3
"""Saved admin keys that have a button."""
_NARROW = 60
_BAR_WIDTHS = (10, 20)
_HEADING = "What an admin key sees of this key: its project, owner, expiry, limits"
_PURPOSE = "Only reads OpenAI's admin API; nothing is billed, the key isn't saved."
_IS_ADMIN = (
    "The checked key is an admin key itself and belongs to no project. It can list the "
    "organization's keys that need attention."
)
_IS_UNLISTED = (
    "The admin API lists project keys only, and this is another kind of key: only the limits of "
    "the organization can be shown."
)
_ELSEWHERE = (
    "No admin key can be used here: this check is of {host}, which is not OpenAI's API, and only "
    "OpenAI has the admin API. Check the key at OpenAI without a base URL to look it up."
)
_UNKNOWN_SHAPE = (
    "This doesn't look like an admin key, which begins with sk-admin-. It was not sent. If yours "
    "looks different, use the command: oai-tui owner --admin-source stdin"
)
_EMPTY = "The box is empty. Paste or type an admin key, or press Esc to go back."


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtHand:
    """An admin key that needs no typing. name: of a saved one, which has yet to be loaded."""

    label: str
    about: str
    credential: Credential | None = None
    name: str = ""


class OwnerPage(AboutPage):
    """Asks for an admin key, and shows what it sees of the key."""

    TITLE = "Owner view"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,b",
            "back",
            "back",
            id="owner.back",
            tooltip="Back to the result",
            key_display="esc",
        ),
        Binding(
            "l",
            "list",
            "list keys",
            id="owner.list",
            tooltip="List the keys of all projects that need attention, with the same admin key",
        ),
    ]
    page: PageId = "owner"

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__(session, progress)
        self.state: State = "asking" if session.owner is None else "key"
        if admin_target(session.target, progress.facts) is None:
            self.state = "elsewhere"
        self._at_hand: tuple[_AtHand, ...] = ()
        self._read_so_far = OwnerView()
        self._listed: OwnerView | None = None
        self._has_text = False
        self._job: asyncio.Task[None] | None = None

    # -- what is shown

    @property
    def has_list(self) -> bool:
        """True: this page itself gives the focus to its box or its actions."""
        return True

    def content(self) -> ComposeResult:
        with ScrollArea(classes="about"):
            yield ParagraphView(id="owner-text")
            with Vertical(id="owner-entry"):
                yield SecretInput(placeholder="sk-admin-…", id="secret")
                yield ParagraphView(id="owner-note")
            yield ParagraphView(id="owner-hint")

    async def on_mount(self) -> None:
        self._at_hand = tuple(self._found())
        await self._show(self.state)
        if self.state == "asking":
            self._find_saved()

    def _found(self) -> Iterator[_AtHand]:
        """Yield the admin keys at hand: the demo's, that of the check, of the environment."""
        services, checked = self.session.services, self.session.credential
        if checked is not None and checked.kind.role == "admin":
            yield _AtHand(label="Use the checked key", about="", credential=checked)
        elif (secret := services.demo_admin_key()) is not None:
            yield _AtHand(
                label="Use the demo admin key",
                about="This is a demo, so don't enter a real key. “Use the demo admin key” "
                f"({last4(secret.masked)}) works here. Type {FIRST_NAME} in the box to see "
                "how an ordinary key is refused.",
                credential=services.credential(secret, Origin(kind="typed")),
            )
        elif (found := found_admin_key(services)) is not None:
            yield _AtHand(
                label=f"Use {found.origin.name}",
                about=f"Found: {last4(found.secret.masked)} from {found.origin.description}.",
                credential=found,
            )

    @work(exclusive=True, group="keyring")
    async def _find_saved(self) -> None:
        """Offer the admin keys that were saved with --save-admin."""
        try:
            names = await self.session.services.profiles.admin_names()
        except KeyringError:  # a saved key is one of several ways
            return
        saved = (
            _AtHand(label=f"Use {name}", about=f"Saved admin key: {name}.", name=name)
            for name in names[:_MAX_SAVED]
        )
        self._at_hand = (*self._at_hand, *saved)
        if self.state == "asking" and names:
            await self._show("asking")

    async def _show(self, state: State, note: str = "") -> None:
        """Show a state of the page, and give the focus to what is needed next."""
        changed, self.state = state != self.state, state
        box = self.query_one(SecretInput)
        self.query_one("#owner-entry").display = state == "asking"
        self.query_one("#owner-text", ParagraphView).show(list(self._lines()))
        self.query_one("#owner-hint", ParagraphView).show(list(self._hints()))
        self._say_below_box(note)
        if changed:
            self.query_one(ScrollArea).scroll_home(animate=False)
        await self.show_actions()
        if state == "asking":
            box.focus()
        else:
            self.query_one(ActionBar).focus_primary()

    def _lines(self) -> Iterator[Paragraph]:
        match self.state:
            case "asking":
                yield from self._asking_lines()
            case "reading":
                width = _BAR_WIDTHS[self.app.size.width >= _NARROW]
                yield from progress_paragraphs(self._read_so_far, width=width)
            case "key" if self.session.owner is not None:
                model = self.progress.facts.get("model_for_inference") or self.session.target.model
                yield from result_paragraphs(self.session.owner, self.app.now(), str(model or ""))
            case "list" if self._listed is not None:
                yield from self._list_lines(self._listed)
            case _:
                host = self.session.target.host or self.session.target.base_url
                text = display_safe(_ELSEWHERE.format(host=host))
                yield paragraph(("! ", "$warning"), text)

    def _asking_lines(self) -> Iterator[Paragraph]:
        yield paragraph("", (_HEADING, "bold"))
        yield paragraph("", (_PURPOSE, "$text-muted"))
        if not self._can_find:
            yield paragraph(("! ", "$warning"), _IS_ADMIN)
        elif self.session.credential is not None and not is_listed(self.session.credential.kind.id):
            yield paragraph(("! ", "$warning"), _IS_UNLISTED)
        for each in self._at_hand:
            if each.about:
                yield paragraph(("• ", "$primary"), display_safe(each.about))

    def _hints(self) -> Iterator[Paragraph]:
        """Yield the keys of the box, and who can create an admin key; a demo has its own."""
        if self.state != "asking":
            return
        yield paragraph("", ("Enter: read · Tab: other actions · Esc: back", "$text-muted"))
        if self.session.services.mode == "real":
            text = "Only an organization owner can create an admin key: "
            yield paragraph("", (text, "$text-muted"), hyperlink(links.ADMIN_KEYS))

    def _list_lines(self, view: OwnerView) -> Iterator[Paragraph]:
        verdict = list_verdict(self.session.services, view, Verdict(outcome="working"))
        if view.rejected is None:
            yield from list_paragraphs(view, self.session.services.rotate_days)
        else:
            yield from verdict_text(verdict)

    def _say_below_box(self, text: str) -> None:
        lines = [paragraph(("! ", "$warning"), display_safe(text))] if text else []
        note = self.query_one("#owner-note", ParagraphView)
        note.show(lines)
        if lines:
            self.call_after_refresh(note.scroll_visible, animate=False)

    # -- actions

    @property
    def _can_find(self) -> bool:
        """True if the checked key can be looked up: an admin key belongs to no project."""
        checked = self.session.credential
        return checked is not None and checked.kind.role != "admin"

    def own_actions(self) -> Sequence[Action]:
        match self.state:
            case "asking":
                found = [
                    Action(id=f"use({at})", label=each.label, tooltip=each.about)
                    for at, each in enumerate(self._at_hand)
                ]
                typed = Action(id="use_typed", label="Use typed key", enabled=self._has_text)
                return (typed, *found) if self._has_text else (*found, typed)
            case "reading":
                return (Action(id="stop", label="Stop", tooltip="Show what was read so far"),)
            case "key" | "list":
                return self._result_actions()
            case "elsewhere":
                return ()

    def _result_actions(self) -> Sequence[Action]:
        other = Action(id="other", label="Another admin key")
        again = Action(id="again", label="Read again")
        keys = Action(id="list", label="Keys needing attention", tooltip="In all projects")
        this = Action(id="this_key", label="This key", tooltip="Back to the key of the check")
        if self._is_rejected:
            return (other, again)
        back = Action(id="back", label="Back to the check")
        if self.state == "key":
            return (back, keys, again, other)
        return (this, again, other) if self._can_find else (back, again, other)

    @property
    def _is_rejected(self) -> bool:
        """True if the admin key that was used last was refused."""
        owner = self.session.owner
        view = self._listed if self.state == "list" else owner.view if owner is not None else None
        return view is not None and view.rejected is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out the list while there is no admin key to read it with."""
        if action == "list" and (self.session.admin is None or self.state == "reading"):
            return None
        return True

    @on(SecretInput.Edited)
    async def _note_text(self, event: SecretInput.Edited) -> None:
        event.stop()
        self._has_text = bool(event.secret)
        self._say_below_box(event.note)
        await self.show_actions()

    @on(SecretInput.NothingEntered)
    async def _use_first_at_hand(self, event: SecretInput.NothingEntered) -> None:
        """Do the first action, as its mark shows: use the key at hand, if there is one."""
        event.stop()
        if self._at_hand:
            await self.action_use(0)
        else:
            self._say_below_box(_EMPTY)

    @on(SecretInput.Entered)
    async def _use_entered(self, event: SecretInput.Entered) -> None:
        event.stop()
        self._has_text = False
        await self._use(self._classified(event.secret))

    def _classified(self, secret: Secret) -> Credential:
        services = self.session.services
        secret = named_key(secret) if services.mode == "demo" else secret
        return services.credential(secret, Origin(kind="typed"))

    def action_use_typed(self) -> None:
        """Use the key in the box."""
        self.query_one(SecretInput).submit()

    async def action_use(self, index: int) -> None:
        """Use an admin key at hand."""
        if self.state != "asking" or index >= len(self._at_hand):
            return
        chosen = self._at_hand[index]
        if chosen.credential is not None:
            await self._use(chosen.credential)
        else:
            self._load_saved(chosen.name)

    @work(exclusive=True, group="load")
    async def _load_saved(self, name: str) -> None:
        services = self.session.services
        try:
            secret = await services.profiles.admin_keys.load_admin_key(name)
        except KeyringError as error:
            await self._show("asking", services.profiles.error_text(error))
        except KeyError:
            await self._show("asking", f"There is no saved admin key {name} any more.")
        else:
            await self._use(services.credential(secret, Origin(kind="keyring", name=name)))

    async def _use(self, credential: Credential) -> None:
        """Read with an admin key, or say why not; a key of another kind is not sent."""
        refusal = self._refusal(credential)
        if refusal:
            await self._show("asking", refusal)
            return
        self.session.admin = credential
        await self._start(lists=not self._can_find)

    def _refusal(self, credential: Credential) -> str:
        """Return why a key is not used, "" for an admin key.

        A text of an unknown shape may be a key of another company, so that it is not tried.
        """
        if refusal := refuse_real_key(self.session.services, credential.secret):
            return refusal.replace("Use the demo key", "Use the demo admin key")
        if refusal := not_admin_text(credential):
            return refusal
        if credential.kind.role != "admin":
            return _UNKNOWN_SHAPE
        damage = damaged_text(credential)
        return f"{damage} {COPY_AGAIN}" if damage else ""

    async def action_other(self) -> None:
        """Ask for another admin key."""
        if self.state in {"key", "list"}:
            self._has_text = False
            await self._show("asking")
            self._find_saved()

    async def action_again(self) -> None:
        """Read again what is shown."""
        if self.state in {"key", "list"}:
            await self._start(lists=self.state == "list")

    async def action_list(self) -> None:
        """List the keys that need attention; read them if that was not done yet."""
        if self._listed is not None and self._listed.rejected is None and self.state == "key":
            await self._show("list")
        elif self.state in {"asking", "key"}:
            await self._start(lists=True)

    async def action_this_key(self) -> None:
        """Go back from the list to the key."""
        if self.state != "list":
            return
        if self.session.owner is not None:
            await self._show("key")
        else:
            await self._start(lists=False)

    def action_stop(self) -> None:
        """Stop reading, and show what was read."""
        if self._job is not None:
            self._job.cancel()

    # -- reading

    async def _start(self, *, lists: bool) -> None:
        if self.session.admin is None or self.state == "elsewhere":
            return
        self._read_so_far = OwnerView()
        await self._show("reading")
        self._read(self.session.admin, lists=lists)

    @work(exclusive=True, group="owner")
    async def _read(self, admin: Credential, *, lists: bool) -> None:
        """Survey the organization, and show the result; also of a survey that was stopped."""
        session, services = self.session, self.session.services
        target = admin_target(session.target, self.progress.facts)
        if target is None:
            return
        key = session.credential if self._can_find and not lists else None
        survey = services.owner_survey(
            target,
            admin,
            self.progress.facts,
            SurveyPlan(
                key=key.secret if key is not None else None,
                project=str(self.progress.facts.get("project_seen") or ""),
                lists=lists,
                rotation_days=services.rotate_days,
                now=services.clock.now(),
                timeout_s=_TIMEOUT_S,
            ),
            self._show_progress,
        )
        self._job = job = asyncio.create_task(survey.run())
        try:
            await asyncio.wait({job})
        finally:
            job.cancel()  # the page may have been closed
        view = survey.view()
        if job.cancelled():
            stopped = f"You stopped after {view.projects} of {view.projects_listed} projects."
            view = replace(view, complete=False, notes=(*view.notes, stopped))
        else:
            job.result()
        view = redact_strings(view, Redactor(services.known_secrets()))
        if lists:
            self._listed = view
            await self._show("list")
        else:
            self._keep(view)
            await self._show("key")

    def _show_progress(self, view: OwnerView) -> None:
        self._read_so_far = view
        if self.state == "reading" and self.is_attached:
            self.query_one("#owner-text", ParagraphView).show(list(self._lines()))

    def _keep(self, view: OwnerView) -> None:
        """Keep the result, and let the check show the verdict that it settles."""
        session = self.session
        before = session.owner.before if session.owner is not None else self.diagnosis()
        kind = session.credential.kind.id if session.credential is not None else ""
        session.owner = owner_result(session.services, before, view, kind)
        if self.progress.diagnosis is not None:
            settled = session.owner.diagnosis if session.owner.settles else before
            self.progress.diagnosis = settled

    # -- what leaves the page

    def shown_result(self) -> ShownResult:
        """Return the result of the check, with the verdict of the owner view once there is one."""
        owner: OwnerResult | None = self.session.owner
        diagnosis = owner.diagnosis if owner is not None else None
        shown = result_of_check(self.session, self.progress, self.app.now(), diagnosis=diagnosis)
        return replace(shown, url=links.ADMIN_KEYS)

    def copied_text(self) -> str:
        owner = self.session.owner
        return owner.said if owner is not None and self.state == "key" else ""

    def link(self) -> str:
        return links.ADMIN_KEYS
