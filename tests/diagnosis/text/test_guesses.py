"""What a program only guesses about a failure is no sign of its cause."""

import pytest

import oai_tui
from oai_tui.diagnosis.text.guesses import without_guesses_in
from oai_tui.domain.observation import Observation


@pytest.mark.parametrize(
    "text",
    [
        "Request failed. The server may be overloaded. Please try again.",
        "OpenAI call failed. This usually means you have exceeded your current quota.",
        "openai request failed (status 500): check if your API key is valid and has not expired",
        "Unauthorized (401). Your API key is probably invalid or expired.",
        "openai error 429. Possible causes: insufficient quota, too many requests per minute.",
    ],
)
def test_a_guessed_cause_is_not_the_verdict(text: str) -> None:
    assert oai_tui.explain(text).cause in {"unknown", None}


def test_a_timeout_with_a_guess_about_the_server_stays_a_timeout() -> None:
    text = (
        "litellm.Timeout: Timeout Error: OpenAIException - Request timed out.\n"
        "The API provider timed out without returning a response. They may be down or overloaded."
    )
    assert oai_tui.explain(text).cause == "response-timeout"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Authorization failed - please check your credentials\nIncorrect API key provided: sk-pr***xyz1.", "key-invalid"),
        ("openai: No connection could be made because the target machine actively refused it.", "connection-refused"),
        ("That model is currently overloaded with other requests.", "service-overloaded"),
        ("You exceeded your current quota, please check your plan and billing details.", "quota-exhausted"),
        ("Check your OpenAI account. Rate limit reached for gpt-5 on requests per min", "rate-limit-requests"),
    ],
)  # fmt: skip
def test_what_a_server_says_next_to_a_guess_counts(text: str, cause: str) -> None:
    assert oai_tui.explain(text).cause == cause


def test_only_the_guess_is_removed() -> None:
    seen = Observation(probe="paste", body="It failed. It may be down, or slow. Try again.")
    assert without_guesses_in(seen).body == "It failed. It  . Try again."
