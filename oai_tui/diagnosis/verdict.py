"""Choose the branch for an observation, select the cause, and put the verdict into words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from shlex import quote
from string import Formatter
from typing import TYPE_CHECKING

from oai_tui.domain.cause import Alternative, Catalogue, Cause, Fix, Symptom
from oai_tui.domain.diagnosis import CauseMatch, Retry, Verdict
from oai_tui.domain.hop import hop_of_cause
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.target import Change

if TYPE_CHECKING:
    from oai_tui.domain.decision_tree import Branch, Step

UNKNOWN = "unknown"
_BEGINS_WITH_ORIGIN = re.compile(r"\{\w+_(?:origin|setting)\}")
_OPEN_LIST = (
    "This server lists its models without a key too, so the list doesn't show whether it accepts "
    "this key. Only a billed request does."
)
_WORKS_WITH_BILLING = (
    "The key, its organization and its project are accepted, and a billed request worked."
)
_WORKS_WITHOUT_BILLING = (
    "The key, its organization and its project are accepted. Billing was not tested."
)
_KEY_KEPT = "The key was not sent."
_GATEWAY_WORKS = "The server accepts the key, and a billed request worked."
_GATEWAY_LISTS = "The server accepts the key and lists its models. A billed request was not tested."


def choose_branch(step: "Step", seen: Observation) -> "Branch":
    """Return the first branch of the step whose condition matches.

    The last one always does (lint_tree checks that); ValueError if none does.
    """
    for branch in step.branches:
        if branch.when.matches(seen):
            return branch
    raise ValueError(f"step {step.id} has no branch for this observation")


def select_cause(
    branch: "Branch", evidence: Observation, catalogue: Catalogue
) -> CauseMatch | None:
    """Return the first suspect of the branch with a symptom in the evidence.

    `unknown` if there is none; None for a branch without suspects.
    """
    if not branch.suspects:
        return None
    for suspect in branch.suspects:
        if symptom := first_symptom(catalogue[suspect], evidence):
            return CauseMatch(cause=suspect, confidence=symptom.confidence, evidence=evidence)
    return CauseMatch(cause=UNKNOWN, confidence="possible", evidence=evidence)


def first_symptom(cause: Cause, evidence: Observation) -> Symptom | None:
    """Return the first symptom of the cause that is in the evidence, or None."""
    return next((symptom for symptom in cause.symptoms if symptom.when.matches(evidence)), None)


def fill_template(template: str, facts: Mapping[str, Fact], *, shell: bool = False) -> str | None:
    """Return the template with its {fact} names filled in; None if one is unknown or empty.

    shell: quote each value, because some come from a server and the text is meant to be run. A
    fact whose name ends in `_command` is a whole command that this program wrote, and is not
    quoted.
    """
    filled = []
    for literal, name, _, _ in Formatter().parse(template):
        filled.append(literal)
        if name is None:
            continue
        if facts.get(name) in (None, ""):
            return None
        value = str(facts[name])
        filled.append(quote(value) if shell and not name.endswith("_command") else value)
    return "".join(filled)


def offered_fixes(
    fixes: Iterable[Fix], facts: Mapping[str, Fact], evidence: Observation | None = None
) -> tuple[Fix, ...]:
    """Return the fixes whose facts are all known, with the facts filled in.

    evidence: the observation that their conditions are compared with; None matches empty ones only.
    """
    offered = []
    for fix in fixes:
        if not (fix.when.is_empty or (evidence is not None and fix.when.matches(evidence))):
            continue
        if fix.unless is not None and evidence is not None and fix.unless.matches(evidence):
            continue
        text = fill_template(fix.text, facts)
        command = fill_template(fix.command, facts, shell=True)
        url = fill_template(fix.url, facts)
        if text is None or command is None or url is None:
            continue
        if fix.apply is not None and not _is_possible(fix.apply, facts):
            continue
        offered.append(replace(fix, text=text, command=command, url=url))
    return tuple(offered)


def _is_possible(change: Change, facts: Mapping[str, Fact]) -> bool:
    """Return whether the change would change anything in this run."""
    if change.kind == "use-cleaned-key":
        return facts.get("key_damage") in {None, "repairable"}  # None: of a pasted text
    return not change.fact or bool(facts.get(change.fact))


def finding_of(cause: Cause, evidence: Observation, facts: Mapping[str, Fact]) -> str | None:
    """Return the sentence of the cause for this evidence, with the facts filled in, or None."""
    templates = [each.text for each in cause.findings if each.when.matches(evidence)]
    texts = (_as_sentence(each, facts) for each in (*templates, cause.finding) if each)
    return next((text for text in texts if text is not None), None)


def _as_sentence(template: str, facts: Mapping[str, Fact]) -> str | None:
    """Return the template filled in, with a capital where it begins with the name of a place.

    Those are words ("the file .env", "the profile work"); a variable, an option or a host name at
    the beginning keeps its letters.
    """
    text = fill_template(template, facts)
    if text is None or not _BEGINS_WITH_ORIGIN.match(template):
        return text
    return text[:1].upper() + text[1:]


def verdict_of(
    match: CauseMatch | None,
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    *,
    key_proved: bool,
    warnings: tuple[str, ...],
) -> Verdict:
    """Return the verdict of a finished walk.

    match: the selected cause, or None.
    key_proved: whether a call with the key was answered with 200. Without that the verdict says
    that the key was not tried.
    """
    billed_call_failed = match is not None and match.evidence.probe == "inference"
    is_tested = facts.get("billing") == "tested" or billed_call_failed
    untested = () if is_tested else ("billing",)
    if match is not None:
        return _problem(match, facts, catalogue, untested=untested, warnings=warnings)
    if not key_proved:
        return Verdict(
            outcome="working",
            title="The requested checks passed",
            explanation=_OPEN_LIST
            if facts.get("lists_without_key")
            else "The key itself was not tested.",
            untested=("key", *untested),
            warnings=warnings,
        )
    works = _WORKS_WITHOUT_BILLING if untested else _WORKS_WITH_BILLING
    if facts.get("own_terms"):
        works = _GATEWAY_LISTS if untested else _GATEWAY_WORKS
    return Verdict(
        outcome="working",
        title="Everything works",
        explanation=works,
        untested=untested,
        warnings=warnings,
    )


def _problem(
    match: CauseMatch,
    facts: Mapping[str, Fact],
    catalogue: Catalogue,
    *,
    untested: tuple[str, ...],
    warnings: tuple[str, ...],
) -> Verdict:
    """Return the verdict for a cause. Facts of the evidence win over those of the walk."""
    cause = catalogue[match.cause]
    known = {**facts, **match.evidence.facts}
    titles = (each.title for each in cause.findings if each.when.matches(match.evidence))
    title = _as_sentence(next(filter(None, titles), cause.case_title), known)
    wait = match.evidence.facts.get("retry_after_s")
    retry_helps = cause.retry_helps or (
        cause.retry_when is not None and cause.retry_when.matches(match.evidence)
    )
    return Verdict(
        outcome="undecided" if cause.id == UNKNOWN else "problem",
        cause=cause.id,
        family=cause.family,
        confidence=match.confidence,
        title=title or cause.title,
        explanation=_explanation(cause, match.evidence, known),
        alternatives=() if match.confidence == "certain" else _alternatives(cause, match.evidence),
        retry=Retry(
            helps=retry_helps,
            after_s=float(wait) if retry_helps and isinstance(wait, (int, float)) else None,
            known=cause.retry_known,
        ),
        fixes=_fitting_fixes(cause, known, match.evidence),
        untested=untested,
        warnings=(*warnings, *_odd_wait(match.evidence)) if retry_helps else warnings,
        hop=hop_of_cause(cause.hop, match.evidence),
    )


def _odd_wait(evidence: Observation) -> tuple[str, ...]:
    """Return a sentence about a wait that the answer asks for and that nobody can mean."""
    asked = evidence.facts.get("odd_wait")
    if asked is None:
        return ()
    return (f"The answer asks to wait {asked} before a retry; that can't be meant and is ignored.",)


def _alternatives(cause: Cause, evidence: Observation) -> tuple[Alternative, ...]:
    """Return the alternatives that fit the evidence, the first one for each cause."""
    possible: dict[str, Alternative] = {}
    for each in cause.alternatives:
        if each.when.matches(evidence):
            possible.setdefault(each.cause, each)
    return tuple(possible.values())


def _explanation(cause: Cause, evidence: Observation, facts: Mapping[str, Fact]) -> str:
    """Return the finding, else the meaning.

    After an answer of a server that the person chose it says so if the key was not sent in this
    run.
    """
    text = finding_of(cause, evidence, facts) or cause.meaning
    if evidence.facts.get("own_terms") and not facts.get("key_sent"):
        return f"{text} {_KEY_KEPT}"
    return text


def _fitting_fixes(
    cause: Cause, facts: Mapping[str, Fact], evidence: Observation
) -> tuple[Fix, ...]:
    """Return the fixes for a run.

    At a server that is not OpenAI's, OpenAI's pages and people cannot help: such fixes are left out
    as long as another one remains.
    """
    fixes = offered_fixes(cause.fixes, facts, evidence)
    seen = evidence.facts
    is_elsewhere = evidence.failure is not None and seen.get("host_kind") in {"local", "other"}
    if not (seen.get("own_terms") or seen.get("own_server") or is_elsewhere):
        return fixes
    return tuple(fix for fix in fixes if not _is_about_openai(fix)) or fixes


def _is_about_openai(fix: Fix) -> bool:
    return fix.who == "openai" or "openai.com" in f"{fix.text} {fix.command} {fix.url}".lower()
