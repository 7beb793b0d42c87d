"""`ExplainFilter` adds the cause to log records that carry an OpenAI exception."""

import io
import logging

import openai
import pytest

from oai_tui.integrations.logging import ATTRIBUTES, ExplainFilter
from tests.integrations.sdk_errors import REQUEST_ID, raised, sdk_error

FORMAT = "%(message)s " + " ".join(f"%({name})s" for name in ATTRIBUTES)


def logged(error: BaseException | None, *, extra: dict[str, object] | None = None) -> str:
    """Log an error through the filter, and return the line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(ExplainFilter())
    handler.setFormatter(logging.Formatter(FORMAT))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.error("call failed", exc_info=error, extra=extra)
    return stream.getvalue().splitlines()[0]


def test_openai_error() -> None:
    error = raised(sdk_error(429, "insufficient_quota", "quota", "insufficient_quota"))
    assert logged(error) == f"call failed quota-exhausted billing False {REQUEST_ID}"


def test_error_raised_from_an_openai_error() -> None:
    error = raised(
        RuntimeError("job failed"), sdk_error(401, "invalid_api_key", "Incorrect API key")
    )
    assert logged(error).startswith("call failed key-invalid key False")


def test_other_records_get_empty_attributes() -> None:
    assert logged(None) == "call failed None None None None"
    assert logged(raised(ValueError("401"))) == "call failed None None None None"


def test_what_the_program_has_set_stays() -> None:
    error = raised(sdk_error(401, "invalid_api_key", "Incorrect API key"))
    assert logged(error, extra={"openai_cause": "mine"}).startswith("call failed mine key")


class DerivedError(openai.RateLimitError):
    """An error as another package defines it, such as LiteLLM."""


def test_error_of_a_class_derived_from_the_sdks() -> None:
    error: openai.APIStatusError = sdk_error(429, "insufficient_quota", "quota")
    derived = DerivedError(str(error), response=error.response, body=error.body)
    assert logged(raised(derived)) == f"call failed quota-exhausted billing False {REQUEST_ID}"


@pytest.mark.parametrize("exc_info", [(1,), (None, "text", None), (None, None, None), "text", True])
def test_record_with_an_odd_exc_info_passes(exc_info: object) -> None:
    record = logging.LogRecord("test", logging.ERROR, "file.py", 1, "call failed", (), None)
    record.exc_info = exc_info  # type: ignore[assignment]
    assert ExplainFilter().filter(record)
    assert record.__dict__["openai_cause"] is None
