"""settings.toml: where it is, what it may hold, what is said about mistakes, how it is changed."""

import os
from pathlib import Path

import pytest

from oai_tui.services.settings import (
    SettingsError,
    SettingsSyntaxError,
    describe_problems,
    load_settings,
    parse_settings,
    save_setting,
    settings_path,
    wants_color,
    with_setting,
)

FULL = """\
# mine
theme = "oai-day"  # for the office
color = "never"
rotation_days = 30

[keymap]
app.help = "h"
"start.check" = ["enter", "c"]
"""


def test_the_file_is_in_the_folder_of_the_platform() -> None:
    home = {"HOME": "/home/me"}
    assert settings_path(home, "linux") == Path("/home/me/.config/oai-tui/settings.toml")
    on_mac = Path("/home/me/Library/Application Support/oai-tui/settings.toml")
    assert settings_path(home, "darwin") == on_mac
    assert settings_path({"APPDATA": "/roaming"}, "win32") == Path("/roaming/oai-tui/settings.toml")
    assert settings_path({**home, "OAI_TUI_CONFIG": "/x/mine.toml"}) == Path("/x/mine.toml")
    assert settings_path({}, "linux") is None


def test_every_setting_is_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FULL)
    settings = load_settings({"OAI_TUI_CONFIG": str(path)})
    assert settings.problems == ()
    assert (settings.theme, settings.color, settings.rotation_days) == ("oai-day", "never", 30)
    assert settings.keymap == {"app.help": ("h",), "start.check": ("enter", "c")}
    assert settings.keymap_lines == {"app.help": 7, "start.check": 8}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(FULL)
    env = {"OAI_TUI_CONFIG": str(path), "OAI_TUI_THEME": "oai-contrast"}
    assert load_settings(env).theme == "oai-contrast"


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings({"OAI_TUI_CONFIG": str(tmp_path / "none.toml")})
    assert (settings.theme, settings.color, settings.rotation_days) == ("", "auto", None)
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("theme = \n", 1, 9, "not valid TOML"),
        ('color = "auto"\ntheme = oai\n', 2, 9, "not valid TOML"),
        ('theme = "a\n', 1, 11, "not valid TOML"),
        ('theme = """a', 1, 13, "not valid TOML"),
        ("x = " + 5000 * "9", 1, 5005, "not valid TOML"),
        ("x = " + 5000 * "[", 1, 5005, "not valid TOML"),
        ("theme = 1\n", 1, 0, "name in quotes"),
        ('\n\ncolor = "blue"\n', 3, 0, '"auto", "always" or "never"'),
        ('colour = "blue"\n', 1, 0, '"auto", "always" or "never"'),
        ("rotation_days = -1\n", 1, 0, "whole number"),
        ("rotation_days = true\n", 1, 0, "whole number"),
        ('keymap = "x"\n', 1, 0, "must be a table"),
        ("[keymap]\n'app.help' = 3\n", 2, 0, "keys of app.help"),
        ("[keymap.app]\nhelp = ''\n", 2, 0, "keys of app.help"),
        ('thme = "x"\n', 1, 0, "did you mean theme"),
        ("zzz = 1\n", 1, 0, "the settings are theme"),
        ('default_profile = "work"\n', 1, 0, "profiles use"),
        ("[zzz]\n", 1, 0, "the settings are theme"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, line: int, column: int, said: str) -> None:
    (problem,) = parse_settings(text).problems
    assert (problem.line, problem.column) == (line, column)
    assert said in problem.text


def test_a_mistake_does_not_void_the_rest() -> None:
    settings = parse_settings('theme = "oai-day"\nrotation_days = "x"\ncolour = "never"\n')
    assert (settings.theme, settings.color, settings.rotation_days) == ("oai-day", "never", None)


def test_a_syntax_error_quotes_nothing_of_the_file() -> None:
    secret = "sk-proj-" + "a1" * 30
    for text in (f"{secret}\n", f"theme = {secret}", f'"{secret}" = 1\n"{secret}" = 2'):
        (problem,) = parse_settings(text).problems
        assert secret not in str(problem)


@pytest.mark.parametrize("make", ["folder", "bytes", "large"])
def test_a_file_that_cannot_be_used_is_a_problem(tmp_path: Path, make: str) -> None:
    path = tmp_path / "settings.toml"
    match make:
        case "folder":
            path.mkdir()
        case "bytes":
            path.write_bytes(b'# ok\n# \xff\ntheme = "a"\n')
        case _:
            path.write_text("#" * 1_100_000)
    settings = load_settings({"OAI_TUI_CONFIG": str(path)})
    (line,) = describe_problems(settings)
    assert line.startswith(str(path))
    assert make != "bytes" or "line 2, column 3" in line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'theme = "new"\n'),
        ('theme = "old"  # why\n', 'theme = "new"  # why\n'),
        ("theme='old'", 'theme = "new"\n'),
        ('"theme" = "old"\ncolor = "auto"\n', '"theme" = "new"\ncolor = "auto"\n'),
        (
            '# top\ncolor = "auto"\n\n[keymap]\n',
            '# top\ncolor = "auto"\ntheme = "new"\n\n[keymap]\n',
        ),
        ('[keymap]\ntheme = "x"\n', 'theme = "new"\n[keymap]\ntheme = "x"\n'),
        ('color = "auto"\r\n', 'color = "auto"\r\ntheme = "new"\r\n'),
        ('\ufefftheme = "old"\n', '\ufefftheme = "new"\n'),
        ("\ufeff[keymap]\n", '\ufefftheme = "new"\n[keymap]\n'),
        (
            'odd = """\ntheme = "old"\n"""\n',
            'odd = """\ntheme = "old"\n"""\ntheme = "new"\n',
        ),
        ("# only words\n", '# only words\ntheme = "new"\n'),
    ],
)
def test_a_setting_is_changed_and_the_rest_is_kept(before: str, after: str) -> None:
    changed = with_setting(before, "theme", "new")
    # Blanks around the sign stay as they were.
    assert changed.rstrip("\n").replace("theme=", "theme = ") == after.rstrip("\n")


def test_what_cannot_be_changed_safely_is_left_alone() -> None:
    with pytest.raises(SettingsError, match="editor"):
        with_setting('theme = """a\nb"""\n', "theme", "new")
    with pytest.raises(SettingsSyntaxError):
        with_setting("theme = \n", "theme", "new")


def test_saving_creates_the_folder_and_keeps_permissions_and_links(tmp_path: Path) -> None:
    path = tmp_path / "a" / "settings.toml"
    save_setting(path, "rotation_days", 60)
    assert path.read_text() == "rotation_days = 60\n"
    os.chmod(path, 0o644)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    save_setting(link, "theme", "oai-day")
    assert link.is_symlink()
    assert path.read_text() == 'rotation_days = 60\ntheme = "oai-day"\n'
    assert path.stat().st_mode & 0o777 == 0o644


def test_saving_into_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("theme = \n")
    with pytest.raises(SettingsError, match="line 1, column 9"):
        save_setting(path, "theme", "oai-day")
    assert path.read_text() == "theme = \n"


def test_saving_where_nothing_may_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        save_setting(tmp_path / "file" / "settings.toml", "theme", "oai-day")


@pytest.mark.parametrize(
    ("env", "setting", "has_color", "wanted"),
    [
        ({}, "auto", True, True),
        ({}, "auto", False, False),
        ({}, "never", True, False),
        ({}, "always", False, True),
        ({"NO_COLOR": "1"}, "always", True, False),
        ({"NO_COLOR": ""}, "auto", True, True),
        ({"FORCE_COLOR": "1"}, "never", False, True),
        ({"FORCE_COLOR": "0"}, "always", True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", True, False),
    ],
)
def test_colour(env: dict[str, str], setting: str, has_color: bool, wanted: bool) -> None:
    assert wants_color(env, setting, terminal_has_color=has_color) is wanted  # type: ignore[arg-type]
