"""Output of a command: the report to stdout or a file, notes and progress to stderr."""

import os
import stat
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import click

from oai_tui.reports.style import PLAIN, ColorChoice, Style, style_for
from oai_tui.system.failed_stream import discard_unwritten, silence
from oai_tui.system.standard_error import write_stderr


class OutputError(click.ClickException):
    """This machine cannot write the output."""

    exit_code = 10


def stdout_style(choice: ColorChoice = "auto") -> Style:
    """Return the style of a page for stdout: colours, Unicode, width.

    Without --color and a variable about colours, the setting `color` decides.
    """
    if choice == "auto" and not os.environ.get("NO_COLOR") and not os.environ.get("FORCE_COLOR"):
        from oai_tui.services.settings import load_settings  # not all commands print a page

        choice = load_settings(os.environ).color
    stream = sys.stdout
    terminal = stream is not None and stream.isatty()
    return style_for(
        terminal=terminal,
        encoding=getattr(stream, "encoding", None),
        columns=_columns() if terminal else 0,
        env=os.environ,
        choice=choice,
    )


def _columns() -> int:
    """Return the width of the terminal."""
    import shutil  # imports compression modules, so only where it is needed

    return shutil.get_terminal_size().columns


def print_report(page: str) -> None:
    """Write `page` to stdout; a closed pipe (`| head`) is ignored.

    OutputError if writing fails in another way.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(page)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
    except OSError as error:
        discard_unwritten(sys.stdout)
        raise OutputError(f"cannot write to standard output: {error.strerror}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notes:
    """The notes of a block that repeats its work. held: keeps them in place of printing them."""

    printed: dict[str, None]
    held: deque[str] | None


_MAX_PRINTED = 1000
_notes: ContextVar[_Notes | None] = ContextVar("_notes", default=None)


@contextmanager
def notes_once(*, held: deque[str] | None = None) -> Iterator[None]:
    """Print each note only once in this block, which repeats the same work again and again.

    held: gets the notes in place of stderr, for a page that a line between would break.
    """
    token = _notes.set(_Notes(printed={}, held=held))
    try:
        yield
    finally:
        _notes.reset(token)


def _is_repeated(text: str) -> bool:
    """Return True for a note that needs no printing, and remember it."""
    notes = _notes.get()
    if notes is None or text in notes.printed:
        return notes is not None
    if len(notes.printed) >= _MAX_PRINTED:
        notes.printed.pop(next(iter(notes.printed)))
    notes.printed[text] = None
    if notes.held is None:
        return False
    notes.held.append(text)
    return True


def print_note(text: str) -> None:
    """Print one line on stderr, redacted and without control characters."""
    from oai_tui.domain.keys.redaction import Redactor, visible

    text = visible(Redactor()(text))
    if not _is_repeated(text):
        write_stderr(f"oai-tui: {text}\n")


class ProgressLine:
    """A progress line on stderr that replaces itself; draws nothing if stderr is no terminal."""

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled and can_draw_progress()
        self._drawn = False

    def draw(self, text: str) -> None:
        """Replace the line with `text`."""
        if self._enabled:
            write_stderr(f"\r\x1b[K{text}")
            self._drawn = bool(text)

    def clear(self) -> None:
        """Erase the line, if one was drawn."""
        if self._drawn:
            self.draw("")


def can_draw_progress() -> bool:
    """Return True when stderr is a terminal that can move its cursor."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def can_confirm() -> bool:
    """Return True if a question can be asked: stdin and stderr are terminals."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def check_writable(path: Path) -> None:
    """Raise BadParameter for an output file that cannot be written, before any work is done."""
    folder = path.resolve().parent
    if path.is_dir():
        raise click.BadParameter(f"{path} is a directory", param_hint="--output")
    if not folder.is_dir():
        raise click.BadParameter(f"the directory {folder} does not exist", param_hint="--output")
    if not os.access(folder if not path.exists() else path, os.W_OK):
        raise click.BadParameter(f"cannot write {path}: permission denied", param_hint="--output")


def report_style(output: Path | None, color: ColorChoice) -> Style:
    """Return the style of a report: plain for a file, else that of stdout."""
    return PLAIN if output is not None else stdout_style(color)


def deliver_report(
    page: str, output: Path | None, *, with_note: bool = True, mode: int = 0o600
) -> None:
    """Write a report to its file, or to stdout for None. with_note: name the file on stderr.

    mode: the permissions of the file.

    A report that cannot be written to its file goes to stdout, and OutputError is raised.
    """
    if output is None:
        print_report(page)
        return
    try:
        write_report_file(output, page, mode=mode)
    except OutputError:
        print_report(page)
        raise
    if with_note:
        print_note(f"report saved to {output}")


def write_report_file(path: Path, page: str, *, mode: int = 0o600) -> None:
    """Write a file atomically, by default readable by its owner only; OutputError if that fails.

    What is not a regular file (/dev/null, a pipe) is written to directly. A file that may be
    written and not replaced (mounted by itself, in a folder of somebody else) is overwritten.
    """
    from oai_tui.system.atomic_write import replace_or_overwrite  # few commands write a file

    target = path.resolve()
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            with target.open("w", encoding="utf-8") as stream:
                stream.write(page)
            return
        replace_or_overwrite(target, page.replace("\n", os.linesep).encode("utf-8"), mode=mode)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from None
