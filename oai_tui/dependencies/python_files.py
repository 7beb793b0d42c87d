"""Reads Python's lock files and lists of requirements.

Formats: pip's "Requirements file format" (pip 26.3), pylock.toml (PEP 751), and files written by
uv 0.9, Poetry 2.2, pdm 2.26 and pipenv 2026 (2026-11).
"""

import json
import re
import tomllib
from collections.abc import Collection, Iterator
from typing import Any

from oai_tui.dependencies.file_text import (
    DamagedFileError,
    line_of,
    odd_version,
    python_name,
    safe_constraint,
    safe_version,
)
from oai_tui.dependencies.requirement import parse_requirement
from oai_tui.domain.packages import OddEntry, Package

_SECTIONS = ("default", "develop")
_COMMENT = re.compile(r"(?:^|\s)#.*")


def requirements_txt(text: str, path: str, names: Collection[str]) -> Iterator[Package]:
    """Yield the packages of a requirements.txt; options and included files are left out.

    Of the requires.txt of an egg-info folder, those before the extras.
    """
    number = 0
    lines = iter(text.splitlines())
    for line in lines:
        number += 1
        first = number
        while line.endswith("\\"):
            line = line[:-1] + next(lines, "")
            number += 1
        if line.startswith("["):
            return  # the extras of a requires.txt
        line = re.sub(r"\s--?[a-z].*", "", _COMMENT.sub("", line)).strip()
        found = None if not line or line.startswith("-") else parse_requirement(line)
        if found is not None and found.name in names:
            yield Package(
                name=found.name,
                version=found.version,
                constraint=found.constraint,
                path=path,
                line=first,
            )


def toml_lock(text: str, path: str, names: Collection[str]) -> Iterator[Package | OddEntry]:
    """Yield the packages of uv.lock, poetry.lock, pdm.lock or pylock.toml."""
    document = parse_toml(text)
    tables = document.get("package", document.get("packages"))
    if not isinstance(tables, list):
        if "version" in document or "lock-version" in document or "metadata" in document:
            return  # a lock file of a project without dependencies
        raise DamagedFileError("it has no list of packages")
    for table in tables:
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            continue
        name = python_name(table["name"])
        version = safe_version(table.get("version"))
        if name not in names:
            continue
        line = line_of(text, rf"name = [\"']{re.escape(table['name'])}[\"']")
        if version is not None:
            yield Package(name=name, version=version, path=path, line=line)
        else:
            yield from odd_version(name, table.get("version"), path, line)


def pipfile_lock(text: str, path: str, names: Collection[str]) -> Iterator[Package | OddEntry]:
    """Yield the packages of a Pipfile.lock."""
    document = parse_json(text)
    if not any(isinstance(document.get(section), dict) for section in _SECTIONS):
        raise DamagedFileError("it has no list of packages")
    for section in _SECTIONS:
        entries = document.get(section)
        for written, entry in entries.items() if isinstance(entries, dict) else ():
            given = entry.get("version") if isinstance(entry, dict) else None
            version = safe_version(given.lstrip("=")) if isinstance(given, str) else None
            name = python_name(written)
            if name not in names:
                continue
            line = line_of(text, rf'"{re.escape(written)}":')
            if version is not None:
                yield Package(name=name, version=version, path=path, line=line)
            else:
                yield from odd_version(name, given, path, line)


def pyproject_toml(text: str, path: str, names: Collection[str]) -> Iterator[Package]:
    """Yield what a pyproject.toml requires: of the project, its extras and groups, and Poetry."""
    document = parse_toml(text)
    project = _table(document, "project")
    lists = {
        r"dependencies\s*=": _strings(project.get("dependencies")),
        r"\[project\.optional-dependencies\]": _grouped(project.get("optional-dependencies")),
        r"\[dependency-groups\]": _grouped(document.get("dependency-groups")),
        r"\[tool\.pdm\.dev-dependencies\]": _grouped(
            _table(document, "tool", "pdm").get("dev-dependencies")
        ),
        r"dev-dependencies\s*=": _strings(_table(document, "tool", "uv").get("dev-dependencies")),
    }
    for start, lines in lists.items():
        for line in lines:
            found = parse_requirement(line)
            if found is not None and found.name in names:
                yield Package(
                    name=found.name,
                    version=found.version,
                    constraint=found.constraint,
                    path=path,
                    line=_line_after(text, start, rf".*[\"']{re.escape(line)}[\"']"),
                )
    poetry = _table(document, "tool", "poetry")
    groups = [_table(group, "dependencies") for group in _table(poetry, "group").values()]
    for table in (_table(poetry, "dependencies"), _table(poetry, "dev-dependencies"), *groups):
        for written, value in table.items():
            constraint = value.get("version") if isinstance(value, dict) else value
            if python_name(written) in names:
                yield Package(
                    name=python_name(written),
                    version=None,
                    constraint=safe_constraint(constraint),
                    path=path,
                    line=line_of(text, rf"[\"']?{re.escape(written)}[\"']?\s*="),
                )


def _line_after(text: str, start: str, pattern: str) -> int | None:
    """Return the line of an entry below the line that begins its list: a keyword may be equal."""
    found = re.compile(rf"^[ \t]*{start}", re.MULTILINE).search(text)
    return None if found is None else line_of(text, pattern, found.start())


def parse_toml(text: str) -> dict[str, Any]:
    """Return a TOML document. DamagedFileError if it is none."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = re.search(r"\(at (line \d+)", str(error))
        where = f" ({place[1]})" if place else ""
        raise DamagedFileError(f"it is not valid TOML{where}") from None


def parse_json(text: str) -> dict[str, Any]:
    """Return a JSON object. DamagedFileError if it is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f" (line {line})" if line else ""
        raise DamagedFileError(f"it is not valid JSON{where}") from None
    if not isinstance(document, dict):
        raise DamagedFileError("it is not a JSON object")
    return document


def _table(document: Any, *path: str) -> dict[str, Any]:
    """Return a table at a path, or an empty one."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _grouped(value: Any) -> list[str]:
    groups = value.values() if isinstance(value, dict) else ()
    return [item for group in groups for item in _strings(group)]
