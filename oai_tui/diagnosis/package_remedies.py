"""The commands that install another version, for each package manager. Pure functions.

Sources: the manuals of pip 26, uv 0.9, Poetry 2.2, pdm 2.26, pipenv 2026, npm 11, pnpm 10, Yarn (1
and 4) and Bun 1.3, read 2026-11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from oai_tui.domain.packages import FolderPackages, Manager, PackageSet, Remedy

_ADD: Mapping[Manager, str] = {
    "uv": "uv add",
    "poetry": "poetry add",
    "pipenv": "pipenv install",
    "pdm": "pdm add",
    "npm": "npm install",
    "pnpm": "pnpm add",
    "yarn": "yarn add",
    "bun": "bun add",
}
_SYNC: Mapping[Manager, str] = {
    "uv": "uv sync",
    "poetry": "poetry install",
    "pipenv": "pipenv sync",
    "pdm": "pdm sync",
    "npm": "npm ci",
    "pnpm": "pnpm install --frozen-lockfile",
    "yarn": "yarn install --frozen-lockfile",
    "bun": "bun install --frozen-lockfile",
}


def install_remedies(
    replace_by: Sequence[tuple[str, str]],
    into: Sequence[PackageSet],
    read: FolderPackages,
    *,
    windows: bool,
) -> tuple[Remedy, ...]:
    """Return how to install other versions of packages in environments and files.

    replace_by: the versions, best first, each (package, constraint): the first one is shown for
    every set, the others as alternatives for the first set. windows: write paths and quotes as its
    shells read them.
    """
    managed = [each for each in into if _manager(each, read) != "pip"]
    remedies = [
        _install(*replacement, each, read, windows=windows)
        for replacement in replace_by[:1]
        for each in managed or into
    ]
    remedies += [
        replace(_install(*replacement, each, read, windows=windows), or_else=True)
        for replacement in replace_by[1:]
        for each in (managed or into)[:1]
    ]
    return tuple(dict.fromkeys(remedies))


def _install(
    package: str, constraint: str, into: PackageSet, read: FolderPackages, *, windows: bool
) -> Remedy:
    quote = '"' if windows else "'"
    at = "@" if into.ecosystem == "node" else ""
    wanted = f"{quote}{package}{at}{constraint}{quote}"
    manager = _manager(into, read)
    text = f"Install {package} {constraint}."
    if manager in _ADD and (manager != "uv" or _has_lock(read, "uv")):
        return Remedy(text=text, command=f"{_ADD[manager]} {wanted}")
    if into.state == "installed":
        if manager == "uv":
            return Remedy(text=text, command=f"uv pip install --python {into.path} {wanted}")
        return Remedy(text=text, command=f"{_python(into.path, windows)} -m pip install {wanted}")
    if _is_requirements(into):
        return Remedy(
            text=f"Write {package}{constraint} in {into.path}, then install from it.",
            command=f"python -m pip install -r {into.path}",
        )
    if into.state == "locked":
        return Remedy(text=f"Make {into.path} again with {package}{constraint}.")
    return Remedy(text=f"Write {package}{constraint} in {into.path}, then install again.")


def sync_remedy(
    environment: PackageSet, wanted: PackageSet, read: FolderPackages, *, windows: bool
) -> Remedy:
    """Return how to make an environment the same as a lock file or list of requirements."""
    manager = _manager(wanted, read)
    text = f"Install what {wanted.path} says into {environment.path}."
    if manager in _SYNC and wanted.state == "locked":
        return Remedy(text=text, command=_SYNC[manager])
    if _is_requirements(wanted):
        if environment.manager == "uv":
            command = f"uv pip install --python {environment.path} -r {wanted.path}"
        else:
            command = f"{_python(environment.path, windows)} -m pip install -r {wanted.path}"
        return Remedy(text=text, command=command)
    return Remedy(text=text)


def _is_requirements(each: PackageSet) -> bool:
    return each.path.endswith((".txt", ".in")) and ".egg-info/" not in each.path


def _manager(each: PackageSet, read: FolderPackages) -> Manager:
    """Return what manages a set: that of a lock file for what it installs and is made from."""
    if each.state != "locked" and not _is_requirements(each):
        for other in read.sets:
            is_lock = other.state == "locked" and other.ecosystem == each.ecosystem
            if is_lock and other.manager != "pip":
                return other.manager
    return each.manager


def _has_lock(read: FolderPackages, manager: Manager) -> bool:
    return any(each.state == "locked" and each.manager == manager for each in read.sets)


def _python(environment: str, windows: bool) -> str:
    return f"{environment}\\Scripts\\python" if windows else f"{environment}/bin/python"
