"""Facts about a server that is not OpenAI's and answers in its own words.

Pure functions. Everything that comes in is redacted already.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin, urlsplit

from oai_tui.domain.observation import ErrorBody, Fact
from oai_tui.domain.ports import Call
from oai_tui.domain.responder import Responder, identify_front, identify_responder
from oai_tui.domain.target import Target
from oai_tui.probes.response_parts import ResponseParts

MAX_WORDS = 200
"""Characters of a server's own words that are quoted."""
_NOT_OWN = frozenset({"openai", "cloudflare", "filter", "proxy"})
"""Speakers that do not answer in a gateway's own words: OpenAI itself, and what is on the way."""
_CLOUDFLARE = "Cloudflare"
_DOWN = (502, 503, 504)
_NO_SERVER_BEHIND = re.compile(
    r"\A(?:upstream connect error or disconnect/reset before headers|no healthy upstream\s*\Z"
    r"|upstream request timeout\s*\Z|no available server\s*\Z)"
    r"|an invalid response was received from the upstream server",
    re.IGNORECASE,
)
"""Words that Envoy, Traefik and Kong say only after they failed at the server behind them. The
pages of nginx, HAProxy, Caddy and Apache are the same where a rule answers by hand."""
_LOGIN = re.compile(r"\b(basic|negotiate|ntlm|digest)\b", re.IGNORECASE)
_LOGIN_NAMES = {"basic": "Basic", "negotiate": "Negotiate", "ntlm": "NTLM", "digest": "Digest"}
_REALM = re.compile(r'\brealm="([^"]{0,200})"', re.IGNORECASE)
_PASSWORD_FIELD = re.compile(r"<input[^>]{0,300}type=[\"']?password", re.IGNORECASE)
_TITLE = re.compile(r"<(title|h1)>([^<]{1,300})<", re.IGNORECASE)
_TLS_PORT = re.compile(
    r"plain http request was sent to https port|http request to an https server"
    r"|speaking plain http to an ssl-enabled server port",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(r"(?:^|[/_.-])(?:login|signin|sign-in|sso|saml2?|oauth2?|auth)(?:[/_.?-]|$)")


def server_facts(
    parts: ResponseParts,
    call: Call,
    speaker: Mapping[str, Fact],
    error: ErrorBody | None,
    responders: Sequence[Responder],
) -> dict[str, Fact]:
    """Return the facts of one answer. `speaker`: the facts about who answered.

    Facts: own_terms, front_server; and for a server that answers in its own words answer_status,
    server, server_at, host_port, server_words, upstream_down, refused_in_200, login_scheme,
    login_realm, asks_for_login, upgrade_to, redirect_to, redirect_base_url, redirect_adds_slash,
    redirect_signs_in, https_base_url.
    """
    target, status = call.target, parts.status
    front = _front(parts, target, speaker, responders)
    own = not target.is_openai and (speaker["speaker"] not in _NOT_OWN or front == _CLOUDFLARE)
    facts: dict[str, Fact] = {"own_terms": own, "front_server": front if own else ""}
    if not own:
        return facts
    product = _product(parts, responders) or str(call.facts.get("server", ""))
    if product:
        facts["server"] = product
    page = parts.is_html and bool(_PASSWORD_FIELD.search(parts.text))
    facts |= {
        "answer_status": status,
        "host_port": address(target),
        "server_at": f"{front or product or 'The server'} at {address(target)}",
        "server_words": _words(parts, error),
        "upstream_down": _upstream_down(parts, front, error),
        "refused_in_200": status == 200 and error is not None,
        "asks_for_login": page,
        **_login(status, parts.headers),
    }
    if status == 426 and parts.headers.get("upgrade"):
        facts["upgrade_to"] = parts.headers["upgrade"][:60]
    if 300 <= status < 400:
        facts |= _redirect(parts.headers.get("location", ""), target)
    if status == 400 and _TLS_PORT.search(parts.text):
        facts["https_base_url"] = "https://" + target.base_url.partition("://")[2]
    return facts


def _front(
    parts: ResponseParts,
    target: Target,
    speaker: Mapping[str, Fact],
    responders: Sequence[Responder],
) -> str:
    """The name of the server in front whose own answer this is, or "".

    Cloudflare's page of a 5xx is one where the server is neither OpenAI's nor on this machine.
    """
    if target.is_openai:
        return ""
    if speaker["speaker"] == "cloudflare":
        return _CLOUDFLARE if parts.status >= 500 and not target.is_loopback else ""
    row = identify_front(responders, parts.status, parts.headers, parts.text, html=parts.is_html)
    return row.name if row is not None else ""


def address(target: Target) -> str:
    """Return the host and port of a target, without a user and password."""
    try:
        return urlsplit(target.base_url).netloc.rpartition("@")[2] or target.host
    except ValueError:
        return target.host


def _product(parts: ResponseParts, responders: Sequence[Responder]) -> str:
    """The name of the gateway's product, or ""."""
    row = identify_responder(
        responders, parts.status, parts.headers, parts.text, html=parts.is_html
    )
    return "" if row is None or row.kind != "gateway" or row.generic else row.name


def _words(parts: ResponseParts, error: ErrorBody | None) -> str:
    """What the server says, in one line, without a full stop, at most MAX_WORDS characters."""
    if error is not None:
        words = error.message or error.code or error.type
    elif parts.is_html:
        titles = dict(reversed(_TITLE.findall(parts.text[:4000])))
        words = titles.get("title") or titles.get("h1") or ""
    else:
        words = parts.text[: 4 * MAX_WORDS]
    words = " ".join("".join(c if c.isprintable() else " " for c in words).split()).rstrip(".")
    return words if len(words) <= MAX_WORDS else words[:MAX_WORDS].rstrip() + " …"


def _upstream_down(parts: ResponseParts, front: str, error: ErrorBody | None) -> str:
    """The fact upstream_down: "certain", "likely" or "no".

    502 and 504 are the statuses of a server that got no answer from the one behind it, and a 503
    also means a limit or maintenance. Certain are words that a rule would not write, and
    Cloudflare's own statuses from 520 on.
    """
    if parts.status not in _DOWN and not (front == _CLOUDFLARE and parts.status >= 520):
        return "no"
    if error is not None and not front:
        return "no"
    if front and (parts.status >= 520 or _NO_SERVER_BEHIND.search(parts.text)):
        return "certain"
    return "likely" if front or parts.is_html or len(parts.text) < MAX_WORDS else "no"


def _login(status: int, headers: Mapping[str, str]) -> dict[str, Fact]:
    """Facts: login_scheme, login_realm; none where the server takes a bearer token."""
    challenge = headers.get("www-authenticate", "")
    match = _LOGIN.search(challenge)
    if status != 401 or match is None or "bearer" in challenge.lower():
        return {}
    facts: dict[str, Fact] = {"login_scheme": _LOGIN_NAMES[match[1].lower()]}
    if realm := _REALM.search(challenge):
        facts["login_realm"] = realm[1]
    return facts


def _redirect(location: str, target: Target) -> dict[str, Fact]:
    """Facts: redirect_to; redirect_base_url, redirect_adds_slash or redirect_signs_in where the
    address tells."""
    try:
        goal = urljoin(target.base_url.rstrip("/") + "/models", location)
        path = urlsplit(goal).path.rstrip("/")
    except ValueError:
        return {}
    if not location:
        return {}
    facts: dict[str, Fact] = {"redirect_to": goal.partition("?")[0]}
    if path.endswith("/models"):
        base_url = goal.partition("?")[0].rstrip("/").removesuffix("/models")
        if base_url != target.base_url.rstrip("/"):
            facts["redirect_base_url"] = base_url
        elif goal.partition("?")[0].endswith("/"):
            facts["redirect_adds_slash"] = True
    elif _SIGN_IN.search(path.lower()):
        facts["redirect_signs_in"] = True
    return facts
