"""What becomes of an output stream after a write to it has failed."""

import os
from typing import TextIO


def silence(stream: TextIO) -> None:
    """Write nothing more to a stream, and let it succeed: at exit, too, when Python flushes it."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


def discard_unwritten(stream: TextIO) -> None:
    """Forget the text that could not be written. The next text is written to the stream again.

    A full disk may have space then; and a failure that is not met again would look like a success.
    """
    kept = os.dup(stream.fileno())
    try:
        silence(stream)
        stream.flush()
    finally:
        os.dup2(kept, stream.fileno())
        os.close(kept)
