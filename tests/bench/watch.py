"""Measures the memory of `watch` over many rounds: `python -m tests.bench.watch [ROUNDS]`.

The simulator answers on a loopback port from another process. The resident size after all rounds is
compared with the size after the first tenth, when every cache is full.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.watch_loop import WatchPlan, watch
from oai_tui.headless.watch_output import WatchOutput
from oai_tui.services.build import real_services
from oai_tui.simulator.server import running
from tests.bench.start import environment

MAX_GROWTH = 1.05
"""Times the resident size after the first tenth of the rounds."""
_CHILD = "from tests.bench.watch import child; child({rounds})"
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes() -> int:
    """Return the resident size of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def child(rounds: int) -> None:
    """Watch the key of the environment; print the resident sizes as one line of JSON."""
    from oai_tui.commands.watch import selected_items

    sizes: list[int] = []
    services = real_services()

    def wait(seconds: float) -> None:
        if (len(sizes) + 1) * max(1, rounds // 20) <= output.state.round:
            sizes.append(resident_bytes())

    with tempfile.TemporaryDirectory() as folder:
        output = WatchOutput(
            "prometheus",
            Path(folder) / "openai.prom",
            color="never",
            every_s=0,
            now=services.clock.now,
        )
        plan = WatchPlan(
            items=selected_items((), 30), scope=CheckScope(), every_s=0, count=rounds, parallel=4
        )
        code = watch(services, plan, output, wait=wait)
    print(json.dumps({"code": code, "sizes": [*sizes, resident_bytes()]}))


def growth(rounds: int) -> tuple[float, list[int]]:
    """Return the growth of the resident size, and the size after each twentieth, in bytes."""
    with tempfile.TemporaryDirectory() as home, running("all-good") as simulation:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD.format(rounds=rounds)],
            env=environment(Path(home), **simulation.client.environment),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    result = json.loads(done.stdout)
    assert result["code"] == 0, result
    sizes = result["sizes"]
    return sizes[-1] / sizes[2], sizes


def main(rounds: int) -> int:
    """Print the growth. Return 1 if it is over its limit."""
    ratio, sizes = growth(rounds)
    path = " ".join(f"{size / 1e6:.1f}" for size in sizes)
    print(f"watch, {rounds} rounds {ratio:12.3f} x its memory after a tenth (at most {MAX_GROWTH})")
    print(f"MB after each twentieth: {path}")
    return int(ratio > MAX_GROWTH)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
