"""Applies a fix for this run, and returns the lines that make the same change permanent."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from shlex import quote

from oai_tui.diagnosis.verdict import fill_template
from oai_tui.diagnosis.walk import apply_change
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Change, ChangeKind, Target
from oai_tui.knowledge.permanent_fixes import LINES, Line, SettingPlace

_SHELL_SAFE = re.compile(r"[\w.:-]+", re.ASCII)
RESTART_STEP: dict[ChangeKind, str] = {
    "unset-organization": "key",
    "unset-project": "key",
    "use-base-url": "settings",
    "use-cleaned-key": "credential",
    "use-model": "model",
    "use-other-key": "credential",
    "skip-proxy": "reach",
}
"""Kind of a change -> the step to walk again from: the first whose answer the change can alter."""
_FIELD: dict[ChangeKind, str] = {
    "unset-organization": "organization",
    "unset-project": "project",
    "use-base-url": "base_url",
    "use-model": "model",
}
"""Kind of a change -> the setting of Target that it changes."""


@dataclass(frozen=True, slots=True)
class PermanentFix:
    """A line that makes a change permanent. where: the kind of place that the line is for."""

    where: SettingPlace
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedFix:
    """The result of a fix. restart: the id of the step to walk again from."""

    target: Target
    credential: Credential | None
    restart: str
    permanent: tuple[PermanentFix, ...]


def apply_fix(
    change: Change, target: Target, credential: Credential | None, facts: Mapping[str, Fact]
) -> AppliedFix:
    """Apply a fix for this run; nothing outside this run is changed."""
    new_target, new_credential = apply_change(change, target, credential, facts)
    return AppliedFix(
        target=new_target,
        credential=new_credential,
        restart=RESTART_STEP[change.kind],
        permanent=permanent_fixes(change, target, credential, facts),
    )


def permanent_fixes(
    change: Change, target: Target, credential: Credential | None, facts: Mapping[str, Fact]
) -> tuple[PermanentFix, ...]:
    """Return the lines that make a change permanent, one for each place.

    Where it is known what set the old value, that place comes first, and of the others only a
    profile is named. A line whose values are not known is left out.
    """
    if change.kind in {"use-cleaned-key", "use-other-key"} and credential:
        origin = credential.origin
    else:
        origin = target.origin(_FIELD.get(change.kind, ""))
    file, _, line = origin.place.rpartition(":")
    set_file, _, set_line = origin.set_at.rpartition(":")
    value = str(facts.get(change.fact, "")) if change.fact else ""
    values = {
        "value": value,
        "quoted": quote(value) if value else "",
        "literal": json.dumps(value) if value else "",
        "file": quote(file) if file else "",
        "line": line,
        "set_file": set_file if set_file.isprintable() else "",
        "set_line": set_line,
        "profile": origin.name if origin.kind == "keyring" else "NAME",
        "host": target.host if _SHELL_SAFE.fullmatch(target.host) else "",
        "no_proxy": "no_proxy" if "no_proxy=" in str(facts.get("no_proxy_command")) else "NO_PROXY",
    }
    entries = [entry for entry in LINES if entry.change == change.kind]
    own = _filled((entry for entry in entries if entry.origin == origin.kind), values)
    general = _filled((entry for entry in entries if entry.origin is None), values)
    if own:
        general = {
            where: text
            for where, text in general.items()
            if where == "profile" and where not in own
        }
    return tuple(PermanentFix(where=where, text=text) for where, text in (own | general).items())


def _filled(entries: Iterable[Line], values: Mapping[str, Fact]) -> dict[SettingPlace, str]:
    """Return the first line for each place whose values are known."""
    lines: dict[SettingPlace, str] = {}
    for entry in entries:
        text = fill_template(entry.text, values)
        if text is not None and entry.where not in lines:
            lines[entry.where] = text
    return lines
