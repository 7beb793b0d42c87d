"""The settings file, settings.toml: appearance, rotation and keys of the wizard.

It is in the folder of this program's settings; OAI_TUI_CONFIG names another file. An option of the
command line wins over the environment, the environment over the file, the file over the default.
What is wrong in the file is reported with its line; the defaults are used instead.
"""

import os
import re
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from oai_tui.domain.suggestions import did_you_mean
from oai_tui.system.atomic_write import atomic_write
from oai_tui.system.bounded_file import read_small, reason
from oai_tui.system.paths import config_folder, error_reason

ColorSetting = Literal["auto", "always", "never"]
SettingName = Literal["theme", "color", "rotation_days"]

VARIABLE = "OAI_TUI_CONFIG"
THEME_VARIABLE = "OAI_TUI_THEME"
FILE_NAME = "settings.toml"
MAX_ROTATION_DAYS = 99_999
_COLORS: tuple[ColorSetting, ...] = get_args(ColorSetting)
_NAMES = (*get_args(SettingName), "keymap")
_OTHER_SPELLINGS = {"colour": "color"}
_ELSEWHERE = {
    "default_profile": "choose it with `oai-tui profiles use NAME`",
    "profile": "choose the default profile with `oai-tui profiles use NAME`",
}
"""Names that look like settings -> where the thing is set."""
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TABLE = re.compile(r"\s*\[")
_TOP_LEVEL_KEY = re.compile(r"""\s*["']?[\w-]+["']?\s*=""")
_SIMPLE_VALUE = r"""("[^"\n]*"|'[^'\n]*'|[^\s#"'\[{]+)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsProblem:
    """Something in the file that is not used. `line`, `column`: from 1; 0 if not known."""

    text: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else ""
        place += f", column {self.column}" if self.line and self.column else ""
        return f"{place}: {self.text}" if place else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in the file, and the defaults for all others.

    path: the file, whether or not it exists; None if the environment names no home folder.
    theme: a name, or "" for the default.
    rotation_days: days after which a key is due for rotation, 0 for never; None for the default.
    keymap: the id of a binding -> its keys.
    keymap_lines: the id of a binding -> its line in the file.
    """

    path: Path | None = None
    theme: str = ""
    color: ColorSetting = "auto"
    rotation_days: int | None = None
    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keymap_lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[SettingsProblem, ...] = ()


class SettingsError(Exception):
    """The file cannot be changed; the message says why and what to do."""


def settings_path(env: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Return the settings file, or None if the environment names no home folder."""
    if named := env.get(VARIABLE, "").strip():
        return Path(named)
    folder = config_folder(env, platform)
    return None if folder is None else folder / FILE_NAME


def load_settings(env: Mapping[str, str]) -> Settings:
    """Return the settings of the file, and those of the environment instead where it has them.

    Never raises: whatever is wrong is among the problems.
    """
    path = settings_path(env)
    settings = Settings(path=path)
    if path is not None:
        try:
            file = read_small(path)
        except (OSError, ValueError) as error:
            problem = SettingsProblem(text=f"the file cannot be read: {reason(error)}")
            settings = replace(settings, problems=(problem,))
        else:
            if file is not None:
                settings = replace(parse_settings(file.text), path=path)
    theme = env.get(THEME_VARIABLE, "").strip()
    return replace(settings, theme=theme) if theme else settings


def parse_settings(text: str) -> Settings:
    """Return the settings in the text of a file; bytes that are not UTF-8 are lone surrogates."""
    try:
        document = _parsed(text)
    except SettingsSyntaxError as error:
        return Settings(problems=(error.problem,))
    settings = Settings()
    problems: list[SettingsProblem] = []
    for written, value in document.items():
        name = _OTHER_SPELLINGS.get(written, written)
        if complaint := _complaint(name, written, value):
            problems.append(SettingsProblem(line=_line_of(text, written), text=complaint))
        elif name == "keymap":
            settings, found = _with_keymap(settings, value, text)
            problems += found
        else:
            settings = replace(settings, **{name: value})
    return replace(settings, problems=tuple(problems))


def _complaint(name: str, written: str, value: object) -> str:
    """Return what is wrong with a setting or its value, or "". written: the name in the file."""
    match name:
        case "theme":
            is_right = isinstance(value, str)
            wanted = 'a name in quotes, such as "oai-night"'
        case "color":
            is_right = value in _COLORS
            wanted = '"auto", "always" or "never"'
        case "rotation_days":
            is_right = _is_days(value)
            wanted = f"a whole number from 0 (never) to {MAX_ROTATION_DAYS}"
        case "keymap":
            is_right = isinstance(value, dict)
            wanted = "a table: write [keymap] and one line for each action"
        case _ if name in _ELSEWHERE:
            return f"{written} is no setting of this file; {_ELSEWHERE[name]}"
        case _:
            hint = did_you_mean(name, _NAMES, limit=1) or _all_names()
            return f"there is no setting {written!r}{hint}"
    return "" if is_right else f"{written} must be {wanted}"


def save_setting(path: Path, name: SettingName, value: str | int) -> None:
    """Change one setting in the file, or create the file; everything else in it is kept.

    The file is replaced whole or not at all. SettingsError if it cannot be changed.
    """
    try:
        file = read_small(path)
        text = with_setting(file.text if file is not None else "", name, value)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = stat.S_IMODE(path.stat().st_mode) if file is not None else 0o600
        data = text.encode("utf-8")
        atomic_write(path, data, mode=mode, keep_owner=file is not None)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error_reason(error)}") from None
    except ValueError as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    except SettingsSyntaxError as error:
        raise SettingsError(f"correct {path} first: {error.problem}") from None


def with_setting(text: str, name: SettingName, value: str | int) -> str:
    """Return the text of a file with one setting changed or added, and its comments kept.

    SettingsSyntaxError if the text is no TOML, SettingsError if the value is on several lines.
    """
    before = _parsed(text)
    written = next((each for each in before if _OTHER_SPELLINGS.get(each, each) == name), name)
    wanted = {**before, written: value}
    for candidate in _candidates(text, written, _toml(value)):
        try:
            if _parsed(candidate) == wanted:
                return candidate
        except SettingsSyntaxError:
            continue
    raise SettingsError(f"the line of {name} is not a simple one; change it with an editor")


def _candidates(text: str, name: str, value: str) -> tuple[str, ...]:
    """Return the text with the setting in the places where it may belong, the best one first."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    tables = [number for number, line in enumerate(lines) if _TABLE.match(line)]
    end = tables[0] if tables else len(lines)
    pattern = re.compile(rf"""(\ufeff?\s*["']?{name}["']?\s*=\s*){_SIMPLE_VALUE}(\s*(?:#.*)?\s*)""")
    out = []
    for number, line in enumerate(lines):
        if match := pattern.fullmatch(line):
            changed = f"{match[1]}{value}{match[3]}"
            out.append("".join([*lines[:number], changed, *lines[number + 1 :]]))
    keys = [number for number, line in enumerate(lines[:end]) if _TOP_LEVEL_KEY.match(line)]
    for place in (*([keys[-1] + 1] if keys else []), *([end] if not tables else []), 0):
        added = f"{name} = {value}{newline}"
        first = lines[0] if lines else ""
        if place == 0 and first.startswith("\ufeff"):
            added, rest = f"\ufeff{added}", [first[1:], *lines[1:]]
        else:
            rest = lines[place:]
        out.append("".join([*lines[:place], added, *rest]))
    return tuple(out)


class SettingsSyntaxError(Exception):
    """The text is no TOML."""

    def __init__(self, problem: SettingsProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _parsed(text: str) -> dict[str, Any]:
    import tomllib  # most runs have no settings file

    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - text.rfind("\n", 0, error.start)
        raise SettingsSyntaxError(
            SettingsProblem(line=line, column=column, text="the file is not UTF-8")
        ) from None
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # ValueError for a number of 5000 digits too
        message = str(error)
        place = _PLACE.search(message)
        if place is not None and place[1]:
            line, column = int(place[1]), int(place[2])
        else:
            lines = text.split("\n")
            line, column = len(lines), len(lines[-1]) + 1
        words = _PLACE.sub("", message)
        # The message may quote the file, which may hold anything.
        words = re.sub(r": .*|'.*'$", "", words, flags=re.DOTALL).strip() or "this is no TOML"
        raise SettingsSyntaxError(
            SettingsProblem(line=line, column=column, text=f"this is not valid TOML ({words})")
        ) from None


def _toml(value: str | int) -> str:
    """Return a value as TOML; a text is one line without quotes, backslashes and controls."""
    if isinstance(value, int):
        return str(value)
    if not value.isprintable() or '"' in value or "\\" in value:
        raise SettingsError("the value has characters that cannot be written")
    return f'"{value}"'


def _is_days(value: object) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and 0 <= value <= MAX_ROTATION_DAYS  # type: ignore[operator]


def _all_names() -> str:
    return f"; the settings are {', '.join(_NAMES)}"


def _with_keymap(
    settings: Settings, table: Mapping[str, object], text: str
) -> tuple[Settings, list[SettingsProblem]]:
    keymap: dict[str, tuple[str, ...]] = {}
    lines: dict[str, int] = {}
    problems = []
    for name, value in _flat(table).items():
        line = _line_of(text, name, table="keymap")
        keys = _keys(value)
        if keys is None:
            problems.append(
                SettingsProblem(
                    line=line,
                    text=f'the keys of {name} must be a text, such as "ctrl+s" or "s,f9"',
                )
            )
        else:
            keymap[name], lines[name] = keys, line
    return replace(settings, keymap=keymap, keymap_lines=lines), problems


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Return the entries of nested tables under dotted names: TOML nests `app.help = "h"`."""
    out: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            out |= _flat(value, f"{prefix}{name}.")
        else:
            out[f"{prefix}{name}"] = value
    return out


def _keys(value: object) -> tuple[str, ...] | None:
    """Return the keys in a value of the keymap, or None if it is no text and no list of texts."""
    parts = value.split(",") if isinstance(value, str) else value
    if value == ",":
        parts = [","]
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return None
    keys = tuple(part.strip() for part in parts)
    return keys if keys and all(keys) else None


def _line_of(text: str, name: str, table: str = "") -> int:
    """Return the line on which a setting begins, from 1; 0 if it is not found.

    table: the table that it is in, or "" for none.
    """
    parts = rf"""["']?{re.escape(name)}["']?"""
    last = rf"""["']?{re.escape(name.rpartition(".")[2])}["']?"""
    current = ""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line):
            current = header[1]
            if current == name:
                return number
            continue
        if current == table and re.match(rf"\s*{parts}\s*=", line):
            return number
        is_below = table and current == f"{table}.{name.rpartition('.')[0]}"
        if is_below and re.match(rf"\s*{last}\s*=", line):
            return number
    return 0


def wants_color(env: Mapping[str, str], setting: ColorSetting, *, terminal_has_color: bool) -> bool:
    """Return True if a screen should be drawn in colour.

    NO_COLOR and FORCE_COLOR win over the setting unless they are empty (no-color.org, 2026-09).
    """
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR"):
        return env["FORCE_COLOR"] != "0"
    return terminal_has_color if setting == "auto" else setting == "always"


def describe_problems(settings: Settings) -> tuple[str, ...]:
    """Return one sentence for each problem, with the path of the file."""
    where = "" if settings.path is None else os.fspath(settings.path)
    return tuple(f"{where}, {problem}" for problem in settings.problems)
