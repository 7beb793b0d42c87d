"""Prints the ratios of all benchmarks in one table: `python -m tests.bench [--quick] [NAME…]`.

Each benchmark runs in a process of its own, one after the other; it needs a machine without other
work. `--quick` runs fewer rounds and smaller inputs.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The arguments of one benchmark: for the usual run and for a quick one."""

    usual: tuple[str, ...] = ()
    quick: tuple[str, ...]


BENCHES: Mapping[str, Bench] = {
    "start": Bench(quick=("2",)),
    "imports": Bench(quick=("3",)),
    "wizard": Bench(quick=("2",)),
    "reach": Bench(quick=("3",)),
    "explain": Bench(quick=("1", "20")),
    "owner": Bench(quick=("20", "10")),
    "fleet": Bench(quick=("10", "40")),
    "watch": Bench(quick=("100",)),
}
"""Name of a module of this package -> its arguments."""
_RATIO = re.compile(
    r"(?P<before>.*?)\s+(?P<ratio>\d+(?:\.\d+)?) (?P<unit>x|frames|%)(?P<after> .*)?$"
)


def rows(name: str, output: str) -> Iterator[str]:
    """Yield the lines of a benchmark that have a ratio, with its name first."""
    for line in output.splitlines():
        found = _RATIO.match(line)
        if found is not None:
            measured = " ".join(found["before"].split())
            yield (
                f"{name:8} {float(found['ratio']):8.2f} {found['unit']}{found['after'] or ''}"
                f"   [{measured}]"
            )


def main() -> int:
    """Run the benchmarks. Return 1 if one of them failed or is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    worst = 0
    for name in options.names or BENCHES:
        bench = BENCHES[name]
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                f"tests.bench.{name}",
                *(bench.quick if options.quick else bench.usual),
            ],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        for row in rows(name, done.stdout):
            print(row, flush=True)
        if done.returncode:
            print(f"{name:8} ended with {done.returncode}", flush=True)
        worst = max(worst, int(done.returncode != 0))
    return worst


if __name__ == "__main__":
    raise SystemExit(main())
