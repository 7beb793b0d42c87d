"""The file of `check --config`: several checks in TOML, validated with line numbers. Sends nothing.

A key is never in the file. A check names where its key is: a variable, a profile or a source.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.profile import NAME_RULE, valid_name
from oai_tui.domain.suggestions import did_you_mean
from oai_tui.headless.batch_check import MAX_PARALLEL
from oai_tui.headless.command_error import CommandError
from oai_tui.headless.options import DEFAULT_TIMEOUT_S, MAX_TIMEOUT_S
from oai_tui.headless.select_key import check_source
from oai_tui.knowledge.endpoints import ENDPOINTS
from oai_tui.reports.exit_codes import USAGE
from oai_tui.reports.report import Severity
from oai_tui.system.bounded_file import read_small, reason

MAX_CHECKS = 10_000
MAX_NAME = 100
"""Characters of the name of a check or an environment."""
_MAX_PARALLEL = 32
_KEY_PLACES = ("profile", "variable", "source")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\s\[\]][^\[\]]*)\]")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?\s*(?:\.|=)""")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
SCOPES = tuple(dict.fromkeys(scope for endpoint in ENDPOINTS for scope in endpoint.needs))
"""The scopes that a check can require, as the API names them."""
_ENDPOINT_NAMES = tuple(endpoint.name for endpoint in ENDPOINTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredCheck:
    """One check of the file.

    profile, variable, source: where the key is; at most one is set. variable: the name of an
        environment variable.
    models, scopes: what the key must be allowed to use.
    min_headroom: the share of the rate limits that must be left, 0 to 1.
    billing: permits one minimal billed request.
    timeout: seconds.
    place: file and line that say where the key is, as an editor opens them.
    """

    name: str
    environment: str = ""
    profile: str | None = None
    variable: str | None = None
    source: str | None = None
    base_url: str | None = None
    allow_http: bool = False
    organization: str | None = None
    project: str | None = None
    models: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    min_headroom: float | None = None
    min_remaining_requests: int | None = None
    min_remaining_tokens: int | None = None
    billing: bool = False
    severity: Severity = "error"
    timeout: float = DEFAULT_TIMEOUT_S
    place: str = field(default="", compare=False)

    @property
    def flags(self) -> dict[str, str | None]:
        """Return the settings that the file names; None for those it leaves to the key's place."""
        return {
            "base_url": self.base_url,
            "organization": self.organization,
            "project": self.project,
            "model": self.models[0] if self.models else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfig:
    """The checks of a file. parallel: how many run at a time."""

    checks: tuple[ConfiguredCheck, ...]
    parallel: int = MAX_PARALLEL


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What a value must be. read: returns the value, or raises ValueError for another one."""

    wanted: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError
    return value


def _name(value: Any) -> str:
    if len(_text(value)) > MAX_NAME:
        raise ValueError
    return str(value)


def _setting(value: Any) -> str:
    """Return a setting, which may be empty: "" means none."""
    return "" if value == "" else _text(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(dict.fromkeys(map(_text, value)))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _number(least: float, most: float, *, whole: bool = False) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            raise ValueError
        return value

    return read


def _seconds(value: Any) -> float:
    if (seconds := _number(0, MAX_TIMEOUT_S)(value)) == 0:
        raise ValueError
    return seconds


def _profile(value: Any) -> str:
    if not valid_name(_text(value)):
        raise ValueError
    return str(value)


def _variable(value: Any) -> str:
    if not _VARIABLE.fullmatch(_text(value)):
        raise ValueError
    return str(value)


def _source(value: Any) -> str:
    try:
        check_source(_text(value))
    except click.BadParameter:
        raise ValueError from None
    if value == "stdin":
        raise ValueError
    return str(value)


def _severity(value: Any) -> str:
    if value not in ("error", "warning"):
        raise ValueError
    return str(value)


_COUNT = _Rule(wanted="a whole number, 0 or more", read=_number(0, 1e12, whole=True))
_TEXT = _Rule(wanted="a text in quotes", read=_setting)
_NAME = _Rule(wanted=f"a text of 1 to {MAX_NAME} printable characters", read=_name)
_TEXTS = _Rule(wanted='a list of texts, such as ["a", "b"]', read=_texts)
_FLAG = _Rule(wanted="true or false", read=_flag)
_RULES: Mapping[str, _Rule] = {
    "name": _NAME,
    "environment": _NAME,
    "profile": _Rule(wanted=f"a profile name: {NAME_RULE}", read=_profile),
    "variable": _Rule(wanted="the name of an environment variable", read=_variable),
    "source": _Rule(
        wanted='"env", "dotenv", "codex", "llm", "command:…" or "command-shell:…"', read=_source
    ),
    "base_url": _TEXT,
    "allow_http": _FLAG,
    "organization": _TEXT,
    "project": _TEXT,
    "models": _TEXTS,
    "scopes": _TEXTS,
    "min_headroom": _Rule(wanted="a number from 0 to 1", read=_number(0, 1)),
    "min_remaining_requests": _COUNT,
    "min_remaining_tokens": _COUNT,
    "billing": _FLAG,
    "severity": _Rule(wanted='"error" or "warning"', read=_severity),
    "timeout": _Rule(wanted=f"seconds: more than 0, at most {MAX_TIMEOUT_S:g}", read=_seconds),
}
_TOP = ("check", "defaults", "parallel")
_MAX_MISTAKES = 20
"""Mistakes that are shown: a generated file has the same one in each check."""


def load_config(path: Path) -> CheckConfig:
    """Return the checks of a file. CommandError, with a line for each mistake, if it has any."""
    try:
        file = read_small(path)
    except (OSError, ValueError) as error:
        raise CommandError((f"cannot read {path}: {reason(error)}",), USAGE) from None
    if file is None:
        raise CommandError(
            (f"{path} does not exist. Write an example with: oai-tui check --init > {path}",),
            USAGE,
        )
    config, problems = parse_config(file.text, str(path))
    if problems:
        lines = [f"{path}:{problem}" for problem in problems[:_MAX_MISTAKES]]
        if len(problems) > _MAX_MISTAKES:
            lines.append(f"{path}: {len(problems) - _MAX_MISTAKES:,} more mistakes")
        raise CommandError(tuple(lines), USAGE)
    return config


def parse_config(text: str, path: str = "") -> tuple[CheckConfig, tuple[str, ...]]:
    """Return the checks in a text, and its mistakes, each as "LINE: sentence".

    path: of the file, for the places of the checks.
    """
    text = text.removeprefix("\ufeff")
    document, problem = _document(text)
    if problem:
        return CheckConfig(checks=()), (problem,)
    reader = _Reader(lines=_Lines.of(text), path=path)
    for name in document:
        if name not in _TOP:
            reader.report("", name, f"unknown name {name!r}{did_you_mean(name, _TOP, limit=1)}")
    parallel = document.get("parallel", MAX_PARALLEL)
    try:
        parallel = _number(1, _MAX_PARALLEL, whole=True)(parallel)
    except ValueError:
        reader.report("", "parallel", f"parallel must be a whole number from 1 to {_MAX_PARALLEL}")
    defaults = document.get("defaults", {})
    tables = document.get("check", [])
    if not isinstance(defaults, dict):
        reader.report("", "defaults", "write [defaults] on a separate line")
        defaults = {}
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        reader.report("", "check", "write [[check]], with two brackets, before each check")
        tables = []
    elif not tables:
        reader.report("", "", "the file has no [[check]]")
    elif len(tables) > MAX_CHECKS:
        reader.report("", "", f"the file has more than {MAX_CHECKS:,} checks")
        tables = []
    shared = reader.values("defaults", defaults)
    checks = [
        reader.check(f"check {number}", shared, table) for number, table in enumerate(tables, 1)
    ]
    reader.report_duplicates(checks)
    found = tuple(check for check in checks if check is not None)
    return CheckConfig(checks=found, parallel=int(parallel)), tuple(reader.problems())


def _document(text: str) -> tuple[dict[str, Any], str]:
    """Return the parsed text, or what is wrong with it. The message quotes nothing of the text."""
    import tomllib  # only --config reads TOML here

    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return {}, f"{text.count(chr(10), 0, error.start) + 1}: the file is not UTF-8"
    try:
        return tomllib.loads(text), ""
    except (ValueError, RecursionError) as error:  # ValueError for a number of 5000 digits too
        place = _PLACE.search(str(error))
        line = int(place[1]) if place is not None and place[1] else text.count("\n") + 1
        words = re.sub(r": .*|'.*'$", "", _PLACE.sub("", str(error)), flags=re.DOTALL).strip()
        return {}, f"{line}: this is not valid TOML ({words})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """The lines of the names in the file.

    names: table and name -> line. A table is "", "defaults" or "check N", its own line is that of
    the name "".
    """

    names: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, text: str) -> "_Lines":
        names: dict[tuple[str, str], int] = {}
        table, checks = "", 0
        for number, line in enumerate(text.split("\n"), 1):  # as TOML counts them
            if header := _HEADER.match(line):
                table = header[1].rstrip()
                if table == "check":
                    checks += 1
                    table = f"check {checks}"
                names.setdefault((table, ""), number)
                names.setdefault(("", header[1]), number)
            elif key := _KEY.match(line):
                names.setdefault((table, key[1]), number)
        return cls(names=names)

    def find(self, table: str, name: str) -> int:
        """Return the line of a name, else that of its table, else 1."""
        return self.names.get((table, name)) or self.names.get((table, "")) or 1


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads tables and collects the mistakes."""

    lines: _Lines
    path: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def report(self, table: str, name: str, text: str) -> None:
        self.found.append((self.lines.find(table, name), visible(text)))

    def problems(self) -> Iterator[str]:
        for line, text in sorted(self.found):
            yield f"{line}: {text}"

    def values(self, table: str, written: Mapping[str, Any]) -> dict[str, Any]:
        """Return the valid values of a table."""
        values: dict[str, Any] = {}
        for name, value in written.items():
            rule = _RULES.get(name)
            if table == "defaults" and name == "name":
                self.report(table, name, "each [[check]] has its own name; remove this one")
            elif rule is None:
                hint = did_you_mean(name, _RULES, limit=1)
                self.report(table, name, f"unknown name {name!r}{hint}")
            elif _holds_key(value):
                self.report(
                    table,
                    name,
                    f"{name} contains a key or a password. Keep them out of this file: use "
                    "variable, profile or source",
                )
            else:
                try:
                    values[name] = rule.read(value)
                except ValueError:
                    self.report(table, name, f"{name} must be {rule.wanted}")
        for scope in values.get("scopes", ()):
            known = (*SCOPES, *_ENDPOINT_NAMES)
            if scope not in known:
                hint = did_you_mean(scope, known) or f"; known are {', '.join(SCOPES)}"
                self.report(table, "scopes", f"unknown scope {scope!r}{hint}")
        return values

    def check(
        self, table: str, shared: Mapping[str, Any], written: Mapping[str, Any]
    ) -> ConfiguredCheck | None:
        own = self.values(table, written)
        if "name" not in written:
            self.report(table, "", 'each check needs a name, such as name = "production"')
        if len([place for place in _KEY_PLACES if place in own]) > 1:
            self.report(table, "", f"name only one of {', '.join(_KEY_PLACES)}")
        if any(place in own for place in _KEY_PLACES):
            shared = {name: value for name, value in shared.items() if name not in _KEY_PLACES}
        elif len([place for place in _KEY_PLACES if place in shared]) > 1:
            self.report("defaults", "", f"name only one of {', '.join(_KEY_PLACES)}")
        if "name" not in own:
            return None
        given = next((name for name in _KEY_PLACES if name in own), "")
        inherited = next((name for name in _KEY_PLACES if name in shared), "")
        line = self.lines.find(*(("defaults", inherited) if inherited else (table, given)))
        return ConfiguredCheck(**{**shared, **own}, place=f"{visible(self.path)}:{line}")

    def report_duplicates(self, checks: list[ConfiguredCheck | None]) -> None:
        first: dict[str, int] = {}
        for number, check in enumerate(checks, 1):
            if check is None:
                continue
            if check.name in first:
                line = self.lines.find(f"check {first[check.name]}", "name")
                text = f"the name {check.name!r} is used twice (first in line {line})"
                self.report(f"check {number}", "name", text)
            first.setdefault(check.name, number)


def _holds_key(value: Any) -> bool:
    """Return True if a text, or a text of a list, has the shape of a key or password."""
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and Redactor()(text) != text for text in texts)
