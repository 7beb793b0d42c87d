"""Rows for tables of patterns: a regular expression, and next to it a text that it matches.

A sample shows what a pattern is for. tests/diagnosis/text/test_pattern_samples.py matches every
pattern against its sample.
"""

from collections.abc import Iterable

Row = tuple[str, str]
"""A regular expression, and a sample of the text that it matches."""


def any_of(rows: Iterable[Row]) -> str:
    """Return the expressions of all rows as alternatives of one expression (`a|b|c`)."""
    return "|".join([pattern for pattern, _ in rows])
