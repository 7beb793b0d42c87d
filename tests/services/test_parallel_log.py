"""A large log that several processes search: the same records and reports as of one."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from oai_tui.services.parallel_log import MIN_WINDOWS
from tests.bench.explain import FAILURES, HARMLESS
from tests.commands.cli_runner import environment
from tests.corpus.corpus import failures

CHUNK = 24_000
SIZE = 400_000
Line = Callable[[random.Random, int], str]


def _stamp(number: int) -> str:
    return f"2026-11-02T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.123Z"


def dated(r: random.Random, number: int) -> str:
    level, logger, text = r.choice((*FAILURES, *HARMLESS))
    text = text.format(n=r.randrange(10**6), ms=r.randrange(900)) if "{n}" in text else text
    return f"{_stamp(number)} {level} {logger} {text}\n"


def any_failure(r: random.Random, number: int) -> str:
    return f"{_stamp(number)} ERROR app {r.choice(failures()).text}\n"


def undated(r: random.Random, number: int) -> str:
    return r.choice(failures()).text + "\n" * r.randrange(3)


def one_line(r: random.Random, number: int) -> str:
    """Lines that never end for long: many records in one line."""
    text = " ".join(r.choice(failures()).text.split())
    return f"{_stamp(number)} ERROR app {text}" + ("\n" if r.random() < 0.05 else " | ")


def docker(r: random.Random, number: int) -> str:
    text = r.choice(FAILURES)[2].splitlines()[0].replace("\\", "").replace('"', "'")
    return f'{{"log":"{text}\\n","stream":"stderr","time":"{_stamp(number)}"}}\n'


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux only")
@pytest.mark.parametrize(
    ("line", "processes", "reading"),
    [
        (dated, 2, "read"),
        (any_failure, 2, "skip"),
        (undated, 3, "skip"),
        (one_line, 2, "skip"),
        (docker, 3, "read"),
    ],
)
def test_processes_find_what_one_finds(
    line: Line, processes: int, reading: str, tmp_path: Path
) -> None:
    r = random.Random(2)
    parts: list[str] = []
    length = 0
    while length < SIZE:
        parts.append(line(r, len(parts)))
        length += len(parts[-1])
    log = tmp_path / "app.log"
    log.write_text("".join(parts), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.services.parallel_run",
            log,
            str(CHUNK),
            str(processes),
            reading,
        ],
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux only")
def test_ctrl_c_ends_the_other_processes(tmp_path: Path) -> None:
    log = b"".join(dated(random.Random(number), number).encode() for number in range(400))
    process = subprocess.Popen(
        [sys.executable, "-m", "oai_tui", "explain", "-"],
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    needed = (MIN_WINDOWS + 3) * 1_100_000
    process.stdin.write(log * (needed // len(log)))
    process.stdin.flush()  # all but what a pipe holds is read
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()  # until no process has the pipes any more
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
