"""Give the verdict over an observation that was read from a text.

A walk knows from its steps which causes are possible. A text has no steps, so the symptoms of all
causes are searched, and the strongest one selects the cause; a table says which of two equally
strong ones wins. Where a text fits several causes, the verdict says so. Pure.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from oai_tui.diagnosis.symptom_index import SymptomIndex
from oai_tui.diagnosis.text.failure_mentions import mentions_failure
from oai_tui.diagnosis.text.guesses import without_guesses_in
from oai_tui.diagnosis.text.truncation import is_open, is_truncated
from oai_tui.diagnosis.verdict import UNKNOWN, verdict_of
from oai_tui.domain.cause import Alternative, AmbiguousCase, Catalogue, Cause, Family, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.diagnosis import CauseMatch, Retry, Verdict
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import ErrorBody, FailureKind, Observation

StatusesOfFamily = Mapping[Family, tuple[int, ...]]
"""The statuses with which an API refuses a call for a cause of a family."""

_MAX_ALTERNATIVES = 5
_ANSWERED_FAMILIES: tuple[Family, ...] = (
    "organization-and-project",
    "permission",
    "billing",
    "rate-limits",
    "service",
)
"""Families whose causes show in an answer only."""
_NOBODY_ASKED: tuple[FailureKind, ...] = (
    "dns",
    "refused",
    "unreachable",
    "connect-timeout",
    "read-timeout",
    "reset",
    "tls-untrusted",
    "tls-invalid",
    "tls-protocol",
    "proxy-unreachable",
    "proxy-auth",
    "proxy-refused",
)
"""Failures in which nobody answered, so that nobody can have refused a key. A program that says so
all the same guessed."""
_REFUSED_KEYS = frozenset({"key-invalid", "key-expired", "key-other-provider", "token-expired"})
_PASSING_STATUSES = frozenset({429, 500, 502, 503, 504, 520, 522, 524, 529})
_PASSING = LazyPattern(
    r"\brate.?limit|\btoo many requests\b|\boverloaded\b|\btry again (?:in|later)\b"
)
"""Words for what passes by waiting."""
_MONEY = LazyPattern(
    r"quota|budget|balance|credit|billing|payment|insufficient|arrear|额度|余额|欠费|令牌|渠道"
    r"|\bkey\b|no (?:available )?(?:channel|provider|endpoint)"
)
"""Words for what does not."""
_LINK = re.compile(r"https?://\S+")
"""A link to a page about billing says nothing about money."""
_KEY_VARIABLE = re.compile(r"\b[A-Z]{2,20}_API_KEY\b")
_SDK_WITHOUT_ANSWER = LazyPattern(r"\bconnection error\.", "connection error")
"""The message of the SDKs for a call without an answer."""
_CODE_LIKE = re.compile(r"(?<![/\w.-])[a-z]+(?:_[a-z]+)+(?![/\w-])")
"""A word that can be a code: insufficient_quota."""

_STRONG = 0
_MEDIUM = 1
_WEAK = 2


class _RankedCause(NamedTuple):
    """A cause, and its strongest symptom in the observation."""

    cause: str
    symptom: Symptom


def text_verdict(
    seen: Observation,
    symptoms: SymptomIndex,
    *,
    priority: Sequence[str],
    ambiguous_cases: Sequence[AmbiguousCase],
    statuses: StatusesOfFamily,
    before_sending: Sequence[str] = (),
    vague_alternatives: Mapping[str, tuple[Alternative, ...]] = MappingProxyType({}),
) -> Verdict:
    """Return the verdict over one observation.

    priority: the ids of causes; of equally strong symptoms the one of the earlier cause wins.
    ambiguous_cases: the verdicts for what fits several causes and has no strong symptom.
    statuses: words that are likely for a family count only with one of its statuses, because a
    wrapper may have guessed them.
    before_sending: causes that a client reports before it sends anything; without an answer they
    come before all others.
    vague_alternatives: what else a failure can be whose words a client uses for several ones.
    """
    verdict = _judged(seen, symptoms, priority, ambiguous_cases, statuses, before_sending)
    cause = verdict.cause or ""
    if seen.facts.get("failure_words") == "vague" and cause in vague_alternatives:
        named = {each.cause for each in verdict.alternatives}
        others = [each for each in vague_alternatives[cause] if each.cause not in named]
        verdict = replace(
            verdict, confidence="likely", alternatives=(*verdict.alternatives, *others)
        )
    return replace(verdict, retry=_retry_of(verdict, seen))


def _judged(
    seen: Observation,
    symptoms: SymptomIndex,
    priority: Sequence[str],
    ambiguous_cases: Sequence[AmbiguousCase],
    statuses: StatusesOfFamily,
    before_sending: Sequence[str],
) -> Verdict:
    catalogue = symptoms.catalogue
    with_code = _with_code_in_text(seen, symptoms.codes)
    ranked = [
        each
        for each in rank(without_guesses_in(with_code), symptoms, priority)
        if _fits_answer(each, with_code, catalogue, statuses)
    ]
    if not _is_answer(seen):
        ranked.sort(key=lambda each: not _is_before_sending(each, before_sending))
    if ranked and _is_conclusive(ranked[0].symptom):
        return _verdict(ranked, with_code, catalogue, code_is_from_text=with_code is not seen)
    ambiguous = next((case for case in ambiguous_cases if case.when.matches(seen)), None)
    if ambiguous is not None:
        return _verdict_of_ambiguous(ambiguous, seen, catalogue)
    if ranked:
        return _verdict(ranked, seen, catalogue)
    nothing = Symptom(when=When(), confidence="possible")
    return _verdict([_RankedCause(UNKNOWN, nothing)], seen, catalogue)


def _is_answer(seen: Observation) -> bool:
    """Return True if a server answered, or failed to.

    An error without a code that names a variable of the environment is a client's own.
    """
    if seen.status is not None or seen.failure is not None:
        return True
    error = seen.error
    return error is not None and bool(error.code or not _KEY_VARIABLE.search(error.message))


def _is_before_sending(ranked: _RankedCause, causes: Sequence[str]) -> bool:
    return ranked.cause in causes and _is_conclusive(ranked.symptom)


def _retry_of(verdict: Verdict, seen: Observation) -> Retry:
    """Return whether a retry helps, by the text where the cause leaves it open.

    Another server's limits and troubles pass like OpenAI's; its money does not come back.
    """
    if verdict.cause != "other-server-answered":
        return verdict.retry
    text = f"{seen.body} {seen.error.message if seen.error else ''}"
    passes = seen.status in _PASSING_STATUSES or _PASSING.search(text) is not None
    if not passes or _MONEY.search(_LINK.sub("", text)):
        return verdict.retry
    wait = seen.facts.get("retry_after_s")
    return Retry(helps=True, after_s=float(wait) if isinstance(wait, (int, float)) else None)


def has_no_failure(seen: Observation, verdict: Verdict) -> bool:
    """Return True if a text shows no failure at all, rather than one of unknown cause."""
    return (
        verdict.outcome == "undecided"
        and seen.failure is None
        and seen.error is None
        and (seen.status is None or seen.status < 400)
        and not mentions_failure(seen.body)
    )


def rank(seen: Observation, symptoms: SymptomIndex, priority: Sequence[str]) -> list[_RankedCause]:
    """Return every cause with a symptom in the observation, strongest first."""
    strongest: dict[str, Symptom] = {}
    for cause, symptom in symptoms.matching(seen):
        strongest[cause] = min(strongest.get(cause, symptom), symptom, key=_weakness)
    position = {cause: number for number, cause in enumerate(priority)}
    last = len(position)
    return sorted(
        (_RankedCause(cause, symptom) for cause, symptom in strongest.items()),
        key=lambda each: (_weakness(each.symptom), position.get(each.cause, last)),
    )


def _fits_answer(
    ranked: _RankedCause, seen: Observation, catalogue: Catalogue, statuses: StatusesOfFamily
) -> bool:
    """Return False if only likely words suggest a cause, and the status contradicts them.

    A 5xx contradicts nothing: it can be the status of a wrapper around another answer.
    """
    symptom = ranked.symptom
    is_words_alone = bool(symptom.when.message) and not symptom.when.failure
    if symptom.confidence == "certain" or not is_words_alone:
        return True
    family = catalogue[ranked.cause].family
    if seen.status is None:
        return not _needs_answer(ranked.cause, family, seen)
    return seen.status >= 500 or family not in statuses or seen.status in statuses[family]


def _needs_answer(cause: str, family: Family, seen: Observation) -> bool:
    """Return True if the cause shows in an answer only, and none came."""
    if seen.failure is not None and family in _ANSWERED_FAMILIES:
        return True
    if seen.failure in _NOBODY_ASKED and cause in _REFUSED_KEYS:
        return True
    if seen.error is not None or family not in (*_ANSWERED_FAMILIES, "key"):
        return False
    return bool(_SDK_WITHOUT_ANSWER.search(f"{seen.body} {seen.detail}"))


def _weakness(symptom: Symptom) -> int:
    """Return how little a symptom says.

    _STRONG: a code, a fact or stable words. _MEDIUM: a type, or the kind of a failure. _WEAK: a
    status alone, or what is possible at most.
    """
    when = symptom.when
    if symptom.confidence == "possible":
        return _WEAK
    if when.code or when.message or when.fact:
        return _STRONG
    return _MEDIUM if when.error_type or when.failure else _WEAK


def _is_conclusive(symptom: Symptom) -> bool:
    return _weakness(symptom) < _WEAK


def _with_code_in_text(seen: Observation, known_codes: Container[str]) -> Observation:
    """Return the observation with a known code that is in its text, outside of an error object.

    An example is "[insufficient_quota] …". The same observation if it has a code in words
    already, or if its text has none.
    """
    if seen.error is not None and seen.error.code and not seen.error.code.isdigit():
        return seen
    words = _CODE_LIKE.findall(f"{seen.body} {seen.detail}".lower())
    code = next((word for word in words if word in known_codes), "")
    if not code:
        return seen
    error = replace(seen.error, code=code) if seen.error else ErrorBody(code=code)
    return replace(seen, error=error)


def _verdict_of_ambiguous(case: AmbiguousCase, seen: Observation, catalogue: Catalogue) -> Verdict:
    symptom = Symptom(when=case.when, confidence="possible")
    verdict = _verdict([_RankedCause(case.cause, symptom)], seen, catalogue)
    return replace(
        verdict,
        explanation=case.explanation,
        alternatives=case.alternatives,
        fixes=case.fixes or verdict.fixes,
    )


def _verdict(
    ranked: Sequence[_RankedCause],
    seen: Observation,
    catalogue: Catalogue,
    *,
    code_is_from_text: bool = False,
) -> Verdict:
    """Return the verdict for the first cause; the other conclusive ones are alternatives.

    code_is_from_text: whether the error's code was found outside of an error object.
    """
    (cause, symptom), *others = ranked
    confidence = symptom.confidence
    is_network = catalogue[cause].family == "network"
    is_several = is_network and bool(symptom.when.failure and catalogue[cause].alternatives)
    if confidence == "certain" and (is_several or _is_doubtful(symptom, seen, code_is_from_text)):
        confidence = "likely"
    verdict = verdict_of(
        CauseMatch(cause=cause, confidence=confidence, evidence=seen),
        seen.facts,
        catalogue,
        key_proved=False,
        warnings=(),
    )
    alternatives = verdict.alternatives
    if confidence != "certain":
        named = {cause, *(alternative.cause for alternative in alternatives)}
        alternatives += tuple(
            _alternative(catalogue[other.cause])
            for other in others
            if other.cause not in named and _is_conclusive(other.symptom)
        )
    return replace(verdict, untested=(), alternatives=alternatives[:_MAX_ALTERNATIVES])


def _alternative(cause: Cause) -> Alternative:
    return Alternative(cause=cause.id, why=f"The text fits it as well. {cause.confirm}".strip())


def _is_doubtful(symptom: Symptom, seen: Observation, code_is_from_text: bool) -> bool:
    """Return True if a certain symptom is not certain in this text.

    This is so if the code is outside of an error object, or if the text was cut off.
    """
    text = seen.body or seen.detail
    if symptom.when.code and code_is_from_text:
        return True
    if symptom.when.code and "{" in text:
        return is_open(text)
    if is_truncated(text):
        return True
    return seen.facts.get("body_kind") == "html" and not text.rstrip().endswith((">", "."))
