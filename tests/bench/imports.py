"""Measures what `import oai_tui; oai_tui.explain` costs: `python -m tests.bench.imports [ROUNDS]`.

Compared with `import json, re, dataclasses` and with an empty program, all in processes of their
own. Each round runs every contender once, one after the other, so that a busy machine is busy for
all; the medians are compared.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.start import environment

PROGRAMS = {
    "nothing": "",
    "import json, re, dataclasses": "import json, re, dataclasses",
    "import oai_tui": "import oai_tui",
    "import oai_tui; oai_tui.explain": "import oai_tui; oai_tui.explain",
    "and a first call": "import oai_tui; oai_tui.explain('Error code: 429 - insufficient_quota')",
}
PLAIN = "import json, re, dataclasses"
MAX_RATIO = 3.5
"""Limit: what naming `explain` may cost, in times the plain imports. It loads the causes."""


def seconds(program: str, home: Path) -> float:
    """Return the seconds of one process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], cwd=home, env=environment(home), check=True)
    return time.perf_counter() - start


def main(rounds: int) -> int:
    """Print the medians and ratios. Return 1 if `explain` is over its limit."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for number in range(rounds + 1):
            for name, program in PROGRAMS.items():
                took = seconds(program, Path(folder))
                if number:  # the first round warms the caches
                    times[name].append(took)
        os.chdir("/")
    median = {name: statistics.median(each) for name, each in times.items()}
    for name, value in median.items():
        print(f"{name:34} {value * 1000:6.0f} ms   {value / median[PLAIN]:5.2f} x {PLAIN}")
    return int(median["import oai_tui; oai_tui.explain"] / median[PLAIN] > MAX_RATIO)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
