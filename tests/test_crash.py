"""A fault of the program is one line with its type and its place, and without its text."""

from oai_tui.crash import crash_line
from oai_tui.domain.target import Target


def _fault() -> Exception:
    try:
        Target(base_url=7).is_openai  # type: ignore[arg-type]  # noqa: B018
    except AttributeError as error:
        return ValueError("sk-secret").with_traceback(error.__traceback__)
    raise AssertionError


def test_the_line_of_a_command() -> None:
    line = crash_line(_fault(), "command")
    assert line.startswith("oai-tui: internal error: ValueError in target.py:")
    assert line.endswith("; please report this line (OAI_TUI_DEBUG=1 shows more)")
    assert "sk-secret" not in line


def test_the_line_of_the_wizard() -> None:
    line = crash_line(_fault(), "wizard")
    assert line.startswith("oai-tui: internal error: ValueError in is_openai (target.py, line ")
    assert line.endswith("). Please report this line.")
    assert "sk-secret" not in line


def test_a_fault_without_a_place() -> None:
    assert (
        crash_line(None, "wizard") == "oai-tui: internal error: NoneType. Please report this line."
    )
    assert "ValueError;" in crash_line(ValueError("x"), "command")
