"""settings.toml and the commands: where it is, what it changes, and what is said about mistakes."""

import sys
from pathlib import Path

import pytest

from tests.commands.cli_runner import run_cli

ESCAPE = "\x1b["


def write(home: Path, text: str) -> Path:
    path = home / ".config" / "oai-tui" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="the folder of Linux")
def test_the_path_is_printed_whether_or_not_the_file_exists(tmp_path: Path) -> None:
    result = run_cli(["--config-path"], tmp_path)
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{tmp_path}/.config/oai-tui/settings.toml\n"
    named = {"OAI_TUI_CONFIG": str(tmp_path / "mine.toml")}
    assert run_cli(["--config-path"], tmp_path, named).out == f"{tmp_path}/mine.toml\n"


def test_without_a_home_folder_the_variable_is_named(tmp_path: Path) -> None:
    result = run_cli(["--config-path"], tmp_path, {"HOME": ""})
    assert result.code == 2
    assert "OAI_TUI_CONFIG" in result.err


@pytest.mark.parametrize(
    ("text", "arguments", "env", "has_color"),
    [
        ("", [], {}, False),
        ('color = "always"\n', [], {}, True),
        ('colour = "always"\n', [], {}, True),
        ('color = "always"\n', [], {"NO_COLOR": "1"}, False),
        ('color = "never"\n', [], {"FORCE_COLOR": "1"}, True),
        ('color = "always"\n', ["--color", "never"], {}, False),
        ('color = "never"\n', ["--color", "always"], {}, True),
    ],
)
def test_an_option_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, text: str, arguments: list[str], env: dict[str, str], has_color: bool
) -> None:
    write(tmp_path, text)
    result = run_cli(["explain", *arguments], tmp_path, env, typed=b"401 invalid_api_key")
    assert (ESCAPE in result.out) is has_color


def test_a_broken_file_is_named_on_stderr_and_the_command_runs(tmp_path: Path) -> None:
    path = write(tmp_path, 'theme = "oai-day"\ncolor = \n')
    result = run_cli(["explain", "--json"], tmp_path, typed=b"401 invalid_api_key")
    assert (
        result.code == run_cli(["explain", "--json"], tmp_path, typed=b"401 invalid_api_key").code
    )
    assert result.document
    assert f"oai-tui: {path}, line 2, column 9: this is not valid TOML" in result.err


def test_a_key_in_the_wrong_place_is_not_printed(tmp_path: Path) -> None:
    key = "sk-proj-" + "Ab1" * 30
    write(tmp_path, f'{key} = "x"\n')
    result = run_cli(["keys"], tmp_path)
    assert "there is no setting" in result.err
    assert key not in result.err


@pytest.mark.parametrize("command", [["tree"], ["completion", "bash"]])
def test_commands_that_use_no_setting_say_nothing(tmp_path: Path, command: list[str]) -> None:
    write(tmp_path, "color = \n")
    result = run_cli(command, tmp_path)
    assert (result.code, result.err) == (0, "")


def test_the_rotation_days_of_the_file_are_used(tmp_path: Path) -> None:
    from oai_tui.services.build import real_services

    write(tmp_path, "rotation_days = 7\n")
    env = {"HOME": str(tmp_path)}
    assert real_services(env=env).rotate_days == 7
    assert real_services(env={**env, "OAI_TUI_ROTATE_DAYS": "30"}).rotate_days == 30
    assert real_services(env={**env, "OAI_TUI_ROTATE_DAYS": "soon"}).rotate_days == 7
