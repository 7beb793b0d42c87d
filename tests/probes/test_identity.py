"""GET /v1/me: organizations with roles, bounded and without control characters."""

from typing import Any

import pytest

from oai_tui.domain.identity import MAX_ORGANIZATIONS, accounts_of
from oai_tui.domain.observation import Observation
from oai_tui.probes.identity import _organization_facts, _without_user
from oai_tui.reports.key_identity import organization_rows, organizations_left_out


def org(number: int, **parts: Any) -> dict[str, Any]:
    return {"id": f"org-{number}", "title": f"T{number}", "name": f"n{number}", **parts}


def facts_of(rows: list[Any], seen: str = "") -> dict[str, Any]:
    known = {"organization_seen": seen} if seen else {}
    return _organization_facts({"orgs": {"data": rows}}, known)


def test_roles_and_the_default_are_kept() -> None:
    facts = facts_of([org(1, role="owner", is_default=True), org(2, role="reader")], "n2")
    first, second = accounts_of(facts)
    assert (first.role, first.is_default, second.role, second.is_default) == (
        "owner",
        True,
        "reader",
        False,
    )
    assert facts["organization_in_use"] == "T2 (org-2)"
    assert (facts["other_organizations"], facts["other_organization_id"]) == ("T1 (org-1)", "org-1")


def test_one_organization_has_no_others() -> None:
    assert "several_organizations" not in facts_of([org(1)])


def test_ten_thousand_are_counted_and_few_are_kept() -> None:
    facts = facts_of([org(number, title="x" * 10_000) for number in range(10_000)])
    assert facts["organization_count"] == 10_000
    assert len(accounts_of(facts)) == MAX_ORGANIZATIONS
    assert len(facts["organization_rows"]) < 10_000


def test_the_others_are_counted_beyond_the_few_that_are_named() -> None:
    facts = facts_of([org(number) for number in range(100)], "n99")
    assert facts["other_organizations"].endswith("T4 (org-4) and 94 more")
    assert organizations_left_out(facts) == "and 80 more"
    assert ("", "and 80 more") in [*organization_rows(facts)]


def test_the_default_organization_is_proposed_first() -> None:
    facts = facts_of([org(1), org(2, is_default=True), org(3, title="")])
    assert facts["reachable_organizations"] == "org-1 (T1), org-2 (T2, default), org-3 (n3)"
    assert facts["reachable_organization_id"] == "org-2"


@pytest.mark.parametrize("rows", [[], [7], [{"id": 7}], ["org-1"]])
def test_without_a_usable_row_nothing_is_called_reachable(rows: list[Any]) -> None:
    assert not {name for name in facts_of(rows) if name.startswith("reachable")}


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Observation(probe="identity", status=403), "this key has no access to GET /v1/me"),
        (Observation(probe="identity", status=401), "this key has no access to GET /v1/me"),
        (Observation(probe="identity", status=404), "GET /v1/me was answered with 404"),
        (Observation(probe="identity", status=503), "GET /v1/me was answered with 503"),
        (Observation(probe="identity", failure="reset"), "GET /v1/me got no answer"),
        (
            Observation(probe="identity", failure="malformed-answer"),
            "the answer to GET /v1/me could not be read",
        ),
        (Observation(probe="identity", status=200), "the answer to GET /v1/me could not be read"),
    ],
)
def test_why_the_user_is_unknown_is_what_was_seen(seen: Observation, words: str) -> None:
    assert _without_user(seen, {}) == {"no_user_because": words}


def test_an_answer_that_lists_organizations_only_names_no_user() -> None:
    seen = Observation(probe="identity", status=200)
    assert _without_user(seen, {"organization_count": 1}) == {
        "no_user_because": "the answer to GET /v1/me names no user"
    }
    assert _without_user(seen, {"user": "a…@example.com"}) == {}


@pytest.mark.parametrize("title", ["a\x1b[31mb", "a\nb", 3, None, ["x"], "\u202eb"])
def test_a_title_is_one_line_of_printable_characters(title: Any) -> None:
    (account,) = accounts_of(facts_of([org(1, title=title)]))
    assert account.title.isprintable()


@pytest.mark.parametrize("value", [None, [], {"orgs": 3}, {"orgs": {"data": {}}}])
def test_another_answer_has_no_organizations(value: Any) -> None:
    assert _organization_facts(value, {}) == {}


@pytest.mark.parametrize("row", [3, {}, {"id": 4.5}, {"id": "a; rm -rf ~"}, {"id": "$(x)"}])
def test_a_row_without_an_id_that_a_command_can_hold_is_left_out(row: Any) -> None:
    assert facts_of([row, org(1)])["organization_count"] == 1


def test_the_organization_in_use_is_always_kept() -> None:
    facts = facts_of([org(number) for number in range(100)], "n99")
    assert accounts_of(facts)[0].id == "org-99"


def test_default_organization_is_kept_and_the_rest_counted() -> None:
    facts = facts_of([org(number, is_default=number == 70) for number in range(100)], "n99")
    assert [each.id for each in accounts_of(facts)[:2]] == ["org-99", "org-70"]
    assert facts["reachable_organization_id"] == "org-70"
    assert facts["reachable_organizations"].endswith("org-2 (T2) and 95 more")
    assert facts["organizations"].startswith("T99 (org-99), ")
