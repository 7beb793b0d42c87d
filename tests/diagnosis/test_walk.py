"""The walk: events in order, evidence, causes selected and cleared, experiments, and limits.

No probe can stop it.
"""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from oai_tui.diagnosis.walk import MAX_STEPS, WalkState, aborted, walk
from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Probe, Save, Stage
from oai_tui.domain.diagnosis import Diagnosis, StepRecord
from oai_tui.domain.events import Decided, Ended, Observed, QuestionAsked, StepStarted
from oai_tui.domain.facts import CARRIED_FACTS, EXPERIMENT_FACTS, FACTS
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Answer, Call
from oai_tui.domain.target import Change, Target
from tests.diagnosis.tree_factory import (
    CAUSES,
    QUESTION,
    SERVER_QUESTION,
    UNSET_ORGANIZATION,
    SavedProfiles,
    ScriptedPerson,
    ScriptedProbes,
    diagnosis,
    events,
    fails,
    ok,
    on,
    ports,
    refused,
    step,
    tree,
    walk_state,
)
from tests.domain.keys.fake_keys import PROJECT_KEY, leaks
from tests.probes.http_probe import credential

TWO = tree(step("a", on("b")), step("b", on()))


async def test_events_come_in_order_and_end_with_the_end() -> None:
    seen = await events(TWO, ScriptedProbes({"a": ok(), "b": ok()}))
    assert [type(event) for event in seen] == [
        StepStarted,
        Observed,
        Decided,
        StepStarted,
        Observed,
        Decided,
        Ended,
    ]


async def test_a_question_is_asked_between_start_and_observation() -> None:
    seen = await events(
        tree(step("q", on(), act=QUESTION)),
        ScriptedProbes({}),
        ScriptedPerson([Answer(option="yes")]),
    )
    assert [type(event) for event in seen] == [StepStarted, QuestionAsked, Observed, Decided, Ended]


async def test_an_answer_picks_the_branch_and_keeps_what_was_typed() -> None:
    typed = replace(QUESTION, text_fact="profile_name")
    small_tree = tree(
        step("q", on("a", When(answer="yes"), label="yes"), on(label="no"), act=typed),
        step("a", on()),
    )
    done = await diagnosis(
        small_tree, ScriptedProbes({"a": ok()}), ScriptedPerson([Answer(option="yes", text="work")])
    )
    assert [record.branch for record in done.trail] == ["yes", "on"]
    assert done.facts["profile_name"] == "work"


async def test_a_question_comes_with_all_facts() -> None:
    person = ScriptedPerson([Answer(option="no")])
    await events(
        tree(step("a", on("q")), step("q", on(), act=QUESTION)),
        ScriptedProbes({"a": ok(models_listed=3)}),
        person,
    )
    assert person.asked == [("sure", {"models_listed": 3})]


async def test_facts_gather_and_the_later_wins() -> None:
    probes = ScriptedProbes({"a": ok(x=1, y=1), "b": ok(y=2)})
    done = await diagnosis(TWO, probes)
    assert done.facts == {"x": 1, "y": 2}
    assert probes.calls[1][1].facts == {"x": 1, "y": 1}


@pytest.mark.parametrize(
    "error", [ValueError(PROJECT_KEY), KeyError(PROJECT_KEY), RuntimeError(f"Bearer {PROJECT_KEY}")]
)
async def test_a_probe_that_raises_is_an_observation_without_its_text(error: Exception) -> None:
    def crash(_: Call) -> Observation:
        raise error

    done = await diagnosis(
        tree(step("a", on("b", When(status=200)), fails(None, "crash", "unknown"))),
        ScriptedProbes({"a": crash}),
    )
    assert (done.verdict.cause, done.trail[0].observation.failure) == ("crash", "crashed")
    assert not leaks(PROJECT_KEY, repr(done))


async def test_a_probe_that_crashes_does_not_end_the_walk() -> None:
    def crash(_: Call) -> Observation:
        raise OSError("disk")

    done = await diagnosis(
        tree(step("a", on("b", When(status=200)), on("b", mark="warning")), step("b", on())),
        ScriptedProbes({"a": crash, "b": ok()}),
    )
    assert [record.step for record in done.trail] == ["a", "b"]


async def test_an_unknown_probe_is_a_crash_of_ours() -> None:
    done = await diagnosis(
        tree(step("a", fails(None, "crash", "unknown"), probe="nobody")), ScriptedProbes({})
    )
    assert done.verdict.cause == "crash"


async def test_cancelling_is_no_observation() -> None:
    def cancel(_: Call) -> Observation:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await events(tree(step("a", on())), ScriptedProbes({"a": cancel}))


async def test_a_cause_where_the_walk_ends_is_the_verdict() -> None:
    done = await diagnosis(
        tree(step("a", on("b", When(status=200)), fails(None, "bad-key")), step("b", on())),
        ScriptedProbes({"a": refused()}),
    )
    assert (done.verdict.outcome, done.verdict.cause, done.trail[-1].matched_cause) == (
        "problem",
        "bad-key",
        "bad-key",
    )


WITH_CLEARING = tree(
    step("a", on("b", None, "no-scope", mark="warning")),
    step("b", on("c", When(status=200), clears=True), fails(None, "bad-key")),
    step("c", on(), healthy_only=True),
)


async def test_a_selected_cause_stays_when_nothing_clears_it() -> None:
    done = await diagnosis(
        tree(step("a", on("b", None, "no-scope")), step("b", on())),
        ScriptedProbes({"a": refused(403, missing_scopes="api.model.read"), "b": ok()}),
    )
    assert (done.verdict.cause, done.verdict.explanation) == (
        "no-scope",
        "It lacks api.model.read.",
    )


async def test_a_cleared_cause_becomes_a_warning() -> None:
    done = await diagnosis(
        WITH_CLEARING,
        ScriptedProbes({"a": refused(403, missing_scopes="api.model.read"), "b": ok(), "c": ok()}),
    )
    assert (done.verdict.outcome, done.verdict.warnings) == (
        "working",
        ("It lacks api.model.read.",),
    )
    assert done.is_healthy


async def test_a_later_cause_replaces_an_earlier_one() -> None:
    done = await diagnosis(WITH_CLEARING, ScriptedProbes({"a": refused(403), "b": refused(401)}))
    assert done.verdict.cause == "bad-key"


async def test_a_step_for_the_healthy_is_not_reached_with_a_cause() -> None:
    small_tree = tree(step("a", on("c", None, "no-scope")), step("c", on(), healthy_only=True))
    probes = ScriptedProbes({"a": refused(403), "c": ok()})
    await events(small_tree, probes)
    assert [name for name, _ in probes.calls] == ["a"]


async def test_a_decision_has_the_current_cause() -> None:
    seen = [
        event
        for event in await events(
            WITH_CLEARING, ScriptedProbes({"a": refused(403), "b": ok(), "c": ok()})
        )
        if isinstance(event, Decided)
    ]
    assert [event.current_match.cause if event.current_match else None for event in seen] == [
        "no-scope",
        None,
        None,
    ]


EXPERIMENT = tree(
    step("a", on(None, When(status=200)), fails(None, "bad-key", goto="again")),
    step(
        "again",
        on(None, When(status=200), "settled", label="works"),
        fails(None, "settled", "bad-key", label="same"),
        act=Probe(name="a", change=UNSET_ORGANIZATION),
        experiment=True,
    ),
)


def _without_organization(call: Call) -> Observation:
    return ok(from_experiment=True) if call.target.organization is None else refused(401, seen=1)


async def test_an_experiment_changes_one_thing_and_nothing_of_the_state() -> None:
    probes = ScriptedProbes({"a": _without_organization})
    done = await diagnosis(
        EXPERIMENT, probes, target=Target(organization="org-fake1", project="proj_fake1")
    )
    assert [(call.target.organization, call.target.project) for _, call in probes.calls] == [
        ("org-fake1", "proj_fake1"),
        (None, "proj_fake1"),
    ]
    assert done.target.organization == "org-fake1"


async def test_an_experiment_selects_by_the_earlier_evidence_and_its_own_label() -> None:
    done = await diagnosis(
        EXPERIMENT,
        ScriptedProbes({"a": _without_organization}),
        target=Target(organization="org-fake1"),
    )
    assert (done.verdict.cause, done.verdict.confidence) == ("settled", "certain")
    assert "from_experiment" not in done.facts
    assert done.facts["again"] == "works"


async def test_an_experiment_that_fails_alike_leaves_the_first_refusal_as_evidence() -> None:
    done = await diagnosis(
        EXPERIMENT,
        ScriptedProbes(
            {"a": lambda call: refused(401) if call.target.organization else refused(500)}
        ),
        target=Target(organization="org-fake1"),
    )
    assert (done.verdict.cause, done.verdict.confidence) == ("settled", "possible")


async def test_a_good_experiment_is_no_proof_of_health() -> None:
    small_tree = tree(
        step("a", on("again", mark="warning")),
        step("again", on(), act=Probe(name="a", change=UNSET_ORGANIZATION), experiment=True),
    )
    done = await diagnosis(small_tree, ScriptedProbes({"a": ok()}))
    assert done.verdict.untested[0] == "key"


async def test_the_started_step_shows_the_changed_target() -> None:
    seen = [
        event
        for event in await events(
            EXPERIMENT,
            ScriptedProbes({"a": _without_organization}),
            target=Target(organization="org-fake1"),
        )
        if isinstance(event, StepStarted)
    ]
    assert [event.target.organization for event in seen] == ["org-fake1", None]


def _secret(call: Call) -> Secret:
    assert call.credential is not None
    return call.credential.secret


async def test_a_cleaned_key_is_tried_in_the_experiment_alone() -> None:
    probes = ScriptedProbes({"a": lambda call: ok() if _secret(call).sendable else refused(401)})
    small_tree = tree(
        step("a", on(None, When(status=200)), fails(None, "bad-key", goto="again")),
        step(
            "again",
            on(None, None, "settled", label="works"),
            act=Probe(name="a", change=Change(kind="use-cleaned-key")),
            experiment=True,
        ),
    )
    await events(small_tree, probes, credential=credential(PROJECT_KEY + "\n"))
    assert [_secret(call) == Secret(PROJECT_KEY) for _, call in probes.calls] == [
        False,
        True,
    ]


async def test_facts_of_earlier_steps_are_evidence_if_they_are_carried() -> None:
    assert {*CARRIED_FACTS, *EXPERIMENT_FACTS} <= set(FACTS)
    small_tree = tree(step("a", on("b")), step("b", fails(None, "bad-key")))
    probes = ScriptedProbes({"a": ok(key_role="admin", models_listed=3), "b": refused(limit=1)})
    decided = [event for event in await events(small_tree, probes) if isinstance(event, Decided)]
    match = decided[-1].current_match
    assert match is not None
    assert match.evidence.facts == {"key_role": "admin", "limit": 1}


async def test_an_experiment_adds_its_label_and_few_of_its_facts() -> None:
    small_tree = tree(
        step("a", on("again")),
        step(
            "again",
            on(label="works"),
            act=Probe(name="x", change=UNSET_ORGANIZATION),
            experiment=True,
        ),
    )
    probes = ScriptedProbes({"a": ok(), "x": ok(other_keys=2, key_role="admin")})
    done = await diagnosis(small_tree, probes)
    assert done.facts == {"again": "works", "other_keys": 2}


async def test_a_yes_to_another_server_is_remembered_for_this_walk() -> None:
    small_tree = tree(
        step("a", on("q", None, "bad-key")),
        step(
            "q",
            on("b", When(answer="yes"), clears=True),
            fails(None, "bad-key"),
            act=SERVER_QUESTION,
            experiment=True,
        ),
        step("b", on()),
    )
    probes = ScriptedProbes({"a": refused(), "b": ok()})
    done = await diagnosis(small_tree, probes, ScriptedPerson([Answer(option="yes")]))
    assert (probes.calls[1][1].target.agreed, done.verdict.warnings) == (True, ())
    assert (done.facts["key_may_go"], done.facts["endpoint"]) == (True, "agreed")


async def test_another_answer_lets_the_key_go_nowhere() -> None:
    small_tree = tree(step("q", on("a"), act=SERVER_QUESTION), step("a", on()))
    probes = ScriptedProbes({"a": ok()})
    done = await diagnosis(small_tree, probes, ScriptedPerson([Answer(option="no")]))
    assert (done.target.agreed, done.facts) == (False, {})


STAGES = (
    Stage(id="one", title="1"),
    Stage(id="two", title="2", needs=("one",)),
    Stage(id="three", title="3"),
    Stage(id="four", title="4", needs=("one",)),
)
STAGED = tree(
    step("a", on("b")),
    step("b", on("c"), stage="two", skip_to="c"),
    step("c", on("d"), stage="three", skip_to="d"),
    step("d", on(), stage="four"),
    stages=STAGES,
)


@pytest.mark.parametrize(
    ("only", "walked"),
    [
        ((), "abcd"),
        (("one",), "a"),
        (("two",), "ab"),
        (("four",), "ad"),
        (("three",), ""),
        (("one", "three"), "ac"),
        (("two", "four"), "abd"),
    ],
)
async def test_only_what_was_asked_for_and_what_it_needs_is_walked(
    only: tuple[str, ...], walked: str
) -> None:
    done = await diagnosis(
        STAGED, ScriptedProbes({name: ok() for name in "abcd"}), only=frozenset(only)
    )
    assert "".join(record.step for record in done.trail) == walked


async def test_a_walk_begins_at_the_given_step() -> None:
    done = await diagnosis(STAGED, ScriptedProbes({name: ok() for name in "abcd"}), start="c")
    assert "".join(record.step for record in done.trail) == "cd"


async def test_the_earlier_trail_is_kept() -> None:
    before = StepRecord(
        step="a", stage="one", title="a", mark="passed", branch="on", observation=ok()
    )
    done = await diagnosis(TWO, ScriptedProbes({"b": ok()}), start="b", records=[before])
    assert [record.step for record in done.trail] == ["a", "b"]


async def test_a_tree_that_goes_in_circles_ends() -> None:
    done = await diagnosis(
        tree(step("a", on("b")), step("b", on("a"))), ScriptedProbes({"a": ok(), "b": ok()})
    )
    assert len(done.trail) == MAX_STEPS


@pytest.mark.parametrize(
    ("ends_at", "limit"), [(None, 10.0), (100.0, 10.0), (6.0, 4.0), (0.5, 0.05)]
)
async def test_a_probe_gets_its_time_limit(ends_at: float | None, limit: float) -> None:
    probes = ScriptedProbes({"a": ok()})
    await events(tree(step("a", on())), probes, ends_at=ends_at)
    assert probes.calls[0][1].limit_s == pytest.approx(limit)


async def test_a_probe_that_ignores_its_limit_is_abandoned() -> None:
    class Stuck:
        async def run(self, name: str, call: Call) -> Observation:
            await asyncio.Event().wait()
            raise AssertionError

    small_tree = tree(step("a", fails(None, "late", "unknown")))
    async with (
        asyncio.timeout(5),
        aclosing(walk(small_tree, CAUSES, walk_state(ends_at=0.0), ports(Stuck()))) as running,
    ):
        seen = [event async for event in running]
    assert isinstance(seen[-1], Ended)
    assert seen[-1].diagnosis.verdict.cause == "late"


async def test_a_walk_can_be_closed_in_the_middle() -> None:
    probes = ScriptedProbes({"a": ok(), "b": ok()})
    async with aclosing(walk(TWO, CAUSES, walk_state(), ports(probes))) as running:
        async for event in running:
            if isinstance(event, Decided):
                break
    assert [name for name, _ in probes.calls] == ["a"]


async def test_the_record_is_complete() -> None:
    done = await diagnosis(TWO, ScriptedProbes({"a": ok(), "b": ok()}), credential=credential())
    assert (done.version, done.started_at.isoformat()) == ("1", "2026-11-23T12:00:00+00:00")
    assert done.elapsed_ms == 1000 * 1
    assert done.credential is not None
    assert done.credential.hint.endswith("bbbb")
    assert not leaks(PROJECT_KEY, repr(done))


SAVING = tree(step("a", on("save")), step("save", on(), act=Save(name_fact="name")))


async def _saved(state: WalkState) -> tuple[Diagnosis, SavedProfiles]:
    """Return the diagnosis of a walk over SAVING, and what it saved."""
    save = SavedProfiles()
    walking = walk(SAVING, CAUSES, state, ports(ScriptedProbes({"a": ok()}), save=save))
    async with aclosing(walking) as running:
        seen = [event async for event in running]
    assert isinstance(seen[-1], Ended)
    return seen[-1].diagnosis, save


async def test_the_diagnosis_so_far_is_saved_under_the_name_that_was_given() -> None:
    done, save = await _saved(walk_state(credential=credential(), facts={"name": "work"}))
    assert done.facts["keyring"] == "works"
    assert [(name, [one.step for one in found.trail]) for name, found in save.saved] == [
        ("work", ["a"])
    ]


async def test_without_a_key_nothing_is_saved() -> None:
    done, save = await _saved(walk_state())
    assert done.trail[-1].observation.failure == "crashed"
    assert save.saved == []


@pytest.mark.parametrize(
    ("skew", "words"),
    [
        (0, ()),
        (299, ()),
        (400, ("This machine's clock is 7 minutes ahead.",)),
        (-400, ("This machine's clock is 7 minutes behind.",)),
    ],
)
async def test_a_wrong_clock_is_a_warning(skew: int, words: tuple[str, ...]) -> None:
    done = await diagnosis(TWO, ScriptedProbes({"a": ok(clock_skew_s=skew), "b": ok()}))
    assert done.verdict.warnings == words


async def test_an_aborted_walk_says_so_and_keeps_its_trail() -> None:
    done = aborted(await diagnosis(TWO, ScriptedProbes({"a": ok(), "b": ok()})), "You stopped it.")
    assert (done.verdict.outcome, done.verdict.explanation, len(done.trail)) == (
        "aborted",
        "You stopped it.",
        2,
    )
    assert not done.is_healthy
