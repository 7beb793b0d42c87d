"""How to change a setting at the place that set it: a variable, a header, a file, an option.

As of 2026-11-28, openai-python 3 and openai-node 7. Placeholders: `{variable}` the variable that
sets it, `{header}` the header that carries it, `{words}` what people call it, `{name}` the option,
`{value}` the new value, `{quoted}` the same quoted for a shell, `{file}` and `{line}` the position
of the old value, `{set_at}` the file and line that set the variable, `{profile}` the profile's
name. A line with an unknown placeholder is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from shlex import quote
from string import Formatter
from typing import Literal

from oai_tui.domain.target import DEFAULT, Origin, OriginKind, Target

SettingPlace = Literal["shell", "startup", "dotenv", "code", "profile", "option"]
Action = Literal["unset", "set"]
CUSTOM_HEADERS = "OPENAI_CUSTOM_HEADERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingNames:
    """The names of one setting. variable: the one that sets it unless the origin has another."""

    variable: str
    words: str
    header: str = ""


SETTINGS: Mapping[str, SettingNames] = {
    "organization": SettingNames(
        variable="OPENAI_ORG_ID", words="the organization", header="OpenAI-Organization"
    ),
    "project": SettingNames(
        variable="OPENAI_PROJECT_ID", words="the project", header="OpenAI-Project"
    ),
    "base_url": SettingNames(variable="OPENAI_BASE_URL", words="the base URL"),
    "key": SettingNames(variable="OPENAI_API_KEY", words="the key", header="Authorization"),
}
"""Setting of a Target, or "key" -> its names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingLine:
    """One way to change a setting at its origin. in_headers: OPENAI_CUSTOM_HEADERS set it.

    `fields`: the settings that the line is for.
    """

    where: SettingPlace
    origin: OriginKind
    action: Action
    text: str
    in_headers: bool = False
    fields: tuple[str, ...] = tuple(SETTINGS)


_NOT_THE_KEY = tuple(name for name in SETTINGS if name != "key")

SETTING_LINES: tuple[SettingLine, ...] = (
    SettingLine(
        where="shell",
        origin="environment",
        action="unset",
        in_headers=True,
        text="Remove {header} from OPENAI_CUSTOM_HEADERS.",
    ),
    SettingLine(
        where="shell",
        origin="environment",
        action="set",
        in_headers=True,
        text="Change {header} in OPENAI_CUSTOM_HEADERS to {quoted}.",
        fields=_NOT_THE_KEY,
    ),
    SettingLine(
        where="shell",
        origin="environment",
        action="set",
        in_headers=True,
        text="Correct {header} in OPENAI_CUSTOM_HEADERS.",
        fields=("key",),
    ),
    SettingLine(
        where="startup",
        origin="environment",
        action="unset",
        in_headers=True,
        text="Remove {header} from the line that sets OPENAI_CUSTOM_HEADERS: {set_at}",
    ),
    SettingLine(
        where="startup",
        origin="environment",
        action="set",
        in_headers=True,
        text="Change {header} in the line that sets OPENAI_CUSTOM_HEADERS: {set_at}",
    ),
    SettingLine(
        where="dotenv",
        origin="dotenv",
        action="unset",
        in_headers=True,
        text="Remove {header} from OPENAI_CUSTOM_HEADERS in line {line} of {file}.",
    ),
    SettingLine(
        where="dotenv",
        origin="dotenv",
        action="set",
        in_headers=True,
        text="Change {header} in OPENAI_CUSTOM_HEADERS in line {line} of {file} to {value}.",
        fields=_NOT_THE_KEY,
    ),
    SettingLine(
        where="dotenv",
        origin="dotenv",
        action="set",
        in_headers=True,
        text="Correct {header} in OPENAI_CUSTOM_HEADERS in line {line} of {file}.",
        fields=("key",),
    ),
    SettingLine(where="shell", origin="environment", action="unset", text="unset {variable}"),
    SettingLine(
        where="shell", origin="environment", action="set", text="export {variable}={quoted}"
    ),
    SettingLine(
        where="startup",
        origin="environment",
        action="unset",
        text="Delete the line that sets {variable}: {set_at}",
    ),
    SettingLine(
        where="startup",
        origin="environment",
        action="set",
        text="Change the line that sets {variable}: {set_at}",
    ),
    SettingLine(
        where="dotenv",
        origin="dotenv",
        action="unset",
        text="Delete line {line} of {file} ({variable}).",
    ),
    SettingLine(
        where="dotenv",
        origin="dotenv",
        action="set",
        text="Change line {line} of {file} to: {variable}={value}",
    ),
    SettingLine(
        where="profile",
        origin="keyring",
        action="unset",
        text="Save the profile {profile} again, without {words}.",
        fields=_NOT_THE_KEY,
    ),
    SettingLine(
        where="profile",
        origin="keyring",
        action="set",
        text="Save the profile {profile} again, with {words} {value}.",
        fields=_NOT_THE_KEY,
    ),
    SettingLine(
        where="profile",
        origin="keyring",
        action="set",
        text="Replace the key of the profile: oai-tui profiles rotate {profile}",
        fields=("key",),
    ),
    SettingLine(where="option", origin="flag", action="unset", text="Remove {name}."),
    SettingLine(where="option", origin="flag", action="set", text="Change {name} to {value}."),
)
"""In the order in which they are offered."""


def setting_lines(
    field: str, origin: Origin, action: Action, value: str = ""
) -> Iterator[tuple[SettingPlace, str]]:
    """Yield the place and the line of each way to change a setting at its origin.

    None for an origin that leaves open where to change it. value: the new one, to set it.
    """
    names = SETTINGS[field]
    file, _, line = origin.place.rpartition(":")
    values = {
        "variable": origin.name or names.variable,
        "header": names.header,
        "words": names.words,
        "name": origin.name,
        "value": value,
        "quoted": quote(value) if value else "",
        "file": quote(file) if file else "",
        "line": line,
        "set_at": origin.set_at,
        "profile": origin.name,
    }
    for entry in SETTING_LINES:
        if (
            entry.origin == origin.kind
            and entry.action == action
            and entry.in_headers == (origin.name == CUSTOM_HEADERS)
            and field in entry.fields
            and all(values[name] for name in _names_in(entry.text))
        ):
            yield entry.where, entry.text.format_map(values)


def origin_to_change(field: str, action: Action, target: Target, key: Origin | None) -> Origin:
    """Return where a setting, or the key, came from, and so where it has to be changed.

    key: where the key came from; None without a key. A setting that is missing has to be set in
    the profile of the key, if the key has one: with a profile, the variables of settings are not
    read.
    """
    of_key = key or DEFAULT
    if field == "key":
        return of_key
    origin = target.origin(field)
    is_missing = origin.kind == "default" and action == "set"
    return of_key if is_missing and of_key.kind == "keyring" else origin


def _names_in(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]
