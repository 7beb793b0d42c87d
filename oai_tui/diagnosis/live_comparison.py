"""Which steps of a walk can meet a cause that a text told of, and what a walk then says about it. Pure: the tree is read as data, nothing is walked here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.cause import Catalogue, Cause
from oai_tui.domain.decision_tree import Probe, Stage, Step, Tree
from oai_tui.domain.diagnosis import StepRecord, Verdict

ComparisonOutcome = Literal["confirmed", "settled", "other", "absent", "open", "beyond"]
_BILLED = "inference"
"""The probe that sends a billed request."""
_LEFT_OPEN = frozenset({"unknown", "connection-failed"})
"""Causes that a text is given where it says too little: there is nothing in them to be confirmed, but a walk can find what is behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A walk beside a text. `confirmed`: it met the same cause. `settled`: the text had left it open, and it found one. `other`: it met another. `absent`: nothing is refused, and at least one step answered
    that could have met it. `open`: no step that could meet it has answered. `beyond`: no walk can meet it. `passed` and `untried`: those steps, in order, by what they did.
    """

    outcome: ComparisonOutcome
    passed: tuple[Step, ...] = ()
    untried: tuple[Step, ...] = ()


def is_left_open(said: Verdict) -> bool:
    """Whether the text says too little for a cause to be confirmed."""
    return said.cause in _LEFT_OPEN


def steps_that_can_confirm(tree: Tree, cause: Cause) -> tuple[Step, ...]:
    """The steps whose answer can accuse the cause, in the order of the walk; empty for a cause that no walk can meet. The first is where a walk can confirm it at the earliest.

    Any call with the key may be refused for money, but billing shows for certain in a billed request only: of the steps that suspect such a cause, those that send one count.
    """
    steps = tuple(
        step
        for step in tree.steps.values()
        if any(cause.id in branch.suspects for branch in step.branches)
    )
    billed = tuple(
        step for step in steps if isinstance(step.act, Probe) and step.act.name == _BILLED
    )
    return billed if cause.family == "billing" and billed else steps


def stages_that_can_confirm(tree: Tree, said: Verdict, catalogue: Catalogue) -> tuple[Stage, ...]:
    """The stages where a walk can confirm a text's cause, or settle what the text left open (there by what it may be), in the order of the walk."""
    causes = (
        [other.cause for other in said.alternatives] if is_left_open(said) else [said.cause or ""]
    )
    found = {
        step.stage
        for cause in causes
        if cause in catalogue
        for step in steps_that_can_confirm(tree, catalogue[cause])
    }
    return tuple(stage for stage in tree.stages if stage.id in found)


def compare(
    said: Verdict,
    found: Verdict | None,
    records: Sequence[StepRecord],
    tree: Tree,
    catalogue: Catalogue,
) -> Comparison:
    """A text's verdict beside a walk's. `found`: the walk's verdict, None for one that goes on with nothing held against anything; `records`: its trail."""
    if is_left_open(said):
        settled = found is not None and found.outcome == "problem"
        return Comparison(
            outcome="settled"
            if settled
            else "absent"
            if found is None or found.outcome == "working"
            else "open"
        )
    if found is not None and found.cause == said.cause:
        return Comparison(outcome="confirmed")
    cause = catalogue.get(said.cause or "")
    able = [
        step
        for step in (steps_that_can_confirm(tree, cause) if cause else ())
        if isinstance(step.act, Probe)
    ]
    steps = [step for step in able if not step.experiment] or able
    if not steps:
        return Comparison(outcome="beyond")
    done = {
        record.step
        for record in records
        if record.mark in {"passed", "warning"} and not record.matched_cause
    }
    passed, untried = (
        tuple(step for step in steps if step.id in done),
        tuple(step for step in steps if step.id not in done),
    )
    if found is not None and found.outcome in {"problem", "undecided"}:
        return Comparison(outcome="other", passed=passed, untried=untried)
    ended = found is None or found.outcome == "working"
    return Comparison(
        outcome="absent" if passed and ended else "open", passed=passed, untried=untried
    )
