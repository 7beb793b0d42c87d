"""Source: a key from a command, such as a password manager's.

The command runs for a limited time, without a shell unless the user asks for one. A failure is
reported without what the command printed as the key.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from oai_tui.credentials.sources.stdin import LIMIT, secret_of
from oai_tui.domain.errors import CredentialError
from oai_tui.domain.keys.prefixes import alternation
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.system.program_exit import exit_words
from oai_tui.system.terminal_loan import TerminalLoan, terminal_to_lend

_ERRORS_LIMIT = 8 * 1024
_LINES_SHOWN = 3
_LINE_LIMIT = 160
_KEY_LIKE = re.compile(rf"(?:{alternation()})[!-~]{{12,}}")
"""A whole line that is a key. Any visible characters after the prefix: the key may be damaged."""
_LONG = re.compile(
    r"(?<![A-Za-z0-9+/_=-])(?=[A-Za-z+/_=-]*+[0-9])(?=[0-9+/_=-]*+[A-Za-z])[A-Za-z0-9+/_=-]{20,}"
)
"""A word that may be a secret of an unknown shape. Request ids are hidden too, which is no loss."""
ERROR_HINTS = {
    ("aws", 253): "aws has no credentials or no region here: run aws sts get-caller-identity",
    ("aws", 254): "AWS denied the call: run aws sts get-caller-identity to see the identity",
    ("aws", 255): "aws couldn't make the call: run aws sts get-caller-identity",
    ("op", 1): "sign in first: op signin",
    ("op", 6): "sign in first: op signin",
    ("vault", 2): "log in first: vault login",
    ("pass", 1): "check that the entry exists: pass ls",
    ("gopass", 11): "check that the entry exists: gopass ls",
    ("bw", 1): "unlock the vault first: bw unlock",
    ("security", 44): ("the keychain has no such entry: security find-generic-password -s SERVICE"),
    ("gcloud", 1): "sign in first: gcloud auth login",
}
"""(program, exit code) to what it means, from their manuals (aws-cli 2, 2026)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutput:
    """The key that a command printed. `left_out`: a sentence about ignored lines, or ""."""

    secret: Secret
    left_out: str = ""


def read_command(command: str, timeout_s: float, *, shell: bool = False) -> CommandOutput:
    """Return the key that `command` prints, without one newline at its end.

    Of several lines, the key is the only one that looks like one, if it is the first or the last.
    Blocking, for about `timeout_s` seconds at most. `shell`: pass the command to /bin/sh (cmd.exe
    on Windows), for pipes and variables.

    CredentialError as from `output_of`, and if several lines do not show which one is the key.
    """
    raw = output_of(command, timeout_s, shell=shell)
    name = _name(command)
    return _key_in(secret_of(raw, name), raw, name)


def output_of(command: str, timeout_s: float, *, shell: bool = False) -> bytes:
    """Return all that `command` prints.

    CredentialError if it cannot be started, fails, prints more than 64 KB, or takes longer than
    `timeout_s`. Then it is killed, with all processes that it started.
    """
    words, name = _words(command, shell), _name(command)
    terminal = terminal_to_lend()
    try:
        return _output_of(command if shell else words, name, timeout_s, terminal)
    finally:
        if terminal is not None:
            terminal.take_back()


def _output_of(
    command: str | list[str], name: str, timeout_s: float, terminal: TerminalLoan | None
) -> bytes:
    """Run the command and return its output. `terminal`: where it may ask, if there is one."""
    process = _start(command, name, has_terminal=terminal is not None)
    if terminal is not None:
        terminal.lend(process.pid)
    deadline = time.monotonic() + timeout_s
    raw, errors = bytearray(), bytearray()
    reader = threading.Thread(target=_collect, args=(process.stdout, raw, LIMIT), daemon=True)
    drain = threading.Thread(target=_drain, args=(process.stderr, errors), daemon=True)
    reader.start()
    drain.start()
    reader.join(timeout_s)
    is_complete = not reader.is_alive() and len(raw) <= LIMIT
    ended = is_complete and _ended(process, deadline - time.monotonic())
    if not ended:
        _kill(process)
    drain.join(0.2)
    if len(raw) > LIMIT:
        raise CredentialError(f"{name} printed more than {LIMIT // 1024} KB, which is not a key")
    if not ended:
        raise CredentialError(f"{name} took longer than {timeout_s:g} s{_stderr_tail(errors, raw)}")
    if terminal is not None and process.returncode == -signal.SIGINT:
        os.kill(os.getpid(), signal.SIGINT)  # ctrl+c went to the group in the foreground alone
    if process.returncode != 0:
        result = exit_words(process.returncode) + _hint(name, process.returncode)
        raise CredentialError(f"{name} {result}{_stderr_tail(errors, raw)}")
    return bytes(raw)


def program_name(command: str) -> str:
    """Return the name of the program alone; "" if the command cannot be split into words.

    Its arguments, and variables set before it, may be secret.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    return next((os.path.basename(word) for word in words if "=" not in word), "")


def _name(command: str) -> str:
    return f"the command {visible(program_name(command))}".strip()


def _words(command: str, shell: bool) -> list[str]:
    """The command and its arguments, split as a shell would split them."""
    try:
        words = command.split() if shell else shlex.split(command, posix=sys.platform != "win32")
    except ValueError as error:
        raise CredentialError(
            f"the command can't be split into words ({str(error).lower()})"
        ) from None
    if not words:
        raise CredentialError("no command was given")
    return words


def _start(command: str | list[str], name: str, *, has_terminal: bool) -> subprocess.Popen[bytes]:
    """Start it in its own group, so that all processes which it starts can be killed with it.

    Without a terminal to ask on, in its own session too.
    """
    try:
        return subprocess.Popen(
            command,
            shell=isinstance(command, str),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=not has_terminal,
            process_group=0 if has_terminal else None,
        )
    except FileNotFoundError:
        raise CredentialError(f"{name} was not found") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or type(error).__name__).lower()
        raise CredentialError(f"{name} can't be started ({reason})") from None


def _collect(pipe: IO[bytes] | None, raw: bytearray, limit: int) -> None:
    """Read until the end, or until `raw` has more bytes than the limit."""
    assert pipe is not None
    with suppress(OSError, ValueError), pipe:
        while len(raw) <= limit and (chunk := pipe.read(limit + 1 - len(raw))):
            raw += chunk


def _drain(pipe: IO[bytes] | None, last: bytearray) -> None:
    """Read until the end and keep the last bytes, so that a command never waits for a reader."""
    assert pipe is not None
    with suppress(OSError, ValueError), pipe:
        while chunk := pipe.read(_ERRORS_LIMIT):
            last += chunk
            del last[:-_ERRORS_LIMIT]


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the process; return False if it does not end in time."""
    try:
        process.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the command and all processes that it started."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    _ended(process, 1.0)


def _hint(name: str, code: int) -> str:
    hint = ERROR_HINTS.get((name.removeprefix("the command "), code))
    return f" ({hint})" if hint else ""


def _stderr_tail(errors: bytearray, raw: bytearray) -> str:
    """The last lines of the command's standard error, as the end of a sentence.

    Hidden are keys, anything that it printed on standard output, and long words that may be
    secrets.
    """
    printed = [word for word in raw.decode("utf-8", "replace").split() if len(word) >= 8]
    redact = Redactor(Secret(word) for word in printed[:20])
    text = _LONG.sub("[hidden]", redact(errors.decode("utf-8", "replace")))
    if len(errors) >= _ERRORS_LIMIT:
        text = text.partition("\n")[2]  # the first line may begin in the middle of a secret
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return "; it said nothing: run it by hand to see why"
    shown = [visible(line)[:_LINE_LIMIT] for line in lines[-_LINES_SHOWN:]]
    return f"; its output: {' / '.join(shown)}"


def _key_in(whole: Secret, raw: bytes, name: str) -> CommandOutput:
    """The key in what a command printed. `whole`: all of it. `name`: the command's."""
    lines = [
        line.strip() for line in raw.decode("utf-8", "surrogateescape").splitlines() if line.strip()
    ]
    if len(lines) < 2 or any(defect.id == "json" for defect in whole.defects):
        return CommandOutput(secret=whole)
    keys = [line for line in lines if _KEY_LIKE.fullmatch(line)]
    if len(set(keys)) == 1 and keys[0] in {lines[0], lines[-1]}:
        rest = len(lines) - len(keys)
        note = f"{name} printed {rest} other line{'s' if rest != 1 else ''} besides the key"
        return CommandOutput(secret=Secret(keys[0]), left_out=note if rest else "")
    if not keys:
        problem = "none of them looks"
    elif len(set(keys)) > 1:
        problem = "more than one of them looks"
    else:
        problem = "neither the first nor the last line looks"
    raise CredentialError(
        f"{name} printed {len(lines)} lines, and {problem} like a key: make it print only the key"
    )
