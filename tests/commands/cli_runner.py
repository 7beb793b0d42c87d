"""Runs `oai-tui` for tests, in a clean environment and without a terminal, against canned servers.

Most tests call `run_cli`, which takes milliseconds. What belongs to a process (signals, terminals,
pipes, deadlines that abandon a thread, the exit of the interpreter) is tested with `run_program`.
"""

import contextlib
import gc
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from oai_tui.cli import main
from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.server import Running

ROOT = Path(__file__).parent.parent.parent
GOOD_KEY = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 73 + "A"
TERMINATE_S = 120.0
"""Seconds after which a process that has not ended fails its test: far more than any test takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CliResult:
    """Exit code and output of one run."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)

    @property
    def cause(self) -> str | None:
        """The cause in the JSON report, or None."""
        cause: str | None = self.document["verdict"]["cause"]
        return cause


def environment(home: Path, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment with none of this machine's settings."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        **(variables or {}),
    }


def simulated_client(simulated: Running) -> ClientSetup:
    """The settings of the simulated client, whose base URL leads to the simulator."""
    return simulated.client


def client_environment(simulated: Running) -> dict[str, str]:
    """The variables of the simulated client: its key and the base URL of the simulator."""
    return dict(simulated_client(simulated).environment)


def run_cli(
    arguments: Sequence[str],
    home: Path,
    variables: Mapping[str, str] | None = None,
    *,
    typed: bytes = b"",
) -> CliResult:
    """Run `oai-tui` in this process, with `home` as its home and working folder."""
    return run_in_process(arguments, environment(home, variables), home, typed=typed)


def run_program(
    arguments: Sequence[str],
    home: Path,
    variables: Mapping[str, str] | None = None,
    *,
    typed: bytes = b"",
) -> CliResult:
    """Like `run_cli`, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "oai_tui", *arguments],
        cwd=home,
        env=environment(home, variables),
        input=typed,
        capture_output=True,
        timeout=TERMINATE_S,
        check=False,
    )
    return CliResult(
        code=done.returncode, out=done.stdout.decode("utf-8"), err=done.stderr.decode("utf-8")
    )


def run_in_process(
    arguments: Sequence[str],
    env: Mapping[str, str],
    folder: Path | None = None,
    *,
    typed: bytes = b"",
) -> CliResult:
    """Run `oai-tui` in this process with exactly this environment, and leave the process as it was.

    The working folder is `folder`, or the home folder of the environment.
    """
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        files[0].write(typed)
        files[0].seek(0)
        stack.enter_context(borrowed_process(env, folder or Path(env["HOME"])))
        with _standard_streams(files):
            code = _exit_code(arguments)
        return CliResult(code=code, out=_content(files[1]), err=_content(files[2]))


def _exit_code(arguments: Sequence[str]) -> int:
    try:
        main(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8")


@contextlib.contextmanager
def borrowed_process(env: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Give the block another environment and working folder.

    Afterwards everything that `oai-tui` changes in its process is as before.
    """
    variables, cwd, thresholds = dict(os.environ), os.getcwd(), gc.get_threshold()
    try:
        os.environ.clear()
        os.environ.update(env)
        os.chdir(folder)
        _forget_keyring()
        yield
    finally:
        os.environ.clear()
        os.environ.update(variables)
        os.chdir(cwd)
        gc.set_threshold(*thresholds)
        _forget_keyring()


@contextlib.contextmanager
def _standard_streams(files: Sequence[IO[bytes]]) -> Iterator[None]:
    """Make the files the descriptors 0, 1 and 2 and the streams of `sys`.

    Child processes inherit the descriptors.
    """
    streams = (sys.stdin, sys.stdout, sys.stderr)
    originals = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    opened = [
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        for number, mode in enumerate(("r", "w", "w"))
    ]
    saved = [os.dup(number) for number in range(3)]
    try:
        for number, file in enumerate(files):
            os.dup2(file.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = opened
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = opened  # type: ignore[misc,assignment]
        yield
    finally:
        for stream in opened[1:]:
            stream.flush()
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = originals  # type: ignore[misc]
        for number, copy in enumerate(saved):
            os.dup2(copy, number)
            os.close(copy)


def _forget_keyring() -> None:
    """Let the `keyring` package choose its back end again: it does so once in a process."""
    if "keyring.core" in sys.modules:
        sys.modules["keyring.core"]._keyring_backend = None  # type: ignore[attr-defined]
    if "keyring.backend" in sys.modules:
        vars(sys.modules["keyring.backend"].get_all_keyring).pop("saved_result", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]

    @property
    def has_key(self) -> bool:
        """Return True if a key came with it."""
        return "authorization" in self.headers


Reply = Callable[[ReceivedRequest], bytes | None]
"""Returns the response, head and body; None to send nothing for as long as the client stays."""


def http_response(status: str, body: str | bytes | dict[str, Any], **headers: str) -> bytes:
    """Return a whole HTTP/1.1 response.

    A dict becomes JSON. Underscores in the headers' names become hyphens.
    """
    content_type = "application/json" if isinstance(body, dict) else "text/html; charset=utf-8"
    text = json.dumps(body) if isinstance(body, dict) else body
    content = text.encode() if isinstance(text, str) else text
    all_headers = {
        "content-type": content_type,
        "content-length": str(len(content)),
        "connection": "close",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in all_headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


@contextlib.contextmanager
def canned_server(reply: Reply) -> Iterator[str]:
    """Answer every request to a free loopback port with `reply`; yields the base URL with /v1."""
    listener = socket.create_server(("127.0.0.1", 0))
    silent: list[socket.socket] = []

    def answer(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            request = _read(connection)
            response = reply(request) if request else b""
            if response is None:
                silent.append(connection)
                return
            connection.sendall(response)
            connection.shutdown(socket.SHUT_WR)
            connection.close()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        listener.close()
        for connection in silent:
            connection.close()


def _read(connection: socket.socket) -> ReceivedRequest | None:
    """Return the request, or None if the connection was closed before its head was complete."""
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        head += chunk
    top, _, rest = head.partition(b"\r\n\r\n")
    request_line, *lines = top.decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    missing = int(headers.get("content-length", "0")) - len(rest)
    while missing > 0 and (chunk := connection.recv(65536)):
        missing -= len(chunk)
    method, path, _ = request_line.split(" ")
    return ReceivedRequest(method=method, path=path, headers=headers)
