"""`oai_tui.explain` on exceptions of the SDK and on texts."""

import dataclasses
import subprocess
import sys
from typing import Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oai_tui
from oai_tui.integrations.explanation import is_openai_error
from tests.integrations.sdk_errors import KEY, REQUEST_ID, raised, sdk_error

QUOTA = "You exceeded your current quota, please check your plan and billing details."
CASES: list[tuple[Any, str, bool]] = [
    (sdk_error(429, "insufficient_quota", QUOTA, "insufficient_quota"), "quota-exhausted", False),
    (
        sdk_error(401, "invalid_api_key", f"Incorrect API key provided: {KEY[:8]}****{KEY[-4:]}."),
        "key-invalid",
        False,
    ),
    (
        sdk_error(
            401,
            "mismatched_organization",
            "OpenAI-Organization header should match organization for API key",
        ),
        "organization-mismatch",
        False,
    ),
    (
        sdk_error(
            404, "model_not_found", "The model `gpt-9` does not exist or you do not have it."
        ),
        "model-not-found",
        False,
    ),
    (sdk_error(503, "server_is_overloaded", "Overloaded"), "service-overloaded", True),
]


@pytest.mark.parametrize(("error", "cause", "helps"), CASES, ids=[case[1] for case in CASES])
def test_exception_of_the_sdk(error: Any, cause: str, helps: bool) -> None:
    found = oai_tui.explain(error)
    assert (found.cause, found.retry_helps, found.request_id) == (cause, helps, REQUEST_ID)
    assert found.title
    assert found.fixes


def test_retry_after_of_the_response_counts() -> None:
    message = "Rate limit reached for gpt-4o on requests per min (RPM): Limit 3, Used 3."
    error = sdk_error(
        429, "rate_limit_exceeded", message, "requests", headers={"retry-after": "20"}
    )
    found = oai_tui.explain(error)
    assert (found.cause, found.retry_after_s) == ("rate-limit-requests", 20.0)


def test_wait_of_a_failure_that_a_retry_never_fixes_is_none() -> None:
    error = sdk_error(
        429, "insufficient_quota", QUOTA, "insufficient_quota", headers={"retry-after": "20"}
    )
    assert oai_tui.explain(error).retry_after_s is None


def test_cause_of_a_connection_error_is_read_from_its_chain() -> None:
    refused = ConnectionRefusedError(111, "Connection refused")
    request = sdk_error(400, None, "x").request
    error = raised(openai.APIConnectionError(request=request), refused)
    assert oai_tui.explain(error).cause == "connection-refused"


def test_text() -> None:
    text = f'{{"error": {{"message": "{QUOTA}", "code": "insufficient_quota"}}}}'
    assert oai_tui.explain(text).cause == "quota-exhausted"


@pytest.mark.parametrize("text", ["", "  \n", "all is well", "\0" * 50])
def test_text_without_a_failure_is_unknown(text: str) -> None:
    found = oai_tui.explain(text)
    assert (found.cause, found.family, found.retry_helps) == ("unknown", None, False)


def test_no_key_comes_back() -> None:
    error = sdk_error(401, "invalid_api_key", f"Incorrect API key provided: {KEY}.")
    whole = raised(error, ValueError(f"Illegal header value b'Bearer {KEY}'"))
    text = repr(dataclasses.asdict(oai_tui.explain(whole)))
    assert [piece for piece in (KEY, KEY[10:40], KEY[-40:]) if piece in text] == []


class _HostileError(Exception):
    """An exception whose every part fails."""

    def __str__(self) -> str:
        raise RuntimeError("no words")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


def test_hostile_exception_is_unknown() -> None:
    assert oai_tui.explain(_HostileError()).cause == "unknown"


def test_chain_in_a_circle_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert oai_tui.explain(first).cause == "unknown"


def nested(error: Exception, levels: int) -> Exception:
    for _ in range(levels):
        error = ExceptionGroup("group", [error])
    return error


@pytest.mark.parametrize("levels", [1, 3])
def test_openai_error_in_a_group_is_explained(levels: int) -> None:
    error = sdk_error(429, "insufficient_quota", QUOTA, "insufficient_quota")
    group = ExceptionGroup("tasks", [ValueError("a"), nested(error, levels)])
    assert is_openai_error(group)
    assert oai_tui.explain(raised(RuntimeError("job"), group)).cause == "quota-exhausted"


@pytest.mark.parametrize(
    "group",
    [
        ExceptionGroup("tasks", [ValueError("a")]),
        nested(ValueError("a"), 300),
        ExceptionGroup("tasks", [ValueError(str(number)) for number in range(5_000)]),
        BaseExceptionGroup("tasks", [KeyboardInterrupt()]),
    ],
    ids=["small", "deep", "wide", "interrupt"],
)
def test_group_without_an_openai_error_is_unknown(group: BaseException) -> None:
    assert not is_openai_error(group)
    assert oai_tui.explain(group).cause == "unknown"


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    assert oai_tui.explain(text).cause


def test_import_is_light_and_nothing_heavy_comes_with_the_call() -> None:
    code = (
        "import sys, oai_tui\n"
        "light = set(sys.modules)\n"
        "assert 'oai_tui.integrations' not in light\n"
        "oai_tui.explain('Error code: 401')\n"
        "print([name for name in ('httpx', 'textual', 'keyring', 'openai', 'asyncio', 'click')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="explian"):
        getattr(oai_tui, "explian")  # noqa: B009
