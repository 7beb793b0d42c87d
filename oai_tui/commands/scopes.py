"""`oai-tui scopes`: shows what a key may do, endpoint by endpoint. Nothing is billed or created."""

from dataclasses import replace
from typing import Any

import click

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.endpoints import ScopeResult, scope_result
from oai_tui.domain.observation import Observation
from oai_tui.headless.key_command import Finding, KeyOptions, key_options, report_on_key
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.knowledge.endpoints import ENDPOINTS, MODELS
from oai_tui.reports import key_scopes
from oai_tui.services.services import Services

_SCOPE_CAUSE = "scope-missing"


@click.command()
@key_options
def command(**arguments: Any) -> int:
    """Show what a key may do, endpoint by endpoint: allowed, missing (with the permission to
    tick), or unknown. With NAME, uses the key of that profile.

    Sends one request per endpoint, invalid on purpose, so that nothing is created or billed.
    """
    options = KeyOptions(**arguments)
    results: list[ScopeResult] = []

    async def survey(services: Services, tracker: RunTracker) -> None:
        diagnosis = tracker.diagnosis()
        selection = tracker.selection
        if selection is None or selection.credential is None or not _can_survey(diagnosis):
            return
        found = services.scopes(
            diagnosis.target, selection.credential, diagnosis.facts, _known(diagnosis)
        )
        async for result in found:
            results.append(result)

    def find(services: Services, diagnosis: Diagnosis) -> Finding:
        found = list(results)
        if found:
            rest = ENDPOINTS[len(found) :]
            found += [scope_result(endpoint, None) for endpoint in rest]
        return Finding(
            diagnosis=_judged(diagnosis, found),
            lines=lambda style: key_scopes.lines(found, style),
            fields=key_scopes.fields(found),
        )

    scope = CheckScope(only=frozenset({"key"}), timeout=options.timeout)
    return report_on_key(options, scope, find, mode="scopes", then=survey)


def _can_survey(diagnosis: Diagnosis) -> bool:
    """Return True if the key was accepted, or was refused for a scope only."""
    verdict = diagnosis.verdict
    return verdict.outcome == "working" or verdict.cause == _SCOPE_CAUSE


def _known(diagnosis: Diagnosis) -> dict[str, Observation]:
    """Return what the check observed at an endpoint with the key, so that it isn't asked twice."""
    asked = [
        record.observation
        for record in diagnosis.trail
        if record.observation.probe == "models" and not record.experiment
    ]
    return {MODELS.name: asked[-1]} if asked else {}


def _judged(diagnosis: Diagnosis, results: list[ScopeResult]) -> Diagnosis:
    """Return the diagnosis with a working verdict if the survey got past a missing scope.

    That listing models is refused is then one row of the result.
    """
    if any(result.observation is None for result in results):
        return replace(diagnosis, verdict=_unfinished(diagnosis.verdict))
    allowed = any(result.state == "allowed" for result in results)
    if diagnosis.verdict.cause != _SCOPE_CAUSE or not allowed:
        return diagnosis
    verdict = replace(
        diagnosis.verdict,
        outcome="working",
        cause=None,
        family=None,
        title="The key works with restricted permissions",
        explanation="",
        fixes=(),
        alternatives=(),
        hop=None,
    )
    return replace(diagnosis, verdict=verdict)


def _unfinished(verdict: Verdict) -> Verdict:
    return replace(
        verdict,
        outcome="undecided",
        cause="unknown",
        family=None,
        confidence="possible",
        title="The time limit was reached before every endpoint was tested",
        explanation="The endpoints above that are not tested are unknown.",
        fixes=(Fix(text="Allow more time.", command="oai-tui scopes --timeout 120", who="you"),),
    )
