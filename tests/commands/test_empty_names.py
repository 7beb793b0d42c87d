"""An empty name on the command line is a mistake, not another key: exit code 2 and nothing sent."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from oai_tui.cli import cli
from oai_tui.headless.profile_names import ProfileNameType
from tests.commands.cli_runner import run_cli

NAMES = {"name", "names", "new", "profile", "admin_profile", "save_admin", "forget_admin"}
"""Parameters that name a saved key."""


def _parameters(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _parameters(found, (*path, name))
    else:
        yield from ((path, each) for each in command.params)


def _named() -> list[tuple[tuple[str, ...], click.Parameter]]:
    return [(path, each) for path, each in _parameters(cli) if each.name in NAMES]


def test_every_name_of_a_saved_key_has_the_type() -> None:
    named = _named()
    assert len(named) > 15
    assert [
        (path, each.name) for path, each in named if not isinstance(each.type, ProfileNameType)
    ] == []


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize(
    ("path", "parameter"), _named(), ids=lambda value: str(getattr(value, "name", value))
)
def test_an_empty_name_is_a_usage_error(
    path: tuple[str, ...], parameter: click.Parameter, empty: str, tmp_path: Path
) -> None:
    if isinstance(parameter, click.Option):
        given = [max(parameter.opts, key=len), empty]
    elif parameter.name == "new":
        given = ["work", empty]
    elif path == ("profiles", "rename"):
        given = [empty, "new"]
    else:
        given = [empty]
    done = run_cli([*path, *given], tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "the name is empty" in done.err


@pytest.mark.parametrize("command", ["check", "limits", "owner"])
def test_an_empty_model_is_a_usage_error(command: str, tmp_path: Path) -> None:
    done = run_cli([command, "--model", ""], tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "the model ID is empty" in done.err
