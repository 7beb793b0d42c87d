"""Rate limits as gauges: how much is left, of how much, and when the limit resets."""

from collections.abc import Mapping

from textual.content import Content

from oai_tui.domain.durations import format_wait
from oai_tui.domain.observation import Fact
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph

_LOW = 0.2
_NEARLY_EMPTY = 0.02
"""Shares of a limit below which its gauge is yellow, and red."""


def bar(share: float, width: int, style: str) -> Content:
    """Return a line of `width` cells, drawn in `style` up to `share` (0 to 1).

    It is full only at 1 and empty only at 0, also after rounding.
    """
    filled = round(max(0.0, min(1.0, share)) * width)
    filled = max(filled, 1 if share > 0 else 0)
    filled = min(filled, width if share >= 1 else width - 1)
    return Content.assemble(("━" * filled, style), ("─" * (width - filled), "$panel-lighten-2"))


def gauge(name: str, facts: Mapping[str, Fact], width: int = 20) -> Paragraph | None:
    """Return the gauge of `requests` or `tokens`, None if the answers did not name the limit.

    Its bar has `width` cells: "━━━━── 499 of 500 requests left, resets in 0.12 s".
    """
    try:
        limit = float(str(facts.get(f"limit_{name}")))
        remaining = float(str(facts.get(f"remaining_{name}")))
    except ValueError:
        return None
    share = remaining / limit if limit > 0 else 0.0
    reset_s = facts.get(f"reset_{name}_s")
    reset = f", resets in {_wait(float(reset_s))}" if isinstance(reset_s, int | float) else ""
    amount = f"{remaining:,.0f} of {limit:,.0f}"
    return paragraph(
        Content.assemble("  ", bar(share, width, _style(share)), "  "),
        amount,
        f" {name} left",
        (reset, "$text-muted"),
    )


def _wait(seconds: float) -> str:
    """Return how long it takes until the limit is full again: "0.12 s", "20 s", "2 h"."""
    return f"{seconds:.2g} s" if seconds < 1 else format_wait(seconds)


def _style(share: float) -> str:
    if share > _LOW:
        return "$success"
    return "$warning" if share > _NEARLY_EMPTY else "$error"
