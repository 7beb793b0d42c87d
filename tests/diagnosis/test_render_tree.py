"""The tree as text, Mermaid and JSON: nothing is left out, and nothing breaks the format."""

import json
import re
from dataclasses import replace

import pytest

from oai_tui.diagnosis.render_tree import FORMATS, render_tree
from oai_tui.domain.decision_tree import Stage
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE


@pytest.mark.parametrize("form", FORMATS)
def test_every_step_and_cause_is_rendered(form: str) -> None:
    rendered = render_tree(TREE, form)
    assert [
        name
        for name in (
            *TREE.steps,
            *(cause.id for cause in CATALOGUE.values() if not cause.pasted_only),
        )
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", rendered)
    ] == []


def test_every_stage_is_rendered() -> None:
    text, mermaid = render_tree(TREE, "text"), render_tree(TREE, "mermaid")
    assert all(stage.title in text and stage.title in mermaid for stage in TREE.stages)


def test_another_format_is_refused() -> None:
    with pytest.raises(KeyError):
        render_tree(TREE, "png")


def test_the_json_has_all_of_the_tree() -> None:
    document = json.loads(render_tree(TREE, "json"))
    assert [one["id"] for one in document["steps"]] == list(TREE.steps)
    assert document["start"] == TREE.start
    for rendered, step in zip(document["steps"], TREE.steps.values(), strict=True):
        assert [
            (b["label"], b["suspects"], b["goto"], b["mark"]) for b in rendered["branches"]
        ] == [(b.label, list(b.suspects), b.goto, b.mark) for b in step.branches]


def test_mermaid_nodes_are_all_defined() -> None:
    lines = render_tree(TREE, "mermaid").splitlines()
    defined = {
        match[1] for line in lines for match in re.finditer(r"(?:^\s*|--> )([\w-]+)[\[({]", line)
    }
    used = {
        match
        for line in lines
        if "-->" in line
        for match in re.findall(r"^\s*([\w-]+) --|--> ([\w-]+)", line)
        for match in match
        if match
    }
    assert used <= defined


def _quotes_are_balanced(rendered: str) -> bool:
    """Return True if every quote of a line is next to a bracket, a blank or the line's end."""
    return all(
        len(re.findall(r'(?:(?<=[\[({ ])"|"(?=[\])} ]|$))', line)) == line.count('"')
        and line.count('"') % 2 == 0
        for line in rendered.splitlines()
    )


def test_mermaid_has_no_bare_quotes() -> None:
    assert _quotes_are_balanced(render_tree(TREE, "mermaid"))


def test_mermaid_escapes_quotes_in_titles() -> None:
    key = TREE.steps["key"]
    branch = replace(key.branches[0], label='a "quoted" label')
    quoting_tree = replace(
        TREE,
        stages=(Stage(id="credential", title='The "first"'), *TREE.stages[1:]),
        steps={
            **TREE.steps,
            "key": replace(key, title='"Why?"', branches=(branch, *key.branches[1:])),
        },
    )
    assert _quotes_are_balanced(render_tree(quoting_tree, "mermaid"))
    assert json.loads(render_tree(quoting_tree, "json"))
