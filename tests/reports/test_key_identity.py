"""Rows about the account behind a key."""

from oai_tui.domain.identity import Account, accounts_as_fact
from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Target
from oai_tui.reports.key_identity import fields, organization_rows


def facts_of(*accounts: Account, count: int = 0, seen: str = "") -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "organization_rows": accounts_as_fact(accounts),
        "organization_count": count or len(accounts),
    }
    return {**facts, "organization_seen": seen} if seen else facts


def test_organizations_that_are_not_kept_are_counted() -> None:
    pair = (Account(id="org-1", title="A"), Account(id="org-2", title="B"))
    rows = list(organization_rows(facts_of(*pair, count=500)))
    assert (rows[0][1], rows[-1][1]) == ("500, with this key", "and 498 more")
    document = fields(facts_of(*pair, count=500), Target(), were_sent=False)
    assert document["organization_count"] == 500


def test_title_with_a_comma_is_one_organization_in_json() -> None:
    facts = facts_of(Account(id="org-1", title="Example, Inc."))
    document = fields(facts, Target(), were_sent=False)
    assert document["organizations"] == ["Example, Inc. (org-1)"]


def test_organization_without_a_short_name_is_not_called_unlisted() -> None:
    unnamed = facts_of(Account(id="org-1", title="A"), seen="example-works")
    named = facts_of(Account(id="org-1", title="A", name="a"), seen="example-works")
    assert list(organization_rows(unnamed))[-1][1] == "requests are billed to example-works"
    assert list(organization_rows(named))[-1][1].endswith("which /v1/me doesn't list")
