"""The packages of a folder and what is wrong with them, for `sdk`; notes on them for `check`.

Runs nothing and sends nothing.
"""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from oai_tui.dependencies.scan_folder import installed_packages, project_folders, scan_folder
from oai_tui.diagnosis.package_findings import package_findings
from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.packages import FolderPackages, PackageFinding, SdkReport
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.sdk_packages import KNOWLEDGE, MODULES, NAMES

_CAUSE = "sdk-mismatch"


def sdk_report(folder: Path, variables: Mapping[str, str]) -> SdkReport:
    """Return what a folder has installed, locked and required, and what is wrong with it.

    The folders below it with packages of their own are judged each by itself.

    variables: the environment variables of OpenAI's SDKs that are set, each with its place.
    """
    read = scan_folder(folder, NAMES, MODULES)
    findings = [*_findings(read, variables)]
    reads = [read]
    for path in project_folders(folder):
        below = scan_folder(folder / path, NAMES, MODULES)
        shown = visible(path)
        findings += [_below(finding, path) for finding in _findings(below, variables)]
        reads.append(below.below(shown))
    return SdkReport(
        folder=str(folder),
        read=FolderPackages(
            sets=tuple(each for one in reads for each in one.sets),
            uses=tuple(each for one in reads for each in one.uses),
            shadowing=tuple(each for one in reads for each in one.shadowing),
            unread=tuple(each for one in reads for each in one.unread),
        ),
        findings=tuple(sorted(findings, key=lambda finding: finding.severity != "problem")),
    )


def _below(finding: PackageFinding, path: str) -> PackageFinding:
    """Return a finding of a folder below, with commands that change to it."""
    quoted = f'"{path}"' if sys.platform == "win32" else shlex.quote(path)
    return finding.below(visible(path), quoted=visible(quoted))


def installed_here(folder: Path) -> FolderPackages:
    """Return what is installed in a folder, for `installed_notes`. Reads little."""
    return installed_packages(folder, NAMES)


def installed_notes(
    read: FolderPackages, variables: Mapping[str, str], verdict: Verdict
) -> tuple[str, ...]:
    """Return sentences about installed SDKs that bear on the verdict of a check.

    A variable that the check used and the SDK ignores bears on every verdict; versions that fail
    before they send anything bear on the verdict that the key works.
    """
    notes = []
    for finding in _findings(read, variables):
        if finding.id == "variable-ignored":
            notes.append(
                f"{finding.title} ({finding.where[0]}), and this check uses it: calls of a program "
                "with that SDK differ. `oai-tui sdk` shows how to upgrade."
            )
        elif finding.severity == "problem" and verdict.outcome == "working":
            notes.append(
                f"{finding.title} ({finding.where[0]}): programs with these versions fail although "
                "the key works. `oai-tui sdk` shows how to fix it."
            )
    return tuple(notes)


def sdk_verdict(report: SdkReport) -> Verdict:
    """Return the verdict of `sdk`: a problem if a call is known to fail."""
    unread = tuple(f"could not read {path}: {reason}" for path, reason in report.read.unread)
    warnings = (
        *(finding.title for finding in report.findings if finding.severity == "warning"),
        *unread,
    )
    if problems := report.problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Verdict(
            outcome="problem",
            cause=_CAUSE,
            family=CATALOGUE[_CAUSE].family,
            title=f"{problems[0].title}{more}",
            explanation=problems[0].meaning,
            fixes=tuple(fix for problem in problems for fix in _fixes(problem)),
            warnings=warnings,
            hop="machine",
        )
    if unread and not report.has_sdk:
        return Verdict(
            outcome="undecided",
            cause="unknown",
            confidence="possible",
            title="No OpenAI SDK found in what could be read",
            warnings=warnings,
        )
    if not report.has_sdk:
        return Verdict(outcome="working", title="No OpenAI SDK found here", warnings=warnings)
    return Verdict(
        outcome="working",
        title="No versions that are known to fail" + (" in what could be read" if unread else ""),
        warnings=warnings,
    )


def _findings(read: FolderPackages, variables: Mapping[str, str]) -> tuple[PackageFinding, ...]:
    return package_findings(read, KNOWLEDGE, variables, windows=sys.platform == "win32")


def _fixes(finding: PackageFinding) -> tuple[Fix, ...]:
    return tuple(
        Fix(text=remedy.text, command=remedy.command, url=remedy.url, who="you")
        for remedy in finding.remedies
    )
