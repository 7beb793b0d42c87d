"""The only module here that imports the program; renames in the program need changes only here.

All imports are inside functions, because loading these tests must not load the program.
"""

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "oai_tui"
NOT_LOADED = ("oai_tui.__main__", "oai_tui.tui")
"""Modules that no recorded case needs: slow to import, or run the program when imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One walk over a scenario: both reports, the exit code, and the requests.

    `text`: "" for a fixed scenario.
    `applied`: for each fix that the program can apply by itself, its changes and the next walk.
    """

    exit_code: int
    json: str
    text: str
    requests: list[str]
    applied: list[dict[str, Any]]


@cache
def root() -> Path:
    """Return the folder that contains the package, for PYTHONPATH of other processes."""
    return Path(str(importlib.import_module(PACKAGE).__file__)).parent.parent


@cache
def loaded_modules() -> tuple[ModuleType, ...]:
    """Import and return every module of the program except those of NOT_LOADED."""
    package = importlib.import_module(PACKAGE)
    names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}.")]
    wanted = [name for name in names if not name.startswith(NOT_LOADED)]
    return (package, *(importlib.import_module(name) for name in wanted))


def run_main(arguments: list[str]) -> None:
    """Run the command line in this process; ends with SystemExit."""
    from oai_tui.cli import main

    main(arguments)


@contextmanager
def simulated_check(scenario_id: str) -> Iterator[None]:
    """Let the command `check` use the simulated API of this scenario."""
    from oai_tui.services.build import demo_services

    check: Any = importlib.import_module("oai_tui.commands.check")
    services = demo_services(scenario_id)
    before = check.real_services
    check.real_services = lambda: services
    try:
        yield
    finally:
        check.real_services = before


def walk_scenario(scenario_id: str, *, fixed: bool) -> Walked:
    """Walk a scenario as the wizard does: with the billed request, and with saving a profile.

    `fixed`: after the cause was fixed outside the program.
    """
    return asyncio.run(_walk(scenario_id, fixed=fixed))


async def _walk(scenario_id: str, *, fixed: bool) -> Walked:
    from oai_tui.reports import exit_code, render
    from oai_tui.services.build import demo_services

    services = demo_services(scenario_id)
    if fixed:
        services.demo_fix_outside()
    discovered = services.discover()
    credential = next(iter(discovered.credentials), None)
    try:
        diagnosis = await _diagnosis(services, discovered.target, credential, scenario_id)
        requests = _requests(services)
        applied = []
        for fix in diagnosis.verdict.fixes:
            if fix.apply is not None:
                done = services.apply_fix(fix.apply, discovered.target, credential, diagnosis.facts)
                after = await _diagnosis(services, done.target, done.credential, scenario_id)
                applied.append(_applied(fix, done, after))
    finally:
        await services.aclose()
    return Walked(
        exit_code=exit_code(diagnosis.verdict),
        json=render("json", diagnosis),
        text="" if fixed else render("text", diagnosis),
        requests=requests,
        applied=applied,
    )


async def _diagnosis(services: Any, target: Any, credential: Any, scenario_id: str) -> Any:
    """Walk the whole tree, with the answers that the scenario expects, and return the diagnosis."""
    from oai_tui.domain.events import Ended
    from oai_tui.domain.ports import Answer
    from oai_tui.services.services import WalkPlan

    answers = {
        "inference": Answer(option="yes"),
        "save": Answer(option="save", text="work"),
        "plain-http": Answer(option="no"),
        "gateway": Answer(option="yes" if scenario_id.startswith("gateway") else "no"),
    }

    async def ask(question: Any, facts: Any) -> Any:
        return answers[question.id]

    walk = services.walk(WalkPlan(target=target, credential=credential), ask)
    async with aclosing(walk) as events:
        async for event in events:
            if isinstance(event, Ended):
                return event.diagnosis
    raise AssertionError("the walk never ended")


def _requests(services: Any) -> list[str]:
    """Return the requests that the simulated API received, in order."""
    return [
        f"{one.method} {one.host}{one.path}{' with the key' if one.key_sent else ''}"
        for one in services.environment.simulator.received
    ]


def _applied(fix: Any, done: Any, after: Any) -> dict[str, Any]:
    """Return the changes of a fix, its permanent lines, and the result of the next walk."""
    from oai_tui.reports import exit_code

    return {
        "change": fix.apply.kind,
        "text": fix.text,
        "restart": done.restart,
        "base_url": done.target.base_url,
        "organization": done.target.organization,
        "project": done.target.project,
        "model": done.target.model,
        "direct": done.target.direct,
        "key": None if done.credential is None else done.credential.secret.masked,
        "permanent": [f"{line.where}: {line.text}" for line in done.permanent],
        "then": {
            "exit_code": exit_code(after.verdict),
            "cause": after.verdict.cause,
            "trail": [f"{record.step}: {record.branch}" for record in after.trail],
        },
    }
