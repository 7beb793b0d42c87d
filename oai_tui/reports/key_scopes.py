"""The report of `oai-tui scopes`: what a key may do, endpoint by endpoint."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oai_tui.domain.endpoints import ScopeResult, ScopeState, key_mode
from oai_tui.knowledge.links import API_KEYS
from oai_tui.reports.labels import FAILURE_LABELS
from oai_tui.reports.style import Paint, Style

MARKS: Mapping[ScopeState, tuple[str, Paint]] = {
    "allowed": ("✓", "good"),
    "missing": ("✗", "bad"),
    "unknown": ("?", "care"),
}


MODES: Mapping[str, str] = {
    "": "",
    "All": ": no restrictions found",
    "Read only": ": read only",
    "Restricted": ": restricted",
}


def fields(results: Sequence[ScopeResult]) -> dict[str, Any]:
    """Return the fields `scopes` and `key_mode` of the JSON document."""
    return {
        "scopes": [
            {
                "endpoint": result.endpoint.name,
                "needs": list(result.endpoint.needs),
                "permission": result.endpoint.permission,
                "state": result.state,
                "evidence": _evidence(result),
            }
            for result in results
        ],
        "key_mode": key_mode(tuple(results)) or None,
    }


def _evidence(result: ScopeResult) -> dict[str, Any] | None:
    observation = result.observation
    if observation is None:
        return None
    return {
        "status": observation.status,
        "error_code": (observation.error.code or None) if observation.error else None,
        "request_id": observation.request_id or None,
    }


def lines(results: Sequence[ScopeResult], style: Style) -> list[str]:
    """Return the lines of the text report; none if nothing was asked."""
    return list(_lines(results, style)) if results else []


def _lines(results: Sequence[ScopeResult], style: Style) -> Iterator[str]:
    mode = key_mode(tuple(results))
    yield style.paint("strong", f"Permissions of this key{MODES[mode]}")
    width = max(len(result.endpoint.name) for result in results)
    for result in results:
        mark, paint = MARKS[result.state]
        end = style.paint("quiet", note(result))
        yield f"  {style.paint(paint, mark)} {result.endpoint.name.ljust(width)}  {end}".rstrip()
    missing = [result for result in results if result.state == "missing"]
    if missing:
        yield ""
        yield f"To allow more: Edit key → Permissions at {API_KEYS}"
        for result in missing:
            yield f"  {result.endpoint.name}: {result.endpoint.permission}"
    yield ""
    yield from _closing(results)


def _closing(results: Sequence[ScopeResult]) -> Iterator[str]:
    """Yield what was sent, and what is known of its effect: nothing beyond what was observed."""
    asked = [result for result in results if result.observation is not None]
    if not asked:
        yield "No endpoint was tested."
        return
    sent = "One request per endpoint, invalid on purpose"
    if len(asked) < len(results):
        sent = f"{len(asked)} of {len(results)} endpoints were tested. {sent}"
    accepted = next((found for result in asked if (found := _accepted(result))), None)
    if accepted is not None:
        yield f"{sent}. The server answered {accepted} to a POST:"
        yield "it may have carried it out."
    elif unclear := [result.endpoint.name for result in asked if not _is_refused(result)]:
        yield f"{sent}. Not known to be refused: {', '.join(unclear)}."
        yield "The server may have carried out something there."
    else:
        yield f"{sent}: nothing was created or billed."


def _is_refused(result: ScopeResult) -> bool:
    """Return whether the request cannot have changed anything: a GET, or refused with a 4xx."""
    seen = result.observation
    status = seen.status if seen is not None else None
    return result.endpoint.is_read or (status is not None and 400 <= status < 500)


def _accepted(result: ScopeResult) -> int | None:
    """Return the status of a server that did not check an invalid request to create something."""
    seen = result.observation
    if result.endpoint.is_read or seen is None or seen.status is None:
        return None
    return seen.status if 200 <= seen.status < 300 else None


def note(result: ScopeResult) -> str:
    """Return what one result says, in a few words."""
    observation = result.observation
    if result.state == "missing":
        return f"missing {result.missing or ', '.join(result.endpoint.needs)}"
    if result.state == "allowed":
        return "allowed"
    if observation is None:
        return "not tested"
    if observation.failure is not None:
        return FAILURE_LABELS[observation.failure].report
    code = observation.error.code if observation.error else ""
    return " ".join(part for part in ("unclear:", str(observation.status), code) if part)
