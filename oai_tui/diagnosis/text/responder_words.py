"""Who answered, as far as a pasted text tells: by its page, its headers, its words, the host that was asked, and the vendor's names that programs print. Pure.

A live answer is asked for its headers and its body (knowledge/speakers.py); a text has more to go by, and less to rely on.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oai_tui.diagnosis.text.normalize import single_line
from oai_tui.domain.lazy_pattern import LazyPattern
from oai_tui.domain.observation import ErrorBody, Fact
from oai_tui.domain.responder import Responder, identify_responder

_VENDORS = (
    r"Azure(?:[_ ]?OpenAI)?|Anthropic|Vertex[_ ]?AI\w*|Gemini|Bedrock|Groq|Deepseek|Openrouter|Together[_ ]?AI|Mistral|Cohere|Huggingface|Ollama|Fireworks\w*|xAI|Databricks|Perplexity|Nvidia_?Nim|Watsonx|Sagemaker|Replicate|"
    r"Hosted_?vLLM|vLLM|Moonshot|Siliconflow|Zhipu\w*|Minimax|LM[-_ ]?Studio|Cerebras|Sambanova|Together|Nvidia|"
    r"Novita\w*|Hyperbolic|Deep_?Infra|Chutes|Nebius|Baseten|Anyscale|Scaleway|AI21|Qwen|Dash_?Scope|Volcengine|Doubao|Stepfun|Hunyuan|Qianfan|Kimi|Pollinations|Requesty|Kobold\w*"
)
_TITLE = LazyPattern(r"<title\b[^>]{0,200}>([^<]{1,120})")
_RELAYED = re.compile(r"(?i)\bopenai(?:like)?[_ ]?(?:exception|error)(?:\s*-\s*|: (?=[A-Z]))")
_VENDOR_ERROR = LazyPattern(
    rf"\b({_VENDORS})[_ ]?(?:exception|error)\b(?=\s*[:-]|\s+\w+Error|\s+[45][0-9]{{2}}\b)",
    *re.findall(r"(?:^|\|)([a-z0-9]+)", _VENDORS.lower()),
)
_VENDOR_SDK = LazyPattern(
    r"\b(anthropic|mistralai|groq|cohere|together|google\.(?:genai|generativeai|api_core|auth)|botocore|azure\.(?:core|ai|identity)|ollama)\.[\w.]{0,80}(?:Error|Exception)\b",
    ignore_case=False,
)
_VENDOR_SET = LazyPattern(
    rf"\bprovider(?:[ _]?(?:name|id))?['\"]?\s*[:=]\s*['\"]?({_VENDORS}|google)\b", "provider"
)
"""An exception that a library names after a vendor, one of the vendor's own SDK, and the provider that a program says it was set to."""
_LITELLM_PROXY = LazyPattern(r"\blitellm[/\\.]proxy\b", "litellm")
_FOREIGN = re.compile(
    r"""['"]error['"]\s*:\s*['"][^'"]{1,120}['"]\s*,\s*['"]message['"]\s*:|['"]type['"]\s*:\s*['"]error['"]\s*,\s*['"]error['"]\s*:\s*\{\s*['"]type['"]\s*:\s*['"](?!error['"]|usage_|server_error|insufficient|request)|['"]object['"]\s*:\s*['"]error['"]|['"]timestamp['"]\s*:[^{}]{1,200}['"]path['"]\s*:"""
)
"""An error told twice, as text beside a message, an error inside an error, an object named error, a path with its time: several relays, Anthropic, Mistral and Spring write so, OpenAI never."""
_CHINESE = LazyPattern(r"[\u4e00-\u9fff]{4}", ignore_case=False)
"""OpenAI's errors are in English."""
_VARIABLE = LazyPattern(r"\b[A-Z][A-Z0-9]{1,30}_API_KEY\b", "_api_key", ignore_case=False)
"""A variable's name says which vendors a program knows, not who answered."""
_LINK = LazyPattern(
    r"https?://(?:www\.)?(?!(?:[a-z0-9-]{1,63}\.){0,3}(?:openai|chatgpt)\.com\b|(?:[a-z0-9-]{1,63}\.){0,4}(?:langchain|mozilla|pydantic|readthedocs|python|nodejs|npmjs|stackoverflow|example)\.|github\.com|localhost|[0-9.]+[:/])((?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12})",
    "://",
)
"""A link in an error's own words leads to whoever wrote them; OpenAI's lead to OpenAI."""
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
_NO_ANSWER = LazyPattern(
    r"\bconnection error\b|\bfetch failed\b|\bfailed to fetch\b|\berror sending request\b|\bcannot connect\b"
)
"""Words that say that nobody answered, though not why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseText:
    """What a text holds of an answer. `status`: 0 when none is stated; `words`: on one line, up to a page; `page`: from where one begins, "" when there is none; `whole`: the text with its frames; `places`: the facts `host` and `host_kind`."""

    status: int
    headers: Mapping[str, str]
    error: ErrorBody | None
    words: str
    page: str
    whole: str
    places: Mapping[str, Fact]

    @property
    def is_relayed(self) -> bool:
        """Whether a library's own prefix ("litellm.RateLimitError: OpenAIException - ") stands before OpenAI's words."""
        return bool(_RELAYED.search(self.words))

    @property
    def inner(self) -> str:
        """The error as JSON, or the words: without a library's own prefix, since the library is not the one who answered."""
        if self.error is None:
            return _VARIABLE.sub("", _unwrapped(self.words))
        if _RELAYED.search(self.error.message):  # code and type are then the relay's own
            return _unwrapped(self.error.message)
        return json.dumps(
            {
                "error": {
                    "message": self.error.message,
                    "type": self.error.type,
                    "code": self.error.code or None,
                }
            },
            ensure_ascii=False,
        )


def responder_facts(said: ResponseText, table: Sequence[Responder]) -> dict[str, Fact]:
    """The facts `speaker` and `speaker_name`; empty when nobody answered or nothing tells."""
    if said.page:
        return _of_page(said, table)
    if said.error is None and not said.status and _NO_ANSWER.search(said.words):
        return {}
    if name := _vendor_named(said):
        return {"speaker": "gateway", "speaker_name": name}
    official = said.places.get("host_kind") == "openai"
    rows = [row for row in table if row.header or row.kind == "cloudflare"] if official else table
    for text in (said.inner, "" if official else str(said.places.get("host", ""))):
        if text and (
            speaker := identify_responder(rows, said.status, said.headers, text, html=False)
        ):
            return {"speaker": speaker.kind, "speaker_name": speaker.name}
    if said.error is None and not said.status:
        return {}
    if official:
        return {"speaker": "openai", "speaker_name": "OpenAI"}
    if (
        said.places.get("host_kind") == "local"
        and not said.is_relayed
        and not _in_openais_terms(said.error)
    ):
        return {"speaker": "gateway", "speaker_name": f"the server at {said.places['host']}"}
    return {
        "speaker": "openai-like",
        "speaker_name": str(said.places.get("host") or "a server in OpenAI's manner"),
    }


def _of_page(said: ResponseText, table: Sequence[Responder]) -> dict[str, Fact]:
    if speaker := identify_responder(table, said.status, said.headers, said.page, html=True):
        return {"speaker": speaker.kind, "speaker_name": speaker.name}
    title = _TITLE.search(said.page)
    return {
        "speaker": "web",
        "speaker_name": f"the web page “{single_line(title[1])[:60]}”" if title else "a web page",
    }


def _vendor_named(said: ResponseText) -> str:
    """The other vendor or relay that the text names or that alone writes so, "" when there is none."""
    if (
        match := _VENDOR_ERROR.search(said.words)
        or _VENDOR_SDK.search(said.words)
        or _VENDOR_SET.search(said.whole)
    ):
        return match[1]
    if _LITELLM_PROXY.search(said.whole) and not said.is_relayed:
        return "LiteLLM"
    if said.error and _CHINESE.search(said.error.message):
        return "a relay that writes Chinese"
    if said.error and (link := _LINK.search(said.error.message)):
        return link[1]
    return str(said.places.get("host") or "another server") if _FOREIGN.search(said.words) else ""


def _in_openais_terms(error: ErrorBody | None) -> bool:
    """Whether an error has a code or a type of OpenAI's, so that what passed it on from this machine may be a relay."""
    return error is not None and bool(error.code or error.type in _OPENAI_TYPES)


def _unwrapped(text: str) -> str:
    return (
        _RELAYED.split(text)[-1].split("Received Model Group")[0] if _RELAYED.search(text) else text
    )
