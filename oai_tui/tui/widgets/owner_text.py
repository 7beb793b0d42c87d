"""Texts of the owner view: what an admin key sees of a key, and keys that need attention. Pure."""

from collections.abc import Iterator
from datetime import datetime

from oai_tui.domain.owner_view import OwnerView
from oai_tui.reports import key_owner
from oai_tui.services.owner_lookup import OwnerResult
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.widgets import verdict_text as texts
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph

_LABEL_WIDTH = 14
_MAX_LIMITS = 3
"""Models whose rate limits are shown where no model is checked."""
_NOT_FOUND = "The key was not found in what was read."
_BLANK = paragraph("")


def progress_paragraphs(view: OwnerView, *, width: int) -> list[Paragraph]:
    """Return how far the survey is. width: cells of its bar."""
    return [
        paragraph("", ("Reading OpenAI's admin API …", "bold $primary")),
        paragraph("", key_owner.progress_line(view, width)),
        paragraph("", ("Nothing is changed or billed.", "$text-muted")),
    ]


def result_paragraphs(result: OwnerResult, now: datetime, model: str) -> Iterator[Paragraph]:
    """Yield what is known of the key: a sentence, the key, its project, and the verdict.

    model: the one that is checked, of whose rate limit alone the page speaks; "" for none.
    """
    view, verdict = result.view, result.diagnosis.verdict
    if view.rejected is None:
        yield paragraph("", (display_safe(result.said or _NOT_FOUND), "bold"))
        yield _BLANK
    if key_owner.has_read(view):
        for key in view.matches:
            yield from _rows(key_owner.key_rows(key, now))
        if view.match is not None:
            yield from _rows(key_owner.detail_rows(view.details, model, max_limits=_MAX_LIMITS))
        yield paragraph("", (key_owner.read_text(view), "$text-muted"))
        yield _BLANK
    shown_by = texts.BY_ADMIN_API if result.decides else texts.BY_CHECK
    parts = texts.verdict_parts(verdict, (), shown_by)
    yield from parts.title
    explanation = " ".join(parts.explanation).replace(display_safe(result.said), "").strip()
    if explanation:
        yield paragraph("  ", explanation)
    if view.rejected is None:
        yield from parts.certainty
    yield from parts.warnings
    if verdict.fixes:
        yield _BLANK
        yield paragraph("", ("What to do", "bold $primary"))
        yield from texts.fixes(verdict.fixes)


def _rows(rows: Iterator[tuple[str, str]]) -> Iterator[Paragraph]:
    for label, text in rows:
        yield paragraph((label.ljust(_LABEL_WIDTH), "$text-muted"), display_safe(text))


def list_paragraphs(view: OwnerView, rotation_days: int) -> Iterator[Paragraph]:
    """Yield the keys that need attention, by reason. rotation_days: the age from which one is."""
    yield paragraph("", (key_owner.list_heading(view), "bold"))
    for group in key_owner.attention_groups(view, rotation_days):
        yield _BLANK
        yield paragraph("", (group.heading, "$warning"))
        for key in group.keys:
            name, *more = (cell for cell in key_owner.key_cells(key) if cell)
            yield paragraph("  ", display_safe(name), (display_safe(f"  {' · '.join(more)}"), ""))
        if group.more:
            text = f"and {group.more:,} more (oai-tui owner --list --json lists up to 40)"
            yield paragraph("  ", (text, "$text-muted"))
    yield _BLANK
    for note in view.notes:
        yield paragraph(("! ", "$warning"), display_safe(note))
    yield paragraph("", ("Nothing was changed.", "$text-muted"))
