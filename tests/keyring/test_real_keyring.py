"""Profiles in a real gnome-keyring, also one that is locked, killed, silent or not there.

A call that does not keep its deadline never ends: the timeouts of the processes fail it.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oai_tui.credentials.store.keyring_store import KeyringEntries
from oai_tui.domain.keys.secret import Secret
from oai_tui.knowledge.keyring_advice import next_step
from tests.commands.cli_runner import ROOT, borrowed_process
from tests.credentials.profile_factory import key
from tests.keyring import use_vault
from tests.secret_service import SecretService

TIMEOUT_S = 120
"""Seconds for one process."""

TIMEOUT_S = 120
"""Seconds for one process."""


def use(service: SecretService, *words: str, **variables: str) -> dict[str, Any]:
    """Use the vault in this process."""
    with borrowed_process({**service.env, **variables}, Path(service.env["HOME"])):
        return asyncio.run(use_vault.main(*words))


def use_elsewhere(service: SecretService, *words: str, **variables: str) -> dict[str, Any]:
    """Use the vault in a process of its own."""
    return use_without(service.env, *words, **variables)


def use_without(env: dict[str, str], *words: str, **variables: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.keyring.use_vault", *words],
        env={**env, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def _start_daemon(service: SecretService) -> None:
    """Start the daemon again, by the command that is shown to the user."""
    subprocess.run(
        next_step("slow", "headless").command,
        shell=True,
        env=service.env,
        input=b"test-password",
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=30,
    )


def test_another_process_loads_what_was_saved(secret_service: SecretService) -> None:
    use(secret_service, "save", "work")
    assert use_elsewhere(secret_service, "load", "work")["result"] == [
        "work",
        Secret(key("a")).fingerprint,
        True,
    ]


def test_keyring_command_prints_the_key(secret_service: SecretService) -> None:
    use(secret_service, "save", "work")
    assert (
        secret_service.run("python", "-m", "keyring", "get", "oai-tui", "work").stdout
        == key("a") + "\n"
    )


def test_saving_again_replaces_the_key(secret_service: SecretService) -> None:
    use(secret_service, "save", "work")
    use(secret_service, "save", "work", "b")
    assert secret_service.entry("oai-tui", "work") == key("b")


def test_saved_profiles_are_listed(secret_service: SecretService) -> None:
    use(secret_service, "save", "work")
    use(secret_service, "save", "home", "b")
    assert use(secret_service, "names")["result"] == ["home", "work"]


def test_deleted_key_is_gone(secret_service: SecretService) -> None:
    use(secret_service, "save", "work")
    use(secret_service, "delete", "work")
    assert secret_service.entry("oai-tui", "work") == ""


def test_key_that_the_keyring_command_stored_loads(secret_service: SecretService) -> None:
    subprocess.run(
        [sys.executable, "-m", "keyring", "set", "oai-tui", "mine"],
        env=secret_service.env,
        input=key("c"),
        text=True,
        check=True,
        timeout=30,
    )
    assert use(secret_service, "load", "mine")["result"] == [
        "mine",
        Secret(key("c")).fingerprint,
        False,
    ]


def test_back_end_has_its_name_for_display(secret_service: SecretService) -> None:
    assert use(secret_service, "names")["backend"] == "Secret Service"


def test_four_writers_lose_nothing(secret_service: SecretService) -> None:
    command = [sys.executable, "-m", "tests.keyring.use_vault", "save"]
    env = {**secret_service.env, "DEADLINE_S": "30"}
    writers = [
        subprocess.Popen([*command, name], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
        for name in "abcd"
    ]
    assert [writer.wait(120) for writer in writers] == [0] * 4
    assert use(secret_service, "names")["result"] == ["a", "b", "c", "d"]


def test_two_processes_save_many_profiles_each_and_none_is_lost(
    secret_service: SecretService,
) -> None:
    count = 50 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 12
    command = [sys.executable, "-m", "tests.keyring.use_vault", "many"]
    env = {**secret_service.env, "DEADLINE_S": "60"}
    writers = [
        subprocess.Popen(
            [*command, letter, str(count)], env=env, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        for letter in "ab"
    ]
    assert [writer.wait(400) for writer in writers] == [0, 0]
    assert sorted(use(secret_service, "names", DEADLINE_S="30")["result"]) == sorted(
        f"{letter}{number}" for letter in "ab" for number in range(count)
    )


@pytest.mark.parametrize("dies_at", range(1, 11))
def test_killed_in_the_middle_of_a_save_leaves_the_old_or_the_new_profile(
    secret_service: SecretService, dies_at: int
) -> None:
    use(secret_service, "save", "other", "o")
    use(secret_service, "save", "work", "a")
    done = secret_service.run(
        "python", "-m", "tests.keyring.use_vault", "save", "work", "b", DIES_AT=str(dies_at)
    )
    assert done.returncode in {0, -signal.SIGKILL}
    assert use(secret_service, "names")["result"] == ["other", "work"]
    assert use(secret_service, "load", "work")["result"] in (
        ["work", Secret(key("a")).fingerprint, True],
        ["work", Secret(key("b")).fingerprint, True],
    )
    use(secret_service, "save", "work", "c")
    assert use(secret_service, "load", "work")["result"][1] == Secret(key("c")).fingerprint


@pytest.mark.parametrize("action", [("save", "work"), ("names",), ("delete", "work")], ids=" ".join)
def test_locked_keyring_without_a_display(
    locked_secret_service: SecretService, action: tuple[str, ...]
) -> None:
    assert use(locked_secret_service, *action)["state"] == "locked"


def test_locked_keyring_says_so_before_the_deadline(locked_secret_service: SecretService) -> None:
    assert use(locked_secret_service, "names", DEADLINE_S="100000")["state"] == "locked"


def test_locked_keyring_with_a_display_is_bounded(locked_secret_service: SecretService) -> None:
    outcome = use_elsewhere(locked_secret_service, "names", DISPLAY=":99", DEADLINE_S="2")
    assert outcome["state"] in {"locked", "refused", "slow"}


def test_no_bus(no_secret_service: dict[str, str]) -> None:
    assert use_without(no_secret_service, "save", "work")["state"] == "unavailable"


def test_bus_that_is_not_there(no_secret_service: dict[str, str]) -> None:
    assert (
        use_without(
            no_secret_service, "names", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus"
        )["state"]
        == "unavailable"
    )


def test_bus_that_goes_away_in_between(own_secret_service: SecretService) -> None:
    code = f"""
import os, signal
from oai_tui.credentials.store.keyring_store import KeyringEntries
from oai_tui.domain.errors import KeyringError
entries = KeyringEntries()
entries.put("oai-tui", "work", "sk-test")
os.kill({own_secret_service.bus.pid}, signal.SIGKILL)
try:
    entries.get("oai-tui", "work")
except KeyringError as problem:
    print(problem.state)
"""
    assert own_secret_service.run("python", "-c", code).stdout == "unavailable\n"


def test_bus_that_never_answers(no_secret_service: dict[str, str]) -> None:
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(Path(no_secret_service["HOME"]) / "bus"))
        bus.listen()
        outcome = use_without(
            no_secret_service,
            "save",
            "work",
            DBUS_SESSION_BUS_ADDRESS=f"unix:path={no_secret_service['HOME']}/bus",
            DEADLINE_S="10",
        )
    assert outcome["state"] in {"unavailable", "slow"}


def test_daemon_that_was_killed(own_secret_service: SecretService) -> None:
    use(own_secret_service, "save", "work")
    own_secret_service.daemon.kill()
    own_secret_service.daemon.wait(10)
    assert use(own_secret_service, "load", "work")["state"] in {"unavailable", "locked"}


def test_entries_are_used_again_after_the_daemon_was_started_again(
    own_secret_service: SecretService,
) -> None:
    with borrowed_process(own_secret_service.env, Path(own_secret_service.env["HOME"])):
        entries = KeyringEntries()
        entries.put("oai-tui", "work", "one")
        entries.put("oai-tui", "work", "two")
        own_secret_service.daemon.kill()
        own_secret_service.daemon.wait(10)
        _start_daemon(own_secret_service)
        assert entries.get("oai-tui", "work") == Secret("two")
        entries.put("oai-tui", "work", "three")
    assert own_secret_service.entry("oai-tui", "work") == "three"


@pytest.mark.parametrize("dies_at", [1, 2, 3, 4])
def test_daemon_killed_in_the_middle_of_a_save_and_started_again_by_the_command_that_is_shown(
    own_secret_service: SecretService, dies_at: int
) -> None:
    use(own_secret_service, "save", "work", "a")
    outcome = use(
        own_secret_service,
        "save",
        "work",
        "b",
        DIES_AT=str(dies_at),
        KILLS=str(own_secret_service.daemon.pid),
    )
    assert outcome["state"] in {"unavailable", "locked"}
    _start_daemon(own_secret_service)
    assert use(own_secret_service, "load", "work")["result"] in (
        ["work", Secret(key("a")).fingerprint, True],
        ["work", Secret(key("b")).fingerprint, True],
    )


def test_silent_daemon_is_given_up_and_the_process_ends(own_secret_service: SecretService) -> None:
    use(own_secret_service, "save", "work")
    os.kill(own_secret_service.daemon.pid, signal.SIGSTOP)
    try:
        outcome = use_elsewhere(own_secret_service, "save", "work", "b", DEADLINE_S="1")
    finally:
        os.kill(own_secret_service.daemon.pid, signal.SIGCONT)
    assert outcome["state"] == "slow"


BAD_CHOICES = {
    "null": ("keyring.backends.null.Keyring", "unavailable", "stores nothing"),
    "fail": ("keyring.backends.fail.Keyring", "unavailable", "stores nothing"),
    "a missing module": ("no_such_module.Keyring", "unavailable", "no_such_module.Keyring"),
    "a missing class": (
        "keyring.backends.null.Nothing",
        "unavailable",
        "keyring.backends.null.Nothing",
    ),
    "no name at all": ("nonsense", "unavailable", "nonsense"),
    "plain text": ("plain_text_backend.Keyring", "insecure", "plain_text_backend.Keyring"),
    "a subclass of a good one": (
        "plain_text_backend.Disguised",
        "insecure",
        "plain_text_backend.Disguised",
    ),
}
PLAIN_TEXT = """
from keyring.backend import KeyringBackend
from keyring.backends import SecretService

class Keyring(KeyringBackend):
    priority = 9
    def get_password(self, service, username): return None
    def set_password(self, service, username, password): open("leak.txt", "w").write(password)
    def delete_password(self, service, username): pass

class Disguised(SecretService.Keyring):
    priority = 9
    def set_password(self, service, username, password): open("leak.txt", "w").write(password)
"""


@pytest.mark.parametrize(("name", "state", "words"), BAD_CHOICES.values(), ids=BAD_CHOICES)
def test_back_end_that_must_not_be_used(
    secret_service: SecretService, tmp_path: Path, name: str, state: str, words: str
) -> None:
    (tmp_path / "plain_text_backend.py").write_text(PLAIN_TEXT)
    outcome = use_elsewhere(
        secret_service, "save", "work", PYTHON_KEYRING_BACKEND=name, PYTHONPATH=f"{ROOT}:{tmp_path}"
    )
    assert (outcome["state"], words in outcome["detail"]) == (state, True)


def test_nothing_is_written_to_an_insecure_back_end(
    secret_service: SecretService, tmp_path: Path
) -> None:
    (tmp_path / "plain_text_backend.py").write_text(PLAIN_TEXT)
    use_elsewhere(
        secret_service,
        "save",
        "work",
        PYTHON_KEYRING_BACKEND="plain_text_backend.Keyring",
        PYTHONPATH=f"{ROOT}:{tmp_path}",
    )
    assert not (ROOT / "leak.txt").exists()


def test_chain_with_an_insecure_member_is_refused(
    secret_service: SecretService, tmp_path: Path
) -> None:
    (tmp_path / "plain_text_backend.py").write_text(PLAIN_TEXT.partition("class Disguised")[0])
    (tmp_path / "plain-1.dist-info").mkdir()
    (tmp_path / "plain-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: plain\nVersion: 1\n"
    )
    (tmp_path / "plain-1.dist-info" / "entry_points.txt").write_text(
        "[keyring.backends]\nplain = plain_text_backend\n"
    )
    outcome = use_elsewhere(secret_service, "save", "work", PYTHONPATH=f"{ROOT}:{tmp_path}")
    assert outcome["state"] == "insecure"


def test_keyring_that_starts_later_is_found(secret_service: SecretService) -> None:
    code = """
import os
address = os.environ.pop("DBUS_SESSION_BUS_ADDRESS")
from oai_tui.credentials.store.keyring_store import KeyringEntries
from oai_tui.domain.errors import KeyringError
entries = KeyringEntries()
try:
    entries.get("oai-tui", "work")
except KeyringError as problem:
    print(problem.state)
os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
print(entries.get("oai-tui", "work"), entries.name)
"""
    assert secret_service.run("python", "-c", code).stdout.splitlines() == [
        "unavailable",
        "None Secret Service",
    ]
