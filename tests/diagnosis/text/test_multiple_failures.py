"""One failure or several in a paste.

Several causes are distinguished and counted; one failure is never split.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.domain.explained import FailureReport
from oai_tui.services.explain_text import explain_text
from tests.corpus.corpus import failures

QUOTA = (
    "{time} ERROR app: openai.RateLimitError: Error code: 429 - "
    "{{'error': {{'message': 'You exceeded your current quota', 'type': 'insufficient_quota', "
    "'code': 'insufficient_quota'}}}}"
)
MISMATCH = (
    "{time} ERROR app: openai.AuthenticationError: Error code: 401 - "
    "{{'error': {{'message': 'OpenAI-Organization header should match organization for API key', "
    "'code': 'mismatched_organization'}}}}"
)
NO_ANSWER = "{time} ERROR app: openai.APIConnectionError: Connection error."
FINE = "{time} INFO app: all is well"


def explain(*lines: str) -> tuple[FailureReport, ...]:
    """Explain a log of these lines, one a minute."""
    dated = [line.format(time=f"2026-11-02T09:1{minute}:00Z") for minute, line in enumerate(lines)]
    return explain_text("\n".join(dated) + "\n", now=0)


def test_several_causes_are_listed_most_frequent_first_with_their_times() -> None:
    reports = explain(MISMATCH, QUOTA, FINE, NO_ANSWER, QUOTA)
    assert [(each.verdict.cause, each.count) for each in reports] == [
        ("quota-exhausted", 2),
        ("organization-mismatch", 1),
        ("connection-failed", 1),
    ]
    assert (reports[0].first_seen, reports[0].last_seen) == (
        "2026-11-02T09:11:00Z",
        "2026-11-02T09:14:00Z",
    )


def test_a_repeated_cause_is_one_report_with_a_count() -> None:
    (report,) = explain(QUOTA, QUOTA, QUOTA)
    assert (report.verdict.cause, report.count) == ("quota-exhausted", 3)


def test_a_blank_text_has_no_failure() -> None:
    assert explain_text(" \n\t\n", now=0) == ()


def test_a_failure_of_the_corpus_is_one_failure() -> None:
    assert [each.id for each in failures() if len(explain_text(each.text, now=0)) != 1] == []


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_one_report_at_most_without_a_failure_in_it(text: str) -> None:
    assert len(explain_text(text, now=0)) <= 1


def test_no_example_of_several_contains_a_key() -> None:
    key = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74
    reports = explain(QUOTA + " " + key, MISMATCH + " " + key)
    assert len(reports) == 2
    assert "a" * 12 not in repr(reports)
