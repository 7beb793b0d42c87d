"""Rate limits as gauges: how much is left, of how much, and when it is full again."""

from collections.abc import Mapping

from textual.content import Content

from oai_tui.domain.durations import format_wait
from oai_tui.domain.observation import Fact
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph


def bar(share: float, width: int, style: str) -> Content:
    """A thin line of `width` cells, drawn in `style` up to `share` (0 to 1); never quite full while something is missing, nor empty while something is left."""
    filled = round(max(0.0, min(1.0, share)) * width)
    filled = min(max(filled, 1 if share > 0 else 0), width if share >= 1 else width - 1)
    return Content.assemble(("━" * filled, style), ("─" * (width - filled), "$panel-lighten-2"))


def gauge(name: str, facts: Mapping[str, Fact], width: int = 20) -> Paragraph | None:
    """The gauge of `requests` or `tokens`; None when the answer did not tell."""
    limit, left = facts.get(f"limit_{name}"), facts.get(f"remaining_{name}")
    try:
        most, now = float(str(limit)), float(str(left))
    except ValueError:
        return None
    share = now / most if most > 0 else 0.0
    style = "$success" if share > 0.2 else "$warning" if share > 0.02 else "$error"
    reset = facts.get(f"reset_{name}_s")
    full = f"   full in {format_wait(float(reset))}" if isinstance(reset, int | float) else ""
    amount = f"  {now:,.0f} of {most:,.0f}".replace(",", " ")
    return paragraph(
        (f"  {name.capitalize():<13}", "$text-muted"),
        bar(share, width, style),
        amount,
        (full, "$text-muted"),
    )
