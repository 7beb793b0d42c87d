"""The themes of the wizard: dark, light, and two with high contrast.

Each has one accent; green, amber and red are kept for states. `tests/tui/test_themes.py` computes
the contrast of each. Textual's own themes are not offered: none has readable states everywhere.
"""

from collections.abc import Mapping

from textual.theme import Theme


def _variables(colors: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a theme.

    colors: accent, line, cursor, cursor-text, blurred, text, on-accent, background, muted and
        disabled.
    """
    return {
        "border": colors["accent"],
        "border-blurred": colors["line"],
        "block-cursor-background": colors["cursor"],
        "block-cursor-foreground": colors["cursor-text"],
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": colors["blurred"],
        "block-cursor-blurred-foreground": colors["text"],
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": colors["blurred"],
        "button-color-foreground": colors["on-accent"],
        "button-foreground": colors["text"],
        "button-focus-text-style": "bold",
        "input-selection-background": f"{colors['accent']} 30%",
        "footer-background": colors["background"],
        "footer-key-foreground": colors["accent"],
        "footer-description-foreground": colors["muted"],
        "scrollbar": colors["line"],
        "scrollbar-background": colors["background"],
        "scrollbar-corner-color": colors["background"],
        "text-muted": colors["muted"],
        "text-disabled": colors["disabled"],
    }


NIGHT = Theme(
    name="oai-night",
    primary="#7fb0ff",
    secondary="#47659b",
    accent="#7fb0ff",
    success="#7bd88f",
    warning="#e8bf6a",
    error="#ff7b86",
    foreground="#d6dbe5",
    background="#0f131a",
    surface="#161c26",
    panel="#222b39",
    dark=True,
    variables=_variables(
        {
            "accent": "#7fb0ff",
            "line": "#2c3748",
            "cursor": "#24385a",
            "cursor-text": "#f2f5fa",
            "blurred": "#1d2838",
            "text": "#d6dbe5",
            "on-accent": "#0f131a",
            "background": "#0f131a",
            "muted": "#97a3b6",
            "disabled": "#66718a",
        }
    ),
)
DAY = Theme(
    name="oai-day",
    primary="#1a56c4",
    secondary="#bcd0f5",
    accent="#1a56c4",
    success="#1a7031",
    warning="#855300",
    error="#b3202c",
    foreground="#1b222d",
    background="#f7f8fa",
    surface="#eceff3",
    panel="#dfe4ea",
    dark=False,
    variables=_variables(
        {
            "accent": "#1a56c4",
            "line": "#b4bdc9",
            "cursor": "#c9d9f7",
            "cursor-text": "#0b1220",
            "blurred": "#e2e7ee",
            "text": "#1b222d",
            "on-accent": "#f7f8fa",
            "background": "#f7f8fa",
            "muted": "#4d5867",
            "disabled": "#6d7885",
        }
    ),
)
CONTRAST = Theme(
    name="oai-contrast",
    primary="#ffd84d",
    secondary="#5c4a00",
    accent="#ffd84d",
    success="#5dff8f",
    warning="#ffc24d",
    error="#ff9a9a",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1f1f1f",
    dark=True,
    variables=_variables(
        {
            "accent": "#ffd84d",
            "line": "#8a8a8a",
            "cursor": "#ffd84d",
            "cursor-text": "#000000",
            "blurred": "#333333",
            "text": "#ffffff",
            "on-accent": "#000000",
            "background": "#000000",
            "muted": "#d0d0d0",
            "disabled": "#a8a8a8",
        }
    ),
)
CONTRAST_LIGHT = Theme(
    name="oai-contrast-light",
    primary="#002f9e",
    secondary="#b8ccff",
    accent="#002f9e",
    success="#005218",
    warning="#5c3600",
    error="#8f0010",
    foreground="#000000",
    background="#ffffff",
    surface="#ffffff",
    panel="#e6e6e6",
    dark=False,
    variables=_variables(
        {
            "accent": "#002f9e",
            "line": "#595959",
            "cursor": "#002f9e",
            "cursor-text": "#ffffff",
            "blurred": "#dcdcdc",
            "text": "#000000",
            "on-accent": "#ffffff",
            "background": "#ffffff",
            "muted": "#303030",
            "disabled": "#555555",
        }
    ),
)
OWN_THEMES = (NIGHT, DAY, CONTRAST, CONTRAST_LIGHT)
DEFAULT = NIGHT.name
