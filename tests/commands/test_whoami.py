"""`whoami`: which key, from where, for whom; masked, and with the exit codes of a check."""

import json
from dataclasses import replace

import jsonschema
import pytest

from oai_tui.domain.keys.redaction import Redactor, masked_mail
from oai_tui.simulator.server import running
from tests.commands.saved_profiles import PROGRAM, import_profile, leaks
from tests.reports.test_json import SCHEMA
from tests.secret_service import SecretService


def test_key_of_the_environment(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        done = secret_service.run(*PROGRAM, "whoami", **simulated.client.environment)
    rows = dict(
        line.split(None, 1) for line in done.stdout.splitlines() if line[:1] not in {" ", "!"}
    )
    assert done.returncode == 0
    assert rows["key"].startswith("sk-proj-…bbbA (project key, fingerprint ")
    assert (rows["from"], rows["user"], rows["organization"], rows["project"]) == (
        "the environment, OPENAI_API_KEY",
        "a…@example.com",
        "Example Works (org-fake000000000000000work)",
        "proj_fake000000000000000main",
    )


def test_key_of_a_profile_as_json(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        key = import_profile(secret_service, simulated)
        done = secret_service.run(*PROGRAM, "whoami", "work", "--json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert (document["mode"], document["credential"]["origin"], done.returncode) == (
        "whoami",
        "keyring:work",
        0,
    )
    assert document["identity"] == {
        "organization": "example-works",
        "project": "proj_fake000000000000000main",
        "user": "a…@example.com",
        "organizations": ["Example Works (org-fake000000000000000work)"],
    }
    assert leaks(key, done.stdout, done.stderr) == []


def test_nobodys_address_is_shown_whole(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        done = secret_service.run(*PROGRAM, "whoami", "--json", **simulated.client.environment)
    assert "alex@" not in done.stdout + done.stderr


def test_key_that_may_not_ask_is_still_a_key_that_works(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        simulator = simulated.simulator
        keys = simulator.world.keys
        simulator.world = replace(
            simulator.world,
            keys=(replace(keys[0], scopes=frozenset({"api.model.read"})), *keys[1:]),
        )
        done = secret_service.run(*PROGRAM, "whoami", **simulated.client.environment)
    assert (
        done.returncode,
        "user          not told" in done.stdout,
        "example-works" in done.stdout,
    ) == (0, True, True)


@pytest.mark.parametrize(
    ("scenario", "code", "said"),
    [
        ("key-invalid", 4, "key-invalid"),
        ("organization-mismatch", 4, "organization-mismatch"),
        ("connection-refused", 8, "connection-refused"),
    ],
)
def test_refused_key_is_said_and_has_its_code(
    scenario: str, code: int, said: str, secret_service: SecretService
) -> None:
    with running(scenario) as simulated:
        done = secret_service.run(*PROGRAM, "whoami", **simulated.client.environment)
    assert (
        done.returncode,
        f"({said})" in done.stdout,
        "oai-tui check says more" in done.stdout,
    ) == (code, True, True)


def test_no_key(secret_service: SecretService) -> None:
    done = secret_service.run(*PROGRAM, "whoami", "--json")
    assert (done.returncode, json.loads(done.stdout)["credential"]) == (3, None)


def test_default_profile_counts_where_there_is_no_other_key(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        done = secret_service.run(*PROGRAM, "whoami", "--json", OAI_TUI_PROFILE="work")
    assert json.loads(done.stdout)["credential"]["origin"] == "keyring:work"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("to kim@example.com.", "to k…@example.com."),
        ("a.b+c@sub.example.org, x@y.z", "a…@sub.example.org, x…@y.z"),
        ("no address", "no address"),
    ],
)
def test_address_is_cut_to_what_its_owner_knows(text: str, masked: str) -> None:
    assert masked_mail(text) == masked
    assert Redactor()(masked) == masked
