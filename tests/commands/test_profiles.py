"""`profiles` and `check --profile` on a real keyring: what is there, what is not, and every way in which a keyring can fail."""

import json
import signal
import subprocess
import sys

import pytest

from tests.secret_service import SecretService

PROGRAM = ("python", "-m", "oai_tui")


def _saved(service: SecretService, name: str = "work") -> None:
    done = service.run("python", "-m", "tests.keyring.use_vault", "save", name)
    assert json.loads(done.stdout)["result"] == name


def test_list_without_profiles_says_so_and_succeeds(secret_service: SecretService) -> None:
    done = secret_service.run(*PROGRAM, "profiles", "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no profiles are saved" in done.stderr


def test_list_shows_each_profile(secret_service: SecretService) -> None:
    _saved(secret_service)
    listed = json.loads(secret_service.run(*PROGRAM, "profiles", "list", "--json").stdout)
    assert [profile["name"] for profile in listed] == ["work"]


def test_show_tells_what_is_kept_but_not_the_key(secret_service: SecretService) -> None:
    _saved(secret_service)
    key = secret_service.run("python", "-m", "keyring", "get", "oai-tui", "work").stdout.strip()
    shown = secret_service.run(*PROGRAM, "profiles", "show", "work").stdout
    assert len(key) > 40
    assert "fingerprint" in shown
    assert [key[at : at + 12] for at in range(len(key) - 11) if key[at : at + 12] in shown] == []


def test_deleted_profile_is_gone(secret_service: SecretService) -> None:
    _saved(secret_service)
    assert secret_service.run(*PROGRAM, "profiles", "delete", "work", "--yes").returncode == 0
    assert json.loads(secret_service.run(*PROGRAM, "profiles", "list", "--json").stdout) == []


def test_delete_asks_first(secret_service: SecretService) -> None:
    _saved(secret_service)
    done = secret_service.run(*PROGRAM, "profiles", "delete", "work")
    assert done.returncode == 2
    assert "--yes" in done.stderr


@pytest.mark.parametrize("action", [("show", "wrok"), ("delete", "wrok", "--yes")])
def test_unknown_name_names_those_that_exist(
    action: tuple[str, ...], secret_service: SecretService
) -> None:
    _saved(secret_service)
    done = secret_service.run(*PROGRAM, "profiles", *action)
    assert done.returncode == 2
    assert "Saved are: work" in done.stderr


def test_check_of_a_profile_that_is_not_there_is_key_missing(secret_service: SecretService) -> None:
    done = secret_service.run(*PROGRAM, "check", "--profile", "work", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]["cause"]) == (3, "key-missing")


def test_no_keyring(no_secret_service: dict[str, str]) -> None:
    done = _alone(no_secret_service, "profiles", "list")
    assert done.returncode == 10
    assert "no usable keyring" in done.stderr


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "no.such.Backend"])
def test_back_end_that_keeps_nothing(backend: str, no_secret_service: dict[str, str]) -> None:
    done = _alone({**no_secret_service, "PYTHON_KEYRING_BACKEND": backend}, "profiles", "list")
    assert done.returncode == 10
    assert "Traceback" not in done.stderr


def test_check_without_a_keyring_is_a_verdict(no_secret_service: dict[str, str]) -> None:
    done = _alone(no_secret_service, "check", "--profile", "work", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]["cause"]) == (
        10,
        "keyring-unavailable",
    )


def test_locked_keyring(locked_secret_service: SecretService) -> None:
    done = locked_secret_service.run(*PROGRAM, "profiles", "show", "work")
    assert done.returncode == 10
    assert "locked" in done.stderr


def test_check_on_a_locked_keyring_is_a_verdict(locked_secret_service: SecretService) -> None:
    done = locked_secret_service.run(*PROGRAM, "check", "--profile", "work", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]["cause"]) == (10, "keyring-locked")


def test_keyring_that_hangs_holds_the_check_no_longer_than_its_deadline(
    secret_service: SecretService,
) -> None:
    secret_service.daemon.send_signal(signal.SIGSTOP)
    done = secret_service.run(
        *PROGRAM, "check", "--profile", "work", "--json", "--timeout", "1", timeout_s=15
    )
    secret_service.daemon.send_signal(signal.SIGCONT)
    document = json.loads(done.stdout)
    assert (done.returncode, document["exit_code"]) in {(10, 10), (11, 11)}


def _alone(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "oai_tui", *arguments],
        env=env,
        cwd=env["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
