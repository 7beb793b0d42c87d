"""The style of a stream: colours, marks, width."""

from collections.abc import Mapping

import pytest

from oai_tui.reports.style import ColorChoice, Style, style_for


@pytest.mark.parametrize(
    ("terminal", "env", "choice", "colour"),
    [
        (True, {}, "auto", True),
        (False, {}, "auto", False),
        (True, {"NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": ""}, "auto", True),
        (True, {"TERM": "dumb"}, "auto", False),
        (False, {"FORCE_COLOR": "1"}, "auto", True),
        (True, {"FORCE_COLOR": "0"}, "auto", False),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        (False, {"NO_COLOR": "1"}, "always", True),
        (True, {"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_colours(terminal: bool, env: Mapping[str, str], choice: ColorChoice, colour: bool) -> None:
    assert (
        style_for(terminal=terminal, encoding="utf-8", columns=80, env=env, choice=choice).colour
        is colour
    )


@pytest.mark.parametrize(
    ("encoding", "unicode"),
    [
        ("utf-8", True),
        ("ascii", False),
        ("cp1252", False),
        (None, False),
        ("no-such-encoding", False),
    ],
)
def test_marks_fall_back_to_ascii(encoding: str | None, unicode: bool) -> None:
    assert style_for(terminal=True, encoding=encoding, columns=80, env={}).unicode is unicode


@pytest.mark.parametrize(
    ("terminal", "columns", "width"),
    [(True, 72, 72), (True, 300, 100), (True, 3, 20), (False, 40, 100)],
)
def test_width(terminal: bool, columns: int, width: int) -> None:
    assert style_for(terminal=terminal, encoding="utf-8", columns=columns, env={}).width == width


@pytest.mark.parametrize(
    ("terminal", "env", "links"),
    [
        (True, {"TERM": "xterm-256color"}, True),
        (True, {"TERM": "xterm-256color", "NO_COLOR": "1"}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": "linux"}, False),
        (False, {"TERM": "xterm-256color", "FORCE_COLOR": "1"}, False),
    ],
)
def test_links(terminal: bool, env: Mapping[str, str], links: bool) -> None:
    assert style_for(terminal=terminal, encoding="utf-8", columns=80, env=env).links is links


def test_an_address_is_a_link_only_where_the_style_has_links() -> None:
    url = "https://platform.openai.com/settings"
    assert Style().link(url) == url
    assert Style(links=True).link(url) == f"\x1b]8;;{url}\x1b\\{url}\x1b]8;;\x1b\\"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "https://a/\x1b]0;x", "https://a b", ""])
def test_nothing_else_is_a_link(url: str) -> None:
    assert Style(links=True).link(url) == url
