"""`owner` over real sockets, where the admin API fails after the paging has begun.

What was read before is kept, and the report says what is missing.
"""

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from oai_tui.simulator.fixtures import ADMIN_KEY
from oai_tui.simulator.large_organization import large_world
from oai_tui.simulator.server import running
from tests.commands.cli_runner import CliResult, client_environment, run_cli
from tests.fault_server import Server, in_front_of, json_answer
from tests.reports.test_json import SCHEMA

pytestmark = pytest.mark.sockets
READ = 6
"""Projects whose keys are read before the fault begins."""
TEAMS, KEYS = 120, 2
LIMITED = b'{"error": {"message": "Rate limit reached.", "type": "requests", "code": null}}'
Answer = Callable[[socket.socket, Server], None]


class AfterSomeProjects:
    """A fault: the lists of keys are passed on for some projects, and then answered by `answer`."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._passed: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, connection: socket.socket, server: Server, target: str) -> bool:
        path = urlsplit(target).path
        if not path.endswith("/api_keys"):
            return False
        with self._lock:
            if path in self._passed or len(self._passed) < READ:
                self._passed.add(path)
                return False
        self._answer(connection, server)
        return True


def silence(connection: socket.socket, server: Server) -> None:
    server.over.wait()


def limited(retry_after: bytes) -> Answer:
    def answer(connection: socket.socket, server: Server) -> None:
        headers = (b"Retry-After: " + retry_after, b"Connection: close")
        connection.sendall(json_answer("429 Too Many Requests", LIMITED, *headers))

    return answer


class SecondPageRepeats:
    """A fault: every page of projects after the first is one and the same, and more follow."""

    def __call__(self, connection: socket.socket, server: Server, target: str) -> bool:
        parts = urlsplit(target)
        if not parts.path.endswith("/projects") or "after" not in parse_qs(parts.query):
            return False
        rows = [{"id": "proj_x", "object": "organization.project", "name": "X", "status": "active"}]
        body = {"object": "list", "data": rows, "last_id": "proj_x", "has_more": True}
        page = json.dumps(body).encode()
        connection.sendall(json_answer("200 OK", page, b"Connection: close"))
        return True


def listed(home: Path, fault: Any, *arguments: str, timeout: str = "120") -> CliResult:
    """Run `owner --list` over the simulator with a fault in front of it."""
    with running("all-good") as simulated, in_front_of(simulated.base_url, fault) as server:
        simulated.simulator.world = large_world(TEAMS, KEYS)
        variables = {
            **client_environment(simulated),
            "OPENAI_BASE_URL": server.url(),
            "OPENAI_ADMIN_KEY": ADMIN_KEY,
        }
        done = run_cli(["owner", "--list", "--timeout", timeout, *arguments], home, variables)
    assert ADMIN_KEY not in done.out + done.err
    return done


@pytest.mark.parametrize("answer", [silence, limited(b"3600")], ids=["silence", "a long wait"])
def test_a_time_out_keeps_the_pages_before_it(answer: Answer, tmp_path: Path) -> None:
    done = listed(tmp_path, AfterSomeProjects(answer), "--json", timeout="5")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    survey = document["survey"]
    assert (survey["complete"], survey["projects"]) == (False, READ)
    assert survey["keys"] >= READ
    assert sum(document["attention_counts"].values()) > 0
    assert len(document["attention"]) > 0
    (note,) = [each for each in survey["notes"] if "time limit" in each]
    assert "was reached after 6 projects; " in note
    assert "of the list were not read" in note


def test_the_text_of_a_time_out_has_the_keys_and_says_what_is_missing(tmp_path: Path) -> None:
    done = listed(tmp_path, AfterSomeProjects(silence), timeout="5")
    lines = " ".join(done.out.split())
    assert "needs attention" in lines or "need attention" in lines
    assert "was reached after 6 projects; " in lines


def test_429_without_end_keeps_what_was_read(tmp_path: Path) -> None:
    done = listed(tmp_path, AfterSomeProjects(limited(b"0")), "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    survey = document["survey"]
    assert survey["complete"] is False
    assert survey["keys"] >= READ
    assert sum(document["attention_counts"].values()) > 0
    missing = TEAMS + 3 - READ
    assert f"The keys of {missing} projects couldn't be read completely." in survey["notes"]
    assert any(": 429 Rate limit reached" in note for note in survey["notes"])


def test_a_second_page_that_repeats_keeps_the_first(tmp_path: Path) -> None:
    done = listed(tmp_path, SecondPageRepeats(), "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    survey = document["survey"]
    assert (survey["complete"], survey["projects"]) == (False, 101)
    assert survey["keys"] >= 97 * KEYS
    assert any("the same page again" in note for note in survey["notes"])
