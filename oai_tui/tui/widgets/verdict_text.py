"""What the middle of the walk says: the verdict, the exchange behind it, the fixes, the changes. Pure functions from the engine's values to paragraphs."""

import re
from collections.abc import Mapping, Sequence

from textual.content import Content

from oai_tui.domain.cause import Cause, Fix
from oai_tui.domain.decision_tree import Step
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.domain.durations import format_wait
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation, Request
from oai_tui.domain.phases import ConnectionPhase
from oai_tui.reports.labels import CONFIDENCE_LABELS, WHO_LABELS
from oai_tui.reports.waterfall import bars
from oai_tui.tui.formatting import (
    MARKS,
    PLACES,
    SETTLED,
    STYLES,
    State,
    display_safe,
    outcome,
    short_request_id,
    timing,
)
from oai_tui.tui.session import AppliedChange
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph

BLANK = paragraph("")
_LABEL = 11
_PLACE = 15
_USUAL = frozenset(
    {
        "accept",
        "accept-encoding",
        "user-agent",
        "host",
        "connection",
        "content-type",
        "content-length",
        "authorization",
    }
)
_OUTCOMES: Mapping[str, tuple[State, str]] = {
    "working": ("passed", "It works"),
    "problem": ("failed", "Something is refused"),
    "aborted": ("warning", "Stopped before there was an answer"),
    "undecided": ("warning", "The cause is not clear yet"),
}
_MOST_BODY_LINES = 12
_MOST_QUOTED = 360
"""Characters of a pasted text that are quoted; the evidence has more."""
_PROSE = re.compile(r"[A-Z][a-z]+ ")
"""How advice begins, as no line of a shell, a .env file or code does."""
_FRAMED = re.compile(r"Traceback \(most recent call last\):\s*")
_CHAINED = re.compile(
    r"\s*(?:The above exception was the direct cause of the following exception:|During handling of the above exception, another exception occurred:)\s*"
)


def label(text: str) -> tuple[str, str]:
    """The lead of a labelled line."""
    return (f"{text:<{_LABEL}}", "$text-muted")


def question_text(step: Step | None) -> list[Paragraph]:
    """What is being done now, and why."""
    if step is None:
        return [paragraph("", ("Beginning …", "$text-muted"))]
    mark = "⟳ " if step.experiment else f"{MARKS['running']} "
    return [
        paragraph((mark, "bold $primary"), (display_safe(step.title), "bold $primary")),
        paragraph("  ", (display_safe(step.why), "$text-muted")),
    ]


def verdict(found: Verdict, experiments: Sequence[StepRecord] = ()) -> list[Paragraph]:
    """The cause in one sentence, what it means, and how sure it is."""
    state, fallback = _OUTCOMES[found.outcome]
    named = (f"   {found.cause}", "$text-muted") if found.cause else ""
    out = [
        paragraph(
            (f"{MARKS[state]} ", f"bold {STYLES[state]}"),
            (display_safe(found.title or fallback), f"bold {STYLES[state]}"),
            named,
        )
    ]
    if found.explanation:
        out.append(paragraph("  ", display_safe(found.explanation)))
    if found.outcome == "problem":
        sure = (
            SETTLED[bool(experiments)]
            if found.confidence == "certain"
            else CONFIDENCE_LABELS[found.confidence].screen
        )
        out.append(paragraph("  ", (sure, "$text-muted")))
    if found.retry.helps and found.retry.after_s:
        out.append(
            paragraph(
                "  ",
                (
                    f"The answer asks to wait {format_wait(found.retry.after_s)}; the same request can succeed after that.",
                    "$warning",
                ),
            )
        )
    return out + [
        paragraph(("! ", "$warning"), display_safe(warning)) for warning in found.warnings
    ]


def exchange(seen: Observation | None, experiments: Sequence[StepRecord] = ()) -> list[Paragraph]:
    """What was sent and what came back, with timings and ids; then what the experiments answered."""
    if seen is None:
        return []
    out = (
        _sent(seen.request, unsent=seen.failure == "unsendable") if seen.request is not None else []
    )
    said = outcome(seen)
    if said:
        good = (seen.status is not None and seen.status < 400) or seen.answer is not None
        out.append(
            paragraph(
                label("Because" if seen.failure == "unsendable" else "Came back"),
                (said, "bold $success" if good else "bold $error"),
            )
        )
    message = seen.error.message if seen.error is not None and seen.error.message else seen.detail
    if message:
        out.append(paragraph(label(""), f"“{display_safe(message)}”"))
    if took := " · ".join(
        part for part in (timing(seen.timings), short_request_id(seen.request_id)) if part
    ):
        out.append(paragraph(label(""), (took, "$text-muted")))
    for record in experiments:
        if record.observation.request is None and record.observation.failure is None:
            continue
        out.append(
            paragraph(
                label("Then"),
                ("⟳ ", STYLES[record.mark]),
                f"{display_safe(record.title)}: ",
                (
                    f"{outcome(record.observation)} {MARKS[record.mark]}",
                    f"bold {STYLES[record.mark]}",
                ),
            )
        )
    return out


def phase_lines(rungs: Sequence[ConnectionPhase], cells: int) -> list[Paragraph]:
    """The way to the server as a waterfall with bars of at most so many cells (0 for none): green as far as it went, red where it breaks."""
    out: list[Paragraph] = []
    for bar in bars(rungs, max(1, cells)):
        style = STYLES[bar.mark]
        drawn = f"{bar.drawn:<{cells}} " if bar.is_timed and cells else ""
        took = f"{bar.took:>8}  " if bar.is_timed else ""
        lead = Content.assemble(
            (f"{MARKS[bar.mark]} ", style),
            (f"{bar.title:<9}", "$text-muted"),
            (drawn, style),
            (took, "$text-muted"),
        )
        out.append(
            paragraph(
                lead, (display_safe(bar.detail), f"bold {style}" if bar.mark == "failed" else "")
            )
        )
    return out


def _sent(request: Request, *, unsent: bool) -> list[Paragraph]:
    names = [display_safe(name) for name in request.headers if name.lower() not in _USUAL]
    key = "with the key in Authorization" if request.key_sent else "without a key"
    return [
        paragraph(
            label("Not sent" if unsent else "Sent"),
            (request.method, "bold"),
            f" {display_safe(request.url)}",
        ),
        paragraph(
            label(""), (" · ".join([key, *([", ".join(names)] if names else [])]), "$text-muted")
        ),
    ]


def fixes(found: Sequence[Fix]) -> list[Paragraph]:
    """What to do, in order of preference, who can do it, and the exact command or page."""
    out: list[Paragraph] = []
    for number, fix in enumerate(found, start=1):
        who = f"by {WHO_LABELS[fix.who].screen}" if fix.who != "you" else ""
        out.append(paragraph((f"{number}  ", "$primary"), display_safe(fix.text)))
        if fix.command:
            out.append(paragraph("   ", (f" {display_safe(fix.command)} ", "$text on $panel")))
        if who or fix.url:
            out.append(
                paragraph(
                    "   ",
                    (who, "$text-muted"),
                    "  " if who and fix.url else "",
                    (display_safe(fix.url), "$text-muted underline"),
                )
            )
    return out


def changes(made: Sequence[AppliedChange], notice: str = "") -> list[Paragraph]:
    """What was changed for this run, and the lines that make it permanent."""
    out = [paragraph(("• ", "$primary"), display_safe(notice))] if notice else []
    for each in made:
        out.append(
            paragraph(
                ("✓ ", "$success"),
                (display_safe(each.text), "bold"),
                ("  For this run; to keep it:" if each.permanent else "", "$text-muted"),
            )
        )
        for line in each.permanent:
            text = display_safe(line.text)
            written = (
                f" {text}" if _PROSE.match(text) else Content.styled(f" {text} ", "$text on $panel")
            )
            out.append(
                paragraph(
                    (f"  {PLACES.get(line.where, line.where):<{_PLACE}}", "$text-muted"), written
                )
            )
    return out


def text_verdict(found: FailureReport) -> list[Paragraph]:
    """What a pasted text says: its status and code or its failure, its words, who answered, and how often it is there."""
    seen = found.observation
    out = [paragraph(label("It says"), (outcome(seen), "bold $error"))] if outcome(seen) else []
    words = (seen.error.message if seen.error is not None else "") or seen.detail or seen.body
    if words:
        out.append(paragraph(label("" if out else "It says"), f"“{_brief(display_safe(words))}”"))
    who = (
        display_safe(str(seen.facts.get("speaker_name", "")))
        if seen.facts.get("speaker") != "openai-like" or seen.facts.get("host")
        else ""
    )
    if who or seen.request_id:
        out.append(
            paragraph(
                label("Answered"),
                who,
                (
                    f"{' · ' if who else ''}{short_request_id(seen.request_id)}"
                    if seen.request_id
                    else "",
                    "$text-muted",
                ),
            )
        )
    if times := _times(found):
        out.append(paragraph(label("Seen"), times))
    return out


def _times(found: FailureReport) -> str:
    if found.count == 1:
        return display_safe(found.first_seen)
    when = f", first {found.first_seen}, last {found.last_seen}" if found.first_seen else ""
    return display_safe(f"{found.count} times{when}")


def _brief(text: str) -> str:
    """An excerpt short enough to be read: without what a traceback says in every case, and of a long text the two ends."""
    text = _CHAINED.sub(" → ", _FRAMED.sub("", text)).strip(" →")
    if len(text) <= _MOST_QUOTED:
        return text
    return f"{text[: _MOST_QUOTED // 2].rpartition(' ')[0]} … {text[-_MOST_QUOTED // 2 :].partition(' ')[2]}"


def parsed_as(found: FailureReport) -> list[Paragraph]:
    """Everything that was read out of a pasted text: status and code, headers, an excerpt of the words."""
    return [
        paragraph("", ("Evidence", "bold $primary")),
        BLANK,
        *_traffic(found.observation, STYLES["failed"]),
    ]


def alternatives(found: Verdict, catalogue: Mapping[str, Cause]) -> list[Paragraph]:
    """What else it could be, best first, and what would tell."""
    out: list[Paragraph] = []
    for other in found.alternatives:
        named = catalogue.get(other.cause)
        out += [
            paragraph(
                ("○ ", "$text-muted"), (display_safe(named.title if named else other.cause), "bold")
            ),
            paragraph("  ", display_safe(other.why)),
        ]
    return out


def considered_causes(found: Verdict, catalogue: Mapping[str, Cause]) -> list[Paragraph]:
    """The cause held, and every other that the same answer could have had."""
    out = [paragraph("", ("Causes considered", "bold $primary")), BLANK]
    if found.cause:
        out += [
            paragraph(
                ("● ", "$primary"),
                (display_safe(found.title or found.cause), "bold"),
                (f"   {found.confidence}", "$text-muted"),
            ),
            BLANK,
        ]
    if not found.alternatives:
        return [
            *out,
            paragraph(
                "",
                (
                    "No other cause fits what was seen."
                    if found.cause
                    else "Nothing is held against anything.",
                    "$text-muted",
                ),
            ),
        ]
    return out + alternatives(found, catalogue)


def evidence(records: Sequence[StepRecord]) -> list[Paragraph]:
    """The whole trail: each step with its request, its answer, headers and an excerpt of the body."""
    out = [paragraph("", ("Evidence", "bold $primary")), BLANK]
    for record in records:
        mark = "⟳" if record.experiment else MARKS[record.mark]
        out.append(
            paragraph(
                (f"{mark} ", STYLES[record.mark]),
                (display_safe(record.title), "bold"),
                (f"   {display_safe(record.branch)}", "$text-muted"),
            )
        )
        out += [
            *_traffic(record.observation, STYLES[record.mark]),
            *phase_lines(record.observation.phases, 0),
            BLANK,
        ]
    return out


def _traffic(seen: Observation, style: str) -> list[Paragraph]:
    out: list[Paragraph] = []
    if seen.request is not None:
        out.append(paragraph("  > ", f"{seen.request.method} {display_safe(seen.request.url)}"))
        out += [
            paragraph("  > ", (f"{display_safe(name)}: {display_safe(value)}", "$text-muted"))
            for name, value in seen.request.headers.items()
        ]
    if outcome(seen):
        out.append(
            paragraph("  < ", (outcome(seen), style), (f"   {timing(seen.timings)}", "$text-muted"))
        )
    out += [
        paragraph("  < ", (f"{display_safe(name)}: {display_safe(value)}", "$text-muted"))
        for name, value in seen.headers.items()
    ]
    excerpt = display_safe(seen.body).splitlines()
    out += [paragraph("    ", line) for line in excerpt[:_MOST_BODY_LINES]]
    if len(excerpt) > _MOST_BODY_LINES:
        out.append(
            paragraph("    ", (f"… {len(excerpt) - _MOST_BODY_LINES} more lines", "$text-muted"))
        )
    if seen.detail:
        out.append(paragraph("    ", display_safe(seen.detail)))
    return out
