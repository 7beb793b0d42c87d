"""What the wizard leaves in the terminal when it ends: three to eight lines about the last check.

The verdict, the line that makes a fix permanent, how to use the profile, the request ids.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.reports.report import Redact, redact_strings
from oai_tui.reports.style import Style
from oai_tui.reports.text_blocks import OUTCOMES, wrapped

_MAX_IDS = 2
"""Request ids that are printed, the last failed calls."""
_ADVICE = re.compile(r"[A-Z][a-z]+ ")
"""The start of advice in words, unlike any line of a shell or of code."""
_PERMANENT = {
    False: "Fixed for that check only. To make it permanent:",
    True: "After a real check, this makes the fix permanent:",
}
"""Whether it was a demo -> the sentence before the lines that make a fix permanent."""
_MAX_COMMAND_LINES = 2
"""Lines of a command that are printed; the report has the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitSummary:
    """The last check of the wizard.

    `subject`: which key was checked where, masked; may be empty.
    `permanent`: the lines that make the fixes of this run permanent, one for each fix.
    `profile`: the name of the saved profile, "" if none was saved.
    `store`: what must come before `oai-tui exec` for a profile in the encrypted file; may be empty.
    `request_ids`: of the calls that failed, in order.
    `demo`: the title of the demo, whose profile and request ids exist nowhere else; "" for a real
    check.
    """

    verdict: Verdict
    subject: str = ""
    permanent: tuple[str, ...] = ()
    profile: str = ""
    store: str = ""
    request_ids: tuple[str, ...] = ()
    demo: str = ""


def render_exit_summary(summary: ExitSummary, style: Style, redact: Redact | None = None) -> str:
    """Return the lines, ending in a newline. Prose is wrapped; commands and links are not."""
    summary = redact_strings(summary, redact or Redactor())
    return style.encodable("\n".join(_lines(summary, style)) + "\n")


def _lines(summary: ExitSummary, style: Style) -> Iterator[str]:
    verdict = summary.verdict
    mark, paint = OUTCOMES[verdict.outcome]
    if summary.demo:
        yield from wrapped(f"Demo “{summary.demo}”: nothing on this machine was changed.", style)
    cause = f" ({verdict.cause})" if verdict.cause else ""
    yield from wrapped(
        f"{verdict.title or 'The check ended without a verdict'}{cause}",
        style,
        first=f"{mark} ",
        paint=paint,
    )
    if summary.subject:
        yield from wrapped(summary.subject, style, first="  ")
    if summary.permanent:
        yield from wrapped(_PERMANENT[bool(summary.demo)], style, first="  ")
        for line in summary.permanent:
            yield from _command_or_advice(line, style)
    elif verdict.outcome != "working":
        yield from _first_fix(verdict.fixes[:1], style)
    if summary.profile and not summary.demo:
        yield from wrapped("To use the profile:", style, first="  ")
        yield f"    {summary.store}oai-tui exec {summary.profile} -- COMMAND"
    ids = summary.request_ids[-_MAX_IDS:]
    if ids and not summary.demo:
        yield from wrapped(f"Request ID: {', '.join(ids)}", style, first="  ", paint="quiet")


def _command_or_advice(line: str, style: Style) -> Iterator[str]:
    """Yield a command whole, and wrapped advice ("Delete the line …")."""
    if _ADVICE.match(line):
        yield from wrapped(line, style, first="    ")
    else:
        yield f"    {line}"


def _first_fix(fixes: tuple[Fix, ...], style: Style) -> Iterator[str]:
    for fix in fixes:
        yield from wrapped(fix.text, style, first="  → ")
        yield from (f"    {line}" for line in fix.command.splitlines()[:_MAX_COMMAND_LINES])
        if fix.url:
            yield f"    {style.link(fix.url)}"
