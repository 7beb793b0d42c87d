"""Starts the wizard, or the same check as questions and answers; a usage error without either."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from oai_tui.startup import pause_collection

if TYPE_CHECKING:
    from oai_tui.services.settings import Settings


def open_wizard(demo: str | None) -> int:
    """Run the wizard and return its exit code.

    UsageError without a terminal that can show it, BadParameter for an unknown scenario.

    demo: None for this machine, "" for the list of scenarios, or the id of a scenario.
    """
    if demo:
        _check_scenario(demo)
    if not _has_terminal():
        raise click.UsageError(
            "the wizard needs a terminal. To explain an error, pipe it to `oai-tui explain`; "
            "to check a key, run `oai-tui check`. "
            "For questions and answers line by line, run `oai-tui --plain`."
        )
    if os.environ.get("TERM") == "dumb":
        raise click.UsageError(
            "this terminal (TERM=dumb) cannot show the wizard. "
            "Run `oai-tui --plain` for questions and answers, or `oai-tui check`."
        )
    pause_collection()  # the application resumes it after the first paint
    from oai_tui.services.settings import load_settings

    settings = load_settings(os.environ)
    _decide_color(settings)
    from oai_tui.tui.app import run

    if demo == "":
        return run(None, demo_picker=True, settings=settings)
    from oai_tui.services.build import demo_services, real_services

    return run(demo_services(demo) if demo else real_services(), settings=settings)


def open_plain(demo: str | None) -> int:
    """Run the check as questions and answers, and return the exit code.

    BadParameter for an unknown scenario. demo: as for `open_wizard`.
    """
    if demo:
        _check_scenario(demo)
    from oai_tui.headless.plain import run_plain
    from oai_tui.tui.session import CheckSession

    return run_plain(demo, CheckSession)


def _decide_color(settings: "Settings") -> None:
    """Set NO_COLOR, or remove it, for Textual: by the environment, the settings and the terminal.

    Textual counts an empty NO_COLOR too, which by its definition says nothing.
    """
    from oai_tui.services.settings import wants_color

    if wants_color(os.environ, settings.color, terminal_has_color=terminal_has_color(os.environ)):
        os.environ.pop("NO_COLOR", None)
    else:
        os.environ["NO_COLOR"] = "1"


def terminal_has_color(env: Mapping[str, str]) -> bool:
    """Return False if TERM names a terminal without colours ("vt100", "xterm-mono")."""
    term = env.get("TERM", "")
    if term.endswith(("-mono", "-m")) or term.startswith("vt"):
        return False
    if "color" in term:
        return True
    try:
        import curses  # a few milliseconds, so only for an unusual terminal

        curses.setupterm(term or None, sys.__stderr__.fileno() if sys.__stderr__ else 2)
        return curses.tigetnum("colors") != 0 and curses.tigetnum("colors") != -1
    except Exception:  # noqa: BLE001  no terminfo here, or none for this TERM
        return True


def _has_terminal() -> bool:
    """Return True if stdin and stderr are terminals; Textual draws on stderr."""
    return all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__))


def _check_scenario(name: str) -> None:
    from oai_tui.headless.demo_names import check_demo_name

    check_demo_name(name)
