"""Compare a walk with the cause found in a pasted text.

Which steps of the tree could confirm that cause, and whether they did. Pure: the tree is read as
data, nothing is walked here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.cause import Catalogue, Cause
from oai_tui.domain.decision_tree import Probe, Stage, Step, Tree
from oai_tui.domain.diagnosis import StepRecord, Verdict

ComparisonOutcome = Literal["confirmed", "settled", "other", "absent", "open", "beyond"]
_BILLED_PROBE = "inference"
"""The probe that sends a billed request."""
_OPEN_CAUSES = frozenset({"unknown", "connection-failed"})
"""Causes of a text that says too little. There is nothing in them to confirm, but a walk can find
the real cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The result of comparing a walk with a text.

    outcome:
        confirmed: the walk found the same cause.
        settled: the text left the cause open, and the walk found one.
        other: the walk found another cause.
        absent: the walk found no problem, and a step that could find the cause passed.
        open: no step that could find the cause has answered.
        beyond: no walk can find the cause.
    passed: the steps that could find the cause and passed, in the order of the walk.
    untried: the other steps that could find it, in the order of the walk.
    """

    outcome: ComparisonOutcome
    passed: tuple[Step, ...] = ()
    untried: tuple[Step, ...] = ()


def is_left_open(pasted: Verdict) -> bool:
    """Return True if the text says too little for its cause to be confirmed."""
    return pasted.cause in _OPEN_CAUSES


def steps_that_can_confirm(tree: Tree, cause: Cause) -> tuple[Step, ...]:
    """Return the steps that can select the cause, in the order of the walk.

    Empty for a cause that no walk can find. For a cause of the billing family only the billed
    requests count: any other call with the key can be refused for money, but not for certain.
    """
    steps = tuple(
        step
        for step in tree.steps.values()
        if any(cause.id in branch.suspects for branch in step.branches)
    )
    billed = tuple(
        step for step in steps if isinstance(step.act, Probe) and step.act.name == _BILLED_PROBE
    )
    return billed if cause.family == "billing" and billed else steps


def stages_that_can_confirm(tree: Tree, pasted: Verdict, catalogue: Catalogue) -> tuple[Stage, ...]:
    """Return the stages where a walk can confirm a text's cause, in the order of the walk.

    For a text that leaves the cause open they are the stages of its alternatives.
    """
    causes = [pasted.cause or ""]
    if is_left_open(pasted):
        causes = [alternative.cause for alternative in pasted.alternatives]
    confirming = {
        step.stage
        for cause in causes
        if cause in catalogue
        for step in steps_that_can_confirm(tree, catalogue[cause])
    }
    return tuple(stage for stage in tree.stages if stage.id in confirming)


def compare(
    pasted: Verdict,
    walked: Verdict | None,
    records: Sequence[StepRecord],
    tree: Tree,
    catalogue: Catalogue,
) -> Comparison:
    """Compare the verdict over a text with the verdict of a walk.

    walked: None while the walk is running and no cause is selected.
    records: the steps that the walk has taken.
    """
    if is_left_open(pasted):
        return Comparison(outcome=_outcome_for_open_cause(walked))
    if walked is not None and walked.cause == pasted.cause:
        return Comparison(outcome="confirmed")
    steps = _confirming_probes(tree, catalogue.get(pasted.cause or ""))
    if not steps:
        return Comparison(outcome="beyond")
    passed_ids = {record.step for record in records if _is_passed(record)}
    passed = tuple(step for step in steps if step.id in passed_ids)
    untried = tuple(step for step in steps if step.id not in passed_ids)
    if walked is not None and walked.outcome in {"problem", "undecided"}:
        return Comparison(outcome="other", passed=passed, untried=untried)
    if passed and _found_no_problem(walked):
        return Comparison(outcome="absent", passed=passed, untried=untried)
    return Comparison(outcome="open", passed=passed, untried=untried)


def _outcome_for_open_cause(walked: Verdict | None) -> ComparisonOutcome:
    if walked is not None and walked.outcome == "problem":
        return "settled"
    return "absent" if _found_no_problem(walked) else "open"


def _found_no_problem(walked: Verdict | None) -> bool:
    return walked is None or walked.outcome == "working"


def _is_passed(record: StepRecord) -> bool:
    return record.mark in {"passed", "warning"} and not record.matched_cause


def _confirming_probes(tree: Tree, cause: Cause | None) -> list[Step]:
    """Return the steps with a probe that can select the cause.

    Experiments count only if there are no other steps, because a walk makes them only after a
    refusal.
    """
    if cause is None:
        return []
    probes = [step for step in steps_that_can_confirm(tree, cause) if isinstance(step.act, Probe)]
    return [step for step in probes if not step.experiment] or probes
