"""Install what does not come from Debian, into `tools.home()`.

    python -m tests.real_servers.install [mocks] [litellm] [sdks]

`mocks` (about 40 MB on disk): fakellm. `litellm` (about 500 MB): the LiteLLM proxy. `sdks` (about
60 MB): older versions of the OpenAI SDK, each in a folder for PYTHONPATH. Without names all are
installed. What is installed already, with the same pins, is left alone.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from .tools import HERE, home, sdk_folder

STAMP = "installed.txt"
GROUPS = ("mocks", "litellm", "sdks")


def main(names: list[str]) -> int:
    """Install the groups named."""
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"no such group: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    for name in names or GROUPS:
        if name == "sdks":
            install_sdks()
        else:
            install(name)
    return 0


def install_sdks() -> None:
    """Install each line of requirements/sdks.txt into a folder of its own.

    What they depend on comes from the environment of the tests, which has newer versions of it.
    """
    pins = HERE / "requirements" / "sdks.txt"
    for requirement in pins.read_text("utf-8").split():
        folder = sdk_folder(requirement)
        if (folder / STAMP).exists():
            continue
        shutil.rmtree(folder, ignore_errors=True)
        words = ["-q", "--no-deps", "--only-binary", ":all:", "--target", str(folder), requirement]
        subprocess.run([sys.executable, "-m", "pip", "install", *words], check=True)
        (folder / STAMP).write_text(requirement)


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
