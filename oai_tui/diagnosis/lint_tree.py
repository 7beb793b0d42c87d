"""Find faults in the structure of tree and catalogue that a reader could overlook. Pure."""

from collections.abc import Iterator
from string import Formatter

from oai_tui.diagnosis.condition_overlap import can_both_match
from oai_tui.domain.cause import Catalogue, Cause
from oai_tui.domain.condition import as_tuple
from oai_tui.domain.decision_tree import Branch, Probe, Step, Tree
from oai_tui.domain.facts import FACTS


def lint_tree(tree: Tree, catalogue: Catalogue) -> list[str]:
    """Return every fault, each as one sentence that names its place; empty if there is none."""
    return [
        *_unreachable_or_missing(tree),
        *_faulty_branches(tree),
        *_faulty_suspects(tree, catalogue),
        *_faulty_causes(tree, catalogue),
        *_unknown_facts(tree, catalogue),
        *_unknown_results(tree, catalogue),
    ]


def _unreachable_or_missing(tree: Tree) -> Iterator[str]:
    """Yield steps that nothing leads to, names that are not a step, and stages without steps."""
    targets = {tree.start}
    for step in tree.steps.values():
        targets |= {branch.goto for branch in step.branches if branch.goto}
        targets |= {step.skip_to} if step.skip_to else set()
    stages = {stage.id for stage in tree.stages}
    used_stages = {step.stage for step in tree.steps.values()}
    yield from (f"step {step} is never reached" for step in tree.steps if step not in targets)
    yield from (f"{target} is not a step" for target in targets if target not in tree.steps)
    yield from (
        f"step {step.id} has the unknown stage {step.stage}"
        for step in tree.steps.values()
        if step.stage not in stages
    )
    yield from (f"stage {stage} has no step" for stage in stages if stage not in used_stages)


def _faulty_branches(tree: Tree) -> Iterator[str]:
    """Yield branches that hide others or have no suspect, and steps without a last branch."""
    for step in tree.steps.values():
        if not step.branches or not step.branches[-1].when.is_empty:
            yield f"step {step.id} has no last branch that catches all"
        for number, branch in enumerate(step.branches[:-1]):
            if branch.when.is_empty:
                yield f"step {step.id}: branch {number} ({branch.label}) hides those after it"
        conditions = [str(branch.when) for branch in step.branches]
        yield from (
            f"step {step.id}: two branches hold for {condition}"
            for condition in {each for each in conditions if conditions.count(each) > 1}
        )
        yield from (
            f"step {step.id}: branch {branch.label} fails and has no suspect"
            for branch in step.branches
            if branch.mark == "failed" and not branch.suspects
        )
        if _changes_nothing(step):
            yield f"step {step.id} is a test that changes nothing"


def _changes_nothing(step: Step) -> bool:
    return (
        step.experiment
        and isinstance(step.act, Probe)
        and step.act.change is None
        and not step.act.differs
    )


def _faulty_suspects(tree: Tree, catalogue: Catalogue) -> Iterator[str]:
    """Yield suspects that are not causes, or whose symptoms cannot show under their branch."""
    for step in tree.steps.values():
        for branch in step.branches:
            for suspect in branch.suspects:
                if suspect not in catalogue:
                    yield f"step {step.id}: {suspect} is not a cause"
                elif not step.experiment and not _can_show(catalogue[suspect], branch):
                    condition = f"{branch.label} ({branch.when})"
                    yield f"step {step.id}: {suspect} can never be found under {condition}"


def _can_show(cause: Cause, branch: Branch) -> bool:
    """Return True if the cause has no symptoms, or one that does not contradict the branch."""
    return not cause.symptoms or any(
        can_both_match(symptom.when, branch.when) for symptom in cause.symptoms
    )


def _faulty_causes(tree: Tree, catalogue: Catalogue) -> Iterator[str]:
    """Yield causes that are not suspected, have no symptoms, or name an unknown alternative."""
    suspected = {
        suspect
        for step in tree.steps.values()
        for branch in step.branches
        for suspect in branch.suspects
    }
    for cause in catalogue.values():
        if cause.id not in suspected and not cause.pasted_only:
            yield f"cause {cause.id} is suspected nowhere"
        if cause.id in suspected and cause.pasted_only:
            yield f"cause {cause.id} shows in pasted texts only, and the tree suspects it"
        if not cause.symptoms and cause.id != "unknown":
            yield f"cause {cause.id} has no symptoms"
        yield from (
            f"cause {cause.id}: its alternative {alternative.cause} is not a cause"
            for alternative in cause.alternatives
            if alternative.cause not in catalogue
        )


def _unknown_facts(tree: Tree, catalogue: Catalogue) -> Iterator[str]:
    """Yield facts that are named somewhere and not listed in domain/facts.py."""
    known = set(FACTS) | {step.id for step in tree.steps.values() if step.experiment}
    for place, names in (*_facts_of_tree(tree), *_facts_of_causes(catalogue)):
        yield from (f"{place} names the unknown fact {name}" for name in names if name not in known)


def _unknown_results(tree: Tree, catalogue: Catalogue) -> Iterator[str]:
    """Yield conditions on the result of a test that the test cannot have."""
    results = {
        step.id: {branch.label for branch in step.branches}
        for step in tree.steps.values()
        if step.experiment
    }
    for cause in catalogue.values():
        whens = [symptom.when for symptom in cause.symptoms]
        whens += [finding.when for finding in cause.findings]
        whens += [fix.when for fix in cause.fixes]
        whens += [fix.unless for fix in cause.fixes if fix.unless is not None]
        whens += [other.when for other in cause.alternatives]
        if cause.retry_when is not None:
            whens.append(cause.retry_when)
        for when in whens:
            for name, wanted in when.fact.items():
                if name not in results or wanted is None:
                    continue
                for value in as_tuple(wanted):
                    if value not in results[name]:
                        yield f"cause {cause.id}: the test {name} never has the result {value}"


def _facts_of_tree(tree: Tree) -> Iterator[tuple[str, set[str]]]:
    for step in tree.steps.values():
        for branch in step.branches:
            yield f"step {step.id}, branch {branch.label}", set(branch.when.fact)
        if isinstance(step.act, Probe) and step.act.change and step.act.change.fact:
            yield f"step {step.id}", {step.act.change.fact}


def _facts_of_causes(catalogue: Catalogue) -> Iterator[tuple[str, set[str]]]:
    for cause in catalogue.values():
        names = {name for symptom in cause.symptoms for name in symptom.when.fact}
        names |= {name for finding in cause.findings for name in finding.when.fact}
        names |= {name for fix in cause.fixes for name in fix.when.fact}
        names |= {name for template in _templates(cause) for name in _names_in(template)}
        names |= {fix.apply.fact for fix in cause.fixes if fix.apply and fix.apply.fact}
        yield f"cause {cause.id}", names


def _templates(cause: Cause) -> Iterator[str]:
    yield from (cause.finding, cause.case_title)
    yield from (text for finding in cause.findings for text in (finding.title, finding.text))
    for fix in cause.fixes:
        yield from (fix.text, fix.command, fix.url)


def _names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
