"""The countdown to an automatic check: when it starts, stops, and what it never does."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from textual.app import App, ComposeResult

from oai_tui.domain.decision_tree import Probe, Question
from oai_tui.domain.diagnosis import Retry, Verdict
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.change_delays import CHANGE_DELAYS
from oai_tui.knowledge.tree import TREE
from oai_tui.tui.app import OaiTui
from oai_tui.tui.recheck_plan import BILLED_STAGE, MAX_WAIT_S, RecheckPlan, recheck_plan
from oai_tui.tui.screens.dialogs import QuestionScreen
from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.widgets.recheck_line import RecheckLine
from tests.tui.demo_steps import slow_machine_demo
from tests.tui.fake_services import FakeServices, as_services
from tests.tui.fakes import NOW, credential
from tests.tui.pilot_steps import press, settle, walk_paused
from tests.tui.scripted_walk import ScriptedApi

LIMITED = Verdict(
    outcome="problem",
    cause="rate-limit-requests",
    family="rate-limits",
    retry=Retry(helps=True, after_s=20),
)


@dataclass
class Clock:
    """A clock that the test moves."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


# -- the plan


def test_a_wait_that_the_response_names_starts_by_itself() -> None:
    assert recheck_plan(LIMITED, "key") == RecheckPlan(interval_s=20, tries=10, starts_itself=True)


def test_parts_of_a_second_are_rounded_up() -> None:
    verdict = replace(LIMITED, retry=Retry(helps=True, after_s=0.12))
    assert recheck_plan(verdict, "key") == RecheckPlan(interval_s=1, starts_itself=True)


@pytest.mark.parametrize("after_s", [MAX_WAIT_S + 1, float("inf"), float("nan")])
def test_a_long_wait_is_not_counted_down(after_s: float) -> None:
    assert recheck_plan(replace(LIMITED, retry=Retry(helps=True, after_s=after_s)), "key") is None


def test_an_outage_is_checked_again_only_if_the_user_wants_it() -> None:
    verdict = Verdict(
        outcome="problem", cause="service-error", family="service", retry=Retry(helps=True)
    )
    plan = recheck_plan(verdict, "key")
    assert plan is not None
    assert not plan.starts_itself


def test_a_change_that_takes_minutes_starts_only_by_the_user_and_is_bounded() -> None:
    for cause in CHANGE_DELAYS:
        plan = recheck_plan(Verdict(outcome="problem", cause=cause), "key")
        assert plan is not None
        assert not plan.starts_itself
        assert 1 < plan.tries <= 15
        assert plan.interval_s >= 30


def test_every_cause_with_a_delay_is_in_the_catalogue() -> None:
    assert set(CHANGE_DELAYS) <= set(CATALOGUE)


@pytest.mark.parametrize(
    "verdict", [Verdict(outcome="working"), Verdict(outcome="problem", cause="key-invalid")]
)
def test_where_waiting_changes_nothing_there_is_no_plan(verdict: Verdict) -> None:
    assert recheck_plan(verdict, "key") is None


def test_a_billed_step_is_tried_once_and_asks_first() -> None:
    for verdict in (LIMITED, Verdict(outcome="problem", cause="quota-exhausted")):
        plan = recheck_plan(verdict, BILLED_STAGE)
        assert plan is not None
        assert (plan.tries, plan.asks_first) == (1, True)


def test_the_billed_stage_starts_with_a_question_and_nothing_else_sends_a_billed_request() -> None:
    assert isinstance(TREE.steps[TREE.first_of(BILLED_STAGE)].act, Question)
    billed = [
        step.stage
        for step in TREE.steps.values()
        if isinstance(step.act, Probe) and step.act.name == "inference"
    ]
    assert set(billed) == {BILLED_STAGE}


# -- the line


class LineApp(App[None]):
    """A recheck line alone, and how many checks it asked for."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.may_check = True
        self.due = 0
        self.line = RecheckLine(clock, lambda: self.may_check)

    def compose(self) -> ComposeResult:
        yield self.line

    def on_recheck_line_due(self) -> None:
        self.due += 1


PLAN = RecheckPlan(interval_s=20, tries=2, starts_itself=True)


async def test_it_counts_down_and_asks_for_a_check_at_the_end() -> None:
    clock = Clock()
    app = LineApp(clock)
    async with app.run_test() as pilot:
        app.line.offer(PLAN, "slow-down")
        assert app.line.text == "Next check in 20 s (1 of 2). Press w to stop."
        clock.move(5)
        app.line.tick()
        assert app.line.text == "Next check in 15 s (1 of 2). Press w to stop."
        clock.move(15)
        app.line.tick()
        await pilot.pause()
        assert (app.due, app.line.state) == (1, "checking")


async def test_it_goes_on_with_the_same_cause_and_ends_after_its_tries() -> None:
    clock = Clock()
    app = LineApp(clock)
    async with app.run_test() as pilot:
        app.line.offer(PLAN, "slow-down")
        for _ in range(2):
            clock.move(20)
            app.line.tick()
            app.line.offer(PLAN, "slow-down")
        await pilot.pause()
        assert (app.due, app.line.state) == (2, "finished")
        assert app.line.text.startswith("Checked 2 times: no change yet.")
        app.line.toggle()
        assert app.line.state == "counting"


async def test_another_cause_starts_over_and_a_good_verdict_ends_it() -> None:
    app = LineApp(clock := Clock())
    async with app.run_test():
        app.line.offer(PLAN, "slow-down")
        clock.move(20)
        app.line.tick()
        app.line.offer(replace(PLAN, starts_itself=False), "quota-exhausted")
        assert app.line.state == "offered"
        app.line.offer(None, None)
        assert (app.line.state, app.line.text, app.line.has_class("-none")) == ("none", "", True)


async def test_it_is_stopped_and_started_by_the_same_key() -> None:
    app = LineApp(clock := Clock())
    async with app.run_test() as pilot:
        app.line.offer(PLAN, "slow-down")
        app.line.toggle()
        clock.move(60)
        app.line.tick()
        await pilot.pause()
        assert (app.due, app.line.state) == (0, "stopped")
        app.line.toggle()
        assert "in 20 s" in app.line.text


async def test_it_waits_while_the_user_reads_something_that_a_check_would_replace() -> None:
    app = LineApp(clock := Clock())
    async with app.run_test() as pilot:
        app.line.offer(PLAN, "slow-down")
        app.may_check = False
        clock.move(25)
        app.line.tick()
        assert app.line.text.startswith("Ready to check again")
        app.may_check = True
        app.line.tick()
        await pilot.pause()
        assert app.due == 1


async def test_a_clock_that_is_set_back_does_not_lengthen_the_wait() -> None:
    app = LineApp(clock := Clock())
    async with app.run_test():
        app.line.offer(PLAN, "slow-down")
        clock.move(-3600)
        app.line.tick()
        assert "in 20 s" in app.line.text


async def test_a_check_by_the_user_ends_the_countdown() -> None:
    app = LineApp(Clock())
    async with app.run_test():
        app.line.offer(PLAN, "slow-down")
        app.line.check_started()
        assert app.line.state == "none"


async def test_no_timer_runs_unless_it_counts() -> None:
    app = LineApp(Clock())
    async with app.run_test():
        app.line.offer(PLAN, "slow-down")
        assert app.line._timer is not None
        app.line.toggle()
        assert app.line._timer is None


# -- on the check screen


async def test_the_check_runs_again_when_it_is_due_and_not_before() -> None:
    services = FakeServices(credential(), api=ScriptedApi(accepts_key=False))
    clock = Clock()
    app = OaiTui(as_services(services), now=clock)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        screen = app.screen
        assert isinstance(screen, WalkScreen)
        line = screen.query_one(RecheckLine)
        assert line.state == "none"
        line.offer(PLAN, "key-invalid")
        await settle(pilot)
        line.tick()
        await settle(pilot)
        assert len(services.walks) == 1
        clock.move(20)
        await press(pilot, "e")
        line.tick()
        await settle(pilot)
        assert len(services.walks) == 1
        await press(pilot, "e")
        line.tick()
        await settle(pilot)
        assert [start for start, _ in services.walks] == [None, "key"]


async def test_w_stops_the_countdown() -> None:
    services = FakeServices(credential(), api=ScriptedApi(accepts_key=False))
    clock = Clock()
    app = OaiTui(as_services(services), now=clock)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        line = app.screen.query_one(RecheckLine)
        line.offer(PLAN, "key-invalid")
        await press(pilot, "w")
        assert line.state == "stopped"


async def test_the_countdown_meets_a_change_that_takes_effect_by_itself() -> None:
    clock = Clock()
    services = slow_machine_demo("ip-not-allowed-just-changed")
    app = OaiTui(services, now=clock, quiet_s=0)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        check = app.screen
        assert isinstance(check, WalkScreen)
        line = check.query_one(RecheckLine)
        assert "up to 15 minutes" in line.text
        await press(pilot, "w")
        states = []
        for _ in range(3):
            clock.move(60)
            line.tick()
            await settle(pilot)
            await walk_paused(pilot)
            states.append(line.state)
        assert states[:2] == ["counting", "counting"]
        assert isinstance(app.screen, QuestionScreen)
