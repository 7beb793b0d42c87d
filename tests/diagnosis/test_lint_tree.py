"""The audit finds every kind of fault when it is planted, and nothing in what is sound."""

from dataclasses import replace

import pytest

from oai_tui.diagnosis.lint_tree import lint_tree
from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Probe, Stage, Step, Tree
from oai_tui.domain.observation import FailureKind
from oai_tui.domain.target import Change
from tests.diagnosis.tree_factory import UNSET, cause, fails, on, step, tree

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


def _with(first: Step = FIRST, second: Step = SECOND, *more: Step, **changes: object) -> Tree:
    return replace(tree(first, second, *more), **changes)


def _sign(when: When) -> dict[str, Cause]:
    return {**SOUND, "bad": replace(SOUND["bad"], symptoms=(Symptom(when=when),))}


def _fix(**fix: object) -> dict[str, Cause]:
    return {
        **SOUND,
        "bad": replace(SOUND["bad"], fixes=(Fix(who="you", **{"text": "Do it.", **fix}),)),
    }  # type: ignore[arg-type]


def test_what_is_sound_has_no_fault() -> None:
    assert lint_tree(_with(), SOUND) == []


PLANTED: dict[str, tuple[Tree, dict[str, Cause], str]] = {
    "a step nothing leads to": (
        _with(FIRST, SECOND, step("lost", on())),
        SOUND,
        "step lost is never reached",
    ),
    "a way that leads nowhere": (_with(second=step("b", on("gone"))), SOUND, "gone is no step"),
    "a skip that leads nowhere": (
        _with(second=step("b", on(), skip_to="gone")),
        SOUND,
        "gone is no step",
    ),
    "a start that is no step": (_with(start="gone"), SOUND, "gone is no step"),
    "an unknown stage": (
        _with(stages=(Stage(id="two", title="2"),)),
        SOUND,
        "step a has the unknown stage one",
    ),
    "an empty stage": (
        _with(stages=(Stage(id="one", title="1"), Stage(id="two", title="2"))),
        SOUND,
        "stage two has no step",
    ),
    "no last branch": (
        _with(second=step("b", on(None, When(status=200)))),
        SOUND,
        "step b has no last branch that catches all",
    ),
    "no branch": (_with(second=step("b")), SOUND, "step b has no last branch that catches all"),
    "a branch that hides others": (
        _with(second=step("b", on(label="all"), on(label="rest"))),
        SOUND,
        "step b: branch 0 (all) hides those after it",
    ),
    "two branches alike": (
        _with(second=step("b", on(None, When(status=200)), on(None, When(status=200)), on())),
        SOUND,
        "step b: two branches hold for 200",
    ),
    "a failure that accuses nobody": (
        _with(second=step("b", fails())),
        SOUND,
        "step b: branch fails fails and accuses nobody",
    ),
    "an experiment that changes nothing": (
        _with(second=step("b", on(), experiment=True)),
        SOUND,
        "step b is an experiment that changes nothing",
    ),
    "a suspect that is no cause": (
        _with(second=step("b", fails(None, "ghost"))),
        SOUND,
        "step b: ghost is no cause",
    ),
    "a status that excludes a suspect": (
        _with(),
        _sign(When(status=403)),
        "step a: bad can never be found under 401 (401)",
    ),
    "a class that excludes a suspect": (
        _with(),
        _sign(When(status="5xx")),
        "step a: bad can never be found under 401 (401)",
    ),
    "a failure where an answer came": (
        _with(),
        _sign(When(failure="dns")),
        "step a: bad can never be found under 401 (401)",
    ),
    "a fact that excludes a suspect": (
        _with(
            first=step(
                "a",
                on("b", When(status=200)),
                fails(When(fact={"speaker": "web"}), "bad", "unknown", label="page"),
                on(),
            )
        ),
        _sign(When(fact={"speaker": "openai"})),
        "step a: bad can never be found under page (speaker = web)",
    ),
    "a cause nobody suspects": (
        _with(),
        {**SOUND, "idle": cause("idle", Symptom(when=When(status=400)))},
        "cause idle is suspected nowhere",
    ),
    "a cause without signs": (
        _with(),
        {**SOUND, "bad": replace(SOUND["bad"], symptoms=())},
        "cause bad has no signs",
    ),
    "an alternative that is no cause": (
        _with(),
        {
            **SOUND,
            "bad": replace(SOUND["bad"], alternatives=(Alternative(cause="ghost", why="x"),)),
        },
        "cause bad: its alternative ghost is no cause",
    ),
    "an unknown fact in a branch": (
        _with(second=step("b", on(None, When(fact={"mood": 1})), on(label="rest"))),
        SOUND,
        "step b, branch on speaks of the unknown fact mood",
    ),
    "an unknown fact in an experiment": (
        _with(
            second=step(
                "b",
                on(),
                act=Probe(name="p", change=Change(kind="use-model", fact="mood")),
                experiment=True,
            )
        ),
        SOUND,
        "step b speaks of the unknown fact mood",
    ),
    "an unknown fact in a sign": (
        _with(),
        _sign(When(fact={"mood": 1})),
        "cause bad speaks of the unknown fact mood",
    ),
    "an unknown fact in a finding": (
        _with(),
        {**SOUND, "bad": replace(SOUND["bad"], finding="{mood}")},
        "cause bad speaks of the unknown fact mood",
    ),
    "an unknown fact in a fix's text": (
        _with(),
        _fix(text="{mood}"),
        "cause bad speaks of the unknown fact mood",
    ),
    "an unknown fact in a fix's command": (
        _with(),
        _fix(command="{mood}"),
        "cause bad speaks of the unknown fact mood",
    ),
    "an unknown fact in a fix's link": (
        _with(),
        _fix(url="{mood}"),
        "cause bad speaks of the unknown fact mood",
    ),
    "an unknown fact in a fix's change": (
        _with(),
        _fix(apply=Change(kind="use-model", fact="mood")),
        "cause bad speaks of the unknown fact mood",
    ),
}


@pytest.mark.parametrize(("made", "causes", "fault"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(made: Tree, causes: dict[str, Cause], fault: str) -> None:
    assert fault in lint_tree(made, causes)


def test_a_label_of_an_experiment_is_a_fact() -> None:
    made = _with(second=step("b", on(), act=Probe(name="p", change=UNSET), experiment=True))
    assert lint_tree(made, _sign(When(status=401, fact={"b": "works"}))) == []


@pytest.mark.parametrize("failure", ["dns", ("dns", "refused")])
def test_a_failure_that_both_name_is_no_contradiction(
    failure: FailureKind | tuple[FailureKind, ...],
) -> None:
    made = _with(
        first=step(
            "a",
            on("b", When(status=200)),
            fails(When(failure=("dns", "reset")), "bad", "unknown"),
            on(),
        )
    )
    assert lint_tree(made, _sign(When(failure=failure))) == []
