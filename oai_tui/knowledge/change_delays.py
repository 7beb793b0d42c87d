"""How long a change made on OpenAI's side, or in a network, takes to reach the API.

Keys, permissions and memberships: most changes within 15 minutes, a deleted key within seconds
(API reference, overview, 2026-11). IP allowlist: 15 minutes (guide, help article 20001201).
Verification: 15 minutes (message), up to 30 (help centre). No time is published for credit and
limits; the texts say a few minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDelay:
    """The usual delay of a change, and how often it is worth checking again.

    `usual`: a sentence. `interval_s`: seconds between two checks. `tries`: the most checks in a row.
    """

    usual: str
    interval_s: int = 30
    tries: int = 10


_CREDIT = ChangeDelay(usual="New credit can take a few minutes to show.", interval_s=60)
_LIMIT = ChangeDelay(usual="A changed limit can take a few minutes to apply.", interval_s=60)
_KEY_CHANGE = "can take up to 15 minutes to apply."
_PERMISSION = ChangeDelay(usual=f"A changed permission {_KEY_CHANGE}", interval_s=60, tries=15)
_MEMBERSHIP = ChangeDelay(usual=f"A new membership {_KEY_CHANGE}", interval_s=60, tries=15)

CHANGE_DELAYS: Mapping[str, ChangeDelay] = {
    "quota-exhausted": _CREDIT,
    "credit-elsewhere": _CREDIT,
    "billing-inactive": _CREDIT,
    "billing-hard-limit": _LIMIT,
    "spend-limit-project": _LIMIT,
    "spend-limit-organization": _LIMIT,
    "usage-limit-organization": _LIMIT,
    "limit-zero": _LIMIT,
    "scope-missing": _PERMISSION,
    "model-not-allowed": _PERMISSION,
    "organization-membership": _MEMBERSHIP,
    "project-unavailable": _MEMBERSHIP,
    "client-certificate-required": ChangeDelay(
        usual=f"A changed certificate setting {_KEY_CHANGE}", interval_s=60, tries=15
    ),
    "ip-not-allowed": ChangeDelay(
        usual="A changed IP allowlist can take up to 15 minutes to apply.", interval_s=60, tries=15
    ),
    "verification-required": ChangeDelay(
        usual="Access after verification can take 15 to 30 minutes.", interval_s=120, tries=15
    ),
}
"""Cause -> the delay of the change that fixes it. A cause that is not here needs no waiting."""
