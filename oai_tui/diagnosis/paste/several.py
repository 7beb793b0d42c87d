"""Tell whether a paste holds one failure or several, and group several by their cause. Pure.

Most pastes hold one failure, told more than once: by an SDK, by what wraps it, by a log. Those are read whole, because what settles the cause may stand anywhere in them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from io import BytesIO

from oai_tui.diagnosis.paste import LONGEST, read_paste
from oai_tui.diagnosis.paste.scan import Finding, scan
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import Explained
from oai_tui.domain.observation import Observation
from oai_tui.domain.speaker import Speaker

_MOST_READ = 8 * LONGEST
"""Characters of a paste in which failures are looked for; of a longer one, the beginning."""


def judged(text: str, judge: Callable[[Observation], Verdict], *, redact: Callable[[str], str], speakers: Sequence[Speaker], now: float) -> tuple[Explained, ...]:
    """Every failure that a paste shows with its verdict, one for each cause, most frequent first; empty for a text of blanks. `now`: seconds since 1970.

    It is taken apart only where its parts have different causes and the whole has one of them: a part of one failure alone says less than the whole, and may say something else.
    """
    whole = tuple(Explained(observation=seen, verdict=judge(seen)) for seen in read_paste(text, redact=redact, speakers=speakers, now=now))
    found = tuple(scan(BytesIO(text[:_MOST_READ].encode("utf-8", "replace")), redact=redact, speakers=speakers, now=now)) if whole else ()
    parts = by_cause((finding, judge(finding.observation)) for finding in found)
    causes = {part.verdict.cause for part in parts}
    if len(causes) > 1 and whole[0].verdict.cause in causes and len(causes - {"unknown"}) > 1:
        return parts
    if len(parts) == 1 and parts[0].verdict.cause == whole[0].verdict.cause:
        return (replace(whole[0], count=parts[0].count, first_seen=parts[0].first_seen, last_seen=parts[0].last_seen),)
    return whole


def by_cause(findings: Iterable[tuple[Finding, Verdict]]) -> tuple[Explained, ...]:
    """One for each cause, most frequent first: the first finding as its example, how often it came in all, and when first and last."""
    groups: dict[str | None, Explained] = {}
    for found, verdict in findings:
        fresh = Explained(observation=found.observation, verdict=verdict, count=found.count, first_seen=found.first_seen, last_seen=found.last_seen)
        known = groups.get(verdict.cause)
        groups[verdict.cause] = fresh if known is None else replace(
            known, count=known.count + fresh.count, first_seen=known.first_seen or fresh.first_seen, last_seen=fresh.last_seen or known.last_seen,
        )
    return tuple(sorted(groups.values(), key=lambda each: -each.count))
