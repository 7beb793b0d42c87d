"""A verdict in a few plain lines, for formats with room for one text: what happened, what to do."""

from collections.abc import Iterator

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.durations import retry_advice


def first_steps(verdict: Verdict) -> Iterator[str]:
    """Yield the explanation, the first fix with its command and link, and if a retry helps."""
    if verdict.explanation:
        yield verdict.explanation
    for fix in verdict.fixes[:1]:
        yield f"Fix: {fix.text}"
        yield from (f"  {line}" for line in fix.command.splitlines())
        if fix.url:
            yield f"  {fix.url}"
    if verdict.retry.helps and verdict.retry.after_s is not None:
        yield f"{retry_advice(verdict.retry.after_s)}."
    elif verdict.retry.helps:
        yield "The same request can work later."
