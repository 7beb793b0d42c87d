"""Output streams after a write has failed: nothing of it comes later, and no failure is hidden."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from oai_tui.headless.console import OutputError, print_report
from oai_tui.headless.stdout_lines import print_lines
from oai_tui.system.failed_stream import silence

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only where /dev/full is")


@pytest.mark.parametrize("write", [print_lines, print_report])
def test_every_text_for_a_full_disk_is_a_failure(
    write: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        for _ in range(3):
            with pytest.raises(OutputError, match="No space left"):
                write("line\n")


def test_disk_that_has_space_again_gets_the_next_text_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    with open("/dev/full", "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(OutputError):
            print_lines("lost\n")
        with log.open("w") as space:
            os.dup2(space.fileno(), stream.fileno())
        print_lines("kept\n")
    assert log.read_text() == "kept\n"


def test_silenced_stream_takes_what_was_left_and_what_follows() -> None:
    with open("/dev/full", "w", encoding="utf-8") as stream:
        stream.write("left")
        silence(stream)
        stream.write("follows")
