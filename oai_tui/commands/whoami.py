"""`oai-tui whoami`: prints the key in use, its origin, and its user, organization and project.

The last three come from GET /v1/me and from the headers of the answers.
"""

import json
from collections.abc import Iterator
from typing import Any

import click

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.identity import sent_but_not_used
from oai_tui.domain.profile_diff import ProfileDiff
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.headless.options import allow_http_option, json_option, timeout_option
from oai_tui.headless.profile_names import PROFILE_NAME
from oai_tui.headless.run_check import CheckScope, check_key
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection, select_key
from oai_tui.headless.with_profiles import open_profile_store
from oai_tui.reports import exit_code, key_identity, redact_strings
from oai_tui.reports.json import document
from oai_tui.reports.report import Report
from oai_tui.services.build import real_services
from oai_tui.services.profile_comparison import with_profile_comparison

_LABEL_WIDTH = 14


@click.command()
@click.argument("name", required=False, type=PROFILE_NAME)
@timeout_option("Time limit for the whole command.")
@allow_http_option
@json_option
def command(name: str | None, timeout: float, allow_http: bool, as_json: bool) -> int:
    """Show the key in use, its source, and its user, organization and project. With NAME, shows
    the key of that profile.

    Without NAME: the key in the environment, then in .env, then of the default profile. Sends no
    billed request. Exit codes are those of `oai-tui check`.
    """
    services = open_profile_store() if name else real_services()
    tracker = RunTracker(services, timeout)

    async def select() -> KeySelection:
        return await select_key(
            services,
            profile=name,
            source=None,
            flags={},
            timeout_s=timeout,
            allow_http=allow_http,
        )

    def report() -> int:
        diagnosis, diff = with_profile_comparison(
            tracker.profile, tracker.diagnosis(), now=services.clock.now()
        )
        diagnosis = redact_strings(diagnosis, tracker.redactor)
        style = stdout_style()
        if as_json:
            json_document = _document(diagnosis, diff)
            page = json.dumps(json_document, indent=2, ensure_ascii=not style.unicode) + "\n"
        else:
            page = style.encodable("\n".join(_lines(diagnosis)) + "\n")
        print_report(page)
        return exit_code(diagnosis.verdict)

    scope = CheckScope(only=frozenset({"identity"}), timeout=timeout)
    check_key(services, select, scope, tracker, report=report)
    return report()


def _document(diagnosis: Diagnosis, diff: ProfileDiff | None) -> dict[str, Any]:
    """Return the JSON report of `check`, with the user and the organizations."""
    whole = document(
        Report(
            diagnosis=diagnosis,
            mode="whoami",
            exit_code=exit_code(diagnosis.verdict),
            since=diff,
        )
    )
    whole["identity"] |= key_identity.fields(
        diagnosis.facts, diagnosis.target, were_sent=_were_headers_sent(diagnosis)
    )
    return whole


def _lines(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield the lines of the text report."""
    yield from _key_lines(diagnosis)
    if diagnosis.verdict.outcome == "working":
        yield from _identity_lines(diagnosis)
    else:
        yield from _verdict_lines(diagnosis)
        if diagnosis.facts.get("organization_rows"):
            for label, value in key_identity.organization_rows(diagnosis.facts):
                yield _row(label, value)
    target, facts = diagnosis.target, diagnosis.facts
    for label, value in key_identity.sent_rows(target, were_sent=_were_headers_sent(diagnosis)):
        yield _row(label, value)
    yield _row("base URL", target.base_url)
    for difference in sent_but_not_used(facts, target):
        yield f"! {difference}"
    key = diagnosis.credential
    if advice := key_identity.choice_advice(facts, target, key.origin if key else None):
        yield advice
    for warning in diagnosis.verdict.warnings:
        yield f"! {warning}"


def _were_headers_sent(diagnosis: Diagnosis) -> bool:
    return key_identity.were_headers_sent(record.observation for record in diagnosis.trail)


def _key_lines(diagnosis: Diagnosis) -> Iterator[str]:
    key = diagnosis.credential
    if key is None:
        return
    yield _row("key", f"{key.hint} ({key.kind_label}, fingerprint {key.fingerprint})")
    yield _row("from", key.origin.phrase.removeprefix("from "))
    for shadowed in key.shadows:
        yield _row("", f"overrides {shadowed.phrase.removeprefix('from ')}")


def _identity_lines(diagnosis: Diagnosis) -> Iterator[str]:
    for label, value in key_identity.identity_rows(diagnosis.facts):
        yield _row(label, value)


def _verdict_lines(diagnosis: Diagnosis) -> Iterator[str]:
    verdict, key = diagnosis.verdict, diagnosis.credential
    yield _row("verdict", f"{verdict.title} ({verdict.cause})" if verdict.cause else verdict.title)
    option = ""
    if key is not None and key.origin.kind == "keyring":
        option = f" --profile {key.origin.name}"
    yield _row("", f"for details, run: oai-tui check{option}")


def _row(label: str, value: str) -> str:
    return f"{label.ljust(_LABEL_WIDTH)}{value}"
