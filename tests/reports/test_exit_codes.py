"""The exit codes that scripts rely on."""

from typing import get_args

import pytest

from oai_tui.domain.cause import Family
from oai_tui.domain.diagnosis import Verdict
from oai_tui.reports.exit_codes import BY_FAMILY, MEANINGS, exit_code

CASES = [
    (Verdict(outcome="working"), 0),
    (Verdict(outcome="problem", cause="key-missing", family="key"), 3),
    (Verdict(outcome="problem", cause="key-invalid", family="key"), 4),
    (
        Verdict(
            outcome="problem", cause="organization-mismatch", family="organization-and-project"
        ),
        4,
    ),
    (Verdict(outcome="problem", cause="scope-missing", family="permission"), 5),
    (Verdict(outcome="problem", cause="quota-exhausted", family="billing"), 6),
    (Verdict(outcome="problem", cause="rate-limit-tokens", family="rate-limits"), 7),
    (Verdict(outcome="problem", cause="dns-failure", family="network"), 8),
    (Verdict(outcome="problem", cause="base-url-wrong", family="something-else-answered"), 8),
    (Verdict(outcome="problem", cause="service-error", family="service"), 9),
    (Verdict(outcome="problem", cause="keyring-locked", family="this-machine"), 10),
    (Verdict(outcome="problem", cause="unknown", family="something-else-answered"), 11),
    (Verdict(outcome="undecided", cause="unknown", family="service"), 11),
    (Verdict(outcome="aborted"), 11),
]


@pytest.mark.parametrize(("verdict", "code"), CASES)
def test_verdict_has_its_exit_code(verdict: Verdict, code: int) -> None:
    assert exit_code(verdict) == code


def test_every_family_has_an_exit_code() -> None:
    assert set(BY_FAMILY) == set(get_args(Family))


def test_every_exit_code_has_a_meaning() -> None:
    assert set(BY_FAMILY.values()) | {code for _, code in CASES} <= set(MEANINGS)
