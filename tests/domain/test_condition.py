"""Conditions: what holds, what does not, and how they read."""

import pytest

from oai_tui.domain.condition import When
from oai_tui.domain.observation import ErrorBody, Observation

REFUSED = Observation(
    probe="p",
    status=401,
    error=ErrorBody(
        code="Invalid_API_Key",
        type="Invalid_Request_Error",
        message="Incorrect API key\nprovided: x",
        param="",
    ),
    body="<b>Blocked</b>",
    facts={"speaker": "openai", "limit": 0, "key_certain": False},
)
LOST = Observation(probe="p", failure="dns", detail="[Errno -2] Name or service not known")
ANSWERED = Observation(probe="q", answer="yes")

HOLDS: dict[str, tuple[When, Observation, bool]] = {
    "empty": (When(), LOST, True),
    "status": (When(status=401), REFUSED, True),
    "another status": (When(status=403), REFUSED, False),
    "one of several": (When(status=(400, 401)), REFUSED, True),
    "a class": (When(status="4xx"), REFUSED, True),
    "another class": (When(status="5xx"), REFUSED, False),
    "a class or a number": (When(status=("5xx", 401)), REFUSED, True),
    "a status where none came": (When(status="4xx"), LOST, False),
    "failure": (When(failure="dns"), LOST, True),
    "one of several failures": (When(failure=("refused", "dns")), LOST, True),
    "a failure where an answer came": (When(failure="dns"), REFUSED, False),
    "code without case": (When(code="invalid_api_key"), REFUSED, True),
    "another code": (When(code=("no_organization", "mismatched_project")), REFUSED, False),
    "a code where there is no error": (When(code="invalid_api_key"), LOST, False),
    "type without case": (When(error_type="invalid_request_error"), REFUSED, True),
    "says in the message": (When(message=r"INCORRECT API KEY"), REFUSED, True),
    "says in the code": (When(message=r"invalid_api_key"), REFUSED, True),
    "says in the body": (When(message=r"blocked"), REFUSED, True),
    "says in the detail": (When(message=r"not known"), LOST, True),
    "says one of several": (When(message=(r"nothing", r"api key")), REFUSED, True),
    "says none of several": (When(message=(r"nothing", r"neither")), REFUSED, False),
    "a fact": (When(fact={"speaker": "openai"}), REFUSED, True),
    "one of several values": (When(fact={"speaker": ("web", "openai")}), REFUSED, True),
    "a fact that is zero": (When(fact={"limit": 0}), REFUSED, True),
    "a fact that is false": (When(fact={"key_certain": False}), REFUSED, True),
    "a fact that is there": (When(fact={"limit": None}), REFUSED, True),
    "a fact that is not there": (When(fact={"requested": None}), REFUSED, False),
    "an absent fact has no value": (When(fact={"key_sendable": False}), REFUSED, False),
    "all of several facts": (When(fact={"speaker": "openai", "limit": 5}), REFUSED, False),
    "answer": (When(answer="yes"), ANSWERED, True),
    "another answer": (When(answer="no"), ANSWERED, False),
    "an answer where none was given": (When(answer="yes"), REFUSED, False),
    "all that is given": (
        When(status=401, code="invalid_api_key", message="api key", fact={"speaker": "openai"}),
        REFUSED,
        True,
    ),
    "all but one": (
        When(status=401, code="invalid_api_key", message="api key", fact={"speaker": "web"}),
        REFUSED,
        False,
    ),
}


@pytest.mark.parametrize(("when", "seen", "holds"), HOLDS.values(), ids=HOLDS)
def test_what_holds(when: When, seen: Observation, holds: bool) -> None:
    assert when.matches(seen) is holds


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (When(), "anything else"),
        (When(status=401), "401"),
        (When(status=(401, "5xx")), "401 or 5xx"),
        (When(status=401, code="invalid_api_key"), "401 · invalid_api_key"),
        (When(message=("a", "b")), "“a” or “b”"),
        (When(fact={"speaker": ("web", "filter")}), "speaker = web or filter"),
        (When(fact={"ca_file": None}), "ca_file"),
        (When(answer="yes"), "answer yes"),
        (When(failure="dns"), "dns"),
    ],
)
def test_how_it_reads(when: When, text: str) -> None:
    assert str(when) == text


@pytest.mark.parametrize(
    ("when", "empty"),
    [
        (When(), True),
        (When(status=401), False),
        (When(fact={"a": None}), False),
        (When(answer="yes"), False),
        (When(message="x"), False),
    ],
)
def test_an_empty_one_knows_it(when: When, empty: bool) -> None:
    assert when.is_empty is empty
