"""The general description of a cause, independent of any run. Pure."""

from string import Formatter

from oai_tui.domain.cause import Cause


def parts_of(cause: Cause) -> dict[str, str]:
    """Return the texts about a cause by their headings; a text may be empty."""
    return {
        "What it is": cause.meaning,
        "How it looks": cause.looks,
        "How to confirm it": cause.confirm,
        "How to prevent it": cause.prevent,
    }


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
