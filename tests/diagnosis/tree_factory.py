"""Small trees, probes, people and clocks to walk with."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from oai_tui.diagnosis.walk import WalkState, walk
from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Branch, Option, Probe, Question, Stage, Step, Tree
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.events import Ended, Event
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation, Request
from oai_tui.domain.ports import Answer, Call, Probes, WalkPorts
from oai_tui.domain.target import Change, Target

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYED = Request(method="GET", url="https://api.openai.com/v1/models", key_sent=True)


@dataclass
class Ticks:
    """A clock that moves a second with every look at it."""

    at: float = 0.0

    def now(self) -> datetime:
        return NOON

    def steady(self) -> float:
        self.at += 1.0
        return self.at


@dataclass
class Scripted:
    """Probes that answer out of a table, and remember what they were given. A callable in the table is called."""

    answers: Mapping[str, Observation | Callable[[Call], Observation]]
    calls: list[tuple[str, Call]] = field(default_factory=list)

    async def run(self, name: str, call: Call) -> Observation:
        self.calls.append((name, call))
        answer = self.answers[name]
        return answer if isinstance(answer, Observation) else answer(call)


@dataclass
class Person:
    """Gives the answers in order."""

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
    probes: Probes, person: Person | None = None, save: SavedProfiles | None = None
) -> WalkPorts:
    """Return everything a walk needs from the outside."""
    return WalkPorts(
        probes=probes, ask=person or Person(), save=save or SavedProfiles(), clock=Ticks()
    )


def ok(**facts: Fact) -> Observation:
    return Observation(probe="p", request=KEYED, status=200, facts=facts)


def refused(status: int = 401, **facts: Fact) -> Observation:
    return Observation(probe="p", request=KEYED, status=status, facts=facts)


def step(name: str, *branches: Branch, probe: str = "", stage: str = "one", **more: object) -> Step:
    return Step(
        id=name,
        stage=stage,
        title=name,
        why="w",
        act=more.pop("act", Probe(name=probe or name)),
        branches=branches,
        **more,
    )  # type: ignore[arg-type]


def on(
    goto: str | None = None,
    when: When | None = None,
    *suspects: str,
    label: str = "on",
    **more: object,
) -> Branch:
    return Branch(
        when=when or When(),
        label=label,
        mark=more.pop("mark", "passed"),
        goto=goto,
        suspects=suspects,
        **more,
    )  # type: ignore[arg-type]


def fails(
    when: When | None = None, *suspects: str, label: str = "fails", goto: str | None = None
) -> Branch:
    return Branch(when=when or When(), label=label, mark="failed", suspects=suspects, goto=goto)


def tree(*steps: Step, stages: Sequence[Stage] | None = None) -> Tree:
    used = dict.fromkeys(one.stage for one in steps)
    return Tree(
        stages=tuple(stages or (Stage(id=name, title=name) for name in used)),
        steps={one.id: one for one in steps},
        start=steps[0].id,
    )


QUESTION = Question(
    id="sure", text="Sure?", options=(Option(id="yes", label="Yes"), Option(id="no", label="No"))
)
UNSET = Change(kind="unset-organization")


def cause(name: str, *signs: Symptom, **more: object) -> Cause:
    given = {
        "title": name.capitalize(),
        "meaning": f"The meaning of {name}.",
        "fixes": (Fix(text="Do it.", who="you"),),
        **more,
    }
    return Cause(id=name, family=given.pop("family", "key"), symptoms=signs, **given)  # type: ignore[arg-type]


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


def case(**more: object) -> WalkState:
    return WalkState(
        target=more.pop("target", Target()),
        credential=more.pop("credential", None),
        version="1",
        **more,
    )  # type: ignore[arg-type]


async def events(
    made: Tree,
    probes: Scripted,
    person: Person | None = None,
    start: str | None = None,
    **more: object,
) -> list[Event]:
    """All events of a walk."""
    async with aclosing(walk(made, CAUSES, case(**more), ports(probes, person), start)) as running:  # type: ignore[type-var]
        return [event async for event in running]


async def diagnosis(
    made: Tree,
    probes: Scripted,
    person: Person | None = None,
    start: str | None = None,
    **more: object,
) -> Diagnosis:
    """The diagnosis at the end of a walk."""
    last = (await events(made, probes, person, start, **more))[-1]
    assert isinstance(last, Ended)
    return last.diagnosis


def credential() -> Credential:
    from tests.probes.http_probe import credential as made

    return made()
