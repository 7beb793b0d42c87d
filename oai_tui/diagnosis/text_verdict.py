"""Judge an observation that was read from a text: every cause's signs are tried, and the strongest in the order of reading is accused. Pure.

A walk asks step by step and so knows which causes can be meant; a text comes without steps, so the order is given as a table, and what cannot be told apart is said to be so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from oai_tui.diagnosis.text.truncation import is_open, is_truncated
from oai_tui.diagnosis.verdict import UNKNOWN, verdict_of
from oai_tui.domain.cause import Alternative, AmbiguousCase, Catalogue, Cause, Family, Symptom
from oai_tui.domain.condition import When, as_tuple
from oai_tui.domain.diagnosis import CauseMatch, Verdict
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import ErrorBody, Observation

_MOST = 5
"""Alternatives that are named at most."""
_FAILURE_WORDS = LazyPattern(
    r"(?:\b(?:error|critical|fatal|traceback)\b|exception\b|\bfail(?:ed|ure|s)?\b|\b(?:denied|refused|forbidden|unauthorized|invalid|incorrect|cannot|could ?n[o'’]t|unable|exceeded)\b)(?!['\"]?\s*[=:]\s*(?:none|null|false|0|\"\"|''))"
)
"""Words with which a text says that something went wrong, though it may not say what."""
_ANSWERED: tuple[Family, ...] = (
    "organization-and-project",
    "permission",
    "billing",
    "rate-limits",
    "service",
)
"""Families whose causes only an answer can show."""
_OUTER = LazyPattern(r"\bconnection error\.", "connection error")
"""What the SDKs say when no answer came."""
_WORD = re.compile(r"(?<![/\w.-])[a-z]+(?:_[a-z]+)+(?![/\w-])")


def text_verdict(
    seen: Observation,
    catalogue: Catalogue,
    *,
    order: Sequence[str],
    unsettled: Sequence[AmbiguousCase],
    statuses: Mapping[Family, tuple[int, ...]],
) -> Verdict:
    """The verdict over one observation. `order`: the ids of causes in which signs of equal strength are believed; `unsettled`: what to say where no sign settles it;
    `statuses`: with which statuses a family's causes come; likely words beside another status are a wrapper's guess and settle nothing.
    """
    spoken = _with_spoken_code(seen, catalogue)
    ranked = [
        pair
        for pair in rank(spoken, catalogue, order)
        if not _is_contradicted(*pair, spoken, catalogue, statuses)
    ]
    if ranked and not _is_weak(ranked[0][1]):
        return _verdict(*ranked[0], spoken, catalogue, ranked[1:], hedged=spoken is not seen)
    if row := next((row for row in unsettled if row.when.matches(seen)), None):
        said = _verdict(
            row.cause, Symptom(when=row.when, confidence="possible"), seen, catalogue, ()
        )
        return replace(said, explanation=row.explanation, alternatives=row.alternatives)
    if ranked:
        return _verdict(*ranked[0], seen, catalogue, ranked[1:])
    return _verdict(UNKNOWN, Symptom(when=When(), confidence="possible"), seen, catalogue, ())


def has_no_failure(seen: Observation, verdict: Verdict) -> bool:
    """Whether a text showed no failure at all, rather than one that cannot be told."""
    return (
        verdict.outcome == "undecided"
        and seen.failure is None
        and seen.error is None
        and (seen.status is None or seen.status < 400)
        and not _FAILURE_WORDS.search(seen.body)
    )


def rank(
    seen: Observation, catalogue: Catalogue, order: Sequence[str]
) -> list[tuple[str, Symptom]]:
    """Every cause with its strongest sign that holds, most credible first."""
    place = {cause: number for number, cause in enumerate(order)}
    found = [(cause.id, sign) for cause in catalogue.values() if (sign := _strongest(cause, seen))]
    return sorted(found, key=lambda pair: (_tier(pair[1]), place.get(pair[0], len(place))))


def _is_contradicted(
    cause: str,
    sign: Symptom,
    seen: Observation,
    catalogue: Catalogue,
    statuses: Mapping[Family, tuple[int, ...]],
) -> bool:
    """Whether a cause that only likely words speak for never comes with the status that was answered. A 5xx may be a wrapper's own, around any other answer. Where no answer came, no words about one count."""
    if sign.confidence == "certain" or not sign.when.message or sign.when.failure:
        return False
    family = catalogue[cause].family
    if seen.status is None:
        return (seen.failure is not None and family in _ANSWERED) or (
            seen.error is None
            and family in (*_ANSWERED, "key")
            and bool(_OUTER.search(f"{seen.body} {seen.detail}"))
        )
    return seen.status < 500 and family in statuses and seen.status not in statuses[family]


def _strongest(cause: Cause, seen: Observation) -> Symptom | None:
    return min(
        (sign for sign in cause.symptoms if sign.when.matches(seen)), key=_tier, default=None
    )


def _tier(sign: Symptom) -> int:
    """How much a sign says: 0 a code, a fact or stable words; 1 a type or the kind of failure; 2 a status alone, or what is merely possible."""
    when = sign.when
    if sign.confidence == "possible":
        return 2
    if when.code or when.message or when.fact:
        return 0
    return 1 if when.error_type or when.failure else 2


def _is_weak(sign: Symptom) -> bool:
    return _tier(sign) == 2


def _with_spoken_code(seen: Observation, catalogue: Catalogue) -> Observation:
    """The observation with a code that its text speaks of outside any error object ("[insufficient_quota] …"); the same observation when it has one or speaks of none."""
    if seen.error is not None and seen.error.code and not seen.error.code.isdigit():
        return seen
    known = {
        code
        for cause in catalogue.values()
        for sign in cause.symptoms
        for code in as_tuple(sign.when.code)
    }
    code = next(
        (word for word in _WORD.findall(f"{seen.body} {seen.detail}".lower()) if word in known), ""
    )
    if not code:
        return seen
    return replace(
        seen, error=replace(seen.error, code=code) if seen.error else ErrorBody(code=code)
    )


def _verdict(
    cause: str,
    sign: Symptom,
    seen: Observation,
    catalogue: Catalogue,
    others: Sequence[tuple[str, Symptom]],
    *,
    hedged: bool = False,
) -> Verdict:
    confidence = (
        "likely"
        if sign.confidence == "certain" and _is_doubtful(sign, seen, hedged=hedged)
        else sign.confidence
    )
    verdict = verdict_of(
        CauseMatch(cause=cause, confidence=confidence, evidence=seen),
        seen.facts,
        catalogue,
        key_proved=False,
        warnings=(),
    )
    named = {alternative.cause for alternative in verdict.alternatives} | {cause}
    more = (
        ()
        if confidence == "certain"
        else tuple(
            Alternative(
                cause=other, why=f"The text fits it as well. {catalogue[other].confirm}".strip()
            )
            for other, sign in others
            if other not in named and not _is_weak(sign)
        )
    )
    return replace(verdict, untested=(), alternatives=(*verdict.alternatives, *more)[:_MOST])


def _is_doubtful(sign: Symptom, seen: Observation, *, hedged: bool) -> bool:
    """Whether what is certain by its sign is less than that in this text: the code stands outside of an error object, or the text breaks off before it is told to the end."""
    text = seen.body or seen.detail
    if sign.when.code and (hedged or "{" in text):
        return hedged or is_open(text)
    return is_truncated(text) or (
        seen.facts.get("body_kind") == "html" and not text.rstrip().endswith((">", "."))
    )
