"""Variables found in files that this process does not read, and notes about them.

The files are shell startup files, the registry and .env files farther up. If one sets a variable
to the value that the environment has, it is where that variable was set; if it sets another value,
that is what a new terminal would get. Pure functions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from shlex import quote

from oai_tui.credentials.sources import env_names
from oai_tui.credentials.sources.variable_setting import VariableSetting

_REPORTED = frozenset((*env_names.KEYS, *env_names.FIELDS))
"""Variables that notes are about."""


def with_origin_file(
    active: Sequence[VariableSetting], inactive: Sequence[VariableSetting]
) -> list[VariableSetting]:
    """Add to each environment variable the file that set it.

    That is a startup file in `inactive` that has the same value; the last one wins.
    """
    files = {
        (setting.name, setting.value): setting
        for setting in inactive
        if setting.origin.kind == "startup" and not setting.computed
    }
    result = []
    for setting in active:
        file = None
        if setting.origin.kind == "environment" and setting.value:
            file = files.get((setting.name, setting.value))
        if file is not None:
            origin = replace(setting.origin, set_at=file.origin.place)
            setting = replace(setting, origin=origin, changed_at=file.changed_at)
        result.append(setting)
    return result


def inactive_keys(
    inactive: Sequence[VariableSetting], effective: Mapping[str, VariableSetting]
) -> list[VariableSetting]:
    """The keys in `inactive`, without the lines that set the environment's own key."""
    keys = []
    for setting in inactive:
        active = effective.get(setting.name)
        set_the_environment = (
            active is not None
            and active.origin.kind == "environment"
            and active.value == setting.value
            and setting.origin.kind == "startup"
        )
        if setting.name in env_names.KEYS and setting.value and not set_the_environment:
            keys.append(setting)
    return keys


def inactive_notes(
    inactive: Sequence[VariableSetting], effective: Mapping[str, VariableSetting]
) -> list[str]:
    """One sentence for each variable and kind of source: about the last setting of them."""
    notes: dict[tuple[str, str], str] = {}
    for setting in inactive:
        if setting.name not in _REPORTED:
            continue
        kind = setting.origin.kind
        note = ""
        if kind == "startup":
            note = _startup_note(setting, effective.get(setting.name))
        elif kind == "dotenv":
            note = _farther_dotenv_note(setting)
        if note:
            notes[setting.name, kind] = note
    return list(notes.values())


def _startup_note(setting: VariableSetting, effective: VariableSetting | None) -> str:
    """A sentence about a variable that a startup file sets; "" if nothing is odd."""
    name, place = setting.name, setting.origin.place
    current = None
    if effective is not None and effective.origin.kind == "environment" and effective.value:
        current = effective
    if not setting.exported:
        if current is not None:
            return ""
        return (
            f"{place} sets {name} without exporting it, so programs don't get it: write export "
            f"{name}=… there"
        )
    if setting.computed:
        if current is None or current.origin.set_at:
            return ""
        return f"{name} may come from {place}, where a shell computes it"
    if not setting.value:
        return ""
    if current is not None and current.value != setting.value:
        return (
            f"{place} sets {name} to a different value than this process has: new terminals get "
            "that one"
        )
    return "" if current is not None else _new_terminal_note(name, place, effective)


def _new_terminal_note(name: str, place: str, effective: VariableSetting | None) -> str:
    """A sentence about a variable that only new terminals have. `effective`: of .env, if any."""
    note = f"{place} sets {name}, but this process doesn't have it: open a new terminal"
    if ":" in place and "\\" not in place:  # a file and a line, not a key of the registry
        note += f", or run: source {_quoted_path(place.rpartition(':')[0])}"
    if effective is not None and effective.value:
        note += f"; there it overrides {effective.origin.place}"
    return note


def _farther_dotenv_note(setting: VariableSetting) -> str:
    return (
        f"{setting.origin.place} contains {setting.name} too, but load_dotenv only reads the "
        "nearest .env file"
    )


def _quoted_path(file: str) -> str:
    """A path quoted for a shell, which still expands a leading ~."""
    return f"~/{quote(file[2:])}" if file.startswith("~/") else quote(file)


def overridden_notes(
    active: Iterable[VariableSetting], effective: Mapping[str, VariableSetting]
) -> list[str]:
    """Sentences about settings of a .env file for which the environment has another value."""
    notes = []
    for setting in active:
        if setting.name not in env_names.FIELDS or setting.origin.kind != "dotenv":
            continue
        winner = effective[setting.name]
        if winner.origin.kind == "environment" and winner.value not in {"", setting.value}:
            notes.append(
                f"{setting.name} in {setting.origin.place} is ignored: load_dotenv doesn't "
                "override the environment, which has another value"
            )
    return notes
