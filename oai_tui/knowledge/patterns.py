"""Regular expressions of the knowledge tables, each next to a text that it matches.

A sample is an excerpt of a message or page as some program prints it, and shows what the pattern is
for. tests/knowledge/test_pattern_samples.py matches every pattern against its samples.
"""

Row = tuple[str, str, *tuple[str, ...]]
"""A regular expression, and at least one sample of what it matches."""


class Pattern(str):
    """A regular expression with its samples; everything but the tests uses it as a plain string."""

    __slots__ = ("rows",)
    rows: tuple[Row, ...]
    """The alternatives of which the expression is made, each with its samples."""


def pattern(regex: str, sample: str, *more: str) -> Pattern:
    """Return one regular expression with the texts that it matches."""
    return any_of((regex, sample, *more))


def any_of(*rows: Row) -> Pattern:
    """Return the expressions of all rows as alternatives of one (`a|b|c`)."""
    joined = Pattern("|".join([row[0] for row in rows]))
    joined.rows = rows
    return joined
