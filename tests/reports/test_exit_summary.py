"""The lines that stay in the terminal after the wizard."""

from dataclasses import replace

import pytest

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.keys.secret import Secret
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.reports.exit_summary import ExitSummary, render_exit_summary
from oai_tui.reports.style import Style
from tests.reports import samples

PROBLEM = ExitSummary(
    verdict=samples.MISMATCH.verdict,
    subject="project key …bbbb (environment) at api.openai.com",
    request_ids=("req_1", "req_2", "req_3"),
)
FIXED = ExitSummary(
    verdict=Verdict(outcome="working", title="It works"),
    permanent=("unset OPENAI_ORG_ID",),
    profile="work",
    request_ids=("req_3",),
)


def test_a_problem_has_its_first_fix_and_its_request_ids() -> None:
    assert render_exit_summary(PROBLEM, Style(width=80)).splitlines() == [
        "✗ OPENAI_ORG_ID doesn’t match this key’s organization (organization-mismatch)",
        "  project key …bbbb (environment) at api.openai.com",
        "  → Call without the organization setting",
        "    unset OPENAI_ORG_ID",
        "  Request ID: req_2, req_3",
    ]


def test_a_fix_of_one_check_has_the_line_that_keeps_it_and_the_profile_its_command() -> None:
    assert render_exit_summary(FIXED, Style(width=80)).splitlines() == [
        "✓ It works",
        "  Fixed for that check only. To make it permanent:",
        "    unset OPENAI_ORG_ID",
        "  To use the profile:",
        "    oai-tui exec work -- COMMAND",
        "  Request ID: req_3",
    ]


def test_a_profile_in_the_encrypted_file_names_the_file() -> None:
    page = render_exit_summary(
        replace(FIXED, store="OAI_TUI_STORE=file:~/keys.enc "), Style(width=80)
    )
    assert "    OAI_TUI_STORE=file:~/keys.enc oai-tui exec work -- COMMAND\n" in page


def test_a_demo_says_that_nothing_was_changed_and_names_no_profile() -> None:
    page = render_exit_summary(replace(FIXED, demo="Wrong organization"), Style(width=100))
    assert page.splitlines() == [
        "Demo “Wrong organization”: nothing on this machine was changed.",
        "✓ It works",
        "  After a real check, this makes the fix permanent:",
        "    unset OPENAI_ORG_ID",
    ]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_prose_is_wrapped_and_commands_are_whole(width: int) -> None:
    page = render_exit_summary(replace(FIXED, verdict=PROBLEM.verdict), Style(width=width))
    lines = page.splitlines()
    assert "    unset OPENAI_ORG_ID" in lines
    assert [line for line in lines if len(line) > width and not line.startswith("    ")] == []


def test_no_colors_without_a_style_that_has_them() -> None:
    assert "\x1b" not in render_exit_summary(PROBLEM, Style())
    assert "\x1b[31m" in render_exit_summary(PROBLEM, Style(colour=True))


def test_a_stream_without_unicode_gets_ascii() -> None:
    assert render_exit_summary(PROBLEM, Style(unicode=False)).isascii()


def test_keys_and_escape_sequences_of_a_server_do_not_reach_the_terminal() -> None:
    verdict = Verdict(outcome="problem", title=f"it said \x1b[2J {samples.FAKE_KEY}")
    page = render_exit_summary(
        ExitSummary(verdict=verdict, request_ids=("\x1b]0;x\x07",)),
        Style(),
        Redactor([Secret(samples.FAKE_KEY)]),
    )
    assert "\x1b" not in page
    assert samples.FAKE_KEY[8:30] not in page


def test_advice_is_wrapped_where_a_command_is_not() -> None:
    advice = "Save the profile again under the name work; what is used now is what gets saved."
    page = render_exit_summary(replace(FIXED, permanent=(advice,)), Style(width=40))
    assert max(len(line) for line in page.splitlines()) <= 40


def test_it_has_eight_lines_at_most_whatever_the_cause() -> None:
    for cause in CATALOGUE.values():
        for fix in cause.fixes:
            verdict = Verdict(outcome="problem", cause=cause.id, title=cause.title, fixes=(fix,))
            page = render_exit_summary(replace(PROBLEM, verdict=verdict), Style(width=80))
            assert 3 <= len(page.splitlines()) <= 8
