"""`oai_tui.explain`: the cause of an OpenAI error, for a program that caught it.

Imports neither httpx, Textual, keyring nor openai, and sends nothing.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from oai_tui.domain.answer_parsing import seconds_of
from oai_tui.domain.cause import Confidence, Family
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.services.explain_text import explain_text, no_failure

MAX_CHARS = 200_000
"""Characters of a text that are read; more of it is left out in the middle."""
_MAX_CHAIN = 10
"""Exceptions of a chain that are read, and levels of exception groups in groups."""
_MAX_MEMBERS = 100
"""Members of an exception group that are looked at."""
_HEADERS = ("x-request-id", "retry-after", "server", "openai-version", "cf-ray", "content-type")
"""Headers of a response that say who answered and when to retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a call failed.

    cause: an id of `oai-tui causes`; "unknown" if the error does not say. family: None if the
    cause is unknown. fixes: what to do, most useful first. retry_helps: True if the same request
    can succeed later. retry_after_s: seconds to wait first, if the server said so. request_id:
    OpenAI's, to quote to support.
    """

    cause: str
    family: Family | None
    confidence: Confidence
    title: str
    explanation: str
    fixes: tuple[str, ...]
    retry_helps: bool
    retry_after_s: float | None
    request_id: str | None


def explain(error: str | BaseException) -> Explanation:
    """Return why an OpenAI call failed: from an exception of any SDK version, or from a text.

    Keys, tokens and e-mail addresses are removed before anything else is read. Never raises for a
    str or an exception, whatever it contains.
    """
    is_exception = isinstance(error, BaseException)
    text = _text_of(error) if isinstance(error, BaseException) else error
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]}\n…\n{text[-MAX_CHARS // 2 :]}"
    reports = explain_text(text, now=time.time())
    if not reports:
        blank = Observation(probe="paste")
        reports = (FailureReport(observation=blank, verdict=no_failure()),)
    return _explanation(reports[0], _headers_of(error) if is_exception else {})


def error_of(exc_info: object) -> BaseException | None:
    """Return the exception of an `exc_info` as logging and Sentry have it: a tuple of three."""
    error = exc_info[1] if isinstance(exc_info, tuple) and len(exc_info) == 3 else None
    return error if isinstance(error, BaseException) else None


def is_openai_error(error: BaseException) -> bool:
    """Return True if an exception, or one that it was raised from, is one of the OpenAI SDK's.

    So is one whose class is derived from the SDK's, such as those of LiteLLM.
    """
    return any(_is_of_sdk(each) for each in _chain(error))


def _is_of_sdk(error: BaseException) -> bool:
    modules = (str(base.__module__) for base in type(error).__mro__)
    return any(module.partition(".")[0] == "openai" for module in modules)


def _explanation(report: FailureReport, headers: Mapping[str, str]) -> Explanation:
    verdict = report.verdict
    asked = seconds_of(headers.get("retry-after", ""))
    helps = verdict.retry.helps
    return Explanation(
        cause=verdict.cause or "unknown",
        family=verdict.family if verdict.outcome == "problem" else None,
        confidence=verdict.confidence,
        title=verdict.title,
        explanation=verdict.explanation,
        fixes=tuple(_fix_text(fix.text, fix.command, fix.url) for fix in verdict.fixes),
        retry_helps=helps,
        retry_after_s=(asked if asked is not None else verdict.retry.after_s) if helps else None,
        request_id=report.observation.request_id or headers.get("x-request-id") or None,
    )


def _fix_text(text: str, command: str, url: str) -> str:
    return " ".join(part for part in (text, f"`{command}`" if command else "", url) if part)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those it was raised from, at most _MAX_CHAIN.

    Of an exception group one member is followed: the first one with an OpenAI exception.
    """
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < _MAX_CHAIN:
        seen.add(id(current))
        yield current
        current = _member(current) or current.__cause__ or current.__context__


def _member(group: BaseException) -> BaseException | None:
    """Return the member of an exception group that matters most, or None for another exception."""
    if not isinstance(group, BaseExceptionGroup):
        return None
    leaves = list(islice(_leaves(group, 0), _MAX_MEMBERS))
    return next((leaf for leaf in leaves if is_openai_error(leaf)), leaves[0] if leaves else None)


def _leaves(error: BaseException, depth: int) -> Iterator[BaseException]:
    """Yield the exceptions of a group and of the groups in it."""
    if not isinstance(error, BaseExceptionGroup):
        yield error
    elif depth < _MAX_CHAIN:
        for each in error.exceptions:
            yield from _leaves(each, depth + 1)


def _text_of(error: BaseException) -> str:
    """Return an exception as a traceback prints it, causes first, with the response's evidence.

    `openai` 3.54 prints the message alone; the body has the code, which is more reliable.
    """
    lines = []
    for each in reversed(list(_chain(error))):
        kind = type(each)
        lines.append(f"{kind.__module__}.{kind.__qualname__}: {_words_of(each)}")
        lines += _evidence(each)
    return "\n".join(lines)


def _words_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  a foreign __str__ may fail in any way
        return ""


def _evidence(error: BaseException) -> Iterator[str]:
    """Yield the status, headers and body of the response that an SDK's exception holds.

    An error event of a stream has a body without a status: the response had begun with 200.
    """
    status = _attribute(error, "status_code")
    if isinstance(status, int) and not isinstance(status, bool):
        yield f"HTTP/1.1 {status}"
        for name, value in _headers_of(error).items():
            yield f"{name}: {value}"
    elif not _is_of_sdk(error):
        return
    body = _attribute(error, "body")
    if isinstance(body, Mapping):
        whole = body if "error" in body else {"error": dict(body)}
        try:
            document = json.dumps(whole)
        except (TypeError, ValueError, RecursionError):
            return
        yield ""
        yield document


def _headers_of(error: Any) -> dict[str, str]:
    """Return the headers of a response that matter, with names in lower case; may be empty."""
    headers = _attribute(_attribute(error, "response"), "headers")
    found = {}
    for name in _HEADERS:
        try:
            value = headers.get(name)
        except Exception:  # noqa: BLE001  anything may be in an attribute of a foreign exception
            return {}
        if isinstance(value, str) and value.isprintable():
            found[name] = value[:200]
    return found


def _attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except Exception:  # noqa: BLE001  a property of a foreign exception may fail in any way
        return None
