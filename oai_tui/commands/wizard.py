"""Starts the wizard; a usage error without a terminal."""

import sys

import click

from oai_tui.startup import pause_collection


def open_wizard(demo: str | None) -> int:
    """Run the wizard and return its exit code.

    UsageError without a terminal, BadParameter for an unknown scenario.

    demo: None for this machine, "" for the list of scenarios, or the id of a scenario.
    """
    if demo:
        _check_scenario(demo)
    if not _has_terminal():
        raise click.UsageError(
            "the wizard needs a terminal, and there is none here. "
            "Without one, run `oai-tui check` (see `oai-tui check --help`)."
        )
    pause_collection()  # the application resumes it after the first paint
    from oai_tui.tui.app import run

    if demo == "":
        return run(None, demo_picker=True)
    from oai_tui.services.build import demo_services, real_services

    return run(demo_services(demo) if demo else real_services())


def _has_terminal() -> bool:
    """Return True if stdin and stderr are terminals; Textual draws on stderr."""
    return all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__))


def _check_scenario(name: str) -> None:
    from oai_tui.headless.demo_names import check_demo_name

    check_demo_name(name)
