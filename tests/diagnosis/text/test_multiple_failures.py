"""One failure or several in a paste: several causes are told apart and counted, one failure is never taken apart."""

from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.explained import FailureReport
from oai_tui.services.explain_text import explain_text
from tests.corpus.corpus import failures

QUOTA = "{at} ERROR app: openai.RateLimitError: Error code: 429 - {{'error': {{'message': 'You exceeded your current quota', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}}}"
FOREIGN = "{at} ERROR app: openai.AuthenticationError: Error code: 401 - {{'error': {{'message': 'OpenAI-Organization header should match organization for API key', 'code': 'mismatched_organization'}}}}"
BARE = "{at} ERROR app: openai.APIConnectionError: Connection error."


def found(*lines: str) -> tuple[FailureReport, ...]:
    return explain_text(
        "\n".join(
            line.format(at=f"2026-11-02T09:1{number}:00Z") for number, line in enumerate(lines)
        )
        + "\n",
        now=0,
    )


def test_several_causes_are_told_most_frequent_first_with_their_times() -> None:
    told = found(FOREIGN, QUOTA, "{at} INFO app: all is well", BARE, QUOTA)
    assert [(each.verdict.cause, each.count) for each in told] == [
        ("quota-exhausted", 2),
        ("organization-mismatch", 1),
        ("connection-failed", 1),
    ]
    assert (told[0].first_seen, told[0].last_seen) == (
        "2026-11-02T09:11:00Z",
        "2026-11-02T09:14:00Z",
    )


def test_one_cause_again_and_again_is_one_with_a_count() -> None:
    (told,) = found(QUOTA, QUOTA, QUOTA)
    assert (told.verdict.cause, told.count) == ("quota-exhausted", 3)


def test_blanks_hold_no_failure() -> None:
    assert explain_text(" \n\t\n", now=0) == ()


def test_a_failure_that_was_told_as_one_stays_one() -> None:
    assert [each.id for each in failures() if len(explain_text(each.text, now=0)) != 1] == []


@given(st.text(max_size=400))
def test_any_text_is_survived_and_gives_one_at_most_without_a_failure_in_it(text: str) -> None:
    assert len(explain_text(text, now=0)) <= 1


def test_no_example_of_several_holds_a_key() -> None:
    key = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74
    told = found(QUOTA + " " + key, FOREIGN + " " + key)
    assert len(told) == 2
    assert "a" * 12 not in repr(told)
