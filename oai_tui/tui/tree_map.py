"""The decision tree as rows of a list: stages and steps, the branches of a step, a search. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oai_tui.domain.cause import Catalogue, Cause
from oai_tui.domain.decision_tree import Branch, Mark, Step, Tree
from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.durations import format_elapsed
from oai_tui.reports.step_finding import step_finding
from oai_tui.tui.formatting import State

BRANCH_LABELS: Mapping[str, str] = {
    "200": "200 OK",
    "401": "401 Unauthorized",
    "403": "403 Forbidden",
    "404": "404 Not Found",
    "407": "407 Proxy Authentication Required",
    "429": "429 Too Many Requests",
    "4xx": "another 4xx status",
    "5xx": "5xx server error",
    "OpenAI": "confirmed as OpenAI",
    "a gateway": "a gateway answered",
    "admin key": "an admin key",
    "ahead": "the clock is ahead",
    "another server": "a server other than OpenAI",
    "answers": "the server answers",
    "anything else": "anything else",
    "available": "the model is available",
    "base URL": "the base URL is wrong",
    "behind": "the clock is behind",
    "cannot be sent": "the key can't be sent in a header",
    "certificate file": "the CA file can't be used",
    "chosen": "a model was chosen",
    "https only": "the server only accepts https",
    "incident": "OpenAI reports an incident",
    "inconclusive": "the test didn't settle it",
    "keyring": "the keyring failed",
    "known": "known",
    "list too large": "the list of models is too large to read",
    "listed": "in the list of models",
    "login required": "the server asks for a login",
    "malformed": "the key's text is damaged",
    "missing scope": "a permission is missing",
    "named": "its organizations are listed",
    "no": "you answered no",
    "no answer": "no response",
    "no change": "the same failure",
    "no incident": "no incident reported",
    "no key": "no key found",
    "no model list": "no list of models",
    "no such model": "no such model",
    "not a key": "not a real key",
    "not an API": "200, but not from an API",
    "not named": "no organizations are listed",
    "not saved": "not saved",
    "ok": "ok",
    "organization": "a problem with the organization",
    "other host": "another host is required",
    "other provider": "a key of another provider",
    "plain http": "the key would go over plain http",
    "project": "a problem with the project",
    "project rejected": "the project is refused too",
    "proxy": "the proxy setting is invalid",
    "recognized": "accepted, but refused for another reason",
    "redirect": "a redirect",
    "refused by the proxy": "the proxy refused",
    "refused by the proxy or the server": "the proxy or the server refused",
    "rejected": "refused",
    "right": "the clock is right",
    "save": "you chose to save",
    "saved": "saved",
    "server behind it down": "the gateway can't reach its server",
    "token": "a token, not an API key",
    "unknown": "not known",
    "web page": "a web page, not an API",
    "works": "works",
    "yes": "you answered yes",
}
"""The labels of branches in plain words."""
THIS_CHECK = "this check"
"""The note at the branch that the check took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """One row. `id`: "stage ID", "step ID", "branch STEP NUMBER" or "cause ID".

    `note`: at the right. `state`: the mark; None for a row that has none. `lit`: on the path of
    the check.
    """

    id: str
    title: str
    note: str = ""
    state: State | None = None
    indent: int = 0
    lit: bool = False
    is_test: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchGroup:
    """The branches of a step with one label: what they lead to.

    `causes`: ids in order. `steps`: ids of the steps at which the check can go on.
    """

    label: str
    mark: Mark
    causes: tuple[str, ...]
    steps: tuple[str, ...]


def overview(tree: Tree, records: Sequence[StepRecord], current: str = "") -> Iterator[MapRow]:
    """Yield every stage with its steps. `current`: the id of the step that is running."""
    taken = {record.step: record for record in records}
    for number, stage in enumerate(tree.stages, 1):
        total = sum(
            record.observation.timings.total_ms or 0.0
            for record in records
            if record.stage == stage.id
        )
        yield MapRow(
            id=f"stage {stage.id}",
            title=f"{number} {stage.title}",
            note=format_elapsed(total) if total else "",
            is_heading=True,
        )
        for step in tree.steps.values():
            if step.stage == stage.id:
                yield _step_row(step, taken.get(step.id), is_running=step.id == current)


def _step_row(step: Step, record: StepRecord | None, *, is_running: bool) -> MapRow:
    state: State = "running" if is_running else record.mark if record else "waiting"
    return MapRow(
        id=f"step {step.id}",
        title=step.title,
        note=_finding(record) if record else "",
        state=state,
        indent=1,
        lit=record is not None or is_running,
        is_test=step.experiment,
    )


def _finding(record: StepRecord) -> str:
    """Return what a step found and how long that took."""
    elapsed = record.observation.timings.total_ms
    parts = (step_finding(record), format_elapsed(elapsed) if elapsed else "")
    return " · ".join(part for part in parts if part)


def branch_text(label: str) -> str:
    """Return the label of a branch in plain words."""
    return BRANCH_LABELS.get(label, label)


def groups_of(step: Step) -> tuple[BranchGroup, ...]:
    """Return the branches of a step, those with the same label and mark as one."""
    grouped: dict[tuple[str, Mark], list[Branch]] = {}
    for branch in step.branches:
        grouped.setdefault((branch.label, branch.mark), []).append(branch)
    return tuple(
        BranchGroup(
            label=label,
            mark=mark,
            causes=_unique(cause for branch in branches for cause in branch.suspects),
            steps=_unique(branch.goto for branch in branches if branch.goto),
        )
        for (label, mark), branches in grouped.items()
    )


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def branch_rows(
    step: Step, tree: Tree, catalogue: Catalogue, record: StepRecord | None
) -> Iterator[MapRow]:
    """Yield what each result of a step leads to; the one of the check is lit."""
    for number, group in enumerate(groups_of(step)):
        is_taken = record is not None and (record.branch, record.mark) == (group.label, group.mark)
        yield MapRow(
            id=f"branch {step.id} {number}",
            title=branch_text(group.label),
            note=_leads_to(group, tree, catalogue),
            state=group.mark,
            lit=is_taken,
        )


def _leads_to(group: BranchGroup, tree: Tree, catalogue: Catalogue) -> str:
    if len(group.causes) == 1:
        cause = catalogue.get(group.causes[0])
        return cause.title if cause else group.causes[0]
    if group.causes:
        return f"{len(group.causes)} possible causes"
    if group.steps:
        return f"next: {tree.steps[group.steps[0]].title}"
    return "the check ends"


def target_rows(
    group: BranchGroup, tree: Tree, catalogue: Catalogue, matched: str
) -> Iterator[MapRow]:
    """Yield the causes and the next steps of a branch. `matched`: the cause that was found."""
    for cause_id in group.causes:
        cause = catalogue.get(cause_id)
        if cause is not None:
            yield cause_row(cause, lit=cause_id == matched)
    for step in group.steps:
        yield MapRow(id=f"step {step}", title=f"next: {tree.steps[step].title}")


def cause_row(cause: Cause, *, lit: bool = False) -> MapRow:
    """Return the row of a cause."""
    return MapRow(id=f"cause {cause.id}", title=cause.title, note=cause.id, lit=lit)


def search(text: str, tree: Tree, catalogue: Catalogue) -> Iterator[MapRow]:
    """Yield the steps, then the causes, in which every word of a text occurs; all for ""."""
    words = text.lower().split()
    for step in tree.steps.values():
        if _has_all(words, f"{step.id} {step.title} {step.stage}"):
            yield MapRow(id=f"step {step.id}", title=step.title, note="step")
    results = _results_by_cause(tree) if words else {}
    for cause in catalogue.values():
        about = f"{cause.id} {cause.family} {cause.title} {cause.looks} {cause.meaning}"
        if _has_all(words, f"{about} {results.get(cause.id, '')}"):
            yield cause_row(cause)


def _results_by_cause(tree: Tree) -> dict[str, str]:
    """Return the labels of the branches that suspect each cause, so that "401" finds it."""
    results: dict[str, str] = {}
    for step in tree.steps.values():
        for branch in step.branches:
            for cause in branch.suspects:
                results[cause] = f"{results.get(cause, '')} {branch.label}"
    return results


def _has_all(words: Iterable[str], text: str) -> bool:
    lowered = text.lower()
    return all(word in lowered for word in words)
