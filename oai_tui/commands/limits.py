"""`oai-tui limits`: shows the rate limits of a key, and prints code that retries within them."""

from typing import Any

import click

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.headless.console import print_report
from oai_tui.headless.key_command import Finding, KeyOptions, key_options, report_on_key
from oai_tui.headless.option_conflicts import check_used
from oai_tui.headless.options import check_model_ids, inference_option
from oai_tui.headless.run_check import CheckScope
from oai_tui.knowledge.models import PREFERRED
from oai_tui.reports import key_limits
from oai_tui.reports.retry_samples import RETRY_SAMPLES, retry_sample
from oai_tui.services.services import Services


@click.command()
@key_options
@click.option(
    "--model", metavar="ID", callback=check_model_ids, help="Show the limits of this model."
)
@inference_option()
@click.option(
    "--min-remaining-requests",
    type=click.IntRange(min=0),
    metavar="N",
    help="Exit with 7 if fewer requests are left.",
)
@click.option(
    "--min-remaining-tokens",
    type=click.IntRange(min=0),
    metavar="N",
    help="Exit with 7 if fewer tokens are left.",
)
@click.option(
    "--sample",
    type=click.Choice(list(RETRY_SAMPLES)),
    help="Print code that retries within the limits, and send nothing.",
)
def command(
    model: str | None,
    inference: bool,
    min_remaining_requests: int | None,
    min_remaining_tokens: int | None,
    sample: str | None,
    **arguments: Any,
) -> int:
    """Show the rate limits of a key: requests and tokens, what is left, and when they reset. With
    NAME, uses the key of that profile.

    OpenAI reports limits only in responses to inference requests, so add --inference to send a
    minimal billed one. Limits differ between models.
    """
    if sample is not None:
        check_used("--sample", "only prints code", used=("--model",))
        print_report(retry_sample(sample, model or PREFERRED[0]))
        return 0
    options = KeyOptions(**arguments)

    def find(services: Services, diagnosis: Diagnosis) -> Finding:
        limits = key_limits.limits_of(diagnosis.facts)
        judged = key_limits.judged(
            diagnosis,
            limits,
            {"requests": min_remaining_requests, "tokens": min_remaining_tokens},
        )
        return Finding(
            diagnosis=judged,
            lines=lambda style: key_limits.lines(judged, limits, style),
            fields=key_limits.fields(limits),
        )

    scope = CheckScope(
        models=(model,),
        inference=inference,
        only=frozenset({"inference", "limits"}),
        timeout=options.timeout,
    )
    return report_on_key(options, scope, find, mode="limits", model=model)
