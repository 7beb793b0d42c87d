"""The kind of this machine, as far as it matters for a keyring: desktop, SSH, container, WSL, …"""

from collections.abc import Callable, Mapping
from typing import Literal

Machine = Literal["windows", "macos", "wsl", "container", "ssh", "kde", "desktop", "headless"]

_CONTAINER_FILES = ("/.dockerenv", "/run/.containerenv")


def machine_of(
    env: Mapping[str, str],
    platform: str,
    release: str = "",
    exists: Callable[[str], bool] = lambda path: False,
) -> Machine:
    """Return the kind of machine. The most specific one wins: a container on WSL is a container.

    `platform`: a `sys.platform`. `release`: the kernel's.
    `exists`: returns True for a path that exists.
    """
    if platform == "win32":
        return "windows"
    if (
        any(exists(path) for path in _CONTAINER_FILES)
        or env.get("container")
        or env.get("KUBERNETES_SERVICE_HOST")
    ):
        return "container"
    if platform == "darwin":
        return "ssh" if env.get("SSH_CONNECTION") else "macos"
    if env.get("WSL_DISTRO_NAME") or "microsoft" in release.lower():
        return "wsl"
    if env.get("SSH_CONNECTION") and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        return "ssh"
    if not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        return "headless"
    return "kde" if "kde" in env.get("XDG_CURRENT_DESKTOP", "").lower() else "desktop"
