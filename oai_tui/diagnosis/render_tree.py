"""Render the tree as text, as a Mermaid flow chart, and as JSON. Pure."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from oai_tui.domain.decision_tree import Branch, Question, Save, Stage, Step, Tree

_MAX_CONDITION = 110
"""Characters of a condition in the text form. A longer one is in the JSON form only."""
_MARKS = {"passed": "✓", "failed": "✗", "warning": "!", "skipped": "·"}


def render_tree(tree: Tree, form: str) -> str:
    """Return the tree in one of FORMATS; KeyError for another form."""
    return FORMATS[form](tree)


def _text(tree: Tree) -> str:
    lines: list[str] = []
    for number, stage in enumerate(tree.stages, 1):
        lines += ["", f"{number} {stage.title}"]
        for step in _steps_of(stage, tree):
            bullet = "⟳" if step.experiment else "•"
            lines.append(f"  {bullet} {step.id}: {step.title}  [{_act(step)}]")
            lines += [
                f"      {_MARKS[branch.mark]} {_condition(branch)}  →  {_outcome(branch)}"
                for branch in step.branches
            ]
    return "\n".join(lines[1:]) + "\n"


def _mermaid(tree: Tree) -> str:
    lines = ["flowchart TD"]
    for stage in tree.stages:
        lines.append(f'  subgraph {stage.id.upper()}["{_escaped(stage.title)}"]')
        for step in _steps_of(stage, tree):
            opening, closing = _mermaid_shape(step)
            lines.append(f'    {step.id}{opening}"{_escaped(step.title)}"{closing}')
        lines.append("  end")
    for step in tree.steps.values():
        for number, branch in enumerate(step.branches):
            lines += _mermaid_edges(step, branch, number)
    return "\n".join([*lines, '  done(["done"])']) + "\n"


def _mermaid_shape(step: Step) -> tuple[str, str]:
    """Return the brackets of a step's node: a hexagon for a question, rounded for an experiment."""
    if isinstance(step.act, Question):
        return "{{", "}}"
    return ("([", "])") if step.experiment else ("[", "]")


def _mermaid_edges(step: Step, branch: Branch, number: int) -> Iterator[str]:
    """Yield the edges of a branch. Its suspects are a node between the step and the next one."""
    label = _escaped(branch.label)
    if not branch.suspects:
        yield f'  {step.id} -- "{label}" --> {branch.goto or "done"}'
        return
    node = f"{step.id}__{number}"
    suspects = _escaped(" · ".join(branch.suspects))
    yield f'  {step.id} -- "{label}" --> {node}(["{suspects}"])'
    if branch.goto:
        yield f"  {node} --> {branch.goto}"


def _json(tree: Tree) -> str:
    document = {
        "schema_version": 1,
        "start": tree.start,
        "stages": [
            {"id": stage.id, "title": stage.title, "needs": list(stage.needs)}
            for stage in tree.stages
        ],
        "steps": [_step_document(step) for step in tree.steps.values()],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _step_document(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "stage": step.stage,
        "title": step.title,
        "why": step.why,
        "act": _act(step),
        "experiment": step.experiment,
        "skip_to": step.skip_to,
        "branches": [_branch_document(branch) for branch in step.branches],
    }


def _branch_document(branch: Branch) -> dict[str, Any]:
    return {
        "when": str(branch.when),
        "label": branch.label,
        "mark": branch.mark,
        "suspects": list(branch.suspects),
        "goto": branch.goto,
        "clears": branch.clears,
    }


FORMATS: dict[str, Callable[[Tree], str]] = {"text": _text, "mermaid": _mermaid, "json": _json}


def _steps_of(stage: Stage, tree: Tree) -> Iterator[Step]:
    return (step for step in tree.steps.values() if step.stage == stage.id)


def _act(step: Step) -> str:
    if isinstance(step.act, Question):
        return f"asks: {' | '.join(option.id for option in step.act.options)}"
    if isinstance(step.act, Save):
        return "probe save"
    change = f", {step.act.change.kind}" if step.act.change else ""
    return f"probe {step.act.name}{change}"


def _condition(branch: Branch) -> str:
    """Return the branch's label, and its condition if that says more and is short enough."""
    condition = str(branch.when)
    if condition == branch.label or len(condition) > _MAX_CONDITION:
        return branch.label
    return f"{branch.label}  ({condition})"


def _outcome(branch: Branch) -> str:
    suspects = " · ".join(branch.suspects)
    if not branch.goto:
        return suspects or "done"
    return f"{suspects}, then {branch.goto}" if suspects else branch.goto


def _escaped(text: str) -> str:
    return text.replace('"', "#quot;")
