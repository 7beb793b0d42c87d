"""The checks of one run do once what they have in common; the next run does it again."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import truststore

from oai_tui.domain.keys.secret import Secret
from oai_tui.probes import http_client
from oai_tui.services import services
from oai_tui.simulator.server import running
from tests.commands.cli_runner import CliResult, client_environment, run_cli
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.services.make_services import make_services

CHECKS = 4


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the calls of what is expensive."""
    counts: Counter[str] = Counter()

    def count(module: object, name: str) -> None:
        original: Callable[..., Any] = getattr(module, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            counts[name] += 1
            return original(*arguments, **options)

        monkeypatch.setattr(module, name, counted)

    count(services, "discover")
    count(http_client, "Redactor")
    count(truststore, "SSLContext")
    return counts


def run_checks(home: Path, scenario: str, *arguments: str) -> CliResult:
    """Run a file with several checks of the same key."""
    with running(scenario) as simulated:
        names = "\n".join(
            f"[[check]]\nname = 'check {number}'\nsource = 'env'" for number in range(CHECKS)
        )
        (home / "checks.toml").write_text(names)
        return run_cli([*arguments, "--config", "checks.toml"], home, client_environment(simulated))


@pytest.mark.parametrize("scenario", ["all-good", "key-invalid"])
def test_the_checks_of_a_file_share_what_is_expensive(
    scenario: str, tmp_path: Path, calls: Counter[str]
) -> None:
    done = run_checks(tmp_path, scenario, "check", "--json")
    assert len(done.document["results"]) == CHECKS
    assert calls == {"discover": 1, "Redactor": 1, "SSLContext": 1}


def test_each_round_of_a_watch_reads_the_sources_again(tmp_path: Path, calls: Counter[str]) -> None:
    done = run_checks(tmp_path, "all-good", "watch", "--count", "2", "--every", "1")
    assert done.code == 0
    assert calls == {"discover": 2, "Redactor": 2, "SSLContext": 2}


def test_check_of_all_keys_reads_the_sources_once(tmp_path: Path, calls: Counter[str]) -> None:
    with running("key-invalid") as simulated:
        (tmp_path / ".env").write_text(f"OPENAI_API_KEY={PROJECT_KEY}\n")
        done = run_cli(["check", "--all", "--json"], tmp_path, client_environment(simulated))
    assert len(done.document["results"]) == 2
    assert calls["discover"] == 1


def test_a_session_sees_a_key_that_was_set_later() -> None:
    env: dict[str, str] = {}
    session = make_services(env)
    run = session.for_one_run()
    assert (session.discover().credentials, run.discover().credentials) == ((), ())
    env["OPENAI_API_KEY"] = PROJECT_KEY
    assert [found.secret for found in session.discover().credentials] == [Secret(PROJECT_KEY)]
    assert run.clone_with_own_connections().discover().credentials == ()
    assert len(session.for_one_run().discover().credentials) == 1


def test_every_clone_knows_the_keys_that_were_found() -> None:
    run = make_services({"OPENAI_API_KEY": PROJECT_KEY}).for_one_run()
    run.discover()
    clone = run.clone_with_own_connections()
    assert clone.known_secrets() == ()
    clone.discover()
    assert clone.known_secrets() == (Secret(PROJECT_KEY),)
