"""Opens the profile store for a command, and runs what reads or writes profiles.

A failing store ends the command with an exit code of its own and the next step on this machine.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from oai_tui.credentials.store.encrypted_file import MIN_PASSPHRASE_LENGTH
from oai_tui.credentials.store.passphrase import asked, can_ask, is_given
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.profile import Profile
from oai_tui.headless.command_error import CommandError
from oai_tui.headless.console import ProgressLine, print_note
from oai_tui.headless.timeout import TimeLimitReached, run_with_timeout
from oai_tui.knowledge.keyring_advice import USE_FILE, state_clause
from oai_tui.reports.exit_codes import KEYRING, USAGE
from oai_tui.services.build import real_services
from oai_tui.services.services import Services

T = TypeVar("T")
STORE_TIMEOUT_S = 30.0
"""Seconds that a command waits for the next answer of the profile store."""
_DRAWN_AFTER = 200
"""Answers of the store after which the progress is shown; most reads need fewer."""
NO_ANSWER = KeyringError("slow", "no answer")
_MAX_TRIES = 3
"""Wrong passphrases after which the encrypted file stays locked."""


def open_profile_store() -> Services:
    """Return services whose profiles can be read.

    If profiles are in the encrypted file, its passphrase is asked for on the terminal, unless an
    environment variable says where it is. That happens here, because everything later has a
    deadline. Without a terminal, or after three wrong passphrases, the file stays locked, and the
    first use of it reports that.
    """
    services = real_services()
    file = services.profiles.file
    if file is None or not file.is_used or is_given(services.env) or not can_ask():
        return services
    is_new = not file.exists
    for _ in range(_MAX_TRIES):
        passphrase = asked(file.name, twice=is_new, least=MIN_PASSPHRASE_LENGTH, say=print_note)
        if passphrase is None:
            break
        try:
            file.unlock(passphrase)
        except KeyringError as error:
            print_note(error.detail)
            if error.state != "locked":
                break
        else:
            break
    return services


def run_with_profiles(
    services: Services,
    work: Coroutine[Any, Any, T],
    name: str = "",
    *,
    seconds: float = STORE_TIMEOUT_S,
) -> T:
    """Run `work`, which reads or writes profiles, and return its result.

    CommandError when the store fails or gives no answer for `seconds`, and when `work` raises
    KeyError because there is no profile `name`.
    """

    async def main() -> T:
        try:
            return await work
        except KeyringError as error:
            raise keyring_command_error(services, error) from None
        except KeyError as missing:
            unknown = name or str(missing.args[0] if missing.args else "")
            raise await unknown_profile_error(services, unknown) from None

    blocked = keyring_command_error(services, NO_ANSWER)
    try:
        return run_with_store(services, main(), when_blocked=blocked.report, seconds=seconds)
    except TimeLimitReached:
        raise blocked from None


def run_with_store(
    services: Services,
    work: Coroutine[Any, Any, T],
    *,
    when_blocked: Callable[[], int],
    seconds: float = STORE_TIMEOUT_S,
) -> T:
    """Run `work`, which reads or writes profiles, as long as the store answers.

    Hundreds of profiles take longer than `seconds`, so the time begins again with each answer. A
    terminal shows how many there were. Raises what run_with_timeout raises.
    """
    line = ProgressLine()

    def progress() -> int:
        answered = services.profiles.calls_answered
        if answered >= _DRAWN_AFTER:
            line.draw(f"… reading saved profiles: {answered} entries")
        return answered

    try:
        return run_with_timeout(work, seconds, when_blocked=when_blocked, progress=progress)
    finally:
        line.clear()


def save_profile(
    services: Services, name: str, diagnosis: Diagnosis, credential: Credential
) -> Profile:
    """Save a verified key and return the profile; CommandError when the store fails."""

    async def save() -> Profile:
        result = await services.profiles.save(name, diagnosis, credential)
        if result.profile is None:
            raise result.error or NO_ANSWER
        return result.profile

    return run_with_profiles(services, save(), name)


def keyring_command_error(services: Services, error: KeyringError) -> CommandError:
    """Return the error that describes a failure of the store and the next step on this machine."""
    profiles = services.profiles
    step = profiles.next_step(error.state)
    if profiles.uses_keyring:
        problem = state_clause(error.state)
    else:
        message = profiles.state_message(error.state).rstrip(".")
        problem = message if message.startswith("OAI_TUI") else message.lower()
    lines = [
        f"{problem}." + (f" Details: {error.detail}" if error.detail else ""),
        f"{step.text} Run: {step.command}",
    ]
    if profiles.uses_keyring and error.state in {"unavailable", "insecure"}:
        lines.append(f"or keep profiles in a passphrase-encrypted file: {USE_FILE}")
    return CommandError(tuple(lines), KEYRING)


async def unknown_profile_error(services: Services, name: str) -> CommandError:
    """Return the error about a profile that does not exist; it lists those that do."""
    try:
        names = await services.profiles.names()
    except KeyringError as error:
        return keyring_command_error(services, error)
    saved = f"Saved profiles: {', '.join(names)}" if names else "No profiles are saved"
    return CommandError((f"no profile {name!r}. {saved}",), USAGE)
