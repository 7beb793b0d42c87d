"""Result of reading one source: variables with file and line, plus notes and read errors.

A value is not yet a Secret: it may be a key, an organization or a proxy. `repr` hides it.
"""

from dataclasses import dataclass, field

from oai_tui.domain.target import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSetting:
    """One variable with its value and origin."""

    name: str
    value: str = field(repr=False)
    origin: Origin
    changed_at: float | None = None
    """When the file was last changed, in seconds since 1970; None if not known."""
    computed: bool = False
    """A program computes the value, so it is not known here and `value` is ""."""
    exported: bool = True
    """Programs get the variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """The result of reading one source.

    `settings`: one comes before those that it overrides. `notes` and `problems` are sentences for
    the user and hold no values. `unread`: the names of files that `load_dotenv` would read and that
    were not read, so they may hold a key.
    """

    settings: tuple[VariableSetting, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
