"""The file of a saved report: its format, errors that say what to do, its permissions."""

import os
import stat
from pathlib import Path

import pytest

from oai_tui.tui.report_file import SaveError, chosen_path, proposed_name, write_report
from tests.tui.fakes import NOW


def test_the_proposed_name_has_the_time() -> None:
    assert proposed_name(NOW) == "oai-tui-20261123-0800.md"


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.md", "markdown"), ("a.MD", "markdown"), ("a.json", "json"), (" a.txt ", "text")],
)
def test_the_ending_chooses_the_format(name: str, format: str, tmp_path: Path) -> None:
    path, chosen = chosen_path(str(tmp_path / name.strip()))
    assert (path.parent, chosen) == (tmp_path, format)


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert chosen_path("~/a.md")[0] == tmp_path / "a.md"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Type a file name"),
        ("report", "must end in .md"),
        ("report.pdf", "must end in .md"),
        ("missing/report.md", "doesn't exist"),
        ("a\0.md", "character"),
    ],
)
def test_a_name_that_cannot_be_used_says_why(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SaveError, match=words):
        chosen_path(name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    with pytest.raises(SaveError, match="not a regular file"):
        chosen_path(str(tmp_path / "a.md"))


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = write_report(tmp_path / "a.md", "# x …\n", replace=False)
    assert path.read_text("utf-8") == "# x …\n"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_is_replaced_only_when_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_report(path, "new", replace=False)
    assert path.read_text() == "mine"
    write_report(path, "new", replace=True)
    assert path.read_text() == "new"


def test_a_link_that_points_nowhere_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_report(path, "new", replace=False)


def test_a_failed_write_says_why_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 300 + ".md")
    with pytest.raises(SaveError, match="was not saved: file name too long"):
        write_report(path, "new", replace=True)
    assert list(tmp_path.iterdir()) == []
