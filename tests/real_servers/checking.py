"""Check a server in process, as `check --base-url` does, and read the JSON report."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oai_tui.probes.http_client import Transport
from oai_tui.reports.exit_codes import exit_code
from oai_tui.reports.json import document
from oai_tui.reports.report import Report
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario
from tests.services.make_services import make_services

LIMIT_S = 30.0


async def check(
    base_url: str,
    key: str,
    *,
    model: str | None = None,
    inference: bool = False,
    agreed: bool = True,
    allow_http: bool = False,
    transport: Transport | None = None,
) -> Mapping[str, Any]:
    """Return the JSON report of a check.

    `agreed`: the base URL is named on the command line, or the question about it is answered yes.
    `allow_http`: the key may go to another machine in plain http.
    """
    environment = {"OPENAI_API_KEY": key, "OPENAI_BASE_URL": base_url}
    services = make_services(environment, model=model)
    services.environment = replace(services.environment, transport=transport)
    try:
        target, credential = first_key(services)
        diagnosis = await run_scenario(
            services,
            replace(target, agreed=agreed, allow_http=allow_http),
            credential,
            ScriptedAnswers(inference=inference, gateway=agreed),
            timeout_s=LIMIT_S,
            only=frozenset(stage.id for stage in services.tree.stages if stage.id != "save"),
        )
    finally:
        await services.aclose()
    code = exit_code(diagnosis.verdict)
    return document(Report(diagnosis=diagnosis, mode="check", exit_code=code))


def summary(found: Mapping[str, Any]) -> tuple[str | None, str | None, int, str | None]:
    """Return cause, hop, exit code and the product of the server."""
    verdict = found["verdict"]
    return verdict["cause"], verdict["hop"], found["exit_code"], found["target"]["server"]


def first_advice(found: Mapping[str, Any]) -> str:
    """Return the text of the advice to follow first."""
    text: str = found["verdict"]["fixes"][0]["text"]
    return text
