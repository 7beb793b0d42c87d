"""When the wizard may check again by itself: after a wait, or while a change takes effect. Pure."""

import math
from dataclasses import dataclass

from oai_tui.domain.diagnosis import Verdict
from oai_tui.knowledge.change_delays import CHANGE_DELAYS

BILLED_STAGE = "inference"
"""The stage that sends a billed request; it starts with a question."""
MAX_WAIT_S = 900
"""Seconds up to which a wait is counted down; a longer one is only named."""
_RATE_LIMIT_WAIT_S = 20
_OUTAGE_WAIT_S = 30
"""Seconds to wait if the response names no time."""
_MAX_TRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckPlan:
    """How to check again without a key press.

    `interval_s`: seconds before each check. `tries`: the most checks in a row.
    `starts_itself`: True if waiting alone can help; else the user starts it after a change.
    `asks_first`: True if the step that failed is billed: the countdown ends in its question.
    `usual`: a sentence about the usual delay; may be empty.
    """

    interval_s: int
    tries: int = _MAX_TRIES
    starts_itself: bool = False
    asks_first: bool = False
    usual: str = ""


def recheck_plan(verdict: Verdict, failed_stage: str) -> RecheckPlan | None:
    """Return the plan for a verdict; None if checking again by itself is of no use."""
    if verdict.outcome not in {"problem", "undecided"}:
        return None
    asks_first = failed_stage == BILLED_STAGE
    tries = 1 if asks_first else _MAX_TRIES
    if verdict.retry.helps:
        is_limit = verdict.family == "rate-limits"
        usual_s = _RATE_LIMIT_WAIT_S if is_limit else _OUTAGE_WAIT_S
        wait_s = usual_s if verdict.retry.after_s is None else verdict.retry.after_s
        if not wait_s <= MAX_WAIT_S:
            return None
        return RecheckPlan(
            interval_s=max(1, math.ceil(wait_s)),
            tries=tries,
            starts_itself=is_limit or verdict.retry.after_s is not None,
            asks_first=asks_first,
        )
    delay = CHANGE_DELAYS.get(verdict.cause or "")
    if delay is None:
        return None
    return RecheckPlan(
        interval_s=delay.interval_s,
        tries=1 if asks_first else delay.tries,
        asks_first=asks_first,
        usual=delay.usual,
    )
