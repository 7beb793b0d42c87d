"""Delivers a report in any format. In GitHub Actions its Markdown is added to the job summary."""

import os
from collections.abc import Callable
from pathlib import Path

from oai_tui.headless.console import deliver_report, print_note

VARIABLE = "GITHUB_STEP_SUMMARY"
"""Names the file whose Markdown GitHub Actions shows on the page of the run."""
_MAX_BYTES = 1024 * 1024 - 1024
"""GitHub refuses the summary of a step above 1 MiB (workflow commands, 2026-11)."""
READABLE_BY_ALL = 0o644
"""Permissions of a file for the node exporter."""
_OWNER_ONLY = 0o600


def deliver_in_format(
    format: str,
    page: str,
    output: Path | None,
    *,
    markdown: Callable[[], str],
    with_note: bool = True,
) -> None:
    """Write a report to its file, or to stdout for None; see `deliver_report`.

    A Prometheus file is readable by all, because the node exporter runs as another user.

    markdown: returns the same report as Markdown; called for the format "github" in a workflow.
    """
    mode = READABLE_BY_ALL if format == "prometheus" else _OWNER_ONLY
    deliver_report(page, output, with_note=with_note, mode=mode)
    if format == "github" and os.environ.get(VARIABLE):
        append_job_summary(Path(os.environ[VARIABLE]), markdown())


def append_job_summary(path: Path, page: str) -> None:
    """Append a page to the job summary. A failure is a note, because the check itself is done."""
    data = page.encode("utf-8", "replace")
    try:
        old_size = path.stat().st_size if path.exists() else 0
        if old_size + len(data) > _MAX_BYTES:
            print_note(f"the report is too large for the job summary of GitHub ({len(data):,} B)")
            return
        with path.open("ab") as file:
            file.write((b"\n" if old_size else b"") + data)
    except OSError as error:
        print_note(f"cannot write the job summary ({VARIABLE}): {error.strerror}")
