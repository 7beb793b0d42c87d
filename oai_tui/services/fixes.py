"""Applies a fix for this run, and returns the lines that make the same change permanent."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from shlex import quote

from oai_tui.diagnosis.verdict import fill_template
from oai_tui.diagnosis.walk import apply_change
from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Change, ChangeKind, Origin, Target
from oai_tui.knowledge.permanent_fixes import LINES
from oai_tui.knowledge.setting_lines import (
    CUSTOM_HEADERS,
    SETTINGS,
    Action,
    SettingPlace,
    origin_to_change,
    setting_lines,
)

_SHELL_SAFE = re.compile(r"[\w.:-]+", re.ASCII)
RESTART_STEP: dict[ChangeKind, str] = {
    "unset-organization": "key",
    "use-organization": "key",
    "unset-project": "key",
    "use-base-url": "settings",
    "use-cleaned-key": "credential",
    "use-model": "model",
    "use-other-key": "credential",
    "skip-proxy": "reach",
}
"""Kind of a change -> the step to walk again from: the first whose answer the change can alter."""
_COMMAND = re.compile(r"(?P<verb>unset|export) (?P<variable>OPENAI_[A-Z_]+)(?:=(?P<value>.+))?")
"""The command of a fix that sets or unsets a variable, for the rest of a shell's life."""
_ACTION: Mapping[str, Action] = {"unset": "unset", "export": "set"}
_FIELD_OF_VARIABLE = {names.variable: field for field, names in SETTINGS.items()}
_CHANGED: Mapping[ChangeKind, tuple[str, Action]] = {
    "unset-organization": ("organization", "unset"),
    "use-organization": ("organization", "set"),
    "unset-project": ("project", "unset"),
    "use-base-url": ("base_url", "set"),
    "use-cleaned-key": ("key", "set"),
    "use-other-key": ("key", "unset"),
}
"""Kind of a change -> the setting that it changes, and how."""
_SET_ELSEWHERE = frozenset({"flag", "dotenv", "keyring"})
"""Origins of a setting that a command for a variable does not reach."""


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

    Only for the place that set the old value, if that is known; else for every place. A line whose
    values are not known is left out.
    """
    field, action = _CHANGED.get(change.kind, ("", "set"))
    origin = _origin(field, action, target, credential)
    value = str(facts.get(change.fact, "")) if change.fact else ""
    if _changes_at_origin(change, origin):
        own = tuple(
            PermanentFix(where=where, text=text)
            for where, text in setting_lines(field, origin, action, value)
        )
        if own:
            return own
    own = _filled(change, target, origin, facts, of_origin=True)
    return own or _filled(change, target, origin, facts, of_origin=False)


def _changes_at_origin(change: Change, origin: Origin) -> bool:
    """Return whether the setting itself is changed where it was set.

    A cleaned key is best saved as a profile: no line may show it. Only a header that replaces the
    key of every program has to be corrected.
    """
    if change.kind == "use-cleaned-key":
        return origin.name == CUSTOM_HEADERS
    return change.kind in _CHANGED


def with_fixes_at_origin(diagnosis: Diagnosis, credential: Credential | None) -> Diagnosis:
    """Return a diagnosis whose advice names the place that set the wrong value.

    A fix for OPENAI_ORG_ID says `unset OPENAI_ORG_ID`; if the value came from a header in
    OPENAI_CUSTOM_HEADERS, an option, a .env file or a profile, it names that instead.
    """
    fixes = tuple(_at_origin(fix, diagnosis.target, credential) for fix in diagnosis.verdict.fixes)
    return replace(diagnosis, verdict=replace(diagnosis.verdict, fixes=fixes))


def _at_origin(fix: Fix, target: Target, credential: Credential | None) -> Fix:
    """Return the fix with the place that set the value, if its command doesn't reach that place."""
    found = _COMMAND.fullmatch(fix.command)
    field = _FIELD_OF_VARIABLE.get(found["variable"], "") if found else ""
    if found is None or not field:
        return fix
    action = _ACTION[found["verb"]]
    origin = _origin(field, action, target, credential)
    if origin.kind == "environment" and origin.name != CUSTOM_HEADERS:
        variable = origin.name or found["variable"]
        return replace(fix, command=fix.command.replace(found["variable"], variable, 1))
    value = "".join(shlex.split(found["value"] or ""))
    lines = [text for _, text in setting_lines(field, origin, action, value)]
    if not lines and origin.kind not in _SET_ELSEWHERE:
        return fix
    own = lines[0] if lines else f"It is set by {origin.description}."
    return replace(fix, text=f"{fix.text} {own}", command="")


def _origin(field: str, action: Action, target: Target, credential: Credential | None) -> Origin:
    key = credential.origin if credential is not None else None
    return origin_to_change(field, action, target, key)


def _filled(
    change: Change, target: Target, origin: Origin, facts: Mapping[str, Fact], *, of_origin: bool
) -> tuple[PermanentFix, ...]:
    """Return the lines for the place of `origin`, or those for any place, with values filled in.

    A proxy that a variable names is not in a .env file.
    """
    file, _, line = origin.place.rpartition(":")
    value = str(facts.get(change.fact, "")) if change.fact else ""
    values = {
        "value": value,
        "quoted": quote(value) if value else "",
        "literal": json.dumps(value) if value else "",
        "file": quote(file) if file else "",
        "line": line,
        "profile": origin.name if origin.kind == "keyring" else "NAME",
        "host": target.host if _SHELL_SAFE.fullmatch(target.host) else "",
        "no_proxy": "no_proxy" if "no_proxy=" in str(facts.get("no_proxy_command")) else "NO_PROXY",
    }
    left_out = {"dotenv"} if change.kind == "skip-proxy" and facts.get("proxy_variable") else set()
    found = [
        (entry.where, fill_template(entry.text, values))
        for entry in LINES
        if entry.change == change.kind
        and entry.origin == (origin.kind if of_origin else None)
        and entry.where not in left_out
    ]
    return tuple(PermanentFix(where=where, text=text) for where, text in found if text is not None)
