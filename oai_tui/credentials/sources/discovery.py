"""What this process and this folder say: every key found, the settings in force, and what is odd about them.

Quick and silent: no network, no keyring, no prompt. Values that are shown are free of keys and passwords.
A variable of the environment wins over the .env's, because `load_dotenv` does not override; and what only the .env sets is in force only in programs that load it, which a note says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from oai_tui.credentials.sources import (
    codex_auth,
    dotenv,
    environment,
    environment_d,
    llm_keys,
    windows_registry,
)
from oai_tui.credentials.sources import env_names as variables
from oai_tui.credentials.sources import inactive as elsewhere
from oai_tui.credentials.sources import shell_startup as start_files
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.discovery_result import DiscoveryResult, Setting
from oai_tui.domain.keys.credential import Credential, KeyKind, kind_of
from oai_tui.domain.keys.defects import SENDABLE
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import DEFAULT_BASE_URL, Origin, Target

Source = Callable[[Mapping[str, str], Path], SourceResult]
"""Given the environment and the folder."""

ACTIVE_SOURCES: dict[str, Source] = {
    "environment": environment.read,
    "dotenv": dotenv.read,
}
"""What is in force here, by name, the one that wins first."""

INACTIVE_SOURCES: dict[str, Source] = {
    "start-files": start_files.read,
    "environment.d": environment_d.read,
    "registry": windows_registry.read,
    "dotenv-farther": dotenv.read_farther,
}
"""What is not in force in this process, but tells where its environment was set, and what a new one would get."""

OPT_IN_SOURCES: dict[str, Source] = {
    "codex": codex_auth.read,
    "llm": llm_keys.read,
}
"""Other programs' own stores: read when somebody asks for them by name, never otherwise."""


def discover(
    env: Mapping[str, str],
    folder: Path,
    kinds: Sequence[KeyKind],
    *,
    sources: Sequence[str] = (*ACTIVE_SOURCES, *INACTIVE_SOURCES),
    more: Sequence[SourceResult] = (),
) -> DiscoveryResult:
    """Look around. `kinds`: the table of key shapes, its last row fitting everything. `sources`: which of SOURCES, APART and ASKED to ask; KeyError for another name. `more`: readings in force that come after them."""
    known = {**ACTIVE_SOURCES, **INACTIVE_SOURCES, **OPT_IN_SOURCES}
    read = {name: known[name](env, folder) for name in sources}
    readings = [*(found for name, found in read.items() if name in ACTIVE_SOURCES), *more]
    outside = [found for name, found in read.items() if name not in ACTIVE_SOURCES]
    apart = [binding for reading in outside for binding in reading.settings]
    bindings = elsewhere.with_origin_file(
        [binding for reading in readings for binding in reading.settings], apart
    )
    winners: dict[str, VariableSetting] = {}
    for binding in bindings:
        winners.setdefault(binding.name, binding)
    here = _credentials(bindings, winners, kinds)
    there = _inactive(elsewhere.inactive_keys(apart, winners), winners, kinds)
    candidates = (*here, *(one for one in there if one.origin.kind == "startup"))
    return DiscoveryResult(
        credentials=tuple(replace(one, others=_others(one, candidates)) for one in here),
        inactive=there,
        target=_target(winners),
        settings=_settings(bindings, winners),
        notes=(
            *_notes(bindings, winners),
            *elsewhere.overridden_notes(bindings, winners),
            *elsewhere.inactive_notes(apart, winners),
            *(note for reading in (*readings, *outside) for note in reading.notes),
        ),
        problems=tuple(
            problem for reading in (*readings, *outside) for problem in reading.problems
        ),
    )


def _others(one: Credential, found: Sequence[Credential]) -> tuple[Credential, ...]:
    """The other keys that could be meant in its place, each once."""
    seen = {
        each.secret: each
        for each in reversed(found)
        if each.secret != one.secret and each.kind.role in {"inference", "unknown"}
    }
    return tuple(each for each in found if seen.get(each.secret) is each)


def _inactive(
    bindings: Sequence[VariableSetting],
    winners: Mapping[str, VariableSetting],
    kinds: Sequence[KeyKind],
) -> tuple[Credential, ...]:
    """The keys that are not in force here. One that would set a variable which is set already is overshadowed by that."""
    found = []
    for binding in bindings:
        secret, winner = Secret(binding.value), winners.get(binding.name)
        by = winner.origin if winner is not None and binding.origin.kind != "program" else None
        found.append(
            Credential(
                secret=secret,
                origin=binding.origin,
                kind=kind_of(secret, kinds),
                shadowed_by=by,
                changed_at=binding.changed_at,
            )
        )
    return tuple(found)


def _credentials(
    bindings: Sequence[VariableSetting],
    winners: Mapping[str, VariableSetting],
    kinds: Sequence[KeyKind],
) -> tuple[Credential, ...]:
    """Every key that is not empty, in the order in which an SDK would take them. An empty variable of the environment overshadows the .env's key all the same."""
    found = []
    for name in variables.KEYS:
        for binding in (b for b in bindings if b.name == name and b.value):
            secret, winner = Secret(binding.value), winners[name]
            found.append(
                Credential(
                    secret=secret,
                    origin=binding.origin,
                    kind=kind_of(secret, kinds),
                    changed_at=binding.changed_at,
                    shadows=tuple(
                        b.origin
                        for b in bindings
                        if b.name == name and b.value and b is not binding
                    )
                    if binding is winner
                    else (),
                    shadowed_by=None if binding is winner else winner.origin,
                ),
            )
    return tuple(found)


def _target(winners: Mapping[str, VariableSetting]) -> Target:
    """The settings in force, an empty one counting as none."""
    set_ = {
        field: winners[name]
        for name, field in variables.FIELDS.items()
        if name in winners and winners[name].value
    }

    def value(field: str) -> str | None:
        return set_[field].value if field in set_ else None

    return Target(
        base_url=value("base_url") or DEFAULT_BASE_URL,
        organization=value("organization"),
        project=value("project"),
        origins={field: binding.origin for field, binding in set_.items()},
    )


def _settings(
    bindings: Sequence[VariableSetting], winners: Mapping[str, VariableSetting]
) -> tuple[Setting, ...]:
    redact = Redactor([Secret(b.value) for b in bindings if b.name in variables.KEYS])
    shown = []
    for name in variables.SHOWN:
        if name in winners and winners[name].value:
            prefix, text = (
                ("", _header_names(winners[name].value))
                if name == variables.HEADERS
                else _without_password(winners[name].value)
            )
            shown.append(
                Setting(
                    name=name, value=prefix + visible(redact(text)), origin=winners[name].origin
                )
            )
    return tuple(shown)


def _header_names(text: str) -> str:
    """`OPENAI_CUSTOM_HEADERS` without its values."""
    return (
        ", ".join(
            f"{line.partition(':')[0].strip()}: …" for line in text.splitlines() if ":" in line
        )
        or "…"
    )


def _without_password(text: str) -> tuple[str, str]:
    """A URL, or a proxy without a scheme, in two parts: what stands before its last @, hidden, and the rest."""
    before, at, host = text.rpartition("@")
    scheme, mark, _ = before.partition("://")
    prefix = f"{scheme}://" if mark and scheme.isalnum() and len(scheme) < 10 else ""
    return (f"{prefix}…@" if at else "", host)


def _notes(
    bindings: Sequence[VariableSetting], winners: Mapping[str, VariableSetting]
) -> list[str]:
    notes = [
        f"{name} is set ({_where(winners[name].origin)}), but {said}"
        for name, said in variables.IGNORED.items()
        if name in winners and winners[name].value
    ]
    for name, winner in winners.items():
        if name in variables.IGNORED:
            continue
        lower = [b for b in bindings if b.name == name and b is not winner]
        if not winner.value:
            notes += _empty_notes(winner, [b for b in lower if b.value])
        elif winner.origin.kind == "dotenv":
            notes.append(
                f"{name} stands in {winner.origin.place} alone: it counts only in a program that loads that file"
            )
        notes += [
            f"{name} stands in {winner.origin.place} and {b.origin.place}: the later line counts"
            for b in lower
            if b.origin.kind == winner.origin.kind
        ]
        if name in variables.FIELDS and winner.value and not SENDABLE.match(winner.value):
            notes.append(
                f"{name} ({_where(winner.origin)}) holds a blank or another character that does not belong there"
            )
    return notes + _header_notes(winners)


def _empty_notes(winner: VariableSetting, hidden: Sequence[VariableSetting]) -> list[str]:
    said = variables.EMPTY.get(winner.name)
    if said is None and not hidden:
        return []
    notes = [
        f"{winner.name} is set but empty ({_where(winner.origin)})" + (f": {said}" if said else "")
    ]
    if winner.origin.kind == "environment":
        notes += [
            f"The empty {winner.name} keeps load_dotenv from using the value in {b.origin.place}: unset it"
            for b in hidden
        ]
    return notes


def _header_notes(winners: Mapping[str, VariableSetting]) -> list[str]:
    binding = winners.get(variables.HEADERS)
    if binding is None or not binding.value:
        return []
    names = {
        line.partition(":")[0].strip().lower() for line in binding.value.splitlines() if ":" in line
    }
    notes = [
        f"{variables.HEADERS} ({_where(binding.origin)}) adds headers to every call of the official SDKs; this check does not send them"
    ]
    if "authorization" in names:
        notes.append(
            f"{variables.HEADERS} sets Authorization, which overrides the key that the SDKs would send"
        )
    return notes


def _where(origin: Origin) -> str:
    return origin.place or (
        f"environment, set in {origin.set_at}" if origin.set_at else "environment"
    )
