"""The types of the decision tree: stages, steps, acts and branches.

knowledge/tree.py is the tree itself; diagnosis/ walks, renders and lints it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.condition import When
from oai_tui.domain.target import Change

Mark = Literal["passed", "failed", "warning", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A group of steps that people see as one. `needs`: stages that must always run before it."""

    id: str
    title: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """An act: run the probe `name`.

    `change`: for an experiment, what is changed in the target or the key first.
    `differs`: for an experiment, what the probe itself changes, in one word ("key", "scheme"), if
    no Change can express it.
    """

    name: str
    change: Change | None = None
    differs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """Saves the profile that the walk verified, under the name in the fact `name_fact`."""

    name_fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer a person can give.

    agrees_to_server: whether the key may then go to the server of the base URL.
    allows_http: whether it may then go there unencrypted.
    """

    id: str
    label: str
    agrees_to_server: bool = False
    allows_http: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An act: ask the user.

    `text_fact`: the fact that keeps what was typed with the answer ("profile_name"), or "" for a
    plain choice.
    """

    id: str
    text: str
    options: tuple[Option, ...]
    text_fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The continuation of a step under one condition.

    `label`: a stable word. In an experiment it becomes the value of the fact with the step's id.
    `suspects`: causes in order. The first with a symptom that matches is selected; the last one
    needs no symptom.
    `goto`: the next step, or None to end the walk. If the walk goes on, the selected cause is the
    current match until another one replaces it.
    `clears`: True if this branch turns the current match into a warning, because access was proved
    nevertheless.
    """

    when: When
    label: str
    mark: Mark
    suspects: tuple[str, ...] = ()
    goto: str | None = None
    clears: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An act and its branches; the last branch matches everything.

    `why`: the reason for the step, for people.
    `experiment`: True if the act repeats an earlier request with one thing changed (the probe's
    `change` or `differs`). Its own answer selects the branch, but the symptoms of the suspects are
    compared with the earlier observation, to which the fact `id` = the branch's label is added.
    `skip_to`: the step that follows if the user skips this one, or None if that is not safe.
    `healthy_only`: True if the walk ends before this step while there is a current match.
    """

    id: str
    stage: str
    title: str
    why: str
    act: Probe | Question | Save
    branches: tuple[Branch, ...]
    experiment: bool = False
    skip_to: str | None = None
    healthy_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The whole tree. `steps`: by id, in reading order. `start`: the id of the first one."""

    stages: tuple[Stage, ...]
    steps: Mapping[str, Step]
    start: str

    def first_of(self, stage: str) -> str:
        """Return the id of the first step of a stage. KeyError if it has none."""
        for step in self.steps.values():
            if step.stage == stage:
                return step.id
        raise KeyError(stage)
