"""Every theme that is offered is readable: contrast by WCAG 2.2, computed from its colours."""

import pytest
from textual.color import Color
from textual.theme import Theme

from oai_tui.tui.themes import OWN_THEMES

THEMES = {theme.name: theme for theme in OWN_THEMES}
TEXT = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""
HIGH = 7.0
"""The least contrast of text in a high-contrast theme (WCAG 2.2, 1.4.6)."""
MARK = 3.0
"""The least contrast of marks (WCAG 2.2, 1.4.11)."""
BACKGROUNDS = ("background", "surface", "panel")
STATES = ("primary", "success", "warning", "error")


def colors_of(theme: Theme) -> dict[str, str]:
    """The variables of a theme, as style sheets use them."""
    system = theme.to_color_system()
    return {**system.generate(), **theme.variables}


def resolved(text: str, behind: Color) -> Color:
    """The colour of a text on a background; "auto 60%" depends on it."""
    if not text.startswith("auto"):
        return behind + Color.parse(text)
    percent = int(text.removeprefix("auto").strip(" %"))
    return behind + behind.get_contrast_text(percent / 100)


def luminance(color: Color) -> float:
    parts = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in color.normalized
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def on(colors: dict[str, str], text: str, behind: str) -> float:
    """The contrast of one variable on another."""
    below = Color.parse(colors[behind]).with_alpha(1)
    return contrast(resolved(colors[text], below), below)


def test_contrast_is_that_of_the_definition() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_muted_text_is_readable_and_quieter_than_text(name: str) -> None:
    colors = colors_of(THEMES[name])
    for behind in BACKGROUNDS:
        assert on(colors, "text-muted", behind) >= TEXT
        assert on(colors, "text-muted", behind) < on(colors, "foreground", behind)


@pytest.mark.parametrize("name", THEMES)
def test_states_and_accents_are_readable(name: str) -> None:
    colors = colors_of(THEMES[name])
    for state in STATES:
        assert on(colors, state, "background") >= TEXT, state
        assert on(colors, state, "surface") >= TEXT, state
    assert on(colors, "background", "primary") >= TEXT, "the label of the primary button"
    assert on(colors, "text", "secondary") >= TEXT, "the label of a button with the focus"
    assert on(colors, "text-disabled", "background") >= MARK


@pytest.mark.parametrize("name", THEMES)
def test_the_footer_and_the_highlighted_row_are_readable(name: str) -> None:
    colors = colors_of(THEMES[name])
    assert on(colors, "footer-key-foreground", "footer-background") >= TEXT
    assert on(colors, "footer-description-foreground", "footer-background") >= TEXT
    assert on(colors, "block-cursor-foreground", "block-cursor-background") >= TEXT


@pytest.mark.parametrize("name", ["oai-contrast", "oai-contrast-light"])
def test_high_contrast_is_high(name: str) -> None:
    colors = colors_of(THEMES[name])
    for text in ("foreground", "text-muted", *STATES):
        assert on(colors, text, "background") >= HIGH, text
        assert on(colors, text, "surface") >= HIGH, text


def test_dark_and_light_are_both_offered() -> None:
    assert {theme.dark for theme in OWN_THEMES} == {True, False}
