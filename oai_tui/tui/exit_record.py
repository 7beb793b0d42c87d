"""Remembers the last check, and prints it in a few lines once the wizard has ended."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.reports.exit_summary import ExitSummary, render_exit_summary
from oai_tui.reports.style import style_for
from oai_tui.tui.session import CheckSession
from oai_tui.tui.shown_result import diagnosis_so_far, failed_request_ids, permanent_lines
from oai_tui.tui.walk_progress import WalkProgress

if TYPE_CHECKING:
    from oai_tui.services.services import Services

_PRINTED_AFTER = frozenset({0, 130})
"""Exit codes after which the summary is printed: left by the user, or by ctrl+c."""
_FILE_PREFIX = "the encrypted file "
"""The start of the name of the encrypted file; its path follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitRecord:
    """The last check. `redactor` makes the function that hides the keys of its machine."""

    summary: ExitSummary
    redactor: Callable[[], Callable[[str], str]]


def exit_record(session: CheckSession, progress: WalkProgress, now: datetime) -> ExitRecord:
    """Return what to remember of a check that has a verdict.

    The request ids are those of the session's last failed calls, also once a fix has helped.
    """
    diagnosis = diagnosis_so_far(session, progress, now)
    services = session.services
    ids = failed_request_ids(diagnosis.verdict, progress)
    if diagnosis.verdict.outcome != "working":
        session.failed_request_ids = ids
    scenario = services.scenario
    return ExitRecord(
        summary=ExitSummary(
            verdict=diagnosis.verdict,
            subject=_subject(diagnosis),
            permanent=permanent_lines(session),
            profile=str(diagnosis.facts.get("saved_as", "")),
            store=store_prefix(services),
            request_ids=session.failed_request_ids,
            demo=scenario.title if scenario is not None else "",
        ),
        redactor=services.redactor,
    )


def _subject(diagnosis: Diagnosis) -> str:
    key = diagnosis.credential
    if key is None:
        return ""
    tail = key.hint.rpartition("…")[2]
    return f"{key.kind_label} …{tail} ({key.origin.label}) at {diagnosis.target.host}"


def store_prefix(services: "Services") -> str:
    """Return what must come before `oai-tui exec` for a profile in the encrypted file, else ""."""
    file = services.profiles.file
    if file is None or not services.profiles.uses_file:
        return ""
    path = file.name.removeprefix(_FILE_PREFIX)
    return f"OAI_TUI_STORE=file:{quote(path) if ' ' in path else path} "


def print_exit_summary(record: ExitRecord | None, return_code: int) -> None:
    """Print the last check to stdout, or to stderr if stdout is no terminal.

    Prints nothing without a check, and nothing after a crash or a signal. Call it when the terminal
    is restored.
    """
    if record is None or return_code not in _PRINTED_AFTER:
        return
    stream = sys.stdout if sys.stdout is not None and sys.stdout.isatty() else sys.stderr
    if stream is None:
        return
    import shutil  # imports compression modules

    style = style_for(
        terminal=stream.isatty(),
        encoding=getattr(stream, "encoding", None),
        columns=shutil.get_terminal_size().columns,
        env=os.environ,
    )
    page = render_exit_summary(record.summary, style, record.redactor())
    with suppress(OSError):  # the terminal is gone
        stream.write(page)
        stream.flush()
