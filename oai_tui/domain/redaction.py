"""Take secrets out of text before anything else sees it.

A `Redactor` knows the keys at hand and the shapes of keys in general. It is applied where an Observation is made, never later.
The shapes are broader than any scanner's on purpose: to hide too much costs a glance, to hide too little costs a key.
"""

import re
from collections.abc import Iterable

from oai_tui.domain.secret import MASK, Secret

_SHAPES = re.compile(
    r"""(?x)
    (?<![A-Za-z0-9]) (?:
        (?P<kind> sk-(?:proj|svcacct|admin|None|service|ant|or)- | sk- | [sr]k_(?:live|test|prod)_ | sk_ | sess- | ek_ | gsk_ | xai- | hf_ | nvapi- | pplx- | r8_ | AIza | ABSK )
        [A-Za-z0-9_\-]{8,}
      | eyJ[\w-]{8,}(?:\.[\w-]*){0,4}
    )""",
)
_HEADER = re.compile(r"""(?i)((?:authorization|api-key|x-api-key)["']?\s*[:=]\s*(?:b?["'])?(?:(?:bearer|basic|token|digest|negotiate|ntlm)\s+)?)(?:\[key\ hidden\]|[^\s"',}]+)""")
_COOKIE = re.compile(r"""(?i)((?:set-)?cookie["']?\s*[:=]\s*(?:b?["'])?)[^\r\n"'}]+""")
_BEARER = re.compile(r"(?i)(\bbearer\s+)(?!realm=|auth|token|or\b|and\b|basic\b|key\b|scheme\b)[^\s\"',}<]{8,}")
_USERINFO = re.compile(r"""(://)[^/\s?#"'<>]*@""")
_QUERY = re.compile(r"(?i)([?&](?:[a-z_-]*(?:key|token|secret|sig|signature|password|code))=)(?:\[key\ hidden\]|[^&\s\"'<>]+)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
"""All of these take time in proportion to the text, whatever the text: what follows a repetition never makes it try again from each of its characters."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Redactor:
    """Scrubs text of the given secrets in any spelling, of anything shaped like a key or token, of Authorization values, of passwords in URLs, and of e-mail addresses."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = secret.scrub(text)
        text = _SHAPES.sub(lambda m: f"{m['kind'] or 'eyJ'}…", text)
        text = _HEADER.sub(rf"\1{MASK}", text)
        text = _COOKIE.sub(rf"\1{MASK}", text)
        text = _BEARER.sub(rf"\1{MASK}", text)
        text = _USERINFO.sub(rf"\1{MASK}@", text)
        text = _QUERY.sub(rf"\1{MASK}", text)
        return _MAIL.sub("[e-mail hidden]", text)


def masked_mail(text: str) -> str:
    """`text` with each e-mail address cut to its first letter and its domain ("k…@example.com"), which a person knows again and a Redactor leaves alone."""
    return _MAIL.sub(lambda match: f"{match.group()[0]}…@{match.group().rpartition('@')[2]}", text)


def visible(text: str) -> str:
    """Foreign text made safe to show: control characters (escape sequences, carriage returns, direction marks) become visible symbols; newline and tab stay."""
    return _UNSEEN.sub(lambda match: _shown(ord(match.group())), text)


def _shown(code: int) -> str:
    if code < 32:
        return chr(0x2400 + code)
    return "\u2421" if code == 127 else f"<U+{code:04X}>"
