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
        "the name was not found",
        "no answer: the name does not resolve",
        "no name",
    ),
    "refused": Label(
        "the connection was refused",
        "no answer: the connection was refused",
    ),
    "unreachable": Label(
        "no route to the host",
        "no answer: the network is unreachable",
    ),
    "connect-timeout": Label(
        "no connection in time",
        "no answer: nobody took the connection in time",
        "timeout",
    ),
    "read-timeout": Label(
        "no answer in time",
        "no answer in time",
        "timeout",
    ),
    "reset": Label(
        "the connection was cut",
        "no answer: the connection was cut off",
    ),
    "malformed-answer": Label(
        "an answer that is no HTTP",
        "an answer that is not HTTP",
        "not HTTP",
    ),
    "tls-untrusted": Label(
        "the certificate is not trusted",
        "no answer: the certificate is not trusted",
    ),
    "tls-invalid": Label(
        "the certificate is not valid",
        "no answer: the certificate is not valid",
    ),
    "tls-protocol": Label(
        "no TLS was spoken",
        "no answer: the other end does not speak this TLS",
    ),
    "proxy-unreachable": Label(
        "the proxy was not reached",
        "no answer: the proxy cannot be reached",
    ),
    "proxy-auth": Label(
        "the proxy wants a login",
        "no answer: the proxy wants a password",
    ),
    "proxy-refused": Label(
        "the proxy refused",
        "no answer: the proxy refused",
    ),
    "proxy-settings": Label(
        "the proxy settings cannot work",
        "not sent: the proxy setting cannot be used",
    ),
    "ca-bundle": Label(
        "the certificate file cannot be used",
        "not sent: the certificate file cannot be used",
    ),
    "url": Label(
        "the address cannot be used",
        "not sent: the address cannot be used",
        "not sent",
    ),
    "unsendable": Label(
        "not sent: no client can send these characters",
        "the key has characters that no client can send",
        "not sent",
    ),
    "crashed": Label(
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
"""Person who can apply a fix -> its texts."""
CONFIDENCE_LABELS: Mapping[Confidence, Label] = {
    "certain": Label("certain: an experiment or the API’s own code settled it", "Certain."),
    "likely": Label(
        "likely: it fits best, though nothing has settled it",
        "Likely. Another cause is still possible.",
    ),
    "possible": Label(
        "possible: the answer does not settle it",
        "Possible. Several causes fit.",
    ),
}
"""Confidence of a verdict -> its texts."""
