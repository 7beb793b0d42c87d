"""`before_send` tags and groups Sentry events, with the real SDK of Sentry."""

from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from oai_tui.integrations.sentry import before_send
from tests.integrations.sdk_errors import KEY, REQUEST_ID, raised, sdk_error


class KeptEvents(Transport):
    """A transport that keeps events instead of sending them."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """Keep the event of an envelope."""
        event = envelope.get_event()
        if event is not None:
            self.events.append(dict(event))


@pytest.fixture
def kept() -> Iterator[KeptEvents]:
    transport = KeptEvents()
    with sentry_sdk.isolation_scope() as scope:
        client = sentry_sdk.Client(
            dsn="https://key@sentry.invalid/1",
            transport=transport,
            before_send=before_send,  # type: ignore[arg-type]
            default_integrations=False,
        )
        scope.set_client(client)
        yield transport


def test_event_has_the_cause_as_tag_and_fingerprint(kept: KeptEvents) -> None:
    error = raised(sdk_error(429, "insufficient_quota", "quota", "insufficient_quota"))
    sentry_sdk.capture_exception(error)
    (event,) = kept.events
    assert event["tags"] == {
        "openai_cause": "quota-exhausted",
        "openai_family": "billing",
        "openai_retry_helps": "false",
        "openai_request_id": REQUEST_ID,
    }
    assert event["fingerprint"] == ["openai", "quota-exhausted"]


def test_other_event_is_unchanged(kept: KeptEvents) -> None:
    sentry_sdk.capture_exception(raised(ValueError("401")))
    (event,) = kept.events
    assert "openai_cause" not in event.get("tags", {})
    assert "fingerprint" not in event


@pytest.mark.parametrize("hint", [{}, {"exc_info": None}, {"exc_info": (1, 2, 3)}, None])
def test_strange_hint_changes_nothing(hint: Any) -> None:
    event: dict[str, Any] = {"message": "x"}
    assert before_send(event, hint) == {"message": "x"}


def test_own_tags_and_fingerprint_stay() -> None:
    error = raised(sdk_error(401, "invalid_api_key", f"Incorrect API key provided: {KEY}"))
    event: dict[str, Any] = {"tags": {"a": "b"}, "fingerprint": ["mine"]}
    before_send(event, {"exc_info": (type(error), error, None)})
    assert (event["tags"]["a"], event["fingerprint"]) == ("b", ["mine"])
    assert KEY not in repr(event)
