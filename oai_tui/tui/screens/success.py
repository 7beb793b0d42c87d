"""The result of a check on which everything worked: findings, rate limits, changes, saving.

It is shown before the key is saved, and after the check of a saved profile.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.identity import accounts_of, effective_account, sent_but_not_used
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.domain.profile import NAME_RULE, Profile, named_profile, valid_name
from oai_tui.reports import redact_strings
from oai_tui.reports.snippets import SNIPPETS
from oai_tui.tui.confirmation_text import after_walk
from oai_tui.tui.exit_record import exit_record
from oai_tui.tui.formatting import MARKS, STYLES, display_safe, last4, origin_label
from oai_tui.tui.screens.about_key import AboutKeyScreen, page_keys_line
from oai_tui.tui.screens.about_page import page_bindings
from oai_tui.tui.screens.dialogs import ConfirmScreen
from oai_tui.tui.screens.result_screen import RESULT_BINDINGS
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.screens.snippets import show_snippets
from oai_tui.tui.session import CheckSession
from oai_tui.tui.shown_result import ShownResult, result_of_check
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.rate_limit_gauge import gauge
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation

Result = TypeVar("Result")

_TWO_COLUMNS = 160
"""Columns from which on the code sample has a column of its own."""
_NARROW = 60
_GAUGE_WIDTHS = (8, 20)
"""Columns below which gauges are short, and the cells of a short and a long one."""
_FIRST_NAME = "work"
"""The name that is offered for a first profile."""


def answer_for_profile(session: CheckSession, facts: Mapping[str, Fact]) -> Answer | None:
    """Return the answer to "save" that stores the verification of a checked profile.

    None where the user has to decide, see `CheckSession.verified_name`.
    """
    name = session.verified_name(facts)
    if not name:
        return None
    session.verification_saved = True
    return Answer(option="save", text=name)


def proof_lines(progress: WalkProgress, session: CheckSession) -> list[Paragraph]:
    """Return what each stage that passed found, and a line if billing was not tested."""
    out: list[Paragraph] = []
    for stage in progress.tree.stages:
        passed = [
            record
            for record in progress.records
            if record.stage == stage.id and record.mark in {"passed", "warning"}
        ]
        # Known limits are drawn as gauges, and saving has its own line.
        is_shown = stage.id != "save" and not (
            stage.id == "limits" and progress.facts.get("limits_known")
        )
        if passed and is_shown:
            last = passed[-1]
            mark = (f"{MARKS[last.mark]} ", STYLES[last.mark])
            out.append(_proof_line(mark, stage.title, _finding(last, progress.facts, session)))
    if progress.facts.get("billing") != "tested":
        mark = ("· ", "$text-muted")
        out.append(_proof_line(mark, "Billing", "not tested; no billed request was sent"))
    return out


def _proof_line(mark: tuple[str, str], title: str, finding: str) -> Paragraph:
    label = Content.assemble(mark, (f"{title:<12}", "bold"))
    return paragraph(label, (finding, "$text-muted"))


def _finding(record: StepRecord, facts: Mapping[str, Fact], session: CheckSession) -> str:
    """Return what a stage found, in one line."""
    host = session.target.host
    match record.stage:
        case "credential" if session.credential is not None:
            key = session.credential
            text = f"{key.kind.label} {last4(key.secret.masked)} {key.origin.phrase}"
        case "reach" if facts.get("speaker") == "openai":
            text = f"{host} confirmed as OpenAI"
        case "reach":
            server = f" ({facts['speaker_name']})" if facts.get("speaker_name") else ""
            confirmed = "; you confirmed it" if session.target.agreed else ""
            text = f"{host} answered{server}{confirmed}"
        case "key":
            listed = facts.get("models_listed")
            text = f"accepted; it can list {listed} models" if listed else "accepted"
        case "identity":
            text = _account(facts) or "accepted"
        case "model" if "model_for_inference" in facts:
            listed = facts.get("models_listed")
            one_of = f", one of {listed} models this key can use" if listed else ""
            text = f"{facts['model_for_inference']}{one_of}"
        case "inference" if facts.get("billing") == "tested":
            usage = f" ({facts['usage']})" if facts.get("usage") else ""
            model = facts.get("model_for_inference", "a model")
            text = f"a billed request to {model} worked{usage}"
        case "limits":
            text = "no rate-limit headers in the responses"
        case _:
            text = "passed"
    return display_safe(text)


def _account(facts: Mapping[str, Fact]) -> str:
    """Return the account that requests count for, as far as the responses say; may be empty."""
    current = effective_account(facts, accounts_of(facts))
    organization = facts.get("organization_seen")
    if current is not None:
        role = f", role {current.role}" if current.role else ""
        organization = f"{current.title or current.name}{role}"
    parts = (("organization", organization), ("project", facts.get("project_seen")))
    return " · ".join(f"{name} {value}" for name, value in parts if value)


class NameInput(Input):
    """The name of the profile; enter saves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            "save",
            id="green.enter",
            key_display="enter",
            tooltip="Save the profile under this name",
        ),
        Binding(
            "escape",
            "leave",
            "done editing",
            id="green.leave-name",
            tooltip="Keep the name that is typed, and go back to the actions",
        ),
    ]

    def action_leave(self) -> None:
        """Give the focus back to the actions."""
        self.screen.query_one(ActionBar).focus_primary()


class KeyResultScreen(AboutKeyScreen[Result], Generic[Result]):
    """Shows what a check found on a key that works."""

    TITLE = "Result"
    CSS_PATH = "success.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it as an instance's
        (0, "-narrow"),
        (100, "-wide"),
        (_TWO_COLUMNS, "-two-columns"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m",
            "snippets",
            "code samples",
            id="green.snippets",
            tooltip="Samples for curl, Python, Node, .env and GitHub Actions, without the key",
        ),
        Binding(
            "z",
            "undo",
            "undo",
            id="green.undo",
            tooltip="Undo the last fix of this check, and check again",
            show=False,
        ),
        *RESULT_BINDINGS,
        *page_bindings("green"),
    ]

    app: "Navigation"

    def __init__(
        self, session: CheckSession, progress: WalkProgress, facts: Mapping[str, Fact]
    ) -> None:
        super().__init__()
        self.session = session
        self.progress = progress
        self.facts = {**progress.facts, **facts}

    def result_widgets(self) -> ComposeResult:
        """Yield the result, the findings, the limits, the changes and a code sample."""
        with ScrollArea(id="result"):
            with Container(id="success"):
                yield ParagraphView(self._result(), id="success-result")
                proofs = proof_lines(self.progress, self.session)
                yield ParagraphView([*proofs, page_keys_line()], id="proofs")
                if gauges := self._gauges():
                    yield ParagraphView(gauges, id="limits")
                if changes := self.changes():
                    yield ParagraphView(changes, id="success-changes")
            with Container(id="sample"):
                yield Static(Content("Python sample"), id="sample-title")
                yield Static(id="sample-text", markup=False)

    def show_sample(self, name: str) -> None:
        """Show a call in Python for a profile of this name; nothing without a key."""
        profile = self.profile_named(name)
        self.query_one("#sample").set_class(profile is None, "-gone")
        if profile is not None:
            self.query_one("#sample-text", Static).update(
                Content(SNIPPETS["python"].write(redact_strings(profile, Redactor())))
            )

    def profile_named(self, name: str) -> Profile | None:
        """Return a profile for the checked key and its settings; None without a key."""
        if self.session.credential is None:
            return None
        profile = named_profile(name, self.session.target, self.session.credential)
        model = self.facts.get("model_for_inference")
        return replace(profile, model=str(model)) if model else profile

    def on_mount(self) -> None:
        self.app.exit_record = exit_record(self.session, self.progress, self.app.now())

    def shown_result(self) -> ShownResult:
        """Return the check that works."""
        return result_of_check(self.session, self.progress, self.app.now())

    async def action_undo(self) -> None:
        """Undo the last fix, on the check below, which this screen interrupts."""
        if self.session.can_undo and len(self.app.screen_stack) > 1:
            check = self.app.screen_stack[-2]
            if self.app.close_screen(self):
                await check.run_action("undo")

    def _gauges(self) -> list[Paragraph]:
        width = _GAUGE_WIDTHS[self.app.size.width >= _NARROW]
        limits = (gauge(each, self.facts, width) for each in ("requests", "tokens"))
        return [each for each in limits if each is not None]

    def changes(self) -> list[Paragraph]:
        """Return what was changed for this run."""
        return texts.changes(self.session.changes, self.session.demo_note, undo=True)

    def headline(self) -> str:
        """Return the result in a few words."""
        if self.facts.get("billing") == "tested":
            return "Everything works"
        return "The key works (billing not tested)"

    def _result(self) -> list[Paragraph]:
        """Return which key works where, whether billing was tested, and the pasted text's lines."""
        out = [
            paragraph(("✓ ", "bold $success"), (self.headline(), "bold $success")),
            *(paragraph("  ", display_safe(each)) for each in self.sentences()),
        ]
        if note := self.session.account_change_note(self.facts):
            out.append(paragraph(("! ", "$warning"), (display_safe(note), "$warning")))
        for difference in sent_but_not_used(self.facts, self.session.target):
            out.append(paragraph(("! ", "$warning"), (display_safe(difference), "$warning")))
        return out + after_walk(self.session, None, self.progress.records)

    def sentences(self) -> list[str]:
        """Return what the result means."""
        out = [self._works_text()]
        if self.facts.get("billing") == "tested":
            model = self.facts.get("model_for_inference")
            out.append(f"Billing was tested with {model or 'a small request'}.")
        return [*out, *self._settings_text()]

    def _works_text(self) -> str:
        key = "The key"
        if credential := self.session.credential:
            last = last4(credential.secret.masked)
            key = f"{credential.kind.label} {last} ({origin_label(credential.origin)})"
            key = f"{key[:1].upper()}{key[1:]}"
        owner = self.facts.get("organization_seen")
        for_owner = f", organization {owner}" if owner else ""
        return f"{key} works at {self.session.target.host}{for_owner}."

    def _settings_text(self) -> list[str]:
        """Say which of the changes for this run a profile keeps."""
        if not self.session.target.direct:
            return []
        return [
            "It was checked without the proxy. A profile stores that: `oai-tui exec` adds "
            f"{self.session.target.host} to NO_PROXY."
        ]

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    def sample_name(self) -> str:
        """Return the name of the profile in code samples."""
        return _FIRST_NAME

    def action_snippets(self) -> None:
        """Show code samples for the verified profile."""
        if profile := self.profile_named(self.sample_name()):
            show_snippets(self.app, profile)


class SuccessScreen(KeyResultScreen[Answer]):
    """Answers the tree's question "save": with a name, or no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "save",
            "save profile",
            id="green.primary",
            key_display="enter",
            tooltip="Save the verified key and its settings as a profile",
        ),
        Binding(
            "n",
            "edit_name",
            "change name",
            id="green.name",
            tooltip="Change the name of the profile before saving it",
        ),
        Binding(
            "b,escape",
            "finish",
            "don't save",
            id="green.finish",
            tooltip="Save nothing; the result stays on the screen",
            key_display="b",
        ),
        Binding(
            "ctrl+s",
            "save",
            "save",
            id="green.save",
            tooltip="Save the verified key and its settings as a profile",
            show=False,
        ),
    ]

    def __init__(
        self, session: CheckSession, progress: WalkProgress, facts: Mapping[str, Fact]
    ) -> None:
        super().__init__(session, progress, facts)
        self.taken: dict[str, str] = {}
        """The fingerprint of each saved profile's key, by the name of the profile."""
        self.keyring_failed = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Result", self.app.badge)
        yield from self.result_widgets()
        with Horizontal(id="save-row"):
            yield Static(Content("Save as"))
            yield NameInput(self._first_offer(), id="name", compact=True, max_length=64)
            yield Static(id="name-note")
        yield ActionBar(self._actions())
        yield KeyFooter()

    def on_mount(self) -> None:
        self.show_sample(self.sample_name())
        self._show_note()
        self._read_names()

    def _actions(self) -> Sequence[Action]:
        return (
            Action(
                id="save",
                label="Replace the key" if self.session.rotating else "Save profile",
                tooltip="Save the verified key and its settings as a profile",
            ),
            Action(id="edit_name", label="Change name"),
            Action(id="snippets", label="Code samples"),
            Action(id="finish", label="Don't save"),
        )

    def headline(self) -> str:
        if self.session.rotating and self.facts.get("billing") == "tested":
            return "The new key works"
        return super().headline()

    def sentences(self) -> list[str]:
        old = self.session.profile
        if not self.session.rotating or old is None:
            return super().sentences()
        kept = f"The profile {old.name} still has the old key {old.hint} until you replace it."
        return [*super().sentences(), kept]

    def _first_offer(self) -> str:
        """Return the name of the profile that was checked or whose key is replaced, or "work"."""
        return self.session.profile.name if self.session.profile is not None else _FIRST_NAME

    @property
    def entered_name(self) -> str:
        """The name in the field."""
        return self.query_one("#name", Input).value.strip()

    def sample_name(self) -> str:
        name = self.entered_name
        return name if valid_name(name) else _FIRST_NAME

    @work(exclusive=True, group="names")
    async def _read_names(self) -> None:
        """Read the names of saved profiles. A keyring that fails is reported when saving."""
        try:
            profiles = await self.session.services.saved_profiles()
        except KeyringError:
            self.taken = {}
            self.keyring_failed = True
        else:
            self.taken = {profile.name: profile.fingerprint for profile in profiles}
            self._offer_name()
        self._show_note()

    def _offer_name(self) -> None:
        """Offer the profile that has this very key, or a name that is free."""
        name = self.query_one("#name", Input)
        if self.session.profile is not None or name.value != _FIRST_NAME:
            return
        key = self.session.credential
        fingerprint = key.secret.fingerprint if key is not None else ""
        same = next((each for each, saved in self.taken.items() if saved == fingerprint), "")
        numbered = (f"{_FIRST_NAME}-{number}" for number in range(2, len(self.taken) + 3))
        free = _FIRST_NAME
        if free in self.taken:
            free = next(each for each in numbered if each not in self.taken)
        name.value = same or free

    def _show_note(self) -> None:
        """Show next to the name what is wrong with it, or what saving does."""
        name = self.entered_name
        key = self.session.credential
        if not valid_name(name):
            note, style = f"! A name has {NAME_RULE}.", "$warning"
        elif name not in self.taken:
            note, style = "", ""
        elif key is not None and self.taken[name] == key.secret.fingerprint:
            note, style = "has this key: saving updates it", "$text-muted"
        else:
            note, style = "exists: saving replaces its key", "$warning"
        self.query_one("#name-note", Static).update(Content.styled(note, style))

    @on(Input.Changed, "#name")
    def _check_name(self) -> None:
        self._show_note()
        self.show_sample(self.sample_name())

    @on(Input.Submitted, "#name")
    def _save_entered(self) -> None:
        self.action_save()

    def action_edit_name(self) -> None:
        """Move to the name, with all of it selected."""
        self.query_one("#name", Input).focus()

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        """Answer with the name; if another key has it, after a yes."""
        name = self.entered_name
        if not valid_name(name):
            self._show_note()
            self.query_one("#name", Input).focus()
            return
        may_use_file = self.keyring_failed and self.session.services.profiles.file is not None
        if may_use_file and not await self._offer_file():
            return
        if self._must_ask(name) and not await self.app.push_screen_wait(self._replacing(name)):
            return
        self.dismiss(Answer(option="save", text=name))

    def _must_ask(self, name: str) -> bool:
        """Return True if saving would lose a key, or settings of a checked profile."""
        key = self.session.credential
        if name not in self.taken or key is None:
            return name in self.taken
        is_same_key = self.taken[name] == key.secret.fingerprint
        return not is_same_key or self.session.profile is not None

    async def _offer_file(self) -> bool:
        """Offer the encrypted file instead of a keyring that fails. Return True to go on saving.

        A user who does not want the file may still try the keyring.
        """
        from oai_tui.tui.screens.passphrase import offer_file

        if await offer_file(self.app):
            self.keyring_failed = False
            with suppress(KeyringError):
                profiles = await self.session.services.saved_profiles()
                self.taken = {profile.name: profile.fingerprint for profile in profiles}
            return True
        question = ConfirmScreen(
            "Try the keyring again?",
            "It didn't answer a moment ago. Nothing is written anywhere else.",
            yes="Try again",
            no="Back",
        )
        return await self.app.push_screen_wait(question) is True

    def _replacing(self, name: str) -> ConfirmScreen:
        """Return the question before a profile is replaced."""
        old = self.session.profile
        new = self.session.credential
        if old is not None and old.name == name and new is not None and self.session.rotating:
            return ConfirmScreen(
                f"Replace the key of {name}?",
                f"The key {old.hint} is replaced by {new.secret.masked}. "
                "The old key still works at OpenAI until you delete it there.",
                yes="Replace the key",
                no="Keep the old key",
            )
        if new is not None and self.taken.get(name) == new.secret.fingerprint:
            return ConfirmScreen(
                f"Update the profile {name}?",
                "The key stays the same. The settings that were just checked replace its settings.",
                yes="Update profile",
                no="Keep it as it is",
            )
        return ConfirmScreen(
            f"Replace the profile {name}?",
            f"The profile {name} has another key. Its key and settings would be lost. "
            "To keep both, choose another name.",
            yes="Replace profile",
            no=f"Keep {name}",
        )

    def action_finish(self) -> None:
        """Answer no."""
        self.dismiss(Answer(option="no"))


class VerifiedScreen(KeyResultScreen[None]):
    """The result of a check of a saved profile, which now has today's verification."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "done",
            "done",
            id="verified.done",
            key_display="enter",
            tooltip="Leave the program; the profile is saved",
        ),
        Binding(
            "b,escape",
            "another",
            "back to keys",
            id="verified.back",
            tooltip="Back to the choice of keys",
            key_display="b",
        ),
        Binding(
            "n",
            "save_as",
            "save a copy",
            id="verified.save-as",
            tooltip="Save the same key and settings under another name",
            show=False,
        ),
    ]

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__(session, progress, progress.facts)

    def compose(self) -> ComposeResult:
        yield TitleBar(f"Profile {self.sample_name()}", self.app.badge)
        yield from self.result_widgets()
        yield ActionBar(
            (
                Action(id="done", label="Done · verified today"),
                Action(id="another", label="Check another key"),
                Action(id="snippets", label="Code samples"),
                Action(id="save_as", label="Save under another name"),
            )
        )
        yield KeyFooter()

    def on_mount(self) -> None:
        self.show_sample(self.sample_name())

    def sample_name(self) -> str:
        return self.session.profile.name if self.session.profile is not None else _FIRST_NAME

    def sentences(self) -> list[str]:
        stored = f"The profile {self.sample_name()} is verified today; nothing else to save."
        return [*super().sentences(), stored]

    def action_done(self) -> None:
        """Leave the program."""
        self.app.exit(return_code=0)

    def action_another(self) -> None:
        """Go back to the choice of keys."""
        self.app.back_to_start()

    async def action_save_as(self) -> None:
        """Ask for another name, on the screen of the check below."""
        if self.app.close_screen(self):
            await self.app.screen.run_action("save")
