"""Folders come from the environment that is passed in; paths and errors are worded for people."""

import sys
from pathlib import Path

import pytest

from oai_tui.system.paths import (
    config_folder,
    data_folder,
    display_path,
    error_reason,
    folder_and_parents,
    home_folder,
)

HOME = Path("/home/me")
SHOWN = {
    "below the home folder": (HOME / ".zshrc", "~/.zshrc"),
    "the home folder itself": (HOME, "/home/me"),
    "another home folder": (Path("/home/me2/x"), "/home/me2/x"),
    "elsewhere": (Path("/etc/environment"), "/etc/environment"),
}


@pytest.mark.parametrize(("path", "shown"), SHOWN.values(), ids=SHOWN)
def test_the_home_folder_is_written_as_a_tilde(path: Path, shown: str) -> None:
    assert display_path(path, HOME) == shown
    assert display_path(path, None) == path.as_posix()


def test_the_home_folder_is_the_first_absolute_one() -> None:
    assert home_folder({"HOME": "/home/me", "USERPROFILE": "/other"}) == HOME
    assert home_folder({"USERPROFILE": "/other"}) == Path("/other")
    assert home_folder({"HOME": "me"}) is None
    assert home_folder({}) is None


@pytest.mark.parametrize(
    ("platform", "env", "folder"),
    [
        ("linux", {"HOME": "/home/me"}, "/home/me/.local/share/oai-tui"),
        ("linux", {"HOME": "/home/me", "XDG_DATA_HOME": "/data"}, "/data/oai-tui"),
        ("darwin", {"HOME": "/home/me"}, "/home/me/Library/Application Support/oai-tui"),
        ("win32", {"HOME": "/home/me"}, "/home/me/AppData/Local/oai-tui"),
        ("win32", {"HOME": "/home/me", "LOCALAPPDATA": "/local"}, "/local/oai-tui"),
        ("linux", {"HOME": "/home/me", "XDG_DATA_HOME": "data"}, "/home/me/.local/share/oai-tui"),
        ("linux", {"HOME": "me", "XDG_DATA_HOME": "/data"}, "/data/oai-tui"),
    ],
)
def test_the_folder_of_data(platform: str, env: dict[str, str], folder: str) -> None:
    assert data_folder(env, platform) == Path(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="XDG")
def test_the_folder_of_settings() -> None:
    assert config_folder({"HOME": "/home/me"}, "linux") == HOME / ".config" / "oai-tui"
    on_mac = HOME / "Library" / "Application Support" / "oai-tui"
    assert config_folder({"HOME": "/home/me"}, "darwin") == on_mac
    assert config_folder({"APPDATA": "/roaming"}, "win32") == Path("/roaming/oai-tui")
    assert config_folder({"HOME": "/home/me", "XDG_CONFIG_HOME": "/c"}) == Path("/c/oai-tui")
    assert config_folder({"XDG_CONFIG_HOME": "relative"}) is None
    assert config_folder({}) is None


def test_folders_above_end_at_the_limit() -> None:
    assert folder_and_parents(Path("/a/b/c"), 2) == (Path("/a/b/c"), Path("/a/b"))


def test_an_error_is_worded_without_its_path() -> None:
    assert error_reason(PermissionError(13, "Permission denied", "/x")) == "permission denied"
    assert error_reason(OSError("whatever")) == "the system denied access"
