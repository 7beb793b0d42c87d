"""Measures `oai-tui explain` against other programs: `python -m tests.bench.explain [ROUNDS] [MB]`.

Cold start: one pasted error, compared with `python -c "import json, re, dataclasses"`.
A log of mostly harmless lines and some failures, and a log of failures only, which differ in ids,
times and numbers: on one core, compared with all cores, `grep -c` and `wc -l` over the same file;
and the peak memory for the first compared with that for a tenth of it.

Each round runs every contender once, one after the other, so that a busy machine is busy for all;
the medians are compared. The fastest run of each is printed too: it is nearest to an idle machine.
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.commands.cli_runner import environment

ONE_CORE = ["taskset", "-c", "0"] if shutil.which("taskset") else []
EXPLAIN = [sys.executable, "-m", "oai_tui", "explain"]
PLAIN = [sys.executable, "-c", "import json, re, dataclasses"]
ERROR = """Traceback (most recent call last):
  File "app.py", line 12, in <module>
    print(ask("ping"))
  File "/venv/lib/python3.12/site-packages/openai/_base_client.py", line 1047, in request
    raise self._make_status_error_from_response(err.response) from None
openai.AuthenticationError: Error code: 401 - {'error': {\
'message': 'OpenAI-Organization header should match organization for API key', \
'type': 'invalid_request_error', 'param': None, 'code': 'mismatched_organization'}}
"""
FAILURES = (
    ("ERROR", "app.llm", "call failed\n" + ERROR),
    (
        "WARNING",
        "app.llm",
        "Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-5.4-mini in"
        " organization org-fake on tokens per min (TPM): Limit 30000, Used 29871, Requested 1200."
        " Please try again in 2.142s.', 'type': 'tokens', 'param': None,"
        " 'code': 'rate_limit_exceeded'}}",
    ),
    (
        "ERROR",
        "app.llm",
        "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current"
        " quota, please check your plan and billing details.', 'type': 'insufficient_quota',"
        " 'param': None, 'code': 'insufficient_quota'}}",
    ),
    ("ERROR", "app.llm", "openai.APITimeoutError: Request timed out."),
)
HARMLESS = (
    ("INFO", "app.web", "GET /api/items/{n} 200 {ms}ms user={n} cache=hit region=eu-west-1"),
    (
        "INFO",
        "app.web",
        'POST /api/sessions 201 {ms}ms user={n} agent="Mozilla/5.0 (X11; Linux x86_64)"',
    ),
    ("DEBUG", "app.cache", "key session:{n} expired, limit=500, evicted={ms}"),
    (
        "INFO",
        "httpx",
        'HTTP Request: POST https://api.openai.com/v1/chat/completions "HTTP/1.1 200 OK"',
    ),
    ("WARNING", "app.db", "slow query took {ms}ms, rows={n}"),
    (
        "ERROR",
        "app.db",
        "connection to replica {n} failed: server closed the connection unexpectedly",
    ),
)
WEIGHTS = (40, 20, 15, 15, 8, 2)
FAILURE_INTERVAL = 400
"""Of this many lines, on average one is a failure of a call to OpenAI."""


def main(rounds: int, megabytes: int) -> None:
    """Run all contenders and print the medians, the ratios and the memory."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "error.txt").write_text(ERROR)
        for name, size in (("large.log", megabytes), ("small.log", max(1, megabytes // 10))):
            _write(home / name, size * 1_000_000, _lines)
        few = max(1, megabytes // 20)
        _write(home / "failures.log", few * 1_000_000, _failures)
        _cold(home, 3 * rounds)
        _log(home, rounds, "large.log", megabytes)
        _log(home, rounds, "failures.log", few)
        for name in ("small.log", "large.log"):
            megabytes_of_log = (home / name).stat().st_size / 1e6
            peak = _memory(home, name) / 1e3
            print(f"peak memory, {megabytes_of_log:5.0f} MB log     {peak:6.1f} MB")


def _cold(home: Path, rounds: int) -> None:
    times = _measure({"plain": PLAIN, "explain": [*EXPLAIN, "error.txt"]}, home, rounds)
    for word, choose in (("median", statistics.median), ("fastest", min)):
        plain, explain = (choose(times[name]) * 1000 for name in ("plain", "explain"))
        aim = 1.3 * plain + 120
        print(
            f"cold, {word:8} import json, re, dataclasses {plain:4.0f} ms"
            f"   explain {explain:4.0f} ms   aim 1.3 x + 120 ms = {aim:4.0f} ms"
            f"   {'met' if explain <= aim else 'missed'}"
        )


def _log(home: Path, rounds: int, name: str, megabytes: int) -> None:
    contenders = {
        "explain": [*ONE_CORE, *EXPLAIN, name],
        "on all cores": [*EXPLAIN, name],
        "grep -c": ["grep", "-c", "Error code", name],
        "wc -l": ["wc", "-l", name],
    }
    times = _measure(contenders, home, rounds)
    median = {name: statistics.median(seconds) for name, seconds in times.items()}
    for contender, seconds in median.items():
        ratio = median["explain"] / seconds
        print(
            f"{contender:12} {name:12} {megabytes} MB   "
            f"{seconds:7.2f} s   {megabytes / seconds:7.0f} MB/s"
            f"   explain takes {ratio:6.1f} x"
        )


def _measure(contenders: dict[str, list[str]], home: Path, rounds: int) -> dict[str, list[float]]:
    """Return the seconds that each contender took in each round."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, command in contenders.items():
            start = time.perf_counter()
            subprocess.run(
                command,
                cwd=home,
                env=environment(home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            if number:  # the first round warms the caches
                times[name].append(time.perf_counter() - start)
    return times


def _memory(home: Path, name: str) -> int:
    """Return the peak memory of `explain` over a log, in kilobytes."""
    process = subprocess.Popen(
        [*EXPLAIN, name],
        cwd=home,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_maxrss if sys.platform != "darwin" else used.ru_maxrss // 1000


def _write(path: Path, size: int, lines: Callable[[random.Random], Iterator[str]]) -> None:
    """Write a log of about `size` bytes, always the same."""
    with path.open("w", encoding="utf-8") as stream:
        for line in lines(random.Random(1)):
            stream.write(line)
            if stream.tell() >= size:
                return


def _lines(chance: random.Random) -> Iterator[str]:
    ms = 0
    while True:
        ms += chance.randrange(40)
        if chance.randrange(FAILURE_INTERVAL) == 0:
            level, logger, text = chance.choice(FAILURES)
        else:
            level, logger, template = chance.choices(HARMLESS, WEIGHTS)[0]
            text = template.format(n=chance.randrange(100_000), ms=chance.randrange(900))
        minute, second = divmod(ms // 1000, 60)
        hour, minute = divmod(minute, 60)
        day, hour = divmod(hour, 24)
        date = f"2026-11-{1 + day % 30:02}T{hour:02}:{minute:02}:{second:02}.{ms % 1000:03}Z"
        yield f"{date} {level:8} {logger} {text.rstrip()}\n"


def _failures(chance: random.Random) -> Iterator[str]:
    number = 0
    while True:
        number += chance.randrange(1, 9)
        level, logger, text = chance.choice(FAILURES)
        minute, second = divmod(number, 60)
        hour, minute = divmod(minute, 60)
        date = f"2026-11-{1 + hour // 24 % 30:02}T{hour % 24:02}:{minute:02}:{second:02}.000Z"
        request = f"request req_{chance.getrandbits(128):032x} user {chance.randrange(1_000_000)}"
        yield f"{date} {level:8} {logger} {request} {text.rstrip()}\n"


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 5, int(sys.argv[2]) if len(sys.argv) > 2 else 200
    )
