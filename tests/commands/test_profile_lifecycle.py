"""Profiles on a real keyring are imported, shown, chosen, renamed, rotated and verified."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from oai_tui.simulator.fixtures import project_key
from oai_tui.simulator.server import running
from tests.commands.cli_runner import (
    TERMINATE_S,
    CliResult,
    client_environment,
    environment,
    run_in_process,
)
from tests.commands.pty_runner import run_on_terminal
from tests.commands.saved_profiles import (
    add_key,
    import_profile,
    leaks,
    show_profile,
    stored_entry,
)
from tests.reports.test_json import SCHEMA
from tests.secret_service import SecretService

NEW = project_key("w")


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


def test_import_records_what_the_calls_counted_for(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    assert show_profile(secret_service)["seen"] == {
        "organization": "example-works",
        "project": "proj_fake000000000000000main",
    }


def test_key_that_does_not_work_is_not_saved(secret_service: SecretService) -> None:
    with running("key-invalid") as simulated:
        done = secret_service.run_cli("profiles", "import", "work", **client_environment(simulated))
    assert (done.code, stored_entry(secret_service)) == (4, "")
    assert "not saved" in done.err


def test_import_does_not_replace_another_key_unasked(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        done = secret_service.run_cli("profiles", "import", "work", **client_environment(simulated))
    assert (done.code, "profiles rotate work" in done.err) == (2, True)


def test_import_without_a_key_is_key_missing(secret_service: SecretService) -> None:
    done = secret_service.run_cli("profiles", "import", "work", "--json")
    assert (done.code, done.document["verdict"]["cause"]) == (3, "key-missing")


def test_import_into_a_locked_keyring(locked_secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        done = locked_secret_service.run_cli(
            "profiles", "import", "work", **client_environment(simulated)
        )
    assert (done.code, done.out, "locked" in done.err) == (10, "", True)


def _import_dotenv(service: SecretService, folder: Path, text: str, *arguments: str) -> CliResult:
    """Import the key of a .env file with this text."""
    (folder / ".env").write_bytes(text.encode())
    words = ["profiles", "import", "work", "--source", "dotenv", *arguments]
    return run_in_process(words, service.env, folder)


def test_plain_text_copy_is_named_and_left_alone(
    secret_service: SecretService, tmp_path: Path
) -> None:
    with running("all-good") as simulated:
        key = client_environment(simulated)["OPENAI_API_KEY"]
        text = f"A=1\nOPENAI_API_KEY={key}\nOPENAI_BASE_URL={simulated.base_url}\n"
        done = _import_dotenv(secret_service, tmp_path, text)
    assert (done.code, (tmp_path / ".env").read_text()) == (0, text)
    assert "plain text in .env:2" in done.err
    assert "--remove" in done.err


def test_plain_text_copy_goes_when_asked(secret_service: SecretService, tmp_path: Path) -> None:
    with running("all-good") as simulated:
        key = client_environment(simulated)["OPENAI_API_KEY"]
        rest = f"OPENAI_BASE_URL={simulated.base_url}\r\n\r\nX='ü'"
        text = f"# mine\r\nOPENAI_API_KEY={key} # old\r\n{rest}"
        done = _import_dotenv(secret_service, tmp_path, text, "--remove")
        left = (tmp_path / ".env").read_bytes().decode()
    assert (done.code, left) == (0, f"# mine\r\n{rest}")
    assert stored_entry(secret_service) == key
    assert leaks(key, done.out, done.err) == []


def test_plain_text_copy_that_stays_although_its_removal_was_asked_is_no_success(
    tmp_path: Path,
) -> None:
    """A .env that is mounted by itself, as a container does, cannot be replaced."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-m", "true"], check=False).returncode:
        pytest.skip("this user may not mount")
    (tmp_path / ".env").touch()
    script = 'mount --bind mounted .env && exec "$0" -m oai_tui profiles import work --remove'
    variables = {
        "OAI_TUI_STORE": f"file:{tmp_path / 'own.enc'}",
        "OAI_TUI_PASSPHRASE_COMMAND": "echo correct horse battery staple",
    }
    with running("all-good") as simulated:
        key = client_environment(simulated)["OPENAI_API_KEY"]
        text = f"OPENAI_API_KEY={key}\nOPENAI_BASE_URL={simulated.base_url}\n"
        (tmp_path / "mounted").write_text(text)
        done = subprocess.run(
            [unshare, "-m", "sh", "-c", script, sys.executable],
            cwd=tmp_path,
            env=environment(tmp_path, variables),
            capture_output=True,
            text=True,
            timeout=TERMINATE_S,
            check=False,
        )
    assert "saved as work" in done.stderr
    assert "the key was not removed" in done.stderr
    assert done.returncode == 10


def test_plain_text_copy_is_offered_for_removal_on_a_terminal(
    secret_service: SecretService, tmp_path: Path
) -> None:
    with running("all-good") as simulated, (tmp_path / "report").open("wb") as stdout:
        key = client_environment(simulated)["OPENAI_API_KEY"]
        base_url = f"OPENAI_BASE_URL={simulated.base_url}\n"
        (tmp_path / ".env").write_text(f"OPENAI_API_KEY={key}\n{base_url}")
        code, _ = run_on_terminal(
            ["profiles", "import", "work"],
            {**secret_service.env, "TERM": "dumb"},
            tmp_path,
            answers=[("[y/N]", b"y\n")],
            stdout=stdout,
        )
    assert (code, (tmp_path / ".env").read_text()) == (0, base_url)


def test_default_profile_is_chosen_and_shown(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        assert secret_service.run_cli("profiles", "use", "work").code == 0
        assert secret_service.run_cli("profiles", "use").out == "work\n"
        assert secret_service.run_cli("profiles", "list").out.splitlines()[1].startswith("* work")


def test_default_profile_must_exist(secret_service: SecretService) -> None:
    assert secret_service.run_cli("profiles", "use", "work").code == 2


def test_check_takes_the_default_profile_where_there_is_no_other_key(
    secret_service: SecretService,
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        secret_service.run_cli("profiles", "use", "work")
        done = secret_service.run_cli("check", "--json")
    assert (done.code, done.document["credential"]["origin"]) == (0, "keyring:work")
    assert "default profile work" in done.err


def test_key_of_the_environment_wins_over_the_default_profile(
    secret_service: SecretService,
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        secret_service.run_cli("profiles", "use", "work")
        done = secret_service.run_cli("check", "--json", **client_environment(simulated))
    assert done.document["credential"]["origin"] == "environment:OPENAI_API_KEY"


def test_default_profile_follows_a_rename_and_ends_with_a_deletion(
    secret_service: SecretService,
) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
    secret_service.run_cli("profiles", "use", "work")
    assert secret_service.run_cli("profiles", "rename", "work", "office").code == 0
    assert (
        secret_service.run_cli("profiles", "use").out,
        stored_entry(secret_service, "office"),
        stored_entry(secret_service),
    ) == ("office\n", key, "")
    secret_service.run_cli("profiles", "delete", "office", "--yes")
    assert secret_service.run_cli("profiles", "use").out == ""


@pytest.mark.parametrize(
    ("new", "message"), [("two words", "a profile name has"), ("work", "already")]
)
def test_rename_to_what_cannot_be(new: str, message: str, secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    done = secret_service.run_cli("profiles", "rename", "work", new)
    assert (done.code, message in done.err) == (2, True)


def test_notes_are_shown(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    secret_service.run_cli(
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
        secret_service.run_cli("profiles", "set", "work", "--expires", "2020-01-31")
        done = secret_service.run_cli("check", "--profile", "work", "--json")
    assert done.code == 0
    warning = (
        "The key of the profile work expired on 2020-01-31;"
        " replace it: oai-tui profiles rotate work"
    )
    assert warning in done.document["verdict"]["warnings"]


def test_check_warns_that_programs_use_another_key(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        done = secret_service.run_cli("check", "--profile", "work", "--json", OPENAI_API_KEY=NEW)
    assert any(
        "started from this shell use a different key, sk-proj-…wwwA" in warning
        for warning in done.document["verdict"]["warnings"]
    )


@pytest.mark.parametrize("name", ["curl", "python", "node", "dotenv", "github"])
def test_snippet_holds_no_key(name: str, secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
    done = secret_service.run_cli("profiles", "show", "work", "--snippet", name)
    assert (done.code, leaks(key, done.out), "http://127.0.0.1" in done.out) == (
        0,
        [],
        True,
    )


# rotation


def _rotate(service: SecretService, key: str, *more: str) -> CliResult:
    return service.run_cli("profiles", "rotate", "work", *more, typed=key)


def test_rotation_swaps_the_key_and_names_the_old_one(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
        secret_service.run_cli("profiles", "set", "work", "--note", "kim's")
        world = simulated.simulator.world
        add_key(simulated, NEW, world.keys[0].organizations, world.keys[0].project)
        done = _rotate(secret_service, NEW, "--json")
    warnings = done.document["verdict"]["warnings"]
    assert (
        done.code,
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
    assert leaks(key, done.out, done.err) + leaks(NEW, done.out, done.err) == []


def test_new_key_that_does_not_work_changes_nothing(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
        done = _rotate(secret_service, NEW)
    assert (done.code, stored_entry(secret_service)) == (4, key)
    assert "no change" in done.err


def test_the_same_key_is_no_rotation(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
        done = _rotate(secret_service, key)
    assert (done.code, done.out, "already has this key" in done.err) == (2, "", True)


@pytest.mark.parametrize(("more", "code"), [((), 2), (("--yes",), 0)], ids=["unasked", "--yes"])
def test_key_of_another_organization_is_swapped_only_when_meant(
    more: tuple[str, ...], code: int, secret_service: SecretService
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        add_key(simulated, NEW, (simulated.simulator.world.organizations[1].id,), None)
        done = _rotate(secret_service, NEW, *more)
    assert (done.code, stored_entry(secret_service) == NEW) == (code, code == 0)
    assert code == 0 or "it belongs to organization user-fake" in done.err


def test_rotation_asks_for_the_key_on_a_terminal_and_does_not_show_it(
    secret_service: SecretService, tmp_path: Path
) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        world = simulated.simulator.world
        add_key(simulated, NEW, world.keys[0].organizations, world.keys[0].project)
        code, screen = run_on_terminal(
            ["profiles", "rotate", "work"],
            {**secret_service.env, "TERM": "dumb"},
            tmp_path,
            answers=[("New key for work: ", NEW.encode() + b"\n")],
        )
    assert (code, stored_entry(secret_service)) == (0, NEW)
    assert "api-keys" in screen
    assert leaks(NEW, screen) == []


# verifying


def test_verified_profile_keeps_its_billed_proof(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated, "work", "--inference")
        before = show_profile(secret_service)
        assert secret_service.run_cli("profiles", "verify", "work").code == 0
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
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        verified_at = show_profile(secret_service)["verified_at"]
        simulator = simulated.simulator
        simulator.world = replace(simulator.world, keys=())
        done = secret_service.run_cli("profiles", "verify", "work", "--json")
        found = show_profile(secret_service)
        assert (done.code, found["state"], found["verified_at"]) == (
            4,
            "rejected: key-invalid",
            verified_at,
        )
        result = done.document["results"][0]
        assert result["since"]["text"] == (
            "Worked a moment ago; the key is the same; nothing else visible from here has changed."
        )
        assert result["since"]["text"] in result["verdict"]["warnings"]


def test_network_fault_is_no_refusal_of_the_profile(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
    done = secret_service.run_cli("profiles", "verify", "work")
    assert (done.code, show_profile(secret_service)["state"]) == (8, "works")


def test_organization_that_changed_is_reported(secret_service: SecretService) -> None:
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
        done = secret_service.run_cli("check", "--profile", "work", "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert document["since"]["changed"] == [
        {"what": "organization", "then": "example-works", "now": "user-fake0000000000000000001"}
    ]
    change = (
        "the organization changed (calls are billed to user-fake0000000000000000001 now, to "
        "example-works then)"
    )
    assert any(change in warning for warning in document["verdict"]["warnings"])


def test_nothing_to_verify_is_no_success(secret_service: SecretService) -> None:
    done = secret_service.run_cli("profiles", "verify", "--all", "--json")
    assert (done.code, done.document["results"]) == (3, [])


@pytest.mark.parametrize("arguments", [[], ["work", "--all"]], ids=["nothing named", "both"])
def test_verify_wants_names_or_all(arguments: list[str], secret_service: SecretService) -> None:
    assert secret_service.run_cli("profiles", "verify", *arguments).code == 2


def test_verify_of_a_name_that_is_not_there(secret_service: SecretService) -> None:
    done = secret_service.run_cli("profiles", "verify", "wrok")
    assert (done.code, "no profile 'wrok'" in done.err) == (2, True)
