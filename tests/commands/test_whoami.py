"""`whoami` prints which key is used, where it comes from and its user."""

import socket
from dataclasses import replace

import jsonschema
import pytest

from oai_tui.domain.keys.redaction import Redactor, masked_mail
from oai_tui.simulator.server import running
from tests.commands.cli_runner import client_environment
from tests.commands.saved_profiles import import_profile, leaks
from tests.fault_server import answering_instead
from tests.reports.test_json import SCHEMA
from tests.secret_service import SecretService


def test_key_of_the_environment(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        done = secret_service.run_cli("whoami", **client_environment(simulated))
    rows = dict(line.split(None, 1) for line in done.out.splitlines() if line[:1] not in {" ", "!"})
    assert done.code == 0
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
        done = secret_service.run_cli("whoami", "work", "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert (document["mode"], document["credential"]["origin"], done.code) == (
        "whoami",
        "keyring:work",
        0,
    )
    assert document["identity"] == {
        "organization": "example-works",
        "project": "proj_fake000000000000000main",
        "user": "a…@example.com",
        "organizations": ["Example Works (org-fake000000000000000work)"],
        "organization_count": 1,
        "accounts": [
            {
                "id": "org-fake000000000000000work",
                "title": "Example Works",
                "name": "example-works",
                "role": "member",
                "default": True,
                "in_use": True,
            }
        ],
        "sent": {"organization": None, "project": None},
        "headers_sent": True,
        "differences": [],
    }
    assert leaks(key, done.out, done.err) == []


def test_every_organization_of_a_user_key_is_named(secret_service: SecretService) -> None:
    with running("credit-elsewhere") as simulated:
        done = secret_service.run_cli("whoami", **client_environment(simulated))
    lines = " ".join(done.out.split())
    assert (done.code, "organizations 3, with this key" in lines) == (0, True)
    assert (
        "Personal (org-fake000000000000000home) · role owner · default · "
        "requests count for this one" in lines
    )
    assert "Example Works (org-fake000000000000000work) · role member Chess Club" in lines
    assert "export OPENAI_ORG_ID=org-fake000000000000000work" in lines


def test_the_variable_of_a_header_is_named(secret_service: SecretService) -> None:
    organization = "org-fake000000000000000club"
    with running("credit-elsewhere") as simulated:
        environment = client_environment(simulated)
        done = secret_service.run_cli(
            "whoami",
            **environment,
            OPENAI_ORG_ID="org-fake000000000000000work",
            OPENAI_CUSTOM_HEADERS=f"OpenAI-Organization: {organization}",
        )
    lines = " ".join(done.out.split())
    assert (
        f"headers sent OpenAI-Organization: {organization} "
        "(from the environment variable OPENAI_CUSTOM_HEADERS)" in lines
    )
    assert "Chess Club (org-fake000000000000000club) · role member · requests count" in lines


def test_nobodys_address_is_shown_whole(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        done = secret_service.run_cli("whoami", "--json", **client_environment(simulated))
    assert "alex@" not in done.out + done.err


def test_key_that_may_not_ask_is_still_a_key_that_works(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        simulator = simulated.simulator
        keys = simulator.world.keys
        simulator.world = replace(
            simulator.world,
            keys=(replace(keys[0], scopes=frozenset({"api.model.read"})), *keys[1:]),
        )
        done = secret_service.run_cli("whoami", **client_environment(simulated))
    assert (
        done.code,
        "user          unknown" in done.out,
        "example-works" in done.out,
    ) == (0, True, True)


@pytest.mark.parametrize(
    ("scenario", "code", "cause"),
    [
        ("key-invalid", 4, "key-invalid"),
        ("organization-mismatch", 4, "organization-mismatch"),
        ("connection-refused", 8, "connection-refused"),
    ],
)
def test_refused_key_is_reported_with_its_code(
    scenario: str, code: int, cause: str, secret_service: SecretService
) -> None:
    with running(scenario) as simulated:
        done = secret_service.run_cli("whoami", **client_environment(simulated))
    assert (
        done.code,
        f"({cause})" in done.out,
        "for details, run: oai-tui check" in done.out,
    ) == (code, True, True)


def test_no_key(secret_service: SecretService) -> None:
    done = secret_service.run_cli("whoami", "--json")
    assert (done.code, done.document["credential"]) == (3, None)


def test_default_profile_counts_where_there_is_no_other_key(secret_service: SecretService) -> None:
    with running("all-good") as simulated:
        import_profile(secret_service, simulated)
        done = secret_service.run_cli("whoami", "--json", OAI_TUI_PROFILE="work")
    assert done.document["credential"]["origin"] == "keyring:work"


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


def _row(out: str, label: str) -> str:
    return next(line for line in out.splitlines() if line.startswith(label)).split("  ")[-1].strip()


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b'{"orgs": {"da', b'{"email": 5}'])
def test_an_unusable_answer_is_not_a_missing_right(
    secret_service: SecretService, body: bytes
) -> None:
    with (
        running("all-good") as simulated,
        answering_instead(simulated.base_url, "/v1/me", body) as url,
    ):
        done = secret_service.run_cli(
            "whoami", **{**client_environment(simulated), "OPENAI_BASE_URL": url}
        )
    assert _row(done.out, "user") == "unknown (the answer to GET /v1/me could not be read)"
    assert "no access" not in done.out


def test_headers_that_were_not_sent_are_not_called_sent(secret_service: SecretService) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
        environment = {
            "OPENAI_API_KEY": "sk-proj-" + "a" * 40,
            "OPENAI_BASE_URL": url,
            "OPENAI_ORG_ID": "org-a",
        }
        done = secret_service.run_cli("whoami", **environment)
        as_json = secret_service.run_cli("whoami", "--json", **environment)
    assert "headers sent" not in done.out
    assert _row(done.out, "headers set").startswith("OpenAI-Organization: org-a (from")
    assert as_json.document["identity"]["headers_sent"] is False


def test_after_a_mismatch_the_organizations_of_the_key_are_listed(
    secret_service: SecretService,
) -> None:
    with running("organization-mismatch") as simulated:
        done = secret_service.run_cli("whoami", **client_environment(simulated))
    assert done.code == 4
    assert _row(done.out, "organization") == "Example Works (org-fake000000000000000work)"
