"""`profiles verify --all` and `check --all` over several faults at once, each on a port of its own.

Every key gets its own verdict, the worst exit code wins, and a terminal sees a progress bar.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import jsonschema
import pytest

from oai_tui.domain.target import Target
from oai_tui.reports.exit_codes import WORST_FIRST, worst
from oai_tui.simulator.server import running
from tests.commands.cli_runner import client_environment, run_in_process
from tests.commands.pty_runner import run_on_terminal
from tests.commands.saved_profiles import PROGRAM, leaks, save_profile, show_profile
from tests.reports.test_json import SCHEMA
from tests.secret_service import SecretService

FAULTS = {
    "all-good": (0, None),
    "organization-mismatch": (4, "organization-mismatch"),
    "key-invalid": (4, "key-invalid"),
    "quota-exhausted": (6, "quota-exhausted"),
    "ip-not-allowed": (5, "ip-not-allowed"),
    "service-error": (9, "service-error"),
    "connection-refused": (8, "connection-refused"),
    "project-mismatch": (4, "project-mismatch"),
}


@contextmanager
def saved(service: SecretService, *scenarios: str) -> Iterator[list[str]]:
    """Serve these scenarios, and save a profile for each, named like it; yields their keys."""
    with ExitStack() as stack:
        keys = []
        for name in scenarios:
            client = client_environment(stack.enter_context(running(name)))
            target = Target(
                base_url=client["OPENAI_BASE_URL"],
                organization=client.get("OPENAI_ORG_ID"),
                project=client.get("OPENAI_PROJECT_ID"),
            )
            keys.append(save_profile(service, name, client["OPENAI_API_KEY"], target))
        yield keys


def test_every_profile_gets_its_own_verdict(secret_service: SecretService) -> None:
    with saved(secret_service, *FAULTS) as keys:
        done = secret_service.run_cli(
            "profiles", "verify", "--all", "--inference", "--json", "--timeout", "20"
        )
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert {
        result["name"]: (result["exit_code"], result["verdict"]["cause"])
        for result in document["results"]
    } == FAULTS
    assert (done.code, document["exit_code"], document["mode"]) == (4, 4, "verify")
    assert [leak for key in keys for leak in leaks(key, done.out, done.err)] == []


def test_what_came_of_it_is_kept(secret_service: SecretService) -> None:
    with saved(secret_service, "all-good", "organization-mismatch", "connection-refused"):
        secret_service.run_cli("profiles", "verify", "--all", "--timeout", "20")
    assert [
        show_profile(secret_service, name)["state"].partition(",")[0]
        for name in ("all-good", "organization-mismatch", "connection-refused")
    ] == ["works", "rejected: organization-mismatch", "works"]


def test_named_profiles_alone(secret_service: SecretService) -> None:
    with saved(secret_service, "all-good", "key-invalid"):
        done = secret_service.run_cli("profiles", "verify", "all-good", "all-good", "--json")
    assert ([result["name"] for result in done.document["results"]], done.code) == (
        ["all-good"],
        0,
    )


def test_check_all_takes_the_keys_found_here_as_well_and_changes_nothing(
    secret_service: SecretService,
) -> None:
    with saved(secret_service, "all-good", "key-invalid"), running("quota-exhausted") as here:
        before = show_profile(secret_service, "key-invalid")
        done = secret_service.run_cli(
            "check",
            "--all",
            "--inference",
            "--json",
            **client_environment(here),
        )
        document = done.document
        assert show_profile(secret_service, "key-invalid") == before
    jsonschema.validate(document, SCHEMA)
    assert [(result["name"], result["exit_code"]) for result in document["results"]] == [
        ("OPENAI_API_KEY", 6),
        ("all-good", 0),
        ("key-invalid", 4),
    ]
    assert (done.code, document["mode"]) == (4, "check")


def test_check_all_without_a_keyring_checks_what_is_here(no_secret_service: dict[str, str]) -> None:
    with running("all-good") as here:
        env = {**no_secret_service, **client_environment(here)}
        done = run_in_process(["check", "--all", "--json"], env)
    names = [result["name"] for result in done.document["results"]]
    assert (done.code, names) == (0, ["OPENAI_API_KEY"])
    assert "no usable keyring" in done.err


def test_check_all_on_a_locked_keyring_is_a_verdict(locked_secret_service: SecretService) -> None:
    done = locked_secret_service.run_cli("check", "--all", "--json")
    assert (
        done.code,
        [result["verdict"]["cause"] for result in done.document["results"]],
    ) == (10, ["keyring-locked"])


@pytest.mark.parametrize("names", [["--all"], ["work"]], ids=" ".join)
def test_verify_on_a_locked_keyring_is_a_verdict(
    names: list[str], locked_secret_service: SecretService
) -> None:
    done = locked_secret_service.run_cli("profiles", "verify", *names, "--json")
    assert (
        done.code,
        [result["verdict"]["cause"] for result in done.document["results"]],
    ) == (10, ["keyring-locked"])


def test_check_all_with_nothing_at_all(no_secret_service: dict[str, str]) -> None:
    done = run_in_process(["check", "--all", "--json"], no_secret_service)
    assert (done.code, done.document["results"]) == (3, [])


@pytest.mark.parametrize("other", [["--profile", "work"], ["--source", "env"]], ids=" ".join)
def test_all_and_one_contradict_each_other(
    other: list[str], no_secret_service: dict[str, str]
) -> None:
    assert run_in_process(["check", "--all", *other], no_secret_service).code == 2


def test_silent_server_holds_up_no_other_and_not_the_end(secret_service: SecretService) -> None:
    with saved(secret_service, "response-timeout", "all-good"):
        done = secret_service.run(
            *PROGRAM, "profiles", "verify", "--all", "--json", "--timeout", "3"
        )
    results = {result["name"]: result for result in json.loads(done.stdout)["results"]}
    assert (results["all-good"]["exit_code"], results["response-timeout"]["exit_code"]) == (0, 8)


def test_text_names_each_with_what_to_do_first(secret_service: SecretService) -> None:
    with saved(secret_service, "all-good", "organization-mismatch"):
        lines = secret_service.run_cli("profiles", "verify", "--all").out.splitlines()
    assert [line.split()[:2] for line in lines if not line.startswith(" ")][:2] == [
        ["✓", "all-good"],
        ["✗", "organization-mismatch"],
    ]
    assert any(line.startswith("    → ") for line in lines)
    assert lines[-1] == "2 checked · 1 works · exit code 4"


def test_terminal_sees_a_bar_and_a_pipe_does_not(
    secret_service: SecretService, tmp_path: Path
) -> None:
    arguments = ["profiles", "verify", "--all", "--json"]
    report = tmp_path / "report.json"
    with saved(secret_service, "all-good", "key-invalid"):
        with report.open("wb") as stdout:
            _, screen = run_on_terminal(arguments, secret_service.env, tmp_path, stdout=stdout)
        piped = secret_service.run_cli(*arguments)
    assert "░ 0 of 2" in screen
    assert "█ 2 of 2" in screen
    assert screen.endswith("\r\x1b[K")
    assert len(json.loads(report.read_text())["results"]) == 2
    assert piped.err == ""


def test_interrupt_ends_it_at_once(secret_service: SecretService, tmp_path: Path) -> None:
    with saved(secret_service, "response-timeout"):
        code, _ = run_on_terminal(
            ["profiles", "verify", "--all", "--timeout", "600"],
            secret_service.env,
            tmp_path,
            answers=[("0 of 1", b"\x03")],
        )
    assert code == 130


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([0, 11, 7, 9, 10, 3, 8, 6, 5, 4], 4),
        ([0, 11], 11),
        ([11, 7], 7),
        ([9, 10], 10),
        ([10, 3], 3),
        ([3, 8], 8),
        ([0, 0], 0),
        ([], 3),
    ],
)
def test_the_worst_code_wins(codes: list[int], code: int) -> None:
    assert worst(codes) == code
    assert set(WORST_FIRST) == {0, 3, 4, 5, 6, 7, 8, 9, 10, 11}
