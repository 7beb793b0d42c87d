"""For every state of a keyring on every machine there is a next step with an exact command."""

import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from oai_tui.knowledge.keyring_advice import (
    FILE_MESSAGES,
    FILE_STEPS,
    NEXT_STEPS,
    UNSET_BACKEND,
    KeyringStep,
    next_step,
    state_clause,
    state_sentence,
)
from oai_tui.system.machine import Machine

STATES = ("unavailable", "locked", "slow", "refused", "insecure", "differs")


@pytest.mark.parametrize("machine", get_args(Machine))
@pytest.mark.parametrize("state", STATES)
def test_there_is_a_step(state: str, machine: Machine) -> None:
    step = next_step(state, machine)
    assert (step.state, bool(step.command), step.text.endswith(".")) == (state, True, True)
    assert not step.machines or machine in step.machines


@pytest.mark.parametrize(
    "step",
    [*NEXT_STEPS, UNSET_BACKEND, *FILE_STEPS.values()],
    ids=lambda step: f"{step.state} {' '.join(step.machines)}",
)
def test_every_command_is_one_that_a_shell_can_read(step: KeyringStep) -> None:
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run([bash, "-n", "-c", step.command], capture_output=True)
    assert done.returncode == 0


def test_a_back_end_that_a_variable_names_comes_first() -> None:
    assert (
        next_step("unavailable", "desktop", backend_named=True).command
        == "unset PYTHON_KEYRING_BACKEND"
    )
    assert (
        next_step("locked", "desktop", backend_named=True).command != "unset PYTHON_KEYRING_BACKEND"
    )


def test_keyring_is_called_as_it_can_be_called_here() -> None:
    step = next_step("differs", "desktop", keyring_program="/opt/python -m keyring")
    assert step.command == (
        "/opt/python -m keyring set oai-tui test && /opt/python -m keyring get oai-tui test"
    )
    unlock = next_step("slow", "headless", keyring_program="/opt/python -m keyring")
    assert "/opt/python" not in unlock.command
    assert "gnome-keyring-daemon" in unlock.command


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_its_words(state: str) -> None:
    assert state_sentence(state).endswith(".")
    assert state_clause(state) != state_clause("something new")
    assert next_step(state, "ssh", file=Path("/data/own.enc")).text


@pytest.mark.parametrize("state", FILE_STEPS)
@pytest.mark.parametrize("machine", ["desktop", "windows"])
def test_commands_about_the_file_name_the_file_in_use(state: str, machine: Machine) -> None:
    step = next_step(state, machine, file=Path("/my data/own.enc"))
    if state in {"differs", "refused"}:
        assert "'/my data" in step.command
    assert not {"{", "~"} & set(step.command)


def test_a_damaged_file_is_moved_to_a_name_of_its_own() -> None:
    step = next_step("differs", "desktop", file=Path("/data/own.enc"))
    assert step.command == "mv /data/own.enc /data/own.enc.damaged"


def test_a_setting_that_names_no_store_is_the_next_step() -> None:
    assert "OAI_TUI_STORE" in next_step("unavailable", "container", bad_setting=True).command


def test_want_of_memory_has_its_words() -> None:
    assert "memory" in state_sentence("memory", file=True)
    assert "memory" in next_step("memory", "desktop", file=Path("/data/own.enc")).text


def test_windows_limit_is_named() -> None:
    assert "2,560 bytes" in next_step("refused", "windows").text


def test_each_row_can_be_reached() -> None:
    reached = {next_step(state, machine) for state in STATES for machine in get_args(Machine)}
    assert [step.text for step in NEXT_STEPS if step not in reached] == []
    assert set(FILE_MESSAGES) == set(FILE_STEPS)
