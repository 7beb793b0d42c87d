"""Texts about a pasted error while a live check tries to confirm it, and afterwards.

Pure functions from values to paragraphs. In all of them `text_verdict` is the verdict over the
pasted text, and `walk_verdict` that of the walk.
"""

from collections.abc import Sequence

from oai_tui.diagnosis.live_comparison import Comparison, is_left_open, stages_that_can_confirm
from oai_tui.domain.cause import Cause
from oai_tui.domain.decision_tree import Stage, Step, Tree
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.tui.formatting import MARKS, display_safe
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph

_IN_THE_PROGRAM = "it happens inside the calling program, which is not run here."
_NO_SUCH_CALL = "a check makes no request of this kind."


def before_walk(
    text_verdict: Verdict, stages: Sequence[Stage], cause: Cause | None
) -> list[Paragraph]:
    """Say whether a walk from here can confirm the text, and at which of its stages first.

    If no stage can, say why, and how else the cause can be confirmed.
    """
    if is_left_open(text_verdict):
        return [_running_line("The text doesn't say; a live check shows which step fails now.")]
    if stages:
        return [
            _running_line(
                f"You can check this live; it would show up at the {stages[0].title} step. "
                "(The first request is sent without the key.)"
            )
        ]
    why = _IN_THE_PROGRAM if text_verdict.family == "this-machine" else _NO_SUCH_CALL
    out = [paragraph(("! ", "$warning"), f"No live check can confirm this: {why}")]
    if cause is not None and cause.confirm:
        how = display_safe(cause.confirm)
        out.append(paragraph("  ", ("To confirm it: ", "$text-muted"), how))
    return out


def _running_line(text: str) -> Paragraph:
    return paragraph((f"{MARKS['running']} ", "$primary"), text)


def during_walk(text_verdict: Verdict, stages: Sequence[Stage]) -> list[Paragraph]:
    """Say what the running walk is to confirm, and at which of its stages first."""
    if is_left_open(text_verdict):
        return [paragraph("  ", ("The pasted error did not say what this is.", "$text-muted"))]
    where = f" (would show up at the {stages[0].title} step)" if stages else ""
    title = display_safe(text_verdict.title)
    return [paragraph("  ", (f"Checking for “{title}”{where}.", "$text-muted"))]


def with_walk(session: CheckSession, progress: WalkProgress) -> list[Paragraph]:
    """Return `during_walk` or `after_walk`, as far as the walk is; empty if nothing was pasted."""
    if session.pasted is None:
        return []
    if progress.diagnosis is not None:
        return after_walk(session, progress.diagnosis.verdict, progress.diagnosis.trail)
    text_verdict = session.pasted.verdict
    services = session.services
    stages = stages_that_can_confirm(services.tree, text_verdict, services.catalogue)
    return during_walk(text_verdict, stages)


def after_walk(
    session: CheckSession, walk_verdict: Verdict | None, records: Sequence[StepRecord]
) -> list[Paragraph]:
    """Say whether the walk confirmed the pasted text; empty if nothing was pasted.

    `walk_verdict` is None while the walk is still running and no cause is selected.
    """
    comparison = session.compare_with_paste(walk_verdict, records)
    if comparison is None or session.pasted is None:
        return []
    return confirmation_lines(
        comparison,
        session.pasted.verdict,
        walk_verdict,
        session.services.tree,
        was_confirmed=session.was_confirmed,
    )


def confirmation_lines(
    comparison: Comparison,
    text_verdict: Verdict,
    walk_verdict: Verdict | None,
    tree: Tree,
    *,
    was_confirmed: bool,
) -> list[Paragraph]:
    """Say what a walk found about the text. `was_confirmed`: by an earlier walk."""
    if was_confirmed and comparison.outcome in {"absent", "open"}:
        return [_confirmed_before(comparison, text_verdict, tree)]
    title = display_safe(text_verdict.title)
    match comparison.outcome:
        case "confirmed":
            label, rest = "Confirmed live:", "the live check found the same cause."
        case "settled":
            label, rest = "Found live:", "the pasted error did not say; the check found this."
        case "other":
            label = "Different cause:"
            rest = _other_cause(comparison, text_verdict, walk_verdict, tree)
        case "absent":
            label, rest = "Not confirmed:", _absent(comparison, text_verdict, tree)
        case "open" if is_left_open(text_verdict):
            label, rest = "Still open:", "neither the pasted error nor the check names one cause."
        case "open":
            label = "Not checked:"
            rest = f"the pasted error says “{title}”. {_untried(comparison, tree)}".rstrip()
        case "beyond":
            label, rest = (
                "Not confirmed:",
                f"the pasted error says “{title}”, which a check can't reproduce.",
            )
    return [_result(label, rest, found=comparison.outcome in {"confirmed", "settled"})]


def _result(label: str, rest: str, *, found: bool) -> Paragraph:
    """A line with a mark: a green tick if the walk found the cause, else a warning."""
    mark, style = ("✓", "bold $success") if found else ("!", "bold $warning")
    return paragraph((f"{mark} ", style), (f"{label} ", style), rest)


def _confirmed_before(comparison: Comparison, text_verdict: Verdict, tree: Tree) -> Paragraph:
    """Compare with an earlier walk that met the cause.

    It is gone only if every step that could meet it has answered without it.
    """
    if is_left_open(text_verdict):
        return _result("Fixed:", "every step that ran works now.", found=True)
    if comparison.outcome == "absent" and not comparison.untried:
        return _result(
            "Fixed:", "the pasted error was found here before, and is gone now.", found=True
        )
    passed = ""
    if comparison.passed:
        passed = f"{_stage_names(comparison.passed, tree)} passed without it now. "
    rest = f"it was found here before. {passed}{_untried(comparison, tree)}".rstrip()
    return _result("The pasted error:", rest, found=False)


def _other_cause(
    comparison: Comparison, text_verdict: Verdict, walk_verdict: Verdict | None, tree: Tree
) -> str:
    title = display_safe(text_verdict.title)
    was_possible = walk_verdict is not None and any(
        other.cause == walk_verdict.cause for other in text_verdict.alternatives
    )
    possible = " The pasted error left this possible." if was_possible else ""
    passed = ""
    if comparison.passed:
        passed = f" {_stage_names(comparison.passed, tree)} passed without it."
    return f"the pasted error says “{title}”, but this is what fails here.{possible}{passed}"


def _absent(comparison: Comparison, text_verdict: Verdict, tree: Tree) -> str:
    if is_left_open(text_verdict):
        return (
            "every step that ran works here now. The failing program may use another key, "
            "network or request, or the problem is over."
        )
    return (
        f"the pasted error says “{display_safe(text_verdict.title)}”. "
        f"{_stage_names(comparison.passed, tree)} passed without it. "
        f"{_untried(comparison, tree)}"
        "It may be over, or the failing program uses another key, network or request."
    )


def _untried(comparison: Comparison, tree: Tree) -> str:
    """A sentence, with a blank after it, about the steps that were not asked; may be empty."""
    if not comparison.untried:
        return ""
    stages = _stage_names(comparison.untried, tree, last="or")
    return f"It can still show up at {stages}, which did not run. "


def _stage_names(steps: Sequence[Step], tree: Tree, last: str = "and") -> str:
    """Return the titles of the steps' stages, each once: "Key, Model and Inference"."""
    titles = {stage.id: stage.title for stage in tree.stages}
    names = list(dict.fromkeys(titles[step.stage] for step in steps))
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
