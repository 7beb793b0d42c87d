"""A key from a command, such as a password manager's. Runs without a shell, in a bounded time, and shows nothing of what the command says."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

from oai_tui.credentials.problem import CredentialProblem
from oai_tui.credentials.stdin import LIMIT, secret_of
from oai_tui.domain.redaction import visible
from oai_tui.domain.secret import Secret


def read_command(command: str, timeout_s: float) -> Secret:
    """What `command` prints, less exactly one newline at its end. Blocking, for about `timeout_s` seconds at the most.

    CredentialProblem when it cannot be started, fails, takes longer (it is then ended with all that it started), or prints nothing or more than 64 KB.
    """
    words = _words(command)
    name = f"the command {visible(os.path.basename(words[0]))}"
    process = _start(words, name)
    until = time.monotonic() + timeout_s
    raw = bytearray()
    reader = threading.Thread(target=_collect, args=(process, raw), daemon=True)
    reader.start()
    reader.join(timeout_s)
    done = not reader.is_alive() and len(raw) <= LIMIT and _ended(process, until - time.monotonic())
    if not done:
        _kill(process)
    if len(raw) <= LIMIT and not done:
        raise CredentialProblem(f"{name} took longer than {timeout_s:g} s")
    if done and process.returncode != 0:
        raise CredentialProblem(f"{name} failed with exit code {process.returncode}: run it by hand to see why")
    return secret_of(bytes(raw), name)


def _words(command: str) -> list[str]:
    """The command and its arguments, split as a shell would split them."""
    try:
        words = shlex.split(command, posix=sys.platform != "win32")
    except ValueError as error:
        raise CredentialProblem(f"the command cannot be split into words ({str(error).lower()})") from None
    if not words:
        raise CredentialProblem("no command was given")
    return words


def _start(words: list[str], name: str) -> subprocess.Popen[bytes]:
    """Started in a session of its own, so that whatever it starts can be ended with it."""
    try:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, start_new_session=True)
    except FileNotFoundError:
        raise CredentialProblem(f"{name} was not found") from None
    except (OSError, ValueError) as error:
        raise CredentialProblem(f"{name} cannot be started ({(getattr(error, 'strerror', None) or type(error).__name__).lower()})") from None


def _collect(process: subprocess.Popen[bytes], raw: bytearray) -> None:
    """Read until the end, or until more than any key is there."""
    assert process.stdout is not None
    with suppress(OSError, ValueError), process.stdout as pipe:
        while len(raw) <= LIMIT and (chunk := pipe.read(LIMIT + 1 - len(raw))):
            raw += chunk


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
