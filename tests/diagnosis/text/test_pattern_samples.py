"""Every pattern of the tables in diagnosis/text matches the sample next to it.

A table is a module constant whose name ends in _ROWS; failure_words.py has one for each kind of
failure.
"""

import re
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

import oai_tui.diagnosis.text
from oai_tui.diagnosis.text import (
    error_objects,
    hosts,
    record_starts,
    responder_words,
    status_codes,
    truncation,
)
from oai_tui.diagnosis.text.failure_words import FAILURE_WORDS, failure_in
from oai_tui.diagnosis.text.pattern_rows import Row
from oai_tui.domain.keys.redaction import RedactedText


def _modules() -> list[ModuleType]:
    package = oai_tui.diagnosis.text
    return [
        import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)
    ]


def _tables() -> dict[str, tuple[Row, ...]]:
    """Return every table by its name."""
    tables = {
        f"{module.__name__.rpartition('.')[2]} {name}": value
        for module in _modules()
        for name, value in vars(module).items()
        if name.endswith("_ROWS")
    }
    return tables | {f"failure_words {kind}": rows for kind, rows in FAILURE_WORDS}


TABLES = _tables()


def _line(sample: str) -> RedactedText:
    return RedactedText(" ".join(sample.split()))


def test_the_tables_are_found() -> None:
    assert len(TABLES) > 30
    assert all(rows for rows in TABLES.values())


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_every_pattern_matches_its_sample(rows: tuple[Row, ...]) -> None:
    assert [row for row in rows if not re.search(row[0], row[1], re.IGNORECASE)] == []


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_no_pattern_is_in_a_table_twice(rows: tuple[Row, ...]) -> None:
    patterns = [pattern for pattern, _ in rows]
    assert sorted(set(patterns)) == sorted(patterns)


@pytest.mark.parametrize(
    "rows",
    [
        error_objects._HEADER_ROWS,
        hosts._HELP_HOST_ROWS,
        responder_words._VENDOR_ROWS,
    ],
    ids=["headers", "hosts of help pages", "vendors"],
)
def test_a_pattern_of_a_whole_name_matches_all_of_its_sample(rows: tuple[Row, ...]) -> None:
    assert [row for row in rows if not re.fullmatch(row[0], row[1], re.IGNORECASE)] == []


def test_every_sample_of_a_failure_is_read_as_its_kind() -> None:
    read = [
        (kind, failure.kind if failure else None, sample)
        for kind, rows in FAILURE_WORDS
        for _, sample in rows
        for failure in [failure_in(_line(sample))]
    ]
    assert [row for row in read if row[0] != row[1]] == []


def test_every_sample_of_a_status_is_read_as_its_status() -> None:
    read = [
        (sample, status_codes.status_in(RedactedText(sample)))
        for _, sample in status_codes._STATUS_ROWS
    ]
    assert [(sample, status) for sample, status in read if str(status) not in sample] == []


def test_every_class_of_an_exception_stands_for_its_status() -> None:
    assert [
        (status, sample)
        for status, _, sample in status_codes._EXCEPTIONS
        if status_codes.status_meant(RedactedText(sample)) != status
    ] == []


def test_every_sample_of_a_called_host_names_the_host() -> None:
    assert [
        (sample, facts)
        for _, sample in hosts._CALLED_ROWS
        for facts in [hosts.host_facts(RedactedText(sample))]
        if facts.get("host") != "api.openai.com"
    ] == []


def test_every_sample_of_an_incomplete_end_is_truncated() -> None:
    assert [
        sample
        for _, sample in truncation._INCOMPLETE_END_ROWS
        if not truncation.is_truncated(sample)
    ] == []


@pytest.mark.parametrize(
    "rows",
    [record_starts._DATE_ROWS, record_starts._START_ROWS, record_starts._ALONE_ROWS],
    ids=["dates", "starts", "failures by themselves"],
)
def test_every_sample_of_a_record_starts_one(rows: tuple[Row, ...]) -> None:
    assert [
        sample for _, sample in rows if record_starts.count_record_starts(sample.encode()) != 1
    ] == []
