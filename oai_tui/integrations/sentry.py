"""Adds the cause of an OpenAI error to Sentry events, and groups them by cause.

    sentry_sdk.init(dsn=…, before_send=oai_tui.integrations.sentry.before_send)

Works without Sentry's SDK installed: an event is a dict.
"""

from typing import Any

from oai_tui.integrations.explanation import error_of, explain, is_openai_error

_GROUP = "openai"


def before_send(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return the event with tags and a fingerprint, if it is about an OpenAI error.

    Tags: openai_cause, openai_family, openai_retry_helps, openai_request_id. The fingerprint joins
    events with the same cause to one issue; one that the program has set stays.
    """
    error = error_of(hint.get("exc_info") if isinstance(hint, dict) else None)
    if error is None or not is_openai_error(error):
        return event
    found = explain(error)
    tags = {
        "openai_cause": found.cause,
        "openai_family": found.family or "unknown",
        "openai_retry_helps": str(found.retry_helps).lower(),
    }
    if found.request_id:
        tags["openai_request_id"] = found.request_id
    old = event.get("tags")
    event["tags"] = {**(old if isinstance(old, dict) else {}), **tags}
    event.setdefault("fingerprint", [_GROUP, found.cause])
    return event
