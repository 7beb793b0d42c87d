"""Facts about a server that is not OpenAI's and answers in its own words.

Pure functions. Everything that comes in is redacted already.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin, urlsplit

from oai_tui.domain.observation import ErrorBody, Fact
from oai_tui.domain.responder import Responder, identify_front, identify_responder
from oai_tui.domain.target import Target

MAX_WORDS = 200
"""Characters of a server's own words that are quoted."""
_NOT_OWN = frozenset({"openai", "cloudflare", "filter", "proxy"})
"""Speakers that do not answer in a gateway's own words: OpenAI itself, and what is on the way."""
_DOWN = (502, 503, 504)
_NAMED_503 = frozenset({"HAProxy", "Envoy", "Traefik"})
"""Front servers whose own page of a 503 says that the server behind them is missing."""
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


def server_facts(  # noqa: PLR0913  all parts of one answer
    status: int,
    headers: Mapping[str, str],
    text: str,
    *,
    is_html: bool,
    target: Target,
    speaker: Mapping[str, Fact],
    error: ErrorBody | None,
    known: Mapping[str, Fact],
    responders: Sequence[Responder],
) -> dict[str, Fact]:
    """Return the facts of one answer. `known`: the facts of the run so far.

    Facts: own_terms, front_server; and for a server that answers in its own words answer_status,
    server, server_at, host_port, server_words, upstream_down, refused_in_200, login_scheme,
    login_realm, asks_for_login, upgrade_to, redirect_to, redirect_base_url, redirect_signs_in,
    https_base_url.
    """
    front = identify_front(responders, status, headers, text, html=is_html)
    name = "" if target.is_openai or front is None else front.name
    cloudflare = speaker["speaker"] == "cloudflare" and status >= 500 and _is_elsewhere(target)
    if cloudflare:
        name = "Cloudflare"
    own = not target.is_openai and (speaker["speaker"] not in _NOT_OWN or cloudflare)
    facts: dict[str, Fact] = {"own_terms": own, "front_server": name if own else ""}
    if not own:
        return facts
    product = _product(responders, status, headers, text, is_html) or str(known.get("server", ""))
    if product:
        facts["server"] = product
    facts |= {
        "answer_status": status,
        "host_port": address(target),
        "server_at": f"{name or product or 'The server'} at {address(target)}",
        "server_words": _words(text, error, is_html=is_html),
        "upstream_down": _upstream_down(status, name, text, is_html=is_html, error=error),
        "refused_in_200": status == 200 and error is not None,
        "asks_for_login": is_html and bool(_PASSWORD_FIELD.search(text)),
        **_login(status, headers),
    }
    if status == 426 and headers.get("upgrade"):
        facts["upgrade_to"] = headers["upgrade"][:60]
    if 300 <= status < 400:
        facts |= _redirect(headers.get("location", ""), target)
    if status == 400 and _TLS_PORT.search(text):
        facts["https_base_url"] = "https://" + target.base_url.partition("://")[2]
    return facts


def address(target: Target) -> str:
    """Return the host and port of a target, without a user and password."""
    try:
        return urlsplit(target.base_url).netloc.rpartition("@")[2] or target.host
    except ValueError:
        return target.host


def _is_elsewhere(target: Target) -> bool:
    return not target.is_openai and not target.is_loopback


def _product(
    responders: Sequence[Responder],
    status: int,
    headers: Mapping[str, str],
    text: str,
    is_html: bool,
) -> str:
    """The name of the gateway's product, or ""."""
    row = identify_responder(responders, status, headers, text, html=is_html)
    return "" if row is None or row.kind != "gateway" or row.generic else row.name


def _words(text: str, error: ErrorBody | None, *, is_html: bool) -> str:
    """What the server says, in one line and at most MAX_WORDS characters."""
    if error is not None:
        words = error.message or error.code or error.type
    elif is_html:
        titles = dict(reversed(_TITLE.findall(text[:4000])))
        words = titles.get("title") or titles.get("h1") or ""
    else:
        words = text[: 4 * MAX_WORDS]
    words = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return words if len(words) <= MAX_WORDS else words[:MAX_WORDS].rstrip() + " …"


def _upstream_down(
    status: int, front: str, text: str, *, is_html: bool, error: ErrorBody | None
) -> str:
    """The fact upstream_down: "certain", "likely" or "no".

    502 and 504 are the statuses of a server that got no answer from the one behind it. A 503 also
    means a limit or maintenance, unless the page says otherwise.
    """
    if status not in _DOWN or (error is not None and not front):
        return "no"
    if front and (status != 503 or front in _NAMED_503):
        return "certain"
    return "likely" if front or is_html or len(text) < MAX_WORDS else "no"


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
    """Facts: redirect_to; redirect_base_url or redirect_signs_in where the address tells."""
    try:
        goal = urljoin(target.base_url.rstrip("/") + "/models", location)
        path = urlsplit(goal).path.rstrip("/")
    except ValueError:
        return {}
    if not location:
        return {}
    facts: dict[str, Fact] = {"redirect_to": goal.partition("?")[0]}
    if path.endswith("/models"):
        facts["redirect_base_url"] = goal.partition("?")[0].rstrip("/").removesuffix("/models")
    elif _SIGN_IN.search(path.lower()):
        facts["redirect_signs_in"] = True
    return facts
