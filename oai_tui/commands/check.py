"""`oai-tui check`: one walk without a wizard. The report goes to stdout or a file, everything else to stderr, and the exit code says the family of the cause."""

import difflib
import math
import os
import sys
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from oai_tui.commands.course import Course
from oai_tui.commands.ending import run_within
from oai_tui.commands.key_choice import Choice, check_source, choose
from oai_tui.commands.output import check_writable, note, put, put_file, stdout_style
from oai_tui.commands.unlocking import services_with_profiles
from oai_tui.domain.diagnosis import Diagnosis, StepRecord
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer, Ask
from oai_tui.domain.redaction import Redactor
from oai_tui.domain.target import Target
from oai_tui.domain.tree import Question
from oai_tui.reports import REPORTS, exit_code, render
from oai_tui.reports import style as styles
from oai_tui.wiring import Services, real_services

_SLACK_S = 0.5
"""Seconds that the walk's own end and the report may take beyond --timeout before the run is broken off."""
_LONGEST_S = 3600.0

# httpx loads its own command line, and with it rich and pygments, wherever these are installed. Nothing here uses it, and it takes a third of the time that httpx needs to load.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None is how Python marks a module that is not to be imported


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asked for."""

    profile: str | None
    source: str | None
    base_url: str | None
    organization: str | None
    project: str | None
    model: str | None
    require_model: tuple[str, ...]
    inference: bool
    timeout: float
    only: tuple[str, ...]
    format: str
    output: Path | None
    color: styles.Choice

    @property
    def models(self) -> tuple[str | None, ...]:
        """The models to look at, the one for a billed request first; one None when none is named."""
        return tuple(dict.fromkeys(name for name in (self.model, *self.require_model) if name is not None)) or (None,)


def _seconds(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not math.isfinite(value) or not 0 < value <= _LONGEST_S:
        raise click.BadParameter(f"give a number of seconds above 0 and up to {_LONGEST_S:g}", ctx, param)
    return value


@click.command()
@click.option("--profile", metavar="NAME", help="Use the key and settings of a profile in the OS keyring.")
@click.option("--source", metavar="SOURCE", help="Where the key is: env, dotenv, stdin, codex, llm, command:… (a command that prints it) or command-shell:… (for pipes). Default: env, else dotenv.")
@click.option("--base-url", metavar="URL", help="The API's address; naming it here means that the key may be sent there.")
@click.option("--organization", metavar="ID", help="Send this OpenAI-Organization.")
@click.option("--project", metavar="ID", help="Send this OpenAI-Project.")
@click.option("--model", metavar="ID", help="The model you want to use.")
@click.option("--require-model", metavar="ID", multiple=True, help="A model that must be there for this key. May be repeated.")
@click.option("--inference", is_flag=True, help="Permit the smallest billed request (about $0.00001). Without it billing is not tested.")
@click.option("--timeout", metavar="SECONDS", type=float, default=30.0, show_default=True, callback=_seconds, help="The whole check takes no longer than this.")
@click.option("--only", metavar="STEP", multiple=True, help="Only this step and what it needs. May be repeated.")
@click.option("--format", type=click.Choice(list(REPORTS)), default="text", show_default=True, help="The report's format.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the report to this file (0600) instead of standard output.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Colours in the text report.")
def command(as_json: bool, **options: Any) -> int:
    """Check one key: is it taken, for whom, with which models, and what stands in the way.

    Exit codes: 0 works, 3 no key found, 4 key, organization or project, 5 permission, 6 billing, 7 rate limits, 8 network,
    9 service, 10 this machine, 11 undecided, 2 usage.
    """
    if as_json:
        options["format"] = "json"
    wish = Wish(**options)
    if wish.profile is not None and wish.source is not None:
        raise click.UsageError("--profile and --source name two different keys; give one of them.")
    if wish.source is not None:
        check_source(wish.source)
        if wish.source == "stdin" and os.isatty(0):
            raise click.BadParameter("standard input is a terminal; pipe the key in, for example: pass openai | oai-tui check --source stdin", param_hint="--source")
    if wish.output is not None:
        check_writable(wish.output)
    services = real_services() if wish.profile is None else services_with_profiles()
    _check_only(wish.only, tuple(stage.id for stage in services.tree.stages if stage.id != "save"))
    return _run(services, wish)


def _check_only(only: tuple[str, ...], stages: tuple[str, ...]) -> None:
    for name in only:
        if name not in stages:
            near = difflib.get_close_matches(name, stages, 1)
            raise click.BadParameter(f"there is no step {name!r}{f'; did you mean {near[0]}' if near else ''}; the steps are {', '.join(stages)}", param_hint="--only")


def _run(services: Services, wish: Wish) -> int:
    course = Course(services, wish.timeout)
    secrets = []

    async def main() -> Diagnosis:
        try:
            choice = await choose(
                services, profile=wish.profile, source=wish.source, timeout_s=wish.timeout,
                flags={"base_url": wish.base_url, "organization": wish.organization, "project": wish.project, "model": wish.models[0]},
            )
            if choice.credential is not None:
                secrets.append(choice.credential.secret)
            return await _walk(services, wish, choice, course)
        finally:
            course.clear()
            await services.aclose()

    def finish(found: Diagnosis) -> int:
        _report(found, wish, Redactor(secrets))
        return exit_code(found.verdict)

    return run_within(wish.timeout + _SLACK_S, main, late=course.diagnosis, finish=finish)


async def _walk(services: Services, wish: Wish, choice: Choice, course: Course) -> Diagnosis:
    """Walk once, and then once more from the model step for each further model, as long as all is well."""
    wanted = frozenset(wish.only) or frozenset(stage.id for stage in services.tree.stages if stage.id != "save")
    ends_at = services.clock.steady() + wish.timeout
    ask = _answers(wish, agreed=choice.target.agreed)

    async def once(target: Target, facts: Mapping[str, Fact], only: frozenset[str], start: str | None = None, before: tuple[StepRecord, ...] = ()) -> Diagnosis:
        course.begin(target, choice.credential, facts, choice.notes)
        left = max(0.1, ends_at - services.clock.steady())
        walk = services.walk(target=target, credential=choice.credential, ask=ask, start=start, before=before, only=only, facts=facts, timeout_s=left)
        async with aclosing(walk) as events:  # type: ignore[type-var]
            async for event in events:
                course.see(event)
        return course.diagnosis()

    found = await once(choice.target, choice.facts, wanted)
    for model in wish.models[1:]:
        if found.verdict.outcome != "working" or "model" not in wanted:
            break
        found = await once(replace(found.target, model=model), found.facts, frozenset({"model"}), services.tree.first_of("model"), found.trail)
    return replace(found, target=replace(found.target, model=choice.target.model)) if found.verdict.outcome == "working" else found


def _answers(wish: Wish, *, agreed: bool) -> Ask:
    """Answers the walk's questions out of the flags; a question that no flag answers is answered with no."""
    yes = {"inference": wish.inference, "gateway": agreed}

    async def ask(question: Question, facts: Mapping[str, Fact]) -> Answer:
        return Answer(option="yes" if yes.get(question.id) else "no")

    return ask


def _report(found: Diagnosis, wish: Wish, redact: Redactor) -> None:
    if wish.output is None:
        put(render(wish.format, found, style=stdout_style(wish.color), redact=redact))
    else:
        put_file(wish.output, render(wish.format, found, redact=redact))
        note(f"the report is in {wish.output}")
