"""Explain a pasted text or a log offline: parse, then give the verdict.

Must not import httpx, keyring or asyncio, because `explain` has to start quickly.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from oai_tui.diagnosis.symptom_index import SymptomIndex
from oai_tui.diagnosis.text import MAX_CHARS, parse_text
from oai_tui.diagnosis.text.bytes_decoding import Readable, decode
from oai_tui.diagnosis.text.container_lines import plain_lines
from oai_tui.diagnosis.text.json_array_lines import array_lines
from oai_tui.diagnosis.text.record_starts import count_record_starts
from oai_tui.diagnosis.text.several_errors import split_errors
from oai_tui.diagnosis.text_verdict import has_no_failure, text_verdict
from oai_tui.domain.condition import as_tuple
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Observation
from oai_tui.knowledge.ambiguous import (
    AMBIGUOUS_CASES,
    BEFORE_SENDING,
    CAUSE_PRIORITY,
    NO_FAILURE_EXPLANATION,
    NO_FAILURE_FIXES,
    NO_FAILURE_TITLE,
    STATUSES_OF_FAMILY,
    VAGUE_ALTERNATIVES,
)
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.responders import RESPONDERS

if TYPE_CHECKING:
    from oai_tui.diagnosis.failure_counter import FailureCounter
    from oai_tui.domain.keys.secret import Secret

_DATED_LINE: Final = re.compile(
    rb"(?m)^[\W_]{0,4}"
    rb"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}"
    rb"|[0-9]{2}:[0-9]{2}:[0-9]{2}"
    rb"|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:)"
)
_MIN_DATED_LINES: Final = 6
"""Dated lines of a text with one failure that make it a log."""
_CONFIDENCES: Final = ("certain", "likely", "possible")
_CAUSES_OF_CODES: Final = {
    code: cause.id
    for cause in CATALOGUE.values()
    for symptom in cause.symptoms
    for code in as_tuple(symptom.when.code)
}
"""The cause of each code of the API."""
_CHUNK_SIZE: Final = 1 << 20
"""Bytes of a log that are read at once."""


def explain_text(
    text: str, *, now: float, secrets: "Iterable[Secret]" = ()
) -> tuple[FailureReport, ...]:
    """Return one report for each failure in a pasted text, as `explain_stream` does for its bytes.

    There is at least one report, unless the text is blank. The text is encoded because logs are
    read as bytes, and a text must count as a log in both functions or in neither.
    """
    data = text.encode("utf-8", "replace")
    reports = explain_stream(BytesIO(data), now=now, secrets=secrets).results
    return reports or explain_one(text, Redactor(secrets), now)


def explain_stream(
    stream: Readable,
    *,
    now: float,
    secrets: "Iterable[Secret]" = (),
    chunk: int = _CHUNK_SIZE,
    parallel: bool = False,
) -> ExplainResult:
    """Return the reports on the failures in a file or a pipe of any size.

    There is one report for a single failure, and for a log one for each cause, most frequent
    first; none for a blank text and for a log without failures. Every piece is redacted before
    anything else reads it.

    A text is a log if it is too large for a paste, if it has several failures that each start a
    record, or if it has many dated lines around its one failure.

    now: seconds since 1970.
    secrets: keys found on this machine, which are hidden in any spelling.
    chunk: bytes of a log that are read at once.
    parallel: whether other processes may be started for a large log; the result is the same.
    """
    redact = Redactor(secrets)
    head = _read(stream, MAX_CHARS + 1)
    if len(head) > MAX_CHARS:
        counter = _count_failures(_Prepended(head, stream), redact, now, chunk, parallel)
        return ExplainResult(results=counter.results(), is_log=True)
    head = array_lines(plain_lines(head))
    if count_record_starts(head) > 1 or b"\0" in head:
        counter = _count_failures(BytesIO(head), redact, now, chunk)
        results = counter.results()
        if _is_log(counter, results, head):
            return ExplainResult(results=results, is_log=True)
    text = decode(head)
    reports = explain_one(text, redact, now)
    if len(pieces := split_errors(text, _CAUSES_OF_CODES)) > 1:
        several = _merged(report for piece in pieces for report in explain_one(piece, redact, now))
        if len(several) > 1:
            return ExplainResult(results=several, is_log=True)
    return ExplainResult(results=reports, is_log=False)


def no_failure() -> Verdict:
    """Return the verdict on a log without failures."""
    return _verdict_over(Observation(probe="paste"))


def explain_one(text: str, redact: Redactor, now: float) -> tuple[FailureReport, ...]:
    """Return the failure of a text that is not a log, or of one record; empty for a blank text.

    Of two readings the first counts, unless the second one names another cause and says more.
    """
    readings = [
        FailureReport(observation=seen, verdict=_verdict_over(seen))
        for seen in parse_text(text, redact=redact, responders=RESPONDERS, now=now)
    ]
    if len({report.verdict.cause for report in readings}) > 1:
        readings.sort(key=_vagueness)
    return tuple(readings[:1])


def _vagueness(report: FailureReport) -> tuple[bool, bool, int, int]:
    """Return how little a reading says: without a cause or a code, how unsure, how few facts."""
    verdict, error = report.verdict, report.observation.error
    return (
        verdict.outcome == "undecided",
        error is None or error.code.lower() not in _CAUSES_OF_CODES,
        _CONFIDENCES.index(verdict.confidence),
        -len(report.observation.facts),
    )


def _merged(reports: Iterable[FailureReport]) -> tuple[FailureReport, ...]:
    """Return one report for each cause, most frequent first; of equals the first in the text."""
    by_cause: dict[str | None, FailureReport] = {}
    for report in reports:
        cause = report.verdict.cause
        if has_no_failure(report.observation, report.verdict):
            continue
        if first := by_cause.get(cause):
            by_cause[cause] = replace(first, count=first.count + 1)
        else:
            by_cause[cause] = report
    return tuple(sorted(by_cause.values(), key=lambda report: -report.count))


def _verdict_over(observation: Observation) -> Verdict:
    verdict = text_verdict(
        observation,
        _symptoms(),
        priority=CAUSE_PRIORITY,
        ambiguous_cases=AMBIGUOUS_CASES,
        statuses=STATUSES_OF_FAMILY,
        before_sending=BEFORE_SENDING,
        vague_alternatives=VAGUE_ALTERNATIVES,
    )
    if has_no_failure(observation, verdict):
        return replace(
            verdict,
            title=NO_FAILURE_TITLE,
            explanation=NO_FAILURE_EXPLANATION,
            fixes=NO_FAILURE_FIXES,
        )
    return verdict


@cache
def _symptoms() -> SymptomIndex:
    return SymptomIndex(CATALOGUE)


def _count_failures(
    stream: Readable, redact: Redactor, now: float, chunk: int, parallel: bool = False
) -> "FailureCounter":
    """Count the failures of a log."""
    # Only a log needs these. Without them one error is explained sooner.
    from oai_tui.diagnosis.failure_counter import FailureCounter
    from oai_tui.diagnosis.text.log_scanner import Record, records

    def read(record: Record) -> tuple[FailureReport, ...]:
        return explain_one(record.text, redact, now)

    if not parallel:
        return FailureCounter(read).add(records(stream, chunk=chunk))
    from oai_tui.services.parallel_log import ParallelLog

    log = ParallelLog(stream, read, chunk=chunk)
    return FailureCounter(log.read).add(log.records())


def _is_log(counter: "FailureCounter", results: tuple[FailureReport, ...], data: bytes) -> bool:
    """Return True if the data is a log, judging by the failures that were counted in it."""
    if counter.record_starts > 1:
        is_dated = bool(results[0].first_seen)
        return not counter.all_in_one_second and (len(results) > 1 or is_dated)
    if not results or 2 * counter.span >= len(data):
        return False
    return len(_DATED_LINE.findall(data)) >= _MIN_DATED_LINES


def _read(stream: Readable, size: int) -> bytes:
    """Return the first `size` bytes of a stream, or all of a shorter one."""
    parts: list[bytes] = []
    missing = size
    while missing:
        part = stream.read(missing)
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class _Prepended:
    """A stream that yields bytes that were read already, then the rest of another stream."""

    def __init__(self, head: bytes, stream: Readable) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes."""
        if not self._head:
            return self._stream.read(size)
        part = self._head[:size]
        self._head = self._head[size:]
        return part
