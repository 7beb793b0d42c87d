"""The passphrase of the encrypted file.

It comes from a file descriptor or a command that the environment names, or is asked for on the
terminal. It never comes from an argument or from the value of a variable, which others can read.
"""

import os
import sys
from collections.abc import Callable, Mapping

from oai_tui.credentials.sources.command import output_of
from oai_tui.domain.errors import CredentialError, KeyringError
from oai_tui.domain.keys.secret import Secret

DESCRIPTOR = "OAI_TUI_PASSPHRASE_FD"
COMMAND = "OAI_TUI_PASSPHRASE_COMMAND"
_MAX_BYTES = 4096
"""Bytes that are read from a descriptor."""
COMMAND_LIMIT_S = 15.0


def is_given(env: Mapping[str, str]) -> bool:
    """Return True if the environment names a descriptor or a command, so nobody is asked."""
    return bool(env.get(DESCRIPTOR) or env.get(COMMAND))


def given(env: Mapping[str, str]) -> Secret | None:
    """Return the passphrase from what the environment names, or None if it names nothing.

    Blocking. KeyringError("locked") if what it names gives no passphrase.
    """
    try:
        if number := env.get(DESCRIPTOR):
            return _from_descriptor(number)
        if command := env.get(COMMAND):
            return _first_line(output_of(command, COMMAND_LIMIT_S), f"the command in {COMMAND}")
    except CredentialError as error:
        raise KeyringError("locked", f"{COMMAND}: {error.text}") from None
    return None


def _from_descriptor(number: str) -> Secret:
    """The first line of a descriptor, which is closed, so no child process inherits it."""
    try:
        with open(int(number), "rb") as stream:
            raw = stream.read(_MAX_BYTES)
    except (OSError, ValueError):
        raise KeyringError("locked", f"{DESCRIPTOR} is not a readable file descriptor") from None
    return _first_line(raw, f"the file descriptor in {DESCRIPTOR}")


def _first_line(raw: bytes, source: str) -> Secret:
    line = raw.decode("utf-8", "surrogateescape").partition("\n")[0].removesuffix("\r")
    if not line:
        raise KeyringError("locked", f"{source} returned nothing")
    return Secret(line)


def can_ask() -> bool:
    """Return True if there is a terminal on which to ask without an echo."""
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
    """Ask for a passphrase on the terminal; None if it is left empty.

    `about`: what it opens. `twice`: for a new one, which is asked for until both texts are equal
    and have `least` characters. `say`: prints a sentence. Blocks until the user answers;
    KeyboardInterrupt on Ctrl+C.
    """
    from getpass import getpass

    while True:
        passphrase = Secret(getpass(f"Passphrase for {about}: "))
        if not passphrase or not twice:
            return passphrase or None
        if passphrase.length < least:
            say(f"a new passphrase needs at least {least} characters; use several words")
        elif Secret(getpass("Repeat the passphrase: ")) == passphrase:
            return passphrase
        else:
            say("the two entries don't match; enter both again")
