"""A structural lint of tree and catalogue: what a reader could overlook. Pure; an empty list means that all is well."""

from collections.abc import Iterator
from string import Formatter

from oai_tui.domain.cause import Catalogue, Cause
from oai_tui.domain.condition import When, as_tuple
from oai_tui.domain.decision_tree import Probe, Tree
from oai_tui.domain.facts import FACTS


def lint_tree(tree: Tree, catalogue: Catalogue) -> list[str]:
    """Every fault found, each as one sentence that names its place."""
    return [*_flow(tree), *_branches(tree), *_suspects(tree, catalogue), *_facts(tree, catalogue)]


def _flow(tree: Tree) -> Iterator[str]:
    """Steps that nothing leads to, ways that lead nowhere, stages without steps."""
    targets = (
        {tree.start}
        | {b.goto for s in tree.steps.values() for b in s.branches if b.goto}
        | {s.skip_to for s in tree.steps.values() if s.skip_to}
    )
    yield from (f"step {step} is never reached" for step in tree.steps if step not in targets)
    yield from (f"{target} is no step" for target in targets if target not in tree.steps)
    stages = {stage.id for stage in tree.stages}
    yield from (
        f"step {s.id} has the unknown stage {s.stage}"
        for s in tree.steps.values()
        if s.stage not in stages
    )
    yield from (
        f"stage {stage} has no step"
        for stage in stages
        if stage not in {s.stage for s in tree.steps.values()}
    )


def _branches(tree: Tree) -> Iterator[str]:
    """Steps without a last branch that catches all, branches behind one that catches all, two branches with one condition."""
    for step in tree.steps.values():
        if not step.branches or not step.branches[-1].when.is_empty:
            yield f"step {step.id} has no last branch that catches all"
        for number, branch in enumerate(step.branches[:-1]):
            if branch.when.is_empty:
                yield f"step {step.id}: branch {number} ({branch.label}) hides those after it"
        conditions = [str(branch.when) for branch in step.branches]
        yield from (
            f"step {step.id}: two branches hold for {text}"
            for text in {c for c in conditions if conditions.count(c) > 1}
        )
        yield from (
            f"step {step.id}: branch {b.label} fails and accuses nobody"
            for b in step.branches
            if b.mark == "failed" and not b.suspects
        )
        if (
            step.experiment
            and isinstance(step.act, Probe)
            and step.act.change is None
            and not step.act.differs
        ):
            yield f"step {step.id} is an experiment that changes nothing"


def _suspects(tree: Tree, catalogue: Catalogue) -> Iterator[str]:
    """Suspects that are no causes, causes nobody suspects, suspects whose signs cannot hold under their branch."""
    suspected: set[str] = set()
    for step in tree.steps.values():
        for branch in step.branches:
            suspected |= set(branch.suspects)
            for suspect in branch.suspects:
                if suspect not in catalogue:
                    yield f"step {step.id}: {suspect} is no cause"
                elif (
                    catalogue[suspect].symptoms
                    and not step.experiment
                    and not any(
                        _can_hold(sign.when, branch.when) for sign in catalogue[suspect].symptoms
                    )
                ):
                    yield f"step {step.id}: {suspect} can never be found under {branch.label} ({branch.when})"
    yield from (
        f"cause {cause.id} is suspected nowhere"
        for cause in catalogue.values()
        if cause.id not in suspected and not cause.pasted_only
    )
    yield from (
        f"cause {cause.id} shows in pasted texts only, and the tree suspects it"
        for cause in catalogue.values()
        if cause.id in suspected and cause.pasted_only
    )
    yield from (
        f"cause {c.id} has no signs"
        for c in catalogue.values()
        if not c.symptoms and c.id != "unknown"
    )
    yield from (
        f"cause {c.id}: its alternative {a.cause} is no cause"
        for c in catalogue.values()
        for a in c.alternatives
        if a.cause not in catalogue
    )


def _can_hold(sign: When, branch: When) -> bool:
    """Whether an observation could fit both. Only contradictions that are sure count: other statuses, a status against a failure, another value of one fact."""
    if (
        sign.status
        and branch.status
        and not any(_overlap(a, b) for a in as_tuple(sign.status) for b in as_tuple(branch.status))
    ):
        return False
    if (sign.status and branch.failure) or (sign.failure and branch.status):
        return False
    if (
        sign.failure
        and branch.failure
        and not set(as_tuple(sign.failure)) & set(as_tuple(branch.failure))
    ):
        return False
    shared = [(sign.fact[name], branch.fact[name]) for name in sign.fact if name in branch.fact]
    return all(
        a is None or b is None or bool(set(as_tuple(a)) & set(as_tuple(b))) for a, b in shared
    )


def _overlap(a: object, b: object) -> bool:
    return (
        a == b
        or (isinstance(a, str) and str(b)[0] == a[0])
        or (isinstance(b, str) and str(a)[0] == b[0])
    )


def _facts(tree: Tree, catalogue: Catalogue) -> Iterator[str]:
    """Facts that are spoken of and listed nowhere."""
    known = set(FACTS) | {step.id for step in tree.steps.values() if step.experiment}
    for where, names in (*_facts_of_tree(tree), *_facts_of_causes(catalogue)):
        yield from (
            f"{where} speaks of the unknown fact {name}" for name in names if name not in known
        )


def _facts_of_tree(tree: Tree) -> Iterator[tuple[str, set[str]]]:
    for step in tree.steps.values():
        for branch in step.branches:
            yield f"step {step.id}, branch {branch.label}", set(branch.when.fact)
        if isinstance(step.act, Probe) and step.act.change and step.act.change.fact:
            yield f"step {step.id}", {step.act.change.fact}


def _facts_of_causes(catalogue: Catalogue) -> Iterator[tuple[str, set[str]]]:
    for cause in catalogue.values():
        yield (
            f"cause {cause.id}",
            set().union(
                *(set(sign.when.fact) for sign in cause.symptoms),
                *(_names(text) for text in _templates(cause)),
            ),
        )


def _templates(cause: Cause) -> Iterator[str]:
    yield cause.finding
    for fix in cause.fixes:
        yield from (
            fix.text,
            fix.command,
            fix.url,
            "{" + fix.apply.fact + "}" if fix.apply and fix.apply.fact else "",
        )


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
