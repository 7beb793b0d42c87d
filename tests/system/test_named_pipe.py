"""A named pipe is read to its end and never waited for without limit."""

import os
import threading
from pathlib import Path

from oai_tui.system.named_pipe import read_pipe


def test_all_that_a_writer_puts_in_is_read(tmp_path: Path) -> None:
    path, text = tmp_path / "pipe", b"x" * 200_000
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(text,))
    writer.start()
    assert read_pipe(path, limit=1_000_000, wait_s=60.0) == text
    writer.join()


def test_a_pipe_without_a_writer_gives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert read_pipe(path, limit=100, wait_s=0.0) == b""


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    handle = os.open(path, os.O_RDWR)
    try:
        os.write(handle, b"x" * 100)
        assert read_pipe(path, limit=10, wait_s=60.0) == b"x" * 10
    finally:
        os.close(handle)
