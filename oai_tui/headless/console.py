"""Where a command's words go: the report to stdout or a file, everything else to stderr."""

import os
import stat
import sys
from pathlib import Path

import click

from oai_tui.reports.style import ColorChoice, Style, style_for


def stdout_style(choice: ColorChoice = "auto") -> Style:
    """The look of a page that goes to stdout."""
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
    """The terminal's width."""
    import shutil  # loads compression and more, so not before it is needed

    return shutil.get_terminal_size().columns


def print_report(page: str) -> None:
    """Write `page` to stdout. A reader that has gone away (`| head`) is no error; a stream that cannot be written to is a usage error."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(page)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.ClickException(
            f"standard output cannot be written to: {error.strerror}"
        ) from None


def print_note(text: str) -> None:
    """One line on stderr, safe to show."""
    from oai_tui.domain.keys.redaction import Redactor, visible

    if sys.stderr is not None:
        sys.stderr.write(f"oai-tui: {visible(Redactor()(text))}\n")
        sys.stderr.flush()


class ProgressLine:
    """One line on a terminal's stderr, drawn over the one before; nothing is drawn elsewhere."""

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled and can_draw_progress()
        self._drawn = False

    def draw(self, text: str) -> None:
        """Replace the line with `text`."""
        if self._enabled:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._drawn = bool(text)

    def clear(self) -> None:
        """Take the line off the terminal, if one was drawn."""
        if self._drawn:
            self.draw("")


def can_draw_progress() -> bool:
    """Return True when stderr is a terminal that can move its cursor."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def check_writable(path: Path) -> None:
    """Refuse early, as a usage error, an output file that can never be written."""
    folder = path.resolve().parent
    if path.is_dir():
        raise click.BadParameter(f"{path} is a folder", param_hint="--output")
    if not folder.is_dir():
        raise click.BadParameter(f"the folder {folder} does not exist", param_hint="--output")
    if not os.access(folder if not path.exists() else path, os.W_OK):
        raise click.BadParameter(
            f"{path} cannot be written to: permission denied", param_hint="--output"
        )


def write_report_file(path: Path, page: str) -> None:
    """Write `page` whole or not at all, readable by the owner alone (0600). What is not a regular file (/dev/null, a pipe) is written to as it is. A failure is a usage error."""
    from oai_tui.system.atomic_write import atomic_write  # few commands write a file

    goal = path.resolve()
    try:
        if goal.exists() and not stat.S_ISREG(goal.stat().st_mode):
            with goal.open("w", encoding="utf-8") as stream:
                stream.write(page)
            return
        atomic_write(goal, page.replace("\n", os.linesep).encode("utf-8"))
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
