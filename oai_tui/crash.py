"""The line about a crash: the type of the exception and where it was raised, without any value."""

import os
import traceback
from typing import Literal

FrontEnd = Literal["command", "wizard"]


def crash_line(error: BaseException | None, front_end: FrontEnd) -> str:
    """Return the line, without a newline and without the message of the exception.

    error: None if nothing is known about the crash.
    front_end: the wizard names the function and its line, a command the file and its line.
    """
    frames = list(traceback.extract_tb(error.__traceback__)) if error is not None else []
    own_frames = [frame for frame in frames if "oai_tui" in frame.filename]
    kind = type(error).__name__
    if front_end == "command":
        place = ""
        if own_frames:
            last = own_frames[-1]
            place = f" in {os.path.basename(last.filename)}:{last.lineno}"
        hint = "(OAI_TUI_DEBUG=1 shows more)"
        return f"oai-tui: internal error: {kind}{place}; please report this line {hint}"
    place = ""
    if frames:
        last = own_frames[-1] if own_frames else frames[-1]
        place = f" in {last.name} ({os.path.basename(last.filename)}, line {last.lineno})"
    return f"oai-tui: internal error: {kind}{place}. Please report this line."
