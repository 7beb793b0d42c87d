"""Texts of the middle pane: verdict, exchange, connection phases, fixes, changes, evidence.

Pure functions from the engine's values to paragraphs.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from oai_tui.domain.cause import Cause, Fix
from oai_tui.domain.decision_tree import Step
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.domain.durations import SOON_S, format_wait
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.observation import Observation, Request
from oai_tui.domain.phases import ConnectionPhase
from oai_tui.reports.labels import CONFIDENCE_LABELS, WHO_LABELS
from oai_tui.reports.step_finding import step_finding, subject_of_test
from oai_tui.reports.waterfall import bars
from oai_tui.tui.formatting import (
    MARKS,
    PERMANENT_PLACES,
    STYLES,
    State,
    display_safe,
    outcome_text,
    short_mask,
    short_request_id,
    timing_text,
)
from oai_tui.tui.hyperlink import hyperlink
from oai_tui.tui.session import AppliedChange
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph

BLANK = paragraph("")
_LABEL_WIDTH = 11
_PLACE_WIDTH = 15
"""Cells of the labels of an exchange, and of the places of permanent changes."""
_MAX_BODY_LINES = 12
"""Lines of a body that the evidence shows."""
_MAX_QUOTED = 360
"""Characters of a pasted text that are quoted; the evidence has more."""
_USUAL_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "x-client-request-id",
    }
)
"""Headers that are not named under a request: every client sends them."""
_OUTCOMES: Mapping[str, tuple[State, str]] = {
    "working": ("passed", "It works"),
    "problem": ("failed", "The check failed"),
    "aborted": ("warning", "Stopped before the check was finished"),
    "undecided": ("warning", "The cause is not clear yet"),
}
"""Outcome -> its mark, and the title of a verdict without one."""
_SENTENCE_END = re.compile(r"(?<=[.!?]) +(?=[A-Z“])")
_PROSE = re.compile(r"[A-Z][a-z]+ ")
"""The start of advice in words, unlike any line of a shell, of a .env file or of code."""
BY_RESPONSE = "the response"
BY_CHECK = "this check"
BY_ADMIN_API = "the admin API"
_BY_TEXT = "the error text"
"""What confirms a cause without a test: a response, a call without one, or a pasted text."""
_COMMAND_STYLE = "$text on $panel"
_TRACEBACK_HEADER = re.compile(r"Traceback \(most recent call last\):\s*")
_CHAINING_LINE = re.compile(
    r"(?<!\s)\s*+(?:The above exception was the direct cause of the following exception:"
    r"|During handling of the above exception, another exception occurred:)\s*"
)


def label(text: str) -> tuple[str, str]:
    """Return a label of an exchange, padded to the width of its column."""
    return (f"{text:<{_LABEL_WIDTH}}", "$text-muted")


def question_text(step: Step | None) -> list[Paragraph]:
    """Say what the running step asks, and why."""
    if step is None:
        return [paragraph("", ("Starting …", "$text-muted"))]
    mark = "⟳ " if step.experiment else f"{MARKS['running']} "
    return [
        paragraph((mark, "bold $primary"), (display_safe(step.title), "bold $primary")),
        paragraph("  ", (display_safe(step.why), "$text-muted")),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictParts:
    """The paragraphs of a verdict: `title`, then `wait` and `certainty`, which may be empty.

    `explanation`: its sentences. `warnings`: what is odd although it blocks nothing.
    """

    title: tuple[Paragraph, ...]
    explanation: tuple[str, ...] = ()
    wait: tuple[Paragraph, ...] = ()
    certainty: tuple[Paragraph, ...] = ()
    warnings: tuple[Paragraph, ...] = ()

    def explained(self, start: int = 0, end: int | None = None) -> tuple[Paragraph, ...]:
        """Return the explanation as one paragraph, or a part of its sentences."""
        text = " ".join(self.explanation[start:end])
        return (paragraph("  ", text),) if text else ()


def verdict_parts(
    verdict: Verdict, experiments: Sequence[StepRecord] = (), shown_by: str = _BY_TEXT
) -> VerdictParts:
    """Return the cause in one sentence, what it means, and how certain it is, in parts.

    `experiments`: the tests that sent a request. `shown_by`: what shows a cause that no test
    confirmed; BY_RESPONSE, BY_CHECK or BY_ADMIN_API for a check.
    """
    state, fallback = _OUTCOMES[verdict.outcome]
    style = f"bold {STYLES[state]}"
    cause_id = (f"   {verdict.cause}", "$text-muted") if verdict.cause else ""
    title = paragraph(
        (f"{MARKS[state]} ", style), (display_safe(verdict.title or fallback), style), cause_id
    )
    wait: tuple[Paragraph, ...] = ()
    if verdict.retry.helps and (verdict.retry.after_s or 0.0) >= SOON_S:
        after = (
            f"Wait {format_wait(verdict.retry.after_s or 0.0)}, then the same request can succeed."
        )
        wait = (paragraph("  ", (after, "$warning")),)
    certainty: tuple[Paragraph, ...] = ()
    if verdict.outcome == "problem":
        certainty = (paragraph("  ", (_certainty(verdict, experiments, shown_by), "$text-muted")),)
    return VerdictParts(
        title=(title,),
        explanation=tuple(_SENTENCE_END.split(display_safe(verdict.explanation))),
        wait=wait,
        certainty=certainty,
        warnings=tuple(
            paragraph(("! ", "$warning"), display_safe(each)) for each in verdict.warnings
        ),
    )


def _certainty(verdict: Verdict, experiments: Sequence[StepRecord], shown_by: str) -> str:
    """Return how certain a verdict is, and why: the test that selected its cause, if any did."""
    if verdict.confidence != "certain":
        return CONFIDENCE_LABELS[verdict.confidence].screen
    deciding = [record for record in experiments if record.matched_cause == verdict.cause]
    if not deciding:
        return f"Confirmed by {shown_by}."
    record = deciding[-1]
    subject = subject_of_test(record.step, record.title)
    return display_safe(f"Confirmed by a test: {subject} → {step_finding(record)}.")


def verdict_text(verdict: Verdict, experiments: Sequence[StepRecord] = ()) -> list[Paragraph]:
    """Return the whole verdict: the cause, what it means, how certain it is, and warnings."""
    parts = verdict_parts(verdict, experiments)
    return [
        *parts.title,
        *parts.explained(),
        *parts.certainty,
        *parts.wait,
        *parts.warnings,
    ]


def split_verdict(
    parts: VerdictParts,
    comparison: Sequence[Paragraph],
    fits: Callable[[Sequence[Paragraph]], bool],
) -> tuple[list[Paragraph], list[Paragraph]]:
    """Return what of a verdict is above the advice, and the rest, which is below it.

    Above is as much as `fits` accepts, so that the advice is on the first screenful; the title at
    least. `comparison`: what the check says about a pasted error.
    """
    whole, first = parts.explained(), parts.explained(0, 1)
    later = parts.explained(1)
    lines, sure = [*parts.wait, *comparison], list(parts.certainty)
    splits: tuple[tuple[list[Paragraph], list[Paragraph]], ...] = (
        ([*whole, *lines, *sure], []),
        ([*whole, *lines], sure),
        ([*first, *lines], [*later, *sure]),
        (lines, [*whole, *sure]),
        ([], [*lines, *whole, *sure]),
    )
    above, below = next((split for split in splits if fits([*parts.title, *split[0]])), splits[-1])
    return [*parts.title, *above], [*below, *parts.warnings]


def exchange(
    observation: Observation | None, experiments: Sequence[StepRecord] = ()
) -> list[Paragraph]:
    """Return what was sent and what came back, then what the tests found."""
    if observation is None:
        return []
    was_unsendable = observation.failure == "unsendable"
    out: list[Paragraph] = []
    if observation.request is not None:
        out += _request_lines(observation.request, unsent=was_unsendable)
    if outcome := outcome_text(observation):
        is_expected = _is_expected_refusal(observation)
        answered = observation.status is not None and observation.status < 400
        is_good = answered or observation.answer is not None or is_expected
        expected = ("  expected: no key was sent", "$text-muted") if is_expected else ""
        out.append(
            paragraph(
                label("Reason" if was_unsendable else "Response"),
                (outcome, "bold $success" if is_good else "bold $error"),
                expected,
            )
        )
    if message := _message(observation):
        out.append(paragraph(label(""), f"“{display_safe(message)}”"))
    details = (timing_text(observation.timings), short_request_id(observation.request_id))
    if any(details):
        text = " · ".join(part for part in details if part)
        out.append(paragraph(label(""), (text, "$text-muted")))
    out += [
        _experiment_line(record)
        for record in experiments
        if record.observation.request is not None or record.observation.failure is not None
    ]
    return out


def _is_expected_refusal(observation: Observation) -> bool:
    """Return whether OpenAI refused a call because it had no key, as it should."""
    request = observation.request
    return (
        observation.status == 401
        and request is not None
        and not request.key_sent
        and observation.facts.get("endpoint") == "proved"
    )


def _message(observation: Observation) -> str:
    """Return the message of the error object, else the detail; may be empty."""
    if observation.error is not None and observation.error.message:
        return short_mask(observation.error.message)
    return short_mask(observation.detail)


def _request_lines(request: Request, *, unsent: bool) -> list[Paragraph]:
    key = "with the key in Authorization" if request.key_sent else "without a key"
    headers = ", ".join(
        display_safe(name) for name in request.headers if name.lower() not in _USUAL_HEADERS
    )
    return [
        paragraph(
            label("Not sent" if unsent else "Request"),
            (request.method, "bold"),
            f" {display_safe(request.url)}",
        ),
        paragraph(label(""), (" · ".join(filter(None, (key, headers))), "$text-muted")),
    ]


def _experiment_line(record: StepRecord) -> Paragraph:
    style = STYLES[record.mark]
    return paragraph(
        label("Test"),
        ("⟳ ", style),
        f"{display_safe(subject_of_test(record.step, record.title))}: ",
        (f"{display_safe(step_finding(record))} {MARKS[record.mark]}", f"bold {style}"),
    )


def phase_lines(phases: Sequence[ConnectionPhase], cells: int) -> list[Paragraph]:
    """Return the connection phases as a waterfall, green up to the phase that failed.

    Bars have at most `cells` cells; 0 leaves them out.
    """
    out: list[Paragraph] = []
    for bar in bars(phases, max(1, cells)):
        style = STYLES[bar.mark]
        drawn = f"{bar.drawn:<{cells}} " if bar.is_timed and cells else ""
        took = f"{bar.took:>8}  " if bar.is_timed else ""
        title = Content.assemble(
            (f"{MARKS[bar.mark]} ", style),
            (f"{bar.title:<9}", "$text-muted"),
            (drawn, style),
            (took, "$text-muted"),
        )
        detail_style = f"bold {style}" if bar.mark == "failed" else ""
        out.append(paragraph(title, (display_safe(bar.detail), detail_style)))
    return out


def fixes(found: Sequence[Fix]) -> list[Paragraph]:
    """Return what to do, in order of preference, who can do it, and the command or page."""
    out: list[Paragraph] = []
    for number, fix in enumerate(found, start=1):
        out.append(paragraph((f"{number}  ", "$primary"), display_safe(fix.text)))
        if fix.command:
            lead = Content.assemble("   ", (" ", _COMMAND_STYLE))
            out.append(paragraph(lead, (f"{visible(fix.command)} ", _COMMAND_STYLE)))
        who = f"by {WHO_LABELS[fix.who].screen}" if fix.who != "you" else ""
        if who or fix.url:
            out.append(
                paragraph(
                    "   ",
                    (who, "$text-muted"),
                    "  " if who and fix.url else "",
                    hyperlink(fix.url),
                )
            )
    return out


def changes(
    applied: Sequence[AppliedChange], notice: str = "", *, undo: bool = False
) -> list[Paragraph]:
    """Return what was changed for this run, and the lines that make it permanent.

    undo: name the key that undoes the last change.
    """
    out = [paragraph(("• ", "$primary"), display_safe(notice))] if notice else []
    for change in applied:
        out.append(
            paragraph(
                ("✓ ", "$success"),
                (display_safe(change.text), "bold"),
                ("  To make it permanent:" if change.permanent else "", "$text-muted"),
            )
        )
        for line in change.permanent:
            text = visible(line.text)  # a command is shown whole, so that it can be typed
            is_advice = _PROSE.match(text) is not None
            place = PERMANENT_PLACES.get(line.where, line.where)
            style = "" if is_advice else _COMMAND_STYLE
            lead = (f"  {place:<{_PLACE_WIDTH}}", "$text-muted")
            body = text if is_advice else (f"{text} ", style)
            out.append(paragraph(Content.assemble(lead, (" ", style)), body))
    if undo and applied and applied[-1].undo is not None:
        out.append(paragraph("  ", ("Undo: z", "$text-muted")))
    return out


def text_verdict(report: FailureReport) -> list[Paragraph]:
    """Return what a pasted text shows: its outcome, its words, who answered, how often."""
    observation = report.observation
    out: list[Paragraph] = []
    if outcome := outcome_text(observation):
        out.append(paragraph(label("It says"), (outcome, "bold $error")))
    if words := _message(observation) or observation.body:
        quoted = f"“{_excerpt(display_safe(short_mask(words)))}”"
        out.append(paragraph(label("" if out else "It says"), quoted))
    responder = _responder(observation)
    request_id = short_request_id(observation.request_id) if observation.request_id else ""
    if responder or request_id:
        separator = " · " if responder and request_id else ""
        out.append(
            paragraph(label("Answered"), responder, (f"{separator}{request_id}", "$text-muted"))
        )
    if times := _times(report):
        out.append(paragraph(label("Seen"), times))
    return out


def _responder(observation: Observation) -> str:
    """Return the name of the server that answered.

    Empty if it is not known: "a server like OpenAI's" says nothing without its host.
    """
    facts = observation.facts
    if facts.get("speaker") == "openai-like" and not facts.get("host"):
        return ""
    return display_safe(str(facts.get("speaker_name", "")))


def _times(report: FailureReport) -> str:
    """Return when the failure was seen, and how often if more than once; may be empty."""
    if report.count == 1:
        return display_safe(report.first_seen)
    when = ""
    if report.first_seen:
        when = f", first {report.first_seen}, last {report.last_seen}"
    return display_safe(f"{report.count} times{when}")


def _excerpt(text: str) -> str:
    """Shorten a text for reading.

    Removes what every traceback contains; of a text that is still long, keeps both ends.
    """
    text = _CHAINING_LINE.sub(" → ", _TRACEBACK_HEADER.sub("", text)).strip(" →")
    if len(text) <= _MAX_QUOTED:
        return text
    half = _MAX_QUOTED // 2
    return f"{text[:half].rpartition(' ')[0]} … {text[-half:].partition(' ')[2]}"


def parsed_as(report: FailureReport) -> list[Paragraph]:
    """Return what was read from a pasted text: outcome, headers, an excerpt."""
    return [
        paragraph("", ("Evidence", "bold $primary")),
        BLANK,
        *_traffic(report.observation, STYLES["failed"]),
    ]


def alternatives(verdict: Verdict, catalogue: Mapping[str, Cause]) -> list[Paragraph]:
    """Return what else it could be, most likely first, and what would distinguish the causes."""
    out: list[Paragraph] = []
    for other in verdict.alternatives:
        cause = catalogue.get(other.cause)
        title = display_safe(cause.title if cause else other.cause)
        out.append(paragraph(("○ ", "$text-muted"), (title, "bold")))
        out.append(paragraph("  ", display_safe(other.why)))
    return out


def considered_causes(verdict: Verdict, catalogue: Mapping[str, Cause]) -> list[Paragraph]:
    """Return the selected cause, and every other cause that the same answer could have."""
    out = [paragraph("", ("Causes considered", "bold $primary")), BLANK]
    if verdict.cause:
        out += [
            paragraph(
                ("● ", "$primary"),
                (display_safe(verdict.title or verdict.cause), "bold"),
                (f"   {verdict.confidence}", "$text-muted"),
            ),
            BLANK,
        ]
    if verdict.alternatives:
        return out + alternatives(verdict, catalogue)
    no_other = "No other cause fits what was seen." if verdict.cause else "No problems found."
    return [*out, paragraph("", (no_other, "$text-muted"))]


def evidence(records: Sequence[StepRecord]) -> list[Paragraph]:
    """Return every step with its request, its answer, headers and an excerpt of the body."""
    out = [paragraph("", ("Evidence", "bold $primary")), BLANK]
    for record in records:
        mark = "⟳" if record.experiment else MARKS[record.mark]
        style = STYLES[record.mark]
        out.append(
            paragraph(
                (f"{mark} ", style),
                (display_safe(record.title), "bold"),
                (f"   {display_safe(step_finding(record))}", "$text-muted"),
            )
        )
        out += _traffic(record.observation, style)
        out += phase_lines(record.observation.phases, 0)
        out.append(BLANK)
    return out


def _traffic(observation: Observation, style: str) -> list[Paragraph]:
    """Return a request (>) and its answer (<); the outcome is drawn in `style`."""
    out: list[Paragraph] = []
    request = observation.request
    if request is not None:
        out.append(paragraph("  > ", f"{request.method} {display_safe(request.url)}"))
        out += _header_lines("  > ", request.headers)
    if outcome := outcome_text(observation):
        timing = f"   {timing_text(observation.timings)}"
        out.append(paragraph("  < ", (outcome, style), (timing, "$text-muted")))
    out += _header_lines("  < ", observation.headers)
    body = display_safe(short_mask(observation.body)).splitlines()
    out += [paragraph("    ", line) for line in body[:_MAX_BODY_LINES]]
    if len(body) > _MAX_BODY_LINES:
        more = f"… {len(body) - _MAX_BODY_LINES} more lines"
        out.append(paragraph("    ", (more, "$text-muted")))
    if observation.detail:
        out.append(paragraph("    ", display_safe(short_mask(observation.detail))))
    return out


def _header_lines(arrow: str, headers: Mapping[str, str]) -> list[Paragraph]:
    return [
        paragraph(arrow, (f"{display_safe(name)}: {display_safe(value)}", "$text-muted"))
        for name, value in headers.items()
    ]
