"""`check --config FILE` and `check --init`: the run over a file, and the example of one."""

import functools
from pathlib import Path

from oai_tui import __version__
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.headless.batch_check import BatchCheck
from oai_tui.headless.check_config import CheckConfig, load_config
from oai_tui.headless.config_check import batch_item
from oai_tui.headless.config_example import example
from oai_tui.headless.console import print_note, report_style
from oai_tui.headless.job_summary import deliver_in_format
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.timeout import TimeLimitReached
from oai_tui.headless.with_profiles import (
    NO_ANSWER,
    keyring_command_error,
    open_profile_store,
    run_with_store,
)
from oai_tui.knowledge.keyring_advice import state_clause
from oai_tui.reports.batch import Result, batch_exit_code, render_batch
from oai_tui.reports.style import ColorChoice
from oai_tui.services.build import real_services
from oai_tui.services.services import Services


def check_config_file(
    path: Path, format: str, output: Path | None, *, color: ColorChoice = "auto"
) -> int:
    """Run the checks of a file, print one report, and return the worst exit code.

    CommandError for a file with mistakes; nothing is sent then.
    """
    config = load_config(path)
    services = _services_for(config)

    def report(results: tuple[Result, ...]) -> int:
        page = functools.partial(
            render_batch,
            results=results,
            mode="check",
            version=__version__,
            style=report_style(output, color),
            redact=Redactor(services.known_secrets()),
            has_matrix=True,
        )
        deliver_in_format(format, page(format), output, markdown=lambda: page("markdown"))
        return batch_exit_code(results)

    # Monitoring takes a missing check for a failed one: an interrupted run changes no metrics.
    partial = None if format == "prometheus" else report
    batch = config_batch(services, config, has_sdk_notes=True)
    return batch.run(report=report, partial=partial)


def config_batch(
    services: Services, config: CheckConfig, *, has_sdk_notes: bool = False
) -> BatchCheck:
    """Return the checks of a file, to run once. has_sdk_notes: see BatchCheck."""
    items = [batch_item(services, check) for check in config.checks]
    return BatchCheck(
        services,
        items,
        CheckScope(),
        parallel=config.parallel,
        has_sdk_notes=has_sdk_notes,
    )


def _services_for(config: CheckConfig) -> Services:
    """Return services; the profile store is opened only for a file that names profiles."""
    needs_profiles = any(check.profile is not None for check in config.checks)
    services = open_profile_store() if needs_profiles else real_services()
    return services.for_one_run()


def example_config() -> str:
    """Return the example of a file, from the keys and profiles found here."""
    services = real_services()
    return example(services, _profile_names(services))


def _profile_names(services: Services) -> tuple[str, ...]:
    """Return the names of the saved profiles; none, with a note, if the store cannot be read."""
    try:
        return run_with_store(
            services,
            services.profiles.names(),
            when_blocked=keyring_command_error(services, NO_ANSWER).report,
        )
    except TimeLimitReached:
        error = NO_ANSWER
    except KeyringError as failure:
        error = failure
    print_note(f"{state_clause(error.state)}; the example has no profiles")
    return ()
