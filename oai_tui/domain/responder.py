"""Who answered: the manners by which OpenAI, a gateway, an edge, a filter or a plain web site can be told apart. The table is in knowledge/; this is the noun and the look-up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.lazy_pattern import lazy_pattern

ResponderKind = Literal[
    "openai", "openai-like", "gateway", "web", "cloudflare", "filter", "proxy", "other"
]

BODY_SCAN_LIMIT = 65_536
"""Characters of a body in which it shows whose it is: a server names itself in the head of its page or in a short error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """One recognisable manner. All that is given must hold: `header` (lower-case name), whose value fits `value`; `body` found in the body (both regular expressions, searched without case); `html` when the body must be (or must not be) HTML; `status`."""

    kind: ResponderKind
    name: str
    header: str = ""
    value: str = ""
    body: str = ""
    html: bool | None = None
    status: tuple[int, ...] = ()

    def matches(self, status: int, headers: Mapping[str, str], body: str, *, html: bool) -> bool:
        """Whether the answer has this manner."""
        if (self.html is not None and self.html != html) or (
            self.status and status not in self.status
        ):
            return False
        if self.header and (
            self.header not in headers or not lazy_pattern(self.value).search(headers[self.header])
        ):
            return False
        return not self.body or lazy_pattern(self.body).search(body) is not None


def identify_responder(
    table: Sequence[Responder], status: int, headers: Mapping[str, str], body: str, *, html: bool
) -> Responder | None:
    """The first row of the table that fits, None when none does. Of a longer body its first BODY_SCAN_LIMIT characters are looked at."""
    head = body[:BODY_SCAN_LIMIT]
    return next((row for row in table if row.matches(status, headers, head, html=html)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterceptingIssuer:
    """A product that issues certificates of its own for other people's hosts, told by the words of the issuer. `purpose`: why it does so, as a clause."""

    name: str
    words: re.Pattern[str]
    purpose: str


def identify_issuer(table: Sequence[InterceptingIssuer], text: str) -> InterceptingIssuer | None:
    """The first product of the table whose words stand in an issuer's text, None when none do."""
    return next((issuer for issuer in table if issuer.words.search(text)), None)
