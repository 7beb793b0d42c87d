"""Measures `owner --list` over 200 projects: `python -m tests.bench.owner [PROJECTS] [KEYS]`.

The server answers each request after 20 ms from pages that were made before, in a process of its
own. The ideal is the number of requests, divided by the connections, times 20 ms. The peak memory
is compared with that for one project with 100 keys.
"""

import asyncio
import contextlib
import gc
import hashlib
import json
import multiprocessing
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact
from oai_tui.domain.owner_view import OwnerView, SurveyPlan
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Origin, Target
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.probes.http_client import HttpClient
from oai_tui.probes.owner import CONNECTIONS, OwnerSurvey
from tests.bench.start import ROOT

DELAY_S = 0.02
ROUNDS = 3


def _text(seed: str, length: int) -> str:
    digest = hashlib.sha512(seed.encode()).hexdigest()
    return (digest * 2)[:length]


def _page(rows: list[dict[str, object]], *, more: bool) -> bytes:
    body = json.dumps({"object": "list", "data": rows, "has_more": more}).encode()
    head = (
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nopenai-version: 2020-10-01\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _pages(projects: int, keys: int) -> dict[str, bytes]:
    """Return every page by the path and the cursor that ask for it."""
    pages: dict[str, bytes] = {}
    rows: list[dict[str, object]] = [
        {"id": f"proj_{number}", "name": f"Team {number}", "status": "active"}
        for number in range(projects)
    ]
    for start in range(0, projects, 100):
        after = f"proj_{start - 1}" if start else ""
        pages[f"projects {after}"] = _page(rows[start : start + 100], more=start + 100 < projects)
    for number in range(projects):
        of_project: list[dict[str, object]] = [
            {
                "id": f"key_{number}_{index}",
                "name": f"Key {index}",
                "redacted_value": f"sk-proj-...{_text(f'{number}.{index}', 4)}",
                "created_at": 1_700_000_000,
                "last_used_at": 1_790_000_000,
                "expires_at": None,
                "owner_project_access": "active",
                "owner": {"type": "user", "user": {"email": "sam@example.com", "name": "Sam"}},
            }
            for index in range(keys)
        ]
        pages[f"proj_{number} "] = _page(of_project, more=False)
    return pages


def _serve(projects: int, keys: int, ready: Connection) -> None:
    pages = _pages(projects, keys)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # the client closed
            while True:
                await reply(await reader.readuntil(b"\r\n\r\n"), writer)
        writer.close()

    async def reply(head: bytes, writer: asyncio.StreamWriter) -> None:
        path, _, query = head.split(b" ", 2)[1].decode().partition("?")
        after = query.partition("after=")[2]
        name = path.split("/")[-2] if path.endswith("/api_keys") else "projects"
        await asyncio.sleep(DELAY_S)
        writer.write(pages[f"{name} {after}"])

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def _survey(port: int) -> tuple[float, float, OwnerView]:
    """Return the seconds of one survey, those of the processor, and what it found."""
    admin = Secret(f"sk-admin-{_text('admin', 58)}T3BlbkFJ{_text('more', 58)}")
    credential = Credential(
        secret=admin, origin=Origin(kind="environment"), kind=kind_of(admin, KEY_KINDS)
    )
    plan = SurveyPlan(
        key=Secret(f"sk-proj-{_text('a', 74)}T3BlbkFJ{_text('b', 74)}"),
        lists=True,
        rotation_days=90,
        now=datetime(2026, 11, 27, tzinfo=UTC),
        timeout_s=600,
    )
    target = Target(base_url=f"http://127.0.0.1:{port}/v1")
    facts: dict[str, Fact] = {"key_may_go": True, "host": "127.0.0.1"}
    http = HttpClient(RESPONDERS)
    try:
        run = OwnerSurvey(http, Call(target=target, credential=credential, facts=facts), plan)
        start, cpu = time.perf_counter(), time.process_time()
        await run.run()
        return time.perf_counter() - start, time.process_time() - cpu, run.view()
    finally:
        await http.aclose()


@contextlib.contextmanager
def _serving(projects: int, keys: int) -> Iterator[int]:
    """Run the server in a process of its own; yields its port."""
    receiver, sender = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(projects, keys, sender), daemon=True)
    server.start()
    try:
        yield receiver.recv()
    finally:
        server.terminate()


def peak_bytes(projects: int, keys: int) -> int:
    """Return the most memory in use at a time, in bytes, while a survey reads so many keys.

    Measured in a process of its own: among the many objects of another program the collector lets
    more garbage wait.
    """
    child = f"from tests.bench.owner import print_peak; print_peak({projects}, {keys})"
    done = subprocess.run(
        [sys.executable, "-c", child], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return int(done.stdout)


def print_peak(projects: int, keys: int) -> None:
    """Print what `peak_bytes` returns."""
    with _serving(projects, keys) as port:
        asyncio.run(_survey(port))  # fills the caches of the libraries
        gc.collect()
        tracemalloc.start()
        try:
            view = asyncio.run(_survey(port))[2]
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert view.keys == projects * keys, view.notes
    print(peak)


def main(projects: int, keys: int) -> None:
    """Print the fastest of some rounds, its ratio to the ideal, and the ratio of the memory."""
    with _serving(projects, keys) as port:
        results = [asyncio.run(_survey(port)) for _ in range(ROUNDS)]
    seconds, cpu, view = min(results, key=lambda result: result[0])
    if not view.projects or view.keys != projects * keys:
        raise SystemExit(f"{view.keys} of {projects * keys} keys were read: {view.notes}")
    requests = view.requests - 1  # one asks for the spend limit of the organization at the end
    ideal = requests / CONNECTIONS * DELAY_S
    print(
        f"{view.keys:,} keys in {view.projects} projects: {seconds:.2f} s for {requests} requests,"
        f"   ideal {ideal:.2f} s   {seconds / ideal:.2f} x ideal"
        f"   processor {cpu:.2f} s"
    )
    few, many = peak_bytes(1, 100), peak_bytes(projects, keys)
    print(
        f"peak memory {many / 1e6:.2f} MB, with 100 keys {few / 1e6:.2f} MB"
        f"   {many / few:.2f} x that of 100 keys"
    )


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] or ["200", "50"])))
