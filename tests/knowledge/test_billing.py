"""Each state of billing has its own cause, a demo, who can fix it, and on which page."""

import pytest

from oai_tui.knowledge import links
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.change_delays import CHANGE_DELAYS
from oai_tui.simulator.scenarios import DEMOS

STATES = {
    "exhausted": ("quota-exhausted", "owner", links.BILLING),
    "inactive": ("billing-inactive", "owner", links.BILLING),
    "hard limit": ("billing-hard-limit", "owner", links.LIMITS),
    "project spend limit": ("spend-limit-project", "owner", links.PROJECTS),
    "organization spend limit": ("spend-limit-organization", "owner", links.LIMITS),
    "assigned limit": ("usage-limit-organization", "owner", links.LIMITS),
    "credit in another organization": ("credit-elsewhere", "owner", links.BILLING),
    "ChatGPT plan": ("chatgpt-plan-limit", "you", links.CHATGPT_USAGE),
}


@pytest.mark.parametrize(("cause", "who", "page"), STATES.values(), ids=STATES)
def test_a_state_has_a_demo_and_a_fix_with_a_page(cause: str, who: str, page: str) -> None:
    assert cause in DEMOS
    assert (who, page) in {(fix.who, fix.url) for fix in CATALOGUE[cause].fixes}


def test_every_cause_of_billing_is_listed() -> None:
    family = {cause.id for cause in CATALOGUE.values() if cause.family == "billing"}
    assert family == {cause for cause, _, _ in STATES.values()}


def test_a_change_of_billing_that_needs_time_says_how_long() -> None:
    waits = {cause for cause, _, _ in STATES.values()} - {"chatgpt-plan-limit"}
    assert waits <= set(CHANGE_DELAYS)
    assert all("few minutes" in CHANGE_DELAYS[cause].usual for cause in waits)


def test_a_top_up_that_is_not_seen_yet_has_a_demo() -> None:
    demo = DEMOS["quota-exhausted-topped-up"]
    assert (demo.cause, demo.takes_effect_after > 0) == ("quota-exhausted", True)
