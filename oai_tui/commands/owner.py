"""`oai-tui owner`: shows what an admin key sees of a key, or lists keys that need attention.

It only reads, and nothing is billed.
"""

import json
import time
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from oai_tui import __version__
from oai_tui.domain.cause import Fix
from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.events import Ended
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.observation import Fact
from oai_tui.domain.owner_view import OwnerView, SurveyPlan
from oai_tui.domain.ports import Answer
from oai_tui.domain.target import Target
from oai_tui.headless.admin_key import (
    AdminKeyError,
    check_admin_source,
    delete_admin_profile,
    load_admin_profile,
    read_admin_key,
    save_admin_profile,
)
from oai_tui.headless.console import ProgressLine, print_note, print_report, stdout_style
from oai_tui.headless.key_command import (
    Finding,
    KeyOptions,
    check_key_options,
    key_options,
    report_on_key,
    warning_lines,
)
from oai_tui.headless.option_conflicts import check_used
from oai_tui.headless.options import check_model_ids
from oai_tui.headless.profile_names import OTHER_NAME, check_name
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import with_overrides
from oai_tui.headless.timeout import END_SLACK_S, TimeLimitReached, run_with_timeout
from oai_tui.headless.with_profiles import open_profile_store
from oai_tui.reports import exit_code, key_owner, redact_strings
from oai_tui.reports.exit_codes import BY_FAMILY, WORKS
from oai_tui.reports.json import document
from oai_tui.reports.report import Report
from oai_tui.reports.text import render as render_check
from oai_tui.services.build import real_services
from oai_tui.services.owner_lookup import NOT_OPENAI, admin_target, list_verdict, owner_result
from oai_tui.services.services import Services, WalkPlan

if TYPE_CHECKING:
    from oai_tui.probes.owner import OwnerSurvey

_NO_ADMIN_KEY: Mapping[str, str] = {
    "key-missing": "No admin key",
    "key-not-admin": "This is not an admin key",
    "key-malformed": "The admin key can't be sent",
}
"""Cause of an admin key that can't be used -> the title of the verdict."""
_MIN_SURVEY_S = 0.2
"""Seconds for the survey when the time of the command is used up."""
_USED_BY_LIST = (
    "--admin-source",
    "--admin-profile",
    "--save-admin",
    "--base-url",
    "--allow-http",
    "--timeout",
    "--json",
)
"""The options that --list uses, too."""


@click.command()
@key_options
@click.option(
    "--admin-source",
    metavar="SOURCE",
    help="Where to read the admin key: env (OPENAI_ADMIN_KEY), dotenv, stdin, command:… or "
    "command-shell:…. Default: env, then dotenv.",
)
@click.option(
    "--admin-profile",
    metavar="NAME",
    type=OTHER_NAME,
    help="Use the admin key that --save-admin saved under NAME.",
)
@click.option(
    "--save-admin",
    metavar="NAME",
    type=OTHER_NAME,
    help="Save the admin key under NAME once OpenAI accepted it. No other command can use it.",
)
@click.option(
    "--forget-admin",
    metavar="NAME",
    type=OTHER_NAME,
    help="Delete the admin key saved under NAME, and stop.",
)
@click.option(
    "--model",
    metavar="ID",
    callback=check_model_ids,
    help="Check a model, say whether the key's project permits it, and show only its rate limit.",
)
@click.option(
    "--list",
    "lists",
    is_flag=True,
    help="List the keys of all projects that are due for rotation, never used, expiring, or of "
    "removed owners, instead of one key.",
)
def command(
    admin_source: str | None,
    admin_profile: str | None,
    save_admin: str | None,
    forget_admin: str | None,
    model: str | None,
    lists: bool,
    **arguments: Any,
) -> int:
    """Show what an admin key sees of a key: whether it exists, its project, owner, expiry and last
    use, and the limits and model permissions of its project. With NAME, looks up the key of that
    profile.

    Checks the key first, and says for certain why it is rejected where the admin API knows. Only
    reads: nothing is changed or billed. The admin key goes to OpenAI's admin API and nowhere else.
    """
    options = KeyOptions(**arguments)
    if forget_admin is not None:
        check_used("--forget-admin", "only deletes an admin key")
        delete_admin_profile(open_profile_store(), check_name(forget_admin, "--forget-admin"))
        return WORKS
    if lists:
        check_used("--list", "reads all keys", used=_USED_BY_LIST)
    check_key_options(options)
    check_admin_source(admin_source, options.source)
    if admin_profile is not None and (admin_source is not None or save_admin is not None):
        raise click.UsageError(
            "--admin-profile uses a saved key: leave --admin-source and --save-admin out."
        )
    if save_admin is not None:
        check_name(save_admin, "--save-admin")
    try:
        if admin_profile is not None:
            admin = load_admin_profile(open_profile_store(), admin_profile)
        else:
            admin = read_admin_key(real_services(), admin_source, options.timeout)
    except AdminKeyError as error:
        if not options.as_json:
            raise
        return _report_no_admin_key(error, lists=lists)
    run = _OwnerRun(admin, options, lists=lists, model=model or "")
    if lists:
        code = run.list_keys()
    else:
        scope = CheckScope(models=(model,), only=frozenset({"model"}), timeout=options.timeout)
        code = report_on_key(options, scope, run.find, mode="owner", model=model, then=run.survey)
    if save_admin is None:
        return code
    if run.view is None or run.view.rejected is not None or not run.view.requests:
        print_note("the admin key was not saved, because OpenAI did not accept it here")
        return code or BY_FAMILY["key"]
    save_admin_profile(open_profile_store(), save_admin, admin)
    return code


class _OwnerRun:
    """One run: the survey, and what the report makes of it."""

    def __init__(
        self, admin: Credential, options: KeyOptions, *, lists: bool, model: str = ""
    ) -> None:
        self._admin = admin
        self._options = options
        self._lists = lists
        self._model = model
        self._ends_at = time.monotonic() + options.timeout
        self._note = ""
        self._kind = ""
        self._survey: OwnerSurvey | None = None

    @property
    def view(self) -> OwnerView | None:
        """Return what was found so far; None if the admin API was not asked."""
        return None if self._survey is None else self._survey.view()

    async def survey(self, services: Services, tracker: RunTracker) -> None:
        """Ask the admin API about the key that was checked."""
        selection = tracker.selection
        credential = selection.credential if selection is not None else None
        if credential is None or credential.kind.role == "admin":
            return
        self._kind = credential.kind.id
        diagnosis = tracker.diagnosis()
        facts: Mapping[str, Fact] = diagnosis.facts
        if not diagnosis.target.is_openai and not facts.get("key_may_go"):
            facts = await self._confirmed(services, diagnosis.target)
        project = str(facts.get("project_seen") or "")
        await self._ask(services, diagnosis.target, facts, credential, project)

    async def _ask(
        self,
        services: Services,
        target: Target,
        facts: Mapping[str, Fact],
        credential: Credential | None,
        project: str = "",
    ) -> None:
        admin = admin_target(target, facts)
        if admin is None:
            self._note = NOT_OPENAI.format(base_url=target.base_url)
            return
        line = ProgressLine()
        left_s = max(_MIN_SURVEY_S, self._ends_at - time.monotonic())
        self._survey = services.owner_survey(
            admin,
            self._admin,
            facts,
            SurveyPlan(
                key=credential.secret if credential is not None else None,
                project=project,
                lists=self._lists,
                rotation_days=services.rotate_days,
                now=services.clock.now(),
                timeout_s=left_s,
                limit_s=self._options.timeout,
            ),
            lambda view: line.draw(key_owner.progress_line(view)),
        )
        try:
            await self._survey.run()
        finally:
            line.clear()

    async def _confirmed(
        self, services: Services, target: Target, tracker: RunTracker | None = None
    ) -> Mapping[str, Fact]:
        """Return the facts of a walk that sends no key and finds out who answers.

        tracker: records it, where it is the whole check.
        """
        plan = WalkPlan(
            target=target,
            credential=None,
            start=services.tree.first_of("reach"),
            only=frozenset({"reach"}),
            timeout_s=max(_MIN_SURVEY_S, self._ends_at - time.monotonic()),
        )
        if tracker is not None:
            tracker.begin(plan)
        facts: Mapping[str, Fact] = {}
        async with aclosing(services.walk(plan, _say_no)) as events:
            async for event in events:
                if tracker is not None:
                    tracker.record(event)
                if isinstance(event, Ended):
                    facts = event.diagnosis.facts
        return facts

    def find(self, services: Services, diagnosis: Diagnosis) -> Finding:
        """Return the finding about the key that was checked."""
        view = self.view
        now = services.clock.now()
        if view is None:
            verdict = diagnosis.verdict
            if self._note:
                verdict = _not_looked_up(verdict, self._note)
            return Finding(
                diagnosis=replace(diagnosis, verdict=verdict),
                lines=lambda style: [],
                fields=key_owner.fields(None, "", lists=False, model=self._model),
            )
        result = owner_result(services, diagnosis, view, self._kind)
        # once on the page is enough
        above = "" if result.said in result.diagnosis.verdict.explanation else result.said
        return Finding(
            diagnosis=result.diagnosis,
            lines=lambda style: key_owner.lines(view, above, now, style, self._model),
            fields=key_owner.fields(view, result.said, lists=False, model=self._model),
            said=view.notes,
        )

    def list_keys(self) -> int:
        """List the keys that need attention, and return the exit code."""
        options = self._options
        services = real_services()
        tracker = RunTracker(services, options.timeout)
        flags = {"base_url": options.base_url}
        target = with_overrides(services.discover().target, flags, allow_http=options.allow_http)
        target = replace(target, organization=None, project=None, model=None)

        async def main() -> None:
            try:
                facts = await self._confirmed(services, target, tracker)
                if tracker.diagnosis().verdict.outcome == "working":
                    await self._ask(services, target, facts, None)
            finally:
                tracker.clear()
                await services.aclose()

        def report() -> int:
            return self._report_list(services, tracker)

        with suppress(TimeLimitReached):  # the survey has what is known
            run_with_timeout(main(), options.timeout + END_SLACK_S, when_blocked=report)
        return report()

    def _report_list(self, services: Services, tracker: RunTracker) -> int:
        diagnosis = redact_strings(tracker.diagnosis(), tracker.redactor)
        view = self.view
        diagnosis = replace(diagnosis, verdict=self._list_verdict(services, diagnosis.verdict))
        verdict = diagnosis.verdict
        code, style = exit_code(verdict), stdout_style()
        report = Report(diagnosis=diagnosis, mode="owner", exit_code=code, style=style)
        if self._options.as_json:
            fields = redact_strings(key_owner.fields(view, "", lists=True), tracker.redactor)
            print_report(_json_page(report, fields))
            return code
        page = ""
        if view is not None and (view.complete or key_owner.has_read(view)):
            lines = key_owner.list_lines(view, services.rotate_days, style)
            if verdict.outcome == "working":
                lines += warning_lines(verdict, view.notes, style)
            page = "\n".join(lines) + "\n"
        if verdict.outcome != "working":
            page += ("\n" if page else "") + render_check(report)
        print_report(style.encodable(page))
        return code

    def _list_verdict(self, services: Services, verdict: Verdict) -> Verdict:
        """Return the verdict of the list: the keys were read, or why not."""
        view = self.view
        if view is None:
            return _not_looked_up(verdict, self._note) if self._note else verdict
        return list_verdict(services, view, verdict)


def _not_looked_up(verdict: Verdict, why: str) -> Verdict:
    """Return the verdict where the admin API was not asked: what the check found, else unknown."""
    if verdict.outcome != "working":
        return replace(verdict, warnings=(*verdict.warnings, why))
    return replace(
        verdict,
        outcome="undecided",
        cause="unknown",
        confidence="possible",
        title="The admin API was not asked",
        explanation=why,
        untested=(),
    )


def _report_no_admin_key(error: AdminKeyError, *, lists: bool) -> int:
    """Print the JSON document of a run without an admin key, and return the exit code."""
    services = real_services()
    cause = services.catalogue[error.cause]
    said, *how = error.lines
    verdict = Verdict(
        outcome="problem",
        cause=cause.id,
        family=cause.family,
        confidence="certain",
        title=_NO_ADMIN_KEY[error.cause],
        explanation=said[:1].upper() + said[1:],
        fixes=tuple(Fix(text=text, who="you") for text in how),
    )
    diagnosis = Diagnosis(
        verdict=verdict,
        trail=(),
        target=services.discover().target,
        credential=None,
        started_at=services.clock.now(),
        elapsed_ms=0,
        version=__version__,
    )
    redactor = Redactor(services.known_secrets())
    code, style = exit_code(verdict), stdout_style()
    report = Report(
        diagnosis=redact_strings(diagnosis, redactor), mode="owner", exit_code=code, style=style
    )
    fields = key_owner.fields(None, "", lists=lists)
    print_report(_json_page(report, fields))
    return code


def _json_page(report: Report, fields: Mapping[str, Any]) -> str:
    """Return the JSON document of a report with the fields of the owner view."""
    page = document(report) | dict(fields)
    return json.dumps(page, indent=2, ensure_ascii=not report.style.unicode) + "\n"


async def _say_no(question: Question, facts: Mapping[str, Fact]) -> Answer:
    return Answer(option="no")
