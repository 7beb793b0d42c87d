"""How a program ended, in words."""

import signal
from contextlib import suppress

_KNOWN = {126: " (found, but not executable)", 127: " (not found)"}


def exit_words(code: int) -> str:
    """Return how a program ended: "failed with exit code 1", "was killed by signal 9 (SIGKILL)".

    code: the returncode of Popen, which is negative for a signal.
    """
    if code >= 0:
        return f"failed with exit code {code}{_KNOWN.get(code, '')}"
    name = ""
    with suppress(ValueError):
        name = f" ({signal.Signals(-code).name})"
    return f"was killed by signal {-code}{name}"
