"""A file is replaced whole or not at all, and nothing is left behind."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.system.atomic_write import atomic_write, remove_leftovers, replace_or_overwrite


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    atomic_write(tmp_path / "new", b"text")
    assert (tmp_path / "new").read_bytes() == b"text"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["new"]


def test_mode_and_owner_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"before")
    path.chmod(0o644)
    before = path.stat()
    atomic_write(path, b"after", mode=0o644, keep_owner=True)
    after = path.stat()
    assert path.read_bytes() == b"after"
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"before")
    (tmp_path / "link").symlink_to("real")
    atomic_write(tmp_path / "link", b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"after"


def test_what_cannot_be_written_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        replace_or_overwrite(tmp_path / "no" / "file", b"text")


def test_a_file_that_cannot_be_replaced_is_overwritten_whole(tmp_path: Path) -> None:
    """A mount of its own cannot be replaced, as a file that a container mounts."""
    unshare = shutil.which("unshare")
    script = (
        'mount --bind "$1" "$2" && exec "$0" -c "import sys, pathlib; '
        "from oai_tui.system.atomic_write import replace_or_overwrite; "
        'replace_or_overwrite(pathlib.Path(sys.argv[1]), b\'new\')" "$2"'
    )
    source, goal = tmp_path / "source", tmp_path / "goal"
    source.write_text("old and longer")
    goal.touch()
    if unshare is None or subprocess.run([unshare, "-m", "true"], capture_output=True).returncode:
        pytest.skip("this user may not mount")
    command = [unshare, "-m", "sh", "-c", script, sys.executable, str(source), str(goal)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, source.read_text()) == ("", "new")


def test_a_folder_in_its_place_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        atomic_write(tmp_path / "taken", b"text")
    assert os.listdir(tmp_path) == ["taken"]


def test_the_longest_name_that_a_file_can_have(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 127)
    atomic_write(path, b"text")
    assert path.read_bytes() == b"text"


def test_leftovers_of_a_killed_writer_are_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in ("file", ".file.abc.new", ".other.abc.new", ".file.abc"):
        (tmp_path / name).write_text("x")
    remove_leftovers(tmp_path / "file")
    assert sorted(os.listdir(tmp_path)) == [".file.abc", ".other.abc.new", "file"]
