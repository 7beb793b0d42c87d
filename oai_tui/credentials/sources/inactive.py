"""Variables that stand where this process does not take them from: what they tell about the ones that are in force, and what is to be said of them. Pure.

A start file that holds the very value of the environment is where that value was set. One that holds another value is what a new terminal would get.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from shlex import quote

from oai_tui.credentials.sources import env_names as variables
from oai_tui.credentials.sources.variable_setting import VariableSetting

_REPORTED = frozenset((*variables.KEYS, *variables.FIELDS))


def with_origin_file(
    bindings: Sequence[VariableSetting], apart: Sequence[VariableSetting]
) -> list[VariableSetting]:
    """The bindings, those of the environment with the place that set them, where one of `apart` holds the same value; the last of several."""
    places = {(b.name, b.value): b for b in apart if b.origin.kind == "startup" and not b.computed}
    found = []
    for binding in bindings:
        at = (
            places.get((binding.name, binding.value))
            if binding.origin.kind == "environment" and binding.value
            else None
        )
        found.append(
            replace(
                binding,
                origin=replace(binding.origin, set_at=at.origin.place),
                changed_at=at.changed_at,
            )
            if at
            else binding
        )
    return found


def inactive_keys(
    apart: Sequence[VariableSetting], winners: Mapping[str, VariableSetting]
) -> list[VariableSetting]:
    """The bindings of keys that are to be shown: with a value, and not where the environment's own was set."""
    shown = []
    for binding in apart:
        winner = winners.get(binding.name)
        is_the_same = (
            winner is not None
            and winner.origin.kind == "environment"
            and winner.value == binding.value
            and binding.origin.kind == "startup"
        )
        if binding.name in variables.KEYS and binding.value and not is_the_same:
            shown.append(binding)
    return shown


def inactive_notes(
    apart: Sequence[VariableSetting], winners: Mapping[str, VariableSetting]
) -> list[str]:
    """What is odd about them, one sentence for each name and kind of place: the last that counts there."""
    found: dict[tuple[str, str], str] = {}
    for binding in apart:
        kind = binding.origin.kind
        note = (
            ""
            if binding.name not in _REPORTED
            else _startup(binding, winners.get(binding.name))
            if kind == "startup"
            else _farther(binding)
            if kind == "dotenv"
            else ""
        )
        if note:
            found[binding.name, kind] = note
    return list(found.values())


def _startup(binding: VariableSetting, winner: VariableSetting | None) -> str:
    name, place = binding.name, binding.origin.place
    here = (
        winner
        if winner is not None and winner.origin.kind == "environment" and winner.value
        else None
    )
    if not binding.exported:
        return (
            f"{place} sets {name} without exporting it, so no program gets it: write export {name}=… there"
            if here is None
            else ""
        )
    if binding.computed:
        return (
            ""
            if here is None or here.origin.set_at
            else f"{name} may come from {place}, where a shell works it out"
        )
    if not binding.value or (here is not None and here.value == binding.value):
        return ""
    if here is not None:
        return f"{place} sets {name} to another value than this process has: new terminals get that one"
    how = (
        f", or run: source {_word(place.rpartition(':')[0])}"
        if ":" in place and "\\" not in place
        else ""
    )
    beside = (
        f"; there it wins over {winner.origin.place}" if winner is not None and winner.value else ""
    )
    return (
        f"{place} sets {name}, but this process does not have it: open a new terminal{how}{beside}"
    )


def _farther(binding: VariableSetting) -> str:
    return f"{binding.origin.place} holds {binding.name} too, but load_dotenv reads the nearest file named .env alone"


def _word(file: str) -> str:
    return f"~/{quote(file[2:])}" if file.startswith("~/") else quote(file)


def overridden_notes(
    bindings: Iterable[VariableSetting], winners: Mapping[str, VariableSetting]
) -> list[str]:
    """The settings of a .env file that do not count, because the environment has another value."""
    return [
        f"{b.name} in {b.origin.place} does not count: load_dotenv does not override the environment, which has another value"
        for b in bindings
        if b.name in variables.FIELDS
        and b.origin.kind == "dotenv"
        and (w := winners[b.name]).origin.kind == "environment"
        and w.value
        and w.value != b.value
    ]
