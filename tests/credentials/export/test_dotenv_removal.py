"""A key is removed from a .env file: its statements and not one byte more, or nothing."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.credentials.export.dotenv_removal import apply_removal, find_removal
from oai_tui.domain.errors import RemovalError
from oai_tui.domain.keys.secret import Secret
from tests.credentials.profile_factory import key

KEY = key("a")


def after(folder: Path, text: str, *, secret: str = KEY) -> tuple[str, tuple[int, ...]]:
    """The file after the removal, and the lines that were removed."""
    path = folder / ".env"
    path.write_bytes(text.encode())
    removal = find_removal(path, Secret(secret), {})
    apply_removal(removal)
    return path.read_bytes().decode(), removal.lines


CASES = {
    "the only line": (f"OPENAI_API_KEY={KEY}\n", "", (1,)),
    "no newline at the end": (f"A=1\nOPENAI_API_KEY={KEY}", "A=1\n", (2,)),
    "windows newlines": (f"A=1\r\nOPENAI_API_KEY={KEY}\r\nB=2\r\n", "A=1\r\nB=2\r\n", (2,)),
    "exported, quoted, with a comment": (
        f"A=1\n  export OPENAI_API_KEY = '{KEY}' # mine\nB=2\n",
        "A=1\nB=2\n",
        (2,),
    ),
    "blank lines around": (f"A=1\n\n\nOPENAI_API_KEY={KEY}\n\nB=2\n", "A=1\n\n\n\nB=2\n", (4,)),
    "twice": (f"OPENAI_API_KEY={KEY}\nA=1\nOPENAI_ADMIN_KEY={KEY}\n", "A=1\n", (1, 3)),
    "another key before it": (
        f"OPENAI_API_KEY={key('b')}\nOPENAI_API_KEY={KEY}\n",
        f"OPENAI_API_KEY={key('b')}\n",
        (2,),
    ),
    "odd lines stay": (
        f"# ü\n???\nA=' x '\nOPENAI_API_KEY={KEY}\n\tB = 2 \n",
        "# ü\n???\nA=' x '\n\tB = 2 \n",
        (4,),
    ),
    "a multi-line value before": (f'A="x\ny"\nOPENAI_API_KEY={KEY}\n', 'A="x\ny"\n', (3,)),
    "by reference": (f"SECRET={KEY}\nOPENAI_API_KEY=${{SECRET}}\n", f"SECRET={KEY}\n", (2,)),
    "not there": ("A=1\n", "A=1\n", ()),
}


@pytest.mark.parametrize(("text", "left", "lines"), CASES.values(), ids=CASES)
def test_statement_goes_and_the_rest_stays(
    text: str, left: str, lines: tuple[int, ...], tmp_path: Path
) -> None:
    assert after(tmp_path, text) == (left, lines)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_other_byte_is_touched(before: str, behind: str) -> None:
    """The text is a sequence of statements, and those that do not set the key stay."""
    from oai_tui.credentials.export.dotenv_removal import _without

    text = f"{before}\nX=1\nOPENAI_API_KEY={KEY}\n{behind}"
    left, lines = _without(text, Secret(KEY), {})
    assert (left == text) if not lines else (left == f"{before}\nX=1\n{behind}")


def test_what_still_has_the_key_is_reported(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"OPENAI_API_KEY={KEY}\n# OPENAI_API_KEY={KEY}\nMY_KEY={KEY}\n")
    assert find_removal(path, Secret(KEY), {}).left == (1, 2)


def test_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"OPENAI_API_KEY={KEY}\n")
    path.chmod(0o640)
    apply_removal(find_removal(path, Secret(KEY), {}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(f"OPENAI_API_KEY={KEY}\nA=1\n")
    (tmp_path / ".env").symlink_to("real")
    apply_removal(find_removal(tmp_path / ".env", Secret(KEY), {}))
    assert ((tmp_path / ".env").is_symlink(), (tmp_path / "real").read_text()) == (True, "A=1\n")


def test_file_that_was_changed_meanwhile_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"OPENAI_API_KEY={KEY}\n")
    removal = find_removal(path, Secret(KEY), {})
    path.write_text(f"OPENAI_API_KEY={KEY}\nB=2\n")
    with pytest.raises(RemovalError, match="changed"):
        apply_removal(removal)
    assert path.read_text().endswith("B=2\n")


def test_no_half_written_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"OPENAI_API_KEY={KEY}\n")
    apply_removal(find_removal(path, Secret(KEY), {}))
    assert os.listdir(tmp_path) == [".env"]


@pytest.mark.parametrize(
    ("raw", "words"), [(b"\xff\xfe", "not UTF-8"), (b"x" * 1_000_001, "larger than 1 MB")]
)
def test_file_that_cannot_be_read_as_text(raw: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(raw)
    with pytest.raises(RemovalError, match=words):
        find_removal(tmp_path / ".env", Secret(KEY), {})


def test_removal_does_not_show_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={KEY}\n")
    assert KEY[8:20] not in repr(find_removal(tmp_path / ".env", Secret(KEY), {}))
