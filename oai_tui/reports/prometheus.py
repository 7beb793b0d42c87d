"""The report on a check in Prometheus' text exposition format 0.0.4.

The node exporter's textfile collector reads it. Every sample is labelled by the name of the check
or profile; no label carries a part of a key. A metric without a value is left out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from oai_tui.reports.report import Batch, Report
from oai_tui.reports.style import Style

Sample = tuple[dict[str, str], float]
_PREFIX = "oai_tui_"


class _Metric(NamedTuple):
    """name: without the prefix. help: one line."""

    name: str
    help: str


_UP = _Metric("up", "1 if everything that was tested works, else 0.")
_CAUSE = _Metric("check_cause", "1 for the cause of the failed check.")
_EXIT_CODE = _Metric("check_exit_code", "The exit code of the check alone.")
_DURATION = _Metric("check_duration_seconds", "The time that the check took.")
_PROBE = _Metric("probe_seconds", "The time of all requests of one stage of the check.")
_LIMIT = _Metric("ratelimit_limit", "The rate limit, from the headers of the last response.")
_REMAINING = _Metric("ratelimit_remaining", "What is left of the rate limit.")
_AGE = _Metric("key_age_days", "Whole days since the key was first saved in its profile.")
_LAST = _Metric("last_check_timestamp_seconds", "When the check started, in seconds since 1970.")
_METRICS = (_UP, _CAUSE, _EXIT_CODE, _DURATION, _PROBE, _LIMIT, _REMAINING, _AGE, _LAST)
_UNITS = ("requests", "tokens")


def render(report: Report) -> str:
    """Return the page, ending in a newline."""
    return _page((report,), report.style)


def render_batch(batch: Batch) -> str:
    """Return one page for several checks. Of two with the same name, the second gets a number."""
    return _page(batch.reports, batch.style)


def _page(reports: tuple[Report, ...], style: Style) -> str:
    by_metric: dict[_Metric, list[Sample]] = {metric: [] for metric in _METRICS}
    for name, report in zip(_names(reports), reports, strict=True):
        for metric, labels, value in _samples(report):
            by_metric[metric].append(({"profile": name, **labels}, value))
    return "".join(
        f"{line}\n"
        for metric, samples in by_metric.items()
        if samples
        for line in _lines(metric, samples, style)
    )


def _names(reports: tuple[Report, ...]) -> Iterator[str]:
    """Yield a different name for each report: one series may have one sample only."""
    seen: set[str] = set()
    for report in reports:
        name, number = report.label, 2
        while name in seen:
            name, number = f"{report.label} {number}", number + 1
        seen.add(name)
        yield name


def _samples(report: Report) -> Iterator[tuple[_Metric, dict[str, str], float]]:
    diagnosis = report.diagnosis
    verdict, facts = diagnosis.verdict, diagnosis.facts
    yield _UP, {}, float(report.exit_code == 0)
    if report.exit_code:
        yield _CAUSE, {"cause": verdict.cause or verdict.outcome}, 1
    yield _EXIT_CODE, {}, report.exit_code
    yield _DURATION, {}, diagnosis.elapsed_ms / 1000
    took: dict[str, float] = {}
    for record in diagnosis.trail:
        if (ms := record.observation.timings.total_ms) is not None:
            took[record.stage] = took.get(record.stage, 0.0) + ms
    for stage, ms in took.items():
        yield _PROBE, {"stage": stage}, ms / 1000
    for metric, prefix in ((_LIMIT, "limit"), (_REMAINING, "remaining")):
        for unit in _UNITS:
            value = facts.get(f"{prefix}_{unit}")
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield metric, {"kind": unit}, value
    if report.key_age_days is not None:
        yield _AGE, {}, report.key_age_days
    yield _LAST, {}, diagnosis.started_at.timestamp()


def _lines(metric: _Metric, samples: list[Sample], style: Style) -> Iterator[str]:
    name = _PREFIX + metric.name
    yield f"# HELP {name} {metric.help}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        inner = ",".join(
            f'{label}="{_escaped(style.encodable(text))}"' for label, text in labels.items()
        )
        yield f"{name}{{{inner}}} {_number(value)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".")
