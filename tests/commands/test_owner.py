"""`owner` shows what an admin key sees of a key, and sends each key only where it belongs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from oai_tui.simulator.fixtures import ADMIN_KEY, GOOD_KEY, PROJECT
from oai_tui.simulator.large_organization import large_world
from oai_tui.simulator.server import running
from oai_tui.simulator.simulator import RecordedRequest
from oai_tui.simulator.world import Certificate, World
from tests.commands.cli_runner import (
    CliResult,
    ReceivedRequest,
    canned_server,
    client_environment,
    http_response,
    run_cli,
)
from tests.reports.test_json import SCHEMA

pytestmark = pytest.mark.sockets
NO_KEY = {"error": {"message": "no key", "type": "invalid_request_error", "code": None}}


def owner(
    scenario: str,
    home: Path,
    *arguments: str,
    admin: str | None = ADMIN_KEY,
    change: Callable[[World], World] = lambda world: world,
    key: str | None = None,
) -> tuple[CliResult, list[RecordedRequest]]:
    """Run `owner` over a scenario; return the result and the requests."""
    with running(scenario) as simulated:
        simulator = simulated.simulator
        simulator.world = change(simulator.world)
        variables = client_environment(simulated)
        if admin is not None:
            variables["OPENAI_ADMIN_KEY"] = admin
        if key is not None:
            variables["OPENAI_API_KEY"] = key
        done = run_cli(["owner", *arguments], home, variables)
        received = list(simulator.received)
    assert ADMIN_KEY not in done.out + done.err
    assert_keys_on_their_routes(received)
    return done, received


def assert_keys_on_their_routes(received: list[RecordedRequest]) -> None:
    """An admin key went to the admin API only, and no other key went there; nothing changed."""
    for each in received:
        is_admin_route = each.path.startswith("/v1/organization/")
        assert is_admin_route == (each.key_kind == "admin")
        assert not is_admin_route or each.method == "GET"


def restricted(world: World) -> World:
    """Take the right to read from the admin key."""
    admin = world.keys[-1]
    return replace(
        world, keys=(*world.keys[:-1], replace(admin, scopes=frozenset({"api.usage.read"})))
    )


def test_key_that_works(tmp_path: Path) -> None:
    done, received = owner("all-good", tmp_path, "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    key, project = document["key"], document["project"]
    assert (done.code, key["found"], key["redacted"]) == (0, True, "sk-proj-...bbbA")
    assert (key["owner"], key["owner_project_access"]) == (
        {"type": "user", "name": "a…@example.com"},
        "active",
    )
    assert (project["id"], project["status"]) == (PROJECT.id, "active")
    assert document["rate_limits"][0]["requests_per_minute"] == 500
    assert document["model_permissions"] is None
    assert len(received) == 10  # its own project is known, so that no other one is read


@pytest.mark.parametrize(
    ("scenario", "cause", "says"),
    [
        ("key-expired", "key-expired", "expired on 2026-11-01; create a new one."),
        (
            "organization-membership",
            "organization-membership",
            "created by a removed user; an owner must create a new one.",
        ),
        ("project-unavailable", "project-unavailable", "which is archived; an owner must create"),
        ("spend-limit-project", "spend-limit-project", "hard spend limit of $100.00 a month"),
        ("spend-limit-organization", "spend-limit-organization", "The organization's hard spend"),
        (
            "client-certificate-required",
            "client-certificate-required",
            "The project of this key accepts only calls with a client certificate (active: "
            "“Client certificates of the office”).",
        ),
    ],
)
def test_cause_is_certain(scenario: str, cause: str, says: str, tmp_path: Path) -> None:
    done, _ = owner(scenario, tmp_path, "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    verdict = document["verdict"]
    assert (verdict["cause"], verdict["confidence"]) == (cause, "certain")
    assert says in verdict["explanation"]
    assert document["key"]["found"] is True


def test_certificates_as_json_and_text(tmp_path: Path) -> None:
    done, received = owner("client-certificate-required", tmp_path, "--json")
    office = {"id": "cert_fake0001", "name": "Client certificates of the office"}
    old = {"id": "cert_fake0002", "name": "Old laptop", "active": False}
    rows = done.document["certificates"]
    assert {each["expires_at"][:10] for each in rows} == {"2027-08-15", "2026-10-24"}
    shown = [{name: each[name] for name in each if name != "expires_at"} for each in rows]
    for row in (
        {**office, "active": True, "of": "project"},
        {**office, "active": False, "of": "organization"},
        {**old, "of": "project"},
        {**old, "of": "organization"},
    ):
        assert row in shown
    assert sum(each.path.endswith("/certificates") for each in received) == 2
    text, _ = owner("client-certificate-required", tmp_path)
    lines = " ".join(text.out.split())
    assert (
        "certificate Client certificates of the office: active for the project, expires 2027-08-15 "
        "calls of this project need a client certificate (mutual TLS) "
        "certificate 1 uploaded certificate, not active" in lines
    )


def test_a_certificate_of_the_organization_concerns_the_admin_key_too(tmp_path: Path) -> None:
    def change(world: World) -> World:
        own = world.organization(PROJECT.organization)
        assert own is not None
        active = Certificate(id="cert_a", name="A", active_for=frozenset({own.id}))
        return replace(world, organizations=(replace(own, certificates=(active,)),))

    done, _ = owner("all-good", tmp_path, "--json", change=change)
    assert (done.code, done.document["certificates"], done.document["key"]) == (5, [], None)


def test_deleted_key_is_not_found(tmp_path: Path) -> None:
    done, _ = owner("key-invalid", tmp_path, "--json")
    jsonschema.validate(done.document, SCHEMA)
    assert (done.code, done.cause, done.document["key"]) == (4, "key-invalid", {"found": False})
    assert "it was deleted or disabled" in done.document["verdict"]["explanation"]


def test_text(tmp_path: Path) -> None:
    done, _ = owner("organization-membership", tmp_path)
    assert done.out.count("created by a removed user") == 1
    assert "owner           user a…@example.com · removed from the project" in done.out
    assert "3 projects and 4 keys read, nothing changed." in done.out


def test_damaged_key_that_exists(tmp_path: Path) -> None:
    middle = GOOD_KEY[:40] + "x" + GOOD_KEY[41:]
    done, _ = owner("all-good", tmp_path, "--json", key=middle)
    assert (done.code, done.cause) == (4, "key-invalid")
    assert "the text used here is wrong" in done.document["verdict"]["title"]


def test_admin_key_without_the_right(tmp_path: Path) -> None:
    done, received = owner("all-good", tmp_path, "--json", change=restricted)
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert (done.code, done.cause, document["key"]) == (5, "scope-missing", None)
    assert "The admin key was not accepted" in document["verdict"]["title"]
    assert "api.management.read" in document["verdict"]["explanation"]
    assert sum(each.key_kind == "admin" for each in received) == 1


def test_ordinary_key_is_not_sent(tmp_path: Path) -> None:
    done, received = owner("all-good", tmp_path, admin=GOOD_KEY)
    assert (done.code, done.out, received) == (4, "", [])
    assert "is not an admin key: it is a project key. It was not sent." in done.err
    assert GOOD_KEY not in done.err


def test_no_admin_key(tmp_path: Path) -> None:
    done, received = owner("all-good", tmp_path, admin=None)
    assert (done.code, done.out, received) == (3, "", [])
    assert "Set OPENAI_ADMIN_KEY" in done.err


@pytest.mark.parametrize("arguments", [(), ("--list",)])
@pytest.mark.parametrize(
    ("admin", "code", "cause", "says"),
    [
        (None, 3, "key-missing", "No admin key found."),
        (GOOD_KEY, 4, "key-not-admin", "is not an admin key: it is a project key. It was not sent"),
        (f"“{ADMIN_KEY}”", 4, "key-malformed", "can't be sent"),
        (f"'{ADMIN_KEY}'", 4, "key-malformed", "characters that don't belong to it"),
        ("sk-ant-api03-" + "x" * 80, 4, "key-not-admin", "it is an Anthropic key. It was"),
        ("your-api-key-here", 4, "key-not-admin", "it is sample text. It was"),
        (f"{ADMIN_KEY[:30]}\x7f{ADMIN_KEY[30:]}", 4, "key-malformed", "can't be sent"),
    ],
)
def test_json_without_a_usable_admin_key(
    admin: str | None, code: int, cause: str, says: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    done, received = owner("all-good", tmp_path, "--json", *arguments, admin=admin)
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert (done.code, document["exit_code"], done.cause) == (code, code, cause)
    assert says in document["verdict"]["explanation"]
    assert (document["mode"], document["key"], received) == ("owner", None, [])
    assert GOOD_KEY not in done.out


def test_json_with_an_admin_profile_that_does_not_exist(tmp_path: Path) -> None:
    store = {
        "OAI_TUI_STORE": f"file:{tmp_path / 'p.enc'}",
        "OAI_TUI_PASSPHRASE_COMMAND": "echo a long passphrase",
    }
    done = run_cli(["owner", "--admin-profile", "boss", "--json"], tmp_path, store)
    assert (done.code, done.cause) == (3, "key-missing")


def allowing(*models: str) -> Callable[[World], World]:
    """Let the project of the key use these models only."""

    def change(world: World) -> World:
        projects = (
            replace(each, allowed_models=frozenset(models)) if each.id == PROJECT.id else each
            for each in world.projects
        )
        return replace(world, projects=tuple(projects))

    return change


@pytest.mark.parametrize(
    ("model", "code", "permitted"), [("gpt-6-luna", 0, True), ("gpt-4o-mini", 5, False)]
)
def test_one_model(model: str, code: int, permitted: bool, tmp_path: Path) -> None:
    change = allowing("gpt-6-luna")
    done, _ = owner("all-good", tmp_path, "--model", model, "--json", change=change)
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert (done.code, document["model"]) == (code, {"id": model, "permitted": permitted})
    assert [each["model"] for each in document["rate_limits"]] == [model]


def test_one_model_as_text(tmp_path: Path) -> None:
    done, _ = owner("all-good", tmp_path, "--model", "gpt-6-luna")
    assert "gpt-6-luna: the admin API shows no list of allowed or blocked models" in done.out
    assert done.out.count("rate limit ") == 1


def test_key_of_an_unknown_shape_is_tried_once(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        variables = client_environment(simulated) | {"OPENAI_ADMIN_KEY": "company-" + "k" * 40}
        done = run_cli(["owner", "--json"], tmp_path, variables)
        asked = [each.path for each in simulated.simulator.received if "organization" in each.path]
    assert (done.code, len(asked)) == (4, 1)


def test_429_in_the_middle(tmp_path: Path) -> None:
    done, received = owner(
        "key-invalid",
        tmp_path,
        "--json",
        change=lambda world: replace(world, admin_limited_every=4),
    )
    assert done.document["key"] == {"found": False}
    assert done.document["survey"]["complete"] is True
    assert len([each for each in received if each.key_kind == "admin"]) > 5


def test_pages_that_repeat(tmp_path: Path) -> None:
    done, received = owner(
        "key-invalid",
        tmp_path,
        "--json",
        change=lambda world: replace(world, admin_pages_repeat=True),
    )
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert (document["key"], document["survey"]["complete"]) == (None, False)
    assert any("the same page again" in note for note in document["verdict"]["warnings"])
    assert len(received) < 20


def test_10_000_keys(tmp_path: Path) -> None:
    done, received = owner(
        "all-good", tmp_path, "--list", "--json", "--timeout", "300", change=lambda _: large_world()
    )
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert (done.code, document["survey"]["complete"]) == (0, True)
    assert (document["survey"]["projects"], document["survey"]["keys"]) == (203, 10_004)
    assert document["attention_counts"]["owner-removed"] == 770
    assert len(document["attention"]) <= 200
    assert len(received) == 1 + 3 + 203  # the call without a key, pages of projects, keys


def test_list_as_text(tmp_path: Path) -> None:
    done, _ = owner("all-good", tmp_path, "--list")
    assert "1 of 4 keys in 3 projects needs attention" in done.out
    assert "Expired: 1" in done.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--list", "--source", "env"], "--list reads all keys: leave out --source."),
        (["work", "--list", "--model", "gpt-6-luna"], "leave out NAME and --model."),
        (["--admin-source", "nowhere"], "expected env"),
        (["--forget-admin", "boss", "--save-admin", "boss"], "--forget-admin only deletes"),
        (["--forget-admin", "boss", "--list", "--json"], "leave out --json and --list."),
        (["--forget-admin", "boss", "--timeout", "30"], "leave out --timeout."),
        (["--source", "stdin", "--admin-source", "stdin"], "one key only"),
    ],
)
def test_usage_errors(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = run_cli(["owner", *arguments], tmp_path)
    assert (done.code, done.out, says in done.err) == (2, "", True)


def test_other_commands_send_no_admin_key_to_other_routes(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        both = client_environment(simulated) | {"OPENAI_ADMIN_KEY": ADMIN_KEY}
        alone = {name: value for name, value in both.items() if name != "OPENAI_API_KEY"}
        for variables in (both, alone, both | {"OPENAI_API_KEY": ADMIN_KEY}):
            for command in (
                ["check", "--json"],
                ["check", "--all", "--json"],
                ["check", "--inference", "--json"],
                ["scopes"],
                ["models"],
                ["limits"],
                ["whoami"],
                ["owner"],
                ["owner", "--list"],
                ["keys"],
            ):
                run_cli(command, tmp_path, variables)
        received = simulated.simulator.received
    assert {each.key_kind for each in received} == {"", "other", "admin"}
    for each in received:
        if each.key_kind:
            assert each.path.startswith("/v1/organization/") == (each.key_kind == "admin")


@pytest.mark.parametrize("arguments", [[], ["--list"]])
def test_a_gateway_on_this_machine_gets_no_admin_key(arguments: list[str], tmp_path: Path) -> None:
    received: list[ReceivedRequest] = []

    def reply(request: ReceivedRequest) -> bytes:
        received.append(request)
        if not request.has_key:
            return http_response("401 Unauthorized", NO_KEY)
        return http_response("200 OK", {"object": "list", "data": [{"id": "gpt-6-luna"}]})

    with canned_server(reply) as base_url:
        variables = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        variables["OPENAI_ADMIN_KEY"] = ADMIN_KEY
        done = run_cli(["owner", *arguments], tmp_path, variables)
    assert not [each for each in received if ADMIN_KEY in str(each.headers)]
    assert "The admin key was not sent" in " ".join(done.out.split())


def test_admin_profile_is_no_ordinary_profile(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        env = client_environment(simulated)
        store = {
            "OAI_TUI_STORE": f"file:{tmp_path / 'p.enc'}",
            "OAI_TUI_PASSPHRASE_COMMAND": "echo a long passphrase",
        }
        with_admin = env | store | {"OPENAI_ADMIN_KEY": ADMIN_KEY}
        saved = run_cli(["owner", "--save-admin", "boss"], tmp_path, with_admin)
        used = run_cli(["owner", "--admin-profile", "boss", "--json"], tmp_path, env | store)
        listed = run_cli(["profiles", "list", "--json"], tmp_path, env | store)
        run = run_cli(["exec", "boss", "--", "true"], tmp_path, env | store)
        written = run_cli(["env", "boss"], tmp_path, env | store)
        check = run_cli(["check", "--profile", "boss"], tmp_path, env | store)
        gone = run_cli(["owner", "--forget-admin", "boss"], tmp_path, env | store)
        again = run_cli(["owner", "--admin-profile", "boss"], tmp_path, env | store)
        assert_keys_on_their_routes(
            [each for each in simulated.simulator.received if each.key_kind]
        )
    assert (saved.code, used.code, used.document["key"]["found"]) == (0, 0, True)
    assert "admin key saved as boss" in saved.err
    assert listed.document == []
    assert 0 not in {run.code, written.code, check.code}
    assert (gone.code, again.code) == (0, 3)
    for done in (saved, used, listed, run, written, check, gone, again):
        assert ADMIN_KEY not in done.out + done.err


def test_refused_admin_key_is_not_saved(tmp_path: Path) -> None:
    done, _ = owner("all-good", tmp_path, "--save-admin", "boss", change=restricted)
    assert done.code == 5
    assert "the admin key was not saved" in done.err
