"""`oai_tui.explain`: the cause of an OpenAI error, for a program that caught it.

Imports neither httpx, Textual, keyring nor openai, and sends nothing.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from oai_tui.domain.answer_parsing import wait_of_headers
from oai_tui.domain.cause import Confidence, Family
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.services.explain_text import explain_text, no_failure

MAX_CHARS = 200_000
"""Characters of a text that are read; more of it is left out in the middle."""
_MAX_CHAIN = 10
"""Exceptions of a chain that are read."""
_MAX_MEMBERS = 1_000
"""Exceptions in an exception group that are looked at."""
_MEMBERS: Any = BaseExceptionGroup.exceptions
_CAUSE: Any = BaseException.__dict__["__cause__"]
_CONTEXT: Any = BaseException.__dict__["__context__"]
_MRO: Any = type.__dict__["__mro__"]
_NAME: Any = type.__dict__["__qualname__"]
_T = TypeVar("_T")
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
    str or an exception, whatever it contains; TypeError for anything else.
    """
    is_exception = isinstance(error, BaseException)
    if not is_exception and not isinstance(error, str):
        raise TypeError(f"explain() takes an exception or a str, not {type(error).__name__}")
    text = _text_of(error) if isinstance(error, BaseException) else str.__str__(error)
    if len(text) > MAX_CHARS:
        text = f"{text[: MAX_CHARS // 2]}\n…\n{text[-MAX_CHARS // 2 :]}"
    now = time.time()
    reports = explain_text(text, now=now)
    if not reports:
        blank = Observation(probe="paste")
        reports = (FailureReport(observation=blank, verdict=no_failure()),)
    return _explanation(reports[0], _headers_of(error) if is_exception else {}, now)


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
    return any(_module(base).partition(".")[0] == "openai" for base in _MRO.__get__(type(error)))


def _module(kind: type) -> str:
    name = _attribute(kind, "__module__")
    return str.__str__(name) if issubclass(type(name), str) else ""


def _explanation(report: FailureReport, headers: Mapping[str, str], now: float) -> Explanation:
    verdict = report.verdict
    asked = wait_of_headers(headers, now)
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
    """Yield an exception and those it was raised from, at most _MAX_CHAIN, each once.

    After an exception group come the exceptions that lead to its first OpenAI exception: a member,
    one in a group in it, or one that a group was raised from; else its first member.
    """
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(seen) < _MAX_CHAIN:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if not waiting:
            waiting = _way_into(current) if _is_group(current) else _raised_from(current)


def _way_into(group: BaseException) -> list[BaseException]:
    """Return the exceptions from a group to the one in it that matters most, without groups."""
    parents: dict[int, BaseException] = {}
    leaf: BaseException | None = None
    stack, seen = [group], set[int]()
    while stack and len(seen) < _MAX_MEMBERS:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if _is_of_sdk(current):
            leaf = current
            break
        below = [*_members(current), *_raised_from(current)]
        for each in below:
            parents.setdefault(id(each), current)
        stack += reversed(below)
        if leaf is None and not _is_group(current):
            leaf = current
    way: list[BaseException] = []
    while leaf is not None and leaf is not group:
        if not _is_group(leaf):
            way.insert(0, leaf)
        leaf = parents.get(id(leaf))
    return way[1 - _MAX_CHAIN :]


def _is_group(error: BaseException) -> bool:
    return issubclass(type(error), BaseExceptionGroup)


def _members(error: BaseException) -> tuple[BaseException, ...]:
    return _MEMBERS.__get__(error) if _is_group(error) else ()


def _raised_from(error: BaseException) -> list[BaseException]:
    """Return the cause of an exception, else its context, also of a class that hides them."""
    found = _CAUSE.__get__(error)
    found = _CONTEXT.__get__(error) if found is None else found
    return [] if found is None else [found]


def _text_of(error: BaseException) -> str:
    """Return an exception as a traceback prints it, causes first, with the response's evidence.

    `openai` 3.54 prints the message alone; the body has the code, which is more reliable.
    """
    lines = []
    for each in reversed(list(_chain(error))):
        name = f"{_module(type(each))}.{_NAME.__get__(type(each))}"
        lines += [f"{name}: {_words_of(each)}", *_evidence_of(each)]
    return "\n".join(lines)


def _tried(read: Callable[[], _T], default: _T) -> _T:
    """Return what is read from a foreign exception, or the default if that fails in any way."""
    try:
        return read()
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  its methods and attributes may raise anything
        return default


def _words_of(error: BaseException) -> str:
    return _tried(lambda: str.__str__(str(error)), "")


def _evidence_of(error: BaseException) -> list[str]:
    return _tried(lambda: [*_evidence(error)], [])


def _evidence(error: BaseException) -> Iterator[str]:
    """Yield the status, headers and body of the response that an SDK's exception holds.

    An error event of a stream has a body without a status: the response had begun with 200.
    """
    status = _attribute(error, "status_code")
    if issubclass(type(status), int) and type(status) is not bool:
        yield f"HTTP/1.1 {int.__repr__(status)}"
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

    def read() -> dict[str, str]:
        found = ((name, headers.get(name)) for name in _HEADERS)
        return {
            name: str.__str__(value)[:200]
            for name, value in found
            if issubclass(type(value), str) and str.isprintable(value)
        }

    return _tried(read, {})


def _attribute(value: Any, name: str) -> Any:
    return _tried(lambda: getattr(value, name, None), None)
