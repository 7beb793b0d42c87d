"""Find the host that was called, and the model, in a text.

The address of a help page ("see https://…") is not the host that was called. Pure.
"""

import re

from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.lazy_pattern import LazyPattern, lazy_pattern
from oai_tui.domain.observation import Fact

_NAME = r"((?:[a-z0-9_-]{1,63}\.){0,6}[a-z0-9_-]{1,63})"
_DOTTED_NAME = r"((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12})"
_NAME_END = r"(?=[\s:,)'\"]|$)"
_URL_LEAD_ROWS = (
    (r"\burl:?\s*", "error sending request for url (https://"),
    (r"\b(?:post|get|put|patch|delete)\s+", "HTTP Request: POST https://"),
    (r"\brequest(?:ed)?\s(?:url:?|to)\s*", "Requested URL: https://"),
    (r"\bto\s(?:url\s)?", "Failed to connect to https://"),
    (r"\bbase_?url['\"]?\s*[:=]\s*", "base_url='https://"),
    (r"\bendpoint['\"]?\s*[:=]\s*", '"endpoint": "https://'),
    (r"\burl['\"]?\s*[:=]\s*", "url: 'https://"),
    (r"sending request for url\s", "sending request for url (https://"),
)
"""Words before the address that was called."""
_URL_START = r"['\"(\[<\\]{0,3}https?://"
_CALLED_ROWS = (
    (rf"(?:{any_of(_URL_LEAD_ROWS)}){_URL_START}{_NAME}", "POST https://api.openai.com/v1/models"),
    # urllib3, requests
    (
        rf"(?:https?connectionpool\(|\b)host=['\"]{_NAME}",
        "HTTPSConnectionPool(host='api.openai.com', port=443)",
    ),
    # Node
    (
        rf"\b(?:enotfound|eai_again|econnrefused|econnreset)\s+{_NAME}{_NAME_END}",
        "getaddrinfo ENOTFOUND api.openai.com",
    ),
    (rf"hostname['\"]?:\s*['\"]{_NAME}", "hostname: 'api.openai.com'"),
    # aiohttp
    (rf"cannot connect to host\s{_NAME}", "Cannot connect to host api.openai.com:443"),
    # curl, Go
    (
        rf"(?:resolve host:?|failed to connect to|connection to|lookup)\s+{_NAME}{_NAME_END}",
        "curl: (6) Could not resolve host: api.openai.com",
    ),
    # Squid
    (rf"requested url:\s*{_NAME}", "Requested URL: api.openai.com:443"),
    # Cloudflare's page
    (rf"\butm_campaign={_NAME}", "utm_campaign=api.openai.com"),
    (rf"<title>\s*{_DOTTED_NAME}\s*\|", "<title>api.openai.com | 502: Bad gateway</title>"),
    (rf"(?:\A|[\s(]){_DOTTED_NAME}\s*\|\s*5[0-9]{{2}}:", "api.openai.com | 502: Bad gateway"),
)
_CALLED = lazy_pattern(
    f"(?:{any_of(_CALLED_ROWS)})",
    "http",
    "host",
    "enotfound",
    "eai_again",
    "econnre",
    "connect",
    "lookup",
    "requested url",
    "utm_campaign",
    "<title>",
    "|",
)
"""A host, with words that say that it was called."""
_API_PATHS = (
    r"v[1-9][a-z0-9]{0,8}|openai|compatible-mode|chat/completions|completions|responses"
    r"|embeddings|models|engines"
)
_TOP_LEVEL_DOMAINS = r"com|cn|ai|net|org|io|xyz|dev|app|top|cc|me|site|vip|pro|tech|cloud|chat|run"
_API_ADDRESS_ROWS = (
    (
        rf"https?://{_NAME}(?::[0-9]{{1,5}})?/(?:[\w.~-]{{1,40}}/){{0,5}}(?:{_API_PATHS})"
        r"(?=[/\s'\")\],;?]|$)",
        "using https://llm.example.com:8443/api/v1",
    ),
    (
        r"(?<![\w.@/:-])"
        rf"(api\.(?:[a-z0-9-]{{1,63}}\.){{0,2}}[a-z0-9-]{{1,63}}\.(?:{_TOP_LEVEL_DOMAINS}))"
        r"(?![\w-])",
        "api.deepseek.com did not answer",
    ),
)
_API_ADDRESS = lazy_pattern(f"(?:{any_of(_API_ADDRESS_ROWS)})", "http", "api.")
"""The address of an API, without words that say that it was called."""
_HELP_HOST_ROWS = (
    # OpenAI
    (
        r"(?:platform|help|status|beta|developers|cookbook)\.openai\.com",
        "platform.openai.com",
    ),
    # Microsoft
    (r"go\.microsoft\.com", "go.microsoft.com"),
    (r"aka\.ms", "aka.ms"),
    # libraries
    (r"github\.com", "github.com"),
    (r".*langchain\.com", "js.langchain.com"),
    (r".*\.readthedocs\.io", "urllib3.readthedocs.io"),
    (r"docs\..*", "docs.litellm.ai"),
    (r"errors\.pydantic\.dev", "errors.pydantic.dev"),
    (r"discord\.\w+", "discord.gg"),
    # others
    (r"console\.groq\.com", "console.groq.com"),
    (r"httpstatuses?\.com", "httpstatuses.com"),
    (r"developer\.mozilla\.org", "developer.mozilla.org"),
)
_HELP_HOST = re.compile("(?i)" + any_of(_HELP_HOST_ROWS))
"""Hosts of help pages that errors link to."""
_CUT_HOSTS = (
    "api.openai.com",
    "platform.openai.com",
    "help.openai.com",
    "status.openai.com",
    "community.openai.com",
    "developers.openai.com",
    "chatgpt.com",
)
"""Hosts of OpenAI's of which a broken line can leave the beginning."""
_LOOPBACK = re.compile(
    r"(?i)localhost|127(?:\.[0-9]{1,3}){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal"
)
_MODEL_ROWS = (
    (r"\bmodels?:?\s+[`'\"]([\w./:-]{1,80})[`'\"]", "The model `gpt-5` does not exist"),
    (r"\bmodel=['\"]?([\w./:-]{2,80})", "client.responses.create(model='gpt-5')"),
    (r"access to model:? ([\w./:-]{2,80})", "does not have access to model gpt-5"),
    (
        r"rate limit reached for ([\w./:-]{2,80}) in organization",
        "Rate limit reached for gpt-5 in organization org-a",
    ),
)
_MODEL = LazyPattern("" + any_of(_MODEL_ROWS), "model", "rate limit reached for")


def host_facts(text: RedactedText) -> dict[str, Fact]:
    """Return the host and the model that a text names.

    text: on one line.
    Facts: host, host_kind, model_wanted; each only if the text names it.
    """
    facts: dict[str, Fact] = {}
    lower_text = text.lower()
    if host := _first_host(_CALLED, lower_text) or _first_host(_API_ADDRESS, lower_text):
        facts |= {"host": host, "host_kind": host_kind(host)}
    if model := _MODEL.search(text):
        facts["model_wanted"] = next(group for group in model.groups() if group).rstrip(".")
    return facts


def _first_host(pattern: LazyPattern, lower_text: str) -> str:
    """Return the first host that the pattern finds and that is no help page; may be empty.

    A name without a dot counts in a URL only, or if it is this machine's.
    """
    for match in pattern.finditer(lower_text):
        host = next(group for group in match.groups() if group)
        if _HELP_HOST.fullmatch(host) or is_cut_host(host, lower_text[match.end() :][:2]):
            continue
        if "." in host or "://" in match.group() or _LOOPBACK.fullmatch(host):
            return host
    return ""


def is_cut_host(host: str, following: str) -> bool:
    """Return True if a name can be the beginning of one of OpenAI's hosts, left by a broken line.

    following: the next characters of the text. A whole name in a URL is followed by its path or
    its port.
    """
    if following[:1] in {"/", ":", "?", "'", '"'}:
        return False
    return any(known != host and known.startswith(host) for known in _CUT_HOSTS)


def host_kind(host: str) -> str:
    """Return whose host it is by its name: openai, local or other."""
    if _LOOPBACK.fullmatch(host):
        return "local"
    if host in {"openai.com", "chatgpt.com"} or host.endswith((".openai.com", ".chatgpt.com")):
        return "openai"
    return "other"
