"""A key from standard input or a command: what it gave without one newline, or why none."""

import io
import json
import os
import select
import sys
from pathlib import Path

import pytest

from oai_tui.credentials.sources.command import CommandOutput, read_command
from oai_tui.credentials.sources.stdin import read_stdin
from oai_tui.domain.errors import CredentialError
from oai_tui.domain.keys.secret import Secret
from tests.credentials.profile_factory import key

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
    assert (
        read_stdin(io.TextIOWrapper(io.BytesIO(key("a").encode() + b"\xff"), "utf-8")).length
        == len(key("a")) + 1
    )


def test_bytes_that_are_no_text_are_a_defect() -> None:
    assert [
        defect.id for defect in read_stdin(io.BytesIO(key("a").encode() + b"\xff")).defects
    ] == ["non-ascii"]


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class Broken(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "secret text")


REFUSED = {
    "nothing": (io.BytesIO(), "returned nothing"),
    "a newline alone": (io.BytesIO(b"\n"), "returned nothing"),
    "too much": (io.BytesIO(b"a" * 70_000), "more than 64 KB"),
    "a terminal": (Terminal(), "is a terminal"),
    "broken": (Broken(), "can't be read (OSError)"),
}


@pytest.mark.parametrize(("stream", "words"), REFUSED.values(), ids=REFUSED)
def test_stdin_that_holds_no_key(stream: io.BytesIO, words: str) -> None:
    with pytest.raises(CredentialError) as caught:
        read_stdin(stream)
    assert words in caught.value.text


def python(code: str) -> str:
    return f"{sys.executable} -c '{code}'"


PRINTS = {
    "with a newline": 'print("sk-test")',
    "without": 'import sys; sys.stdout.write("sk-test")',
    "with noise on standard error": 'import sys; sys.stderr.write("noise"); print("sk-test")',
    "in two parts": (
        'import sys; sys.stdout.write("sk-"); sys.stdout.flush(); sys.stdout.write("test")'
    ),
}


@pytest.mark.parametrize("code", PRINTS.values(), ids=PRINTS)
def test_command_gives_the_key(code: str) -> None:
    assert read_command(python(code), 30) == CommandOutput(secret=Secret("sk-test"))


def test_command_runs_without_a_shell() -> None:
    assert read_command("echo a;b $HOME", 30).secret == Secret("a;b $HOME")


def test_command_runs_in_a_shell_when_that_is_asked() -> None:
    assert read_command("printf 'a;%s' sk-test | tr ';' '-'", 30, shell=True).secret == Secret(
        "a-sk-test"
    )


CHATTY = {
    "a greeting before": (f"Welcome!\n\n{key('a')}", "1 other line"),
    "a hint after": (f"{key('a')}\nA new version is out\nSee the web", "2 other lines"),
    "blank lines": (f"\n\n{key('a')}\n\n", ""),
    "the same key twice": (f"{key('a')}\n{key('a')}", ""),
}


@pytest.mark.parametrize(("text", "left_out"), CHATTY.values(), ids=CHATTY)
def test_chatty_command_gives_the_key_on_its_first_or_last_line(
    tmp_path: Path, text: str, left_out: str
) -> None:
    (tmp_path / "out").write_text(text)
    output = read_command(f"cat {tmp_path / 'out'}", 30)
    secret = output.secret
    if not left_out and "\n\n" in text:
        secret = secret.cleaned() or secret
    assert secret == Secret(key("a"))
    assert left_out in output.left_out


UNCLEAR = {
    "in the middle": (f"Welcome!\n{key('a')}\nBye", "neither the first nor the last"),
    "two different keys": (f"{key('a')}\n{key('b')}", "more than one"),
    "no key at all": ("Please sign in\nat the web", "none of them"),
}


@pytest.mark.parametrize(("text", "words"), UNCLEAR.values(), ids=UNCLEAR)
def test_chatty_command_that_leaves_the_key_open(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "out").write_text(text)
    with pytest.raises(CredentialError) as caught:
        read_command(f"cat {tmp_path / 'out'}", 30)
    assert words in caught.value.text
    assert "a" * 12 not in caught.value.text


def test_document_of_json_is_left_whole_for_its_defect_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text(
        json.dumps({"ARN": "arn:aws:x", "SecretString": key("a")}, indent=2)
    )
    secret = read_command(f"cat {tmp_path / 'out'}", 30).secret
    assert (
        [defect.id for defect in secret.defects if defect.id == "json"],
        secret.cleaned(),
    ) == (["json"], Secret(key("a")))


EXPLAINED = {
    "its last words": (
        "echo one >&2; echo two >&2; echo three >&2; echo four >&2; exit 4",
        "failed with exit code 4; its output: two / three / four",
    ),
    "a key in its words": (
        f"echo 'bad token {key('a')}' >&2; exit 1",
        "its output: bad token sk-proj-…",
    ),
    "a secret of no known shape": (
        "echo 'token 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b is bad' >&2; exit 1",
        "its output: token [hidden] is bad",
    ),
    "what it printed": (
        "echo Passw0rd-short; echo 'refused Passw0rd-short' >&2; exit 1",
        "its output: refused [key hidden]",
    ),
    "escape sequences": ("printf '\\033[31mred\\n' >&2; exit 1", "its output: \u241b[31mred"),
    "silence": ("exit 9", "it said nothing: run it by hand"),
    "a signal": ("kill -TERM $$", "was killed by signal 15 (SIGTERM)"),
    "not found inside": ("no-such-command-here", "failed with exit code 127 (not found)"),
}


@pytest.mark.parametrize(("command", "words"), EXPLAINED.values(), ids=EXPLAINED)
def test_failure_is_explained_without_secrets(command: str, words: str) -> None:
    with pytest.raises(CredentialError) as caught:
        read_command(command, 30, shell=True)
    assert words in caught.value.text
    assert not any(part in caught.value.text for part in ("a" * 12, "9f86d081", "Passw0rd"))


def test_variables_set_before_a_command_are_not_shown() -> None:
    with pytest.raises(CredentialError) as caught:
        read_command("TOKEN=hunter2hunter2 false", 30, shell=True)
    assert caught.value.text.startswith("the command false failed with exit code 1")
    assert "hunter2" not in caught.value.text


def test_command_that_complains_at_length_is_not_held_up() -> None:
    with pytest.raises(CredentialError, match="exit code 3"):
        read_command(
            python('import sys; sys.stderr.write("x y " * 500000); raise SystemExit(3)'), 30
        )


FAILS = {
    "exit code": (
        python('print("sk-" + "a" * 40); raise SystemExit(3)'),
        "failed with exit code 3",
    ),
    "by a signal": (
        python("import os; os.kill(os.getpid(), 9)"),
        "was killed by signal 9 (SIGKILL)",
    ),
    "nothing printed": (python("pass"), "returned nothing"),
    "too much": (python('import sys; sys.stdout.write("a" * 70000)'), "more than 64 KB"),
    "without end": (python('\nwhile True: print("a" * 1000)'), "more than 64 KB"),
    "not there": ("no-such-command-here get", "was not found"),
    "a folder": (os.sep, "can't be started"),
    "a quote left open": ("echo 'a", "can't be split"),
    "empty": ("  ", "no command"),
    "a NUL": ("echo a\0b", "can't be started"),
}


@pytest.mark.parametrize(("command", "words"), FAILS.values(), ids=FAILS)
def test_command_that_gives_no_key(command: str, words: str) -> None:
    with pytest.raises(CredentialError) as caught:
        read_command(command, 30)
    assert words in caught.value.text
    assert "a" * 12 not in caught.value.text


SLOW = {
    "silent": "fifo = open({fifo}, {mode}); import time; time.sleep(600)",
    "done, but not gone": (
        "import os, time; fifo = open({fifo}, {mode}); os.close(1); time.sleep(600)"
    ),
    "gone, but a child holds on": (
        "import subprocess; fifo = open({fifo}, {mode}); "
        "subprocess.Popen([{sleep}, {seconds}], pass_fds=[fifo.fileno()])"
    ),
}


@pytest.mark.parametrize("code", SLOW.values(), ids=SLOW)
def test_command_that_takes_too_long_is_ended(tmp_path: Path, code: str) -> None:
    """The command and its child hold a pipe open, which ends when both have ended."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    words = {"fifo": str(path), "mode": "w", "sleep": "sleep", "seconds": "600"}
    command = python(code.format(**{name: f'"{word}"' for name, word in words.items()}))
    fifo = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(CredentialError, match=r"took longer than 1 s"):
            read_command(command, 1)
        assert select.select([fifo], [], [], 60)[0], "the command still runs"
        assert os.read(fifo, 1) == b""
    finally:
        os.close(fifo)
