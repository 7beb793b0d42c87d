"""The report of `sdk`: what is wrong, what to do, and the packages that were found."""

from collections.abc import Iterator
from typing import Any

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.packages import LANGUAGES, Package, PackageFinding, PackageSet, SdkReport
from oai_tui.reports.json import SCHEMA_VERSION, verdict_document
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import NO_BREAK, OUTCOMES, fix_lines, listed, section, wrapped

_LISTED_FIRST = ("openai", "httpx", "httpx2")
_NOTHING = (
    "Looked for .venv, venv, env, node_modules, requirements*.txt, requirements*.in, "
    "pyproject.toml, package.json and their lock files, in this folder and the folders below it."
)


def lines(report: SdkReport, verdict: Verdict, style: Style) -> Iterator[str]:
    """Yield the lines of the page: the verdict, the findings, then what was found."""
    if report.findings:
        for number, finding in enumerate(report.findings):
            if number:
                yield ""
            yield from _finding(finding, style)
    if not report.problems:
        mark, paint = OUTCOMES[verdict.outcome]
        if report.findings:
            yield ""
        yield from wrapped(verdict.title, style, first=f"{mark} ", paint=paint)
    for ecosystem, language in LANGUAGES.items():
        sets = [each for each in report.read.sets if each.ecosystem == ecosystem]
        rows = [line for each in sets for line in _set(each, style)]
        yield from section(f"{language} packages", rows, style)
    unread = (f"could not read {path}: {reason}" for path, reason in report.read.unread)
    yield from section("Not read", listed(unread, style, mark="!"), style)
    yield ""
    closing = "" if report.read.sets else f"{_NOTHING} "
    yield from wrapped(f"{closing}Nothing was run and nothing was sent.", style, paint="quiet")


def _finding(finding: PackageFinding, style: Style) -> Iterator[str]:
    is_problem = finding.severity == "problem"
    mark, paint = OUTCOMES["problem" if is_problem else "undecided"]
    yield from wrapped(finding.title, style, first=f"{mark} ", paint=paint)
    yield from wrapped(finding.meaning, style, first="  ")
    for remedy in finding.remedies:
        text = f"Or {remedy.text[0].lower()}{remedy.text[1:]}" if remedy.or_else else remedy.text
        yield from fix_lines(
            (Fix(text=text, command=remedy.command, url=remedy.url, who="you"),), style
        )
    for place in finding.where:
        yield from wrapped(place, style, first="  · ", paint="quiet")
    if finding.known is not None:
        yield from wrapped(
            f"source: {finding.known.url} ({finding.known.on})", style, first="  · ", paint="quiet"
        )


def _set(each: PackageSet, style: Style) -> Iterator[str]:
    yield from wrapped(f"{each.path} ({each.state})", style, first="  ")
    packages = ", ".join(_shown(package) for package in _sorted(each.packages))
    yield from wrapped(packages, style, first="      ", paint="quiet")


def _shown(package: Package) -> str:
    line = "" if package.line is None else f" (line {package.line})"
    return f"{package.what}{line}".replace(" ", NO_BREAK)


def _sorted(packages: tuple[Package, ...]) -> list[Package]:
    """Return the packages, those that matter most first."""
    order = {name: number for number, name in enumerate(_LISTED_FIRST)}
    return sorted(packages, key=lambda package: (order.get(package.name, 99), package.name))


def document(
    report: SdkReport, verdict: Verdict, *, exit_code: int, version: str
) -> dict[str, Any]:
    """Return the JSON document as plain values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "oai-tui", "version": version},
        "mode": "sdk",
        "exit_code": exit_code,
        "verdict": verdict_document(verdict),
        "folder": report.folder,
        "packages": [
            {
                "ecosystem": each.ecosystem,
                "name": package.name,
                "version": package.version,
                "constraint": package.constraint or None,
                "state": each.state,
                "manager": each.manager,
                "path": package.path,
                "line": package.line,
            }
            for each in report.read.sets
            for package in each.packages
        ],
        "findings": [_finding_document(finding) for finding in report.findings],
        "unread": [{"path": path, "reason": reason} for path, reason in report.read.unread],
    }


def _finding_document(finding: PackageFinding) -> dict[str, Any]:
    known = finding.known
    return {
        "id": finding.id,
        "severity": finding.severity,
        "ecosystem": finding.ecosystem,
        "title": finding.title,
        "meaning": finding.meaning,
        "where": list(finding.where),
        "fixes": [
            {"text": remedy.text, "command": remedy.command or None, "url": remedy.url or None}
            for remedy in finding.remedies
        ],
        "source": None if known is None else {"url": known.url, "date": known.on.isoformat()},
    }
