"""Rate limits as gauges: how much is left, of how much, and when it is full again."""

from collections.abc import Mapping

from oai_tui.domain.observation import Fact
from oai_tui.tui.widgets.sheet import Hang, hang
from oai_tui.tui.words import seconds

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(share: float, width: int) -> str:
    """A bar of `width` cells filled to `share` (0 to 1), in eighths of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(width)


def gauge(name: str, facts: Mapping[str, Fact], width: int = 20) -> Hang | None:
    """The gauge of `requests` or `tokens`; None when the answer did not tell."""
    limit, left = facts.get(f"limit_{name}"), facts.get(f"remaining_{name}")
    try:
        most, now = float(str(limit)), float(str(left))
    except ValueError:
        return None
    share = now / most if most > 0 else 0.0
    style = "$success" if share > 0.2 else "$warning" if share > 0.02 else "$error"
    reset = facts.get(f"reset_{name}_s")
    full = f"   full again in {seconds(float(reset))}" if isinstance(reset, int | float) else ""
    amount = f"  {now:,.0f} of {most:,.0f}".replace(",", " ")
    return hang((f"{name.capitalize():<11}", "$text-muted"), (bar(share, width), f"{style} on $panel"), amount, (full, "$text-muted"))
