"""A real gnome-keyring on a private D-Bus, for tests that use the operating system's keyring.

One unlocked and one locked keyring serve all tests of a worker; the unlocked one is emptied before
each test. The home folder and the runtime folder are new for each test. Nothing of the user's own
session is touched.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.commands.cli_runner import ROOT, TERMINATE_S, CliResult, run_in_process

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

TOOLS = {"dbus-daemon": "dbus", "gnome-keyring-daemon": "gnome-keyring", "gdbus": "libglib2.0-bin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretService:
    """A running keyring: the environment for the processes that use it, its bus and its daemon."""

    env: dict[str, str]
    bus: subprocess.Popen[str]
    daemon: subprocess.Popen[bytes]

    def run_cli(self, *arguments: str, typed: str = "", **variables: str) -> CliResult:
        """Run `oai-tui` in this process and in the home folder.

        `variables` are added to the environment; `typed` is its standard input.
        """
        env = {**self.env, **variables}
        return run_in_process(arguments, env, Path(env["HOME"]), typed=typed.encode())

    def run(
        self, *command: str, timeout_s: float = TERMINATE_S, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as a process of its own; "python" is the interpreter of the tests."""
        words = [sys.executable if command[0] == "python" else command[0], *command[1:]]
        return subprocess.run(
            words,
            env={**self.env, **variables},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def entry(self, service: str, user: str) -> str:
        """Return the text of an entry, as any other program finds it; "" if there is none."""
        import secretstorage

        with self._connection() as connection:
            wanted = {"service": service, "username": user}
            for item in secretstorage.search_items(connection, wanted):
                return str(item.get_secret().decode())
        return ""

    def put(self, service: str, user: str, text: str) -> None:
        """Write an entry, as any other program would."""
        import secretstorage

        with self._connection() as connection:
            collection = secretstorage.get_default_collection(connection)
            attributes = {"service": service, "username": user}
            collection.create_item(f"{user} at {service}", attributes, text.encode())

    def clear(self) -> None:
        """Delete every entry."""
        import secretstorage

        with self._connection() as connection:
            for collection in secretstorage.get_all_collections(connection):
                for item in collection.get_all_items():
                    item.delete()

    @property
    def is_running(self) -> bool:
        """False once a test has killed the bus or the daemon."""
        return self.bus.poll() is None and self.daemon.poll() is None

    @contextmanager
    def _connection(self) -> Iterator["DBusConnection"]:
        from jeepney.io.blocking import open_dbus_connection

        address = self.env["DBUS_SESSION_BUS_ADDRESS"]
        with closing(open_dbus_connection(address)) as connection:
            yield connection


@pytest.fixture(scope="session")
def _keyring_tools() -> None:
    missing = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if missing:
        reason = f"a real keyring needs the packages {', '.join(missing)}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture
def no_secret_service() -> Iterator[dict[str, str]]:
    """The environment of a machine without a bus, with a home of its own."""
    with _new_home() as env:
        yield env


@pytest.fixture(scope="session")
def _services(_keyring_tools: None) -> Iterator["_Services"]:
    with ExitStack() as stack:
        yield _Services(stack)


@pytest.fixture
def secret_service(_services: "_Services", no_secret_service: dict[str, str]) -> SecretService:
    """An empty and unlocked keyring. A test that stops or kills it should take one of its own."""
    service = _services.unlocked()
    service.clear()
    return _with_home(service, no_secret_service)


@pytest.fixture
def own_secret_service(
    _keyring_tools: None, no_secret_service: dict[str, str]
) -> Iterator[SecretService]:
    """An empty and unlocked keyring for this test alone, which may kill or stop it."""
    with _running_service(no_secret_service, b"test-password") as service:
        yield service


@pytest.fixture
def locked_secret_service(
    _services: "_Services", no_secret_service: dict[str, str]
) -> SecretService:
    """A locked keyring: its daemon was started with another password than the keyring has."""
    return _with_home(_services.locked(), no_secret_service)


class _Services:
    """The keyrings of a worker, each started when it is first needed, and again once it is dead."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._unlocked: SecretService | None = None
        self._locked: SecretService | None = None

    def unlocked(self) -> SecretService:
        if self._unlocked is None or not self._unlocked.is_running:
            env = self._stack.enter_context(_new_home())
            self._unlocked = self._stack.enter_context(_running_service(env, b"test-password"))
        return self._unlocked

    def locked(self) -> SecretService:
        if self._locked is None or not self._locked.is_running:
            env = self._stack.enter_context(_new_home())
            with _running_service(env, b"first-password"):
                pass  # makes the keyring
            self._locked = self._stack.enter_context(_running_service(env, b"another-password"))
        return self._locked


def _with_home(service: SecretService, env: dict[str, str]) -> SecretService:
    """The same keyring for processes with another home folder."""
    bus = {"DBUS_SESSION_BUS_ADDRESS": service.env["DBUS_SESSION_BUS_ADDRESS"]}
    return replace(service, env={**env, **bus})


@contextmanager
def _new_home() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="oai-tui-", ignore_cleanup_errors=True) as folder:
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


@contextmanager
def running_secret_service() -> Iterator[SecretService]:
    """Run an unlocked keyring with a home of its own, outside of pytest."""
    with _new_home() as env, _running_service(env, b"test-password") as service:
        yield service


@contextmanager
def _running_service(env: dict[str, str], password: bytes) -> Iterator[SecretService]:
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
            ["gdbus", "wait", "--session", "--timeout", "60", "org.freedesktop.secrets"],
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
