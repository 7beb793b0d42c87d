"""Runs what a command does with the keyring: within a deadline, with every failure of the keyring said in words and given its exit code."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from oai_tui.commands.ending import run_within
from oai_tui.commands.output import note
from oai_tui.domain.ports import KeyringProblem
from oai_tui.reports.exit_codes import KEYRING, USAGE
from oai_tui.wiring import Services, real_services

DEADLINE_S = 30.0
PROBLEMS: Mapping[str, str] = {
    "unavailable": "this machine has no usable keyring. Install and start a Secret Service such as gnome-keyring, inside a D-Bus session",
    "insecure": "the keyring back end that is chosen keeps keys as plain text, so it is not used. Choose another with PYTHON_KEYRING_BACKEND",
    "locked": "the keyring is locked. Unlock it (gnome-keyring-daemon --unlock asks for its password), then try again",
    "refused": "the keyring refused. Allow oai-tui to use it in the keyring's own dialog, then try again",
    "slow": "the keyring did not answer in time. Look whether its dialog waits on another screen, then try again",
    "differs": "the keyring gave back something else than was stored. Try the back end by itself: keyring --list-backends",
}
"""What each state of the keyring means to a person. The states are those of domain.ports.KeyringProblem."""

Act = Callable[[Services], Coroutine[Any, Any, int]]


def run_with_keyring(act: Act, name: str | None = None, *, seconds: float = DEADLINE_S) -> int:
    """The exit code of `act`, which may raise KeyringProblem, or KeyError when there is no profile `name`."""
    services = real_services()

    async def main() -> int:
        try:
            return await act(services)
        except KeyringProblem as problem:
            return explain(problem)
        except KeyError as missing:
            return await unknown(services, name or str(missing.args[0] if missing.args else ""))
        finally:
            await services.aclose()

    return run_within(seconds, main, late=lambda: explain(KeyringProblem("slow", "no answer")), finish=lambda code: code)


def explain(problem: KeyringProblem) -> int:
    """Say what the keyring's failure means; the exit code."""
    note(f"{PROBLEMS.get(problem.state, 'the keyring failed')}." + (f" It said: {problem.detail}" if problem.detail else ""))
    return KEYRING


async def unknown(services: Services, name: str) -> int:
    """Say that there is no such profile, and which there are; the exit code."""
    try:
        names = await services.vault.names()
    except KeyringProblem as problem:
        return explain(problem)
    note(f"there is no profile {name!r}. " + (f"Saved are: {', '.join(names)}" if names else "None is saved"))
    return USAGE
