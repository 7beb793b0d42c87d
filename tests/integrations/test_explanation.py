"""`oai_tui.explain` on exceptions of the SDK and on texts."""

import dataclasses
import email.utils
import subprocess
import sys
import time
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


@pytest.mark.parametrize("value", [None, 429, b"Error code: 429", ValueError, ["429"]])
def test_anything_else_is_a_type_error_that_says_what_is_taken(value: Any) -> None:
    with pytest.raises(TypeError, match=f"an exception or a str, not {type(value).__name__}"):
        oai_tui.explain(value)


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


def retry_after(value: str) -> float | None:
    message = "Rate limit reached for requests"
    headers = {"retry-after": value}
    error = sdk_error(429, "rate_limit_exceeded", message, "requests", headers=headers)
    found = oai_tui.explain(error)
    assert found.retry_helps
    return found.retry_after_s


def http_date(seconds: float) -> str:
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


@pytest.mark.parametrize(
    "value",
    [
        *("-5", "nan", "NaN", "inf", "1e9", "9999999999", "999999999999999", "soon"),
        *("Fri, 01 Jan 2100 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ],
)
def test_wait_that_cannot_be_meant_is_left_out(value: str) -> None:
    assert retry_after(value) is None


def test_waits_that_can_be_meant() -> None:
    assert retry_after("86400") == 86_400
    assert retry_after(http_date(-9_000_000)) == 0
    assert 3_000 < (retry_after(http_date(3_600)) or 0) <= 3_600


def failing(name: str, failure: type[BaseException]) -> BaseException:
    """Return an exception of the SDK whose method `name` fails."""

    def fail(*_: object) -> object:
        raise failure(name)

    base = sdk_error(429, "insufficient_quota", QUOTA, "insufficient_quota")
    method = property(fail) if name == "__class__" else fail
    kind: Any = type("Hostile", (type(base),), {name: method})
    error: BaseException = kind.__new__(kind)
    BaseException.__init__(error, QUOTA)
    return error


METHODS = ["__getattribute__", "__getattr__", "__str__", "__repr__", "__eq__", "__bool__"]


@pytest.mark.parametrize("failure", [ValueError, RecursionError, SystemExit, GeneratorExit])
@pytest.mark.parametrize("name", [*METHODS, "__hash__", "__class__", "__format__", "__len__"])
def test_exception_that_fails_when_it_is_read(name: str, failure: type[BaseException]) -> None:
    error = failing(name, failure)
    assert oai_tui.explain(error).cause in {"quota-exhausted", "unknown"}
    assert is_openai_error(error)
    raised_from, group = ValueError("a"), BaseExceptionGroup("g", [error])
    raised_from.__cause__ = error
    for each in (raised_from, group):
        assert is_openai_error(each)
        assert oai_tui.explain(each).cause in {"quota-exhausted", "unknown"}


class Odd(str):
    """A text whose methods fail."""

    def __format__(self, spec: str) -> str:
        raise ValueError

    __len__ = __getitem__ = isprintable = __format__  # type: ignore[assignment]


class AttributesError(Exception):
    """An exception with attributes of any kind."""

    def __init__(self, **attributes: object) -> None:
        super().__init__("insufficient_quota")
        self.__dict__.update(attributes)

    def __str__(self) -> str:
        return Odd("insufficient_quota")


AttributesError.__module__ = "openai"


class Fails:
    """A value of which everything fails."""

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)


@pytest.mark.parametrize(
    "attributes",
    [
        {"status_code": Fails(), "body": Fails(), "response": Fails()},
        {"status_code": 429, "body": {"error": Fails()}},
        {"status_code": 10**5000},
        {"status_code": 429, "body": {Fails(): 1}},
    ],
)
def test_attributes_that_fail_when_they_are_read(attributes: dict[str, object]) -> None:
    assert oai_tui.explain(AttributesError(**attributes)).cause in {"quota-exhausted", "unknown"}


def test_text_whose_methods_fail() -> None:
    assert oai_tui.explain(Odd("insufficient_quota")).cause == "quota-exhausted"


def quota() -> BaseException:
    return sdk_error(429, "insufficient_quota", QUOTA, "insufficient_quota")


def test_group_raised_from_an_openai_exception() -> None:
    group = ExceptionGroup("two failed", [ValueError("a"), OSError("b")])
    group.__cause__ = quota()
    assert is_openai_error(group)
    assert oai_tui.explain(group).cause == "quota-exhausted"


def test_group_in_a_group_raised_from_an_openai_exception() -> None:
    inner = ExceptionGroup("inner", [ValueError("a")])
    inner.__context__ = quota()
    outer = ExceptionGroup("outer", [ValueError("b"), ExceptionGroup("middle", [inner])])
    assert is_openai_error(outer)
    assert oai_tui.explain(outer).cause == "quota-exhausted"


def test_groups_in_groups_to_any_depth() -> None:
    error: Exception = sdk_error(429, "insufficient_quota", QUOTA, "insufficient_quota")
    for _ in range(400):
        error = ExceptionGroup("more", [error])
    assert oai_tui.explain(error).cause == "quota-exhausted"


@pytest.mark.parametrize("link", ["__cause__", "__context__"])
def test_exceptions_in_a_circle(link: str) -> None:
    one, other, group = ValueError("a"), ValueError("b"), ExceptionGroup("g", [OSError("c")])
    setattr(one, link, other)
    setattr(other, link, group)
    setattr(group, link, one)
    setattr(group.exceptions[0], link, group)
    for error in (one, other, group):
        assert oai_tui.explain(error).cause == "unknown"
        assert not is_openai_error(error)


def test_member_that_failed_because_of_an_openai_exception() -> None:
    member = ValueError("no answer")
    member.__cause__ = quota()
    group = ExceptionGroup("g", [OSError("first"), member])
    assert oai_tui.explain(group).cause == "quota-exhausted"
