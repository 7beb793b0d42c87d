"""Which host a text says was asked, and which model. Pure; an address in advice ("see https://…") is no host that was asked."""

import re

from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import Fact

_NAME = r"((?:[a-z0-9_-]{1,63}\.){0,6}[a-z0-9_-]{1,63})"
_ASKED = LazyPattern(
    rf"""(?x) (?:
        (?: \burl:?\s* | \b(?:post|get|put|patch|delete)\s+ | \brequest(?:ed)?\s(?:url:?|to)\s* | \bto\s(?:url\s)? | \bbase_?url['"]?\s*[:=]\s* | \bendpoint['"]?\s*[:=]\s* | \burl['"]?\s*[:=]\s* | sending\ request\ for\ url\s )
        ['"(\[<\\]{{0,3}} https?://{_NAME}
      | (?:https?connectionpool\(|\b)host=['"]{_NAME}
      | \b(?:enotfound|eai_again|econnrefused|econnreset)\s+{_NAME}(?=[\s:,)'"]|$)
      | hostname['"]?:\s*['"]{_NAME}
      | cannot\ connect\ to\ host\s{_NAME}
      | (?:resolve\ host:?|failed\ to\ connect\ to|connection\ to|lookup)\s+{_NAME}(?=[\s:,)'"]|$)
      | requested\ url:\s*{_NAME}
      | \butm_campaign={_NAME}
      | <title>\s*((?:[a-z0-9-]{{1,63}}\.){{1,5}}[a-z]{{2,12}})\s*\|
      | (?:\A|[\s(])((?:[a-z0-9-]{{1,63}}\.){{1,5}}[a-z]{{2,12}})\s*\|\s*5[0-9]{{2}}:
    )""",
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
_SPOKEN = LazyPattern(
    rf"""(?x) (?:
        https?://{_NAME}(?::[0-9]{{1,5}})?/(?:[\w.~-]{{1,40}}/){{0,5}}(?:v[1-9][a-z0-9]{{0,8}}|openai|compatible-mode|chat/completions|completions|responses|embeddings|models|engines)(?=[/\s'")\],;?]|$)
      | (?<![\w.@/:-])(api\.(?:[a-z0-9-]{{1,63}}\.){{0,2}}[a-z0-9-]{{1,63}}\.(?:com|cn|ai|net|org|io|xyz|dev|app|top|cc|me|site|vip|pro|tech|cloud|chat|run))(?![\w-])
    )""",
    "http",
    "api.",
)
"""An address of an API that stands in the text without a word of who asked it."""
_ADVICE = re.compile(
    r"(?i)(?:platform|help|status|beta|developers|cookbook)\.openai\.com|go\.microsoft\.com|aka\.ms|github\.com|.*langchain\.com|.*\.readthedocs\.io|docs\..*|errors\.pydantic\.dev|discord\.\w+|console\.groq\.com|httpstatuses?\.com|developer\.mozilla\.org"
)
_LOOPBACK = re.compile(
    r"(?i)localhost|127(?:\.[0-9]{1,3}){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal"
)
_MODEL = LazyPattern(
    r"\bmodels?:?\s+[`'\"]([\w./:-]{1,80})[`'\"]|\bmodel=['\"]?([\w./:-]{2,80})|access to model:? ([\w./:-]{2,80})|rate limit reached for ([\w./:-]{2,80}) in organization",
    "model",
    "rate limit reached for",
)


def host_facts(text: str) -> dict[str, Fact]:
    """The facts `host`, `host_kind` and `model_wanted`, as far as the text tells them. `text` is on one line."""
    facts: dict[str, Fact] = {}
    if host := _host(_ASKED, text) or _host(_SPOKEN, text):
        facts |= {"host": host, "host_kind": host_kind(host)}
    if named := _MODEL.search(text):
        facts["model_wanted"] = next(group for group in named.groups() if group).rstrip(".")
    return facts


def _host(pattern: LazyPattern, text: str) -> str:
    """Return the first host that the pattern finds, in lower case and not one of advice; or ""."""
    for match in pattern.finditer(text):
        host = next(group for group in match.groups() if group).lower()
        if not _ADVICE.fullmatch(host) and (
            "." in host or "://" in match.group() or _LOOPBACK.fullmatch(host)
        ):
            return host
    return ""


def host_kind(host: str) -> str:
    """Whose a host is, by its name: openai, local or other."""
    if _LOOPBACK.fullmatch(host):
        return "local"
    return (
        "openai"
        if host in {"openai.com", "chatgpt.com"} or host.endswith((".openai.com", ".chatgpt.com"))
        else "other"
    )
