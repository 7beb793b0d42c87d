"""A real gnome-keyring on a private D-Bus, for tests in which another process uses the operating system's keyring.

Import the fixtures into a conftest. Nothing of the person's own session is touched: home, runtime folder and bus are new for each test.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = {"dbus-daemon": "dbus", "gnome-keyring-daemon": "gnome-keyring", "gdbus": "libglib2.0-bin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretService:
    """`env`: for the processes that are to use it. `daemon`: the keyring itself."""

    env: dict[str, str]
    bus: subprocess.Popen[str]
    daemon: subprocess.Popen[bytes]

    def run(
        self, *command: str, timeout_s: float = 30, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in it; "python" is the interpreter of the tests."""
        words = [sys.executable if command[0] == "python" else command[0], *command[1:]]
        return subprocess.run(
            words,
            env={**self.env, **variables},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
        )


@pytest.fixture(scope="session")
def _keyring_tools() -> None:
    missing = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if missing:
        reason = f"a real keyring needs the packages {', '.join(missing)}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture
def no_secret_service() -> Iterator[dict[str, str]]:
    """The environment of a machine without a bus."""
    with tempfile.TemporaryDirectory(prefix="oai-tui-") as folder:
        home, runtime = Path(folder) / "home", Path(folder) / "run"
        home.mkdir()
        runtime.mkdir(mode=0o700)
        yield {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
        }


@pytest.fixture
def secret_service(
    _keyring_tools: None, no_secret_service: dict[str, str]
) -> Iterator[SecretService]:
    """An unlocked keyring."""
    yield from _served(no_secret_service, b"test-password")


@pytest.fixture
def locked_secret_service(
    _keyring_tools: None, no_secret_service: dict[str, str]
) -> Iterator[SecretService]:
    """A keyring that was made with another password than the one it was opened with, so that it is locked."""
    for _ in _served(dict(no_secret_service), b"first-password"):
        pass
    yield from _served(no_secret_service, b"another-password")


def _served(env: dict[str, str], password: bytes) -> Iterator[SecretService]:
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bus.stdout is not None
    env = {**env, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert daemon.stdin is not None
        daemon.stdin.write(password)
        daemon.stdin.close()
        subprocess.run(
            ["gdbus", "wait", "--session", "--timeout", "20", "org.freedesktop.secrets"],
            env=env,
            check=True,
        )
        yield SecretService(env=env, bus=bus, daemon=daemon)
    finally:
        for process in (daemon, bus):
            process.kill()
            process.wait(10)
        with suppress(OSError):
            bus.stdout.close()
