"""The tree as text, as a Mermaid flow chart, and as JSON. Pure: a tree goes in, a string comes out."""

import json
from collections.abc import Callable

from oai_tui.domain.decision_tree import Branch, Question, Save, Step, Tree

_READABLE = 110
"""Characters of a condition beyond which the text form leaves it to the JSON form."""


def render_tree(tree: Tree, form: str) -> str:
    """The tree in one of FORMS; KeyError for another form."""
    return FORMATS[form](tree)


def _text(tree: Tree) -> str:
    lines = []
    for number, stage in enumerate(tree.stages, 1):
        lines += ["", f"{number} {stage.title}"]
        for step in (s for s in tree.steps.values() if s.stage == stage.id):
            lines += [
                f"  {'⟳' if step.experiment else '•'} {step.id}: {step.title}  [{_act(step)}]"
            ]
            lines += [
                f"      {_mark(branch)} {_condition(branch)}  →  {_outcome(branch)}"
                for branch in step.branches
            ]
    return "\n".join(lines[1:]) + "\n"


def _mermaid(tree: Tree) -> str:
    lines = ["flowchart TD"]
    for stage in tree.stages:
        lines.append(f'  subgraph {stage.id.upper()}["{_quoted(stage.title)}"]')
        for step in (s for s in tree.steps.values() if s.stage == stage.id):
            shape = (
                ("{{", "}}")
                if isinstance(step.act, Question)
                else ("([", "])")
                if step.experiment
                else ("[", "]")
            )
            lines.append(f'    {step.id}{shape[0]}"{_quoted(step.title)}"{shape[1]}')
        lines.append("  end")
    for step in tree.steps.values():
        for number, branch in enumerate(step.branches):
            if branch.suspects:
                leaf = f"{step.id}__{number}"
                lines.append(
                    f'  {step.id} -- "{_quoted(branch.label)}" --> {leaf}(["{_quoted(" · ".join(branch.suspects))}"])'
                )
                if branch.goto:
                    lines.append(f"  {leaf} --> {branch.goto}")
            else:
                lines.append(
                    f'  {step.id} -- "{_quoted(branch.label)}" --> {branch.goto or "done"}'
                )
    return "\n".join([*lines, '  done(["done"])']) + "\n"


def _json(tree: Tree) -> str:
    steps = [
        {
            "id": step.id,
            "stage": step.stage,
            "title": step.title,
            "why": step.why,
            "act": _act(step),
            "experiment": step.experiment,
            "skip_to": step.skip_to,
            "branches": [
                {
                    "when": str(b.when),
                    "label": b.label,
                    "mark": b.mark,
                    "suspects": list(b.suspects),
                    "goto": b.goto,
                    "clears": b.clears,
                }
                for b in step.branches
            ],
        }
        for step in tree.steps.values()
    ]
    document = {
        "schema_version": 1,
        "start": tree.start,
        "stages": [{"id": s.id, "title": s.title, "needs": list(s.needs)} for s in tree.stages],
        "steps": steps,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


FORMATS: dict[str, Callable[[Tree], str]] = {"text": _text, "mermaid": _mermaid, "json": _json}


def _act(step: Step) -> str:
    if isinstance(step.act, Question):
        return f"asks: {' | '.join(option.id for option in step.act.options)}"
    if isinstance(step.act, Save):
        return "probe save"
    return f"probe {step.act.name}" + (f", {step.act.change.kind}" if step.act.change else "")


def _mark(branch: Branch) -> str:
    return {"passed": "✓", "failed": "✗", "warning": "!", "skipped": "·"}[branch.mark]


def _condition(branch: Branch) -> str:
    """The branch's label, and its condition where that says more and is short enough to be read."""
    condition = str(branch.when)
    return (
        branch.label
        if condition == branch.label or len(condition) > _READABLE
        else f"{branch.label}  ({condition})"
    )


def _outcome(branch: Branch) -> str:
    suspects = " · ".join(branch.suspects)
    return (
        (f"{suspects}, then {branch.goto}" if suspects else branch.goto)
        if branch.goto
        else suspects or "done"
    )


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")
