"""`oai-tui models`: lists the models that a key can use, and says why a wanted one is missing."""

from typing import Any

import click

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.headless.key_command import Finding, KeyOptions, key_options, report_on_key
from oai_tui.headless.options import check_model_ids
from oai_tui.headless.run_check import CheckScope
from oai_tui.knowledge.models import SHUTDOWN
from oai_tui.reports import key_models
from oai_tui.services.services import Services


@click.command()
@key_options
@click.option(
    "--wanted",
    metavar="ID",
    callback=check_model_ids,
    help="The model you want to use: say why it is missing.",
)
def command(wanted: str | None, **arguments: Any) -> int:
    """List the models that a key can use, with known shutdown dates. With NAME, uses the key of
    that profile.

    With --wanted, checks one model: misspelled, shut down, not allowed in the project, or not
    available to the organization. Sends no billed request.
    """
    options = KeyOptions(**arguments)

    def find(services: Services, diagnosis: Diagnosis) -> Finding:
        listed = services.listed_models()
        today = services.clock.now().date().isoformat()
        rows = key_models.model_rows(
            [(model.id, model.shutdown) for model in listed or ()], SHUTDOWN, today
        )
        chosen = key_models.wanted_model(wanted, diagnosis, rows) if wanted else None
        return Finding(
            diagnosis=diagnosis,
            lines=lambda style: key_models.lines(
                rows,
                chosen,
                works=diagnosis.verdict.outcome == "working",
                has_list=listed is not None,
            ),
            fields=key_models.fields(rows, chosen),
        )

    scope = CheckScope(
        models=(wanted,),
        only=frozenset({"model"}) if wanted else frozenset({"key"}),
        timeout=options.timeout,
    )
    return report_on_key(options, scope, find, mode="models", model=wanted)
