"""The passphrase of the encrypted file: from a descriptor or a command that the environment names, or asked on the terminal. Never from an argument or a variable's value, which others can read."""

import os
import sys
from collections.abc import Callable, Mapping

from oai_tui.credentials.sources.command import output_of
from oai_tui.domain.errors import CredentialError, KeyringError
from oai_tui.domain.keys.secret import Secret

DESCRIPTOR = "OAI_TUI_PASSPHRASE_FD"
COMMAND = "OAI_TUI_PASSPHRASE_COMMAND"
_LIMIT = 4096
COMMAND_LIMIT_S = 15.0


def is_given(env: Mapping[str, str]) -> bool:
    """Whether the environment names a descriptor or a command, so that nobody needs to be asked."""
    return bool(env.get(DESCRIPTOR) or env.get(COMMAND))


def given(env: Mapping[str, str]) -> Secret | None:
    """The passphrase that the environment leads to, None when it names neither. Blocking. KeyringProblem("locked") when what it names gives none."""
    try:
        if number := env.get(DESCRIPTOR):
            return _from_descriptor(number)
        if command := env.get(COMMAND):
            return _first_line(
                output_of(command, COMMAND_LIMIT_S), f"the command that {COMMAND} names"
            )
    except CredentialError as problem:
        raise KeyringError("locked", f"{COMMAND}: {problem.text}") from None
    return None


def _from_descriptor(number: str) -> Secret:
    """Its first line. The descriptor is read to its end and closed, so that no child process inherits it."""
    try:
        with open(int(number), "rb") as stream:
            raw = stream.read(_LIMIT)
    except (OSError, ValueError):
        raise KeyringError("locked", f"{DESCRIPTOR} names no descriptor that can be read") from None
    return _first_line(raw, f"the descriptor that {DESCRIPTOR} names")


def _first_line(raw: bytes, source: str) -> Secret:
    line = raw.decode("utf-8", "surrogateescape").partition("\n")[0].removesuffix("\r")
    if not line:
        raise KeyringError("locked", f"{source} gave nothing")
    return Secret(line)


def can_ask() -> bool:
    """Whether there is a terminal on which to ask without an echo."""
    if sys.platform == "win32":
        return sys.stdin is not None and sys.stdin.isatty()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def asked(
    about: str, *, twice: bool, least: int = 0, say: Callable[[str], None] = lambda text: None
) -> Secret | None:
    """Ask on the terminal; `twice` for a new one, until both are equal and have `least` characters. None when it is left empty. Blocks until the person answers; Ctrl+C ends it."""
    from getpass import getpass

    while True:
        found = Secret(getpass(f"Passphrase of {about}: "))
        if not found or not twice:
            return found or None
        if found.length < least:
            say(f"a new passphrase has {least} characters or more; several words are good")
        elif Secret(getpass("The same once more: ")) == found:
            return found
        else:
            say("the two differ; please type it twice again")
