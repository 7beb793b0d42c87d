"""The tree as text, Mermaid and JSON: nothing is left out, and nothing breaks the form."""

import json
import re
from dataclasses import replace

import pytest

from oai_tui.diagnosis.render_tree import FORMATS, render_tree
from oai_tui.domain.decision_tree import Stage
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE


@pytest.mark.parametrize("form", FORMATS)
def test_every_step_and_cause_is_drawn(form: str) -> None:
    drawn = render_tree(TREE, form)
    assert [
        name
        for name in (
            *TREE.steps,
            *(cause.id for cause in CATALOGUE.values() if not cause.pasted_only),
        )
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", drawn)
    ] == []


def test_every_stage_is_drawn() -> None:
    text, mermaid = render_tree(TREE, "text"), render_tree(TREE, "mermaid")
    assert all(stage.title in text and stage.title in mermaid for stage in TREE.stages)


def test_another_form_is_refused() -> None:
    with pytest.raises(KeyError):
        render_tree(TREE, "png")


def test_the_json_says_all_of_the_tree() -> None:
    document = json.loads(render_tree(TREE, "json"))
    assert [one["id"] for one in document["steps"]] == list(TREE.steps)
    assert document["start"] == TREE.start
    for drawn, step in zip(document["steps"], TREE.steps.values(), strict=True):
        assert [(b["label"], b["suspects"], b["goto"], b["mark"]) for b in drawn["branches"]] == [
            (b.label, list(b.suspects), b.goto, b.mark) for b in step.branches
        ]


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


def _quotes_are_balanced(drawn: str) -> bool:
    """Within a line, quotes stand only right after an opening or space and right before a closing or space."""
    return all(
        len(re.findall(r'(?:(?<=[\[({ ])"|"(?=[\])} ]|$))', line)) == line.count('"')
        and line.count('"') % 2 == 0
        for line in drawn.splitlines()
    )


def test_mermaid_has_no_bare_quotes() -> None:
    assert _quotes_are_balanced(render_tree(TREE, "mermaid"))


def test_mermaid_survives_quotes_in_words() -> None:
    key = TREE.steps["key"]
    branch = replace(key.branches[0], label='a "quoted" label')
    loud = replace(
        TREE,
        stages=(Stage(id="credential", title='The "first"'), *TREE.stages[1:]),
        steps={
            **TREE.steps,
            "key": replace(key, title='"Why?"', branches=(branch, *key.branches[1:])),
        },
    )
    assert _quotes_are_balanced(render_tree(loud, "mermaid"))
    assert json.loads(render_tree(loud, "json"))
