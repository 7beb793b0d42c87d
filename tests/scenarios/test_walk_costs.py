"""What the tree says a check sends is what the simulator receives, and no check sends too much."""

from collections import Counter
from dataclasses import replace

import pytest

from oai_tui.diagnosis.walk_costs import STATUSES, most_requests, status_table
from oai_tui.domain.decision_tree import Probe
from oai_tui.domain.diagnosis import StepRecord
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.probe_costs import PROBE_COSTS
from oai_tui.knowledge.tree import TREE
from oai_tui.services.build import demo_services
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.world import Reply
from tests.scenarios.run_scenario import (
    ScriptedAnswers,
    Walk,
    first_key,
    received_by,
    run_scenario,
    walk_of,
)

UNANSWERED = [one.id for one in SCENARIOS.values() if one.fault is not None]
"""Scenarios in which a request that is sent does not arrive."""
ANSWERED = [name for name in SCENARIOS if name not in UNANSWERED]
WITH_STATUS = [
    one.id for one in SCENARIOS.values() if one.status in STATUSES and one.id not in UNANSWERED
]


def probe_of(record: StepRecord) -> str:
    act = TREE.steps[record.step].act
    return act.name if isinstance(act, Probe) else ""


def evidence_of(walk: Walk) -> StepRecord | None:
    """Return the record of the response in which the cause was found."""
    cause = walk.diagnosis.verdict.cause
    for record in walk.diagnosis.trail:
        status = record.observation.status
        if not record.experiment and status in STATUSES and record.matched_cause == cause:
            return record
    # a test can show another cause than the response before it suggested
    answered = [each for each in walk.diagnosis.trail if each.observation.status in STATUSES]
    return next((each for each in reversed(answered) if not each.experiment), None)


def test_every_probe_has_a_cost() -> None:
    acts = [step.act for step in TREE.steps.values()]
    assert {act.name for act in acts if isinstance(act, Probe)} == set(PROBE_COSTS)


@pytest.mark.parametrize("scenario_id", ANSWERED)
async def test_probes_send_what_they_cost(scenario_id: str) -> None:
    walk = await walk_of(scenario_id)
    costs = [
        PROBE_COSTS[name]
        for each in walk.diagnosis.trail
        if (name := probe_of(each)) and each.observation.failure != "unsendable"
    ]
    fewest = sum(cost.fewest for cost in costs)
    assert fewest <= len(walk.received) <= sum(cost.most + cost.extra for cost in costs)
    billed = [each for each in walk.diagnosis.trail if probe_of(each) == "inference"]
    assert all(each.method == "GET" for each in walk.received) or billed


@pytest.mark.parametrize("scenario_id", WITH_STATUS)
async def test_table_says_what_a_walk_sends(scenario_id: str) -> None:
    walk = await walk_of(scenario_id)
    record = evidence_of(walk)
    if record is None:
        pytest.skip("the cause is found before anything is sent")
    status = record.observation.status
    assert status is not None
    table = status_table(TREE, CATALOGUE, PROBE_COSTS, status)
    rows = {row.cause: row.by_step for row in table.rows}
    cause = walk.diagnosis.verdict.cause
    assert cause in rows, (status, record.step)
    cost = rows[cause][record.step]
    assert cost.fewest <= len(walk.received) <= cost.most
    is_billed = any(each.method == "POST" for each in walk.received)
    assert cost.billed or not is_billed


@pytest.mark.parametrize("scenario_id", SCENARIOS)
async def test_no_walk_sends_the_same_request_twice(scenario_id: str) -> None:
    walk = await walk_of(scenario_id)
    sent = Counter(each.sameness for each in walk.received)
    assert [(each.method, each.path) for each in walk.received if sent[each.sameness] > 1] == []


@pytest.mark.parametrize("scenario_id", SCENARIOS)
async def test_no_walk_asks_more_than_it_must(scenario_id: str) -> None:
    """Four requests where all is well, and one more for each test that the trail shows."""
    walk = await walk_of(scenario_id)
    tests = sum(record.experiment and bool(probe_of(record)) for record in walk.diagnosis.trail)
    assert len(walk.received) <= min(4 + tests, most_requests(TREE, PROBE_COSTS))
    assert sum(each.method == "POST" for each in walk.received) <= 1


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("where", ["outage", "inference_outage"])
async def test_a_status_without_words_ends_the_walk_at_once(status: int, where: str) -> None:
    services = demo_services("all-good")
    simulator = services.environment.simulator
    assert simulator is not None
    reply = Reply(status=status, body={})
    simulator.world = (
        replace(simulator.world, outage=reply)
        if where == "outage"
        else replace(simulator.world, inference_outage=reply)
    )
    diagnosis = await run_scenario(services, *first_key(services), ScriptedAnswers())
    tests = sum(record.experiment and bool(probe_of(record)) for record in diagnosis.trail)
    received = received_by(services)
    assert len(received) == (2 if where == "outage" else 4) + tests
    assert max(Counter(each.sameness for each in received).values()) == 1
    assert diagnosis.verdict.outcome != "working"


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_causes_that_name_it(status: int) -> None:
    rows = status_table(TREE, CATALOGUE, PROBE_COSTS, status).rows
    assert rows[0].named
    for row in rows:
        for step, cost in row.by_step.items():
            assert 1 <= cost.fewest <= cost.most <= most_requests(TREE, PROBE_COSTS)
            assert cost.billed or step != "inference"
