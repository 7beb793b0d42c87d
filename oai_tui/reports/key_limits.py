"""The report of `oai-tui limits`: rate limits, what is left of them, and the pace that fits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Diagnosis, Retry, Verdict
from oai_tui.domain.durations import format_wait
from oai_tui.domain.observation import Fact
from oai_tui.knowledge.links import LIMITS
from oai_tui.reports.style import Style

Unit = Literal["requests", "tokens"]
UNITS: tuple[Unit, ...] = ("requests", "tokens")
CAUSE_OF: Mapping[Unit, str] = {
    "requests": "rate-limit-requests",
    "tokens": "rate-limit-tokens",
}
_BAR_WIDTH = 20
_MINUTE_S = 60.0
_DAY_S = 86_400.0
_TOLERANCE = 0.25
"""How far a computed window may be from a minute or a day, as a share of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit. reset_s: seconds until it is full again, None if the responses didn't say."""

    unit: Unit
    limit: float
    remaining: float
    reset_s: float | None

    @property
    def headroom(self) -> float:
        """The share that is left, 0 to 1."""
        return max(0.0, min(1.0, self.remaining / self.limit)) if self.limit > 0 else 0.0

    @property
    def window(self) -> str:
        """ "minute" or "day" if the time to refill shows which; else "".

        The headers don't name the window. A bucket that refills evenly needs reset_s for the used
        part (rate-limits guide), and so limit / used times that for the whole of it.
        """
        used = self.limit - self.remaining
        if self.reset_s is None or used <= 0 or self.reset_s <= 0:
            return ""
        whole_s = self.reset_s * self.limit / used
        for name, seconds in (("minute", _MINUTE_S), ("day", _DAY_S)):
            if abs(whole_s - seconds) <= _TOLERANCE * seconds:
                return name
        return ""


def limits_of(facts: Mapping[str, Fact]) -> tuple[Limit, ...]:
    """Return the limits that the responses named."""
    found = (_limit(facts, unit) for unit in UNITS)
    return tuple(limit for limit in found if limit is not None)


def _limit(facts: Mapping[str, Fact], unit: Unit) -> Limit | None:
    limit, remaining = (_number(facts.get(f"{name}_{unit}")) for name in ("limit", "remaining"))
    if limit is None or remaining is None:
        return None
    return Limit(
        unit=unit, limit=limit, remaining=remaining, reset_s=_number(facts.get(f"reset_{unit}_s"))
    )


def _number(fact: Fact | None) -> float | None:
    is_number = isinstance(fact, int | float) and not isinstance(fact, bool)
    return float(fact) if is_number else None  # type: ignore[arg-type]


def judged(
    diagnosis: Diagnosis, limits: tuple[Limit, ...], minimums: Mapping[Unit, int | None]
) -> Diagnosis:
    """Return the diagnosis with the verdict on the limits, if the check itself found no problem.

    minimums: what must be left of each unit; None where nothing was asked.
    """
    if diagnosis.verdict.outcome != "working":
        return diagnosis
    if not limits:
        return replace(diagnosis, verdict=_unknown(diagnosis, "rate-limit headers", UNITS))
    for limit in limits:
        minimum = minimums.get(limit.unit)
        if minimum is not None and limit.remaining < minimum:
            return replace(diagnosis, verdict=_too_few(diagnosis.verdict, limit, minimum))
    unnamed = [
        unit
        for unit in UNITS
        if minimums.get(unit) is not None and unit not in {limit.unit for limit in limits}
    ]
    if unnamed:
        missing = f"rate-limit headers for {unnamed[0]}"
        return replace(diagnosis, verdict=_unknown(diagnosis, missing, (unnamed[0],)))
    return diagnosis


def _unknown(diagnosis: Diagnosis, missing: str, units: tuple[Unit, ...]) -> Verdict:
    """Return the verdict where the headers are missing. missing: which, for a sentence."""
    if contradiction := diagnosis.facts.get("limits_contradict"):
        missing = f"usable {missing}"
        explanation = (
            f"The rate-limit headers of the response contradict each other ({contradiction}), so "
            "what is left is unknown."
        )
        fix = _look_up(diagnosis)
    elif _has_some(diagnosis.facts, units):
        missing = f"usable {missing}"
        explanation = (
            "The rate-limit headers of the response are incomplete or can't be read, so what is "
            "left is unknown."
        )
        fix = _look_up(diagnosis)
    elif _was_answered(diagnosis):
        explanation = (
            f"The response to the test request has no {missing}, so what is left is unknown."
        )
        fix = _look_up(diagnosis)
    else:
        explanation = (
            "OpenAI sends x-ratelimit headers with responses to inference requests only, and this "
            "run got no response to one."
        )
        fix = Fix(
            text="Allow one minimal billed request (about $0.00001).",
            command="oai-tui limits --inference",
            who="you",
        )
    return replace(
        diagnosis.verdict,
        outcome="undecided",
        cause="unknown",
        family=None,
        confidence="possible",
        title=f"The responses have no {missing}",
        explanation=explanation,
        fixes=(fix,),
    )


def _has_some(facts: Mapping[str, Fact], units: tuple[Unit, ...]) -> bool:
    """Return True if one of the headers of these units was there and could be read."""
    return any(
        name in facts
        for unit in units
        for name in (f"limit_{unit}", f"remaining_{unit}", f"reset_{unit}_s")
    )


def _look_up(diagnosis: Diagnosis) -> Fix:
    if diagnosis.target.is_openai:
        return Fix(text="Look up the limits of the organization.", url=LIMITS, who="you")
    return Fix(text="Ask the server's operator for the limits of this key.", who="you")


def _was_answered(diagnosis: Diagnosis) -> bool:
    """Return True if the billed test request was sent and got a response."""
    return any(
        record.observation.probe == "inference" and record.observation.status is not None
        for record in diagnosis.trail
    )


def _too_few(verdict: Verdict, limit: Limit, minimum: int) -> Verdict:
    return replace(
        verdict,
        outcome="problem",
        cause=CAUSE_OF[limit.unit],
        family="rate-limits",
        confidence="certain",
        title=f"Too few {limit.unit} left",
        explanation=(
            f"{limit.remaining:,.0f} of {limit.limit:,.0f} {limit.unit} are left; "
            f"at least {minimum:,} are required."
        ),
        retry=Retry(helps=limit.limit >= minimum, after_s=limit.reset_s),
        fixes=(
            Fix(text="Wait until the limit resets, or send fewer requests.", who="you")
            if limit.limit >= minimum
            else Fix(
                text="The limit itself is below the minimum: ask for a higher limit.", who="owner"
            ),
        ),
    )


def fields(limits: tuple[Limit, ...]) -> dict[str, Any]:
    """Return the field `headroom` of the JSON document: the share that is left of each unit."""
    shares = {limit.unit: round(limit.headroom, 4) for limit in limits}
    return {"headroom": {unit: shares.get(unit) for unit in UNITS}}


def lines(diagnosis: Diagnosis, limits: tuple[Limit, ...], style: Style) -> list[str]:
    """Return the lines of the text report."""
    return list(_lines(diagnosis, limits, style))


def _lines(diagnosis: Diagnosis, limits: tuple[Limit, ...], style: Style) -> Iterator[str]:
    if not limits:
        return
    yield style.paint("strong", _subject(diagnosis))
    width = max(len(f"{limit.remaining:,.0f} of {limit.limit:,.0f}") for limit in limits)
    for limit in limits:
        filled = round(limit.headroom * _BAR_WIDTH)
        bar = style.paint("good" if limit.headroom > 0.2 else "care", "█" * filled)
        empty = "░" * (_BAR_WIDTH - filled)
        amount = f"{limit.remaining:,.0f} of {limit.limit:,.0f}"
        per = f" per {limit.window}" if limit.window else ""
        reset = "" if limit.reset_s is None else f", full in {format_wait(limit.reset_s)}"
        yield f"  {limit.unit:<9}{bar}{empty} {amount.rjust(width)}{per} left{reset}"
    for unit in UNITS:
        total = _number(diagnosis.facts.get(f"limit_{unit}"))
        if total is not None and unit not in {limit.unit for limit in limits}:
            yield f"  {unit:<9}the limit is {total:,.0f}; the response doesn't say what is left"
    if contradiction := diagnosis.facts.get("limits_contradict"):
        yield f"  ! not shown, because the headers contradict each other: {contradiction}"
    pace = tuple(pace_lines(limits))
    if pace:
        yield ""
        yield from pace


def _subject(diagnosis: Diagnosis) -> str:
    facts = diagnosis.facts
    parts = [str(facts.get("model_for_inference") or diagnosis.target.model or "")]
    parts += [str(facts.get(name) or "") for name in ("organization_seen", "project_seen")]
    return "Rate limits · " + " · ".join(part for part in parts if part)


def pace_lines(limits: tuple[Limit, ...]) -> Iterator[str]:
    """Yield how often a request fits into the limits; nothing where their window is not known."""
    by_unit = {limit.unit: limit for limit in limits if limit.window}
    requests, tokens = by_unit.get("requests"), by_unit.get("tokens")
    if requests is None or requests.limit <= 0:
        return
    seconds = (_MINUTE_S if requests.window == "minute" else _DAY_S) / requests.limit
    yield f"At an even pace: one request every {format_wait(seconds)}"
    if tokens is not None and tokens.window == requests.window:
        each = tokens.limit / requests.limit
        yield f"with at most {each:,.0f} tokens each (input and max_output_tokens)"
