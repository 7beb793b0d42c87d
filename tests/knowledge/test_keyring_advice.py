"""For every state of a keyring on every machine there is a next step with an exact command."""

import shutil
import subprocess
from typing import get_args

import pytest

from oai_tui.knowledge.keyring_advice import FILE_STEPS, NULL, SAID, SAID_OF_FILE, STEPS, step_for
from oai_tui.system.machine import Machine

STATES = ("unavailable", "locked", "slow", "refused", "insecure", "differs")


@pytest.mark.parametrize("machine", get_args(Machine))
@pytest.mark.parametrize("state", STATES)
def test_there_is_a_step(state: str, machine: Machine) -> None:
    step = step_for(state, machine)
    assert (step.state, bool(step.command), step.text.endswith(".")) == (state, True, True)
    assert not step.machines or machine in step.machines


@pytest.mark.parametrize(
    "step",
    [*STEPS, NULL, *FILE_STEPS.values()],
    ids=lambda step: f"{step.state} {' '.join(step.machines)}",
)
def test_every_command_is_one_that_a_shell_can_read(step: object) -> None:
    bash = shutil.which("bash")
    assert bash
    assert subprocess.run([bash, "-n", "-c", step.command], capture_output=True).returncode == 0  # type: ignore[attr-defined]


def test_a_back_end_that_a_variable_names_is_told_first() -> None:
    assert (
        step_for("unavailable", "desktop", backend_named=True).command
        == "unset PYTHON_KEYRING_BACKEND"
    )
    assert (
        step_for("locked", "desktop", backend_named=True).command != "unset PYTHON_KEYRING_BACKEND"
    )


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_words(state: str) -> None:
    assert SAID[state].endswith(".")
    assert step_for(state, "ssh", file=True).text


def test_windows_limit_is_named() -> None:
    assert "2,560 bytes" in step_for("refused", "windows").text


def test_each_row_can_be_reached() -> None:
    reached = {id(step_for(state, machine)) for state in STATES for machine in get_args(Machine)}
    assert [step.text for step in STEPS if id(step) not in reached] == []
    assert set(SAID_OF_FILE) == set(FILE_STEPS)
