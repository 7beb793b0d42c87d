"""The file of a saved report: its proposed name, its format, and writing it whole or not at all."""

import os
from datetime import datetime
from pathlib import Path

from oai_tui.domain.errors import OaiTuiError
from oai_tui.system.atomic_write import atomic_write
from oai_tui.system.paths import error_reason

FORMATS = {".md": "markdown", ".markdown": "markdown", ".json": "json", ".txt": "text"}
"""Ending of the file's name, in lower case -> the format of the report."""
ENDINGS = ".md (Markdown), .json or .txt"


class SaveError(OaiTuiError):
    """A report was not saved. The text says why and what to do, without anything of the report."""


def proposed_name(now: datetime) -> str:
    """Return a file name for the working folder: "oai-tui-20261123-0800.md"."""
    return f"oai-tui-{now:%Y%m%d-%H%M}.md"


def chosen_path(name: str) -> tuple[Path, str]:
    """Return the path that was typed, with `~` expanded, and the format of the report.

    Raises SaveError for a name that cannot be used.
    """
    if not name.strip():
        raise SaveError("Type a file name.")
    if "\0" in name:
        raise SaveError("The name has a character that no file name can have.")
    try:
        path = Path(name.strip()).expanduser()
    except RuntimeError:
        raise SaveError("There is no such user. Type the whole path.") from None
    format = FORMATS.get(path.suffix.lower())
    if format is None:
        raise SaveError(f"The name must end in {ENDINGS}.")
    if not path.parent.is_dir():
        raise SaveError(f"The folder {path.parent} doesn't exist. Create it, or type another path.")
    if path.exists() and not path.is_file():
        raise SaveError(f"{path} is not a regular file. Type another name.")
    return path, format


def is_taken(path: Path) -> bool:
    """Return True if there is something of this name, a link that points nowhere included."""
    return os.path.lexists(path)


def write_report(path: Path, page: str, *, replace: bool) -> Path:
    """Write the report, readable by its owner only. Return its absolute path.

    FileExistsError if there is such a file and `replace` is False; SaveError if it cannot be
    written. The old file is then unchanged.
    """
    if not replace and is_taken(path):
        raise FileExistsError(path)
    try:
        atomic_write(path, page.replace("\n", os.linesep).encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error_reason(error)
        raise SaveError(f"{path} was not saved: {reason}. Type another path.") from None
    return Path(os.path.abspath(path))
