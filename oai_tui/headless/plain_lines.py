"""The lines of `oai-tui --plain`: a key, a finished step, a verdict, the choices after it. Pure."""

from collections.abc import Mapping

from oai_tui.domain.decision_tree import Tree
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.domain.durations import DAY_S, SOON_S, format_span
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.reports.labels import CONFIDENCE_LABELS, FAILURE_LABELS
from oai_tui.reports.step_finding import step_finding, subject_of_test


def key_line(credential: Credential) -> str:
    """Return where a key is, its kind, and its masked text."""
    origin = credential.origin
    place = f"{origin.name}, {origin.label}" if origin.name else origin.label
    line = f"{place}, {credential.kind.label} {credential.secret.masked}"
    if credential.shadowed_by is not None:
        line += f", not used by programs because {credential.shadowed_by.label} comes first"
    return line


def actions_after(verdict: Verdict, facts: Mapping[str, Fact]) -> list[tuple[str, str]]:
    """Return what can be done after a verdict, as pairs of an id and a label."""
    out = [
        (f"apply {index}", f"Apply fix {index + 1} for this run, and check again")
        for index, fix in enumerate(verdict.fixes)
        if fix.apply is not None
    ]
    works = verdict.outcome == "working"
    if works and "saved_as" not in facts:
        out.append(("save", "Save this key as a profile"))
    out.append(("again", "Check again"))
    if not works and (verdict.family == "key" or verdict.cause == "key-missing"):
        out.append(("enter", "Enter a key"))
    return [
        *out,
        ("explain", "Explain"),
        ("report", "Save the report to a file"),
        ("keys", "Check another key"),
        ("quit", "Quit"),
    ]


def step_line(record: StepRecord, tree: Tree) -> str:
    """Return one line about a finished step, as a question and its answer where it is one.

    "Step 3 of 8, Does the API accept the key? accepted, 12 models."
    """
    found = step_finding(record).replace(" · ", ", ")
    if record.experiment:
        return f"Test {subject_of_test(record.step, record.title).rstrip('.?')}: {found}."
    stages = [stage.id for stage in tree.stages]
    number = stages.index(record.stage) + 1
    mark = f"{record.mark}, " if record.mark in {"failed", "warning"} else ""
    title = record.title.rstrip(".")
    colon = "" if title.endswith(("?", ")")) else ":"
    return f"Step {number} of {len(stages)}, {title}{colon} {mark}{found}."


def outcome(observation: Observation) -> str:
    """Return what came back: status and code, the failure, or the answer; may be empty."""
    if observation.status is not None:
        error = observation.error
        code = (error.code or error.type) if error is not None else ""
        return f"{observation.status} {code}".strip()
    if observation.failure is not None:
        return FAILURE_LABELS[observation.failure].report
    return ""


def _in_words(seconds: float) -> str:
    return f"{seconds:g} seconds" if seconds < 2 * DAY_S else format_span(seconds)


def verdict_lines(verdict: Verdict) -> list[str]:
    """Return a verdict as sentences, without its fixes."""
    out = [verdict.title, verdict.explanation]
    if verdict.cause is not None:
        out.append(f"Cause: {verdict.cause}. {CONFIDENCE_LABELS[verdict.confidence].screen}")
    out += [f"It could also be {other.cause}: {other.why}" for other in verdict.alternatives]
    out += [f"Note: {warning}" for warning in verdict.warnings]
    out += [f"Not tested: {area}." for area in verdict.untested]
    if verdict.retry.helps and verdict.retry.after_s is not None:
        wait_s = verdict.retry.after_s
        when = f"after {_in_words(wait_s)}" if wait_s >= SOON_S else "now"
        out.append(f"The same request can work {when}.")
    elif verdict.retry.helps:
        out.append("The same request can work later.")
    return [line for line in out if line]
