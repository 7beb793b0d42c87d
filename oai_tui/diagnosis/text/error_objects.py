"""The error object and the headers of an answer, wherever in a text they stand and however deep one string holds another. Pure; bounded in depth and number."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from oai_tui.diagnosis.text.lenient_objects import fields_in, objects_in
from oai_tui.domain.answer_parsing import parse_error
from oai_tui.domain.observation import ErrorBody

_DEPTH = 5
_NODES = 400
_ERRNO = re.compile(
    r"E[A-Z0-9]{3,20}|(?:ERR|UND_ERR|EAI|CERT|SELF|UNABLE|DEPTH)_[A-Z_]+|(?:self|unable)_[a-z_]+"
)
_NUMBER = re.compile(r"[1-5][0-9]{2}")
_DOTNET = re.compile(r"\((\w+_error|insufficient_quota|requests|tokens): (\w+)\)")
_HEADER_LINE = re.compile(r"(?m)^[<\s]{0,8}([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]*([^\r\n]{1,400})$")
_HEADERS = re.compile(
    r"(?i)date|server|via|retry-after(?:-ms)?|www-authenticate|location|content-type|cf-(?:ray|cache-status|mitigated)|cf-aig-[\w-]+|x-request-id|x-ratelimit-[\w-]+|openai-[\w-]+|x-should-retry|apim-request-id|x-ms-[\w-]+|azureml-[\w-]+|"
    r"x-litellm-[\w-]+|x-openrouter-[\w-]+|x-groq-[\w-]+|anthropic-[\w-]+|x-portkey-[\w-]+|x-kong-[\w-]+|x-squid-error|proxy-[\w-]+|x-cache(?:-lookup)?|x-envoy-[\w-]+|x-oneapi-request-id|x-new-api-version|helicone-[\w-]+|x-vercel-[\w-]+|x-amzn?-[\w-]+"
)


def errors_in(text: str, depth: int = 0) -> list[ErrorBody]:
    """Every error that the objects of a text speak of, inner ones before the ones around them."""
    found: list[ErrorBody] = []
    for value in objects_in(text):
        for node in _nodes(value):
            if (error := _error(node)) is None:
                continue
            if depth < _DEPTH and ("{" in error.message):
                found += errors_in(error.message, depth + 1)
            found.append(error)
    return found


def best_error(text: str) -> ErrorBody | None:
    """The error that says most; of equals the innermost. None when the text holds no error object and names no parts of one."""
    candidates = errors_in(text)
    if (
        not candidates
        and (fields := fields_in(text))
        and (error := _error(fields)) is not None
        and (error.code or error.type)
    ):
        candidates = [error]
    if not candidates and (match := _DOTNET.search(text)):
        candidates = [ErrorBody(code=match[2], type=match[1])]
    return max(candidates, key=_weight, default=None)


def headers_in(text: str) -> Mapping[str, str]:
    """The headers of an answer that a text shows, as a dump of an object or as lines; names in lower case."""
    out: dict[str, str] = {}
    for value in objects_in(text):
        for node in _nodes(value):
            known = {
                name: str(field)
                for name, field in node.items()
                if isinstance(field, (str, int)) and _HEADERS.fullmatch(name)
            }
            if len(known) > 1 or any("-" in name for name in known):
                out |= known
    lines = {
        match[1].lower(): match[2].strip().rstrip(",")
        for match in _HEADER_LINE.finditer(text)
        if _HEADERS.fullmatch(match[1])
    }
    return {**(lines if len(lines) > 1 or any("-" in name for name in lines) else {}), **out}


def status_field(text: str) -> int | None:
    """The status that an object of the text states in a field of its own."""
    for value in objects_in(text):
        for node in _nodes(value):
            for name in (
                "status",
                "statuscode",
                "status_code",
                "httpstatus",
                "http_status",
                "http_code",
            ):
                if _NUMBER.fullmatch(str(node.get(name, ""))):
                    return int(str(node[name]))
    return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """The objects inside a value, outer ones first."""
    waiting = [value]
    for _ in range(_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            waiting += [inner for inner in node.values() if isinstance(inner, (dict, list))]
        elif isinstance(node, list):
            waiting += node


def _error(node: Mapping[str, Any]) -> ErrorBody | None:
    """The error of one object; None for an object of something else, such as the errno of a failed connection."""
    if not any(
        name in node
        for name in (
            "error",
            "errors",
            "detail",
            "message",
            "msg",
            "errormessage",
            "error_description",
            "code",
            "error_code",
            "errorcode",
        )
    ):
        return None
    inner = node.get("error")
    if isinstance(inner, dict) and not inner:
        return None
    aliases = {
        "msg": "message",
        "errormessage": "message",
        "error_code": "code",
        "errorcode": "code",
        "error_type": "type",
    }
    fields = {**{aliases[name]: field for name, field in node.items() if name in aliases}, **node}
    error = parse_error(fields) or (
        ErrorBody(code=str(fields["code"]), type=str(fields.get("type") or ""))
        if fields.get("code") and not isinstance(inner, (dict, list))
        else None
    )
    if error is None or _ERRNO.fullmatch(error.code):
        return None
    return error


def _weight(error: ErrorBody) -> int:
    return (
        4 * bool(error.code and not _NUMBER.fullmatch(error.code))
        + 2 * bool(error.message)
        + bool(error.type)
        + 2 * ("error" in error.type)
        + (bool(error.code) and 1)
    )
