"""Explained texts to report on: a failure, an undecided one, two logs, and hostile texts."""

from dataclasses import replace
from datetime import UTC, datetime

from oai_tui.domain.cause import Alternative, Fix
from oai_tui.domain.diagnosis import Retry, Verdict
from oai_tui.domain.explained import ExplainResult, FailureReport
from oai_tui.domain.observation import ErrorBody, Observation
from oai_tui.reports import ExplainReport
from oai_tui.reports.exit_codes import exit_code
from oai_tui.reports.explain_report import worst_verdict
from tests.reports.samples import FAKE_KEY, HOSTILE, MISMATCH

QUOTA = FailureReport(
    verdict=Verdict(
        outcome="problem",
        cause="quota-exhausted",
        family="billing",
        title="No API credit left",
        explanation="The organization of this key has no prepaid credit.",
        fixes=(
            Fix(
                text="Add credit in the organization of this key.",
                url="https://platform.openai.com/settings/organization/billing",
                who="owner",
            ),
            Fix(text="Compare the organizations.", command="oai-tui check", who="you"),
        ),
    ),
    observation=Observation(
        probe="paste",
        status=429,
        error=ErrorBody(
            code="insufficient_quota",
            type="insufficient_quota",
            message="You exceeded your current quota, please check your plan and billing details.",
        ),
        headers={"x-request-id": "req_" + "0" * 32},
        body="openai.RateLimitError: Error code: 429 - {…}",
    ),
    count=812,
    first_seen="2026-11-02 09:14:31,123",
    last_seen="2026-11-02 11:02:07,001",
)
REFUSED = FailureReport(
    verdict=Verdict(
        outcome="problem",
        cause="connection-refused",
        family="network",
        confidence="likely",
        title="Nothing listens at the address",
        explanation="The machine was reached, and refused the connection.",
        alternatives=(
            Alternative(cause="proxy-unreachable", why="HTTPS_PROXY would name the address."),
        ),
        retry=Retry(helps=True),
        fixes=(Fix(text="Start the server.", who="it"),),
    ),
    observation=Observation(
        probe="paste",
        failure="refused",
        detail=(
            "Traceback (most recent call last): "
            "httpcore.ConnectError: [Errno 111] Connection refused "
            "The above exception was the direct cause of the following exception: "
            "Traceback (most recent call last): openai.APIConnectionError: Connection error."
        ),
    ),
    count=3,
    first_seen="09:14:31",
    last_seen="09:14:31",
)
BARE = FailureReport(
    verdict=Verdict(
        outcome="undecided",
        cause="unknown",
        family="this-machine",
        confidence="possible",
        title="Unrecognized error",
        explanation="A 429 alone does not say whether money or speed ran out.",
        alternatives=(
            Alternative(cause="quota-exhausted", why="error.code is then insufficient_quota."),
            Alternative(
                cause="rate-limit-requests", why="The message then says “requests per min”."
            ),
        ),
        retry=Retry(helps=True, after_s=20),
    ),
    observation=Observation(probe="paste", status=429, body="429 Too Many Requests"),
)
FOREIGN = FailureReport(
    verdict=MISMATCH.verdict,
    observation=Observation(
        probe="paste",
        status=401,
        error=ErrorBody(
            code="mismatched_organization",
            message="OpenAI-Organization header should match organization for API key",
        ),
    ),
    count=2,
)
NOTHING = Verdict(
    outcome="undecided",
    cause="unknown",
    family="this-machine",
    confidence="possible",
    title="No API error found in this text",
    explanation="There is nothing to judge.",
    fixes=(Fix(text="Paste the whole error.", who="you"),),
)
LONG = FailureReport(
    verdict=replace(HOSTILE.verdict, confidence="possible"),
    observation=Observation(
        probe="paste",
        body=f"\x1b[2J {FAKE_KEY} [/bold] someone@example.com " + "w" * 3000,
        error=ErrorBody(code=f"{FAKE_KEY}\\n{FAKE_KEY}", message=""),
    ),
    first_seen="\x1b[31m12:00:00",
    last_seen="12:00:00",
)


def report_on(*results: FailureReport, is_log: bool) -> ExplainReport:
    """Return the report on these results."""
    verdict = worst_verdict(results) if results else NOTHING
    return ExplainReport(
        explanation=ExplainResult(results=results, is_log=is_log),
        verdict=verdict,
        exit_code=exit_code(verdict),
        version="0.1.0",
        started_at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
        elapsed_ms=41.6,
    )


ALL = {
    "explained": report_on(QUOTA, is_log=False),
    "explained-open": report_on(BARE, is_log=False),
    "log": report_on(QUOTA, REFUSED, FOREIGN, BARE, is_log=True),
    "log-of-nothing": report_on(is_log=True),
}
HOSTILE_TEXT = report_on(LONG, is_log=False)
HOSTILE_LOG = report_on(LONG, QUOTA, is_log=True)
