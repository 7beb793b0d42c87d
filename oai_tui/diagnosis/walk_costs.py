"""How many requests a walk sends until a cause is found for a status, read from the tree. Pure.

Nothing here is written by hand: the numbers are sums over the paths of the tree, of what its
probes cost.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oai_tui.diagnosis.condition_overlap import can_both_match
from oai_tui.domain.cause import Catalogue, Cause
from oai_tui.domain.condition import When, as_tuple
from oai_tui.domain.decision_tree import Branch, Probe, Step, Tree
from oai_tui.domain.request_cost import RequestCost

STATUSES = (400, 401, 402, 403, 404, 429, 500, 503)
"""The statuses for which people look for a cause."""
Costs = Mapping[str, RequestCost]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkCost:
    """The requests of whole walks. billed: one of them may be billed, after a yes."""

    fewest: int
    most: int
    billed: bool

    def __str__(self) -> str:
        number = f"{self.fewest}" if self.fewest == self.most else f"{self.fewest}-{self.most}"
        return f"{number} $" if self.billed else number


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRow:
    """A cause that a status can have.

    named: a branch, a symptom or the cause's description names this very status. Otherwise only
    the code or the words of the error can show the cause.
    by_step: the requests of the walks that see the status at this step, by the id of the step.
    """

    cause: str
    named: bool
    by_step: Mapping[str, WalkCost]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTable:
    """The causes of one status: first those that name it, in the order in which walks meet them.

    most: the requests of the longest walk of all.
    """

    status: int
    rows: tuple[CauseRow, ...]
    most: int

    @property
    def steps(self) -> tuple[str, ...]:
        """The ids of the steps that can see the status, in the order of the walk."""
        return tuple(dict.fromkeys(step for row in self.rows for step in row.by_step))


def status_table(tree: Tree, catalogue: Catalogue, costs: Costs, status: int) -> StatusTable:
    """Return the causes that the tree can find for a status, with the requests of each walk.

    A cause belongs to a status if a branch or a symptom names the status or its class; where both
    know a code or words only, nothing says that they come with this status.
    """
    found: dict[str, dict[str, WalkCost]] = {}
    conditions: dict[str, list[When]] = {}
    for step in tree.steps.values():
        if step.experiment or not _sends(step, costs):
            continue
        before = _before(tree, costs, step.id)
        for branch in step.branches:
            walk = _added(before, _asked(step, costs), _after(tree, costs, branch.goto))
            for cause, symptoms in _suspects(tree, branch, catalogue, status):
                of_cause = found.setdefault(cause, {})
                of_cause[step.id] = _joined(of_cause.get(step.id), walk)
                conditions.setdefault(cause, []).extend((branch.when, *symptoms))
    rows = [
        CauseRow(
            cause=cause,
            named=_names(conditions[cause], status) or names_status(catalogue[cause], status),
            by_step=by_step,
        )
        for cause, by_step in found.items()
        if any(when.status for when in conditions[cause])
    ]
    rows.sort(key=lambda row: not row.named)
    return StatusTable(status=status, rows=tuple(rows), most=most_requests(tree, costs))


def most_requests(tree: Tree, costs: Costs) -> int:
    """Return the requests of the longest walk, every test and every further request included."""
    left: dict[str, int] = {}
    for step in reversed(_in_walking_order(tree)):
        after = [left[branch.goto] for branch in step.branches if branch.goto]
        left[step.id] = _ceiling(step, costs) + max(after, default=0)
    return left[tree.start]


def _before(tree: Tree, costs: Costs, step_id: str) -> WalkCost:
    """Return the requests before a step, on paths without a detour over a test."""
    arrive = {tree.start: WalkCost(fewest=0, most=0, billed=False)}
    for step in _in_walking_order(tree):
        if step.id not in arrive or _is_detour(step):
            continue
        for branch in step.branches:
            if branch.goto:
                there = _added(arrive[step.id], _cost(step, costs))
                arrive[branch.goto] = _joined(arrive.get(branch.goto), there)
    return arrive[step_id]


def _after(tree: Tree, costs: Costs, step_id: str | None) -> WalkCost:
    """Return the requests from a step to the end of the walk."""
    if step_id is None:
        return WalkCost(fewest=0, most=0, billed=False)
    step, rest = tree.steps[step_id], None
    for goto in {branch.goto for branch in step.branches}:
        rest = _joined(rest, _after(tree, costs, goto))
    return _added(_cost(step, costs), rest or _after(tree, costs, None))


def _suspects(
    tree: Tree, branch: Branch, catalogue: Catalogue, status: int
) -> Iterator[tuple[str, list[When]]]:
    """Yield the causes that an answer with this status can have in a branch, with their symptoms.

    A test that follows adds the causes that its result shows: it compares their symptoms with this
    answer.
    """
    seen = When(status=status)
    if not can_both_match(branch.when, seen):
        return
    tests = _tests_after(tree, branch)
    later = [each for test in tests for other in test.branches for each in other.suspects]
    names = {test.id for test in tests}
    for suspect in dict.fromkeys((*branch.suspects, *later)):
        symptoms = [
            symptom.when
            for symptom in catalogue[suspect].symptoms
            if not symptom.when.failure
            and can_both_match(symptom.when, seen)
            and can_both_match(symptom.when, branch.when)
            and (suspect in branch.suspects or names & set(symptom.when.fact))
        ]
        if symptoms:
            yield suspect, symptoms


def _tests_after(tree: Tree, branch: Branch) -> list[Step]:
    """Return the tests that can follow a branch directly, or after one another."""
    found: dict[str, Step] = {}
    following = [branch.goto]
    while following:
        step = tree.steps.get(following.pop() or "")
        if step is not None and _is_detour(step) and step.id not in found:
            found[step.id] = step
            following += [other.goto for other in step.branches]
    return list(found.values())


def names_status(cause: Cause, status: int) -> bool:
    """Return True if a symptom of the cause, or the text about how it looks, names the status."""
    symptoms = [symptom.when for symptom in cause.symptoms]
    return _names(symptoms, status) or bool(re.search(rf"\b{status}\b", cause.looks))


def _names(conditions: list[When], status: int) -> bool:
    return any(status in as_tuple(when.status) for when in conditions)


def _sends(step: Step, costs: Costs) -> bool:
    return isinstance(step.act, Probe) and _ceiling(step, costs) > 0


def _is_detour(step: Step) -> bool:
    return step.experiment and isinstance(step.act, Probe)


def _cost(step: Step, costs: Costs) -> WalkCost:
    if not isinstance(step.act, Probe):
        return WalkCost(fewest=0, most=0, billed=False)
    cost = costs[step.act.name]
    return WalkCost(fewest=cost.fewest, most=cost.most, billed=cost.billed)


def _asked(step: Step, costs: Costs) -> WalkCost:
    """Return the cost of a step that got an answer, for which it sent one request at least."""
    cost = _cost(step, costs)
    return WalkCost(fewest=max(1, cost.fewest), most=max(1, cost.most), billed=cost.billed)


def _ceiling(step: Step, costs: Costs) -> int:
    if not isinstance(step.act, Probe):
        return 0
    cost = costs[step.act.name]
    return cost.most + cost.extra


def _added(*parts: WalkCost) -> WalkCost:
    return WalkCost(
        fewest=sum(part.fewest for part in parts),
        most=sum(part.most for part in parts),
        billed=any(part.billed for part in parts),
    )


def _joined(left: WalkCost | None, right: WalkCost) -> WalkCost:
    if left is None:
        return right
    return WalkCost(
        fewest=min(left.fewest, right.fewest),
        most=max(left.most, right.most),
        billed=left.billed or right.billed,
    )


def _in_walking_order(tree: Tree) -> list[Step]:
    """Return the steps so that each comes after all that lead to it. The tree has no circles."""
    order: list[str] = []
    done: set[str] = set()

    def visit(step_id: str) -> None:
        if step_id in done:
            return
        done.add(step_id)
        for goto in {branch.goto for branch in tree.steps[step_id].branches}:
            if goto:
                visit(goto)
        order.append(step_id)

    visit(tree.start)
    return [tree.steps[step_id] for step_id in reversed(order)]
