"""Walk the decision tree: run each step, take a branch, select a cause, and yield events.

`walk` is an async generator. It sends and writes nothing itself, and never raises for what a probe
does: a probe that raises becomes an observation. Close it with `contextlib.aclosing`. The last
event is `Ended`, unless the generator is closed before.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from oai_tui.diagnosis.verdict import choose_branch, finding_of, select_cause, verdict_of
from oai_tui.domain.cause import Catalogue
from oai_tui.domain.decision_tree import Branch, Probe, Question, Save, Step, Tree
from oai_tui.domain.diagnosis import CauseMatch, CredentialSummary, Diagnosis, StepRecord, Verdict
from oai_tui.domain.durations import format_span
from oai_tui.domain.events import Decided, Ended, Event, Observed, QuestionAsked, StepStarted
from oai_tui.domain.facts import AGREED_SERVER_FACTS, CARRIED_FACTS, EXPERIMENT_FACTS
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Ask, Call, Clock, WalkPorts
from oai_tui.domain.target import Change, Target

MAX_STEPS = 64
"""A tree has fewer steps than this; a longer walk goes in circles."""
PROBE_LIMIT_S = 10.0
"""Seconds that one probe may take."""
_MIN_LIMIT_S = 0.05
"""Seconds that a probe gets when no time is left."""
GRACE_S = 1.0
"""Seconds beyond its limit after which a probe that ignores the limit is abandoned."""
_MAX_SKEW_S = 300
"""Seconds by which this machine's clock may be wrong."""


@dataclass(slots=True, kw_only=True)
class WalkState:
    """The input of a walk, and everything that it has found so far.

    The walk changes it in place; only `_decide` and the functions that it calls do so.

    only: the stages that were asked for; empty for all.
    ends_at: the steady clock's reading at which the walk must be over; None for no limit.
    facts: all facts so far; a later value replaces an earlier one.
    records: one for each step that was taken.
    current_match: the selected cause, unless a later step clears or replaces it.
    last_observation: the evidence of the last step that is not an experiment.
    warnings: causes that were cleared, as sentences.
    began: the steady clock's reading at the start.
    """

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
    state: WalkState,
    ports: WalkPorts,
    start: str | None = None,
) -> AsyncGenerator[Event, None]:
    """Walk the tree and yield what happens, `Ended` last.

    start: the id of the first step; the tree's own when None.
    """
    clock = ports.clock
    state.started_at = state.started_at or clock.now()
    state.began = clock.steady()
    stages = _stages_to_run(tree, state.only)
    step: Step | None = tree.steps[start or tree.start]
    for _ in range(MAX_STEPS):
        if step is None or (step.healthy_only and state.current_match is not None):
            break
        if step.stage not in stages:
            step = tree.steps[step.skip_to] if step.skip_to else None
            continue
        target, credential = _subject_of(step, state)
        yield StepStarted(step=step, target=target)
        if isinstance(step.act, Question):
            yield QuestionAsked(step=step, question=step.act)
            seen = await _ask_person(step.act, state, ports.ask)
        elif isinstance(step.act, Save):
            work = _save(step.act, state, catalogue, ports)
            seen = await _run("save", work, _time_limit(state, clock))
        else:
            call = Call(
                target=target,
                credential=credential,
                facts={**state.facts},
                limit_s=_time_limit(state, clock),
            )
            work = ports.probes.run(step.act.name, call)
            seen = await _run(step.act.name, work, call.limit_s)
        yield Observed(step=step, observation=seen)
        branch, record = _decide(step, seen, state, catalogue)
        yield Decided(step=step, record=record, current_match=state.current_match)
        step = tree.steps[branch.goto] if branch.goto else None
    yield Ended(diagnosis=diagnosis_of(state, catalogue, clock))


def _stages_to_run(tree: Tree, only: frozenset[str]) -> frozenset[str]:
    """Return the stages that were asked for and those that they need; all if none were."""
    if not only:
        return frozenset(stage.id for stage in tree.stages)
    return only | {need for stage in tree.stages if stage.id in only for need in stage.needs}


def _subject_of(step: Step, state: WalkState) -> tuple[Target, Credential | None]:
    """Return the target and credential that the step runs on; an experiment changes one thing."""
    if not isinstance(step.act, Probe) or step.act.change is None:
        return state.target, state.credential
    return apply_change(step.act.change, state.target, state.credential, state.facts)


def apply_change(
    change: Change, target: Target, credential: Credential | None, facts: Mapping[str, Fact]
) -> tuple[Target, Credential | None]:
    """Return target and credential with one thing changed.

    They stay as they are when what the change needs is missing: the key, or the change's fact.
    """
    if change.kind == "use-cleaned-key" and credential is not None:
        return target, credential.repaired() or credential
    if change.kind == "use-other-key" and credential is not None:
        return target, credential.other(str(facts.get(change.fact, ""))) or credential
    return target.changed(change, facts), credential


def _time_limit(state: WalkState, clock: Clock) -> float:
    """Return the seconds that the next probe may take."""
    if state.ends_at is None:
        return PROBE_LIMIT_S
    return min(PROBE_LIMIT_S, max(_MIN_LIMIT_S, state.ends_at - clock.steady()))


async def _ask_person(question: Question, state: WalkState, ask: Ask) -> Observation:
    answer = await ask(question, {**state.facts})
    facts: dict[str, Fact] = {}
    if question.text_fact and answer.text:
        facts[question.text_fact] = answer.text
    return Observation(probe=question.id, answer=answer.option, facts=facts)


async def _run(name: str, work: Awaitable[Observation], limit_s: float) -> Observation:
    """Run a probe or a save within its limit. If it hangs or crashes, return an observation."""
    try:
        async with asyncio.timeout(limit_s + GRACE_S):
            return await work
    except TimeoutError:
        return Observation(
            probe=name,
            failure="read-timeout",
            detail="no answer in the remaining time",
        )
    except Exception as error:  # noqa: BLE001  a crash is a result too
        # The error's text can contain a key, so only its type is kept.
        return Observation(
            probe=name,
            failure="crashed",
            detail=f"internal error: {type(error).__name__} in the probe {name}",
        )


async def _save(act: Save, state: WalkState, catalogue: Catalogue, ports: WalkPorts) -> Observation:
    """Save the diagnosis as it is at this step."""
    if state.credential is None:
        return Observation(probe="save", failure="crashed", detail="there is nothing to save")
    name = str(state.facts.get(act.name_fact, ""))
    diagnosis = diagnosis_of(state, catalogue, ports.clock)
    return await ports.save(name, diagnosis, state.credential)


def _decide(
    step: Step, seen: Observation, state: WalkState, catalogue: Catalogue
) -> tuple[Branch, StepRecord]:
    """Choose the branch for an observation, select its cause, and update the state."""
    branch = choose_branch(step, seen)
    _learn(step, branch, seen, state)
    evidence = _evidence_for(step, branch, seen, state)
    if not step.experiment:
        state.last_observation = evidence
    match = select_cause(branch, evidence, catalogue)
    if branch.clears:
        _clear_match(step, state, catalogue)
    state.current_match = match or state.current_match
    record = _record_of(step, branch, seen, match)
    state.records.append(record)
    return branch, record


def _learn(step: Step, branch: Branch, seen: Observation, state: WalkState) -> None:
    """Add the facts of an observation to the state.

    An experiment ran on something else than the walk, so of its own facts only EXPERIMENT_FACTS
    are kept. It adds the fact `step.id`, which is the label of its branch.
    """
    if not step.experiment:
        state.facts |= seen.facts
    else:
        state.facts[step.id] = branch.label
        state.facts |= {name: fact for name, fact in seen.facts.items() if name in EXPERIMENT_FACTS}
    if isinstance(step.act, Question):
        _apply_answer(step.act, seen, state)


def _apply_answer(question: Question, seen: Observation, state: WalkState) -> None:
    """Let the key go to the server of the base URL, if the person agreed to it."""
    chosen = next((option for option in question.options if option.id == seen.answer), None)
    if chosen is not None and chosen.agrees_to_server:
        allow_http = state.target.allow_http or chosen.allows_http
        state.target = replace(state.target, agreed=True, allow_http=allow_http)
        state.facts |= AGREED_SERVER_FACTS


def _evidence_for(step: Step, branch: Branch, seen: Observation, state: WalkState) -> Observation:
    """Return the observation in which the symptoms of the suspects are searched.

    For an experiment it is the evidence of the last other step, with the fact `step.id`. Otherwise
    it is what was seen, with the facts that earlier steps pass on.
    """
    if step.experiment:
        earlier = state.last_observation or seen
        return earlier.with_facts(**{step.id: branch.label})
    carried = {name: fact for name, fact in state.facts.items() if name in CARRIED_FACTS}
    return replace(seen, facts={**carried, **seen.facts})


def _clear_match(step: Step, state: WalkState, catalogue: Catalogue) -> None:
    """Drop the current match. It becomes a warning, unless the person agreed to it."""
    if state.current_match is None:
        return
    if not isinstance(step.act, Question):
        state.warnings.append(_as_warning(state.current_match, catalogue))
    state.current_match = None


def _record_of(
    step: Step, branch: Branch, seen: Observation, match: CauseMatch | None
) -> StepRecord:
    return StepRecord(
        step=step.id,
        stage=step.stage,
        title=step.title,
        mark=branch.mark,
        branch=branch.label,
        observation=seen,
        matched_cause=match.cause if match else "",
        experiment=step.experiment,
    )


def _as_warning(match: CauseMatch, catalogue: Catalogue) -> str:
    cause = catalogue[match.cause]
    return finding_of(cause, match.evidence, match.evidence.facts) or cause.title


def diagnosis_of(state: WalkState, catalogue: Catalogue, clock: Clock) -> Diagnosis:
    """Return the record of the walk so far."""
    verdict = verdict_of(
        state.current_match,
        state.facts,
        catalogue,
        key_proved=any(_proves_key(record, state.facts) for record in state.records),
        warnings=(*state.warnings, *_notes(state)),
    )
    return Diagnosis(
        verdict=verdict,
        trail=tuple(state.records),
        target=state.target,
        credential=summary_of(state.credential),
        started_at=state.started_at or clock.now(),
        elapsed_ms=round((clock.steady() - state.began) * 1000, 1),
        version=state.version,
        facts={**state.facts},
    )


def _proves_key(record: StepRecord, facts: Mapping[str, Fact]) -> bool:
    """Return True if a call with the key was answered with 200, outside of experiments.

    The list of a server that gives it to anyone proves nothing; a billed request does.
    """
    seen = record.observation
    is_open = bool(facts.get("lists_without_key"))
    return (
        seen.status == 200
        and (not is_open or (seen.request is not None and seen.request.billed))
        and record.mark == "passed"
        and not record.experiment
        and seen.request is not None
        and seen.request.key_sent
    )


def _notes(state: WalkState) -> tuple[str, ...]:
    """Return what is unusual although nothing failed, as sentences without repetition."""
    notes = list(
        dict.fromkeys(note for record in state.records for note in record.observation.notes)
    )
    facts = state.facts
    skew = facts.get("clock_skew_s", 0)
    is_the_cause = state.current_match is not None and state.current_match.cause == "clock-skew"
    if isinstance(skew, (int, float)) and abs(skew) > _MAX_SKEW_S and not is_the_cause:
        direction = "ahead" if skew > 0 else "behind"
        notes.append(f"This machine's clock is {format_span(abs(skew))} {direction}.")
    if facts.get("speaker") == "gateway" and facts.get("key_may_go"):
        responder = facts.get("speaker_name", "Another server")
        notes.append(f"{responder} answers here, not OpenAI.")
    if facts.get("key_damage") == "repairable" and state.current_match is None:
        defects = facts.get("key_defects", "")
        notes.append(f"The key is malformed ({defects}), but was accepted.")
    return tuple(notes)


def aborted(diagnosis: Diagnosis, why: str) -> Diagnosis:
    """Return the same record with the verdict that the run was stopped.

    why: a sentence for the person.
    """
    return replace(
        diagnosis,
        verdict=Verdict(
            outcome="aborted",
            title="Stopped",
            explanation=why,
            untested=diagnosis.verdict.untested,
        ),
    )


def summary_of(credential: Credential | None) -> CredentialSummary | None:
    """Return what may be shown of a credential."""
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
