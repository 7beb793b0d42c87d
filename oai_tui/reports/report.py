"""What a report is made of: one Diagnosis and how the page may look. Holds no secret and does no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.reports.style import PLAIN, Style

if TYPE_CHECKING:
    from oai_tui.domain.profile_diff import ProfileDiff

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A Diagnosis to be told. `mode`: the command that made it ("check"). `exit_code`: what the process will end with, so that a file says it too. `since`: the profile's last good verdict beside this one, None where there is none."""

    diagnosis: Diagnosis
    mode: str
    exit_code: int
    style: Style = PLAIN
    since: "ProfileDiff | None" = None


def redact_strings(value: T, redact: Redactor) -> T:
    """A copy of a noun in which every text has gone through `redact` and shows its control characters.

    A Diagnosis is free of secrets when it is made; this is the second lock on the same door, and what keeps a server's escape sequences out of a terminal.
    """
    return _scrubbed(value, redact)  # type: ignore[return-value]  # each value keeps its own type


def _scrubbed(value: object, redact: Redactor) -> object:
    if isinstance(value, str):
        return visible(redact(value))
    if isinstance(value, tuple):
        return tuple(_scrubbed(item, redact) for item in value)
    if isinstance(value, Mapping):
        return {name: _scrubbed(item, redact) for name, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{item.name: _scrubbed(getattr(value, item.name), redact) for item in fields(value)},
        )
    return value
