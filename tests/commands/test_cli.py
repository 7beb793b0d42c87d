"""The program's edges: help, version, and what is said when the fault is our own."""

from pathlib import Path

import pytest

from oai_tui import __version__
from oai_tui.cli import COMMANDS, report_crash
from tests.commands.cli_runner import GOOD_KEY, run_cli


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)], ids=" ".join
)
def test_help(arguments: list[str], tmp_path: Path) -> None:
    done = run_cli(arguments, tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: oai-tui")


def test_version(tmp_path: Path) -> None:
    assert run_cli(["--version"], tmp_path).out == f"oai-tui {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_short_help_is_the_first_sentence_of_a_promise(name: str, tmp_path: Path) -> None:
    assert COMMANDS[name].split(",")[0].rstrip(".") in run_cli(["--help"], tmp_path).out


def _fault() -> Exception:
    try:
        from oai_tui.headless.console import print_report

        print_report(GOOD_KEY.encode())  # type: ignore[arg-type]
    except TypeError as error:
        return ValueError(f"cannot digest {GOOD_KEY}").with_traceback(error.__traceback__)
    raise AssertionError


def test_our_own_fault_is_one_line_that_says_what_and_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert report_crash(_fault()) == 1
    said = capsys.readouterr().err
    assert said.startswith("oai-tui: our own fault: ValueError in console.py:")
    assert said.count("\n") == 1


@pytest.mark.parametrize("debug", ["", "1"])
def test_our_own_fault_shows_no_value(
    debug: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OAI_TUI_DEBUG", debug)
    report_crash(_fault())
    assert GOOD_KEY[8:20] not in capsys.readouterr().err
