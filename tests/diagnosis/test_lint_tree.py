"""The lint finds every kind of planted fault, and nothing in a sound tree."""

from dataclasses import replace
from typing import TypedDict, Unpack

import pytest

from oai_tui.diagnosis.lint_tree import lint_tree
from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Probe, Stage, Step, Tree
from oai_tui.domain.observation import FailureKind
from oai_tui.domain.target import Change
from tests.diagnosis.tree_factory import UNSET_ORGANIZATION, cause, fails, on, step, tree

SOUND = {
    one.id: one
    for one in (
        cause(
            "bad",
            Symptom(when=When(status=401)),
            alternatives=(Alternative(cause="unknown", why="It may."),),
        ),
        cause("unknown"),
    )
}
FIRST = step(
    "a",
    on("b", When(status=200), label="200"),
    fails(When(status=401), "bad", "unknown", label="401"),
    on(label="rest"),
)
SECOND = step("b", on())


class TreeOptions(TypedDict, total=False):
    """Fields of a Tree to replace."""

    stages: tuple[Stage, ...]
    start: str


class FixOptions(TypedDict, total=False):
    """Fields of a Fix to replace."""

    text: str
    command: str
    url: str
    apply: Change


def _tree(
    first: Step = FIRST, second: Step = SECOND, *others: Step, **options: Unpack[TreeOptions]
) -> Tree:
    """Return the sound tree with another first or second step, further steps or fields."""
    return replace(tree(first, second, *others), **options)


def _symptom(when: When) -> dict[str, Cause]:
    """Return the sound causes, one of them with this symptom alone."""
    return {**SOUND, "bad": replace(SOUND["bad"], symptoms=(Symptom(when=when),))}


def _fix(**options: Unpack[FixOptions]) -> dict[str, Cause]:
    """Return the sound causes, one of them with this fix alone."""
    fix = replace(Fix(who="you", text="Do it."), **options)
    return {**SOUND, "bad": replace(SOUND["bad"], fixes=(fix,))}


def test_a_sound_tree_has_no_fault() -> None:
    assert lint_tree(_tree(), SOUND) == []


PLANTED: dict[str, tuple[Tree, dict[str, Cause], str]] = {
    "a step nothing leads to": (
        _tree(FIRST, SECOND, step("lost", on())),
        SOUND,
        "step lost is never reached",
    ),
    "a branch that leads nowhere": (
        _tree(second=step("b", on("gone"))),
        SOUND,
        "gone is not a step",
    ),
    "a skip that leads nowhere": (
        _tree(second=step("b", on(), skip_to="gone")),
        SOUND,
        "gone is not a step",
    ),
    "a start that is not a step": (_tree(start="gone"), SOUND, "gone is not a step"),
    "an unknown stage": (
        _tree(stages=(Stage(id="two", title="2"),)),
        SOUND,
        "step a has the unknown stage one",
    ),
    "an empty stage": (
        _tree(stages=(Stage(id="one", title="1"), Stage(id="two", title="2"))),
        SOUND,
        "stage two has no step",
    ),
    "no last branch": (
        _tree(second=step("b", on(None, When(status=200)))),
        SOUND,
        "step b has no last branch that catches all",
    ),
    "no branch": (_tree(second=step("b")), SOUND, "step b has no last branch that catches all"),
    "a branch that hides others": (
        _tree(second=step("b", on(label="all"), on(label="rest"))),
        SOUND,
        "step b: branch 0 (all) hides those after it",
    ),
    "two branches alike": (
        _tree(second=step("b", on(None, When(status=200)), on(None, When(status=200)), on())),
        SOUND,
        "step b: two branches hold for 200",
    ),
    "a failure without a suspect": (
        _tree(second=step("b", fails())),
        SOUND,
        "step b: branch fails fails and has no suspect",
    ),
    "a test that changes nothing": (
        _tree(second=step("b", on(), experiment=True)),
        SOUND,
        "step b is a test that changes nothing",
    ),
    "a suspect that is not a cause": (
        _tree(second=step("b", fails(None, "ghost"))),
        SOUND,
        "step b: ghost is not a cause",
    ),
    "a status that excludes a suspect": (
        _tree(),
        _symptom(When(status=403)),
        "step a: bad can never be found under 401 (401)",
    ),
    "a class that excludes a suspect": (
        _tree(),
        _symptom(When(status="5xx")),
        "step a: bad can never be found under 401 (401)",
    ),
    "a failure where an answer came": (
        _tree(),
        _symptom(When(failure="dns")),
        "step a: bad can never be found under 401 (401)",
    ),
    "a fact that excludes a suspect": (
        _tree(
            first=step(
                "a",
                on("b", When(status=200)),
                fails(When(fact={"speaker": "web"}), "bad", "unknown", label="page"),
                on(),
            )
        ),
        _symptom(When(fact={"speaker": "openai"})),
        "step a: bad can never be found under page (speaker = web)",
    ),
    "a cause nobody suspects": (
        _tree(),
        {**SOUND, "idle": cause("idle", Symptom(when=When(status=400)))},
        "cause idle is suspected nowhere",
    ),
    "a cause without symptoms": (
        _tree(),
        {**SOUND, "bad": replace(SOUND["bad"], symptoms=())},
        "cause bad has no symptoms",
    ),
    "an alternative that is not a cause": (
        _tree(),
        {
            **SOUND,
            "bad": replace(SOUND["bad"], alternatives=(Alternative(cause="ghost", why="x"),)),
        },
        "cause bad: its alternative ghost is not a cause",
    ),
    "an unknown fact in a branch": (
        _tree(second=step("b", on(None, When(fact={"mood": 1})), on(label="rest"))),
        SOUND,
        "step b, branch on names the unknown fact mood",
    ),
    "an unknown fact in an experiment": (
        _tree(
            second=step(
                "b",
                on(),
                act=Probe(name="p", change=Change(kind="use-model", fact="mood")),
                experiment=True,
            )
        ),
        SOUND,
        "step b names the unknown fact mood",
    ),
    "an unknown fact in a symptom": (
        _tree(),
        _symptom(When(fact={"mood": 1})),
        "cause bad names the unknown fact mood",
    ),
    "a result that a test never has": (
        _tree(
            second=step("b", on(), act=Probe(name="p", change=UNSET_ORGANIZATION), experiment=True)
        ),
        _symptom(When(fact={"b": ("on", "refused")})),
        "cause bad: the test b never has the result refused",
    ),
    "an unknown fact in a finding": (
        _tree(),
        {**SOUND, "bad": replace(SOUND["bad"], finding="{mood}")},
        "cause bad names the unknown fact mood",
    ),
    "an unknown fact in a fix's text": (
        _tree(),
        _fix(text="{mood}"),
        "cause bad names the unknown fact mood",
    ),
    "an unknown fact in a fix's command": (
        _tree(),
        _fix(command="{mood}"),
        "cause bad names the unknown fact mood",
    ),
    "an unknown fact in a fix's link": (
        _tree(),
        _fix(url="{mood}"),
        "cause bad names the unknown fact mood",
    ),
    "an unknown fact in a fix's change": (
        _tree(),
        _fix(apply=Change(kind="use-model", fact="mood")),
        "cause bad names the unknown fact mood",
    ),
}


@pytest.mark.parametrize(("faulty_tree", "causes", "fault"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(faulty_tree: Tree, causes: dict[str, Cause], fault: str) -> None:
    assert fault in lint_tree(faulty_tree, causes)


def test_a_label_of_an_experiment_is_a_fact() -> None:
    faulty_tree = _tree(
        second=step("b", on(), act=Probe(name="p", change=UNSET_ORGANIZATION), experiment=True)
    )
    assert lint_tree(faulty_tree, _symptom(When(status=401, fact={"b": "on"}))) == []


@pytest.mark.parametrize("failure", ["dns", ("dns", "refused")])
def test_a_failure_that_both_name_is_no_contradiction(
    failure: FailureKind | tuple[FailureKind, ...],
) -> None:
    faulty_tree = _tree(
        first=step(
            "a",
            on("b", When(status=200)),
            fails(When(failure=("dns", "reset")), "bad", "unknown"),
            on(),
        )
    )
    assert lint_tree(faulty_tree, _symptom(When(failure=failure))) == []
