"""Reads everything in a folder that says which packages its programs use.

Looks at the folder itself, at the top of its node_modules, and at virtual environments in it; and
in the same way at the folders below it that have such files, as in a monorepo.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from oai_tui.dependencies import node_files, python_files
from oai_tui.dependencies.file_text import python_name, read_text
from oai_tui.dependencies.python_environment import NAMES as ENVIRONMENTS
from oai_tui.dependencies.python_environment import read_environments
from oai_tui.dependencies.source_lines import source_uses
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.packages import (
    Ecosystem,
    FolderPackages,
    Manager,
    OddEntry,
    Package,
    PackageSet,
    State,
)
from oai_tui.system.bounded_file import reason

Reader = Callable[[str, str, Collection[str]], Iterator[Package | OddEntry]]

FILES: Mapping[str, tuple[Ecosystem, State, Manager, Reader]] = {
    "uv.lock": ("python", "locked", "uv", python_files.toml_lock),
    "poetry.lock": ("python", "locked", "poetry", python_files.toml_lock),
    "pdm.lock": ("python", "locked", "pdm", python_files.toml_lock),
    "Pipfile.lock": ("python", "locked", "pipenv", python_files.pipfile_lock),
    "pylock.toml": ("python", "locked", "pip", python_files.toml_lock),
    "pyproject.toml": ("python", "required", "pip", python_files.pyproject_toml),
    "package-lock.json": ("node", "locked", "npm", node_files.package_lock),
    "npm-shrinkwrap.json": ("node", "locked", "npm", node_files.package_lock),
    "pnpm-lock.yaml": ("node", "locked", "pnpm", node_files.pnpm_lock),
    "yarn.lock": ("node", "locked", "yarn", node_files.yarn_lock),
    "bun.lock": ("node", "locked", "bun", node_files.bun_lock),
    "package.json": ("node", "required", "npm", node_files.package_json),
}
"""Files that are read: ecosystem, state, what installs from them, and the reader."""
_REQUIREMENTS = ("requirements*.txt", "requirements*.in", "*.egg-info/requires.txt")
_MAX_REQUIREMENTS = 20
"""Files with requirements that are read, of each pattern."""
_MAX_DEPTH = 5
"""Levels of folders below the first one that are looked into."""
_MAX_VISITED = 5_000
"""Folders that are looked into."""
_MAX_PROJECTS = 100
"""Folders below the first one that are read."""
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", *ENVIRONMENTS})
"""Folders of installed packages, and of files that a program made; also all with a leading dot."""


def project_folders(folder: Path) -> Iterator[str]:
    """Yield the folders below that have packages of their own, as paths with "/". Bounded."""
    waiting, visited, yielded = [(folder, "", 0)], 0, 0
    while waiting and visited < _MAX_VISITED and yielded < _MAX_PROJECTS:
        parent, path, depth = waiting.pop(0)
        visited += 1
        below, has_packages = _look_into(parent)
        if path and has_packages:
            yielded += 1
            yield path
        if depth < _MAX_DEPTH:
            waiting += [(parent / name, f"{path}/{name}".lstrip("/"), depth + 1) for name in below]


def _look_into(folder: Path) -> tuple[list[str], bool]:
    """Return the names of the folders in a folder to look into, and whether it has packages."""
    below, has_packages = [], False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name == "pyvenv.cfg":
                    return [], False
                if not entry.is_dir(follow_symlinks=False):
                    is_list = any(fnmatchcase(entry.name, each) for each in _REQUIREMENTS)
                    has_packages |= entry.name in FILES or is_list
                elif entry.name in ENVIRONMENTS or entry.name == "node_modules":
                    has_packages = True
                elif entry.name not in _SKIPPED and not entry.name.startswith("."):
                    below.append(entry.name)
    except OSError:
        return [], False
    return sorted(below), has_packages


def scan_folder(
    folder: Path, names: Mapping[Ecosystem, Collection[str]], modules: Mapping[str, str]
) -> FolderPackages:
    """Return what a folder has. Files that cannot be read are named with the reason.

    names: the packages that count. modules: module of Python -> package, for files that shadow it.
    """
    found = installed_packages(folder, names)
    sets, unread = list(found.sets), list(found.unread)
    for path, (ecosystem, state, manager, reader) in _files(folder).items():
        try:
            text = read_text(folder / path)
            if text is None:
                continue
            entries = tuple(reader(text, visible(path), names[ecosystem]))
        except (OSError, ValueError) as error:
            unread.append((visible(path), reason(error)))
            continue
        odd = [entry for entry in entries if isinstance(entry, OddEntry)]
        unread += [(f"{entry.path}:{entry.line or 1}", entry.why) for entry in odd]
        packages = tuple(entry for entry in entries if isinstance(entry, Package))
        if packages:
            each = PackageSet(
                ecosystem=ecosystem,
                state=state,
                manager=manager,
                path=visible(path),
                packages=packages,
            )
            sets.append(each)
    return FolderPackages(
        sets=tuple(sets),
        uses=tuple(source_uses(folder)),
        shadowing=tuple(_shadowing(folder, modules)),
        unread=tuple(unread),
    )


def installed_packages(folder: Path, names: Mapping[Ecosystem, Collection[str]]) -> FolderPackages:
    """Return only what is installed in a folder: quick, since no lock file is read."""
    sets = list(read_environments(folder, names["python"]))
    packages, damaged = node_files.node_modules(folder, names["node"])
    if packages:
        manager: Manager = "npm"
        for path, (ecosystem, state, named, _) in FILES.items():
            if (ecosystem, state) == ("node", "locked") and os.path.isfile(folder / path):
                manager = named
        node = PackageSet(
            ecosystem="node",
            state="installed",
            manager=manager,
            path="node_modules",
            packages=tuple(packages),
        )
        sets.append(node)
    unread = tuple((path, "it is damaged") for path in damaged)
    return FolderPackages(sets=tuple(sets), unread=unread)


def _files(folder: Path) -> dict[str, tuple[Ecosystem, State, Manager, Reader]]:
    """Return the files to read: those of the table, then the lists of requirements."""
    try:
        listed = [
            path.relative_to(folder).as_posix()
            for pattern in _REQUIREMENTS
            for path in sorted(folder.glob(pattern))[:_MAX_REQUIREMENTS]
        ]
    except OSError:
        listed = []
    row: tuple[Ecosystem, State, Manager, Reader] = (
        "python",
        "required",
        "pip",
        python_files.requirements_txt,
    )
    return {**FILES, **dict.fromkeys(listed, row)}


def _shadowing(folder: Path, modules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (package, path) of what Python imports in place of a package from this folder.

    A folder counts only with __init__.py: without, an installed package comes first (PEP 420).
    """
    project = _project_name(folder)
    for module, package in modules.items():
        if package == project:
            continue  # the folder is the source of the package itself
        for path in (f"{module}.py", f"{module}/__init__.py"):
            if os.path.isfile(folder / path):
                yield package, path


def _project_name(folder: Path) -> str:
    """Return the name of the project in the folder's pyproject.toml, or ""."""
    try:
        document = python_files.parse_toml(read_text(folder / "pyproject.toml") or "")
    except (OSError, ValueError):
        return ""
    project = document.get("project")
    name = project.get("name") if isinstance(project, dict) else None
    return python_name(name) if isinstance(name, str) else ""
