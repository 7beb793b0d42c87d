"""Durations in words, each for one purpose. All round to the nearest unit."""

from datetime import timedelta

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400
SOON_S = 0.001
"""Seconds below which there is nothing to wait for."""


def time_ago(span: timedelta) -> str:
    """Return how long ago something was: "a moment ago", "5 min ago", "35 h ago", "4 days ago"."""
    seconds = max(0.0, span.total_seconds())
    if seconds < 1.5 * MINUTE_S:
        return "a moment ago"
    if seconds < 1.5 * HOUR_S:
        return f"{seconds / MINUTE_S:.0f} min ago"
    if seconds < 1.5 * DAY_S:
        return f"{seconds / HOUR_S:.0f} h ago"
    return f"{seconds / DAY_S:.0f} days ago"


def days_ago(days: int) -> str:
    """Return "today" or how many whole days ago something was: "1 day ago", "4 days ago"."""
    return "today" if days < 1 else f"{format_days(days)} ago"


def format_days(days: int) -> str:
    """Return a number of days: "1 day", "0 days", "90 days"."""
    return f"{days} day{'' if days == 1 else 's'}"


def format_span(seconds: float) -> str:
    """Return a span in the largest unit of which it has two or more: "90 minutes", "2 hours"."""
    size, unit = next(
        (size, unit)
        for size, unit in (
            (DAY_S, "days"),
            (HOUR_S, "hours"),
            (MINUTE_S, "minutes"),
            (1, "seconds"),
        )
        if seconds >= 2 * size or size == 1
    )
    return f"{seconds / size:.0f} {unit}"


def format_wait(seconds: float) -> str:
    """Return how long something has to be waited for: "120 ms", "20 s", "10 min", "2 h"."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 1.5 * MINUTE_S:
        return f"{seconds:.0f} s"
    return (
        f"{seconds / MINUTE_S:.0f} min" if seconds < 1.5 * HOUR_S else f"{seconds / HOUR_S:.0f} h"
    )


def format_retry(seconds: float) -> str:
    """Return how long to wait before a retry: "0.12 s", "20 s", "2 days"."""
    return f"{seconds:g} s" if seconds < 2 * DAY_S else format_span(seconds)


def retry_advice(seconds: float) -> str:
    """Return when to retry, as the beginning of a sentence: "Retry after 20 s", "Retry now"."""
    return f"Retry after {format_retry(seconds)}" if seconds >= SOON_S else "Retry now"


def format_elapsed(milliseconds: float | None) -> str:
    """Return a measured time: "182 ms", "2.3 s"; "" for one that was not measured."""
    if milliseconds is None:
        return ""
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:.1f} s"
