"""Applies a fix for this run, and returns the lines that make the same change permanent."""

import json
import re
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
from oai_tui.knowledge.permanent_fixes import LINES, SettingPlace

_CUSTOM_HEADERS = "OPENAI_CUSTOM_HEADERS"
_HEADER: dict[ChangeKind, str] = {
    "unset-organization": "OpenAI-Organization",
    "use-organization": "OpenAI-Organization",
    "unset-project": "OpenAI-Project",
    "use-cleaned-key": "Authorization",
    "use-other-key": "Authorization",
}
"""Kind of a change -> the header that can set the old value in OPENAI_CUSTOM_HEADERS."""
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
_DONE_IN_THE_SHELL = frozenset(
    {"unset-organization", "use-organization", "unset-project", "use-base-url"}
)
"""Changes whose advice is a command for a variable of the environment."""
_VARIABLE_OF_COMMAND = re.compile(r"(?:unset|export) (OPENAI_[A-Z_]+)\b")
_SETTING_OF_VARIABLE = {
    "OPENAI_BASE_URL": "base_url",
    "OPENAI_ORG_ID": "organization",
    "OPENAI_PROJECT_ID": "project",
}
"""Variable that the command of a fix sets or unsets -> the setting of Target."""
_SET_ELSEWHERE = frozenset({"flag", "dotenv", "keyring"})
"""Origins of a setting that a command for a variable does not reach."""
_FIELD: dict[ChangeKind, str] = {
    "unset-organization": "organization",
    "use-organization": "organization",
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

    Only for the place that set the old value, if that is known; else for every place. A line whose
    values are not known is left out.
    """
    origin = _origin_of(change, target, credential)
    if (line := _custom_header_line(change, origin)) is not None:
        return (line,)
    own = _filled(change, target, origin, facts, of_origin=True)
    return own or _filled(change, target, origin, facts, of_origin=False)


def with_fixes_at_origin(diagnosis: Diagnosis, credential: Credential | None) -> Diagnosis:
    """Return a diagnosis whose advice names the place that set the wrong value.

    A fix for OPENAI_ORG_ID says `unset OPENAI_ORG_ID`; if the value came from a .env file or a
    profile, it names that instead.
    """
    fixes = tuple(
        _at_origin(fix, diagnosis.target, credential, diagnosis.facts)
        for fix in diagnosis.verdict.fixes
    )
    return replace(diagnosis, verdict=replace(diagnosis.verdict, fixes=fixes))


def _at_origin(
    fix: Fix, target: Target, credential: Credential | None, facts: Mapping[str, Fact]
) -> Fix:
    if fix.apply is None or fix.apply.kind not in _DONE_IN_THE_SHELL:
        return _without_command(fix, target)
    origin = _origin_of(fix.apply, target, credential)
    if (line := _custom_header_line(fix.apply, origin)) is not None:
        return replace(fix, text=f"{fix.text} {line.text}.", command="")
    if origin.kind == "environment":
        return fix
    own = _filled(fix.apply, target, origin, facts, of_origin=True)
    if own:
        return replace(fix, text=f"{fix.text} {own[0].text}", command="")
    return _without_command(fix, target)


def _without_command(fix: Fix, target: Target) -> Fix:
    """Return the fix without its command if the value did not come from the environment."""
    found = _VARIABLE_OF_COMMAND.match(fix.command)
    origin = target.origin(_SETTING_OF_VARIABLE.get(found[1], "") if found else "")
    if origin.kind not in _SET_ELSEWHERE:
        return fix
    return replace(fix, text=f"{fix.text} It is set by {origin.description}.", command="")


def _custom_header_line(change: Change, origin: Origin) -> PermanentFix | None:
    """Return what to change in OPENAI_CUSTOM_HEADERS, if it set the old value."""
    header = _HEADER.get(change.kind)
    if header is None or origin.name != _CUSTOM_HEADERS:
        return None
    where: SettingPlace = "dotenv" if origin.kind == "dotenv" else "shell"
    return PermanentFix(where=where, text=f"Remove {header} from {_CUSTOM_HEADERS}")


def _origin_of(change: Change, target: Target, credential: Credential | None) -> Origin:
    """Return where the value came from that a change replaces."""
    if change.kind in {"use-cleaned-key", "use-other-key"} and credential:
        return credential.origin
    return target.origin(_FIELD.get(change.kind, ""))


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
        "set_at": origin.set_at,
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
