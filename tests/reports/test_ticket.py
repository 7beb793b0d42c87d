"""The support ticket: what support needs, and the key in no form."""

from dataclasses import replace
from datetime import UTC, datetime

from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import ErrorBody, Observation
from oai_tui.reports.ticket import TicketContext, ticket, ticket_for_text
from tests.reports import explain_samples as explained
from tests.reports import samples

CONTEXT = TicketContext(
    now=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
    client="oai-tui 0.1.0, Python 3.12, Linux",
    tried=("Retried without the organization",),
)
KEY = "sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 70 + "aB3d"
MASKED = "sk-proj-" + "*" * 40 + "aB3d"


def test_it_says_what_happens_when_with_which_ids_and_what_was_tried() -> None:
    text = ticket(samples.MISMATCH, CONTEXT)
    for line in (
        "Subject: 401 mismatched_organization from api.openai.com",
        "  Response: 401 mismatched_organization",
        "Checked at:           2026-11-23 07:00:00 UTC",
        f"Request ID:           req_{3:032x}",
        "X-Client-Request-Id:  oai-tui-3",
        "Host:                 api.openai.com",
        "Organization:         org-fake1 (sent in the request)",
        "Client:               oai-tui 0.1.0, Python 3.12, Linux",
        "  - Without the organization header: 200",
        "  - Retried without the organization",
    ):
        assert line in text.splitlines()


def test_ids_of_calls_that_passed_are_left_out() -> None:
    assert f"req_{1:032x}" not in ticket(samples.MISMATCH, CONTEXT)


def test_the_key_is_in_it_in_no_form() -> None:
    secret = Secret(KEY)
    key = replace(samples.CREDENTIAL, hint=secret.masked, fingerprint=secret.fingerprint)
    error = ErrorBody(
        code="invalid_api_key", message=f"Incorrect API key provided: {MASKED}. {KEY}"
    )
    step = replace(
        samples.KEY_STEP,
        mark="failed",
        observation=replace(samples.KEY_STEP.observation, status=401, error=error, detail=MASKED),
    )
    verdict = replace(samples.MISMATCH.verdict, explanation=f"The key {secret.masked} is unknown.")
    diagnosis = replace(samples.MISMATCH, credential=key, trail=(step,), verdict=verdict)
    text = ticket(diagnosis, replace(CONTEXT, tried=(f"Used {secret.masked}",)), Redactor([secret]))
    assert "Incorrect API key provided: [key hidden]" in text
    for part in ("aB3d", "sk-", "****", secret.fingerprint, "bbbb", "…"):
        assert part not in text


def test_it_is_one_per_line_and_without_control_characters() -> None:
    text = ticket(samples.HOSTILE, CONTEXT)
    assert not [char for char in text if ord(char) < 32 and char != "\n"]
    assert samples.FAKE_KEY[:20] not in text


def test_a_pasted_failure_has_one_too() -> None:
    text = ticket_for_text(explained.QUOTA, CONTEXT)
    assert text.startswith("Subject: 429 insufficient_quota\n")
    assert "Request ID:           req_" + "0" * 32 in text
    assert "First seen:           2026-11-02 09:14:31,123" in text
    assert "Times seen:           812" in text


def test_a_pasted_failure_names_its_host() -> None:
    seen = Observation(probe="paste", status=500, facts={"host": "gateway.example.com"})
    text = ticket_for_text(replace(explained.QUOTA, observation=seen), CONTEXT)
    assert text.startswith("Subject: 500 from gateway.example.com\n")
