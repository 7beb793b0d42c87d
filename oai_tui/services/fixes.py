"""Applies a fix for this run, and lists the lines that make the same change permanent."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote

from oai_tui.diagnosis.verdict import fill_template
from oai_tui.diagnosis.walk import apply_change
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Change, ChangeKind, Target
from oai_tui.knowledge.permanent_fixes import LINES, SettingPlace

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
"""The step from which to walk again after a change: the first one whose answer it can alter."""
_FIELD: dict[ChangeKind, str] = {
    "unset-organization": "organization",
    "unset-project": "project",
    "use-base-url": "base_url",
    "use-model": "model",
}


@dataclass(frozen=True, slots=True)
class PermanentFix:
    """A line that makes a change permanent. `where`: the place the line belongs to."""

    where: SettingPlace
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedFix:
    """The result of a fix. `restart`: the step to walk again from."""

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
    """Return the lines that make a change permanent, without repetition.

    The lines for the place that set the old value come first.
    """
    origin = (
        credential.origin
        if change.kind in {"use-cleaned-key", "use-other-key"} and credential
        else target.origin(_FIELD.get(change.kind, ""))
    )
    file, _, line = origin.place.rpartition(":")
    value = str(facts.get(change.fact, "")) if change.fact else ""
    words = {
        "value": value,
        "quoted": quote(value) if value else "",
        "literal": json.dumps(value) if value else "",
        "file": quote(file) if file else "",
        "line": line,
        "profile": origin.name if origin.kind == "keyring" else "NAME",
        "host": target.host if _SHELL_SAFE.fullmatch(target.host) else "",
        "no_proxy": "no_proxy" if "no_proxy=" in str(facts.get("no_proxy_command")) else "NO_PROXY",
    }
    own = [entry for entry in LINES if entry.change == change.kind and entry.origin == origin.kind]
    own_places = {entry.where for entry in own}
    general = [
        entry
        for entry in LINES
        if entry.change == change.kind and entry.origin is None and entry.where not in own_places
    ]
    filled = [(entry.where, fill_template(entry.text, words)) for entry in [*own, *general]]
    return tuple(PermanentFix(where=where, text=text) for where, text in filled if text is not None)
