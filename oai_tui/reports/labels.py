"""Words that the command line and the wizard have for the same things, side by side.

The command line writes sentences that end a line; the wizard has labels beside a mark.
"""

from collections.abc import Mapping
from typing import NamedTuple

from oai_tui.domain.cause import Confidence, Who
from oai_tui.domain.observation import FailureKind


class FailureLabel(NamedTuple):
    """A kind of failure in words. `narrow`: for the narrow path of the wizard, "" for its kind."""

    report: str
    screen: str
    narrow: str = ""


class Label(NamedTuple):
    """The words of a text report, and those on a screen."""

    report: str
    screen: str


FAILURE_LABELS: Mapping[FailureKind, FailureLabel] = {
    "dns": FailureLabel(
        "the name was not found",
        "no answer: the name does not resolve",
        "no name",
    ),
    "refused": FailureLabel(
        "the connection was refused",
        "no answer: the connection was refused",
    ),
    "unreachable": FailureLabel(
        "no route to the host",
        "no answer: the network is unreachable",
    ),
    "connect-timeout": FailureLabel(
        "no connection in time",
        "no answer: nobody took the connection in time",
        "timeout",
    ),
    "read-timeout": FailureLabel(
        "no answer in time",
        "no answer in time",
        "timeout",
    ),
    "reset": FailureLabel(
        "the connection was cut",
        "no answer: the connection was cut off",
    ),
    "malformed-answer": FailureLabel(
        "an answer that is no HTTP",
        "an answer that is not HTTP",
        "not HTTP",
    ),
    "tls-untrusted": FailureLabel(
        "the certificate is not trusted",
        "no answer: the certificate is not trusted",
    ),
    "tls-invalid": FailureLabel(
        "the certificate is not valid",
        "no answer: the certificate is not valid",
    ),
    "tls-protocol": FailureLabel(
        "no TLS was spoken",
        "no answer: the other end does not speak this TLS",
    ),
    "proxy-unreachable": FailureLabel(
        "the proxy was not reached",
        "no answer: the proxy cannot be reached",
    ),
    "proxy-auth": FailureLabel(
        "the proxy wants a login",
        "no answer: the proxy wants a password",
    ),
    "proxy-refused": FailureLabel(
        "the proxy refused",
        "no answer: the proxy refused",
    ),
    "proxy-settings": FailureLabel(
        "the proxy settings cannot work",
        "not sent: the proxy setting cannot be used",
    ),
    "ca-bundle": FailureLabel(
        "the certificate file cannot be used",
        "not sent: the certificate file cannot be used",
    ),
    "url": FailureLabel(
        "the address cannot be used",
        "not sent: the address cannot be used",
        "not sent",
    ),
    "unsendable": FailureLabel(
        "not sent: no client can send these characters",
        "the key has characters that no client can send",
        "not sent",
    ),
    "crashed": FailureLabel(
        "our own fault",
        "our own fault",
    ),
}
WHO_LABELS: Mapping[Who, Label] = {
    "you": Label("you can do this", "you"),
    "owner": Label("an owner of the organization or project can do this", "an owner"),
    "it": Label("the people who run your network can do this", "your network's IT"),
    "openai": Label("only OpenAI can do this", "OpenAI"),
}
"""Who can apply a fix."""
CONFIDENCE_LABELS: Mapping[Confidence, Label] = {
    "certain": Label("certain: an experiment or the API’s own code settled it", "Certain."),
    "likely": Label(
        "likely: it fits best, though nothing has settled it",
        "Likely: the evidence points here, and another cause is not ruled out.",
    ),
    "possible": Label(
        "possible: the answer does not settle it",
        "Possible: the answer leaves several causes open.",
    ),
}
"""How sure a verdict is."""
