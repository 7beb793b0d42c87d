"""Questions and answers line by line on standard input and output: a terminal or two pipes."""

import asyncio
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.headless.console import stdout_style

_YES = "yes"
_NO = frozenset({"no", "n", ""})


class InputEnded(Exception):  # noqa: N818  names a condition, not a mistake
    """Standard input has no more lines."""


class LineDialog:
    """Says and asks. No control sequences are written, and no line is changed afterwards.

    known_secrets: returns the keys that must never be printed.
    """

    def __init__(self, known_secrets: Callable[[], Iterable[Secret]]) -> None:
        self._known_secrets = known_secrets
        self._style = stdout_style("never")
        self._wraps = sys.stdout is not None and sys.stdout.isatty()
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="surrogateescape")

    def say(self, text: str = "", *, indent: str = "", verbatim: bool = False) -> None:
        """Print a text, each of its lines wrapped on a terminal.

        verbatim: do not wrap, because people copy it.
        """
        safe = visible(Redactor(self._known_secrets())(text))
        for line in safe.split("\n"):
            self._write("".join(f"{each}\n" for each in self._lines(line, indent, verbatim)))

    def _lines(self, line: str, indent: str, verbatim: bool) -> Sequence[str]:
        if verbatim or not self._wraps:
            return [f"{indent}{line}".rstrip()]
        return textwrap.wrap(
            line,
            self._style.width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
        ) or [""]

    def ask(self, prompt: str) -> str:
        """Return the line that is typed, without blanks around it. InputEnded if there is none."""
        with _keyboard_interrupt():
            self._write(f"{self._style.encodable(visible(prompt))} ")
            line = sys.stdin.readline() if sys.stdin is not None else ""
        if not sys.stdin or not sys.stdin.isatty():
            self._write("\n")  # the terminal would have shown the end of the line
        if not line:
            raise InputEnded
        return line.strip()

    def ask_secret(self, prompt: str) -> Secret | None:
        """Return what is typed without showing it; None if it is empty. InputEnded at the end."""
        if sys.stdin is not None and sys.stdin.isatty():
            import getpass

            try:
                with _keyboard_interrupt():
                    text = getpass.getpass(f"{prompt} ")
            except EOFError:
                raise InputEnded from None
        else:
            self._write(f"{prompt} ")
            line = sys.stdin.readline() if sys.stdin is not None else ""
            self._write("\n")
            if not line:
                raise InputEnded
            text = line.removesuffix("\n")
        return Secret(text) if text.strip() else None

    def ask_yes(self, question: str = "") -> bool:
        """Return True only for the whole word "yes"; Enter means no."""
        prompt = f"{question} Type yes or no; Enter means no:".lstrip()
        while True:
            answer = self.ask(prompt).lower()
            if answer == _YES:
                return True
            if answer in _NO:
                return False
            self.say("Type the word yes, or no.")

    def choose(self, title: str, options: Sequence[str], *, default: int | None = None) -> int:
        """List the options with numbers from 1, and return the index of the one that is chosen.

        default: the index that Enter chooses; None for none.
        """
        if title:
            self.say(title)
        for number, option in enumerate(options, 1):
            self.say(f"{number}. {option}")
        hint = "" if default is None else f" (Enter for {default + 1})"
        while True:
            answer = self.ask(f"Type a number from 1 to {len(options)}{hint}:")
            if not answer and default is not None:
                return default
            if answer.isascii() and answer.isdigit() and 1 <= int(answer[:9]) <= len(options):
                return int(answer) - 1
            # The answer is not repeated: it may be a key.
            self.say(f"That is not one of the choices. Type a number from 1 to {len(options)}.")

    def _write(self, text: str) -> None:
        if sys.stdout is not None:
            sys.stdout.write(self._style.encodable(text))
            sys.stdout.flush()


@contextmanager
def _keyboard_interrupt() -> Iterator[None]:
    """Let ctrl+c raise KeyboardInterrupt at once.

    The handler of asyncio only cancels the task, which a call that waits for a line never notices.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if _is_cancelled():  # by a Ctrl+C before this
            raise KeyboardInterrupt
        yield
    finally:
        with suppress(TypeError):  # a handler that was not installed by Python
            signal.signal(signal.SIGINT, before)


def _is_cancelled() -> bool:
    """Return True if the running task is to be cancelled."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no event loop
        return False
    return task is not None and task.cancelling() > 0
