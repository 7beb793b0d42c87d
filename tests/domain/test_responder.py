"""Looking up who answered: every field of a row must match, and the first row wins."""

import json

import pytest

from oai_tui.domain.responder import Responder, identify_responder

BY_HEADER = Responder(kind="openai", name="header", header="x-who")
BY_VALUE = Responder(kind="openai", name="value", header="x-who", value="me")
BY_BODY = Responder(kind="gateway", name="body", body="blocked")
BY_PAGE = Responder(kind="filter", name="page", body="blocked", html=True)
BY_STATUS = Responder(kind="other", name="status", status=(418,))


@pytest.mark.parametrize(
    ("row", "status", "headers", "body", "html", "matches"),
    [
        (BY_HEADER, 200, {"x-who": ""}, "", False, True),
        (BY_HEADER, 200, {}, "", False, False),
        (BY_VALUE, 200, {"x-who": "it is me"}, "", False, True),
        (BY_VALUE, 200, {"x-who": "you"}, "", False, False),
        (BY_BODY, 200, {}, "was blocked", True, True),
        (BY_BODY, 200, {}, "passed", False, False),
        (BY_PAGE, 200, {}, "was blocked", True, True),
        (BY_PAGE, 200, {}, "was blocked", False, False),
        (BY_STATUS, 418, {}, "", False, True),
        (BY_STATUS, 200, {}, "", False, False),
    ],
)
def test_what_is_given_must_hold(
    row: Responder, status: int, headers: dict[str, str], body: str, html: bool, matches: bool
) -> None:
    assert row.matches(status, headers, body, html=html) is matches


def test_the_first_row_that_fits_is_taken() -> None:
    assert (
        identify_responder([BY_PAGE, BY_BODY, BY_HEADER], 200, {"x-who": ""}, "blocked", html=False)
        is BY_BODY
    )


def test_nobody_may_fit() -> None:
    assert identify_responder([BY_PAGE], 200, {}, "", html=True) is None


@pytest.mark.parametrize(
    "message",
    [
        "The model `blocked-chat` does not exist or you do not have access to it.",
        "The model 'vendor/blocked' does not exist",
        "User one is not authorized to access model test-blocked/small",
        "Incorrect API key provided: blocked. You can find your API key in the settings.",
        "Invalid value: 'blocked'. Supported values are: 'user'.",
        "Unknown parameter: 'blocked'.",
    ],
)
def test_what_an_error_repeats_of_the_request_shows_nothing(message: str) -> None:
    body = json.dumps({"error": {"message": message}})
    assert identify_responder([BY_BODY], 400, {}, body, html=False) is None


@pytest.mark.parametrize(
    "message",
    [
        "blocked",
        "```401 blocked```",
        "The model was blocked.",
        "is not a valid model ID (blocked)",
        "{'type': 'blocked'}",
    ],
)
def test_what_the_server_says_itself_shows_who_answered(message: str) -> None:
    assert identify_responder([BY_BODY], 400, {}, message, html=False) is BY_BODY
