"""Texts of the middle pane: fixes with who can do them, permanent changes, quoted texts."""

from dataclasses import replace

import pytest

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import ErrorBody, Observation
from oai_tui.services.fixes import PermanentFix
from oai_tui.tui.session import AppliedChange
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.paragraphs import Paragraph, wrap_paragraphs


def lines(paragraphs: list[Paragraph], width: int = 100) -> list[str]:
    return [line.rstrip() for line in wrap_paragraphs(paragraphs, width).plain.split("\n")]


def failure(observation: Observation) -> FailureReport:
    return FailureReport(observation=observation, verdict=Verdict(outcome="problem", cause="x"))


def test_who_can_do_it_comes_before_the_page() -> None:
    assert lines(
        texts.fixes([Fix(text="Add credit.", who="owner", url="https://example.com/")])
    ) == ["1  Add credit.", "   by an owner  https://example.com/"]


def test_advice_for_the_user_names_nobody() -> None:
    assert lines(texts.fixes([Fix(text="Unset it.", who="you", command="unset X")])) == [
        "1  Unset it.",
        "    unset X",
    ]


def test_the_places_of_a_permanent_change_come_first() -> None:
    change = AppliedChange(
        text="The header is no longer sent.",
        permanent=(
            PermanentFix(where="shell", text="unset X"),
            PermanentFix(where="profile", text="Save the profile again."),
        ),
    )
    assert lines(texts.changes([change])) == [
        "✓ The header is no longer sent.  To make it permanent:",
        "  in your shell   unset X",
        "  in the profile  Save the profile again.",
    ]


def test_advice_in_words_is_not_shown_as_something_to_run() -> None:
    change = AppliedChange(
        text="Done.",
        permanent=(
            PermanentFix(where="dotenv", text="Delete the line."),
            PermanentFix(where="shell", text="unset X"),
        ),
    )
    prose, command = texts.changes([change])[1:]
    assert not prose.text.spans
    assert command.text.spans


def test_a_traceback_is_quoted_without_what_every_traceback_says() -> None:
    body = (
        "gaierror: no name The above exception was the direct cause of the following exception: "
        "Traceback (most recent call last): openai.APIConnectionError: Connection error."
    )
    assert lines(texts.text_verdict(failure(Observation(probe="paste", detail=body)))) == [
        "It says    “gaierror: no name → openai.APIConnectionError: Connection error.”"
    ]


def test_a_long_excerpt_keeps_its_ends() -> None:
    (line,) = lines(
        texts.text_verdict(
            failure(Observation(probe="paste", body="begin " + "middle " * 200 + "end"))
        ),
        2_000,
    )
    assert line.startswith("It says    “begin")
    assert line.endswith("end”")
    assert " … " in line
    assert len(line) < 400


def test_an_error_shows_its_status_code_words_responder_and_request() -> None:
    observation = Observation(
        probe="paste",
        status=429,
        error=ErrorBody(code="insufficient_quota", message="No credit."),
        headers={"x-request-id": "req_" + "8f" * 16},
        facts={"speaker": "openai", "speaker_name": "OpenAI"},
    )
    assert lines(
        texts.text_verdict(
            replace(failure(observation), count=3, first_seen="09:00", last_seen="10:00")
        )
    ) == [
        "It says    429 · insufficient_quota",
        "           “No credit.”",
        "Answered   OpenAI · req_8f8f…8f8f",
        "Seen       3 times, first 09:00, last 10:00",
    ]


def test_nobody_is_named_who_cannot_be_failure() -> None:
    observation = Observation(
        probe="paste",
        status=429,
        facts={"speaker": "openai-like", "speaker_name": "an OpenAI-compatible server"},
    )
    assert lines(texts.text_verdict(failure(observation))) == ["It says    429"]


LONG = Verdict(
    outcome="problem",
    cause="x",
    title="The cause",
    explanation="It is this. It comes from that. There is more to say.",
    warnings=("An odd thing.",),
)


@pytest.mark.parametrize(
    ("rows", "above", "below"),
    [
        (4, ["It is this. It comes from that. There is more to say.", "Confirmed by"], []),
        (2, ["It is this. It comes from that. There is more to say."], ["Confirmed by"]),
        (1, [], ["It is this. It comes from that. There is more to say.", "Confirmed by"]),
    ],
)
def test_a_verdict_leaves_room_for_the_advice(
    rows: int, above: list[str], below: list[str]
) -> None:
    first, rest = texts.split_verdict(
        texts.verdict_parts(LONG), (), lambda paragraphs: len(paragraphs) <= rows
    )
    assert lines(first)[0].startswith("✗ The cause")
    for found, wanted in ((lines(first)[1:], above), (lines(rest)[:-1], below)):
        assert len(found) == len(wanted)
        assert all(want in line for line, want in zip(found, wanted, strict=True))
    assert lines(rest)[-1] == "! An odd thing."


def test_the_first_sentence_stays_where_the_whole_explanation_does_not_fit() -> None:
    first, rest = texts.split_verdict(
        texts.verdict_parts(LONG), (), lambda paragraphs: len(" ".join(lines([*paragraphs]))) < 40
    )
    assert lines(first)[1] == "  It is this."
    assert lines(rest)[0] == "  It comes from that. There is more to say."


def test_a_run_of_asterisks_is_short() -> None:
    message = f"Incorrect API key provided: sk-proj-{'*' * 150}aB3d."
    observation = Observation(probe="x", status=401, error=ErrorBody(message=message))
    assert "“Incorrect API key provided: sk-proj-***aB3d.”" in "\n".join(
        lines(texts.exchange(observation))
    )
