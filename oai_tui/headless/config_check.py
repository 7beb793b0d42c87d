"""Runs the checks of a file, a few at a time: each selects its key, is checked, and is judged."""

from collections.abc import Callable
from dataclasses import replace

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.endpoints import ScopeResult
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Origin, Target
from oai_tui.headless.batch_check import BatchItem
from oai_tui.headless.check_config import ConfiguredCheck
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import NOT_IN_SOURCE, KeySelection, select_key, with_overrides
from oai_tui.reports.requirements import Requirements, endpoints_for, with_requirements
from oai_tui.services.services import Services


def batch_item(services: Services, check: ConfiguredCheck) -> BatchItem:
    """Return one check of the file for a BatchCheck; its key is read when its turn comes."""
    results: list[ScopeResult] = []
    required = Requirements(
        scopes=check.scopes,
        min_headroom=check.min_headroom,
        min_remaining={
            "requests": check.min_remaining_requests,
            "tokens": check.min_remaining_tokens,
        },
    )

    async def select() -> KeySelection:
        return await _selected(services, check)

    async def test_scopes(own: Services, tracker: RunTracker) -> None:
        results.clear()
        diagnosis, selection = tracker.diagnosis(), tracker.selection
        if not check.scopes or selection is None or selection.credential is None:
            return
        if diagnosis.verdict.outcome == "working":
            endpoints = endpoints_for(check.scopes)
            found = own.scopes(
                diagnosis.target, selection.credential, diagnosis.facts, {}, endpoints
            )
            async for result in found:
                results.append(result)

    judge: Callable[[Diagnosis], Diagnosis] = lambda diagnosis: with_requirements(  # noqa: E731
        diagnosis, required, results
    )
    return BatchItem(
        name=check.name,
        selection=KeySelection(target=Target()),
        environment=check.environment,
        severity=check.severity,
        scope=CheckScope(
            models=check.models or (None,), inference=check.billing, timeout=check.timeout
        ),
        select=select,
        then=test_scopes,
        judge=judge,
    )


async def _selected(services: Services, check: ConfiguredCheck) -> KeySelection:
    if check.variable is not None:
        return _from_variable(services, check, check.variable)
    selection = await select_key(
        services,
        profile=check.profile,
        source=check.source,
        flags=check.flags,
        timeout_s=check.timeout,
        allow_http=check.allow_http,
    )
    return replace(selection, target=_set_by_check(selection.target, check))


def _set_by_check(target: Target, check: ConfiguredCheck) -> Target:
    """Return the target with the settings of the file as such: the command line has none."""
    origins = {
        name: replace(origin, name=f"{name} of the check {check.name!r}")
        if origin.kind == "flag"
        else origin
        for name, origin in target.origins.items()
    }
    return replace(target, origins=origins)


def _from_variable(services: Services, check: ConfiguredCheck, name: str) -> KeySelection:
    """Return the key of a variable with the settings of the environment and of the file."""
    given = with_overrides(services.discover().target, check.flags, allow_http=check.allow_http)
    target = _set_by_check(given, check)
    text = services.env.get(name, "")
    if not text.strip():
        note = (
            f"{name} is not set or is empty; the check {check.name!r} "
            f"({check.place}) reads its key from it."
        )
        facts: dict[str, Fact] = {
            "credential": NOT_IN_SOURCE,
            "missing_variable": name,
            "missing_for": f"the check {check.name!r} ({check.place})",
        }
        return KeySelection(target=target, facts=facts, notes=(note,))
    credential = services.credential(Secret(text), Origin(kind="environment", name=name))
    return replace(KeySelection(target=target), credential=credential)
