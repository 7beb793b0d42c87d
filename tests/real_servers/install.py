"""Install what does not come from Debian, into `tools.home()`.

    python -m tests.real_servers.install [mocks] [litellm]

`mocks` (about 40 MB on disk): fakellm. `litellm` (about 500 MB): the LiteLLM proxy. Without names
both are installed. What is installed already, with the same pins, is left alone.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from .tools import HERE, home

STAMP = "installed.txt"
GROUPS = ("mocks", "litellm")


def main(names: list[str]) -> int:
    """Install the groups named."""
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"no such group: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    for name in names or GROUPS:
        install(name)
    return 0


def install(group: str) -> None:
    """Install one group into a virtual environment, unless its pins have been installed before."""
    pins = HERE / "requirements" / f"{group}.txt"
    digest = hashlib.sha256(pins.read_bytes()).hexdigest()
    folder = home() / group
    stamp = folder / STAMP
    if stamp.exists() and stamp.read_text() == digest:
        return
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    # --no-deps: the pins are complete. --only-binary: nothing is compiled.
    words: list[str | Path] = [
        "install",
        "-q",
        "--no-deps",
        "--only-binary",
        ":all:",
        "-r",
        pins,
    ]
    subprocess.run([folder / "bin" / "python", "-m", "pip", *words], check=True)
    stamp.write_text(digest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
