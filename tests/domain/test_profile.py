"""Only what a healthy diagnosis proved can become a profile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from oai_tui.domain.profile import (
    LastGoodRun,
    Profile,
    ProfileNotes,
    VerifiedProfile,
    last_good_run_of,
    valid_name,
)
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import NOW, credential, proof
from tests.domain.keys.fake_keys import PROJECT_KEY


def test_profile_of_a_healthy_diagnosis() -> None:
    made = VerifiedProfile(
        name="work",
        diagnosis=proof(
            PROJECT_KEY, target=Target(project="proj_fake"), billing="tested", model="gpt-5-nano"
        ),
        credential=credential(PROJECT_KEY),
    )
    assert made.profile == Profile(
        name="work",
        target=Target(project="proj_fake"),
        hint="sk-proj-…bbbb",
        kind="project",
        fingerprint=credential(PROJECT_KEY).secret.fingerprint,
        verified_at=NOW,
        billing="tested",
        model="gpt-5-nano",
        key_since=NOW,
        billed_at=NOW,
    )


def test_model_is_kept_only_when_billing_was_tested() -> None:
    assert (
        VerifiedProfile(
            name="work",
            diagnosis=proof(PROJECT_KEY, model="gpt-5-nano"),
            credential=credential(PROJECT_KEY),
        ).profile.model
        == ""
    )


UNPROVED: dict[str, Callable[[], VerifiedProfile]] = {
    "a problem": lambda: VerifiedProfile(
        name="work",
        diagnosis=proof(PROJECT_KEY, outcome="problem"),
        credential=credential(PROJECT_KEY),
    ),
    "the key step never passed": lambda: VerifiedProfile(
        name="work",
        diagnosis=replace(proof(PROJECT_KEY), trail=()),
        credential=credential(PROJECT_KEY),
    ),
    "another key": lambda: VerifiedProfile(
        name="work", diagnosis=proof(PROJECT_KEY), credential=credential(PROJECT_KEY + "c")
    ),
    "no key": lambda: VerifiedProfile(
        name="work",
        diagnosis=replace(proof(PROJECT_KEY), credential=None),
        credential=credential(PROJECT_KEY),
    ),
    "a bad name": lambda: VerifiedProfile(
        name="a b", diagnosis=proof(PROJECT_KEY), credential=credential(PROJECT_KEY)
    ),
}


@pytest.mark.parametrize("make", UNPROVED.values(), ids=UNPROVED)
def test_anything_else_is_refused(make: Callable[[], VerifiedProfile]) -> None:
    with pytest.raises(ValueError, match=r"name has|passed the check|another key"):
        make()


def test_verified_profile_does_not_show_the_key() -> None:
    assert PROJECT_KEY[8:20] not in repr(
        VerifiedProfile(
            name="work", diagnosis=proof(PROJECT_KEY), credential=credential(PROJECT_KEY)
        )
    )


@pytest.mark.parametrize("name", ["work", "a", "Team-1_x.y", "0", "a" * 64])
def test_good_names(name: str) -> None:
    assert valid_name(name)


@pytest.mark.parametrize(
    "name", ["", ".hidden", "-x", "a b", "a/b", "a#b", "é", "a\n", "a" * 65, "\u0661"]
)
def test_bad_names(name: str) -> None:
    assert not valid_name(name)


def _profile(key: str = PROJECT_KEY) -> Profile:
    return VerifiedProfile(name="work", diagnosis=proof(key), credential=credential(key)).profile


def test_same_key_keeps_its_age_and_end() -> None:
    old = replace(
        _profile(),
        key_since=NOW - timedelta(days=80),
        notes=ProfileNotes(expires_on=date(2027, 1, 31)),
    )
    new = _profile().merged_with_previous(old)
    assert (new.key_since, new.notes.expires_on) == (NOW - timedelta(days=80), date(2027, 1, 31))


def test_another_key_is_young_and_its_end_unknown() -> None:
    old = replace(
        _profile(),
        key_since=NOW - timedelta(days=80),
        notes=ProfileNotes(expires_on=date(2027, 1, 31)),
    )
    new = _profile(PROJECT_KEY + "c").merged_with_previous(old)
    assert (new.key_since, new.notes.expires_on) == (NOW, None)


@pytest.mark.parametrize(
    "key", [PROJECT_KEY, PROJECT_KEY + "c"], ids=["the same key", "another key"]
)
def test_words_and_policy_of_a_person_stay(key: str) -> None:
    old = replace(
        _profile(),
        notes=ProfileNotes(
            note="the data team's", rotate_days=30, refused_at=NOW, refused_for="key-invalid"
        ),
    )
    assert _profile(key).merged_with_previous(old).notes == ProfileNotes(
        note="the data team's", rotate_days=30
    )


def test_the_last_good_run_has_what_the_answers_named() -> None:
    seen = replace(proof(PROJECT_KEY).trail[0].observation, headers={"cf-ray": "8f00-FRA"})
    found = replace(
        proof(PROJECT_KEY),
        trail=(replace(proof(PROJECT_KEY).trail[0], observation=seen),),
        facts={"organization_seen": "example-works", "proxy": "http://proxy.example.com:3128"},
    )
    assert last_good_run_of(found) == LastGoodRun(
        organization="example-works", proxy="http://proxy.example.com:3128", exit="FRA"
    )


@pytest.mark.parametrize(
    ("project", "billing"),
    [(None, "tested"), ("proj_fake", "untested")],
    ids=["the same calls", "calls for another project"],
)
def test_billed_proof_stays_with_the_same_calls(project: str | None, billing: str) -> None:
    old = replace(
        _profile(), billing="tested", model="gpt-5-nano", billed_at=NOW - timedelta(days=20)
    )
    new = replace(_profile(), target=Target(project=project)).merged_with_previous(old)
    assert (new.billing, new.billed_at) == (
        billing,
        NOW - timedelta(days=20) if billing == "tested" else None,
    )
