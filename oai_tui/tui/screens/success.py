"""The result of a walk on which everything answered: proofs, rate limits, changes, and saving."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.domain.profile import NAME_RULE, named_profile, valid_name
from oai_tui.tui.confirmation_text import after_walk
from oai_tui.tui.exit_record import exit_record
from oai_tui.tui.formatting import MARKS, STYLES, display_safe, last4, origin_label, outcome_text
from oai_tui.tui.screens.dialogs import ConfirmScreen
from oai_tui.tui.screens.result_screen import RESULT_BINDINGS, ResultScreen
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


def proof_lines(progress: WalkProgress) -> list[Paragraph]:
    """Return one line for each stage that passed, and one if billing was not tested."""
    out: list[Paragraph] = []
    for stage in progress.tree.stages:
        passed = [
            record
            for record in progress.records
            if record.stage == stage.id and record.mark in {"passed", "warning"}
        ]
        # Known limits are drawn as gauges.
        if not passed or (stage.id == "limits" and progress.facts.get("limits_known")):
            continue
        last = passed[-1]
        mark = (f"{MARKS[last.mark]} ", STYLES[last.mark])
        out.append(_proof_line(mark, stage.title, _proof(last, progress.facts)))
    if progress.facts.get("billing") != "tested":
        mark = ("· ", "$text-muted")
        out.append(_proof_line(mark, "Billing", "not tested: no billed request was sent"))
    return out


def _proof_line(mark: tuple[str, str], title: str, proof: str) -> Paragraph:
    label = Content.assemble(mark, (f"{title:<13}", "bold"))
    return paragraph(label, (proof, "$text-muted"))


def _proof(record: StepRecord, facts: Mapping[str, Fact]) -> str:
    """Return what the last step of a stage proved, in one line."""
    request = record.observation.request
    match record.stage:
        case "reach" if facts.get("speaker") == "openai":
            return f"{display_safe(str(facts.get('host', '')))} answers in OpenAI's own manner"
        case "credential":
            return display_safe(f"{facts.get('key_origin', '')} …{facts.get('key_last_four', '')}")
        case "model" if "model_for_inference" in facts:
            listed = facts.get("models_listed")
            one_of = f", one of {listed} that the key can list" if listed else ""
            return display_safe(f"{facts['model_for_inference']}{one_of}")
        case "limits":
            return "the answers told none"
    if request is None:
        return display_safe(record.title)
    return f"{request.method} {display_safe(request.url)} → {outcome_text(record.observation)}"


class NameInput(Input):
    """The name of the profile; enter saves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            "save",
            id="green.enter",
            key_display="enter",
            tooltip="Save the verified profile in the keyring",
        )
    ]


class SuccessScreen(ResultScreen[Answer]):
    """Answers the tree's question "save": with a name, or no."""

    CSS_PATH = "success.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "finish",
            "finish without saving",
            id="green.finish",
            tooltip="Keep nothing; the result stays on the screen",
        ),
        Binding(
            "ctrl+t",
            "snippets",
            "ready calls",
            id="green.snippets",
            tooltip=(
                "Calls for curl, Python, Node, .env and GitHub Actions, to copy; without the key"
            ),
            show=False,
        ),
        Binding(
            "ctrl+s",
            "save",
            "save",
            id="green.save",
            tooltip="Save the verified profile in the keyring",
            show=False,
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
    ]

    app: "Navigation"

    def __init__(
        self, session: CheckSession, progress: WalkProgress, facts: Mapping[str, Fact]
    ) -> None:
        super().__init__()
        self.session = session
        self.progress = progress
        self.facts = {**progress.facts, **facts}
        self.taken: frozenset[str] = frozenset()
        """Names of saved profiles."""
        self.keyring_failed = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Green light", self.app.badge)
        with ScrollArea(id="success"):
            yield ParagraphView(self._result(), id="success-result")
            yield ParagraphView(proof_lines(self.progress), id="proofs")
            limits = (gauge("requests", self.facts), gauge("tokens", self.facts))
            gauges = [each for each in limits if each is not None]
            if gauges:
                yield ParagraphView(gauges, id="limits")
            if self.session.changes:
                yield ParagraphView(
                    texts.changes(self.session.changes, undo=True), id="success-changes"
                )
        with Horizontal(id="save-row"):
            yield Static(Content("Save as"))
            yield NameInput(self._offered_name(), id="name", compact=True, max_length=64)
            yield Static(id="name-problem")
        yield ActionBar(
            [
                Action(
                    id="save",
                    label="Swap the key" if self.session.rotating else "Save as a profile",
                ),
                Action(id="snippets", label="Ready calls"),
                Action(id="finish", label="Finish without saving"),
            ],
            grab_focus=False,
        )
        yield KeyFooter()

    def _offered_name(self) -> str:
        """Return the name of the profile whose key this is, or is to replace; else "work"."""
        if self.session.rotating and self.session.profile is not None:
            return self.session.profile.name
        credential = self.session.credential
        if credential is not None and credential.origin.kind == "keyring":
            return credential.origin.name
        return "work"

    def on_mount(self) -> None:
        self.query_one("#name", Input).focus()
        self._read_names()
        self.app.exit_record = exit_record(self.session, self.progress, self.app.now())

    def _result(self) -> list[Paragraph]:
        """Return which key works where, whether billing was tested, and the pasted text's lines."""
        out = [
            paragraph(("✓ ", "bold $success"), ("Everything answered", "bold $success")),
            paragraph("  ", display_safe(f"{self._works_text()} {self._billing_text()}")),
        ]
        if note := self.session.account_change_note(self.facts):
            out.append(paragraph(("! ", "$warning"), (display_safe(note), "$warning")))
        return out + after_walk(self.session, None, self.progress.records)

    def _works_text(self) -> str:
        key = "The key"
        if credential := self.session.credential:
            last = last4(credential.secret.masked)
            key = f"{credential.kind.label} {last} ({origin_label(credential.origin)})"
            key = f"{key[:1].upper()}{key[1:]}"
        owner = self.facts.get("organization_seen")
        for_owner = f" for {owner}" if owner else ""
        return f"{key} works at {self.session.target.host}{for_owner}."

    def _billing_text(self) -> str:
        if self.facts.get("billing") != "tested":
            return "Billing was not tested."
        model = self.facts.get("model_for_inference")
        return f"Billing was tested with {model or 'a small request'}."

    @work(exclusive=True, group="names")
    async def _read_names(self) -> None:
        """Read the names of saved profiles. A keyring that fails is reported when saving."""
        try:
            self.taken = frozenset(await self.session.services.profiles.names())
        except KeyringError:
            self.taken = frozenset()
            self.keyring_failed = True

    @on(Input.Changed, "#name")
    def _check_name(self, event: Input.Changed) -> None:
        problem = "" if valid_name(event.value) else f"A name has {NAME_RULE}."
        self.query_one("#name-problem", Static).update(Content(problem))

    @on(Input.Submitted, "#name")
    def _save_entered(self) -> None:
        self.action_save()

    @on(ActionBar.Chosen)
    async def _run_chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        """Answer with the name; if it is taken, after a yes."""
        name = self.query_one("#name", Input).value.strip()
        if not valid_name(name):
            self.query_one("#name-problem", Static).update(Content(f"! A name has {NAME_RULE}."))
            self.query_one("#name", Input).focus()
            return
        may_use_file = self.keyring_failed and self.session.services.profiles.file is not None
        if may_use_file and not await self._offer_file():
            return
        if name in self.taken and not await self.app.push_screen_wait(self._replacing(name)):
            return
        self.dismiss(Answer(option="save", text=name))

    async def _offer_file(self) -> bool:
        """Offer the encrypted file instead of a keyring that fails. Return True to go on saving.

        A user who does not want the file may still try the keyring.
        """
        from oai_tui.tui.screens.passphrase import offer_file

        if await offer_file(self.app):
            self.keyring_failed = False
            with suppress(KeyringError):
                self.taken = frozenset(await self.session.services.profiles.names())
            return True
        question = ConfirmScreen(
            "Try the keyring all the same?",
            "It did not answer a moment ago. Nothing is written anywhere else.",
            yes="Try it",
            no="Back",
        )
        return await self.app.push_screen_wait(question) is True

    def _replacing(self, name: str) -> ConfirmScreen:
        """Return the question before a profile is replaced."""
        old = self.session.profile
        new = self.session.credential
        if self.session.rotating and old is not None and old.name == name and new is not None:
            return ConfirmScreen(
                f"Swap the key of {name}?",
                f"The key {old.hint} gives its place to {new.secret.masked}. "
                "The old key stays valid at OpenAI until you delete it there.",
                yes="Swap it",
                no="Keep the old one",
            )
        return ConfirmScreen(
            f"Replace the profile {name}?",
            "A profile of this name is in the keyring. Its key and settings would be replaced.",
            yes="Replace it",
            no="Keep it",
        )

    def action_snippets(self) -> None:
        """Show ready calls for the verified profile."""
        if self.session.credential is None:
            return
        entered = self.query_one("#name", Input).value.strip()
        name = entered if valid_name(entered) else "work"
        show_snippets(self.app, named_profile(name, self.session.target, self.session.credential))

    def shown_result(self) -> ShownResult:
        """Return the check that works."""
        return result_of_check(self.session, self.progress, self.app.now())

    async def action_undo(self) -> None:
        """Undo the last fix, on the check below, which this screen interrupts."""
        if self.session.can_undo and len(self.app.screen_stack) > 1:
            check = self.app.screen_stack[-2]
            self.app.pop_screen()
            await check.run_action("undo")

    def action_finish(self) -> None:
        """Answer no."""
        self.dismiss(Answer(option="no"))
