"""An address that the terminal itself can open (OSC 8)."""

import re

from textual.content import Content
from textual.style import Style

from oai_tui.tui.formatting import display_safe

_ADDRESS = re.compile(r"https?://[!-~]+")


def hyperlink(url: str) -> Content:
    """Return the address, as a link if it is one that a browser opens."""
    shown = Content.styled(display_safe(url), "$text-muted underline")
    return shown.stylize(Style(link=url)) if _ADDRESS.fullmatch(url) else shown
