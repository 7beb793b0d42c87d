"""Durations in words, with their borders between one unit and the next."""

from datetime import timedelta

import pytest

from oai_tui.domain.durations import (
    days_ago,
    format_days,
    format_elapsed,
    format_span,
    format_wait,
    retry_advice,
    time_ago,
)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "a moment ago"),
        (timedelta(seconds=89), "a moment ago"),
        (timedelta(seconds=90), "2 min ago"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(minutes=90), "2 h ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=35), "35 h ago"),
        (timedelta(hours=36), "2 days ago"),
        (timedelta(days=4), "4 days ago"),
    ],
)
def test_how_long_ago_something_was(span: timedelta, words: str) -> None:
    assert time_ago(span) == words


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "today"), (0, "today"), (1, "1 day ago"), (4, "4 days ago")]
)
def test_how_many_days_ago_something_was(days: int, words: str) -> None:
    assert days_ago(days) == words


@pytest.mark.parametrize(("days", "words"), [(0, "0 days"), (1, "1 day"), (90, "90 days")])
def test_a_number_of_days(days: int, words: str) -> None:
    assert format_days(days) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (172_800, "2 days"),
    ],
)
def test_a_span_is_formatted_in_its_largest_unit(seconds: float, words: str) -> None:
    assert format_span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.12, "120 ms"),
        (1, "1 s"),
        (89, "89 s"),
        (90, "2 min"),
        (600, "10 min"),
        (5400, "2 h"),
    ],
)
def test_how_long_something_has_to_be_waited_for(seconds: float, words: str) -> None:
    assert format_wait(seconds) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"), [(None, ""), (0, "0 ms"), (182.4, "182 ms"), (2345, "2.3 s")]
)
def test_a_measured_time(milliseconds: float | None, words: str) -> None:
    assert format_elapsed(milliseconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "Retry now"),
        (0.0004, "Retry now"),
        (0.12, "Retry after 0.12 s"),
        (20, "Retry after 20 s"),
    ],
)
def test_no_wait_is_not_called_one(seconds: float, words: str) -> None:
    assert retry_advice(seconds) == words
