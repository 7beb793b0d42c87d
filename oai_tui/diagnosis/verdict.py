"""Choose the branch that an observation takes, accuse the cause that explains it, and put the verdict into words."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from shlex import quote
from string import Formatter
from typing import TYPE_CHECKING

from oai_tui.domain.cause import Catalogue, Cause, Fix, Symptom
from oai_tui.domain.diagnosis import CauseMatch, Retry, Verdict
from oai_tui.domain.observation import Fact, Observation

if TYPE_CHECKING:
    from oai_tui.domain.decision_tree import Branch, Step

UNKNOWN = "unknown"


def choose_branch(step: "Step", seen: Observation) -> "Branch":
    """The first branch of the step that holds. The audit makes sure that the last one always does; ValueError if none does."""
    for branch in step.branches:
        if branch.when.matches(seen):
            return branch
    raise ValueError(f"step {step.id} has no branch for this observation")


def select_cause(
    branch: "Branch", evidence: Observation, catalogue: Catalogue
) -> CauseMatch | None:
    """The first suspect whose signs hold of the evidence. When none does, `unknown`; None for a branch without suspects."""
    if not branch.suspects:
        return None
    for suspect in branch.suspects:
        if sign := first_symptom(catalogue[suspect], evidence):
            return CauseMatch(cause=suspect, confidence=sign.confidence, evidence=evidence)
    return CauseMatch(cause=UNKNOWN, confidence="possible", evidence=evidence)


def first_symptom(cause: Cause, evidence: Observation) -> Symptom | None:
    """The first of a cause's signs that holds, None when none does."""
    return next((sign for sign in cause.symptoms if sign.when.matches(evidence)), None)


def fill_template(template: str, facts: Mapping[str, Fact], *, shell: bool = False) -> str | None:
    """A template with its {fact} names filled in; None when one of them is unknown or empty. `shell`: quote each value, because some come from a server and the text is meant to be run.

    A fact whose name ends in `_command` is a whole command of our own making, and stays as it is.
    """
    out = []
    for literal, name, _, _ in Formatter().parse(template):
        out.append(literal)
        if name is None:
            continue
        if facts.get(name) in (None, ""):
            return None
        out.append(
            quote(str(facts[name])) if shell and not name.endswith("_command") else str(facts[name])
        )
    return "".join(out)


def offered_fixes(fixes: Iterable[Fix], facts: Mapping[str, Fact]) -> tuple[Fix, ...]:
    """The fixes whose facts are all known, filled in."""
    found = []
    for fix in fixes:
        parts = [
            fill_template(fix.text, facts),
            fill_template(fix.command, facts, shell=True),
            fill_template(fix.url, facts),
        ]
        if None in parts or (
            fix.apply is not None and fix.apply.fact and not facts.get(fix.apply.fact)
        ):
            continue
        text, command, url = (part or "" for part in parts)
        found.append(replace(fix, text=text, command=command, url=url))
    return tuple(found)


def verdict_of(
    accusation: CauseMatch | None,
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    *,
    key_proved: bool,
    warnings: tuple[str, ...],
) -> Verdict:
    """The verdict of a finished walk. `key_proved`: whether a call with the key was answered with 200; without it the verdict says that the key was not tried."""
    untested = () if facts.get("billing") == "tested" else ("billing",)
    if accusation is None and not key_proved:
        return Verdict(
            outcome="working",
            title="What was asked for works",
            explanation="The key itself was not tried.",
            untested=("key", *untested),
            warnings=warnings,
        )
    if accusation is None:
        proved = (
            "The key, its organization and project are accepted, and a billed request went through."
            if not untested
            else "The key, its organization and project are accepted. Billing was not tested."
        )
        return Verdict(
            outcome="working",
            title="It works",
            explanation=proved,
            untested=untested,
            warnings=warnings,
        )
    cause = catalogue[accusation.cause]
    known = {**facts, **accusation.evidence.facts}
    wait = accusation.evidence.facts.get("retry_after_s")
    return Verdict(
        outcome="undecided" if cause.id == UNKNOWN else "problem",
        cause=cause.id,
        family=cause.family,
        confidence=accusation.confidence,
        title=cause.title,
        explanation=(fill_template(cause.finding, known) if cause.finding else None)
        or cause.meaning,
        alternatives=() if accusation.confidence == "certain" else cause.alternatives,
        retry=Retry(
            helps=cause.retry_helps,
            after_s=float(wait) if cause.retry_helps and isinstance(wait, (int, float)) else None,
        ),
        fixes=offered_fixes(cause.fixes, known),
        untested=untested,
        warnings=warnings,
    )
