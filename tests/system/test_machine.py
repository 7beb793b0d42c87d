"""The kind of this machine, by its environment, its kernel and a few files."""

import pytest

from oai_tui.system.machine import Machine, machine_of

MACHINES: dict[str, tuple[dict[str, str], str, str, frozenset[str], Machine]] = {
    "Windows": ({}, "win32", "10", frozenset(), "windows"),
    "macOS": ({}, "darwin", "24", frozenset(), "macos"),
    "macOS over SSH": ({"SSH_CONNECTION": "x"}, "darwin", "24", frozenset(), "ssh"),
    "Docker": ({}, "linux", "6.1", frozenset({"/.dockerenv"}), "container"),
    "Podman on a desktop's WSL": (
        {"DISPLAY": ":0", "WSL_DISTRO_NAME": "x"},
        "linux",
        "microsoft",
        frozenset({"/run/.containerenv"}),
        "container",
    ),
    "Kubernetes": (
        {"KUBERNETES_SERVICE_HOST": "10.0.0.1"},
        "linux",
        "6.1",
        frozenset(),
        "container",
    ),
    "WSL": ({"WSL_DISTRO_NAME": "Debian"}, "linux", "6.1", frozenset(), "wsl"),
    "WSL by its kernel": (
        {"DISPLAY": ":0"},
        "linux",
        "5.15-Microsoft-standard",
        frozenset(),
        "wsl",
    ),
    "SSH": ({"SSH_CONNECTION": "x"}, "linux", "6.1", frozenset(), "ssh"),
    "SSH with a display": (
        {"SSH_CONNECTION": "x", "DISPLAY": ":10"},
        "linux",
        "6.1",
        frozenset(),
        "desktop",
    ),
    "KDE": (
        {"WAYLAND_DISPLAY": "w", "XDG_CURRENT_DESKTOP": "KDE"},
        "linux",
        "6.1",
        frozenset(),
        "kde",
    ),
    "GNOME": (
        {"DISPLAY": ":0", "XDG_CURRENT_DESKTOP": "GNOME"},
        "linux",
        "6.1",
        frozenset(),
        "desktop",
    ),
    "a console": ({}, "linux", "6.1", frozenset(), "headless"),
}


@pytest.mark.parametrize(
    ("env", "platform", "release", "files", "machine"), MACHINES.values(), ids=MACHINES
)
def test_the_kind_of_machine(
    env: dict[str, str], platform: str, release: str, files: frozenset[str], machine: Machine
) -> None:
    assert machine_of(env, platform, release, lambda path: path in files) == machine
