"""A key from standard input or from a command: exactly what it gave less one newline, or a plain sentence why there is none."""

import io
import os
import sys
import time

import pytest

from oai_tui.credentials.command import read_command
from oai_tui.credentials.problem import CredentialProblem
from oai_tui.credentials.stdin import read_stdin
from oai_tui.domain.secret import Secret
from tests.credentials.proofs import key

GIVEN = {
    "no newline": (b"", b""),
    "one newline": (b"\n", b""),
    "Windows newline": (b"\r\n", b""),
    "two newlines": (b"\n\n", b"\n"),
    "a blank": (b" \n", b" "),
}


@pytest.mark.parametrize(("end", "kept"), GIVEN.values(), ids=GIVEN)
def test_stdin_loses_one_newline(end: bytes, kept: bytes) -> None:
    assert read_stdin(io.BytesIO(key("a").encode() + end)) == Secret(key("a") + kept.decode())


def test_stdin_may_be_text() -> None:
    assert read_stdin(io.StringIO(key("a") + "\n")) == Secret(key("a"))


def test_stdin_takes_the_bytes_below_a_text_stream() -> None:
    assert read_stdin(io.TextIOWrapper(io.BytesIO(key("a").encode() + b"\xff"), "utf-8")).length == len(key("a")) + 1


def test_bytes_that_are_no_text_are_a_defect() -> None:
    assert [defect.id for defect in read_stdin(io.BytesIO(key("a").encode() + b"\xff")).defects] == ["non-ascii"]


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "secret text")


REFUSED = {
    "nothing": (io.BytesIO(), "gave nothing"),
    "a newline alone": (io.BytesIO(b"\n"), "gave nothing"),
    "too much": (io.BytesIO(b"a" * 70_000), "more than 64 KB"),
    "a terminal": (Terminal(), "is a terminal"),
    "broken": (Broken(), "cannot be read (OSError)"),
}


@pytest.mark.parametrize(("stream", "said"), REFUSED.values(), ids=REFUSED)
def test_stdin_that_holds_no_key(stream: io.BytesIO, said: str) -> None:
    with pytest.raises(CredentialProblem) as caught:
        read_stdin(stream)
    assert said in caught.value.text


def python(code: str) -> str:
    return f"{sys.executable} -c '{code}'"


PRINTS = {
    "with a newline": 'print("sk-test")',
    "without": 'import sys; sys.stdout.write("sk-test")',
    "with noise beside": 'import sys; sys.stderr.write("noise"); print("sk-test")',
    "in two goes": 'import sys; sys.stdout.write("sk-"); sys.stdout.flush(); sys.stdout.write("test")',
}


@pytest.mark.parametrize("code", PRINTS.values(), ids=PRINTS)
def test_command_gives_the_key(code: str) -> None:
    assert read_command(python(code), 30) == Secret("sk-test")


def test_command_runs_without_a_shell() -> None:
    assert read_command("echo a;b $HOME", 30) == Secret("a;b $HOME")


FAILS = {
    "exit code": (python('print("sk-" + "a" * 40); raise SystemExit(3)'), "failed with exit code 3"),
    "by a signal": (python("import os; os.kill(os.getpid(), 9)"), "failed with exit code -9"),
    "nothing printed": (python("pass"), "gave nothing"),
    "too much": (python('import sys; sys.stdout.write("a" * 70000)'), "more than 64 KB"),
    "without end": (python('\nwhile True: print("a" * 1000)'), "more than 64 KB"),
    "not there": ("no-such-command-here get", "was not found"),
    "a folder": (os.sep, "cannot be started"),
    "a quote left open": ("echo 'a", "cannot be split"),
    "empty": ("  ", "no command"),
    "a NUL": ("echo a\0b", "cannot be started"),
}


@pytest.mark.parametrize(("command", "said"), FAILS.values(), ids=FAILS)
def test_command_that_gives_no_key(command: str, said: str) -> None:
    with pytest.raises(CredentialProblem) as caught:
        read_command(command, 30)
    assert said in caught.value.text
    assert "a" * 12 not in caught.value.text


SLOW = {
    "silent": python("import time; time.sleep(60)"),
    "done, but not gone": python("import os, time; os.close(1); time.sleep(60)"),
    "gone, but a child holds on": python("import subprocess; subprocess.Popen([\"sleep\", \"60\"])"),
}


@pytest.mark.parametrize("command", SLOW.values(), ids=SLOW)
def test_command_that_takes_too_long_is_ended(command: str) -> None:
    start = time.monotonic()
    with pytest.raises(CredentialProblem, match=r"took longer than 1 s"):
        read_command(command, 1)
    assert time.monotonic() - start < 10
