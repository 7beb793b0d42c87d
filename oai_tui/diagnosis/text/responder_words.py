"""Identify the server that answered from a pasted text alone.

The text shows it by an HTML page, headers, the words of the error, the host that was called, and
the vendor's name that a program prints. A live answer is identified by its headers and its body
(knowledge/responders.py). A text offers more hints, each of them less reliable. Pure.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oai_tui.diagnosis.text.failure_mentions import mentions_failure
from oai_tui.diagnosis.text.hosts import is_cut_host
from oai_tui.diagnosis.text.normalize import single_line
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.lazy_pattern import LazyPattern, lazy_pattern
from oai_tui.domain.observation import ErrorBody, Fact
from oai_tui.domain.responder import Responder, identify_front, identify_responder

_VENDOR_ROWS = (
    (r"Azure(?:[_ ]?OpenAI)?", "AzureOpenAI"),
    (r"Anthropic", "Anthropic"),
    (r"Vertex[_ ]?AI\w*", "VertexAI"),
    (r"Gemini", "Gemini"),
    (r"Bedrock", "Bedrock"),
    (r"Groq", "Groq"),
    (r"Deepseek", "Deepseek"),
    (r"Openrouter", "Openrouter"),
    (r"Together[_ ]?AI", "TogetherAI"),
    (r"Mistral", "Mistral"),
    (r"Cohere", "Cohere"),
    (r"Huggingface", "Huggingface"),
    (r"Ollama", "Ollama"),
    (r"Fireworks\w*", "Fireworks_AI"),
    (r"xAI", "xAI"),
    (r"Databricks", "Databricks"),
    (r"Perplexity", "Perplexity"),
    (r"Nvidia_?Nim", "Nvidia_Nim"),
    (r"Watsonx", "Watsonx"),
    (r"Sagemaker", "Sagemaker"),
    (r"Replicate", "Replicate"),
    (r"Hosted_?vLLM", "Hosted_vLLM"),
    (r"vLLM", "vLLM"),
    (r"Moonshot", "Moonshot"),
    (r"Siliconflow", "Siliconflow"),
    (r"Zhipu\w*", "ZhipuAI"),
    (r"Minimax", "Minimax"),
    (r"LM[-_ ]?Studio", "LM Studio"),
    (r"Cerebras", "Cerebras"),
    (r"Sambanova", "Sambanova"),
    (r"Together", "Together"),
    (r"Nvidia", "Nvidia"),
    (r"Novita\w*", "NovitaAI"),
    (r"Hyperbolic", "Hyperbolic"),
    (r"Deep_?Infra", "DeepInfra"),
    (r"Chutes", "Chutes"),
    (r"Nebius", "Nebius"),
    (r"Baseten", "Baseten"),
    (r"Anyscale", "Anyscale"),
    (r"Scaleway", "Scaleway"),
    (r"AI21", "AI21"),
    (r"Qwen", "Qwen"),
    (r"Dash_?Scope", "DashScope"),
    (r"Volcengine", "Volcengine"),
    (r"Doubao", "Doubao"),
    (r"Stepfun", "Stepfun"),
    (r"Hunyuan", "Hunyuan"),
    (r"Qianfan", "Qianfan"),
    (r"Kimi", "Kimi"),
    (r"Pollinations", "Pollinations"),
    (r"Requesty", "Requesty"),
    (r"Kobold\w*", "KoboldCpp"),
)
_VENDORS = any_of(_VENDOR_ROWS)
"""Vendors other than OpenAI, as libraries write their names."""
_VENDOR_ERROR = LazyPattern(
    rf"\b({_VENDORS})[_ ]?(?:exception|error)\b(?=\s*[:-]|\s+\w+Error|\s+[45][0-9]{{2}}\b)",
    *re.findall(r"(?:^|\|)([a-z0-9]+)", _VENDORS.lower()),
)
"""An exception that a library names after a vendor ("GroqException - "); group 1 is the vendor."""
_VENDOR_MODULES = (
    r"anthropic|mistralai|groq|cohere|together|google\.(?:genai|generativeai|api_core|auth)"
    r"|botocore|azure\.(?:core|ai|identity)|ollama"
)
_VENDOR_SDK = LazyPattern(
    rf"\b({_VENDOR_MODULES})\.[\w.]{{0,80}}(?:Error|Exception)\b", ignore_case=False
)
"""An exception of a vendor's own SDK; group 1 is its module."""
_PROVIDER_SETTING = rf"\bprovider(?:[ _]?(?:name|id))?['\"]?\s*[:=]\s*['\"]?({_VENDORS}|google)\b"
"""The provider that a program was configured with, as group 1."""
_TITLE = r"<title\b[^>]{0,200}>([^<]{1,120})"
_RELAYED = re.compile(r"(?i)\bopenai(?:like)?[_ ]?(?:exception|error)(?:\s*-\s*|: (?=[A-Z]))")
"""The prefix with which a library passes an error of OpenAI on ("OpenAIException - ")."""
_LITELLM_GROUP = "Received Model Group"
"""The beginning of what LiteLLM appends to an error."""
_LITELLM_PROXY = LazyPattern(r"\blitellm[/\\.]proxy\b", "litellm")
_FOREIGN_ERROR_ROWS = (
    # several relays: an error as text, next to a message
    (
        r"['\"]error['\"]\s*:\s*['\"][^'\"]{1,120}['\"]\s*,\s*['\"]message['\"]\s*:",
        '{"error": "Unauthorized", "message": "No token"}',
    ),
    # Anthropic: an error inside an error
    (
        r"['\"]type['\"]\s*:\s*['\"]error['\"]\s*,\s*['\"]error['\"]\s*:\s*\{\s*"
        r"['\"]type['\"]\s*:\s*"
        r"['\"](?!error['\"]|usage_|server_error|insufficient|request)",
        '{"type": "error", "error": {"type": "authentication_error"}}',
    ),
    # Mistral, vLLM: an object named error
    (r"['\"]object['\"]\s*:\s*['\"]error['\"]", '{"object": "error", "message": "no such model"}'),
    # Spring: a path with its time
    (
        r"['\"]timestamp['\"]\s*:[^{}]{1,200}['\"]path['\"]\s*:",
        '{"timestamp": "2026-11-02T09:14:31", "status": 404, "path": "/v1/models"}',
    ),
)
_FOREIGN_ERROR = LazyPattern(any_of(_FOREIGN_ERROR_ROWS), ignore_case=False)
"""Forms of an error object that OpenAI never sends."""
_CHINESE = LazyPattern(r"[\u4e00-\u9fff]{4}", ignore_case=False)
"""OpenAI's errors are in English."""
_KEY_VARIABLE = LazyPattern(r"\b[A-Z][A-Z0-9]{1,30}_API_KEY\b", "_api_key", ignore_case=False)
"""The name of a variable shows which vendors a program knows, not who answered."""
_NEUTRAL_LINK_ROWS = (
    (r"(?:[a-z0-9-]{1,63}\.){0,3}(?:openai|chatgpt)\.com\b", "platform.openai.com"),
    # libraries and documentation
    (
        r"(?:[a-z0-9-]{1,63}\.){0,4}(?:langchain|mozilla|pydantic|readthedocs|python|nodejs|npmjs"
        r"|stackoverflow|example)\.",
        "errors.pydantic.dev",
    ),
    (r"github\.com", "github.com"),
    # this machine, and addresses without a name
    (r"localhost", "localhost"),
    (r"[0-9.]+[:/]", "10.0.0.1:8080"),
)
"""Hosts in links that do not show who answered."""
_LINK = (
    rf"https?://(?:www\.)?(?!{any_of(_NEUTRAL_LINK_ROWS)})"
    r"((?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12})"
)
"""A link in the message of an error leads to its author; OpenAI's links lead to OpenAI. Group 1 is
the host."""
_OPENAI_TYPES = frozenset(
    {
        "invalid_request_error",
        "insufficient_quota",
        "requests",
        "tokens",
        "server_error",
        "request_forbidden",
    }
)
_NO_SUCH_PATH = LazyPattern(r"\b404 page not found\b", "page not found")
"""The answer of Go's web server to a path that it does not have; no API words an error so."""
_FRONT_SERVER = re.compile(
    r"(?i)\A(?:istio-)?(envoy|nginx|openresty|apache|caddy|haproxy|traefik|awselb)\b"
)
"""The header `server` of a server in front of others; OpenAI's is Cloudflare's."""
_BODY_LOST = LazyPattern(
    r"\binvalid response body while trying to fetch\b", "invalid response body"
)
"""The status came, but the body that would show who answered did not (node-fetch)."""
_FRONT_STATUSES = frozenset({413, 502, 503, 504})
"""Statuses with which a server in front of others answers by itself."""
_BARE_PAGE_ROWS = (
    (
        r"<(?:title|h1)>\s*(?:50[0-9]\s+)?(?:internal server error|bad gateway|service unavailable"
        r"|service temporarily unavailable|gateway time-?out)\s*<",
        "<h1>503 Service Temporarily Unavailable</h1>",
    ),
)
_BARE_PAGE = LazyPattern(any_of(_BARE_PAGE_ROWS))
"""The heading of a page that only names its status."""
_NO_ANSWER_ROWS = (
    # openai-python, openai-node
    (r"\bconnection error\b", "openai.APIConnectionError: Connection error."),
    # Node
    (r"\bfetch failed\b", "TypeError: fetch failed"),
    # browsers
    (r"\bfailed to fetch\b", "TypeError: Failed to fetch"),
    # reqwest
    (r"\berror sending request\b", "error sending request for url (https://api.openai.com/)"),
    # aiohttp
    (r"\bcannot connect\b", "Cannot connect to host api.openai.com:443"),
)
_NO_ANSWER = LazyPattern(any_of(_NO_ANSWER_ROWS))
"""Nobody answered, for a reason that is not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseText:
    """The parts of an answer that a text contains.

    status: 0 if none is stated.
    words: the messages on one line, up to the page.
    page: the HTML page, from its first tag on; may be empty.
    whole: the text with its tracebacks.
    hosts: the facts host and host_kind; may be empty.
    """

    status: int
    headers: Mapping[str, str]
    error: ErrorBody | None
    words: RedactedText
    page: RedactedText
    whole: RedactedText
    hosts: Mapping[str, Fact]

    @property
    def is_relayed(self) -> bool:
        """True if a library passed the error on as one of OpenAI's."""
        return bool(_RELAYED.search(self.words))

    @property
    def inner(self) -> str:
        """The error as JSON, or the words, without the prefix of a library.

        The library is not the one who answered.
        """
        if self.error is None:
            return _KEY_VARIABLE.sub("", _without_relay(self.words))
        if _RELAYED.search(self.error.message):  # code and type are then the library's own
            return _without_relay(self.error.message)
        error = {
            "message": self.error.message,
            "type": self.error.type,
            "code": self.error.code or None,
        }
        return json.dumps({"error": error}, ensure_ascii=False)


def responder_facts(response: ResponseText, table: Sequence[Responder]) -> dict[str, Fact]:
    """Return who answered; empty if nobody did or nothing shows it.

    Facts: speaker, speaker_name; front_server for a server in front of others.
    """
    if response.page:
        return _page_facts(response, table)
    is_answer = response.error is not None or response.status != 0
    if _is_silent(response):
        return {}
    if vendor := _vendor_named(response):
        return _named("gateway", vendor)
    if response.status == 404 and _NO_SUCH_PATH.search(response.inner):
        return _named("web", "a web server")
    if responder := _responder_in_table(response, table):
        return _named(responder.kind, responder.name)
    return _of_host(response) if is_answer else {}


def _of_host(response: ResponseText) -> dict[str, Fact]:
    """Return who answered by the host that was called; its words show nobody."""
    host_kind = response.hosts.get("host_kind")
    if host_kind == "openai":
        return _named("openai", "OpenAI")
    server = _FRONT_SERVER.match(response.headers.get("server", ""))
    if server and response.error is None and response.status in _FRONT_STATUSES:
        return _front(server[1])
    if host_kind == "local" and not response.is_relayed and not _is_openai_error(response.error):
        return _named("gateway", f"the server at {response.hosts['host']}")
    return _named("openai-like", str(response.hosts.get("host") or "an OpenAI-compatible server"))


def _is_silent(response: ResponseText) -> bool:
    """Return True if nobody answered, if the body is lost, or if a healthy call is described."""
    if response.error is not None:
        return False
    if response.status >= 300:
        return _BODY_LOST.search(response.words) is not None
    nobody = response.status == 0 and _NO_ANSWER.search(response.words) is not None
    return nobody or not mentions_failure(response.words)


def _named(kind: str, name: str) -> dict[str, Fact]:
    return {"speaker": kind, "speaker_name": name}


def _front(name: str) -> dict[str, Fact]:
    return {**_named("front", name), "front_server": name}


def _page_facts(response: ResponseText, table: Sequence[Responder]) -> dict[str, Fact]:
    """Return whose page it is, or the title of a page that no row of the table matches."""
    responder = identify_responder(
        table, response.status, response.headers, response.page, html=True
    )
    if responder:
        return _named(responder.kind, responder.name)
    if response.status in _FRONT_STATUSES and response.hosts.get("host_kind") != "openai":
        front = identify_front(table, response.status, response.headers, response.page, html=True)
        if front:
            return _front(front.name)
        if _BARE_PAGE.search(response.page):
            return _named("other", "an unknown server")
    title = lazy_pattern(_TITLE).search(response.page)
    if title is None:
        return _named("web", "a web page")
    return _named("web", f"the web page “{single_line(title[1])[:60]}”")


def _responder_in_table(response: ResponseText, table: Sequence[Responder]) -> Responder | None:
    """Return the first row of the table that the error, or else the host's name, matches.

    For a host of OpenAI's only headers and Cloudflare's edge count.
    """
    is_official = response.hosts.get("host_kind") == "openai"
    rows = table
    texts = [response.inner, str(response.hosts.get("host", ""))]
    if is_official:
        rows = [row for row in table if row.header or row.kind == "cloudflare"]
        texts = [response.inner]
    for text in texts:
        if not text:
            continue
        responder = identify_responder(rows, response.status, response.headers, text, html=False)
        if responder:
            return responder
    return None


def _vendor_named(response: ResponseText) -> str:
    """Return the other vendor or gateway that the text names, or that alone writes so.

    Empty if there is none.
    """
    named = (
        _VENDOR_ERROR.search(response.words)
        or _VENDOR_SDK.search(response.words)
        or _provider_setting(response.whole)
    )
    if named:
        return named[1]
    if _LITELLM_PROXY.search(response.whole) and not response.is_relayed:
        return "LiteLLM"
    if response.error and (author := _author_of(response.error.message)):
        return author
    if _FOREIGN_ERROR.search(response.words):
        return str(response.hosts.get("host") or "another server")
    return ""


def _author_of(message: str) -> str:
    """Return who wrote the message of an error, if it is not OpenAI; may be empty."""
    if _CHINESE.search(message):
        return "a relay that answers in Chinese"
    if "://" in message and (link := lazy_pattern(_LINK).search(message)):
        is_cut = is_cut_host(link[1].lower(), message[link.end() :][:2])
        return "" if is_cut else link[1]
    return ""


def _provider_setting(text: str) -> re.Match[str] | None:
    if "provider" not in text.lower():
        return None
    return lazy_pattern(_PROVIDER_SETTING).search(text)


def _is_openai_error(error: ErrorBody | None) -> bool:
    """Return True if an error has a code, or a type of OpenAI's.

    A server on this machine that sends one can be a relay that passed it on.
    """
    return error is not None and bool(error.code or error.type in _OPENAI_TYPES)


def _without_relay(text: str) -> str:
    """Return what follows the last prefix of a library, up to what LiteLLM appends."""
    if not _RELAYED.search(text):
        return text
    return _RELAYED.split(text)[-1].split(_LITELLM_GROUP)[0]
