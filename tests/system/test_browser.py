"""Opening an address: only where a browser would show up, only addresses, never in a shell."""

from collections.abc import Mapping, Sequence

import pytest

from oai_tui.system.browser import can_open_browser, open_in_browser

URL = "https://platform.openai.com/api-keys"
DESKTOP = {"DISPLAY": ":0"}


@pytest.mark.parametrize(
    ("env", "platform", "can"),
    [
        (DESKTOP, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({**DESKTOP, "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, "linux", False),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", False),
    ],
)
def test_where_a_browser_would_show_up(env: Mapping[str, str], platform: str, can: bool) -> None:
    assert can_open_browser(env, platform) is can


@pytest.mark.parametrize(("platform", "opener"), [("linux", "xdg-open"), ("darwin", "open")])
def test_the_opener_gets_the_address_as_one_argument(platform: str, opener: str) -> None:
    commands: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> bool:
        commands.append(command)
        return True

    assert open_in_browser(f"{URL}?a=$(x)", DESKTOP, platform, run)
    assert commands == [[opener, f"{URL}?a=$(x)"]]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "--help", "javascript:alert(1)", ""])
def test_nothing_but_an_address_is_opened(url: str) -> None:
    assert not open_in_browser(url, DESKTOP, "linux", lambda command: True)


def test_an_opener_that_fails_or_is_missing_is_reported() -> None:
    assert not open_in_browser(URL, DESKTOP, "linux", lambda command: False)
    assert not open_in_browser(URL, {}, "linux", lambda command: True)
