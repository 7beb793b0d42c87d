"""`discover()`: reads all sources of keys and settings and combines them into one result.

Fast and silent: no network, no keyring, no prompt. Values for display have no keys and passwords.

A variable of the environment overrides the one in .env, because `load_dotenv` does not override.
What only .env sets is used only in programs that load it, which a note says.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from oai_tui.credentials.sources import (
    codex_auth,
    dotenv,
    env_names,
    environment,
    environment_d,
    llm_keys,
    shell_startup,
    windows_registry,
)
from oai_tui.credentials.sources.custom_headers import override_notes, overriding_settings
from oai_tui.credentials.sources.inactive import (
    inactive_keys,
    inactive_notes,
    overridden_notes,
    with_origin_file,
)
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.discovery_result import DiscoveryResult, Setting
from oai_tui.domain.keys.credential import Credential, KeyKind, kind_of
from oai_tui.domain.keys.defects import SENDABLE
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import DEFAULT_BASE_URL, Origin, Target

Source = Callable[[Mapping[str, str], Path], SourceResult]
"""Given the environment and the working folder."""

EffectiveSettings = Mapping[str, VariableSetting]
"""Name of a variable to the active setting that overrides all others of that name."""

ACTIVE_SOURCES: dict[str, Source] = {
    "environment": environment.read,
    "dotenv": dotenv.read,
}
"""Sources that this process uses, by name. An earlier one overrides a later one."""

INACTIVE_SOURCES: dict[str, Source] = {
    "start-files": shell_startup.read,
    "environment.d": environment_d.read,
    "registry": windows_registry.read,
    "dotenv-farther": dotenv.read_farther,
}
"""Sources that this process does not use.

They show where its environment was set, and what a new process would get.
"""

OPT_IN_SOURCES: dict[str, Source] = {
    "codex": codex_auth.read,
    "llm": llm_keys.read,
}
"""Other programs' own stores: read only if the user names them."""

_ROLES_TO_TRY = {"inference", "unknown"}
"""Roles of keys that could be the one that the user meant."""


def discover(
    env: Mapping[str, str],
    folder: Path,
    kinds: Sequence[KeyKind],
    *,
    sources: Sequence[str] = (*ACTIVE_SOURCES, *INACTIVE_SOURCES),
    more: Sequence[SourceResult] = (),
) -> DiscoveryResult:
    """Read the sources and return the keys, the settings and what is odd about them.

    `kinds`: the table of key shapes, whose last row matches everything. `sources`: names in
    ACTIVE_SOURCES, INACTIVE_SOURCES and OPT_IN_SOURCES; KeyError for another name. `more`: results
    of active sources that the listed ones override.
    """
    known = {**ACTIVE_SOURCES, **INACTIVE_SOURCES, **OPT_IN_SOURCES}
    results = {name: known[name](env, folder) for name in sources}
    active_results = [result for name, result in results.items() if name in ACTIVE_SOURCES]
    active_results += more
    inactive_results = [result for name, result in results.items() if name not in ACTIVE_SOURCES]

    inactive = _settings_of(inactive_results)
    active = with_origin_file(_settings_of(active_results), inactive)
    effective: dict[str, VariableSetting] = {}
    for setting in active:
        effective.setdefault(setting.name, setting)

    overriding = overriding_settings(effective)
    used = [*overriding, *active]
    used_by_name = {**effective, **{setting.name: setting for setting in overriding}}
    credentials = _active_credentials(used, used_by_name, kinds)
    inactive_credentials = _inactive_credentials(
        inactive_keys(inactive, effective), effective, kinds
    )
    startup = tuple(each for each in inactive_credentials if each.origin.kind == "startup")
    all_results = (*active_results, *inactive_results)
    return DiscoveryResult(
        credentials=tuple(
            replace(each, others=_other_keys(each, (*credentials, *startup)))
            for each in credentials
        ),
        inactive=inactive_credentials,
        target=_target(used_by_name),
        settings=_displayed_settings(used, effective),
        notes=(
            *_notes(active, effective),
            *overridden_notes(active, effective),
            *inactive_notes(inactive, effective),
            *(note for result in all_results for note in result.notes),
        ),
        certificate_notes=_ignored_notes(effective, env_names.BACKGROUND),
        problems=tuple(problem for result in all_results for problem in result.problems),
        unread=tuple(name for result in active_results for name in result.unread),
    )


def _settings_of(results: Sequence[SourceResult]) -> list[VariableSetting]:
    return [setting for result in results for setting in result.settings]


def _other_keys(credential: Credential, found: Sequence[Credential]) -> tuple[Credential, ...]:
    """The other keys that the user could have meant, each once, in the order of `found`."""
    seen = {credential.secret}
    others = []
    for other in found:
        if other.secret not in seen and other.kind.role in _ROLES_TO_TRY:
            seen.add(other.secret)
            others.append(other)
    return tuple(others)


def _inactive_credentials(
    settings: Sequence[VariableSetting],
    effective: EffectiveSettings,
    kinds: Sequence[KeyKind],
) -> tuple[Credential, ...]:
    """The keys that this process does not use.

    One that sets a variable which is set already is shadowed by that. Another program's key sets
    no variable.
    """
    credentials = []
    for setting in settings:
        secret = Secret(setting.value)
        active = effective.get(setting.name) if setting.origin.kind != "program" else None
        credentials.append(
            Credential(
                secret=secret,
                origin=setting.origin,
                kind=kind_of(secret, kinds),
                shadowed_by=active.origin if active is not None else None,
                changed_at=setting.changed_at,
            )
        )
    return tuple(credentials)


def _active_credentials(
    active: Sequence[VariableSetting],
    effective: EffectiveSettings,
    kinds: Sequence[KeyKind],
) -> tuple[Credential, ...]:
    """Every key that is not empty, in the order in which an SDK would take them.

    An empty variable of the environment shadows the key in .env all the same.
    """
    credentials = []
    for name in env_names.KEYS:
        settings = [setting for setting in active if setting.name == name and setting.value]
        for setting in settings:
            is_effective = setting is effective[name]
            overrider = _first_of_its_source(setting, active)
            if overrider is setting:
                overrider = effective[name]
            overridden = [other.origin for other in settings if other is not setting]
            secret = Secret(setting.value)
            credentials.append(
                Credential(
                    secret=secret,
                    origin=setting.origin,
                    kind=kind_of(secret, kinds),
                    changed_at=setting.changed_at,
                    shadows=tuple(overridden) if is_effective else (),
                    shadowed_by=None if is_effective else overrider.origin,
                ),
            )
    return tuple(credentials)


def _first_of_its_source(
    setting: VariableSetting, active: Sequence[VariableSetting]
) -> VariableSetting:
    """The setting that wins over the others of its name in the same source; maybe itself.

    In a .env file that is the last line.
    """
    same = (setting.name, setting.origin.kind)
    return next(each for each in active if (each.name, each.origin.kind) == same)


def _target(effective: EffectiveSettings) -> Target:
    """The target that the effective settings define. An empty setting counts as not set."""
    by_field = {
        field: effective[name]
        for name, field in env_names.FIELDS.items()
        if name in effective and effective[name].value
    }

    def value(field: str) -> str | None:
        return by_field[field].value if field in by_field else None

    return Target(
        base_url=value("base_url") or DEFAULT_BASE_URL,
        organization=value("organization"),
        project=value("project"),
        origins={field: setting.origin for field, setting in by_field.items()},
    )


def _displayed_settings(
    active: Sequence[VariableSetting], effective: EffectiveSettings
) -> tuple[Setting, ...]:
    """The effective settings for display, redacted."""
    keys = [Secret(setting.value) for setting in active if setting.name in env_names.KEYS]
    redact = Redactor(keys)
    displayed = []
    for name in env_names.SHOWN:
        setting = effective.get(name)
        if setting is None or not setting.value:
            continue
        if name == env_names.HEADERS:
            value = visible(redact(_header_names(setting.value)))
        else:
            prefix, rest = _split_login(setting.value)
            value = prefix + visible(redact(rest))
        displayed.append(Setting(name=name, value=value, origin=setting.origin))
    return tuple(displayed)


def _header_names(text: str) -> str:
    """The names in `OPENAI_CUSTOM_HEADERS`, with "…" for each value."""
    names = [line.partition(":")[0].strip() for line in text.splitlines() if ":" in line]
    return ", ".join(f"{name or '(no name)'}: …" for name in names) or "…"


def _split_login(text: str) -> tuple[str, str]:
    """Split a URL, or a proxy without a scheme, after its last @.

    User name and password in the first part are replaced by "…"; it is "" without an @.
    """
    before, at, host = text.rpartition("@")
    if not at:
        return "", host
    scheme, separator, _ = before.partition("://")
    is_scheme = separator and scheme.isalnum() and len(scheme) < 10
    return (f"{scheme}://…@" if is_scheme else "…@"), host


def _notes(active: Sequence[VariableSetting], effective: EffectiveSettings) -> list[str]:
    """Sentences about what is odd about the active settings."""
    notes = list(_ignored_notes(effective, set(env_names.IGNORED) - env_names.BACKGROUND))
    for name, setting in effective.items():
        if name not in env_names.IGNORED:
            overridden = [other for other in active if other.name == name and other is not setting]
            notes += _setting_notes(setting, overridden)
    headers = effective.get(env_names.HEADERS)
    place = _location(headers.origin) if headers is not None else ""
    return [*notes, *override_notes(effective, place)]


def _ignored_notes(effective: EffectiveSettings, names: Collection[str]) -> tuple[str, ...]:
    """Sentences about those of the variables `names` that are set and that the SDKs ignore."""
    return tuple(
        f"{name} is set ({_location(effective[name].origin)}), but {consequence}"
        for name, consequence in env_names.IGNORED.items()
        if name in names and name in effective and effective[name].value
    )


def _setting_notes(setting: VariableSetting, overridden: Sequence[VariableSetting]) -> list[str]:
    """Notes about an effective setting. `overridden`: other active ones of the same name."""
    name, origin = setting.name, setting.origin
    notes = []
    if not setting.value:
        notes += _empty_notes(setting, [other for other in overridden if other.value])
    elif origin.kind == "dotenv":
        notes.append(
            f"{name} is only in {origin.place}: it only applies to programs that load that file"
        )
    notes += [
        f"{name} is in {origin.place} and {other.origin.place}: the later line is used"
        for other in overridden
        if other.origin.kind == origin.kind
    ]
    if name in env_names.FIELDS and setting.value and not SENDABLE.match(setting.value):
        notes.append(f"{name} ({_location(origin)}) contains a space or another invalid character")
    return notes


def _empty_notes(setting: VariableSetting, overridden: Sequence[VariableSetting]) -> list[str]:
    """Notes about an effective setting that is empty."""
    consequence = env_names.EMPTY.get(setting.name)
    if consequence is None and not overridden:
        return []
    note = f"{setting.name} is set but empty ({_location(setting.origin)})"
    notes = [f"{note}: {consequence}" if consequence else note]
    if setting.origin.kind == "environment":
        notes += [
            (
                f"Because of the empty {setting.name}, load_dotenv ignores the value in "
                f"{other.origin.place}: unset it"
            )
            for other in overridden
        ]
    return notes


def _location(origin: Origin) -> str:
    """File and line of an origin; for a variable of the environment, where it was set."""
    if origin.place:
        return origin.place
    return f"environment, set in {origin.set_at}" if origin.set_at else "environment"
