"""Servers start on a port of their own, end with the test and leave nothing behind."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from . import nginx
from .fixtures import installed
from .processes import Command, NotStartedError, Running, end_group, group_lives, running
from .tools import MissingProgramError, system_program, venv_program

Started = Callable[[Callable[[], contextlib.AbstractContextManager[Running]]], Running]


def test_a_server_started_by_the_fixture_runs_during_the_test(real_server: Started) -> None:
    assert group_lives(real_server(nginx.static_pages).pid)


def test_a_server_leaves_nothing_behind() -> None:
    with installed(), nginx.static_pages() as server:
        pass
    assert not group_lives(server.pid)
    assert not server.folder.exists()


def test_a_program_that_ends_at_once_is_reported_with_its_output() -> None:
    def setup(port: int, folder: Path) -> Command:
        return Command(argv=[sys.executable, "-c", "raise SystemExit('no such setting')"])

    with pytest.raises(NotStartedError, match="no such setting"), running(setup):
        pass


def test_a_port_taken_meanwhile_is_replaced() -> None:
    ports: list[int] = []
    serve = "import http.server, sys; http.server.test(port=int(sys.argv[1]), bind='127.0.0.1')"

    def setup(port: int, folder: Path) -> Command:
        ports.append(port)
        if len(ports) == 1:
            return Command(argv=[sys.executable, "-c", "raise SystemExit('Address in use')"])
        return Command(argv=[sys.executable, "-c", serve, str(port)])

    with running(setup) as server:
        assert server.port == ports[1]


def test_children_that_ignore_sigterm_are_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{end_group.__module__}.STOP_S", 0.3)
    script = "trap '' TERM; (trap '' TERM; sleep 60) & echo ready; sleep 60; sleep 60"
    with subprocess.Popen(
        ["/bin/sh", "-c", script], start_new_session=True, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        end_group(process)
    assert not group_lives(process.pid)
    assert process.returncode == -signal.SIGKILL


def test_a_missing_program_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REAL_SERVERS_HOME", str(tmp_path))
    with pytest.raises(MissingProgramError, match="install mocks"):
        venv_program("mocks", "fakellm")
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(MissingProgramError, match="apt-get install nginx-light"):
        system_program("nginx")


def test_a_missing_program_skips_but_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception), installed():
        raise MissingProgramError("it")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception), installed():
        raise MissingProgramError("it")
