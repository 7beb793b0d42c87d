"""The dark theme of the wizard. Textual's own themes can be chosen in the palette.

It has one accent; green, amber and red are kept for states.
"""

from textual.theme import Theme

NIGHT = Theme(
    name="oai-night",
    primary="#7fb0ff",
    secondary="#5a7db8",
    accent="#7fb0ff",
    success="#7bd88f",
    warning="#e8bf6a",
    error="#ff7b86",
    foreground="#d6dbe5",
    background="#0f131a",
    surface="#161c26",
    panel="#222b39",
    dark=True,
    variables={
        "border": "#7fb0ff",
        "border-blurred": "#2c3748",
        "block-cursor-background": "#24385a",
        "block-cursor-foreground": "#f2f5fa",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#1d2838",
        "block-cursor-blurred-foreground": "#d6dbe5",
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": "#1d2838",
        "button-color-foreground": "#0f131a",
        "button-foreground": "#d6dbe5",
        "button-focus-text-style": "bold",
        "input-selection-background": "#7fb0ff 30%",
        "footer-background": "#0f131a",
        "footer-key-foreground": "#7fb0ff",
        "footer-description-foreground": "#97a3b6",
        "scrollbar": "#2c3748",
        "scrollbar-background": "#0f131a",
        "scrollbar-corner-color": "#0f131a",
        "text-muted": "#97a3b6",
        "text-disabled": "#66718a",
    },
)
LIGHT = "textual-light"
