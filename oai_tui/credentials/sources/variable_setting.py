"""What one source of variables hands over: its bindings, each with the place it stands, and what is odd or unreadable about the source.

A value here is not yet a Secret: it may be a key, an organization or a proxy. `repr` shows none of it.
"""

from dataclasses import dataclass, field

from oai_tui.domain.target import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSetting:
    """One variable with its value and place. `changed_at`: when the file was last changed, in seconds since 1970, None where that is not known.

    `computed`: the value is worked out by a program, so it is not known here and `value` is "". `exported`: whether programs get it.
    """

    name: str
    value: str = field(repr=False)
    origin: Origin
    changed_at: float | None = None
    computed: bool = False
    exported: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """One source, read. `bindings`: the one that counts comes before those it overrides. `notes` and `problems` are sentences for people and hold no values."""

    settings: tuple[VariableSetting, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
