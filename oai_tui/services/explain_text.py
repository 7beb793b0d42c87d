"""Puts reading and judging together, for what needs neither a key nor a network: a pasted text, or a whole log. Loads nothing else, so that `explain` starts quickly."""

import re
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Final

from oai_tui.diagnosis.text import LONGEST, read_paste
from oai_tui.diagnosis.text.bytes_decoding import Readable, decoded
from oai_tui.diagnosis.text.record_starts import heads_in
from oai_tui.diagnosis.text_verdict import explain, shows_nothing
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import Explained, Explanation
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Observation
from oai_tui.knowledge import nothing
from oai_tui.knowledge.ambiguous import ORDER, STATUSES, UNSETTLED
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.responders import SPEAKERS

if TYPE_CHECKING:
    from oai_tui.domain.keys.secret import Secret

_DATED: Final = re.compile(
    rb"(?m)^[\W_]{0,4}(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:)"
)
_MANY_LINES: Final = 6
"""Dated lines from which on a text is taken for a log, of which the failure is the smaller part."""


def explained(text: str, *, now: float, secrets: "Iterable[Secret]" = ()) -> tuple[Explained, ...]:
    """What a pasted text shows, as `explained_input` tells of its bytes; one result at least, but for a text of blanks."""
    found = explained_input(
        BytesIO(text.encode("utf-8", "replace")), now=now, secrets=secrets
    ).results
    return found or _whole(text, Redactor(secrets), now)


def explained_input(
    stream: Readable, *, now: float, secrets: "Iterable[Secret]" = (), chunk: int = 1 << 20
) -> Explanation:
    """What a file or a pipe of any size shows: one failure, or those of a log, one for each cause, most frequent first. No results for blanks and for a log in which nothing failed.

    `now`: seconds since 1970. `secrets`: keys at hand. `chunk`: bytes of a log that are read at once. Every piece is redacted before anything else reads it.
    A log is what is too large to be pasted, what holds several failures each of which begins a record, and what has many dated lines beside its one failure.
    """
    redact = Redactor(secrets)
    head = _read(stream, LONGEST + 1)
    if len(head) > LONGEST:
        return Explanation(results=_log(_After(head, stream), redact, now, chunk)[0], is_log=True)
    if heads_in(head) > 1 or b"\0" in head:
        results, is_log = _log(BytesIO(head), redact, now, chunk, head)
        if is_log:
            return Explanation(results=results, is_log=True)
    return Explanation(results=_whole(decoded(head), redact, now), is_log=False)


def _whole(text: str, redact: Redactor, now: float) -> tuple[Explained, ...]:
    """The failure that a text shows, judged as one; empty for a text of blanks."""
    return tuple(
        Explained(observation=seen, verdict=_judged(seen))
        for seen in read_paste(text, redact=redact, speakers=SPEAKERS, now=now)
    )


def no_failure() -> Verdict:
    """The verdict over a log in which nothing failed."""
    return _judged(Observation(probe="paste"))


def _judged(seen: Observation) -> Verdict:
    verdict = explain(seen, CATALOGUE, order=ORDER, unsettled=UNSETTLED, statuses=STATUSES)
    if shows_nothing(seen, verdict):
        return replace(
            verdict, title=nothing.TITLE, explanation=nothing.EXPLANATION, fixes=nothing.FIXES
        )
    return verdict


def _log(
    stream: Readable, redact: Redactor, now: float, chunk: int, text: bytes = b""
) -> tuple[tuple[Explained, ...], bool]:
    """The failures of a stream, and whether they make the whole of it, `text`, a log."""
    from oai_tui.diagnosis.failure_counter import Tally
    from oai_tui.diagnosis.text.log_scanner import (
        records,
    )  # what only a log needs: one error is explained sooner without

    tally = Tally(lambda block: _whole(block, redact, now)).add(records(stream, chunk=chunk))
    results = tally.results()
    if tally.heads > 1:
        return results, not tally.is_one_moment and (
            len(results) > 1 or bool(results[0].first_seen)
        )
    return results, bool(results) and 2 * tally.extent < len(text) and len(
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
