"""When a key is due: by its age, by its own policy, by its end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from oai_tui.domain.profile import Profile, ProfileNotes
from oai_tui.domain.rotation import age_days, policy_of, policy_problem, rotation_warning, state_of
from oai_tui.domain.target import Target
from tests.credentials.profile_factory import NOW


def profile(days: int | None, **notes: object) -> Profile:
    since = None if days is None else NOW - timedelta(days=days)
    return Profile(
        name="work",
        target=Target(),
        hint="sk-proj-…bbbb",
        kind="project",
        fingerprint="00000000",
        verified_at=since,
        key_since=since,
        notes=ProfileNotes(**notes),  # type: ignore[arg-type]
    )


def test_young_key_needs_no_warning() -> None:
    assert rotation_warning(profile(89), NOW) is None


def test_old_key_is_due_and_the_sentence_says_how() -> None:
    found = rotation_warning(profile(97), NOW)
    assert found is not None
    assert found.text == (
        "The key of the profile work is 97 days old, and your rotation policy is 90; replace "
        "it: oai-tui profiles rotate work"
    )


@pytest.mark.parametrize(
    ("own", "general", "due"),
    [(None, 30, True), (None, 0, False), (0, 30, False), (30, 0, True), (120, 90, False)],
)
def test_own_policy_wins(own: int | None, general: int, due: bool) -> None:
    assert (rotation_warning(profile(97, rotate_days=own), NOW, general) is not None) is due


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (date(2026, 11, 22), "expired"),
        (date(2026, 11, 23), "expired"),
        (date(2026, 11, 24), "expires"),
        (date(2026, 12, 7), "expires"),
        (date(2026, 12, 8), None),
    ],
)
def test_known_end(end: date, kind: str | None) -> None:
    found = rotation_warning(profile(1, expires_on=end), NOW)
    assert (found.kind if found else None) == kind


def test_a_known_end_takes_precedence_over_age() -> None:
    found = rotation_warning(profile(500, expires_on=date(2026, 11, 24)), NOW)
    assert found is not None
    assert found.short == "expires in 1 day"


def test_a_key_that_was_never_proved_has_no_age() -> None:
    assert (age_days(profile(None), NOW), rotation_warning(profile(None), NOW)) == (None, None)


def test_a_clock_that_was_set_back_makes_no_negative_age() -> None:
    assert age_days(replace(profile(1), key_since=NOW + timedelta(days=3)), NOW) == 0


@pytest.mark.parametrize(
    ("text", "days", "odd"),
    [
        (None, 90, False),
        ("", 90, False),
        ("30", 30, False),
        (" 0 ", 0, False),
        ("-1", 90, True),
        ("soon", 90, True),
        ("9" * 9, 90, True),
        ("\u0661", 90, True),
    ],
)
def test_general_policy_is_the_environments(text: str | None, days: int, odd: bool) -> None:
    env = {} if text is None else {"OAI_TUI_ROTATE_DAYS": text}
    assert (policy_of(env), bool(policy_problem(env))) == (days, odd)


@pytest.mark.parametrize(
    ("saved", "words"),
    [
        (profile(1), "works"),
        (profile(97), "works, 97 days old: rotate it"),
        (profile(1, expires_on=date(2026, 11, 28)), "works, expires in 5 days"),
        (profile(1, expires_on=date(2026, 11, 1)), "expired on 2026-11-01"),
        (profile(97, refused_at=NOW, refused_for="key-invalid"), "rejected: key-invalid"),
        (profile(None), "never verified"),
    ],
)
def test_state_in_a_few_words(saved: Profile, words: str) -> None:
    assert state_of(saved, NOW, 90) == words
