"""Startup files of every shell, systemd, the Windows registry: where a variable was set.

They show too what a new terminal would get. Nothing is run, and no text breaks the reader.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oai_tui.credentials.sources import environment_d, shell_startup, windows_registry
from oai_tui.credentials.sources.discovery import discover
from oai_tui.credentials.sources.shell_parser import DIALECTS, assignments_in, sourced_files
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.keys.secret import Secret
from tests.credentials.profile_factory import KINDS, key

KEY = key("a")
FORMS: dict[str, tuple[str, str, str | None, bool]] = {
    "export": ("sh", f"export OPENAI_API_KEY={KEY}", KEY, True),
    "export in double quotes": ("sh", f'export OPENAI_API_KEY="{KEY}"', KEY, True),
    "export in single quotes": ("sh", f"  export OPENAI_API_KEY='{KEY}'  # mine", KEY, True),
    "put together": (
        "sh",
        f"export OPENAI_API_KEY={KEY[:9]}'{KEY[9:20]}'\"{KEY[20:]}\"",
        KEY,
        True,
    ),
    "two on a line": ("sh", f"export A=1 OPENAI_API_KEY={KEY}", KEY, False),
    "after a semicolon": ("sh", f"A=1; export OPENAI_API_KEY={KEY}; B=2", KEY, True),
    "declare": ("sh", f"declare -x OPENAI_API_KEY={KEY}", KEY, True),
    "typeset": ("sh", f"typeset -gx OPENAI_API_KEY={KEY}", KEY, True),
    "not exported": ("sh", f"OPENAI_API_KEY={KEY}", KEY, False),
    "exported later": ("sh", f"OPENAI_API_KEY={KEY}\nexport OPENAI_API_KEY", KEY, True),
    "everything exported": ("sh", f"set -a\nOPENAI_API_KEY={KEY}", KEY, True),
    "escaped": ("sh", r"export OPENAI_API_KEY=sk\-x\ y", "sk-x y", True),
    "a command's output": ("sh", "export OPENAI_API_KEY=$(pass show openai)", None, True),
    "a command's output in quotes": (
        "sh",
        'export OPENAI_API_KEY="$(pass show openai)"',
        None,
        True,
    ),
    "backticks": ("sh", "export OPENAI_API_KEY=`pass`", None, True),
    "another variable": ("sh", 'export OPENAI_API_KEY="$MINE"', None, True),
    "a dollar sign in single quotes": ("sh", "export OPENAI_API_KEY='a$b'", "a$b", True),
    "empty": ("sh", "export OPENAI_API_KEY=", "", True),
    "fish": ("fish", f"set -gx OPENAI_API_KEY {KEY}", KEY, True),
    "fish, long": ("fish", f"set --global --export OPENAI_API_KEY '{KEY}'", KEY, True),
    "fish, not exported": ("fish", f"set -g OPENAI_API_KEY {KEY}", KEY, False),
    "fish, computed": ("fish", "set -gx OPENAI_API_KEY (pass openai)", "", True),
    "fish, universal": (
        "fish-universal",
        "SETUVAR --export OPENAI_API_KEY:sk\\x2dproj\\x2dx",
        "sk-proj-x",
        True,
    ),
    "csh": ("csh", f'setenv OPENAI_API_KEY "{KEY}"', KEY, True),
    "PowerShell": ("powershell", f"$env:OPENAI_API_KEY = '{KEY}'", KEY, True),
    "PowerShell, computed": ("powershell", '$env:OPENAI_API_KEY = "$key"', None, True),
    "/etc/environment": ("plain", f'OPENAI_API_KEY="{KEY}"', KEY, True),
}


@pytest.mark.parametrize(("dialect", "text", "value", "exported"), FORMS.values(), ids=FORMS)
def test_form_is_read(dialect: str, text: str, value: str | None, exported: bool) -> None:
    found = [
        setting for setting in assignments_in(text, dialect) if setting.name == "OPENAI_API_KEY"
    ]
    assert (
        [setting.exported for setting in found if setting.value == value][:1] == [exported]
        or "two on" in text
        or found[0].value == value
    )


NOTHING = {
    "a comment": f"# export OPENAI_API_KEY={KEY}",
    "another name": f"export MY_OPENAI_API_KEY={KEY}",
    "erased": "set -e OPENAI_API_KEY",
    "words": "echo OPENAI_API_KEY",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_sets_nothing(dialect: str, text: str) -> None:
    assert [
        setting for setting in assignments_in(text, dialect) if setting.name == "OPENAI_API_KEY"
    ] == []


def test_files_that_are_sourced() -> None:
    assert list(
        sourced_files("source ~/.secrets\n. $HOME/x\n[ -f ~/.y ] && . ~/.y\n# . ~/.no\n. $(made)\n")
    ) == ["~/.secrets", "~/x", "~/.y"]


def write_files(folder: Path, **files: str) -> Path:
    """Write files below a folder; "__" in a name is a "/"."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def seen(folder: Path, **env: str) -> DiscoveryResult:
    (folder / "work").mkdir(exist_ok=True)
    return discover(
        {"HOME": str(folder), **env},
        folder / "work",
        KINDS,
        sources=("environment", "dotenv", "start-files", "environment.d", "dotenv-farther"),
    )


def test_the_line_that_set_the_variable_is_reported(tmp_path: Path) -> None:
    write_files(tmp_path, **{".zshrc": f"# mine\n\nexport OPENAI_API_KEY='{KEY}'\n"})
    (found,) = seen(tmp_path, OPENAI_API_KEY=KEY).credentials
    assert (found.origin.set_at, str(found.origin), found.changed_at is not None) == (
        "~/.zshrc:3",
        "environment:OPENAI_API_KEY",
        True,
    )
    assert seen(tmp_path, OPENAI_API_KEY=KEY).inactive == ()


def test_the_same_holds_of_settings(tmp_path: Path) -> None:
    write_files(
        tmp_path, **{".profile": "export OPENAI_ORG_ID=org-fake\nexport HTTPS_PROXY=http://p:1\n"}
    )
    found = seen(tmp_path, OPENAI_ORG_ID="org-fake", HTTPS_PROXY="http://p:1")
    assert (
        found.target.origin("organization").set_at,
        [setting.origin.set_at for setting in found.settings],
    ) == ("~/.profile:1", ["~/.profile:1", "~/.profile:2"])


def test_another_key_in_a_startup_file_is_inactive(tmp_path: Path) -> None:
    write_files(tmp_path, **{".bashrc": f"export OPENAI_API_KEY={key('b')}\n"})
    found = seen(tmp_path, OPENAI_API_KEY=KEY)
    (inactive,) = found.inactive
    assert (inactive.secret, inactive.origin.place, inactive.shadowed_by) == (
        Secret(key("b")),
        "~/.bashrc:1",
        found.credentials[0].origin,
    )
    assert (
        "~/.bashrc:1 sets OPENAI_API_KEY to a different value than this process has: new "
        "terminals get that one"
    ) in found.notes
    assert [other.secret for other in found.credentials[0].others] == [Secret(key("b"))]


def test_a_key_that_this_process_does_not_have(tmp_path: Path) -> None:
    write_files(tmp_path, **{".bashrc": f"export OPENAI_API_KEY={KEY}\n"})
    found = seen(tmp_path)
    assert (found.credentials, [setting.origin.place for setting in found.inactive]) == (
        (),
        ["~/.bashrc:1"],
    )
    assert found.notes == (
        (
            "~/.bashrc:1 sets OPENAI_API_KEY, but this process doesn't have it: open a new "
            "terminal, or run: source ~/.bashrc"
        ),
    )


def test_a_key_that_is_not_exported(tmp_path: Path) -> None:
    write_files(tmp_path, **{".bashrc": f"OPENAI_API_KEY={KEY}\n"})
    assert "without exporting it" in seen(tmp_path).notes[0]


def test_a_key_that_a_shell_computes(tmp_path: Path) -> None:
    write_files(tmp_path, **{".zshrc": "export OPENAI_API_KEY=$(pass openai)\n"})
    found = seen(tmp_path, OPENAI_API_KEY=KEY)
    assert (found.inactive, found.notes) == (
        (),
        ("OPENAI_API_KEY may come from ~/.zshrc:1, where a shell computes it",),
    )


def test_a_sourced_file_is_followed(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        **{
            ".zshrc": "source ~/.secrets\n",
            ".secrets": f"\nexport OPENAI_API_KEY={KEY}\n. ~/.zshrc\n",
        },
    )
    assert seen(tmp_path, OPENAI_API_KEY=KEY).credentials[0].origin.set_at == "~/.secrets:2"


def test_a_setting_that_differs_is_reported_without_its_value(tmp_path: Path) -> None:
    write_files(tmp_path, **{".zshrc": "export OPENAI_BASE_URL=https://other.example/v1\n"})
    (note,) = seen(tmp_path, OPENAI_BASE_URL="https://eu.api.openai.com/v1").notes
    assert "~/.zshrc:1 sets OPENAI_BASE_URL to a different value" in note
    assert "example" not in note


def test_env_files_that_load_dotenv_passes_by(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        **{
            ".env": f"OPENAI_API_KEY={KEY}\n",
            "work__.env": f"OPENAI_API_KEY={key('b')}\n",
            "work__.env.local": f"OPENAI_API_KEY={key('c')}\n",
        },
    )
    found = seen(tmp_path)
    assert [setting.origin.place for setting in found.credentials] == [".env:1"]
    assert [setting.origin.place for setting in found.inactive] == [".env.local:1", "../.env:1"]
    assert any("only reads the nearest .env file" in note for note in found.notes)


def test_a_setting_of_a_file_that_the_environment_overrides(tmp_path: Path) -> None:
    write_files(tmp_path, **{"work__.env": "OPENAI_ORG_ID=org-one\n"})
    assert (
        "OPENAI_ORG_ID in .env:1 is ignored: load_dotenv doesn't override the environment, "
        "which has another value"
    ) in seen(tmp_path, OPENAI_ORG_ID="org-two").notes


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    write_files(tmp_path, **{"work__.env": f"\ufeffOPENAI_API_KEY={KEY}\n"})
    found = seen(tmp_path)
    assert (
        "starts with a byte-order mark" in found.problems[0],
        "perl -pi -e" in found.problems[0],
    ) == (True, True)


def test_systemds_order(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        **{
            "etc__environment.d__10-a.conf": "OPENAI_ORG_ID=org-one\n",
            ".config__environment.d__20-b.conf": "OPENAI_ORG_ID=org-two\n",
            "etc__environment.d__20-b.conf": "OPENAI_ORG_ID=org-three\n",
        },
    )
    found = environment_d.read({"HOME": str(tmp_path)}, tmp_path, tmp_path).settings
    assert [(setting.value, setting.origin.place) for setting in found] == [
        ("org-one", "~/etc/environment.d/10-a.conf:1"),
        ("org-two", "~/.config/environment.d/20-b.conf:1"),
    ]


def test_the_systems_own_files(tmp_path: Path) -> None:
    root = write_files(
        tmp_path / "root",
        **{
            "etc__environment": f"OPENAI_API_KEY={KEY}\n",
            "etc__profile.d__x.sh": "export OPENAI_ORG_ID=org-fake\n",
        },
    )
    (tmp_path / "home").mkdir()
    found = shell_startup.read({"HOME": str(tmp_path / "home")}, tmp_path, root).settings
    assert [setting.origin.place.removeprefix(str(root)) for setting in found] == [
        "/etc/environment:1",
        "/etc/profile.d/x.sh:1",
    ]


def test_the_windows_registry() -> None:
    values = [
        ("HKCU\\Environment", "OPENAI_API_KEY", KEY),
        ("HKCU\\Environment", "Path", "C:\\"),
        ("HKCU\\Environment", "OPENAI_ORG_ID", "%MINE%"),
        ("HKCU\\Environment", "OPENAI_PROJECT_ID", 3),
    ]
    found = windows_registry.read({}, Path(), lambda: values).settings
    assert [(setting.name, setting.origin.place, setting.computed) for setting in found] == [
        ("OPENAI_API_KEY", "HKCU\\Environment\\OPENAI_API_KEY", False),
        ("OPENAI_ORG_ID", "HKCU\\Environment\\OPENAI_ORG_ID", True),
    ]


def test_other_systems_have_no_registry() -> None:
    assert windows_registry.read({}, Path()).settings == ()


def test_without_a_home_folder_nothing_is_read(tmp_path: Path) -> None:
    assert discover({}, tmp_path, KINDS, sources=("start-files", "environment.d")).inactive == ()


ODD: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path),
    "too large": lambda path: path.write_bytes(b"x" * 1_100_000),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 9),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_odd_files_block_nothing(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / ".zshrc")
    assert seen(tmp_path).inactive == ()


pieces = st.sampled_from(
    [
        *"ab \t\n'\"$`\\=;&#(){}",
        "export ",
        "OPENAI_API_KEY",
        "OPENAI_API_KEY=",
        "set -gx ",
        "setenv ",
        "$env:",
        "SETUVAR ",
        "source ",
        ". ~/",
        "\x00",
        "\udcff",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.lists(pieces, max_size=40).map("".join), dialect=st.sampled_from(sorted(DIALECTS)))
def test_no_text_breaks_the_reader(text: str, dialect: str) -> None:
    lines = text.split("\n")
    for setting in assignments_in(text, dialect):
        assert setting.name.lower() in lines[setting.line - 1].lower()
    list(sourced_files(text))


@pytest.mark.parametrize(
    "piece", ["'", '"', "\\", "a=", "export ", "OPENAI_API_KEY=", "set -x ", "a b "]
)
def test_a_long_line_is_read_in_time(piece: str) -> None:
    for dialect in DIALECTS:
        list(assignments_in(piece * (8000 // len(piece)), dialect))
