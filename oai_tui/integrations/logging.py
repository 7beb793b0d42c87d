"""Adds the cause of an OpenAI error to log records.

    handler.addFilter(oai_tui.integrations.logging.ExplainFilter())

A record that carries an OpenAI exception (`exc_info`) gets the attributes `openai_cause`,
`openai_family`, `openai_retry_helps` and `openai_request_id`. Every other record gets them too, as
None, so that a format may name them.
"""

import logging
from typing import Any

from oai_tui.integrations.explanation import error_of, explain, is_openai_error

ATTRIBUTES = ("openai_cause", "openai_family", "openai_retry_helps", "openai_request_id")


class ExplainFilter(logging.Filter):
    """Lets every record pass, and adds ATTRIBUTES. Never raises."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the attributes. Return True."""
        for name, value in zip(ATTRIBUTES, _values(record), strict=True):
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


def _values(record: logging.LogRecord) -> tuple[Any, ...]:
    error = error_of(record.exc_info)
    if error is None or not is_openai_error(error):
        return (None, None, None, None)
    found = explain(error)
    return (found.cause, found.family, found.retry_helps, found.request_id)
