"""A key from standard input: piped, or typed at the terminal."""

from typing import IO

from oai_tui.domain.errors import CredentialError
from oai_tui.domain.keys.secret import Secret

LIMIT = 64 * 1024
"""Bytes: no key is nearly as long."""


def read_stdin(stream: IO[bytes] | IO[str]) -> Secret:
    """All that `stream` holds, less the newline at its end. Bytes that are no UTF-8 stay in the key, as characters that its defects name.

    CredentialProblem when it is a terminal, cannot be read, holds nothing, or holds more than LIMIT bytes.
    """
    if stream.isatty():
        raise CredentialError(
            "standard input is a terminal: pipe the key in, or use another source"
        )
    try:
        found = getattr(stream, "buffer", stream).read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise CredentialError(f"standard input cannot be read ({type(error).__name__})") from None
    raw = found.encode("utf-8", "surrogateescape") if isinstance(found, str) else found
    return secret_of(raw, "standard input")


def read_prompt(question: str) -> Secret:
    """Return what a person types or pastes after `question`, without an echo.

    Blocks until Enter. KeyboardInterrupt on Ctrl+C; otherwise raises what `secret_of` raises.
    """
    import getpass  # imports termios, and few commands ask

    try:
        text = getpass.getpass(question)
    except EOFError:
        text = ""
    return secret_of(text.encode("utf-8", "surrogateescape"), "the terminal")


def secret_of(raw: bytes, source: str) -> Secret:
    """The key in what `source` gave: `raw` less exactly one newline at its end. CredentialProblem when that is empty or `raw` is over LIMIT."""
    if len(raw) > LIMIT:
        raise CredentialError(f"{source} gave more than {LIMIT // 1024} KB, which is no key")
    text = raw.decode("utf-8", "surrogateescape")
    text = text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
    if not text:
        raise CredentialError(f"{source} gave nothing")
    return Secret(text)
