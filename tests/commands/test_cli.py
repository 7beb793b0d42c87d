"""Help, version, and the report of a crash."""

from pathlib import Path

import pytest

from oai_tui import __version__
from oai_tui.cli import COMMANDS, report_crash
from tests.commands.cli_runner import GOOD_KEY, run_cli, run_program


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)],
    ids=" ".join,
)
def test_help(arguments: list[str], tmp_path: Path) -> None:
    done = run_cli(arguments, tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: oai-tui")


def test_version(tmp_path: Path) -> None:
    done = run_program(["--version"], tmp_path)
    assert (done.code, done.out) == (0, f"oai-tui {__version__}\n")


def test_help_lists_every_command_with_its_first_sentence(tmp_path: Path) -> None:
    out = run_cli(["--help"], tmp_path).out
    sentences = [text.split(",")[0].rstrip(".") for text in COMMANDS.values()]
    assert [sentence for sentence in sentences if sentence not in out] == []


def _crash() -> Exception:
    try:
        from oai_tui.headless.console import print_report

        print_report(GOOD_KEY.encode())  # type: ignore[arg-type]
    except TypeError as error:
        return ValueError(f"cannot digest {GOOD_KEY}").with_traceback(error.__traceback__)
    raise AssertionError


def test_crash_is_one_line_with_the_error_and_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report_crash(_crash()) == 1
    err = capsys.readouterr().err
    assert err.startswith("oai-tui: internal error: ValueError in console.py:")
    assert err.count("\n") == 1


@pytest.mark.parametrize("debug", ["", "1"])
def test_crash_report_shows_no_value(
    debug: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OAI_TUI_DEBUG", debug)
    report_crash(_crash())
    assert GOOD_KEY[8:20] not in capsys.readouterr().err
