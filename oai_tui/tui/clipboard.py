"""A request as a curl command that a person can run or send on: the key is always the variable, never its value."""

import shlex

from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.observation import Request

_LEFT_OUT = frozenset(
    {
        "authorization",
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
        "content-length",
    }
)


def curl_of(request: Request) -> str:
    """The command, one option a line. It sends what was sent: method, URL, every header but those curl sets itself, and the body."""
    parts = [
        f"curl -i -X {shlex.quote(visible(request.method))} {shlex.quote(visible(request.url))}"
    ]
    if request.key_sent:
        parts.append('-H "Authorization: Bearer $OPENAI_API_KEY"')
    parts += [
        f"-H {shlex.quote(f'{visible(name)}: {visible(value)}')}"
        for name, value in request.headers.items()
        if name.lower() not in _LEFT_OUT
    ]
    if request.body:
        parts.append(f"--data {shlex.quote(visible(request.body))}")
    return " \\\n  ".join(parts)
