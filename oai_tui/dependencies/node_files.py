"""Reads node_modules, package.json and the lock files of npm, pnpm, Yarn and Bun.

Formats: npm's "package-lock.json" (versions 1 to 3, npm 11), pnpm-lock.yaml 5 to 9 (pnpm 7 to 10),
yarn.lock 1 (yarn 1) and of Yarn 2 to 4 ("__metadata"), bun.lock 0 and 1 (Bun 1.2 and 1.3).
The two YAML files are read line by line: of each package only the line with its name and version
counts.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from oai_tui.dependencies.file_text import (
    DamagedFileError,
    line_of,
    odd_version,
    read_text,
    safe_constraint,
    safe_version,
)
from oai_tui.dependencies.python_files import parse_json
from oai_tui.domain.packages import OddEntry, Package

_KINDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_PNPM_KEY = re.compile(
    r"  ['\"]?/?(?P<name>(?:@[\w.-]+/)?[\w.-]+)[@/](?P<version>\d[\w.+-]*?)(?:[(_][^'\"]*)?['\"]?:",
    re.ASCII,
)
_YARN_NAME = re.compile(r"[\"']?(?P<name>(?:@[\w.-]+/)?[\w.-]+)@", re.ASCII)
_YARN_VERSION = re.compile(r"  version:? [\"']?(?P<version>[^\"'\s]+)[\"']?\s*", re.ASCII)
_STRING = r'"(?:[^"\\]|\\.)*"?'
_LINE_COMMENTS = re.compile(rf"{_STRING}|//[^\n]*")
_LAST_COMMAS = re.compile(rf"{_STRING}|,(?=\s*[\]}}])")
_MAX_LINE = 1_000
"""Characters of a line of a YAML file; longer ones name no package."""
_MAX_DEPTH = 20
"""Levels of a package-lock.json of version 1 that are read."""


def node_modules(folder: Path, names: Collection[str]) -> tuple[list[Package], list[str]]:
    """Return the packages at the top of node_modules, and the paths that could not be read."""
    packages, damaged = [], []
    for name in sorted(names):
        path = f"node_modules/{name}/package.json"
        try:
            text = read_text(folder / path, 1_000_000)
            version = None if text is None else safe_version(parse_json(text).get("version"))
        except (OSError, ValueError):
            damaged.append(path)
            continue
        if version is not None:
            packages.append(Package(name=name, version=version, path=f"node_modules/{name}"))
    return packages, damaged


def package_json(text: str, path: str, names: Collection[str]) -> Iterator[Package]:
    """Yield what a package.json requires."""
    document = parse_json(text)
    for kind in _KINDS:
        entries = document.get(kind)
        for name, constraint in entries.items() if isinstance(entries, dict) else ():
            if name in names:
                yield Package(
                    name=name,
                    version=None,
                    constraint=safe_constraint(constraint),
                    path=path,
                    line=line_of(text, rf'"{re.escape(name)}"\s*:\s*"'),
                )


def package_lock(text: str, path: str, names: Collection[str]) -> Iterator[Package | OddEntry]:
    """Yield the packages of a package-lock.json: those at the top before nested ones."""
    document = parse_json(text)
    entries = document.get("packages")
    if isinstance(entries, dict):
        for key in sorted(entries, key=lambda each: (each.count("node_modules/"), each)):
            name = key.rpartition("node_modules/")[2] if "node_modules/" in key else ""
            version = _version(entries[key])
            if name not in names:
                continue
            line = line_of(text, rf'"{re.escape(key)}"\s*:')
            if version is not None:
                yield Package(name=name, version=version, path=path, line=line)
            elif isinstance(entries[key], dict):
                yield from odd_version(name, entries[key].get("version"), path, line)
    elif isinstance(document.get("dependencies"), dict):
        for name, version in _nested(document["dependencies"], names, 0):
            line = line_of(text, rf'"{re.escape(name)}"\s*:\s*{{')
            if (exact := safe_version(version)) is not None:
                yield Package(name=name, version=exact, path=path, line=line)
            else:
                yield from odd_version(name, version, path, line)
    elif "lockfileVersion" not in document:
        raise DamagedFileError("it has no lockfileVersion")


def _nested(
    entries: dict[str, Any], names: Collection[str], depth: int
) -> Iterator[tuple[str, str]]:
    for name, entry in entries.items():
        version = entry.get("version") if isinstance(entry, dict) else None
        if name in names and isinstance(version, str):
            yield name, version
    for entry in entries.values():
        below = entry.get("dependencies") if isinstance(entry, dict) else None
        if isinstance(below, dict) and depth < _MAX_DEPTH:
            yield from _nested(below, names, depth + 1)


def _version(entry: Any) -> str | None:
    return safe_version(entry.get("version")) if isinstance(entry, dict) else None


def pnpm_lock(text: str, path: str, names: Collection[str]) -> Iterator[Package]:
    """Yield the packages of a pnpm-lock.yaml."""
    if not re.search(r"^lockfileVersion:", text, re.MULTILINE):
        raise DamagedFileError("it has no lockfileVersion")
    seen: set[tuple[str, str]] = set()
    section = ""
    for number, line in _short_lines(text):
        if line and line[0] not in " #":
            section = line.partition(":")[0]
        found = _PNPM_KEY.match(line) if section in {"packages", "snapshots"} else None
        if found is None or found["name"] not in names:
            continue
        entry = (found["name"], found["version"])
        if entry not in seen:
            seen.add(entry)
            yield Package(name=entry[0], version=safe_version(entry[1]), path=path, line=number)


def yarn_lock(text: str, path: str, names: Collection[str]) -> Iterator[Package | OddEntry]:
    """Yield the packages of a yarn.lock of any Yarn."""
    if "yarn lockfile v1" not in text and not re.search(r"^__metadata:", text, re.MULTILINE):
        raise DamagedFileError("it is not a lock file of Yarn")
    name, first = "", 0
    for number, line in _short_lines(text):
        if line and line[0] not in " #":
            found = _YARN_NAME.match(line)
            name = found["name"] if found is not None and found["name"] in names else ""
            first = number
        elif name and (version := _YARN_VERSION.fullmatch(line)):
            exact = safe_version(version["version"])
            if exact is not None:
                yield Package(name=name, version=exact, path=path, line=first)
            else:
                yield from odd_version(name, version["version"], path, first)
            name = ""


def bun_lock(text: str, path: str, names: Collection[str]) -> Iterator[Package | OddEntry]:
    """Yield the packages of a bun.lock: JSON with trailing commas and comments."""
    document = parse_json(_LAST_COMMAS.sub(_strict, _LINE_COMMENTS.sub(_strict, text)))
    if "lockfileVersion" not in document:
        raise DamagedFileError("it has no lockfileVersion")
    entries = document.get("packages")
    for key, entry in entries.items() if isinstance(entries, dict) else ():
        what = entry[0] if isinstance(entry, list) and entry else None
        if not isinstance(what, str) or what.rpartition("@")[0] not in names:
            continue
        name, _, given = what.rpartition("@")
        line = line_of(text, rf'"{re.escape(key)}"\s*:\s*\[')
        if (version := safe_version(given)) is not None:
            yield Package(name=name, version=version, path=path, line=line)
        else:
            yield from odd_version(name, given, path, line)


def _strict(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else ""


def _short_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not too long, with their numbers from 1."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) <= _MAX_LINE:
            yield number, line
