"""The data of a report, and the redaction of all its texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import visible
from oai_tui.reports.style import PLAIN, Style

if TYPE_CHECKING:
    from oai_tui.domain.profile_diff import ProfileDiff

T = TypeVar("T")
Redact = Callable[[str], str]
"""Hides the secrets in a text: a Redactor, or the function that services return."""
Severity = Literal["error", "warning"]
"""Whether a failed check changes the exit code ("error") or is reported only ("warning")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A Diagnosis with the style of the page. It contains no secret."""

    diagnosis: Diagnosis
    mode: str
    """The command that made it, such as "check"."""
    exit_code: int
    """The exit code of the process, which a report in a file would not show otherwise."""
    style: Style = PLAIN
    since: "ProfileDiff | None" = None
    """The changes since the profile's last successful run; None without such a run."""
    name: str = ""
    """The name of the check; "" for the origin of the key."""
    environment: str = ""
    """The environment that the check belongs to, such as "production"; may be empty."""
    severity: Severity = "error"
    key_age_days: int | None = None
    """For how many whole days the key has been saved; None for a key that is no profile's."""

    @property
    def label(self) -> str:
        """Return the name of the check, else the profile or the place of the key."""
        return self.name or label_of(self.diagnosis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The reports on several checks, for one page."""

    reports: tuple[Report, ...]
    mode: str
    version: str
    exit_code: int
    """The exit code of the process."""
    style: Style = PLAIN
    has_matrix: bool = False
    """The text report begins with a matrix of checks and stages, and details failures only."""


def label_of(diagnosis: Diagnosis) -> str:
    """Return the profile or the place of the checked key; "default" if there is no key."""
    if diagnosis.credential is None:
        return "default"
    origin = diagnosis.credential.origin
    return origin.place or origin.name or origin.label


def redact_strings(value: T, redact: Redact) -> T:
    """Return a copy of a dataclass in which every string is redacted and printable.

    A Diagnosis is redacted when it is made. This second pass catches what that one missed, and
    keeps the escape sequences of a server out of the terminal.
    """
    return _redacted(value, redact)  # type: ignore[return-value]  # each value keeps its own type


def _redacted(value: object, redact: Redact) -> object:
    if isinstance(value, str):
        return visible(redact(value))
    if isinstance(value, tuple):
        return tuple(_redacted(item, redact) for item in value)
    if isinstance(value, Mapping):
        return {name: _redacted(item, redact) for name, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{item.name: _redacted(getattr(value, item.name), redact) for item in fields(value)},
        )
    return value
