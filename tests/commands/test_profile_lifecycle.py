"""Profiles on a real keyring: imported, shown, chosen, renamed, remarked on, rotated, verified; and what became of the plain-text copy."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from oai_tui.domain.keys.secret import Secret
from oai_tui.simulator.fixtures import project_key
from oai_tui.simulator.server import running
from oai_tui.simulator.world import Key
from tests.commands.saved_profiles import PROGRAM, import_profile, leaks, show_profile, stored_entry
from tests.reports.test_json import SCHEMA
from tests.secret_service import ROOT, SecretService

NEW = project_key("n")


def test_import_checks_and_saves(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
    assert stored_entry(secret_service) == key
    assert {
        name: show_profile(secret_service)[name] for name in ("state", "age_days", "billing")
    } == {
        "state": "works",
        "age_days": 0,
        "billing": "untested",
    }


def test_import_tells_what_the_calls_counted_for(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    assert show_profile(secret_service)["seen"] == {
        "organization": "example-works",
        "project": "proj_fake000000000000000main",
    }


def test_key_that_does_not_work_is_not_saved(secret_service: SecretService) -> None:
    with running("key-invalid") as simulated:
        done = secret_service.run(
            *PROGRAM, "profiles", "import", "work", **simulated.client.environment
        )
    assert (done.returncode, stored_entry(secret_service)) == (4, "")
    assert "nothing was saved" in done.stderr


def test_import_does_not_replace_another_key_unasked(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        done = secret_service.run(
            *PROGRAM, "profiles", "import", "work", **simulated.client.environment
        )
    assert (done.returncode, "profiles rotate work" in done.stderr) == (2, True)


def test_import_without_a_key_is_key_missing(secret_service: SecretService) -> None:
    done = secret_service.run(*PROGRAM, "profiles", "import", "work", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]["cause"]) == (3, "key-missing")


def test_import_into_a_locked_keyring(locked_secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        done = locked_secret_service.run(
            *PROGRAM, "profiles", "import", "work", **simulated.client.environment
        )
    assert (done.returncode, done.stdout, "locked" in done.stderr) == (10, "", True)


def _with_dotenv(
    service: SecretService, folder: Path, text: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    (folder / ".env").write_bytes(text.encode())
    env = {**service.env, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "oai_tui",
            "profiles",
            "import",
            "work",
            "--source",
            "dotenv",
            *arguments,
        ],
        env=env,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_plain_text_copy_is_named_and_left_alone(
    secret_service: SecretService, tmp_path: Path
) -> None:
    with running("all-good") as simulated:
        text = f"A=1\nOPENAI_API_KEY={simulated.client.environment['OPENAI_API_KEY']}\nOPENAI_BASE_URL={simulated.base_url}\n"
        done = _with_dotenv(secret_service, tmp_path, text)
    assert (done.returncode, (tmp_path / ".env").read_text()) == (0, text)
    assert "plain text in .env:2" in done.stderr
    assert "--remove" in done.stderr


def test_plain_text_copy_goes_when_asked(secret_service: SecretService, tmp_path: Path) -> None:
    with running("all-good") as simulated:
        key = simulated.client.environment["OPENAI_API_KEY"]
        done = _with_dotenv(
            secret_service,
            tmp_path,
            f"# mine\r\nOPENAI_API_KEY={key} # old\r\nOPENAI_BASE_URL={simulated.base_url}\r\n\r\nX='ü'",
            "--remove",
        )
        left = (tmp_path / ".env").read_bytes().decode()
    assert (done.returncode, left) == (
        0,
        f"# mine\r\nOPENAI_BASE_URL={simulated.base_url}\r\n\r\nX='ü'",
    )
    assert stored_entry(secret_service) == key
    assert leaks(key, done.stdout, done.stderr) == []


def test_plain_text_copy_is_offered_for_removal_on_a_terminal(
    secret_service: SecretService, tmp_path: Path
) -> None:
    with running("all-good") as simulated:
        (tmp_path / ".env").write_text(
            f"OPENAI_API_KEY={simulated.client.environment['OPENAI_API_KEY']}\nOPENAI_BASE_URL={simulated.base_url}\n"
        )
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "oai_tui", "profiles", "import", "work"],
            env={**secret_service.env, "TERM": "dumb"},
            cwd=tmp_path,
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        seen = b""
        while b"[y/N]" not in seen:
            seen += os.read(ours, 65536)
        os.write(ours, b"y\n")
        assert process.wait(30) == 0
        os.close(ours)
    assert (tmp_path / ".env").read_text() == f"OPENAI_BASE_URL={simulated.base_url}\n"


def test_default_profile_is_chosen_and_told(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        assert secret_service.run(*PROGRAM, "profiles", "use", "work").returncode == 0
        assert secret_service.run(*PROGRAM, "profiles", "use").stdout == "work\n"
        assert (
            secret_service.run(*PROGRAM, "profiles", "list")
            .stdout.splitlines()[1]
            .startswith("* work")
        )


def test_default_profile_must_exist(secret_service: SecretService) -> None:
    assert secret_service.run(*PROGRAM, "profiles", "use", "work").returncode == 2


def test_check_takes_the_default_profile_where_there_is_no_other_key(
    secret_service: SecretService,
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        secret_service.run(*PROGRAM, "profiles", "use", "work")
        done = secret_service.run(*PROGRAM, "check", "--json")
    assert (done.returncode, json.loads(done.stdout)["credential"]["origin"]) == (0, "keyring:work")
    assert "default profile work" in done.stderr


def test_key_of_the_environment_wins_over_the_default_profile(
    secret_service: SecretService,
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        secret_service.run(*PROGRAM, "profiles", "use", "work")
        done = secret_service.run(*PROGRAM, "check", "--json", **simulated.client.environment)
    assert json.loads(done.stdout)["credential"]["origin"] == "environment:OPENAI_API_KEY"


def test_default_profile_follows_a_rename_and_ends_with_a_deletion(
    secret_service: SecretService,
) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
    secret_service.run(*PROGRAM, "profiles", "use", "work")
    assert secret_service.run(*PROGRAM, "profiles", "rename", "work", "office").returncode == 0
    assert (
        secret_service.run(*PROGRAM, "profiles", "use").stdout,
        stored_entry(secret_service, "office"),
        stored_entry(secret_service),
    ) == ("office\n", key, "")
    secret_service.run(*PROGRAM, "profiles", "delete", "office", "--yes")
    assert secret_service.run(*PROGRAM, "profiles", "use").stdout == ""


@pytest.mark.parametrize(
    ("new", "said"), [("two words", "a profile's name has"), ("work", "already")]
)
def test_rename_to_what_cannot_be(new: str, said: str, secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    done = secret_service.run(*PROGRAM, "profiles", "rename", "work", new)
    assert (done.returncode, said in done.stderr) == (2, True)


def test_remarks_are_shown(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    secret_service.run(
        *PROGRAM,
        "profiles",
        "set",
        "work",
        "--note",
        "the data team's, ask Kim",
        "--rotate-days",
        "0",
        "--expires",
        "2020-01-31",
    )
    found = show_profile(secret_service)
    assert (
        found["note"],
        found["rotation"]["policy_days"],
        found["expires_on"],
        found["state"],
    ) == ("the data team's, ask Kim", 0, "2020-01-31", "expired on 2020-01-31")


def test_check_warns_of_a_key_that_is_due(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        secret_service.run(*PROGRAM, "profiles", "set", "work", "--expires", "2020-01-31")
        done = secret_service.run(*PROGRAM, "check", "--profile", "work", "--json")
    assert done.returncode == 0
    assert (
        "The key of the profile work expired on 2020-01-31; replace it: oai-tui profiles rotate work"
        in json.loads(done.stdout)["verdict"]["warnings"]
    )


def test_check_warns_that_programs_use_another_key(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        done = secret_service.run(
            *PROGRAM, "check", "--profile", "work", "--json", OPENAI_API_KEY=NEW
        )
    assert any(
        "started plainly here use another key, sk-proj-…nnnA" in warning
        for warning in json.loads(done.stdout)["verdict"]["warnings"]
    )


@pytest.mark.parametrize("name", ["curl", "python", "node", "dotenv", "github"])
def test_snippet_holds_no_key(name: str, secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
    done = secret_service.run(*PROGRAM, "profiles", "show", "work", "--snippet", name)
    assert (done.returncode, leaks(key, done.stdout), "http://127.0.0.1" in done.stdout) == (
        0,
        [],
        True,
    )


# rotation


def _rotate(service: SecretService, key: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "oai_tui", "profiles", "rotate", "work", *more]
    return subprocess.run(
        command,
        env=service.env,
        cwd=ROOT,
        input=key,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_rotation_swaps_the_key_and_names_the_old_one(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
        secret_service.run(*PROGRAM, "profiles", "set", "work", "--note", "kim's")
        world = simulated.simulator.world
        _add(simulated, NEW, world.keys[0].organizations, world.keys[0].project)
        done = _rotate(secret_service, NEW, "--json")
    warnings = json.loads(done.stdout)["verdict"]["warnings"]
    assert (
        done.returncode,
        stored_entry(secret_service),
        show_profile(secret_service)["note"],
    ) == (
        0,
        NEW,
        "kim's",
    )
    assert any(
        "The old key sk-proj-…bbbA (fingerprint " in warning and "platform.openai.com" in warning
        for warning in warnings
    )
    assert leaks(key, done.stdout, done.stderr) + leaks(NEW, done.stdout, done.stderr) == []


def _add(simulated, key: str, organizations: tuple[str, ...], project: str | None) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    simulator = simulated.simulator
    simulator.world = replace(
        simulator.world,
        keys=(
            *simulator.world.keys,
            Key(secret=Secret(key), organizations=organizations, project=project),
        ),
    )


def test_new_key_that_does_not_work_changes_nothing(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
        done = _rotate(secret_service, NEW)
    assert (done.returncode, stored_entry(secret_service)) == (4, key)
    assert "nothing was changed" in done.stderr


def test_the_same_key_is_no_rotation(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
        done = _rotate(secret_service, key)
    assert (done.returncode, done.stdout, "holds already" in done.stderr) == (2, "", True)


@pytest.mark.parametrize(("more", "code"), [((), 2), (("--yes",), 0)], ids=["unasked", "--yes"])
def test_key_of_another_organization_is_swapped_only_when_meant(
    more: tuple[str, ...], code: int, secret_service: SecretService
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        _add(simulated, NEW, (simulated.simulator.world.organizations[1].id,), None)
        done = _rotate(secret_service, NEW, *more)
    assert (done.returncode, stored_entry(secret_service) == NEW) == (code, code == 0)
    assert code == 0 or "its calls count for the organization user-fake" in done.stderr


def test_rotation_asks_for_the_key_on_a_terminal_and_does_not_show_it(
    secret_service: SecretService, tmp_path: Path
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        world = simulated.simulator.world
        _add(simulated, NEW, world.keys[0].organizations, world.keys[0].project)
        code, seen = _on_a_terminal(
            ["profiles", "rotate", "work"],
            secret_service,
            tmp_path,
            b"New key for work: ",
            NEW.encode() + b"\n",
        )
    assert (code, stored_entry(secret_service)) == (0, NEW)
    assert "api-keys" in seen
    assert leaks(NEW, seen) == []


def _on_a_terminal(
    arguments: list[str], service: SecretService, folder: Path, until: bytes, typed: bytes
) -> tuple[int, str]:
    """Runs the program as the leader of a terminal, waits for a prompt and types; gives exit code and all that was seen."""
    pid, ours = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execve(
            sys.executable,
            [sys.executable, "-m", "oai_tui", *arguments],
            {**service.env, "TERM": "dumb"},
        )
    seen = b""
    asked = False
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
        if not asked and until in seen:
            os.write(ours, typed)
            asked = True
    os.close(ours)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode()


# verifying


def test_verified_profile_keeps_its_billed_proof(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated, "work", "--inference")
        before = show_profile(secret_service)
        assert secret_service.run(*PROGRAM, "profiles", "verify", "work").returncode == 0
    after = show_profile(secret_service)
    assert (before["billing"], after["billing"], after["model"], after["billed_at"]) == (
        "tested",
        "tested",
        before["model"],
        before["billed_at"],
    )
    assert after["verified_at"] >= before["verified_at"]


def test_refused_profile_keeps_its_proof_and_is_listed_as_refused(
    secret_service: SecretService,
) -> None:
    from dataclasses import replace

    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        verified_at = show_profile(secret_service)["verified_at"]
        simulator = simulated.simulator
        simulator.world = replace(simulator.world, keys=())
        done = secret_service.run(*PROGRAM, "profiles", "verify", "work", "--json")
        found = show_profile(secret_service)
        assert (done.returncode, found["state"], found["verified_at"]) == (
            4,
            "refused: key-invalid",
            verified_at,
        )
        result = json.loads(done.stdout)["results"][0]
        assert (
            result["since"]["text"]
            == "Worked a moment ago; the key is the same; nothing else that can be seen from here has changed."
        )
        assert result["since"]["text"] in result["verdict"]["warnings"]


def test_network_fault_is_no_refusal_of_the_profile(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    done = secret_service.run(*PROGRAM, "profiles", "verify", "work")
    assert (done.returncode, show_profile(secret_service)["state"]) == (8, "works")


def test_organization_that_became_another_is_said(secret_service: SecretService) -> None:
    from dataclasses import replace

    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        simulator = simulated.simulator
        keys = simulator.world.keys
        simulator.world = replace(
            simulator.world,
            keys=(
                replace(
                    keys[0], organizations=(simulator.world.organizations[1].id,), project=None
                ),
                *keys[1:],
            ),
        )
        done = secret_service.run(*PROGRAM, "check", "--profile", "work", "--json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert document["since"]["changed"] == [
        {"what": "organization", "then": "example-works", "now": "user-fake0000000000000000001"}
    ]
    assert any(
        "the organization is another one (calls count for user-fake0000000000000000001 now, for example-works then)"
        in warning
        for warning in document["verdict"]["warnings"]
    )


def test_nothing_to_verify_is_no_success(secret_service: SecretService) -> None:
    done = secret_service.run(*PROGRAM, "profiles", "verify", "--all", "--json")
    assert (done.returncode, json.loads(done.stdout)["results"]) == (3, [])


@pytest.mark.parametrize("arguments", [[], ["work", "--all"]], ids=["nothing named", "both"])
def test_verify_wants_names_or_all(arguments: list[str], secret_service: SecretService) -> None:
    assert secret_service.run(*PROGRAM, "profiles", "verify", *arguments).returncode == 2


def test_verify_of_a_name_that_is_not_there(secret_service: SecretService) -> None:
    done = secret_service.run(*PROGRAM, "profiles", "verify", "wrok")
    assert (done.returncode, "there is no profile 'wrok'" in done.stderr) == (2, True)
