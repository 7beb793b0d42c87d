"""Copy a key to a place outside this machine, with the vendor's own program, and read it back.

The key is on the program's standard input only: its arguments and its environment have none.
"""

import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from oai_tui.credentials.places.destinations import Place, Write
from oai_tui.credentials.sources.env_names import KEYS
from oai_tui.credentials.store.vault import input_with_key
from oai_tui.domain.keys.secret import Secret
from oai_tui.system.program_exit import exit_words

ValueState = Literal["not-readable", "absent", "same", "other"]
_PAGER_OFF = {"AWS_PAGER": "", "PAGER": "cat"}
_MAX_OUTPUT = 4_000_000


class ProgramError(Exception):
    """A vendor's program failed. `words`: its command line. `printed`: its errors, not redacted."""

    def __init__(self, words: Sequence[str], reason: str, printed: str = "") -> None:
        super().__init__(reason)
        self.words = tuple(words)
        self.reason = reason
        self.printed = printed


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentValue:
    """What is in a place now. fingerprint: of a value other than the key, else "".

    printed: what the reading command printed; it can hold other secrets.
    """

    state: ValueState
    fingerprint: str = ""
    printed: str = field(default="", repr=False)


def read_place(place: Place, key: Secret, env: Mapping[str, str], timeout_s: float) -> CurrentValue:
    """Compare what is in the place with the key. Waits for at most about `timeout_s` seconds.

    ProgramError if the program fails, UnusableError if the place must not be changed.
    """
    destination = place.destination
    if not destination.read:
        return CurrentValue(state="not-readable")
    words = place.words(destination.read)
    try:
        printed = _run(words, b"", key, env, timeout_s)
    except ProgramError as error:
        if destination.absent is not None and destination.absent.search(error.printed):
            return CurrentValue(state="absent")
        raise
    value = destination.find(printed, place.names)
    if value is None or not value:
        return CurrentValue(state="absent", printed=printed)
    secret = Secret(value)
    if secret == key:
        return CurrentValue(state="same", printed=printed)
    return CurrentValue(state="other", fingerprint=secret.fingerprint, printed=printed)


def write_for(place: Place, current: CurrentValue) -> Write:
    """Return the command that stores the key: another one where there is nothing at all yet."""
    destination = place.destination
    is_new = current.state == "absent" and not current.printed
    return destination.create if is_new and destination.create else destination.update


def write_place(
    place: Place, current: CurrentValue, key: Secret, env: Mapping[str, str], timeout_s: float
) -> None:
    """Store the key. ProgramError if the program fails."""
    write = write_for(place, current)
    make = partial(_input, write, current.printed, place.names)
    _run(place.words(write.command), input_with_key(key, make), key, env, timeout_s)


def _input(write: Write, old: str, names: Mapping[str, str], key: str) -> str:
    return write.input(key, old, names)


def program_environment(env: Mapping[str, str], key: Secret) -> dict[str, str]:
    """Return the environment of a vendor's program: without OpenAI's keys, and without this one."""
    kept = {
        name: value for name, value in env.items() if name not in KEYS and key.scrub(value) == value
    }
    return kept | _PAGER_OFF


def _run(
    words: Sequence[str], data: bytes, key: Secret, env: Mapping[str, str], timeout_s: float
) -> str:
    """Run a program and return what it prints; ProgramError if it fails or takes too long.

    It keeps the terminal, on which it may ask for a password.
    """
    try:
        process = subprocess.Popen(
            words,
            env=program_environment(env, key),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise ProgramError(words, f"cannot be started: {error.strerror}") from None
    try:
        output, errors = process.communicate(data, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        with suppress(subprocess.TimeoutExpired):  # its own children can keep the pipes open
            process.communicate(timeout=1.0)
        raise ProgramError(words, f"took longer than {timeout_s:g} s") from None
    if process.returncode != 0:
        printed = errors.decode("utf-8", "replace")
        raise ProgramError(words, exit_words(process.returncode), printed)
    if len(output) > _MAX_OUTPUT:
        raise ProgramError(words, "printed more than 4 MB")
    return output.decode("utf-8", "surrogateescape")
