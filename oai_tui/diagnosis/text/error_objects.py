"""Find the error object and the headers of an answer in a text.

They can be anywhere, and inside strings that are inside strings. Pure; bounded in depth and
number. What is read here is unescaped, so it must be redacted again before it is kept.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from oai_tui.diagnosis.text.lenient_objects import fields_in, objects_in
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.answer_parsing import parse_error
from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.observation import ErrorBody

_MAX_DEPTH = 5
"""Messages inside messages that are read."""
_MAX_NODES = 400
"""Objects inside one value that are read."""
_ERRNO = re.compile(
    r"E[A-Z0-9]{3,20}"
    r"|(?:ERR|UND_ERR|EAI|CERT|SELF|UNABLE|DEPTH)_[A-Z_]+"
    r"|(?:self|unable)_[a-z_]+"
)
"""The code of a failed connection in Node: ECONNREFUSED, UND_ERR_SOCKET, self_signed_cert."""
_HASH = re.compile(r"[0-9a-fA-F]{16,128}")
"""A value that is no code of an error, whatever its field is called."""
_STATUS = re.compile(r"[1-5][0-9]{2}")
_DOTNET_ERROR = re.compile(r"\((\w+_error|insufficient_quota|requests|tokens): (\w+)\)")
"""Type and code as the .NET SDK prints them: "(invalid_request_error: invalid_api_key)"."""
_HEADER_LINE = re.compile(r"(?m)^[<\s]{0,8}([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]*([^\r\n]{1,400})$")
_HEADER_ROWS = (
    # any server
    (r"date", "Date"),
    (r"server", "Server"),
    (r"via", "Via"),
    (r"retry-after(?:-ms)?", "retry-after-ms"),
    (r"www-authenticate", "WWW-Authenticate"),
    (r"location", "Location"),
    (r"content-type", "Content-Type"),
    # Cloudflare and its AI Gateway
    (r"cf-(?:ray|cache-status|mitigated)", "CF-RAY"),
    (r"cf-aig-[\w-]+", "cf-aig-cache-status"),
    # OpenAI
    (r"x-request-id", "x-request-id"),
    (r"x-ratelimit-[\w-]+", "x-ratelimit-remaining-tokens"),
    (r"openai-[\w-]+", "openai-organization"),
    (r"x-should-retry", "x-should-retry"),
    # Azure
    (r"apim-request-id", "apim-request-id"),
    (r"x-ms-[\w-]+", "x-ms-region"),
    (r"azureml-[\w-]+", "azureml-model-session"),
    # other vendors and gateways
    (r"x-litellm-[\w-]+", "x-litellm-call-id"),
    (r"x-openrouter-[\w-]+", "x-openrouter-provider"),
    (r"x-groq-[\w-]+", "x-groq-region"),
    (r"anthropic-[\w-]+", "anthropic-organization-id"),
    (r"x-portkey-[\w-]+", "x-portkey-trace-id"),
    (r"x-kong-[\w-]+", "x-kong-response-latency"),
    # proxies
    (r"x-squid-error", "X-Squid-Error"),
    (r"proxy-[\w-]+", "Proxy-Authenticate"),
    (r"x-cache(?:-lookup)?", "X-Cache-Lookup"),
    (r"x-envoy-[\w-]+", "x-envoy-upstream-service-time"),
    # relays and hosts
    (r"x-oneapi-request-id", "X-Oneapi-Request-Id"),
    (r"x-new-api-version", "X-New-Api-Version"),
    (r"helicone-[\w-]+", "helicone-id"),
    (r"x-vercel-[\w-]+", "x-vercel-id"),
    (r"x-amzn?-[\w-]+", "x-amzn-RequestId"),
)
_HEADER_NAME = re.compile("(?i)" + any_of(_HEADER_ROWS))
"""Headers that show who answered, or why."""
_STATUS_FIELDS = (
    "status",
    "statuscode",
    "status_code",
    "httpstatus",
    "http_status",
    "http_code",
)
"""Fields that state a status, in the order in which they are read."""
_ERROR_FIELDS = frozenset(
    {
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
    }
)
"""Fields of which an error object has at least one."""
_ALIASES = {
    "msg": "message",
    "errormessage": "message",
    "error_code": "code",
    "errorcode": "code",
    "error_type": "type",
}
"""Other names of the fields that `parse_error` reads."""


def best_error(text: RedactedText) -> ErrorBody | None:
    """Return the most complete error in a text; of equally complete ones the innermost.

    None if the text has no error object and names no parts of one.
    """
    candidates = errors_in(text)
    if not candidates:
        error = _error_of_fields(text) or _dotnet_error(text)
        candidates = [error] if error else []
    return max(candidates, key=_completeness, default=None)


def errors_in(text: str, depth: int = 0) -> list[ErrorBody]:
    """Return every error in the objects of a text, inner ones before the ones around them."""
    errors: list[ErrorBody] = []
    for value in objects_in(text):
        for node in _nodes(value):
            error = _error_of(node)
            if error is None:
                continue
            if depth < _MAX_DEPTH and "{" in error.message:
                errors += errors_in(error.message, depth + 1)
            errors.append(error)
    return errors


def headers_in(text: RedactedText) -> Mapping[str, str]:
    """Return the headers of an answer in a text, as fields of an object or as lines.

    Names are in lower case. A single header without a hyphen ("Server: x") is not counted,
    because such a line can be anything.
    """
    fields: dict[str, str] = {}
    for value in objects_in(text):
        for node in _nodes(value):
            in_node = {
                name: str(field)
                for name, field in node.items()
                if isinstance(field, (str, int)) and _HEADER_NAME.fullmatch(name)
            }
            if _are_headers(in_node):
                fields |= in_node
    lines = {
        match[1].lower(): match[2].strip().rstrip(",")
        for match in _HEADER_LINE.finditer(text)
        if _HEADER_NAME.fullmatch(match[1])
    }
    return {**lines, **fields} if _are_headers(lines) else fields


def status_field(text: RedactedText) -> int | None:
    """Return the status that an object of the text states in a field of its own, or None."""
    for value in objects_in(text):
        for node in _nodes(value):
            for name in _STATUS_FIELDS:
                if _STATUS.fullmatch(str(node.get(name, ""))):
                    return int(str(node[name]))
    return None


def _are_headers(named: Mapping[str, str]) -> bool:
    """Return True if the names are those of headers beyond doubt."""
    return len(named) > 1 or any("-" in name for name in named)


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects inside a value, outer ones first."""
    queue = [value]
    for _ in range(_MAX_NODES):
        if not queue:
            return
        node = queue.pop(0)
        if isinstance(node, dict):
            yield node
            queue += [inner for inner in node.values() if isinstance(inner, (dict, list))]
        elif isinstance(node, list):
            queue += node


def _error_of(node: Mapping[str, Any]) -> ErrorBody | None:
    """Return the error of one object.

    None for an object of something else, such as the errno of a failed connection.
    """
    if _ERROR_FIELDS.isdisjoint(node):
        return None
    inner = node.get("error")
    if isinstance(inner, dict) and not inner:
        return None
    aliased = {_ALIASES[name]: field for name, field in node.items() if name in _ALIASES}
    fields = {**aliased, **node}
    error = parse_error(fields)
    if error is None and fields.get("code") and not isinstance(inner, (dict, list)):
        error = ErrorBody(code=str(fields["code"]), type=str(fields.get("type") or ""))
    if error is None or _ERRNO.fullmatch(error.code) or _HASH.fullmatch(error.code):
        return None
    return error


def _error_of_fields(text: str) -> ErrorBody | None:
    """Return the error whose parts a text names without braces ("Code: x, Message: y"), or None."""
    fields = fields_in(text)
    error = _error_of(fields) if fields else None
    return error if error and (error.code or error.type) else None


def _dotnet_error(text: str) -> ErrorBody | None:
    match = _DOTNET_ERROR.search(text)
    return ErrorBody(code=match[2], type=match[1]) if match else None


def _completeness(error: ErrorBody) -> int:
    """Return how much an error says; a code in words counts most."""
    weight = 0
    if error.code:
        weight += 1 if _STATUS.fullmatch(error.code) else 5
    if error.message:
        weight += 2
    if error.type:
        weight += 1
    if "error" in error.type:
        weight += 2
    return weight
