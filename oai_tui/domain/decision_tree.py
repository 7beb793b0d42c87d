"""The decision tree as a value: stages, steps, acts and branches. knowledge/tree.py fills it; diagnosis/ interprets, draws and audits it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.condition import When
from oai_tui.domain.target import Change

Mark = Literal["passed", "failed", "warning", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the stops of the walk that people see. `needs`: stages that must have run before it, whatever was asked for."""

    id: str
    title: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Run the probe `name`, on a target or key with one thing changed when `change` is given (an experiment). `differs`: what the probe itself changes, in a word, where no Change can say it ("key", "scheme")."""

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
    """

    id: str
    label: str
    agrees_to_server: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Ask the person. `id` tells the faces which question it is. `text_fact`: the fact that keeps what was typed with the answer ("profile_name"), "" for a plain choice."""

    id: str
    text: str
    options: tuple[Option, ...]
    text_fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One way on from a step. `label` is a stable word, which becomes the value of the fact named after an experiment.

    `suspects`: causes in order; the first whose signs hold is accused, the last needs none. An accusation is final where `goto` is None and held while the walk goes on where it is not.
    `clears`: taking this branch drops a held accusation to a warning, because access was proved all the same. `goto`: the next step, None to end.
    """

    when: When
    label: str
    mark: Mark
    suspects: tuple[str, ...] = ()
    goto: str | None = None
    clears: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stop: an act and its branches, of which the last catches all.

    `experiment`: the act repeats an earlier question with one thing changed; its branches are chosen by its own answer, but its suspects are judged by the
    earlier observation together with the fact `id` = the branch's label. The one thing is the probe's `change`, or what it `differs` in. `skip_to`: where a skip leads, None where skipping is not safe. `healthy_only`: the walk ends before this step while an accusation is held.
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
    """The whole drawing; `steps` in reading order, `start` the first of them."""

    stages: tuple[Stage, ...]
    steps: Mapping[str, Step]
    start: str

    def first_of(self, stage: str) -> str:
        """The id of the first step of a stage; KeyError when there is none."""
        for step in self.steps.values():
            if step.stage == stage:
                return step.id
        raise KeyError(stage)
