"""What has changed since a profile worked, in plain sentences."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.observation import Fact
from oai_tui.domain.profile import LastGoodRun, Profile, VerifiedProfile
from oai_tui.domain.profile_diff import compare_with_last_good
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import NOW, credential, key, proof

LATER = NOW + timedelta(hours=3)


def saved(**more: object) -> Profile:
    made = VerifiedProfile(
        name="work",
        diagnosis=proof(key("a"), target=Target(organization="org-a")),
        credential=credential(key("a")),
    )
    return replace(made.profile, **more)  # type: ignore[arg-type]


def run(
    letter: str = "a",
    outcome: str = "problem",
    ray: str = "",
    organization: str | None = "org-a",
    **facts: Fact,
) -> Diagnosis:
    found = proof(key(letter), target=Target(organization=organization), outcome=outcome)  # type: ignore[arg-type]
    seen = replace(found.trail[0].observation, headers={"cf-ray": ray} if ray else {})
    return replace(
        found, facts={**found.facts, **facts}, trail=(replace(found.trail[0], observation=seen),)
    )


def test_nothing_changed_is_said_too() -> None:
    found = compare_with_last_good(saved(), run(), LATER)
    assert found is not None
    assert found.text == (
        "Worked 3 h ago; the key is the same; nothing else visible from here has changed."
    )


@pytest.mark.parametrize(
    ("profile", "found", "clause"),
    [
        (saved(), run("b"), "the key changed (sk-proj-…bbbb"),
        (
            saved(),
            run(organization="org-b"),
            "the organization header changed (org-b now, org-a then)",
        ),
        (
            saved(),
            run(organization=None),
            "the organization header changed (none now, org-a then)",
        ),
        (
            saved(last_good_run=LastGoodRun(organization="works")),
            run(organization_seen="home"),
            "the organization changed (calls are billed to home now, to works then)",
        ),
        (
            saved(last_good_run=LastGoodRun(proxy="http://proxy:1")),
            run(),
            "the proxy changed (proxy none now, http://proxy:1 then)",
        ),
        (
            saved(last_good_run=LastGoodRun(exit="FRA")),
            run(ray="8f-CDG"),
            "calls leave the network at another location (CDG now, FRA then)",
        ),
        (
            saved(target=Target(base_url="https://eu.api.openai.com/v1", organization="org-a")),
            run(),
            "the base URL changed",
        ),
        (
            saved(model="gpt-a", billing="tested"),
            run(billing="tested", model_for_inference="gpt-b"),
            "another model (gpt-b now, gpt-a then)",
        ),
    ],
)
def test_each_change_is_named(profile: Profile, found: Diagnosis, clause: str) -> None:
    compared = compare_with_last_good(profile, found, LATER)
    assert compared is not None
    assert clause in compared.text
    assert len(compared.differences) == 1


def test_another_exit_does_not_matter_while_the_key_works() -> None:
    compared = compare_with_last_good(
        saved(last_good_run=LastGoodRun(exit="FRA")), run(outcome="working", ray="8f-CDG"), LATER
    )
    assert compared is not None
    assert compared.differences == ()


def test_a_value_that_is_not_known_is_no_change() -> None:
    compared = compare_with_last_good(
        saved(last_good_run=LastGoodRun(organization="works", project="proj_a", exit="FRA")),
        run(),
        LATER,
    )
    assert compared is not None
    assert compared.differences == ()


def test_a_profile_that_was_never_proved_is_not_compared() -> None:
    assert compare_with_last_good(saved(verified_at=None), run(), LATER) is None
