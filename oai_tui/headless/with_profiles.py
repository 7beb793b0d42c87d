"""Runs what a command does with the keyring: within a deadline, with every failure of the keyring said in words and given its exit code."""

from collections.abc import Callable, Coroutine
from typing import Any

from oai_tui.domain.errors import KeyringError
from oai_tui.headless.console import print_note
from oai_tui.headless.timeout import run_with_timeout
from oai_tui.headless.unlocking import open_profile_store
from oai_tui.knowledge.keyring_advice import FILE, state_clause
from oai_tui.reports.exit_codes import KEYRING, USAGE
from oai_tui.services.build import Services

DEADLINE_S = 30.0
Act = Callable[[Services], Coroutine[Any, Any, int]]


def run_with_keyring(act: Act, name: str | None = None, *, seconds: float = DEADLINE_S) -> int:
    """The exit code of `act`, which may raise KeyringProblem, or KeyError when there is no profile `name`."""
    services = open_profile_store()

    async def main() -> int:
        try:
            return await act(services)
        except KeyringError as problem:
            return print_keyring_error(services, problem)
        except KeyError as missing:
            return await print_unknown_profile(
                services, name or str(missing.args[0] if missing.args else "")
            )
        finally:
            await services.aclose()

    return run_with_timeout(
        seconds,
        main,
        late=lambda: print_keyring_error(services, KeyringError("slow", "no answer")),
        finish=lambda code: code,
    )


def print_keyring_error(services: Services, problem: KeyringError) -> int:
    """Say what the keyring's failure means and what to do next on this machine; the exit code."""
    step = services.keyring_step(problem.state)
    said = (
        state_clause(problem.state)
        if not services.uses_file
        else services.keyring_said(problem.state).rstrip(".").lower()
    )
    print_note(f"{said}." + (f" It said: {problem.detail}" if problem.detail else ""))
    print_note(f"{step.text} Run: {step.command}")
    if not services.uses_file and problem.state in {"unavailable", "insecure"}:
        print_note(f"or keep profiles in a file that is encrypted under a passphrase: {FILE}")
    return KEYRING


async def print_unknown_profile(services: Services, name: str) -> int:
    """Say that there is no such profile, and which there are; the exit code."""
    try:
        names = await services.vault.names()
    except KeyringError as problem:
        return print_keyring_error(services, problem)
    print_note(
        f"there is no profile {name!r}. "
        + (f"Saved are: {', '.join(names)}" if names else "None is saved")
    )
    return USAGE
