"""Measures many checks: `python -m tests.bench.fleet [PROFILES] [CHECKS]`.

Profiles in a real Secret Service keyring are listed and verified, and the checks of one
configuration file run over 8 connections. The server answers each request after 20 ms. The ideal of
checks is the number of requests, divided by the checks at a time, times 20 ms; the ideal of a list
is a program that only reads the same entries through the package `keyring`. Verifying also saves
each result, so its second ideal adds a program that only writes one entry for each profile.
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

from oai_tui.domain.keys.secret import Secret
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
import json, sys, keyring
for name, user, _ in json.load(open(sys.argv[1])):
    for entry in (("oai-tui", name), ("oai-tui-profile", user)):
        if keyring.get_password(*entry) is None:
            raise SystemExit(f"{entry} is not saved")
"""
_WRITE_ENTRIES = """
import json, sys, keyring
for _, user, text in json.load(open(sys.argv[1])):
    keyring.set_password("oai-tui-profile", user, text)
"""
"""Programs that read and write the entries in the file of `_write_entries`."""


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
        entries = str(_write_entries(service, profiles))
        bare = seconds([sys.executable, "-c", _READ_ENTRIES, entries], service)
        listed = seconds([*PROGRAM, "profiles", "list", "--json"], service)
        print(f"list {profiles} profiles       {listed:7.2f} s {listed / bare:6.2f} x reading them")
        written = seconds([sys.executable, "-c", _WRITE_ENTRIES, entries], service)
        verified = seconds([*PROGRAM, "profiles", "verify", "--all", "--json"], service)
        ideal = _checks(f"verify {profiles} profiles", verified, count, MAX_PARALLEL)
        print(
            f"{'with one write for each':26} {verified:7.2f} s "
            f"{verified / (ideal + written):6.2f} x ideal, {written:.2f} s of writes"
        )
        print(f"{'the keyring daemon':26} {_memory_mb(service)} MB at most")
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


def _write_entries(service: SecretService, profiles: int) -> Path:
    """Write a file with the name, the user and the text of each saved profile."""
    entries = []
    for number in range(profiles):
        name = f"key-{number:04}"
        user = f"{name}#{Secret(_profile_key(number)).fingerprint}"
        entries.append((name, user, service.entry("oai-tui-profile", user)))
    path = Path(service.env["HOME"]) / "entries.json"
    path.write_text(json.dumps(entries))
    return path


def _memory_mb(service: SecretService) -> int:
    """The most memory that the keyring's daemon has used."""
    status = Path(f"/proc/{service.daemon.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _checks(name: str, took_s: float, count: "Synchronized[int]", parallel: int) -> float:
    """Print the time of checks and return their ideal."""
    requests, count.value = count.value, 0
    ideal = requests / parallel * DELAY_S
    print(f"{name:26} {took_s:7.2f} s {took_s / ideal:6.2f} x ideal, {requests} requests")
    return ideal


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] or ["500", "1000"])))
