"""`oai-tui whoami`: which key it is, where it comes from, and for whom its calls count, by GET /v1/me and the answers' headers."""

import json
from collections.abc import Iterator
from typing import Any

import click

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.profile_diff import ProfileDiff
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.headless.options import DEFAULT_TIMEOUT_S, allow_http_option, seconds
from oai_tui.headless.profile_names import complete_profile
from oai_tui.headless.run_check import CheckScope, check_key, with_profile_comparison
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import select_key
from oai_tui.headless.with_profiles import open_profile_store
from oai_tui.reports import exit_code, redact_strings
from oai_tui.reports.json import document
from oai_tui.reports.report import Report
from oai_tui.services.build import real_services

_LABEL = 14


@click.command()
@click.argument("name", required=False, shell_complete=complete_profile)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    default=DEFAULT_TIMEOUT_S,
    show_default=True,
    callback=seconds,
    help="The whole command takes no longer than this.",
)
@allow_http_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def command(name: str | None, timeout: float, allow_http: bool, as_json: bool) -> int:
    """Say which key is used here, from where, and for which user, organization and project. With NAME: the profile's.

    Without NAME it is the environment's key, else the .env's, else the default profile's. Nothing billed is sent. Exit codes as those of `oai-tui check`.
    """
    services = open_profile_store() if name else real_services()
    tracker = RunTracker(services, timeout)

    def report() -> int:
        found, diff = with_profile_comparison(services, tracker.profile, tracker.diagnosis())
        found = redact_strings(found, tracker.redactor)
        style = stdout_style()
        if as_json:
            document = json.dumps(_document(found, diff), indent=2, ensure_ascii=not style.unicode)
            print_report(document + "\n")
        else:
            print_report(style.encodable("\n".join(_lines(found)) + "\n"))
        return exit_code(found.verdict)

    check_key(
        services,
        lambda: select_key(
            services,
            profile=name,
            source=None,
            flags={},
            timeout_s=timeout,
            allow_http=allow_http,
        ),
        CheckScope(only=frozenset({"identity"}), timeout=timeout),
        tracker,
        report=report,
    )
    return report()


def _document(found: Diagnosis, diff: ProfileDiff | None) -> dict[str, Any]:
    """The report of `check` with the user and the organizations."""
    whole = document(
        Report(diagnosis=found, mode="whoami", exit_code=exit_code(found.verdict), since=diff)
    )
    names = str(found.facts.get("organizations", ""))
    whole["identity"] |= {
        "user": found.facts.get("user"),
        "organizations": names.split(", ") if names else [],
    }
    return whole


def _lines(found: Diagnosis) -> Iterator[str]:
    key, facts, target = found.credential, found.facts, found.target
    if key is not None:
        yield _row("key", f"{key.hint} ({key.kind_label}, fingerprint {key.fingerprint})")
        yield _row("from", key.origin.phrase.removeprefix("from "))
        for shadowed in key.shadows:
            yield _row("", f"wins over {shadowed.phrase.removeprefix('from ')}")
    if found.verdict.outcome == "working":
        yield _row(
            "user",
            str(
                facts.get(
                    "user", "not told: this key may not ask GET /v1/me, or belongs to no person"
                )
            ),
        )
        yield _row(
            "organization",
            str(facts.get("organizations") or facts.get("organization_seen") or "not told"),
        )
        if facts.get("organizations") and facts.get("organization_seen"):
            yield _row("", f"calls count for {facts['organization_seen']}")
        yield _row("project", str(facts.get("project_seen") or "not told"))
    else:
        yield _row(
            "verdict",
            found.verdict.title + (f" ({found.verdict.cause})" if found.verdict.cause else ""),
        )
        yield _row(
            "",
            "oai-tui check"
            + (
                f" --profile {key.origin.name}"
                if key is not None and key.origin.kind == "keyring"
                else ""
            )
            + " says more",
        )
    sent = [f"organization {target.organization}"] if target.organization else []
    sent += [f"project {target.project}"] if target.project else []
    yield _row("sent along", ", ".join(sent) or "neither organization nor project")
    yield _row("address", target.base_url)
    for warning in found.verdict.warnings:
        yield f"! {warning}"


def _row(label: str, value: str) -> str:
    return f"{label.ljust(_LABEL)}{value}"
