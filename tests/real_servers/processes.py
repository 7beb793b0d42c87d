"""Start a server, wait until it takes connections, and end it with its whole process group."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

START_S = 20.0
LIFE_S = 900
STOP_S = 10.0
TRIES = 3
LOOPBACK = "127.0.0.1"


class NotStartedError(RuntimeError):
    """The server ended, or did not take connections in time; the text ends with its output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to start. `env` is the whole environment, but for PATH, HOME and LANG."""

    argv: Sequence[str | Path]
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that takes connections.

    `base_url`: what a client is given as OPENAI_BASE_URL; of a forward proxy, the proxy's own URL.
    `folder`: its configuration and its output; gone once it is ended.
    `started_s`: from the start of the process until it took a connection.
    """

    base_url: str
    port: int
    pid: int
    folder: Path
    started_s: float

    def output(self) -> str:
        """What it wrote on stdout and stderr so far."""
        return (self.folder / "output.txt").read_text(errors="replace")


# Given the port and a new folder, write the configuration there and say what to start.
Setup = Callable[[int, Path], Command]


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as made:
        made.bind((LOOPBACK, 0))
        port: int = made.getsockname()[1]
        return port


@contextlib.contextmanager
def refusing_port() -> Iterator[int]:
    """A port that refuses connections and that nothing else can take meanwhile."""
    with socket.socket() as made:
        made.bind((LOOPBACK, 0))
        port: int = made.getsockname()[1]
        yield port


@contextlib.contextmanager
def running(
    setup: Setup, *, path: str = "/v1", ready_path: str | None = None, start_s: float = START_S
) -> Iterator[Running]:
    """Start a server on a free port; started again on another one if that was taken meanwhile.

    `path` ends the base URL. With `ready_path` it also waits until a GET of that path gives 200.
    """
    for attempt in range(1, TRIES + 1):
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(_folder()))
            port = free_port()
            began = time.monotonic()
            process = stack.enter_context(_process(setup(port, folder), folder))
            try:
                _wait(process, port, folder, began + start_s, ready_path)
            except NotStartedError as error:
                if attempt < TRIES and "in use" in str(error).lower():
                    continue
                raise
            yield Running(
                base_url=f"http://{LOOPBACK}:{port}{path}",
                port=port,
                pid=process.pid,
                folder=folder,
                started_s=time.monotonic() - began,
            )
            return


def _folder() -> tempfile.TemporaryDirectory[str]:
    # Cleanup ignores errors: a server that is being ended may still write there.
    return tempfile.TemporaryDirectory(prefix="real-server-", ignore_cleanup_errors=True)


@contextlib.contextmanager
def _process(command: Command, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **command.env}
    argv = [*_limited(), *(str(word) for word in command.argv)]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end_group(process)


def _limited() -> list[str]:
    """The prefix that ends the server by itself if the process that started it was killed."""
    found = shutil.which("timeout")
    return [found, "--kill-after=5", str(LIFE_S)] if found else []


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and all of its group: first SIGTERM, then SIGKILL."""
    for number, patience_s in ((signal.SIGTERM, STOP_S), (signal.SIGKILL, STOP_S)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        ends_at = time.monotonic() + patience_s
        while time.monotonic() < ends_at:
            process.poll()  # collects the leader, which otherwise stays in the group
            if not group_lives(process.pid):
                return
            time.sleep(0.01)
    raise RuntimeError(f"the process group {process.pid} could not be ended")


def group_lives(group: int) -> bool:
    """Whether a process of the group still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    # An orphan that has ended stays in the group until the machine's first process collects it.
    states = group_states(group)
    return not states or any(state != "Z" for state in states)


def group_states(group: int) -> list[str]:
    """The states of the group's processes, as letters; empty where there is no /proc."""
    return [fields[0] for fields in group_stats(group)]


def group_stats(group: int) -> Iterator[list[str]]:
    """Of each process of the group what /proc tells after its name: state, parent, group, ..."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                yield fields


def _wait(
    process: subprocess.Popen[bytes], port: int, folder: Path, ends_at: float, path: str | None
) -> None:
    while time.monotonic() < ends_at:
        if process.poll() is not None:
            raise NotStartedError(f"ended with {process.returncode}: {_output(folder)}")
        if _is_ready(port, path):
            return
        time.sleep(0.02)
    raise NotStartedError(f"was not ready on port {port} in time: {_output(folder)}")


def _is_ready(port: int, path: str | None) -> bool:
    try:
        if path is None:
            socket.create_connection((LOOPBACK, port), 1).close()
            return True
        found = httpx.get(f"http://{LOOPBACK}:{port}{path}", timeout=1, trust_env=False)
    except (OSError, httpx.TransportError):
        return False
    return found.status_code == httpx.codes.OK


def _output(folder: Path) -> str:
    parts = [folder / "output.txt", *sorted(folder.glob("*.log"))]
    texts = [part.read_text(errors="replace")[-2000:] for part in parts if part.exists()]
    return "\n".join(text.strip() for text in texts)
