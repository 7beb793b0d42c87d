"""Source: a key from standard input."""

from typing import IO

from oai_tui.domain.errors import CredentialError
from oai_tui.domain.keys.secret import Secret

LIMIT = 64 * 1024
"""Bytes that a source may give: no key is nearly as long."""


def read_stdin(stream: IO[bytes] | IO[str]) -> Secret:
    """Return all that `stream` holds, without one newline at its end.

    Bytes that are not UTF-8 stay in the key, as characters that its defects name.

    CredentialError if the stream is a terminal, cannot be read, is empty, or holds more than LIMIT
    bytes.
    """
    if stream.isatty():
        raise CredentialError(
            "standard input is a terminal: pipe the key in, or use another source"
        )
    try:
        data = getattr(stream, "buffer", stream).read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise CredentialError(f"standard input can't be read ({type(error).__name__})") from None
    raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
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
    """Return the key that `source` gave: `raw` without one newline at its end.

    CredentialError if that is empty, or if `raw` has more than LIMIT bytes.
    """
    if len(raw) > LIMIT:
        raise CredentialError(f"{source} contains more than {LIMIT // 1024} KB, which is not a key")
    text = raw.decode("utf-8", "surrogateescape")
    text = text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
    if not text:
        raise CredentialError(f"{source} returned nothing")
    return Secret(text)
