"""Small trees and causes, and scripted probes, people and clocks, for walks in tests."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from oai_tui.diagnosis.walk import WalkState, walk
from oai_tui.domain.cause import Alternative, Cause, Family, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import (
    Branch,
    Mark,
    Option,
    Probe,
    Question,
    Save,
    Stage,
    Step,
    Tree,
)
from oai_tui.domain.diagnosis import Diagnosis, StepRecord
from oai_tui.domain.events import Ended, Event
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation, Request
from oai_tui.domain.ports import Answer, Call, Probes, WalkPorts
from oai_tui.domain.target import Change, Target

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
REQUEST_WITH_KEY = Request(method="GET", url="https://api.openai.com/v1/models", key_sent=True)


@dataclass
class TickingClock:
    """A clock that advances by a second with every reading."""

    at: float = 0.0

    def now(self) -> datetime:
        return NOON

    def steady(self) -> float:
        self.at += 1.0
        return self.at


@dataclass
class ScriptedProbes:
    """Probes that return an observation by name, or call a function for it, and record calls."""

    answers: Mapping[str, Observation | Callable[[Call], Observation]]
    calls: list[tuple[str, Call]] = field(default_factory=list)

    async def run(self, name: str, call: Call) -> Observation:
        self.calls.append((name, call))
        answer = self.answers[name]
        return answer if isinstance(answer, Observation) else answer(call)


@dataclass
class ScriptedPerson:
    """A person who gives the answers in order, and records the questions."""

    answers: Sequence[Answer] = ()
    asked: list[tuple[str, Mapping[str, Fact]]] = field(default_factory=list)

    async def __call__(self, question: Question, facts: Mapping[str, Fact]) -> Answer:
        self.asked.append((question.id, facts))
        return self.answers[len(self.asked) - 1]


@dataclass
class SavedProfiles:
    """Saves nothing, and remembers what it was given."""

    saved: list[tuple[str, Diagnosis]] = field(default_factory=list)

    async def __call__(
        self, name: str, diagnosis: Diagnosis, credential: Credential
    ) -> Observation:
        self.saved.append((name, diagnosis))
        return Observation(probe="save", facts={"keyring": "works"})


def ports(
    probes: Probes, person: ScriptedPerson | None = None, save: SavedProfiles | None = None
) -> WalkPorts:
    """Return everything a walk needs from the outside."""
    return WalkPorts(
        probes=probes,
        ask=person or ScriptedPerson(),
        save=save or SavedProfiles(),
        clock=TickingClock(),
    )


def ok(**facts: Fact) -> Observation:
    """Return a 200 to a call with the key."""
    return Observation(probe="p", request=REQUEST_WITH_KEY, status=200, facts=facts)


def refused(status: int = 401, **facts: Fact) -> Observation:
    """Return a refusal of a call with the key."""
    return Observation(probe="p", request=REQUEST_WITH_KEY, status=status, facts=facts)


class StepOptions(TypedDict, total=False):
    """Fields of a Step that have defaults here."""

    stage: str
    experiment: bool
    skip_to: str | None
    healthy_only: bool


def step(
    name: str,
    *branches: Branch,
    probe: str = "",
    act: Probe | Question | Save | None = None,
    **options: Unpack[StepOptions],
) -> Step:
    """Return a step with its name as id; it runs the probe of the same name by default."""
    fields: StepOptions = {"stage": "one", **options}
    return Step(
        id=name,
        title=name,
        why="w",
        act=act or Probe(name=probe or name),
        branches=branches,
        **fields,
    )


def on(
    goto: str | None = None,
    when: When | None = None,
    *suspects: str,
    label: str = "on",
    mark: Mark = "passed",
    clears: bool = False,
) -> Branch:
    """Return a branch that goes on to a step, or ends the walk; it catches all by default."""
    return Branch(
        when=when or When(),
        label=label,
        mark=mark,
        goto=goto,
        suspects=suspects,
        clears=clears,
    )


def fails(
    when: When | None = None, *suspects: str, label: str = "fails", goto: str | None = None
) -> Branch:
    """Return a branch that fails; it catches all by default."""
    return on(goto, when, *suspects, label=label, mark="failed")


def tree(*steps: Step, stages: Sequence[Stage] | None = None) -> Tree:
    """Return a tree that starts with the first step; the stages are those of the steps."""
    used = dict.fromkeys(one.stage for one in steps)
    return Tree(
        stages=tuple(stages or (Stage(id=name, title=name) for name in used)),
        steps={one.id: one for one in steps},
        start=steps[0].id,
    )


QUESTION = Question(
    id="sure", text="Sure?", options=(Option(id="yes", label="Yes"), Option(id="no", label="No"))
)
SERVER_QUESTION = Question(
    id="server",
    text="This server?",
    options=(
        Option(id="no", label="No"),
        Option(id="yes", label="Yes", agrees_to_server=True),
    ),
)
UNSET_ORGANIZATION = Change(kind="unset-organization")


class CauseOptions(TypedDict, total=False):
    """Fields of a Cause that have defaults here."""

    family: Family
    finding: str
    alternatives: tuple[Alternative, ...]
    retry_helps: bool


def cause(name: str, *symptoms: Symptom, **options: Unpack[CauseOptions]) -> Cause:
    """Return a cause with its name as id, of the family `key` by default."""
    fields: CauseOptions = {"family": "key", **options}
    return Cause(
        id=name,
        symptoms=symptoms,
        title=name.capitalize(),
        meaning=f"The meaning of {name}.",
        fixes=(Fix(text="Do it.", who="you"),),
        **fields,
    )


CAUSES = {
    one.id: one
    for one in (
        cause("bad-key", Symptom(when=When(status=401))),
        cause(
            "no-scope",
            Symptom(when=When(status=403), confidence="likely"),
            alternatives=(Alternative(cause="bad-key", why="It may."),),
            finding="It lacks {missing_scopes}.",
        ),
        cause(
            "settled",
            Symptom(when=When(fact={"again": "works"})),
            Symptom(when=When(status=401, fact={"again": "same"}), confidence="possible"),
        ),
        cause("busy", Symptom(when=When(status=429)), retry_helps=True, family="rate-limits"),
        cause("crash", Symptom(when=When(failure="crashed"))),
        cause("late", Symptom(when=When(failure="read-timeout"))),
        cause("unknown"),
    )
}


class StateOptions(TypedDict, total=False):
    """Fields of a WalkState that have defaults here."""

    target: Target
    credential: Credential | None
    only: frozenset[str]
    ends_at: float | None
    facts: dict[str, Fact]
    records: list[StepRecord]


def walk_state(**options: Unpack[StateOptions]) -> WalkState:
    """Return the state before a walk, without a key by default."""
    fields: StateOptions = {"target": Target(), "credential": None, **options}
    return WalkState(version="1", **fields)


async def events(
    small_tree: Tree,
    probes: ScriptedProbes,
    person: ScriptedPerson | None = None,
    start: str | None = None,
    **options: Unpack[StateOptions],
) -> list[Event]:
    """Return all events of a walk."""
    state = walk_state(**options)
    async with aclosing(walk(small_tree, CAUSES, state, ports(probes, person), start)) as running:
        return [event async for event in running]


async def diagnosis(
    small_tree: Tree,
    probes: ScriptedProbes,
    person: ScriptedPerson | None = None,
    start: str | None = None,
    **options: Unpack[StateOptions],
) -> Diagnosis:
    """Return the diagnosis at the end of a walk."""
    last = (await events(small_tree, probes, person, start, **options))[-1]
    assert isinstance(last, Ended)
    return last.diagnosis
