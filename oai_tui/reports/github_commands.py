"""Workflow commands of GitHub Actions: lines on stdout that become annotations.

Escaping as in actions/toolkit, packages/core/src/command.ts. A line that is no command is never
written, so nothing that a server said can become one.
"""

from typing import Literal

from oai_tui.domain.diagnosis import Verdict
from oai_tui.reports.step_advice import first_steps

Level = Literal["error", "warning", "notice"]
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def annotation(
    level: Level, title: str, message: str, *, file: str = "", line: int = 0, column: int = 0
) -> str:
    """Return one annotation on one line. file, line, column: its place; "" and 0 for none."""
    properties = {"file": file, "line": line, "col": column, "title": title}
    given = [
        f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items() if value
    ]
    return f"::{level} {','.join(given)}::{_escaped(message, _DATA)}"


def verdict_annotation(level: Level, verdict: Verdict, *, lead: str = "") -> str:
    """Return the annotation for a verdict, whose title is its cause. lead: before the message."""
    title = verdict.title or "The check ended without a verdict"
    lines = [f"{lead}{title}", *first_steps(verdict)]
    return annotation(level, verdict.cause or verdict.outcome, "\n".join(lines))


def _escaped(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for character, escape in pairs:
        text = text.replace(character, escape)
    return text
