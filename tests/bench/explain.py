"""How fast `oai-tui explain` is, as ratios within one run: `python -m tests.bench.explain [ROUNDS] [MEGABYTES]`.

Cold: one pasted error, beside `python -c "import json, re, dataclasses"`. A log: mostly innocent lines and some failures, beside `grep -c` and `wc -l` over the same file; and the peak memory beside that for a tenth of it.
Each round runs every contender once, one after the other, so that a busy machine is busy for all; the medians are compared. The fastest of each is told too: it is nearest to an idle machine.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
EXPLAIN = [sys.executable, "-m", "oai_tui", "explain"]
PLAIN = [sys.executable, "-c", "import json, re, dataclasses"]
ERROR = """Traceback (most recent call last):
  File "app.py", line 12, in <module>
    print(ask("ping"))
  File "/venv/lib/python3.12/site-packages/openai/_base_client.py", line 1047, in request
    raise self._make_status_error_from_response(err.response) from None
openai.AuthenticationError: Error code: 401 - {'error': {'message': 'OpenAI-Organization header should match organization for API key', 'type': 'invalid_request_error', 'param': None, 'code': 'mismatched_organization'}}
"""
FAILURES = (
    ("ERROR", "app.llm", "call failed\n" + ERROR),
    (
        "WARNING",
        "app.llm",
        "Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-5.4-mini in organization org-fake on tokens per min (TPM): Limit 30000, Used 29871, Requested 1200. Please try again in 2.142s.', 'type': 'tokens', 'param': None, 'code': 'rate_limit_exceeded'}}",
    ),
    (
        "ERROR",
        "app.llm",
        "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}",
    ),
    ("ERROR", "app.llm", "openai.APITimeoutError: Request timed out."),
)
INNOCENT = (
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
ONE_IN = 400
"""Of so many lines one is a failure of a call to OpenAI."""


def main(rounds: int, megabytes: int) -> None:
    """Run all contenders and print the medians, the ratios and the memory."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "error.txt").write_text(ERROR)
        for name, size in (("large.log", megabytes), ("small.log", max(1, megabytes // 10))):
            _write(home / name, size * 1_000_000)
        _cold(home, 3 * rounds)
        _log(home, rounds, megabytes)
        for name in ("small.log", "large.log"):
            print(
                f"peak memory, {(home / name).stat().st_size / 1e6:5.0f} MB log     {_memory(home, name) / 1e3:6.1f} MB"
            )


def _cold(home: Path, rounds: int) -> None:
    taken = _measured({"plain": PLAIN, "explain": [*EXPLAIN, "error.txt"]}, home, rounds)
    for word, of in (("median", statistics.median), ("fastest", min)):
        plain, explain = of(taken["plain"]) * 1000, of(taken["explain"]) * 1000
        print(
            f"cold, {word:8} import json, re, dataclasses {plain:4.0f} ms   explain {explain:4.0f} ms   aim 1.3 x + 120 ms = {1.3 * plain + 120:4.0f} ms   {'met' if explain <= 1.3 * plain + 120 else 'missed'}"
        )


def _log(home: Path, rounds: int, megabytes: int) -> None:
    taken = _measured(
        {
            "explain": [*EXPLAIN, "large.log"],
            "grep -c": ["grep", "-c", "Error code", "large.log"],
            "wc -l": ["wc", "-l", "large.log"],
        },
        home,
        rounds,
    )
    median = {name: statistics.median(times) for name, times in taken.items()}
    for name, seconds in median.items():
        print(
            f"{name:8} {megabytes} MB   {seconds:7.2f} s   {megabytes / seconds:7.0f} MB/s   explain takes {median['explain'] / seconds:6.1f} x"
        )


def _measured(contenders: dict[str, list[str]], home: Path, rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, command in contenders.items():
            began = time.perf_counter()
            subprocess.run(
                command,
                cwd=home,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            if number:  # the first round warms the caches
                taken[name].append(time.perf_counter() - began)
    return taken


def _memory(home: Path, name: str) -> int:
    """Peak memory of `explain` over a log, in kilobytes."""
    process = subprocess.Popen(
        [*EXPLAIN, name],
        cwd=home,
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_maxrss if sys.platform != "darwin" else used.ru_maxrss // 1000


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }


def _write(path: Path, size: int) -> None:
    """A log of about `size` bytes, always the same."""
    with path.open("w", encoding="utf-8") as stream:
        for line in _lines(random.Random(1)):
            stream.write(line)
            if stream.tell() >= size:
                return


def _lines(chance: random.Random) -> Iterator[str]:
    ms = 0
    while True:
        ms += chance.randrange(40)
        row = (
            chance.choice(FAILURES)
            if chance.randrange(ONE_IN) == 0
            else chance.choices(INNOCENT, WEIGHTS)[0]
        )
        minute, second = divmod(ms // 1000, 60)
        hour, minute = divmod(minute, 60)
        day, hour = divmod(hour, 24)
        words = (
            row[2]
            if row in FAILURES
            else row[2].format(n=chance.randrange(100_000), ms=chance.randrange(900))
        )
        yield f"2026-11-{1 + day % 30:02}T{hour:02}:{minute:02}:{second:02}.{ms % 1000:03}Z {row[0]:8} {row[1]} {words.rstrip()}\n"


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 5, int(sys.argv[2]) if len(sys.argv) > 2 else 200
    )
