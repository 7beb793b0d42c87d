"""The green light: what was proved, what was not, how much room there is, what was changed; and the name under which to save it."""

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
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer, KeyringError
from oai_tui.domain.profile import NAME_RULE, named_profile, valid_name
from oai_tui.tui.confirmation_text import after_walk
from oai_tui.tui.formatting import MARKS, STYLES, display_safe, last4, origin_label, outcome
from oai_tui.tui.screens.dialogs import ConfirmScreen
from oai_tui.tui.screens.scroll_screen import ScrollArea, ScrollScreen
from oai_tui.tui.screens.snippets import show_snippets
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as report
from oai_tui.tui.widgets.action_bar import Action, ActionBar
from oai_tui.tui.widgets.key_footer import KeyFooter
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.rate_limit_gauge import gauge
from oai_tui.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from oai_tui.tui.navigation import Navigation


def proof_lines(progress: WalkProgress) -> list[Paragraph]:
    """One line for each stage that answered, and one for what nobody asked."""
    out = []
    for stage in progress.tree.stages:
        passed = [
            record
            for record in progress.records
            if record.stage == stage.id and record.mark in {"passed", "warning"}
        ]
        if not passed or (stage.id == "limits" and progress.facts.get("limits_known")):
            continue
        record = passed[-1]
        out.append(
            paragraph(
                Content.assemble(
                    (f"{MARKS[record.mark]} ", STYLES[record.mark]), (f"{stage.title:<13}", "bold")
                ),
                (_proof(record, progress.facts), "$text-muted"),
            )
        )
    if progress.facts.get("billing") != "tested":
        out.append(
            paragraph(
                Content.assemble(("· ", "$text-muted"), (f"{'Billing':<13}", "bold")),
                ("not tested: no billed request was sent", "$text-muted"),
            )
        )
    return out


def _proof(record: StepRecord, facts: Mapping[str, Fact]) -> str:
    """What a stage's last step proved, in one line."""
    asked = record.observation.request
    if record.stage == "reach" and facts.get("speaker") == "openai":
        return f"{display_safe(str(facts.get('host', '')))} answers in OpenAI's own manner"
    if record.stage == "credential":
        return display_safe(f"{facts.get('key_origin', '')} …{facts.get('key_last_four', '')}")
    if record.stage == "model" and "model_for_inference" in facts:
        listed = facts.get("models_listed")
        return display_safe(
            f"{facts['model_for_inference']}{f', one of {listed} that the key can list' if listed else ''}"
        )
    if record.stage == "limits":
        return "the answers told none"
    return (
        f"{asked.method} {display_safe(asked.url)} → {outcome(record.observation)}"
        if asked
        else display_safe(record.title)
    )


class NameInput(Input):
    """The profile's name; enter saves."""

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


class SuccessScreen(ScrollScreen[Answer]):
    """Answers the tree's question "save": a name, or no."""

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
            tooltip="Calls for curl, Python, Node, .env and GitHub Actions, to copy; without the key",
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
    ]

    app: "Navigation"

    def __init__(
        self, sitting: CheckSession, progress: WalkProgress, facts: Mapping[str, Fact]
    ) -> None:
        super().__init__()
        self.sitting, self.progress, self.facts = sitting, progress, {**progress.facts, **facts}
        self.taken: frozenset[str] = frozenset()
        self.keyring_fails = False

    def compose(self) -> ComposeResult:
        yield TitleBar("Green light", self.app.badge)
        with ScrollArea(id="green"):
            yield ParagraphView(self._show_result(), id="light")
            yield ParagraphView(proof_lines(self.progress), id="proved")
            gauges = [
                each
                for each in (gauge("requests", self.facts), gauge("tokens", self.facts))
                if each is not None
            ]
            if gauges:
                yield ParagraphView(gauges, id="limits")
            if self.sitting.changes:
                yield ParagraphView(report.changes(self.sitting.changes), id="made")
        with Horizontal(id="save-row"):
            yield Static(Content("Save as"))
            yield NameInput(self._offered_name(), id="name", compact=True, max_length=64)
            yield Static(id="name-problem")
        yield ActionBar(
            [
                Action(
                    id="save",
                    label="Swap the key" if self.sitting.rotating else "Save as a profile",
                ),
                Action(id="snippets", label="Ready calls"),
                Action(id="finish", label="Finish without saving"),
            ],
            grab_focus=False,
        )
        yield KeyFooter()

    def _offered_name(self) -> str:
        """The name to offer: that of the profile whose key this is or whose place it is to take."""
        if self.sitting.rotating and self.sitting.profile is not None:
            return self.sitting.profile.name
        credential = self.sitting.credential
        return (
            credential.origin.name if credential and credential.origin.kind == "keyring" else "work"
        )

    def on_mount(self) -> None:
        self.query_one("#name", Input).focus()
        self._learn_names()

    def _show_result(self) -> list[Paragraph]:
        credential = self.sitting.credential
        key = (
            f"{credential.kind.label} {last4(credential.secret.masked)} ({origin_label(credential.origin)})"
            if credential
            else "The key"
        )
        owner = self.facts.get("organization_seen")
        model = self.facts.get("model_for_inference")
        billing = (
            f"Billing was tested with {model or 'a small request'}."
            if self.facts.get("billing") == "tested"
            else "Billing was not tested."
        )
        sentence = f"{key[:1].upper()}{key[1:]} works at {self.sitting.target.host}{f' for {owner}' if owner else ''}. {billing}"
        elsewhere = self.sitting.account_change_note(self.facts)
        moved = (
            [paragraph(("! ", "$warning"), (display_safe(elsewhere), "$warning"))]
            if elsewhere
            else []
        )
        return [
            paragraph(("✓ ", "bold $success"), ("Everything answered", "bold $success")),
            paragraph("  ", display_safe(sentence)),
            *moved,
            *after_walk(self.sitting, None, self.progress.records),
        ]

    @work(exclusive=True, group="names")
    async def _learn_names(self) -> None:
        """The names that are taken; a keyring that does not tell is left for the saving to name."""
        try:
            self.taken = frozenset(await self.sitting.services.vault.names())
        except KeyringError:
            self.taken, self.keyring_fails = frozenset(), True

    @on(Input.Changed, "#name")
    def _typed(self, event: Input.Changed) -> None:
        problem = "" if valid_name(event.value) else f"A name has {NAME_RULE}."
        self.query_one("#name-problem", Static).update(Content(problem))

    @on(Input.Submitted, "#name")
    def _entered(self) -> None:
        self.action_save()

    @on(ActionBar.Chosen)
    async def _chosen(self, event: ActionBar.Chosen) -> None:
        event.stop()
        await self.run_action(event.action)

    @work(exclusive=True, group="save")
    async def action_save(self) -> None:
        """Give the name as the answer, after a yes where it is taken."""
        name = self.query_one("#name", Input).value.strip()
        if not valid_name(name):
            self.query_one("#name-problem", Static).update(Content(f"! A name has {NAME_RULE}."))
            self.query_one("#name", Input).focus()
            return
        if (
            self.keyring_fails
            and self.sitting.services.file is not None
            and not await self._found_a_place()
        ):
            return
        if name in self.taken and not await self.app.push_screen_wait(self._replacing(name)):
            return
        self.dismiss(Answer(option="save", text=name))

    async def _found_a_place(self) -> bool:
        """Where the keyring fails, offer the encrypted file; whether saving can go on. A person who does not want it may try the keyring all the same."""
        from oai_tui.tui.screens.passphrase import offer_file

        if await offer_file(self.app):
            self.keyring_fails = False
            with suppress(KeyringError):
                self.taken = frozenset(await self.sitting.services.vault.names())
            return True
        asked = ConfirmScreen(
            "Try the keyring all the same?",
            "It did not answer a moment ago. Nothing is written anywhere else.",
            yes="Try it",
            no="Back",
        )
        return await self.app.push_screen_wait(asked) is True

    def _replacing(self, name: str) -> ConfirmScreen:
        """The question before a profile is replaced."""
        old, new = self.sitting.profile, self.sitting.credential
        if self.sitting.rotating and old is not None and old.name == name and new is not None:
            text = f"The key {old.hint} gives its place to {new.secret.masked}. The old key stays valid at OpenAI until you delete it there."
            return ConfirmScreen(
                f"Swap the key of {name}?", text, yes="Swap it", no="Keep the old one"
            )
        return ConfirmScreen(
            f"Replace the profile {name}?",
            "A profile of this name is in the keyring. Its key and settings would be replaced.",
            yes="Replace it",
            no="Keep it",
        )

    def action_snippets(self) -> None:
        """Show ready calls for what was proved."""
        if self.sitting.credential is not None:
            name = self.query_one("#name", Input).value.strip()
            show_snippets(
                self.app,
                named_profile(
                    name if valid_name(name) else "work",
                    self.sitting.target,
                    self.sitting.credential,
                ),
            )

    def action_finish(self) -> None:
        """Answer no."""
        self.dismiss(Answer(option="no"))
