"""`profiles verify --all` and `check --all` over several troubles at once, each on a port of its own: every verdict is its own, the worst code wins, a terminal sees a bar."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import jsonschema
import pytest

from oai_tui.reports.exit_codes import WORST_FIRST, worst
from oai_tui.simulator.server import running
from tests.commands.saved_profiles import PROGRAM, leaks, show_profile
from tests.reports.test_json import SCHEMA
from tests.secret_service import ROOT, SecretService

TROUBLES = {
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
    """A profile for each scenario, named like it, while all of them are served; gives their keys."""
    with ExitStack() as held:
        wanted = []
        for name in scenarios:
            patient = held.enter_context(running(name)).client.environment
            wanted.append(
                {
                    "name": name,
                    "key": patient["OPENAI_API_KEY"],
                    "base_url": patient["OPENAI_BASE_URL"],
                    "organization": patient.get("OPENAI_ORG_ID"),
                    "project": patient.get("OPENAI_PROJECT_ID"),
                }
            )
        done = subprocess.run(
            [sys.executable, "-m", "tests.commands.seed_profiles"],
            env=service.env,
            cwd=ROOT,
            input=json.dumps(wanted),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield [one["key"] for one in wanted]


def test_every_profile_gets_its_own_verdict(secret_service: SecretService) -> None:
    with saved(secret_service, *TROUBLES) as keys:
        done = secret_service.run(
            *PROGRAM,
            "profiles",
            "verify",
            "--all",
            "--inference",
            "--json",
            "--timeout",
            "20",
            timeout_s=90,
        )
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert {
        result["name"]: (result["exit_code"], result["verdict"]["cause"])
        for result in document["results"]
    } == TROUBLES
    assert (done.returncode, document["exit_code"], document["mode"]) == (4, 4, "verify")
    assert [leak for key in keys for leak in leaks(key, done.stdout, done.stderr)] == []


def test_what_came_of_it_is_kept(secret_service: SecretService) -> None:
    with saved(secret_service, "all-good", "organization-mismatch", "connection-refused"):
        secret_service.run(*PROGRAM, "profiles", "verify", "--all", "--timeout", "20", timeout_s=90)
    assert [
        show_profile(secret_service, name)["state"].partition(",")[0]
        for name in ("all-good", "organization-mismatch", "connection-refused")
    ] == ["works", "refused: organization-mismatch", "works"]


def test_named_profiles_alone(secret_service: SecretService) -> None:
    with saved(secret_service, "all-good", "key-invalid"):
        done = secret_service.run(*PROGRAM, "profiles", "verify", "all-good", "all-good", "--json")
    assert ([result["name"] for result in json.loads(done.stdout)["results"]], done.returncode) == (
        ["all-good"],
        0,
    )


def test_check_all_takes_the_keys_found_here_as_well_and_changes_nothing(
    secret_service: SecretService,
) -> None:
    with saved(secret_service, "all-good", "key-invalid"), running("quota-exhausted") as here:
        before = show_profile(secret_service, "key-invalid")
        done = secret_service.run(
            *PROGRAM,
            "check",
            "--all",
            "--inference",
            "--json",
            **here.client.environment,
            timeout_s=90,
        )
        document = json.loads(done.stdout)
        assert show_profile(secret_service, "key-invalid") == before
    jsonschema.validate(document, SCHEMA)
    assert [(result["name"], result["exit_code"]) for result in document["results"]] == [
        ("OPENAI_API_KEY", 6),
        ("all-good", 0),
        ("key-invalid", 4),
    ]
    assert (done.returncode, document["mode"]) == (4, "check")


def test_check_all_without_a_keyring_checks_what_is_here(no_secret_service: dict[str, str]) -> None:
    with running("all-good") as here:
        done = subprocess.run(
            [sys.executable, "-m", "oai_tui", "check", "--all", "--json"],
            env={**no_secret_service, **here.client.environment},
            cwd=no_secret_service["HOME"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, [result["name"] for result in json.loads(done.stdout)["results"]]) == (
        0,
        ["OPENAI_API_KEY"],
    )
    assert "no usable keyring" in done.stderr


def test_check_all_on_a_locked_keyring_is_a_verdict(locked_secret_service: SecretService) -> None:
    done = locked_secret_service.run(*PROGRAM, "check", "--all", "--json")
    assert (
        done.returncode,
        [result["verdict"]["cause"] for result in json.loads(done.stdout)["results"]],
    ) == (10, ["keyring-locked"])


@pytest.mark.parametrize("names", [["--all"], ["work"]], ids=" ".join)
def test_verify_on_a_locked_keyring_is_a_verdict(
    names: list[str], locked_secret_service: SecretService
) -> None:
    done = locked_secret_service.run(*PROGRAM, "profiles", "verify", *names, "--json")
    assert (
        done.returncode,
        [result["verdict"]["cause"] for result in json.loads(done.stdout)["results"]],
    ) == (10, ["keyring-locked"])


def test_check_all_with_nothing_at_all(no_secret_service: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "oai_tui", "check", "--all", "--json"],
        env=no_secret_service,
        cwd=no_secret_service["HOME"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["results"]) == (3, [])


@pytest.mark.parametrize("other", [["--profile", "work"], ["--source", "env"]], ids=" ".join)
def test_all_and_one_contradict_each_other(
    other: list[str], no_secret_service: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "oai_tui", "check", "--all", *other],
        env=no_secret_service,
        cwd=no_secret_service["HOME"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2


def test_silent_server_holds_up_no_other_and_not_the_end(secret_service: SecretService) -> None:
    with saved(secret_service, "response-timeout", "all-good"):
        done = secret_service.run(
            *PROGRAM, "profiles", "verify", "--all", "--json", "--timeout", "1.5", timeout_s=20
        )
    results = {result["name"]: result for result in json.loads(done.stdout)["results"]}
    assert (results["all-good"]["exit_code"], results["response-timeout"]["exit_code"]) == (0, 8)


def test_text_names_each_with_what_to_do_first(secret_service: SecretService) -> None:
    with saved(secret_service, "all-good", "organization-mismatch"):
        lines = secret_service.run(*PROGRAM, "profiles", "verify", "--all").stdout.splitlines()
    assert [line.split()[:2] for line in lines if not line.startswith(" ")][:2] == [
        ["✓", "all-good"],
        ["✗", "organization-mismatch"],
    ]
    assert any(line.startswith("    → ") for line in lines)
    assert lines[-1] == "2 checked · 1 works · exit code 4"


def test_terminal_sees_a_bar_and_a_pipe_does_not(
    secret_service: SecretService, tmp_path: Path
) -> None:
    with saved(secret_service, "all-good", "key-invalid"):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "oai_tui", "profiles", "verify", "--all", "--json"]
        process = subprocess.Popen(
            command,
            env={**secret_service.env, "TERM": "xterm"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        out, seen = process.communicate(timeout=60)[0], b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        os.close(ours)
        piped = secret_service.run(*PROGRAM, "profiles", "verify", "--all", "--json")
    assert "░ 0 of 2" in seen.decode()
    assert "█ 2 of 2" in seen.decode()
    assert seen.endswith(b"\r\x1b[K")
    assert len(json.loads(out)["results"]) == 2
    assert piped.stderr == ""


def test_interrupt_ends_it_at_once(secret_service: SecretService) -> None:
    import signal

    with saved(secret_service, "response-timeout"):
        command = [
            sys.executable,
            "-m",
            "oai_tui",
            "profiles",
            "verify",
            "--all",
            "--timeout",
            "60",
        ]
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command,
            env={**secret_service.env, "TERM": "xterm"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        seen = b""
        while b"0 of 1" not in seen:
            seen += os.read(ours, 65536)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        os.close(ours)


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
