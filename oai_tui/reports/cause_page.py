"""The general description of a cause, independent of any run, and its JSON form. Pure.

The texts of the catalogue can name facts in braces; here they become "<fact name>".
"""

from string import Formatter
from typing import Any

from oai_tui.domain.cause import Cause, Fix
from oai_tui.reports.exit_codes import exit_code_of

FIXES_HEADING = "How to fix it"
ALIKE_HEADING = "What looks alike"


def parts_before_fixes(cause: Cause) -> dict[str, str]:
    """Return the texts that come before the fixes, by their headings."""
    return _known({"What it is": cause.meaning, "How it looks": cause.looks})


def parts_after_fixes(cause: Cause) -> dict[str, str]:
    """Return the texts that come after the fixes, by their headings."""
    return _known({"How to confirm it": cause.confirm, "How to prevent it": cause.prevent})


def _known(parts: dict[str, str]) -> dict[str, str]:
    return {heading: text for heading, text in parts.items() if text}


def retry_sentence(cause: Cause) -> str:
    """Return whether the same request can work later."""
    if cause.retry_helps:
        return "Retrying later may work."
    if not cause.retry_known:
        return "Whether a retry helps depends on the reason."
    return "Retrying won't help until something changes."


def with_placeholders(text: str) -> str:
    """Return a template with "<fact name>" in place of "{fact_name}"."""
    return "".join(
        literal + (f"<{name.replace('_', ' ')}>" if name else "")
        for literal, name, _, _ in Formatter().parse(text)
    )


def document_of(cause: Cause) -> dict[str, Any]:
    """Return a cause as plain values for JSON."""
    return {
        "id": cause.id,
        "family": cause.family,
        "exit_code": exit_code_of(cause),
        "title": cause.title,
        "meaning": cause.meaning,
        "looks": cause.looks,
        "confirm": cause.confirm,
        "prevent": cause.prevent,
        "fixes": [_fix_document(fix) for fix in cause.fixes],
        "alternatives": [{"cause": other.cause, "why": other.why} for other in cause.alternatives],
        "retry_helps": cause.retry_helps,
        "links": list(cause.links),
    }


def _fix_document(fix: Fix) -> dict[str, Any]:
    return {
        "text": with_placeholders(fix.text),
        "command": with_placeholders(fix.command) or None,
        "url": with_placeholders(fix.url) or None,
        "who": fix.who,
        "safe": fix.safe,
    }
