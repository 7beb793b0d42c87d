"""Types and look-up of two tables: who answered a request, and who issued a certificate.

The tables are in knowledge/responders.py and knowledge/intercepting_issuers.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.lazy_pattern import lazy_pattern

ResponderKind = Literal[
    "openai", "openai-like", "gateway", "web", "cloudflare", "filter", "proxy", "other", "front"
]

BODY_SCAN_LIMIT = 65_536
"""Characters of a body that are searched. A server names itself at the beginning of its page."""

_REPEATED_ROWS = (
    # the model of a request: The model `deepseek-chat` does not exist
    r"(?<=model `)[^`\n]{1,200}(?=`)",
    r"(?<=model ')[^'\n]{1,200}(?=')",
    r"(?<=model )(?=[\w.:]{0,60}[/-])[\w.:/-]{1,200}",
    # a key: Incorrect API key provided: ollama
    r"(?<=provided: )[^\s'\"]{1,200}",
    # a value: Invalid value: 'litellm'
    r"(?<=(?:value|meter): ')[^'\n]{1,200}(?=')",
)
_REPEATED = re.compile("|".join(_REPEATED_ROWS), re.IGNORECASE)
"""What an error repeats of the request, which does not show who wrote the error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """One recognisable responder. Every field that is given must match.

    `kind`: "front" for a server in front of others, which is looked up separately (identify_front).
    `generic`: True if the name is no product's ("another server").
    `header`: the lower-case name of a header, with a value that `value` matches.
    `absent`: the lower-case name of a header that must not be there.
    `body`: a pattern of the body. Both patterns ignore case.
    `html`: True or False if the body must or must not be HTML.
    `status`: the possible statuses.
    """

    kind: ResponderKind
    name: str
    generic: bool = False
    header: str = ""
    value: str = ""
    absent: str = ""
    body: str = ""
    html: bool | None = None
    status: tuple[int, ...] = ()

    def matches(self, status: int, headers: Mapping[str, str], body: str, *, html: bool) -> bool:
        """Return True if the answer is this responder's."""
        if self.html is not None and self.html != html:
            return False
        if self.status and status not in self.status:
            return False
        if self.absent and self.absent in headers:
            return False
        if self.header:
            value = headers.get(self.header)
            if value is None or not lazy_pattern(self.value).search(value):
                return False
        return not self.body or lazy_pattern(self.body).search(body) is not None


def identify_responder(
    table: Sequence[Responder], status: int, headers: Mapping[str, str], body: str, *, html: bool
) -> Responder | None:
    """Return the first row of the table that matches, or None; front servers do not count.

    Only the first BODY_SCAN_LIMIT characters of the body are searched, without what an error
    repeats of the request: the name of a model or a key can be that of another server.
    """
    rows = (row for row in table if row.kind != "front")
    beginning = body[:BODY_SCAN_LIMIT]
    if not html:
        beginning = _REPEATED.sub("x", beginning)
    return next((row for row in rows if row.matches(status, headers, beginning, html=html)), None)


def identify_front(
    table: Sequence[Responder], status: int, headers: Mapping[str, str], body: str, *, html: bool
) -> Responder | None:
    """Return the first row of a front server whose own answer this is, or None."""
    rows = (row for row in table if row.kind == "front")
    beginning = body[:BODY_SCAN_LIMIT]
    return next((row for row in rows if row.matches(status, headers, beginning, html=html)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterceptingIssuer:
    """A product that issues its own certificates for other people's hosts.

    `words`: a pattern of the issuer's name. `purpose`: why it does so, as a clause.
    """

    name: str
    words: re.Pattern[str]
    purpose: str


def identify_issuer(table: Sequence[InterceptingIssuer], text: str) -> InterceptingIssuer | None:
    """Return the first product whose words are in the text of an issuer, or None."""
    return next((issuer for issuer in table if issuer.words.search(text)), None)
