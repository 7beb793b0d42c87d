"""Where the programs are: those of Debian packages, and those that `install.py` installs."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent

# The Debian package of each program.
DEBIAN: Mapping[str, str] = {
    "haproxy": "haproxy",
    "nginx": "nginx-light",
    "squid": "squid",
    "tinyproxy": "tinyproxy-bin",
}


class MissingProgramError(RuntimeError):
    """A program that a server needs is not installed."""


def home() -> Path:
    """The folder of the virtual environments."""
    named = os.environ.get("REAL_SERVERS_HOME")
    return Path(named) if named else HERE / ".installed"


def system_program(name: str) -> Path:
    """A program of a Debian package; also found where only root has `sbin` on PATH."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise MissingProgramError(f"{name} is not installed: apt-get install {DEBIAN[name]}")
    return Path(found)


def venv_program(group: str, name: str) -> Path:
    """A program of one of the virtual environments: `mocks` or `litellm`."""
    found = home() / group / "bin" / name
    if not found.exists():
        raise MissingProgramError(
            f"{name} is not installed: python -m {__package__}.install {group}"
        )
    return found


def sdk_folder(requirement: str) -> Path:
    """The folder of a line of requirements/sdks.txt, for PYTHONPATH."""
    return home() / "sdks" / requirement
