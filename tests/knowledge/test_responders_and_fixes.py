"""The tables of responders and of the lines that make a change permanent."""

import time
from string import Formatter
from typing import get_args

import pytest

from oai_tui.domain.answer_parsing import is_html
from oai_tui.domain.responder import identify_responder
from oai_tui.domain.target import ChangeKind
from oai_tui.knowledge.permanent_fixes import LINES, Line
from oai_tui.knowledge.responders import RESPONDERS

ANSWERS: dict[str, tuple[int, dict[str, str], str, str, str]] = {
    "OpenAI by its version": (
        401,
        {"openai-version": "2020-10-01"},
        '{"error": {}}',
        "openai",
        "OpenAI",
    ),
    "OpenAI by its realm": (
        401,
        {"www-authenticate": 'Bearer realm="OpenAI API"'},
        "{}",
        "openai",
        "OpenAI",
    ),
    "another realm": (401, {"www-authenticate": "Bearer"}, '{"detail": "no"}', "", ""),
    "OpenAI repeating a vendor's name": (
        404,
        {"openai-version": "2020-10-01"},
        '{"error": {"message": "The model `anthropic/claude` does not exist"}}',
        "openai",
        "OpenAI",
    ),
    "OpenAI repeating a stand-in": (
        401,
        {"openai-version": "2020-10-01"},
        '{"error": {"message": "Incorrect API key provided: ollama."}}',
        "openai",
        "OpenAI",
    ),
    "Azure": (401, {"apim-request-id": "0"}, "{}", "gateway", "Azure OpenAI"),
    "Azure by its words": (
        401,
        {},
        (
            '{"error": {"code": "401", "message": "Access denied due to invalid subscription key '
            'or wrong API endpoint."}}'
        ),
        "gateway",
        "Azure OpenAI",
    ),
    "Azure by the form of its codes": (
        403,
        {},
        '{"error": {"code": "AuthenticationTypeDisabled", "message": "x"}}',
        "gateway",
        "another server",
    ),
    "codes as OpenAI's": (
        401,
        {},
        '{"error": {"code": "invalid_api_key", "message": "x"}}',
        "",
        "",
    ),
    "LiteLLM": (
        400,
        {},
        (
            '{"error": {"message": "No connected db.", "type": "no_db_connection", "param": null, '
            '"code": "400"}}'
        ),
        "gateway",
        "LiteLLM",
    ),
    "LiteLLM in front of OpenAI": (
        200,
        {"x-litellm-version": "1.1", "openai-version": "2020-10-01"},
        "{}",
        "gateway",
        "LiteLLM",
    ),
    "a number as code": (
        402,
        {},
        '{"error": {"message": "Insufficient credits", "code": 402}}',
        "gateway",
        "another server",
    ),
    "vLLM's older form": (
        404,
        {},
        '{"object": "error", "message": "The model does not exist.", "code": 404}',
        "gateway",
        "another server",
    ),
    "Anthropic": (
        401,
        {},
        (
            '{"type": "error", "error": {"type": "authentication_error", "message": "invalid '
            'x-api-key"}}'
        ),
        "gateway",
        "Anthropic",
    ),
    "DeepSeek": (
        401,
        {},
        (
            '{"error": {"message": "Authentication Fails (no such user)", "type": '
            '"authentication_error"}}'
        ),
        "gateway",
        "DeepSeek",
    ),
    "Zscaler": (
        403,
        {},
        "<html><title>Internet Security by Zscaler</title></html>",
        "filter",
        "Zscaler",
    ),
    "a filter without a name": (
        403,
        {},
        "<html><body>Access to this category is blocked</body></html>",
        "filter",
        "a network filter",
    ),
    "a captive portal": (
        200,
        {},
        "<!DOCTYPE html><html><title>Hotspot login</title></html>",
        "filter",
        "a captive portal",
    ),
    "Squid": (
        503,
        {},
        "<html><body>Generated today by proxy (squid/5.7)</body></html>",
        "filter",
        "Squid",
    ),
    "Cloudflare's challenge": (
        403,
        {},
        "<!DOCTYPE html><html><title>Just a moment...</title></html>",
        "cloudflare",
        "Cloudflare",
    ),
    "Cloudflare in one line": (403, {}, "error code: 1010", "cloudflare", "Cloudflare"),
    "a web page": (200, {}, "<html><title>Welcome</title></html>", "", ""),
    "JSON that says blocked": (
        403,
        {},
        '{"error": {"message": "request blocked by content filter"}}',
        "",
        "",
    ),
}


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind", "name"), ANSWERS.values(), ids=ANSWERS
)
def test_an_answer_is_recognised(
    status: int, headers: dict[str, str], body: str, kind: str, name: str
) -> None:
    row = identify_responder(RESPONDERS, status, headers, body, html=is_html(body))
    assert (row.kind if row else "", row.name if row else "") == (kind, name)


SMALL, LARGE = 16_000, 64_000
MAX_GROWTH = 9
"""How much longer a body may take that is four times as long; 16 times would be quadratic."""
SLACK_S = 0.04


def _cpu_seconds(body: str, *, html: bool) -> float:
    """Processor time for one look-up, the shortest of three."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        identify_responder(RESPONDERS, 403, {}, body, html=html)
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.mark.parametrize(
    "piece",
    ["access ", '"code":', '"type": "error"', "web page blocked", "generated "],
)
@pytest.mark.parametrize("html", [True, False])
def test_time_grows_no_faster_than_the_body(piece: str, html: bool) -> None:
    small, large = (
        _cpu_seconds(piece * (size // len(piece)), html=html) for size in (SMALL, LARGE)
    )
    assert large < MAX_GROWTH * small + SLACK_S


PLACEHOLDERS = {
    "host",
    "no_proxy",
    "value",
    "quoted",
    "literal",
    "file",
    "line",
    "profile",
    "set_at",
}


@pytest.mark.parametrize("kind", get_args(ChangeKind))
def test_every_change_can_be_made_permanent(kind: str) -> None:
    assert [line for line in LINES if line.change == kind and line.origin is None]


def _label(line: Line) -> str:
    return f"{line.change}, {line.where}, {line.origin}: {line.text}"


def test_a_line_can_be_filled() -> None:
    assert [
        _label(line)
        for line in LINES
        if not {name for _, name, _, _ in Formatter().parse(line.text) if name} <= PLACEHOLDERS
        or "\n" in line.text
    ] == []


def test_a_value_in_code_or_in_a_shell_is_quoted() -> None:
    assert [
        _label(line) for line in LINES if line.where in {"code", "shell"} and "{value}" in line.text
    ] == []
