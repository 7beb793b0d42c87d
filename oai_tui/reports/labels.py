"""The texts of the command line and of the wizard for the same things.

The command line ends a line with a clause; the wizard has a label next to a mark.
"""

from collections.abc import Mapping
from typing import NamedTuple

from oai_tui.domain.cause import Confidence, Who
from oai_tui.domain.observation import FailureKind


class Label(NamedTuple):
    """The words of a text report and those of a screen.

    `narrow`: a shorter form for the narrow path of the wizard; may be empty.
    """

    report: str
    screen: str
    narrow: str = ""


FAILURE_LABELS: Mapping[FailureKind, Label] = {
    "dns": Label(
        "DNS lookup failed",
        "DNS lookup failed",
        "DNS failed",
    ),
    "refused": Label(
        "connection refused",
        "connection refused",
    ),
    "unreachable": Label(
        "no route to host",
        "network unreachable",
    ),
    "connect-timeout": Label(
        "connection timed out",
        "connection timed out",
        "timeout",
    ),
    "read-timeout": Label(
        "timed out waiting for a response",
        "timed out waiting for a response",
        "timeout",
    ),
    "reset": Label(
        "connection reset",
        "connection reset",
    ),
    "malformed-answer": Label(
        "response is not HTTP",
        "response is not HTTP",
        "not HTTP",
    ),
    "tls-untrusted": Label(
        "TLS certificate not trusted",
        "TLS certificate not trusted",
    ),
    "tls-invalid": Label(
        "TLS certificate not valid",
        "TLS certificate not valid",
    ),
    "tls-protocol": Label(
        "TLS handshake failed",
        "TLS handshake failed",
    ),
    "proxy-unreachable": Label(
        "proxy unreachable",
        "proxy unreachable",
    ),
    "proxy-auth": Label(
        "proxy requires a login",
        "proxy requires a login",
    ),
    "proxy-refused": Label(
        "proxy refused the request",
        "proxy refused the request",
    ),
    "proxy-settings": Label(
        "invalid proxy setting",
        "not sent: invalid proxy setting",
    ),
    "ca-bundle": Label(
        "CA file can't be used",
        "not sent: CA file can't be used",
    ),
    "url": Label(
        "invalid base URL",
        "not sent: invalid base URL",
        "not sent",
    ),
    "unsendable": Label(
        "not sent: the key contains characters that HTTP can't send",
        "not sent: the key contains characters that HTTP can't send",
        "not sent",
    ),
    "crashed": Label(
        "internal error",
        "internal error",
    ),
}
WHO_LABELS: Mapping[Who, Label] = {
    "you": Label("you can do this", "you"),
    "owner": Label("an organization or project owner can do this", "an owner"),
    "it": Label("your network administrator can do this", "your network's IT"),
    "openai": Label("only OpenAI can do this", "OpenAI"),
}
"""Person who can apply a fix -> its texts."""
CONFIDENCE_LABELS: Mapping[Confidence, Label] = {
    "certain": Label("certain (confirmed by a test or by the response)", "Certain."),
    "likely": Label(
        "likely (another cause is still possible)",
        "Likely. Another cause is still possible.",
    ),
    "possible": Label(
        "possible (several causes fit)",
        "Possible. Several causes fit.",
    ),
}
"""Confidence of a verdict -> its texts."""
