"""The text of the screen, as it is drawn."""

from typing import Any

from textual.app import App


def screen_lines(app: App[Any]) -> str:
    """The rows of the screen, without blanks at their ends; rows of blanks alone are left out."""
    update = app.screen._compositor.render_update(
        full=True,
        screen_stack=app._background_screens,
    )
    assert update is not None
    rows = ("".join(strip.text for strip in row) for row in update.strips)  # type: ignore[union-attr]
    return "\n".join(row.rstrip() for row in rows if row.strip())


def screen_words(app: App[Any]) -> str:
    """The same as one run of words, which does not depend on how lines are wrapped."""
    return " ".join(screen_lines(app).split())
