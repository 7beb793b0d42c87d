"""`keys` lists every key found, masked, and sends nothing."""

from pathlib import Path

import pytest

from tests.commands.cli_runner import GOOD_KEY, run_cli
from tests.credentials.profile_factory import key

QUIET = ["keys", "--no-profiles"]


def _home(folder: Path) -> Path:
    (folder / ".zshrc").write_text(f"export OPENAI_API_KEY={GOOD_KEY}\n")
    (folder / ".bashrc").write_text(f"export OPENAI_API_KEY={key('d')}\n")
    (folder / ".env").write_text(f"OPENAI_API_KEY={key('e')}\n")
    (folder / ".codex").mkdir()
    (folder / ".codex/auth.json").write_text(f'{{"OPENAI_API_KEY": "{key("f")}"}}')
    return folder


def test_all_keys_are_listed(tmp_path: Path) -> None:
    done = run_cli(
        [*QUIET, "--json", "--program", "codex"], _home(tmp_path), {"OPENAI_API_KEY": GOOD_KEY}
    )
    found = {each["origin"]: each for each in done.document["keys"]}
    assert set(found) == {
        "environment:OPENAI_API_KEY",
        "dotenv:.env:1",
        "startup:~/.bashrc:1",
        "program:~/.codex/auth.json",
    }
    first = found["environment:OPENAI_API_KEY"]
    assert first["set_at"] == "~/.zshrc:1"
    assert first["shadows"] == ["dotenv:.env:1"]
    assert first["in_force"] is True
    assert found["dotenv:.env:1"]["shadowed_by"] == "environment:OPENAI_API_KEY"
    assert all(each["changed_at"] for each in found.values())


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_no_key_is_shown(tmp_path: Path, arguments: list[str]) -> None:
    done = run_cli(
        [*QUIET, *arguments, "--program", "codex", "--program", "llm"],
        _home(tmp_path),
        {"OPENAI_API_KEY": f" {GOOD_KEY}\u200b"},
    )
    assert done.code == 0
    assert not [letter for letter in "abdef" if letter * 12 in done.out + done.err]


def test_the_page_shows_who_wins_and_what_is_wrong(tmp_path: Path) -> None:
    done = run_cli(
        QUIET, _home(tmp_path), {"OPENAI_API_KEY": f"{GOOD_KEY}\u200b", "OPENAI_ORG_ID": "org-fake"}
    )
    for part in (
        "used by the SDK here",
        "overrides .env:1",
        "overridden by environment",
        "‹U+200B zero-width›",
        "OPENAI_ORG_ID",
    ):
        assert part in done.out
    assert "…ffff" not in done.out


def test_nothing_at_all(tmp_path: Path) -> None:
    assert run_cli(QUIET, tmp_path).out == "no keys found\n"


def test_a_keyring_that_fails_is_named_and_stops_nothing(tmp_path: Path) -> None:
    done = run_cli(
        ["keys"], _home(tmp_path), {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    )
    assert done.code == 0
    assert "…dddd" in done.out
    assert "unset PYTHON_KEYRING_BACKEND" in done.err
