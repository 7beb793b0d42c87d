"""A key typed at a terminal, unseen."""

import getpass

from oai_tui.credentials.sources.stdin import secret_of
from oai_tui.domain.keys.secret import Secret


def read_prompt(question: str) -> Secret:
    """What a person types or pastes after `question`, without an echo. Blocks until Enter; KeyboardInterrupt on Ctrl+C. Raises what `secret_of` raises when that is nothing or far too much."""
    try:
        text = getpass.getpass(question)
    except EOFError:
        text = ""
    return secret_of(text.encode("utf-8", "surrogateescape"), "the terminal")
