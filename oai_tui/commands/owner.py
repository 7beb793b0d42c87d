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

from oai_tui.diagnosis.owner_verdict import OwnerQuestion, owner_verdict, sentence
from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.events import Ended
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.owner_view import OwnerView, SurveyPlan
from oai_tui.domain.ports import Answer
from oai_tui.domain.target import DEFAULT_BASE_URL, Target
from oai_tui.headless.admin_key import (
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
)
from oai_tui.headless.profile_names import check_name
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
from oai_tui.services.services import Services, WalkPlan

if TYPE_CHECKING:
    from oai_tui.probes.owner import OwnerSurvey

_MIN_SURVEY_S = 0.2
"""Seconds for the survey when the time of the command is used up."""
_BAR_WIDTH = 20
_UNLISTED_KINDS = frozenset({"user", "jwt", "session", "ephemeral"})
"""Kinds of keys that belong to no project, so that no list of a project contains them."""
_NOT_OPENAI = (
    "The admin key was not sent, because {base_url} is not OpenAI's API: only OpenAI has the admin "
    "API. Leave the base URL out to look the key up."
)


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
    help="Use the admin key that --save-admin saved under NAME.",
)
@click.option(
    "--save-admin",
    metavar="NAME",
    help="Save the admin key under NAME once OpenAI accepted it. No other command can use it.",
)
@click.option(
    "--forget-admin", metavar="NAME", help="Delete the admin key saved under NAME, and stop."
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
    check_key_options(options)
    check_admin_source(admin_source, options.source)
    if forget_admin is not None:
        delete_admin_profile(open_profile_store(), check_name(forget_admin, "--forget-admin"))
        return WORKS
    if lists and (options.name is not None or options.source is not None):
        raise click.UsageError("--list reads all keys: leave NAME and --source out.")
    if admin_profile is not None and (admin_source is not None or save_admin is not None):
        raise click.UsageError(
            "--admin-profile uses a saved key: leave --admin-source and --save-admin out."
        )
    if save_admin is not None:
        check_name(save_admin, "--save-admin")
    if admin_profile is not None:
        admin = load_admin_profile(open_profile_store(), admin_profile)
    else:
        admin = read_admin_key(real_services(), admin_source, options.timeout)
    run = _OwnerRun(admin, options, lists=lists)
    if lists:
        code = run.list_keys()
    else:
        scope = CheckScope(only=frozenset({"model"}), timeout=options.timeout)
        code = report_on_key(options, scope, run.find, mode="owner", then=run.survey)
    if save_admin is None:
        return code
    if run.view is None or run.view.rejected is not None or not run.view.requests:
        print_note("the admin key was not saved, because OpenAI did not accept it here")
        return code or BY_FAMILY["key"]
    save_admin_profile(open_profile_store(), save_admin, admin)
    return code


class _OwnerRun:
    """One run: the survey, and what the report makes of it."""

    def __init__(self, admin: Credential, options: KeyOptions, *, lists: bool) -> None:
        self._admin = admin
        self._options = options
        self._lists = lists
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
        target = _admin_target(target)
        if not target.is_openai and not (target.is_loopback and facts.get("key_may_go")):
            self._note = _NOT_OPENAI.format(base_url=target.base_url)
            return
        line = ProgressLine()
        left_s = max(_MIN_SURVEY_S, self._ends_at - time.monotonic())
        self._survey = services.owner_survey(
            target,
            self._admin,
            facts,
            SurveyPlan(
                key=credential.secret if credential is not None else None,
                project=project,
                lists=self._lists,
                rotation_days=services.rotate_days,
                now=services.clock.now(),
                timeout_s=left_s,
            ),
            lambda view: line.draw(_progress(view)),
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
            warnings = (*diagnosis.verdict.warnings, *([self._note] if self._note else []))
            judged = replace(diagnosis, verdict=replace(diagnosis.verdict, warnings=warnings))
            return Finding(
                diagnosis=judged,
                lines=lambda style: [],
                fields=key_owner.fields(None, "", lists=False),
            )
        question = OwnerQuestion(
            view=view,
            now=now,
            catalogue=services.catalogue,
            listed_kind=self._kind not in _UNLISTED_KINDS,
            model=diagnosis.target.model or "",
            ends=diagnosis.credential.hint if diagnosis.credential is not None else "",
        )
        said = sentence(question)
        verdict = owner_verdict(diagnosis.verdict, question)
        above = "" if said in verdict.explanation else said  # once on the page is enough
        return Finding(
            diagnosis=replace(diagnosis, verdict=verdict),
            lines=lambda style: key_owner.lines(view, above, now, style),
            fields=key_owner.fields(view, said, lists=False),
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
            page = json.dumps(document(report) | fields, indent=2, ensure_ascii=not style.unicode)
            print_report(page + "\n")
            return code
        page = ""
        if view is not None and view.rejected is None:
            lines = key_owner.list_lines(view, services.rotate_days, style)
            page = "\n".join(lines) + "\n"
        if verdict.outcome != "working":
            page += ("\n" if page else "") + render_check(report)
        print_report(style.encodable(page))
        return code

    def _list_verdict(self, services: Services, verdict: Verdict) -> Verdict:
        """Return the verdict of the list: the keys were read, or why not."""
        view = self.view
        if view is None:
            if verdict.outcome != "working":
                return verdict
            return replace(verdict, outcome="undecided", cause="unknown", title=self._note)
        question = OwnerQuestion(view=view, now=services.clock.now(), catalogue=services.catalogue)
        judged = owner_verdict(replace(verdict, title=""), question)
        if judged.outcome == "working":
            total = sum(view.counts.values())
            title = f"{view.keys:,} keys read: {total:,} need attention"
            return replace(judged, title=title, explanation="", untested=())
        return judged


async def _say_no(question: Question, facts: Mapping[str, Fact]) -> Answer:
    return Answer(option="no")


def _admin_target(target: Target) -> Target:
    """Return the target of the admin API: OpenAI's global host, or the simulator on this machine.

    The admin key determines the organization, so that no header names one.
    """
    base_url = DEFAULT_BASE_URL if target.is_openai else target.base_url
    return replace(target, base_url=base_url, organization=None, project=None, model=None)


def _progress(view: OwnerView) -> str:
    """Return a bar with the projects that were read, of those that are known so far."""
    known = max(view.projects_listed, view.projects, 1)
    filled = round(_BAR_WIDTH * view.projects / known)
    bar = "#" * filled + "." * (_BAR_WIDTH - filled)
    return f"[{bar}] {view.projects} of {known} projects, {view.keys:,} keys"
