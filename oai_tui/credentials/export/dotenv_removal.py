"""Removes a key from a .env file: the statements that set it, and not one byte more.

The file is either changed completely or not at all.
"""

import io
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oai_tui.credentials.sources.env_names import KEYS
from oai_tui.domain.errors import RemovalError
from oai_tui.domain.keys.secret import Secret
from oai_tui.system.atomic_write import atomic_write
from oai_tui.system.paths import error_reason

_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A change that can be applied.

    `lines`: numbers of the lines on which statements begin that set the key. `left`: numbers of
    lines that have its text in another way (a comment, another variable) and stay. `before`,
    `after`: the contents of the file.
    """

    path: Path
    lines: tuple[int, ...]
    left: tuple[int, ...]
    before: bytes = b""
    after: bytes = b""

    def __repr__(self) -> str:
        return f"Removal({self.path}, lines={self.lines})"


def find_removal(path: Path, secret: Secret, env: Mapping[str, str]) -> Removal:
    """Return what would be removed from the file; no lines if it does not set this key.

    `env` gives the values for ${NAME}, as in `load_dotenv`. RemovalError if the file cannot be
    read as text.
    """
    try:
        before = path.read_bytes()
        text = before.decode("utf-8")
    except OSError as error:
        raise RemovalError(f"{path} can't be read: {error_reason(error)}") from None
    except UnicodeDecodeError:
        raise RemovalError(f"{path} is not UTF-8 text") from None
    if len(before) > _LIMIT:
        raise RemovalError(f"{path} is larger than 1 MB")
    after, lines = _without(text, secret, env)
    left = tuple(
        number for number, line in enumerate(after.splitlines(), 1) if secret.scrub(line) != line
    )
    return Removal(path=path, lines=lines, left=left, before=before, after=after.encode("utf-8"))


def apply_removal(removal: Removal) -> None:
    """Replace the file by a new one with the same mode, in one step.

    RemovalError if the file has changed since it was read, or cannot be written.
    """
    goal = Path(os.path.realpath(removal.path))
    try:
        if goal.read_bytes() != removal.before:
            raise RemovalError(f"{removal.path} was changed by another program in the meantime")
        mode = stat.S_IMODE(goal.stat().st_mode)
        atomic_write(goal, removal.after, mode=mode, keep_owner=True)
    except OSError as error:
        raise RemovalError(f"{removal.path} can't be written: {error_reason(error)}") from None


def _without(text: str, secret: Secret, env: Mapping[str, str]) -> tuple[str, tuple[int, ...]]:
    """The text without the statements that set the key, and the lines on which they began.

    To the parser, blanks before a statement are part of it; those that are whole lines stay.
    """
    from dotenv.parser import parse_stream
    from dotenv.variables import parse_variables

    kept: list[str] = []
    lines: list[int] = []
    values: dict[str, str | None] = {}
    line = 1
    for entry in parse_stream(io.StringIO(text, newline="")):
        whole = entry.original.string
        value = None
        if entry.value is not None:
            atoms = parse_variables(entry.value)
            value = "".join(atom.resolve({**values, **env}) for atom in atoms)
        if entry.key is not None:
            values[entry.key] = value
        if entry.key in KEYS and value and Secret(value) == secret:
            blanks = whole[: len(whole) - len(whole.lstrip())]
            before = blanks[: max(blanks.rfind("\n"), blanks.rfind("\r")) + 1]
            kept.append(before)
            lines.append(line + _newlines(before))
        else:
            kept.append(whole)
        line += _newlines(whole)
    return "".join(kept), tuple(lines)


def _newlines(text: str) -> int:
    """The number of line ends: LF, CR LF or CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
