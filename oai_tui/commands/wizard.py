"""The wizard, when there is a terminal for it; a polite refusal when there is none."""

import gc
import sys

import click


def open_wizard(demo: str | None) -> int:
    """Run the wizard and give its exit code. `demo`: None for the real world, "" for the demo's picker, or a scenario's id. UsageError without a terminal and for an unknown scenario."""
    if demo:
        _check_scenario(demo)
    if not _has_terminal():
        raise click.UsageError(
            "the wizard needs a terminal, and there is none here. Without one, run `oai-tui check` (see `oai-tui check --help`)."
        )
    gc.disable()  # imports and the first paint free next to nothing: collecting would be a seventh of the start; the application enables it when it stands
    from oai_tui.tui.app import run

    if demo == "":
        return run(None, demo_picker=True)
    from oai_tui.services.build import demo_services, real_services

    return run(demo_services(demo) if demo else real_services())


def _has_terminal() -> bool:
    """Whether keys can come from stdin and the screen be drawn on stderr, which is where Textual draws."""
    return all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__))


def _check_scenario(name: str) -> None:
    from oai_tui.commands.simulate import check_scenario

    check_scenario(name, "--demo")
