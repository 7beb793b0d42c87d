"""The page of the rate limits: what is left, the pace that fits, and code that retries."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from oai_tui.knowledge.links import LIMITS
from oai_tui.knowledge.models import PREFERRED
from oai_tui.reports.key_limits import UNITS, limits_of, pace_lines
from oai_tui.reports.retry_samples import RETRY_SAMPLES, retry_sample
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.recheck_plan import BILLED_STAGE
from oai_tui.tui.screens.about_page import AboutChoice, AboutPage, PageId
from oai_tui.tui.screens.scroll_screen import ScrollArea
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action
from oai_tui.tui.widgets.paragraphs import Paragraph, ParagraphView, paragraph
from oai_tui.tui.widgets.rate_limit_gauge import gauge

_NARROW = 60
_NOT_ACCEPTED = "The key was not accepted, so its limits are not known. Go back and fix that first."


class LimitsPage(AboutPage):
    """Shows the limits of the last responses, and one retry sample at a time."""

    TITLE = "Limits"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "n",
            "next_sample",
            "next sample",
            id="limits.next",
            tooltip="Show the retry sample for another library or language",
        ),
    ]
    page: PageId = "limits"

    def __init__(self, session: CheckSession, progress: WalkProgress) -> None:
        super().__init__(session, progress)
        self.sample = next(iter(RETRY_SAMPLES))
        self.limits = limits_of(progress.facts)

    def content(self) -> ComposeResult:
        with ScrollArea(classes="about"):
            yield ParagraphView(list(self._lines()), id="limits-text")
            yield ParagraphView(id="sample-heading")
            yield Static(id="retry-sample", classes="about-code", markup=False)

    def on_mount(self) -> None:
        self._show_sample()

    def _lines(self) -> Iterator[Paragraph]:
        facts = self.progress.facts
        names = ("model_for_inference", "organization_seen", "project_seen")
        subject = " · ".join(str(facts[name]) for name in names if facts.get(name))
        yield paragraph(
            "", ("Rate limits", "bold"), f" · {display_safe(subject)}" if subject else ""
        )
        if not self.limits and not self.key_is_accepted:
            yield paragraph(("! ", "$warning"), _NOT_ACCEPTED)
            return
        if not self.limits:
            yield paragraph(("! ", "$warning"), "The responses of this check name no limits.")
            text = "OpenAI sends them only with responses to billed requests. Send one to see them."
            yield paragraph("  ", text)
            return
        width = 8 if self.app.size.width < _NARROW else 20
        for unit in UNITS:
            if (line := gauge(unit, facts, width)) is not None:
                yield line
        for limit in self.limits:
            if limit.window:
                text = f"{limit.limit:,.0f} {limit.unit} per {limit.window}"
                yield paragraph("  ", (text, "$text-muted"))
        for text in pace_lines(self.limits):
            yield paragraph("  ", display_safe(text))

    def _show_sample(self) -> None:
        title = RETRY_SAMPLES[self.sample].title
        about = "waits as long as Retry-After says"
        self.query_one("#sample-heading", ParagraphView).show(
            [paragraph(""), paragraph("", (title, "bold"), (f": {about}", "$text-muted"))]
        )
        self.query_one("#retry-sample", Static).update(self.copied_text())

    def own_actions(self) -> Sequence[Action]:
        billed = Action(
            id="request",
            label="Send a billed request",
            tooltip="You are asked first: about $0.00001",
        )
        copy = Action(id="copy_command", label="Copy code")
        other = Action(id="next_sample", label="Next sample", tooltip="SDK, tenacity, Python, Node")
        is_useful = not self.limits and self.key_is_accepted
        return (billed, copy, other) if is_useful else (copy, other)

    def action_next_sample(self) -> None:
        """Show the next retry sample."""
        names = list(RETRY_SAMPLES)
        self.sample = names[(names.index(self.sample) + 1) % len(names)]
        self._show_sample()

    def action_request(self) -> None:
        """Go back to the check, and on to its question before a billed request."""
        self.dismiss(AboutChoice(restart=BILLED_STAGE))

    def copied_text(self) -> str:
        facts, target = self.progress.facts, self.session.target
        model = str(facts.get("model_for_inference") or target.model or PREFERRED[0])
        return retry_sample(self.sample, display_safe(model))

    def link(self) -> str:
        return LIMITS
