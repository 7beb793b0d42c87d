"""What the admin API says makes a verdict certain, or adds to it; it never contradicts itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oai_tui.diagnosis.owner_verdict import OwnerQuestion, owner_verdict, sentence
from oai_tui.domain.cause import Alternative
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.observation import ErrorBody, Observation
from oai_tui.domain.owner_view import (
    KeyDetails,
    ModelPermissions,
    OwnedKey,
    OwnedProject,
    OwnerView,
    SpendLimit,
)
from oai_tui.knowledge.causes import CATALOGUE

NOW = datetime(2026, 11, 27, tzinfo=UTC)
KEY = OwnedKey(
    id="key_1",
    name="Build",
    redacted="sk-proj-...wxyz",
    project=OwnedProject(id="proj_1", name="Shop"),
    owner_type="user",
    has_access=True,
)
REFUSED = Verdict(
    outcome="problem",
    cause="key-invalid",
    family="key",
    confidence="likely",
    title="OpenAI rejected this key",
    alternatives=(Alternative(cause="key-malformed", why="x"),),
)
WORKS = Verdict(outcome="working", title="Works")


def question(*keys: OwnedKey, details: KeyDetails | None = None, **more: Any) -> OwnerQuestion:
    view = OwnerView(
        matches=keys, complete=True, projects=3, keys=9, details=details or KeyDetails()
    )
    return OwnerQuestion(
        view=replace(view, **more), now=NOW, catalogue=CATALOGUE, ends="sk-proj-…wxyz"
    )


@pytest.mark.parametrize(
    ("change", "cause", "says"),
    [
        ({"has_access": False}, "organization-membership", "created by a removed user"),
        (
            {"has_access": False, "owner_type": "service_account"},
            "organization-membership",
            "its service account has no access",
        ),
        ({"expires_at": NOW - timedelta(days=1)}, "key-expired", "expired on 2026-11-26"),
        (
            {"project": OwnedProject(id="p", name="Shop", status="archived")},
            "project-unavailable",
            "project Shop, which is archived",
        ),
    ],
)
def test_refused_key(change: dict[str, Any], cause: str, says: str) -> None:
    verdict = owner_verdict(REFUSED, question(replace(KEY, **change)))
    assert (verdict.cause, verdict.confidence, verdict.alternatives) == (cause, "certain", ())
    assert says in verdict.explanation
    assert verdict.fixes[0].who == "owner"


def test_enabled_key_that_is_refused_was_copied_wrong() -> None:
    verdict = owner_verdict(REFUSED, question(KEY))
    assert (verdict.cause, verdict.confidence) == ("key-invalid", "likely")
    assert "characters between the ends are wrong" in verdict.explanation


def test_key_that_does_not_exist() -> None:
    asked = question()
    verdict = owner_verdict(REFUSED, asked)
    assert verdict.title == "This key doesn't exist in the organization"
    assert "it was deleted or disabled" in sentence(asked)


def test_incomplete_search_does_not_say_that_the_key_is_gone() -> None:
    asked = question(complete=False)
    assert (sentence(asked), owner_verdict(REFUSED, asked)) == ("", REFUSED)
    assert owner_verdict(WORKS, asked).outcome == "undecided"


@pytest.mark.parametrize(
    ("is_out_of_time", "command"), [(True, "oai-tui owner --timeout 300"), (False, "oai-tui owner")]
)
def test_more_time_is_advised_only_where_the_time_ended(is_out_of_time: bool, command: str) -> None:
    asked = question()
    view = replace(asked.view, complete=False, is_out_of_time=is_out_of_time)
    judged = owner_verdict(WORKS, replace(asked, view=view))
    assert [fix.command for fix in judged.fixes] == [command]


def test_older_user_key_is_in_no_list() -> None:
    asked = replace(question(), listed_kind=False)
    assert owner_verdict(REFUSED, asked) == REFUSED
    assert "older user key" in sentence(asked)


def test_several_keys_with_the_same_ends() -> None:
    asked = question(KEY, replace(KEY, id="key_2"))
    assert owner_verdict(REFUSED, asked) == REFUSED
    assert "2 keys have the ends" in sentence(asked)


@pytest.mark.parametrize("of", ["organization", "project"])
def test_spend_limit_that_is_reached(of: Any) -> None:
    limit = SpendLimit(of=of, amount_usd=100, interval="month", enforcing=True)
    asked = question(KEY, details=KeyDetails(spend_limits=(limit,)))
    for before in (
        WORKS,
        replace(REFUSED, cause=f"spend-limit-{of}", family="billing"),
    ):
        verdict = owner_verdict(before, asked)
        assert (verdict.cause, verdict.confidence) == (f"spend-limit-{of}", "certain")
        assert "$100.00 a month is reached and enforced" in verdict.explanation


def test_spend_limit_that_is_not_reached_changes_nothing() -> None:
    limit = SpendLimit(of="project", amount_usd=100, interval="month", enforcing=False)
    asked = question(KEY, details=KeyDetails(spend_limits=(limit,)))
    assert owner_verdict(WORKS, asked) == WORKS


@pytest.mark.parametrize(("mode", "certain"), [("allow_list", True), ("deny_list", False)])
def test_model_that_the_project_cannot_use(mode: str, certain: bool) -> None:
    permissions = ModelPermissions(mode=mode, models=("gpt-6-luna",))
    asked = replace(
        question(KEY, details=KeyDetails(model_permissions=permissions)), model="gpt-6-astra"
    )
    before = replace(REFUSED, cause="model-not-found", family="permission")
    verdict = owner_verdict(before, asked)
    assert (verdict.confidence == "certain") is certain
    assert (verdict.cause == "model-not-allowed") is certain


def test_key_that_still_works_with_a_removed_owner_gets_a_warning() -> None:
    verdict = owner_verdict(WORKS, question(replace(KEY, has_access=False)))
    assert verdict.outcome == "working"
    assert "The key still works, but" in verdict.warnings[0]


@pytest.mark.parametrize(
    ("status", "message", "cause"),
    [
        (401, "Incorrect API key provided: sk-admin***", "key-invalid"),
        (403, "Missing scopes: api.management.read", "scope-missing"),
    ],
)
def test_admin_key_that_is_refused(status: int, message: str, cause: str) -> None:
    seen = Observation(probe="owner", status=status, error=ErrorBody(message=message))
    verdict = owner_verdict(WORKS, question(rejected=seen))
    assert verdict.cause == cause
    assert verdict.title.startswith("The admin key was not accepted: ")
    assert "openAI" not in verdict.title
    assert "Works" in verdict.warnings[0]


@pytest.mark.parametrize(
    ("seen", "cause", "after_s"),
    [
        (
            Observation(
                probe="owner",
                status=429,
                error=ErrorBody(type="requests", code="rate_limit_exceeded", message="Slow"),
                facts={"retry_after_s": 20},
            ),
            "rate-limit-requests",
            20.0,
        ),
        (
            Observation(
                probe="owner", status=500, error=ErrorBody(message="The server had an error")
            ),
            "service-error",
            None,
        ),
        (Observation(probe="owner", status=302), "unknown", None),
    ],
)
def test_failure_that_says_nothing_about_the_admin_key(
    seen: Observation, cause: str, after_s: float | None
) -> None:
    verdict = owner_verdict(WORKS, question(rejected=seen))
    assert (verdict.cause, verdict.retry.after_s) == (cause, after_s)
    assert verdict.title.startswith("The admin API could not be read: ")
    assert [fix.command for fix in verdict.fixes] == ["oai-tui owner"]
    assert verdict.retry.helps is (cause != "unknown")


def test_key_that_works_is_not_called_deleted() -> None:
    said = sentence(replace(question(), works=True))
    assert "and the key works: it belongs to another organization" in said
    assert "deleted" not in said


def test_key_that_works_although_it_expired_is_said_to_work() -> None:
    expired = question(replace(KEY, expires_at=NOW - timedelta(days=1)))
    assert sentence(replace(expired, works=True)).startswith("The key still works, but: This key")


def test_list_that_was_not_read_to_the_end_names_no_key() -> None:
    verdict = owner_verdict(WORKS, replace(question(complete=False), ends=""))
    assert verdict.title == "The organization was not read to the end"
    assert [fix.command for fix in verdict.fixes] == ["oai-tui owner --list"]


def test_same_failure_of_both_keys_is_about_the_key_that_was_checked() -> None:
    seen = Observation(
        probe="owner", status=401, error=ErrorBody(code="invalid_api_key", message="Incorrect")
    )
    verdict = owner_verdict(REFUSED, question(rejected=seen))
    assert (verdict.title, len(verdict.warnings)) == (REFUSED.title, 1)
