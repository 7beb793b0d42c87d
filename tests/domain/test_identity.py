"""Which organization requests count for, and where that differs from what was sent."""

import pytest

from oai_tui.domain.identity import (
    MAX_ORGANIZATIONS,
    Account,
    accounts_as_fact,
    accounts_of,
    effective_account,
    other_accounts,
    sent_but_not_used,
)
from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Origin, Target

HOME = Account(id="org-home", title="Personal", name="user-1", role="owner", is_default=True)
WORK = Account(id="org-work", title='Works "A"', name="works")
ROWS = accounts_as_fact((HOME, WORK))
SENT = Target(
    organization="org-home",
    project="proj_a",
    origins={"organization": Origin(kind="environment", name="OPENAI_ORG_ID")},
)


def test_a_fact_keeps_every_part() -> None:
    assert accounts_of({"organization_rows": ROWS}) == (HOME, WORK)


def test_a_fact_keeps_a_bounded_number() -> None:
    rows = accounts_as_fact([HOME] * 1000)
    assert len(accounts_of({"organization_rows": rows})) == MAX_ORGANIZATIONS


@pytest.mark.parametrize("text", ["", "[", "3", "[3]", '[["a"]]', "null"])
def test_a_damaged_fact_names_none(text: str) -> None:
    assert accounts_of({"organization_rows": text}) == ()


@pytest.mark.parametrize(
    ("facts", "current", "others"),
    [
        ({}, None, (WORK,)),
        ({"organization_seen": "works"}, WORK, (HOME,)),
        ({"organization_seen": "org-home"}, HOME, (WORK,)),
        ({"organization_seen": "elsewhere"}, None, (WORK,)),
    ],
)
def test_the_organization_in_use_is_the_one_that_responses_name(
    facts: dict[str, Fact], current: Account | None, others: tuple[Account, ...]
) -> None:
    accounts = (HOME, WORK)
    assert effective_account(facts, accounts) == current
    assert other_accounts(facts, accounts) == others


def test_a_header_that_the_server_ignored_is_named_with_its_variable() -> None:
    facts = {"organization_rows": ROWS, "organization_seen": "works", "project_seen": "proj_b"}
    organization, project = sent_but_not_used(facts, SENT)
    assert organization == (
        "Requests name organization org-home (the environment variable OPENAI_ORG_ID), "
        'but they count for Works "A" (org-work).'
    )
    assert "proj_a" in project
    assert "proj_b" in project


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"organization_seen": "works"},
        {"organization_rows": ROWS, "organization_seen": "user-1", "project_seen": "proj_a"},
    ],
)
def test_nothing_is_claimed_where_nothing_differs_or_is_known(facts: dict[str, Fact]) -> None:
    assert sent_but_not_used(facts, SENT) == ()
