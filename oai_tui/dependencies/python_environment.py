"""Reads the packages of a virtual environment from its *.dist-info and *.egg-info entries.

Runs nothing.

Format: Python Packaging User Guide, "Recording installed projects" and "Core metadata" (2026-10).
"""

import os
import re
from collections.abc import Collection, Iterator
from email.parser import HeaderParser
from pathlib import Path

from oai_tui.dependencies.file_text import python_name, safe_version
from oai_tui.dependencies.requirement import parse_requirement
from oai_tui.domain.packages import Manager, Package, PackageSet
from oai_tui.system.bounded_file import read_small

NAMES = (".venv", "venv", "env")
"""The folders in which a virtual environment is looked for, besides the folder itself."""
_MAX_ENTRIES = 20_000
"""Entries of a site-packages folder that are looked at."""
_METADATA_LIMIT = 1_000_000
_DIST_INFO = re.compile(r"(?P<name>[\w.+-]+?)-(?P<version>[^-]+)\.dist-info")
_EGG_INFO = re.compile(r"(?P<name>[\w.+]+)-(?P<version>[^-]+?)(?:-py\d[\d.]*)?\.egg-info")
_LIBRARY = re.compile(r"(?:python|pypy)\d[\d.]*t?")


def read_environments(folder: Path, names: Collection[str]) -> Iterator[PackageSet]:
    """Yield the environments of a folder that have packages of these names."""
    for name in NAMES:
        yield from _environment(folder / name, name, names)
    if os.path.isfile(folder / "pyvenv.cfg"):
        yield from _environment(folder, ".", names)


def _environment(root: Path, path: str, names: Collection[str]) -> Iterator[PackageSet]:
    packages = [
        package
        for site in _site_packages(root)
        for package in _installed(site, _below(path, site.relative_to(root)), names)
    ]
    if packages:
        yield PackageSet(
            ecosystem="python",
            state="installed",
            manager=_manager(root),
            path=path,
            packages=tuple(packages),
        )


def _below(path: str, rest: Path) -> str:
    return rest.as_posix() if path == "." else f"{path}/{rest.as_posix()}"


def _site_packages(root: Path) -> Iterator[Path]:
    """Yield the folders with packages: one on Windows, on other systems one per Python."""
    windows = root / "Lib" / "site-packages"
    if os.path.isdir(windows):
        yield windows
        return
    try:
        libraries = sorted(os.listdir(root / "lib"))
    except OSError:
        return
    for library in libraries:
        site = root / "lib" / library / "site-packages"
        if _LIBRARY.fullmatch(library) and os.path.isdir(site):
            yield site


def _installed(site: Path, path: str, names: Collection[str]) -> Iterator[Package]:
    try:
        with os.scandir(site) as entries:
            found = [entry.name for entry, _ in zip(entries, range(_MAX_ENTRIES), strict=False)]
    except OSError:
        return
    for entry in sorted(found):
        match = _DIST_INFO.fullmatch(entry) or _EGG_INFO.fullmatch(entry)
        if match is None or python_name(match["name"]) not in names:
            continue
        yield Package(
            name=python_name(match["name"]),
            version=safe_version(match["version"]),
            path=f"{path}/{entry}",
            needs=tuple(_needs(site / entry / "METADATA", names)),
        )


def _needs(metadata: Path, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what a package needs without conditions; nothing if that cannot be read."""
    try:
        file = read_small(metadata, _METADATA_LIMIT)
    except (OSError, ValueError):
        return
    headers = HeaderParser().parsestr(file.text if file is not None else "", headersonly=True)
    for line in headers.get_all("Requires-Dist") or ():
        requirement = parse_requirement(str(line))
        if requirement is not None and not requirement.marker and requirement.name in names:
            yield requirement.name, requirement.constraint


def _manager(root: Path) -> Manager:
    """Return what made the environment: uv leaves its name, and no pip in it."""
    try:
        file = read_small(root / "pyvenv.cfg")
    except (OSError, ValueError):
        return "pip"
    is_uv = file is not None and re.search(r"^uv\s*=", file.text, re.MULTILINE)
    return "uv" if is_uv else "pip"
