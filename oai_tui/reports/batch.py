"""The report on several keys at once: a line or two for each, or one JSON document with `results`. What each line leaves out is in `check --profile NAME`."""

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.domain.profile_diff import ProfileDiff
from oai_tui.reports.exit_codes import exit_code, worst
from oai_tui.reports.json import SCHEMA_VERSION, document
from oai_tui.reports.report import Report, redact_strings
from oai_tui.reports.style import PLAIN, Style
from oai_tui.reports.text_blocks import OUTCOMES

_OF_THE_WHOLE = ("schema_version", "tool", "mode")
_MOST_NAME = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One key's run. `name`: the profile's, or where the key was found."""

    name: str
    diagnosis: Diagnosis
    since: ProfileDiff | None = None

    @property
    def code(self) -> int:
        """Its own exit code."""
        return exit_code(self.diagnosis.verdict)


def render_batch(
    format: str,
    results: Sequence[Result],
    *,
    mode: str,
    version: str,
    style: Style = PLAIN,
    redact: Redactor | None = None,
) -> str:
    """The finished page, ending in a newline. KeyError for a format that has no form for several."""
    clean = tuple(redact_strings(result, redact or Redactor()) for result in results)
    return BATCH_FORMATS[format](clean, mode, version, style)


def _json(results: Sequence[Result], mode: str, version: str, style: Style) -> str:
    reports = [
        Report(diagnosis=result.diagnosis, mode=mode, exit_code=result.code, since=result.since)
        for result in results
    ]
    whole = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "oai-tui", "version": version},
        "mode": mode,
        "exit_code": worst(result.code for result in results),
        "results": [
            {
                "name": result.name,
                **{
                    name: value
                    for name, value in document(report).items()
                    if name not in _OF_THE_WHOLE
                },
            }
            for result, report in zip(results, reports, strict=True)
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=not style.unicode) + "\n"


def _text(results: Sequence[Result], mode: str, version: str, style: Style) -> str:
    return style.written("\n".join(_lines(results, style)) + "\n")


def _lines(results: Sequence[Result], style: Style) -> Iterator[str]:
    width = min(max((len(result.name) for result in results), default=0), _MOST_NAME)
    for result in results:
        verdict = result.diagnosis.verdict
        mark, paint = OUTCOMES[verdict.outcome]
        key = result.diagnosis.credential
        yield f"{style.paint(paint, mark)} {style.paint('strong', result.name.ljust(width))}  {key.hint if key else 'no key'}"
        yield from _wrapped(verdict.title + (f" ({verdict.cause})" if verdict.cause else ""), style)
        for fix in verdict.fixes[:1]:
            yield from _wrapped(f"→ {fix.text}", style)
            yield from (
                f"      {line}"
                for line in (*fix.command.splitlines(), *([fix.url] if fix.url else []))
            )
        for warning in verdict.warnings:
            yield from _wrapped(f"! {warning}", style)
    works = sum(result.code == 0 for result in results)
    yield ""
    yield style.paint(
        "quiet",
        f"{len(results)} checked · {works} work{'s' if works == 1 else ''} · exit code {worst(result.code for result in results)}",
    )


def _wrapped(text: str, style: Style) -> Iterator[str]:
    yield from textwrap.wrap(
        text, style.width, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False
    )


BATCH_FORMATS: Mapping[str, Callable[[Sequence[Result], str, str, Style], str]] = {
    "text": _text,
    "json": _json,
}
"""The formats that have a form for several keys."""
