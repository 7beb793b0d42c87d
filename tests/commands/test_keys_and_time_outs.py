"""A wrong kind of key and a server that never answers, over the port, for every view of a key."""

from pathlib import Path

import pytest

from oai_tui.cli import COMMANDS
from oai_tui.simulator.fixtures import ADMIN_KEY
from oai_tui.simulator.server import running
from tests.commands.cli_runner import client_environment, run_cli

pytestmark = pytest.mark.sockets
VIEWS = (["scopes"], ["models"], ["limits"], ["limits", "--inference"], ["owner"])
SHORT_LIMIT = "2"
"""Seconds for a whole command against a server that never answers."""


@pytest.mark.parametrize("command", VIEWS, ids=" ".join)
def test_admin_key_as_the_key_reaches_no_route(command: list[str], tmp_path: Path) -> None:
    with running("all-good") as simulated:
        variables = client_environment(simulated) | {"OPENAI_API_KEY": ADMIN_KEY}
        done = run_cli([*command, "--json"], tmp_path, variables)
        received = list(simulated.simulator.received)
    assert done.code not in {0, 1}
    assert ADMIN_KEY not in done.out + done.err
    assert [each.path for each in received if each.key_kind == "admin"] == []


@pytest.mark.parametrize("command", VIEWS, ids=" ".join)
def test_server_that_never_answers_is_given_up(command: list[str], tmp_path: Path) -> None:
    with running("response-timeout") as simulated:
        variables = client_environment(simulated) | {"OPENAI_ADMIN_KEY": ADMIN_KEY}
        done = run_cli([*command, "--timeout", SHORT_LIMIT, "--json"], tmp_path, variables)
    assert (done.code, done.cause) == (8, "response-timeout")
    assert ADMIN_KEY not in done.out + done.err


SENDING: dict[str, tuple[list[str], ...]] = {
    "check": (
        ["check"],
        ["check", "--all"],
        ["check", "--inference", "--model", "gpt-6-luna"],
        ["check", "--profile", "work"],
    ),
    "watch": (["watch", "work", "--every", "1", "--count", "1"],),
    "whoami": (["whoami"], ["whoami", "work"]),
    "scopes": (["scopes"], ["scopes", "work"]),
    "models": (["models"], ["models", "--wanted", "gpt-6-lunar"], ["models", "work"]),
    "limits": (["limits", "--inference"], ["limits", "work", "--inference"]),
    "owner": (["owner"], ["owner", "--list"], ["owner", "work"]),
    "profiles": (
        ["profiles", "import", "work"],
        ["profiles", "verify", "--all"],
        ["profiles", "list"],
        ["profiles", "show", "work"],
    ),
}
"""Every command that can send something, in the forms that send something different."""
SENDS_NOTHING = {
    *("causes", "completion", "env", "exec", "explain", "keys", "scan", "sdk", "simulate", "tree")
}


def test_each_command_is_known_to_send_or_not() -> None:
    assert set(COMMANDS) <= SENDING.keys() | SENDS_NOTHING


@pytest.mark.slow
def test_no_command_sends_a_key_to_a_route_of_the_other_kind(tmp_path: Path) -> None:
    """With both keys, with the admin key alone, and with the admin key in the wrong variable."""
    commands = [*SENDING["profiles"], *(each for forms in SENDING.values() for each in forms)]
    with running("all-good") as simulated:
        both = client_environment(simulated) | {
            "OPENAI_ADMIN_KEY": ADMIN_KEY,
            "OAI_TUI_STORE": f"file:{tmp_path / 'profiles.enc'}",
            "OAI_TUI_PASSPHRASE_COMMAND": "echo a long passphrase",
        }
        alone = {name: value for name, value in both.items() if name != "OPENAI_API_KEY"}
        results = [
            (command, run_cli(command, tmp_path, variables))
            for variables in (both, alone, both | {"OPENAI_API_KEY": ADMIN_KEY})
            for command in commands
        ]
        received = list(simulated.simulator.received)
    assert {each.key_kind for each in received} == {"", "other", "admin"}
    for each in received:
        if each.key_kind:
            assert each.path.startswith("/v1/organization/") == (each.key_kind == "admin"), each
            assert each.key_kind == "other" or each.method == "GET"
    assert [command for command, done in results if done.code == 1] == []
    assert [command for command, done in results if ADMIN_KEY in done.out + done.err] == []
