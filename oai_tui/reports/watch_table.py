"""The page of `oai-tui watch` as text: one row a check, with latency, headroom and last change."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from oai_tui.domain.durations import format_elapsed, time_ago
from oai_tui.reports.key_limits import limits_of
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import OUTCOMES
from oai_tui.reports.watch_state import WatchedCheck, WatchState

_BARS = "▁▂▃▄▅▆▇█"
_ASCII_BARS = "_.-=+*#@"
_MAX_NAME = 24
_MAX_CAUSE = 28
_GAUGE = 5
_MIN_WIDTH_FOR_LATENCY = 72
_MIN_WIDTH_FOR_HEADROOM = 96


def lines(
    state: WatchState, style: Style, *, now: datetime, every_s: float, rows: int | None = None
) -> Iterator[str]:
    """Yield the page. rows: the maximum of rows for checks, None for all; failed ones come first.

    Each line fits the width of the style.
    """
    works = sum(check.status.code == 0 for check in state.checks)
    yield style.paint(
        "quiet",
        f"{now:%H:%M:%S} UTC · round {state.round} · {works} of {len(state.checks)} work · "
        f"every {every_s:g} s · Ctrl+C stops"[: style.width],
    )
    checks = state.checks
    if rows is not None and len(checks) > rows:
        checks = sorted(checks, key=lambda check: check.status.code == 0)[: max(1, rows - 1)]
    name = min(max((len(check.name) for check in checks), default=0), _MAX_NAME)
    cause = min(max((len(check.status.text) for check in checks), default=0), _MAX_CAUSE)
    for check in checks:
        yield _row(check, style, now, name, cause)
    if len(checks) < len(state.checks):
        yield style.paint("quiet", f"  … and {len(state.checks) - len(checks)} more")


def _row(check: WatchedCheck, style: Style, now: datetime, name: int, cause: int) -> str:
    mark, paint = OUTCOMES[check.result.diagnosis.verdict.outcome]
    cells = [(f"{mark} {_cut(check.name, name)}", paint), (_cut(check.status.text, cause), paint)]
    if style.width >= _MIN_WIDTH_FOR_LATENCY:
        cells.append((_latency(list(check.latencies), style), "quiet"))
    if style.width >= _MIN_WIDTH_FOR_HEADROOM and (gauges := _headroom(check, style)):
        cells.append((gauges, "quiet"))
    if check.changed_at is not None and check.before is not None:
        changed = f"was {check.before.text}, changed {time_ago(now - check.changed_at)}"
        cells.append((changed, "quiet"))
    out, left = [], style.width
    for text, cell_paint in cells:
        shown = text[:left]
        if not shown.strip():
            break
        out.append(style.paint(cell_paint, shown))
        left -= len(shown) + 2
        if left <= 0:
            break
    return "  ".join(out)


def _cut(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"


def _latency(latencies: Sequence[float | None], style: Style) -> str:
    last = latencies[-1] if latencies else None
    return f"{sparkline(latencies, unicode=style.unicode):<20} {format_elapsed(last) or '–':>7}"


def sparkline(values: Sequence[float | None], *, unicode: bool = True) -> str:
    """Return one character a value, from low to high within the values; a blank for None."""
    bars = _BARS if unicode else _ASCII_BARS
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = high - low
    return "".join(
        " "
        if value is None
        else bars[round((value - low) / span * (len(bars) - 1)) if span > 0 else 0]
        for value in values
    )


def _headroom(check: WatchedCheck, style: Style) -> str:
    full, empty = ("█", "░") if style.unicode else ("#", ".")
    gauges = []
    for limit in limits_of(check.result.diagnosis.facts):
        filled = round(limit.headroom * _GAUGE)
        gauge = full * filled + empty * (_GAUGE - filled)
        gauges.append(f"{limit.unit[:3]} {gauge} {limit.headroom:4.0%}")
    return " ".join(gauges)
