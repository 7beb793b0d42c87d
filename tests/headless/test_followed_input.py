"""The inputs of `explain --follow`: files that grow and are rotated, and pipes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.headless.followed_input import FollowedFile, FollowedPipe, LogEvent

WAIT_S = 60.0
"""Seconds that a test waits for a pipe at most."""


def read_until_quiet(log: FollowedFile) -> list[bytes | LogEvent]:
    """Return what a log gives until it has nothing more; bytes in a row are joined."""
    seen: list[bytes | LogEvent] = []
    while (event := log.poll(0)) is not LogEvent.NOTHING:
        if seen and isinstance(event, bytes) and isinstance(seen[-1], bytes):
            seen[-1] += event
        else:
            seen.append(event)
    return seen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(b"one\n")
    return path


@pytest.fixture
def log(path: Path) -> Iterator[FollowedFile]:
    followed = FollowedFile(str(path), wait=lambda seconds: None)
    yield followed
    followed.close()


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_a_file_is_read_from_its_beginning_and_then_as_it_grows(
    path: Path, log: FollowedFile
) -> None:
    assert read_until_quiet(log) == [b"one\n"]
    append(path, b"two\nthr")
    append(path, b"ee\n")
    assert read_until_quiet(log) == [b"two\nthree\n"]


def rename_and_create(path: Path) -> None:
    path.rename(path.with_suffix(".1"))
    path.write_bytes(b"new\n")


def copy_and_truncate(path: Path) -> None:
    os.truncate(path, 0)
    append(path, b"new\n")


def truncate_and_write_more_than_before(path: Path) -> None:
    os.truncate(path, 0)
    append(path, b"new\n" * 50)


@pytest.mark.parametrize(
    ("rotate", "content"),
    [
        (rename_and_create, b"new\n"),
        (copy_and_truncate, b"new\n"),
        (truncate_and_write_more_than_before, b"new\n" * 50),
    ],
)
def test_a_rotation_is_followed(
    rotate: Callable[[Path], None], content: bytes, path: Path, log: FollowedFile
) -> None:
    read_until_quiet(log)
    rotate(path)
    assert read_until_quiet(log) == [LogEvent.NEW_FILE, content]


def test_what_was_written_before_the_file_was_renamed_is_read(
    path: Path, log: FollowedFile
) -> None:
    read_until_quiet(log)
    append(path, b"last\n")
    rename_and_create(path)
    assert read_until_quiet(log) == [b"last\n", LogEvent.NEW_FILE, b"new\n"]


def test_a_file_that_is_gone_for_a_while_is_read_when_it_is_back(
    path: Path, log: FollowedFile
) -> None:
    read_until_quiet(log)
    path.unlink()
    assert read_until_quiet(log) == []
    path.write_bytes(b"back\n")
    assert read_until_quiet(log) == [LogEvent.NEW_FILE, b"back\n"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
def test_a_pipe_that_has_the_name_of_the_log_is_not_waited_for(
    log: FollowedFile, path: Path
) -> None:
    read_until_quiet(log)
    path.unlink()
    os.mkfifo(path)
    assert read_until_quiet(log) == []
    path.unlink()
    path.write_bytes(b"two\n")
    assert read_until_quiet(log) == [LogEvent.NEW_FILE, b"two\n"]


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_a_file_that_only_grows_is_read_whole(parts: list[bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "app.log"
        path.touch()
        log = FollowedFile(str(path), wait=lambda seconds: None)
        seen: list[bytes | LogEvent] = []
        for part in parts:
            append(path, part)
            seen += read_until_quiet(log)
        log.close()
        assert seen == [part for part in parts if part]


def test_a_pipe_gives_what_is_written_and_then_ends() -> None:
    reader, writer = os.pipe()
    pipe = FollowedPipe(reader)
    os.write(writer, b"one\n")
    assert pipe.poll(WAIT_S) == b"one\n"
    assert pipe.poll(0.001) is LogEvent.NOTHING
    os.close(writer)
    assert pipe.poll(WAIT_S) is LogEvent.END
    os.close(reader)
