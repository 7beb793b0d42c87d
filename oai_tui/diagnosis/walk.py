"""Walk the tree: run each step's act, take a branch, hold or drop an accusation, and tell all of it as events.

`walk` is an async generator. It sends nothing itself, writes nothing, and never raises for what a probe does: a probe that raises becomes an observation of its own.
Close it with `contextlib.aclosing`. The last event is always `Ended`, unless the generator is closed before.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from oai_tui.diagnosis.verdict import choose_branch, fill_template, select_cause, verdict_of
from oai_tui.domain.cause import Catalogue
from oai_tui.domain.decision_tree import Branch, Probe, Question, Step, Tree
from oai_tui.domain.diagnosis import CauseMatch, CredentialSummary, Diagnosis, StepRecord, Verdict
from oai_tui.domain.events import Decided, Ended, Event, Observed, QuestionAsked, StepStarted
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Ask, Call, Clock, Probes
from oai_tui.domain.target import Change, Target

MAX_STEPS = 64
"""A tree has fewer steps than this; a walk that is longer goes in circles."""
PROBE_LIMIT_S = 10.0
"""Seconds that one probe may take."""
GRACE_S = 1.0
"""Seconds beyond its limit after which a probe that does not keep it is left behind."""


@dataclass(slots=True, kw_only=True)
class WalkState:
    """Everything one walk works on and gathers. `only`: the stages that were asked for, empty for all. `ends_at`: the steady clock's reading at which the walk must be over, None for no limit."""

    target: Target
    credential: Credential | None
    version: str
    only: frozenset[str] = frozenset()
    ends_at: float | None = None
    facts: dict[str, Fact] = field(default_factory=dict)
    records: list[StepRecord] = field(default_factory=list)
    current_match: CauseMatch | None = None
    last_observation: Observation | None = None
    warnings: list[str] = field(default_factory=list)
    started_at: datetime | None = None
    began: float = 0.0


async def walk(
    tree: Tree,
    catalogue: Catalogue,
    case: WalkState,
    probes: Probes,
    ask: Ask,
    clock: Clock,
    start: str | None = None,
) -> AsyncIterator[Event]:
    """Walk from `start` (the tree's own when None) and yield what happens, `Ended` last."""
    case.started_at = case.started_at or clock.now()
    case.began = clock.steady()
    wanted = _wanted(tree, case.only)
    step: Step | None = tree.steps[start or tree.start]
    for _ in range(MAX_STEPS):
        if step is None or (step.healthy_only and case.current_match is not None):
            break
        if step.stage not in wanted:
            step = tree.steps[step.skip_to] if step.skip_to else None
            continue
        target, credential = _changed(step, case)
        yield StepStarted(step=step, target=target)
        if isinstance(step.act, Question):
            yield QuestionAsked(step=step, question=step.act)
        seen = await _act(step, case, target, credential, catalogue, probes, ask, clock)
        yield Observed(step=step, observation=seen)
        branch, record = _decide(step, seen, case, catalogue)
        yield Decided(step=step, record=record, current_match=case.current_match)
        step = tree.steps[branch.goto] if branch.goto else None
    yield Ended(diagnosis=diagnosis_of(case, catalogue, clock))


def _wanted(tree: Tree, only: frozenset[str]) -> frozenset[str]:
    """The stages to run: those asked for and all that they need, or every one."""
    if not only:
        return frozenset(stage.id for stage in tree.stages)
    return only | {need for stage in tree.stages if stage.id in only for need in stage.needs}


def _changed(step: Step, case: WalkState) -> tuple[Target, Credential | None]:
    """What the step's act runs on: the case's own, or an experiment's changed one."""
    if not isinstance(step.act, Probe) or step.act.change is None:
        return case.target, case.credential
    return apply_change(step.act.change, case.target, case.credential, case.facts)


def apply_change(
    change: Change, target: Target, credential: Credential | None, facts: Mapping[str, Fact]
) -> tuple[Target, Credential | None]:
    """Target and credential with one thing changed; a change that has nothing to work on leaves them as they are."""
    if change.kind == "use-cleaned-key" and credential is not None:
        return target, credential.repaired() or credential
    if change.kind == "use-other-key" and credential is not None:
        return target, credential.other(str(facts.get(change.fact, ""))) or credential
    return target.changed(change, facts), credential


async def _act(
    step: Step,
    case: WalkState,
    target: Target,
    credential: Credential | None,
    catalogue: Catalogue,
    probes: Probes,
    ask: Ask,
    clock: Clock,
) -> Observation:
    if isinstance(step.act, Question):
        answer = await ask(step.act, {**case.facts})
        facts: dict[str, Fact] = (
            {step.act.text_fact: answer.text} if step.act.text_fact and answer.text else {}
        )
        return Observation(probe=step.act.id, answer=answer.option, facts=facts)
    left = (
        PROBE_LIMIT_S
        if case.ends_at is None
        else min(PROBE_LIMIT_S, max(0.05, case.ends_at - clock.steady()))
    )
    call = Call(
        target=target,
        credential=credential,
        facts={**case.facts},
        so_far=diagnosis_of(case, catalogue, clock),
        limit_s=left,
    )
    try:
        async with asyncio.timeout(left + GRACE_S):
            return await probes.run(step.act.name, call)
    except TimeoutError:
        return Observation(
            probe=step.act.name,
            failure="read-timeout",
            detail="no answer within the time that was left",
        )
    except Exception as error:  # noqa: BLE001  a probe that crashes is a result too; its text might quote a key, so only the type is kept
        return Observation(
            probe=step.act.name,
            failure="crashed",
            detail=f"our own fault: {type(error).__name__} in the probe {step.act.name}",
        )


def _decide(
    step: Step, seen: Observation, case: WalkState, catalogue: Catalogue
) -> tuple[Branch, StepRecord]:
    """Take the branch, and bring the case up to date."""
    branch = choose_branch(step, seen)
    if step.experiment:
        evidence = (case.last_observation or seen).with_facts(**{step.id: branch.label})
        case.facts |= {
            step.id: branch.label,
            **{
                name: fact
                for name, fact in seen.facts.items()
                if name.startswith(("other_", "clock_"))
            },
        }
        if isinstance(step.act, Question) and branch.goto:
            case.target = replace(case.target, agreed=True)
            case.facts["key_may_go"] = True
            case.facts["endpoint"] = "agreed"
    else:
        case.facts |= seen.facts
        known = {
            name: fact
            for name, fact in case.facts.items()
            if name.startswith(
                (
                    "key_",
                    "model_",
                    "organization_origin",
                    "project_origin",
                    "base_url",
                    "proxy",
                    "store_",
                    "host",
                    "vendor",
                    "token_",
                )
            )
        }
        evidence = replace(seen, facts={**known, **seen.facts})
        case.last_observation = evidence
    accusation = select_cause(branch, evidence, catalogue)
    if branch.clears and case.current_match is not None:
        if not isinstance(step.act, Question):
            case.warnings.append(_as_warning(case.current_match, catalogue))
        case.current_match = None
    case.current_match = accusation or case.current_match
    record = StepRecord(
        step=step.id,
        stage=step.stage,
        title=step.title,
        mark=branch.mark,
        branch=branch.label,
        observation=seen,
        matched_cause=accusation.cause if accusation else "",
        experiment=step.experiment,
    )
    case.records.append(record)
    return branch, record


def _as_warning(held: CauseMatch, catalogue: Catalogue) -> str:
    cause = catalogue[held.cause]
    return (
        fill_template(cause.finding, held.evidence.facts) if cause.finding else None
    ) or cause.title


def diagnosis_of(case: WalkState, catalogue: Catalogue, clock: Clock) -> Diagnosis:
    """The record of the walk as it stands."""
    reached = any(
        r.observation.status == 200
        and r.mark == "passed"
        and not r.experiment
        and r.observation.request is not None
        and r.observation.request.key_sent
        for r in case.records
    )
    verdict = verdict_of(
        case.current_match,
        case.facts,
        catalogue,
        key_proved=reached,
        warnings=(*case.warnings, *_notes(case)),
    )
    return Diagnosis(
        verdict=verdict,
        trail=tuple(case.records),
        target=case.target,
        credential=summary_of(case.credential),
        started_at=case.started_at or clock.now(),
        elapsed_ms=round((clock.steady() - case.began) * 1000, 1),
        version=case.version,
        facts={**case.facts},
    )


def _notes(case: WalkState) -> tuple[str, ...]:
    """What is odd although nothing failed."""
    notes = list(
        dict.fromkeys(note for record in case.records for note in record.observation.notes)
    )
    skew = case.facts.get("clock_skew_s", 0)
    if isinstance(skew, (int, float)) and abs(skew) > 300:
        notes.append(
            f"This machine's clock is {abs(skew):.0f} seconds {'ahead' if skew > 0 else 'behind'}."
        )
    if case.facts.get("speaker") == "gateway" and case.facts.get("key_may_go"):
        notes.append(
            f"{case.facts.get('speaker_name', 'Another server')} answers here, not OpenAI itself."
        )
    if case.facts.get("key_damage") == "repairable" and case.current_match is None:
        notes.append(
            f"The key's text is odd ({case.facts.get('key_defects', '')}), and it was accepted all the same."
        )
    return tuple(notes)


def aborted(diagnosis: Diagnosis, why: str) -> Diagnosis:
    """The same record with the verdict that the run was broken off."""
    return replace(
        diagnosis,
        verdict=Verdict(
            outcome="aborted",
            title="Broken off",
            explanation=why,
            untested=diagnosis.verdict.untested,
        ),
    )


def summary_of(credential: Credential | None) -> CredentialSummary | None:
    """What may be told about a credential."""
    if credential is None:
        return None
    return CredentialSummary(
        hint=credential.secret.masked,
        kind=credential.kind.id,
        kind_label=credential.kind.label,
        origin=credential.origin,
        fingerprint=credential.secret.fingerprint,
        shadows=credential.shadows,
        defects=tuple(
            f"{d.text} at position {d.position}" + (f" ({d.code_point})" if d.code_point else "")
            for d in credential.defects
        ),
    )
