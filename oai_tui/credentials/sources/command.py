"""A key from a command, such as a password manager's. Runs in a bounded time, without a shell unless asked, and tells of a failure without telling what the command gave."""

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

_ERRORS_LIMIT = 8 * 1024
_LINES_SHOWN = 3
_LINE_LIMIT = 160
_KEY_LIKE = re.compile(rf"(?:{alternation()})[!-~]{{12,}}")
"""A whole line that is a key. Any visible characters after the prefix: the key may be damaged."""
_LONG = re.compile(r"(?=[A-Za-z0-9+/_=-]*[0-9])(?=[A-Za-z0-9+/_=-]*[A-Za-z])[A-Za-z0-9+/_=-]{20,}")
"""What may be a secret of a shape that nobody knows; a request id that is hidden with it is no loss."""
ERROR_HINTS = {
    ("aws", 253): "aws finds no credentials or no region here: aws sts get-caller-identity",
    ("aws", 254): "AWS refused the call: aws sts get-caller-identity shows who asks",
    ("aws", 255): "aws could not make the call: aws sts get-caller-identity",
    ("op", 1): "sign in first: op signin",
    ("op", 6): "sign in first: op signin",
    ("vault", 2): "log in first: vault login",
    ("pass", 1): "look whether the entry is there: pass ls",
    ("gopass", 11): "look whether the entry is there: gopass ls",
    ("bw", 1): "unlock the vault first: bw unlock",
    (
        "security",
        44,
    ): "there is no such entry in the keychain: security find-generic-password -s SERVICE",
    ("gcloud", 1): "sign in first: gcloud auth login",
}
"""(program, exit code) -> what that means, as their manuals say (aws-cli 2, 2026)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandOutput:
    """What a command gave. `left_out`: a sentence about further lines that were not taken, "" when there were none."""

    secret: Secret
    left_out: str = ""


def read_command(command: str, timeout_s: float, *, shell: bool = False) -> CommandOutput:
    """What `command` prints, less exactly one newline at its end; of several lines the one that reads as a key, when it is the first or the last and the only one. Blocking, for about `timeout_s` seconds at the most.

    `shell`: give the whole to /bin/sh (cmd.exe on Windows), for pipes and variables. CredentialProblem as from `output_of`, and when several lines leave the key open.
    """
    raw = output_of(command, timeout_s, shell=shell)
    name = _name(command)
    return _key_in(secret_of(raw, name), raw, name)


def output_of(command: str, timeout_s: float, *, shell: bool = False) -> bytes:
    """All that `command` prints. CredentialProblem when it cannot be started, fails, takes longer (it is then ended with all that it started), or prints more than 64 KB."""
    words, name = _words(command, shell), _name(command)
    process = _start(command if shell else words, name)
    until = time.monotonic() + timeout_s
    raw, errors = bytearray(), bytearray()
    readers = [
        threading.Thread(target=_collect, args=(process.stdout, raw, LIMIT), daemon=True),
        threading.Thread(target=_drain, args=(process.stderr, errors), daemon=True),
    ]
    for reader in readers:
        reader.start()
    readers[0].join(timeout_s)
    done = (
        not readers[0].is_alive()
        and len(raw) <= LIMIT
        and _ended(process, until - time.monotonic())
    )
    if not done:
        _kill(process)
    readers[1].join(0.2)
    if len(raw) <= LIMIT and not done:
        raise CredentialError(f"{name} took longer than {timeout_s:g} s{_stderr_tail(errors, raw)}")
    if done and process.returncode != 0:
        raise CredentialError(
            f"{name} {_end(process.returncode)}{_hint(name, process.returncode)}{_stderr_tail(errors, raw)}"
        )
    if len(raw) > LIMIT:
        raise CredentialError(f"{name} gave more than {LIMIT // 1024} KB, which is no key")
    return bytes(raw)


def program_name(command: str) -> str:
    """The command's name alone: its arguments, and variables set before it, may be nobody's business."""
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
            f"the command cannot be split into words ({str(error).lower()})"
        ) from None
    if not words:
        raise CredentialError("no command was given")
    return words


def _start(command: str | list[str], name: str) -> subprocess.Popen[bytes]:
    """Started in a session of its own, so that whatever it starts can be ended with it."""
    try:
        return subprocess.Popen(
            command,
            shell=isinstance(command, str),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise CredentialError(f"{name} was not found") from None
    except (OSError, ValueError) as error:
        raise CredentialError(
            f"{name} cannot be started ({(getattr(error, 'strerror', None) or type(error).__name__).lower()})"
        ) from None


def _collect(pipe: IO[bytes] | None, raw: bytearray, limit: int) -> None:
    """Read until the end, or until more than the limit is there."""
    assert pipe is not None
    with suppress(OSError, ValueError), pipe:
        while len(raw) <= limit and (chunk := pipe.read(limit + 1 - len(raw))):
            raw += chunk


def _drain(pipe: IO[bytes] | None, last: bytearray) -> None:
    """Read until the end and keep the last of it, so that a command that complains at length is not held up."""
    assert pipe is not None
    with suppress(OSError, ValueError), pipe:
        while chunk := pipe.read(_ERRORS_LIMIT):
            last += chunk
            del last[:-_ERRORS_LIMIT]


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the command and whatever it started."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    _ended(process, 1.0)


def _end(code: int) -> str:
    """How it ended, in words."""
    if code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    known = {126: " (found, but not allowed to run)", 127: " (not found)"}
    return f"failed with exit code {code}{known.get(code, '')}"


def _hint(name: str, code: int) -> str:
    hint = ERROR_HINTS.get((name.removeprefix("the command "), code))
    return f" ({hint})" if hint else ""


def _stderr_tail(errors: bytearray, raw: bytearray) -> str:
    """The last lines of its standard error, without keys, without anything that it printed as the key, and without long words that may be secrets."""
    printed = [line for line in raw.decode("utf-8", "replace").split() if len(line) >= 8]
    text = _LONG.sub(
        "[hidden]",
        Redactor(Secret(word) for word in printed[:20])(errors.decode("utf-8", "replace")),
    )
    if len(errors) >= _ERRORS_LIMIT:
        text = text.partition("\n")[2]  # the first line may begin in the middle of a secret
    lines = [visible(line.strip())[:_LINE_LIMIT] for line in text.splitlines() if line.strip()][
        -_LINES_SHOWN:
    ]
    return (
        f"; it said: {' / '.join(lines)}"
        if lines
        else "; it said nothing: run it by hand to see why"
    )


def _key_in(whole: Secret, raw: bytes, name: str) -> CommandOutput:
    """The key in what was printed."""
    lines = [
        line.strip() for line in raw.decode("utf-8", "surrogateescape").splitlines() if line.strip()
    ]
    if len(lines) < 2 or any(defect.id == "json" for defect in whole.defects):
        return CommandOutput(secret=whole)
    alike = [line for line in lines if _KEY_LIKE.fullmatch(line)]
    if len(set(alike)) == 1 and alike[0] in {lines[0], lines[-1]}:
        rest = len(lines) - len(alike)
        return CommandOutput(
            secret=Secret(alike[0]),
            left_out=f"{name} printed {rest} other line{'s' if rest != 1 else ''} beside the key; left out"
            if rest
            else "",
        )
    what = (
        "more than one of them reads"
        if len(set(alike)) > 1
        else "none of them reads"
        if not alike
        else "it is neither the first nor the last that reads"
    )
    raise CredentialError(
        f"{name} printed {len(lines)} lines, and {what} as a key: make it print the key alone"
    )
