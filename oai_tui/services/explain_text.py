"""Puts reading and judging together, for what needs neither a key nor a network: a pasted text, or a whole log. Loads nothing else, so that `explain` starts quickly."""

import re
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Final

from oai_tui.diagnosis.text import MAX_CHARS, parse_text
from oai_tui.diagnosis.text.bytes_decoding import Readable, decode
from oai_tui.diagnosis.text.record_starts import count_record_starts
from oai_tui.diagnosis.text_verdict import has_no_failure, text_verdict
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Observation
from oai_tui.knowledge.ambiguous import (
    AMBIGUOUS_CASES,
    CAUSE_PRIORITY,
    NO_FAILURE_EXPLANATION,
    NO_FAILURE_FIXES,
    NO_FAILURE_TITLE,
    STATUSES_OF_FAMILY,
)
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.responders import RESPONDERS

if TYPE_CHECKING:
    from oai_tui.domain.keys.secret import Secret

_DATED: Final = re.compile(
    rb"(?m)^[\W_]{0,4}(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:)"
)
_MANY_LINES: Final = 6
"""Dated lines from which on a text is taken for a log, of which the failure is the smaller part."""


def explain_text(
    text: str, *, now: float, secrets: "Iterable[Secret]" = ()
) -> tuple[FailureReport, ...]:
    """What a pasted text shows, as `explained_input` tells of its bytes; one result at least, but for a text of blanks."""
    found = explain_stream(
        BytesIO(text.encode("utf-8", "replace")), now=now, secrets=secrets
    ).results
    return found or _whole(text, Redactor(secrets), now)


def explain_stream(
    stream: Readable, *, now: float, secrets: "Iterable[Secret]" = (), chunk: int = 1 << 20
) -> ExplainResult:
    """What a file or a pipe of any size shows: one failure, or those of a log, one for each cause, most frequent first. No results for blanks and for a log in which nothing failed.

    `now`: seconds since 1970. `secrets`: keys at hand. `chunk`: bytes of a log that are read at once. Every piece is redacted before anything else reads it.
    A log is what is too large to be pasted, what holds several failures each of which begins a record, and what has many dated lines beside its one failure.
    """
    redact = Redactor(secrets)
    head = _read(stream, MAX_CHARS + 1)
    if len(head) > MAX_CHARS:
        return ExplainResult(results=_log(_After(head, stream), redact, now, chunk)[0], is_log=True)
    if count_record_starts(head) > 1 or b"\0" in head:
        results, is_log = _log(BytesIO(head), redact, now, chunk, head)
        if is_log:
            return ExplainResult(results=results, is_log=True)
    return ExplainResult(results=_whole(decode(head), redact, now), is_log=False)


def _whole(text: str, redact: Redactor, now: float) -> tuple[FailureReport, ...]:
    """The failure that a text shows, judged as one; empty for a text of blanks."""
    return tuple(
        FailureReport(observation=seen, verdict=_judged(seen))
        for seen in parse_text(text, redact=redact, speakers=RESPONDERS, now=now)
    )


def no_failure() -> Verdict:
    """The verdict over a log in which nothing failed."""
    return _judged(Observation(probe="paste"))


def _judged(seen: Observation) -> Verdict:
    verdict = text_verdict(
        seen,
        CATALOGUE,
        order=CAUSE_PRIORITY,
        unsettled=AMBIGUOUS_CASES,
        statuses=STATUSES_OF_FAMILY,
    )
    if has_no_failure(seen, verdict):
        return replace(
            verdict,
            title=NO_FAILURE_TITLE,
            explanation=NO_FAILURE_EXPLANATION,
            fixes=NO_FAILURE_FIXES,
        )
    return verdict


def _log(
    stream: Readable, redact: Redactor, now: float, chunk: int, text: bytes = b""
) -> tuple[tuple[FailureReport, ...], bool]:
    """The failures of a stream, and whether they make the whole of it, `text`, a log."""
    from oai_tui.diagnosis.failure_counter import FailureCounter
    from oai_tui.diagnosis.text.log_scanner import (
        records,
    )  # what only a log needs: one error is explained sooner without

    tally = FailureCounter(lambda block: _whole(block, redact, now)).add(
        records(stream, chunk=chunk)
    )
    results = tally.results()
    if tally.heads > 1:
        return results, not tally.all_in_one_second and (
            len(results) > 1 or bool(results[0].first_seen)
        )
    return results, bool(results) and 2 * tally.span < len(text) and len(
        _DATED.findall(text)
    ) >= _MANY_LINES


def _read(stream: Readable, size: int) -> bytes:
    """The first `size` bytes, fewer when there are no more."""
    parts, left = [], size
    while left and (part := stream.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


class _After:
    """What was read already, and then the rest of the stream."""

    def __init__(self, head: bytes, stream: Readable) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        if not self._head:
            return self._stream.read(size)
        part, self._head = self._head[:size], self._head[size:]
        return part
