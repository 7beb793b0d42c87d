"""`profiles` and `check --profile` on real keyrings, some of which fail."""

import json
import signal

import pytest

from tests.commands.cli_runner import run_in_process
from tests.commands.saved_profiles import PROGRAM, leaks, save_profile
from tests.secret_service import SecretService


def test_list_without_profiles_says_so_and_succeeds(secret_service: SecretService) -> None:
    done = secret_service.run_cli("profiles", "list")
    assert (done.code, done.out) == (0, "")
    assert "no profiles saved" in done.err


def test_list_shows_each_profile(secret_service: SecretService) -> None:
    save_profile(secret_service)
    listed = secret_service.run_cli("profiles", "list", "--json").document
    assert [profile["name"] for profile in listed] == ["work"]


def test_show_prints_what_is_kept_but_not_the_key(secret_service: SecretService) -> None:
    key = save_profile(secret_service)
    shown = secret_service.run_cli("profiles", "show", "work").out
    assert "fingerprint" in shown
    assert leaks(key, shown) == []


def test_deleted_profile_is_gone(secret_service: SecretService) -> None:
    save_profile(secret_service)
    assert secret_service.run_cli("profiles", "delete", "work", "--yes").code == 0
    assert secret_service.run_cli("profiles", "list", "--json").document == []


def test_delete_asks_first(secret_service: SecretService) -> None:
    save_profile(secret_service)
    done = secret_service.run_cli("profiles", "delete", "work")
    assert done.code == 2
    assert "--yes" in done.err


@pytest.mark.parametrize("action", [("show", "wrok"), ("delete", "wrok", "--yes")])
def test_unknown_name_names_those_that_exist(
    action: tuple[str, ...], secret_service: SecretService
) -> None:
    save_profile(secret_service)
    done = secret_service.run_cli("profiles", *action)
    assert done.code == 2
    assert "Saved profiles: work" in done.err


def test_check_of_a_profile_that_is_not_there_is_key_missing(secret_service: SecretService) -> None:
    done = secret_service.run_cli("check", "--profile", "work", "--json")
    assert (done.code, done.cause) == (3, "key-missing")


def test_no_keyring(no_secret_service: dict[str, str]) -> None:
    done = run_in_process(["profiles", "list"], no_secret_service)
    assert done.code == 10
    assert "no usable keyring" in done.err


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "no.such.Backend"])
def test_back_end_that_keeps_nothing(backend: str, no_secret_service: dict[str, str]) -> None:
    env = {**no_secret_service, "PYTHON_KEYRING_BACKEND": backend}
    done = run_in_process(["profiles", "list"], env)
    assert done.code == 10
    assert "Traceback" not in done.err


def test_check_without_a_keyring_is_a_verdict(no_secret_service: dict[str, str]) -> None:
    done = run_in_process(["check", "--profile", "work", "--json"], no_secret_service)
    assert (done.code, done.cause) == (10, "keyring-unavailable")


def test_locked_keyring(locked_secret_service: SecretService) -> None:
    done = locked_secret_service.run_cli("profiles", "show", "work")
    assert done.code == 10
    assert "locked" in done.err


def test_check_on_a_locked_keyring_is_a_verdict(locked_secret_service: SecretService) -> None:
    done = locked_secret_service.run_cli("check", "--profile", "work", "--json")
    assert (done.code, done.cause) == (10, "keyring-locked")


def test_keyring_that_hangs_holds_the_check_no_longer_than_its_deadline(
    own_secret_service: SecretService,
) -> None:
    own_secret_service.daemon.send_signal(signal.SIGSTOP)
    done = own_secret_service.run(
        *PROGRAM, "check", "--profile", "work", "--json", "--timeout", "1"
    )
    code = json.loads(done.stdout)["exit_code"]
    assert (done.returncode, code) in {(10, 10), (11, 11)}
