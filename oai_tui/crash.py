"""A fault of this program in one line: its type and its place in the code, no value, no message."""

import os
import traceback
from typing import Literal

FrontEnd = Literal["command", "wizard"]


def crash_line(error: BaseException | None, front_end: FrontEnd) -> str:
    """Return the line, without a newline; None is a fault of which nothing is known."""
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    own = [frame for frame in frames if "oai_tui" in frame.filename]
    kind = type(error).__name__
    if front_end == "command":
        place = f" in {os.path.basename(own[-1].filename)}:{own[-1].lineno}" if own else ""
        hint = "(OAI_TUI_DEBUG=1 shows more)"
        return f"oai-tui: our own fault: {kind}{place}; please report this line {hint}"
    place = ""
    if last := (own or list(frames))[-1:]:
        file = os.path.basename(last[0].filename)
        place = f" in {last[0].name} ({file}, line {last[0].lineno})"
    return f"oai-tui: our own fault: {kind}{place}. Please report this line."
