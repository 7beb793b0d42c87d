"""What can be copied to the clipboard: a verdict's advice, and a request as a curl command.

Neither holds a key: the command names the variable OPENAI_API_KEY instead.
"""

import shlex

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.observation import Request
from oai_tui.reports.labels import CONFIDENCE_LABELS, WHO_LABELS
from oai_tui.tui.formatting import display_safe

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
    """Return a request as a curl command, one option a line.

    It has the method, the URL, the body, and every header but those that curl sets itself.
    """
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


def advice_of(found: Verdict) -> str:
    """Return the advice as plain text, without evidence: the cause, what it means, what to do."""
    out = [f"{found.title} ({found.cause})" if found.cause else found.title, found.explanation]
    if found.outcome == "problem" and found.confidence != "certain":
        out.append(CONFIDENCE_LABELS[found.confidence].screen)
    for number, fix in enumerate(found.fixes, 1):
        out.append(
            f"{number}. {fix.text}{f' ({WHO_LABELS[fix.who].screen})' if fix.who != 'you' else ''}"
        )
        out += [f"   {part}" for part in (fix.command, fix.url) if part]
    out += [f"Or {other.cause}: {other.why}" for other in found.alternatives]
    return "\n".join(display_safe(part) for part in out if part)
