"""The report on several keys: a few lines for each, or one JSON document with `results`.

`check --profile NAME` reports in full on one of them.
"""

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

_SHARED_KEYS = ("schema_version", "tool", "mode")
_MAX_NAME_WIDTH = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The check of one key. `name`: that of the profile, or the origin of the key."""

    name: str
    diagnosis: Diagnosis
    since: ProfileDiff | None = None

    @property
    def code(self) -> int:
        """The exit code of this check alone."""
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
    """Return the report on several keys, ending in a newline.

    Raises KeyError for another format.
    """
    redact = redact or Redactor()
    redacted = tuple(redact_strings(result, redact) for result in results)
    return BATCH_FORMATS[format](redacted, mode, version, style)


def _json(results: Sequence[Result], mode: str, version: str, style: Style) -> str:
    reports = [
        Report(diagnosis=result.diagnosis, mode=mode, exit_code=result.code, since=result.since)
        for result in results
    ]
    batch = {
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
                    if name not in _SHARED_KEYS
                },
            }
            for result, report in zip(results, reports, strict=True)
        ],
    }
    return json.dumps(batch, indent=2, ensure_ascii=not style.unicode) + "\n"


def _text(results: Sequence[Result], mode: str, version: str, style: Style) -> str:
    return style.encodable("\n".join(_lines(results, style)) + "\n")


def _lines(results: Sequence[Result], style: Style) -> Iterator[str]:
    width = min(max((len(result.name) for result in results), default=0), _MAX_NAME_WIDTH)
    for result in results:
        verdict = result.diagnosis.verdict
        mark, paint = OUTCOMES[verdict.outcome]
        key = result.diagnosis.credential
        name = style.paint("strong", result.name.ljust(width))
        yield f"{style.paint(paint, mark)} {name}  {key.hint if key else 'no key'}"
        yield from _wrapped(verdict.title + (f" ({verdict.cause})" if verdict.cause else ""), style)
        for fix in verdict.fixes[:1]:
            yield from _wrapped(f"→ {fix.text}", style)
            yield from (f"      {line}" for line in fix.command.splitlines())
            if fix.url:
                yield f"      {style.link(fix.url)}"
        for warning in verdict.warnings:
            yield from _wrapped(f"! {warning}", style)
    works = sum(result.code == 0 for result in results)
    verb = "works" if works == 1 else "work"
    code = worst(result.code for result in results)
    yield ""
    yield style.paint("quiet", f"{len(results)} checked · {works} {verb} · exit code {code}")


def _wrapped(text: str, style: Style) -> Iterator[str]:
    yield from textwrap.wrap(
        text, style.width, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False
    )


BATCH_FORMATS: Mapping[str, Callable[[Sequence[Result], str, str, Style], str]] = {
    "text": _text,
    "json": _json,
}
"""The formats of a report on several keys."""
