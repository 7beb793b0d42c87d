"""Each defect of a key has advice, and the command in it repairs the value where it is kept."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from oai_tui.credentials.sources.discovery import discover
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Origin
from oai_tui.knowledge.key_repairs import REPAIRS, Repair, advice_for
from oai_tui.knowledge.key_shapes import KEY_KINDS
from tests.domain.keys.damaged_keys import DIRTY, HOPELESS, KEY

VARIABLE = Origin(kind="environment", name="OPENAI_API_KEY")
MAX_ROUNDS = 6
"""A key with several defects needs several repairs, one after the other."""
NO_COMMAND = {"look-alike"}
"""Defects for which the advice is to copy the key again."""


def _ids(text: str) -> list[str]:
    return [defect.id for defect in Secret(text).defects]


@pytest.mark.parametrize(
    "text",
    [text for text, _ in (*DIRTY.values(), *HOPELESS.values()) if text.strip()],
    ids=[name for name, (text, _) in (*DIRTY.items(), *HOPELESS.items()) if text.strip()],
)
def test_advice_says_how_the_defect_comes_about(text: str) -> None:
    advice = advice_for(_ids(text), VARIABLE)
    assert advice is not None
    assert advice.how.endswith(".")


def test_a_sound_key_needs_no_advice() -> None:
    assert advice_for(_ids(KEY), VARIABLE) is None


SHELL = {
    name: text
    for name, (text, _) in DIRTY.items()
    if "\0" not in text and not set(_ids(text)) & NO_COMMAND
}


@pytest.mark.parametrize("text", SHELL.values(), ids=SHELL)
def test_command_repairs_the_variable(text: str, tmp_path: Path) -> None:
    _needs("perl", "jq", "bash")
    for _ in range(MAX_ROUNDS):
        advice = advice_for(_ids(text), VARIABLE)
        if advice is None:
            break
        assert KEY[:20] not in advice.command
        done = subprocess.run(
            ["bash", "-c", f'{advice.command}\nprintf %s "$OPENAI_API_KEY"'],
            env={
                b"PATH": os.environb[b"PATH"],
                b"LANG": b"C.UTF-8",
                b"OPENAI_API_KEY": text.encode("utf-8", "surrogateescape"),
            },
            cwd=tmp_path,
            capture_output=True,
            timeout=30,
            check=True,
        )
        text = done.stdout.decode("utf-8", "surrogateescape")
    assert Secret(text) == Secret(KEY)


def _read(folder: Path) -> Credential | None:
    credentials = discover({}, folder, KEY_KINDS, sources=("dotenv",)).credentials
    return credentials[0] if credentials else None


def _file_cases() -> dict[str, str]:
    skipped = NO_COMMAND | {"json", "newline", "carriage-return", "utf-16", "escape-sequence"}
    return {
        name: text
        for name, (text, _) in DIRTY.items()
        if name != "line of JSON"
        and not set(_ids(text)) & skipped
        and not set(text) & set("\0\udcff")
    }


@pytest.mark.parametrize("text", _file_cases().values(), ids=_file_cases())
def test_command_repairs_the_line_of_the_file(text: str, tmp_path: Path) -> None:
    _needs("perl", "bash")
    file = tmp_path / ".env"
    file.write_text(f"# mine\nOTHER=<1>\nOPENAI_API_KEY={text}\nLAST=2\n", "utf-8")
    for _ in range(MAX_ROUNDS):
        credential = _read(tmp_path)
        assert credential is not None
        advice = advice_for([defect.id for defect in credential.defects], credential.origin)
        if advice is None:
            break
        subprocess.run(
            ["bash", "-c", advice.command],
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            cwd=tmp_path,
            timeout=30,
            check=True,
        )
    repaired = _read(tmp_path)
    assert repaired is not None
    assert repaired.secret == Secret(KEY)
    assert file.read_text("utf-8").splitlines()[:2] == ["# mine", "OTHER=<1>"]
    assert file.read_text("utf-8").splitlines()[-1] == "LAST=2"


def test_windows_line_ends_go_from_the_file(tmp_path: Path) -> None:
    _needs("perl", "bash")
    (tmp_path / ".env").write_bytes(f"A=1\r\nOPENAI_API_KEY={KEY}\r\n".encode())
    advice = advice_for(
        ["carriage-return"], Origin(kind="environment", name="OPENAI_API_KEY", set_at=".env:2")
    )
    assert advice is not None
    subprocess.run(["bash", "-c", advice.command], cwd=tmp_path, timeout=30, check=True)
    assert (tmp_path / ".env").read_bytes() == f"A=1\nOPENAI_API_KEY={KEY}\n".encode()


@pytest.mark.parametrize("row", REPAIRS, ids=lambda row: row.defects[0])
def test_a_profile_is_repaired_by_asking_for_its_key(row: Repair) -> None:
    advice = advice_for(row.defects, Origin(kind="keyring", name="work"))
    assert advice is not None
    assert advice.command == "oai-tui profiles rotate work"


def test_a_hostile_file_name_stays_one_word() -> None:
    advice = advice_for(
        ["space"], Origin(kind="dotenv", name="OPENAI_API_KEY", place="a b; id/.env:3")
    )
    assert advice is not None
    assert advice.command.endswith("'a b; id/.env'")


def _needs(*tools: str) -> None:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        reason = f"needs {', '.join(missing)}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
