"""Measures many checks: `python -m tests.bench.fleet [PROFILES] [CHECKS]`.

Profiles in a real Secret Service keyring are listed and verified, and the checks of one
configuration file run over 8 connections. The server answers each request after 20 ms. The ideal of
checks is the number of requests, divided by the checks at a time, times 20 ms; the ideal of a list
is a program that only reads the same entries from the keyring.
"""

import asyncio
import contextlib
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from oai_tui.domain.target import Target
from oai_tui.headless.batch_check import MAX_PARALLEL
from tests.bench.start import PROGRAM, ROOT
from tests.commands.saved_profiles import save_profile, whole_environment
from tests.credentials.profile_factory import key
from tests.secret_service import SecretService, running_secret_service

DELAY_S = 0.02
CONNECTIONS = 8
_LETTERS = "abcdefghijklmnopqrstuvw"
"""Without x: a run of x is a mask."""
_MODELS = {"object": "list", "data": [{"id": "gpt-6-luna", "object": "model"}]}
_USER = {"object": "user", "id": "user-1", "orgs": {"object": "list", "data": []}}
_REFUSED = {"error": {"message": "Missing bearer authentication in header", "code": None}}
_READ_ENTRIES = """
import sys, keyring
for number in range(int(sys.argv[1])):
    keyring.get_password("oai-tui", f"key-{number:04}")
    keyring.get_password("oai-tui-profile", f"key-{number:04}")
"""


def _response(status: str, body: object) -> bytes:
    data = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\nopenai-version: 2020-10-01\r\n"
        'x-request-id: req_0\r\nwww-authenticate: Bearer realm="OpenAI API"\r\n'
        f"content-length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def _serve(ready: Connection, count: "Synchronized[int]") -> None:
    models, user = _response("200 OK", _MODELS), _response("200 OK", _USER)
    refused = _response("401 Unauthorized", _REFUSED)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                count.value += 1
                await asyncio.sleep(DELAY_S)
                has_key = b"\r\nauthorization:" in head.lower()
                path = head.split(b" ", 2)[1]
                writer.write((user if path.endswith(b"/me") else models) if has_key else refused)
        writer.close()

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextlib.contextmanager
def serving() -> Iterator[tuple[str, "Synchronized[int]"]]:
    """Run the server in a process of its own; yields its base URL and its count of requests."""
    receiver, sender = multiprocessing.Pipe()
    count = multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=_serve, args=(sender, count), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{receiver.recv()}/v1", count
    finally:
        server.terminate()


def seconds(command: Sequence[str], service: SecretService, **variables: str) -> float:
    """Return the seconds of a command, which has to succeed."""
    start = time.perf_counter()
    done = subprocess.run(
        command,
        env=whole_environment(service, PYTHONPATH=str(ROOT), **variables),
        cwd=service.env["HOME"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return time.perf_counter() - start


def _profile_key(number: int) -> str:
    letter = _LETTERS[number % len(_LETTERS)]
    return key(letter)[:-4] + f"{number:04}"


def main(profiles: int, checks: int) -> None:
    """Print the times and their ratios."""
    with running_secret_service() as service, serving() as (base_url, count):
        for number in range(profiles):
            save_profile(
                service, f"key-{number:04}", _profile_key(number), Target(base_url=base_url)
            )
        bare = seconds([sys.executable, "-c", _READ_ENTRIES, str(profiles)], service)
        listed = seconds([*PROGRAM, "profiles", "list", "--json"], service)
        print(f"list {profiles} profiles       {listed:7.2f} s {listed / bare:6.2f} x reading them")
        _checks(
            f"verify {profiles} profiles",
            seconds([*PROGRAM, "profiles", "verify", "--all", "--json"], service),
            count,
            MAX_PARALLEL,
        )
        config = Path(service.env["HOME"]) / "checks.toml"
        config.write_text(
            f"parallel = {CONNECTIONS}\n"
            + "".join(
                f'[[check]]\nname = "check {number}"\nsource = "env"\nbase_url = "{base_url}"\n'
                for number in range(checks)
            )
        )
        _checks(
            f"{checks} checks of a file",
            seconds(
                [*PROGRAM, "check", "--config", str(config), "--json"],
                service,
                OPENAI_API_KEY=key("a"),
            ),
            count,
            CONNECTIONS,
        )


def _checks(name: str, took_s: float, count: "Synchronized[int]", parallel: int) -> None:
    requests, count.value = count.value, 0
    ideal = requests / parallel * DELAY_S
    print(f"{name:26} {took_s:7.2f} s {took_s / ideal:6.2f} x ideal, {requests} requests")


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] or ["500", "1000"])))
