"""How to tell who answered. First row that fits; as of 2026-11-23.

OpenAI's own manners: the headers of its API overview (2026-11) and captures of 401s without a key (2025-12 to 2026-08). The others: their documents, and answers recorded in public issues.
"""

from oai_tui.domain.responder import Responder, ResponderKind


def _page(kind: ResponderKind, name: str, words: str) -> Responder:
    return Responder(kind=kind, name=name, body=words, html=True)


def _header(kind: ResponderKind, name: str, header: str, value: str = "") -> Responder:
    return Responder(kind=kind, name=name, header=header, value=value)


def _body(kind: ResponderKind, name: str, words: str) -> Responder:
    return Responder(kind=kind, name=name, body=words, html=False)


def _json(name: str, words: str) -> Responder:
    return _body("gateway", name, words)


RESPONDERS: tuple[Responder, ...] = (
    # proxies that name themselves, whatever they answer
    Responder(kind="proxy", name="Privoxy", body=r"\bprivoxy\b"),
    # pages of network filters and portals, by the product's own words
    _page("filter", "Zscaler", r"zscaler|zscloud|__zsig"),
    _page("filter", "Netskope", r"netskope"),
    _page("filter", "Fortinet FortiGuard", r"fortiguard|fortigate|fortinet|web page blocked!"),
    _page(
        "filter",
        "Palo Alto Networks",
        r"palo alto|pan-?os|web page blocked.{0,400}your organization",
    ),
    _page("filter", "Cisco Umbrella", r"umbrella|opendns|cisco secure access|ironport"),
    _page("filter", "Forcepoint", r"forcepoint|websense"),
    _page("filter", "Symantec or Blue Coat", r"blue ?coat|symantec web|broadcom web"),
    _page("filter", "Sophos", r"sophos"),
    _page("filter", "Barracuda", r"barracuda"),
    _page("filter", "McAfee or Skyhigh", r"mcafee web gateway|skyhigh"),
    _page("filter", "Check Point", r"check ?point"),
    _page("filter", "Squid", r"generated .{0,80}by .{0,80}squid|squid/[\d.]+"),
    _page(
        "filter",
        "a captive portal",
        r"captive[ -]?portal|hotspot|wi-?fi (?:login|access|portal)|sign in to (?:the )?(?:network|wi-?fi)",
    ),
    # Cloudflare's own pages in front of whatever it guards
    _page(
        "cloudflare",
        "Cloudflare",
        r"just a moment|attention required! \| cloudflare|you have been blocked|\berror (?:reference number: )?10(?:09|10|15|20)|cf[-_]?(?:error[-_]?details|chl|browser-verification|captcha|spinner)|enable javascript and cookies|cloudflare to restrict access|security service to protect itself|blocked_(?:why|resolve)|cf-(?:host|cloudflare|browser)-status|utm_source=errorcode_|__cf\$|challenge-(?:platform|form)",
    ),
    Responder(
        kind="cloudflare",
        name="Cloudflare",
        body=r"\berror code:? 10[0-9]{2}\b|you have been blocked|cloudflare ray id",
        html=False,
    ),
    _page(
        "filter",
        "a network filter",
        r"(?:access|request|page|site|website|url|category)\b.{0,60}\b(?:denied|blocked|restricted|not allowed|prohibited)|blocked by (?:your|the) (?:organi[sz]ation|company|administrator|policy)|acceptable use|web ?filter|content ?filter|security policy",
    ),
    # servers that are not OpenAI's, by their own headers
    _header("gateway", "Azure OpenAI", "apim-request-id"),
    _header("gateway", "Azure OpenAI", "x-ms-region"),
    _header("gateway", "LiteLLM", "x-litellm-version"),
    _header("gateway", "LiteLLM", "x-litellm-call-id"),
    _header("gateway", "OpenRouter", "x-openrouter-provider"),
    _header("gateway", "Groq", "x-groq-region"),
    _header("gateway", "Anthropic", "anthropic-organization-id"),
    _header("gateway", "Portkey", "x-portkey-trace-id"),
    _header("gateway", "Cloudflare AI Gateway", "cf-aig-log-id"),
    _header("gateway", "Kong", "x-kong-request-id"),
    _body("openai", "OpenAI's edge", r"\"type\"\s*:\s*\"cf_\w+\""),
    # OpenAI itself, before words that OpenAI would repeat out of a request
    _header("openai", "OpenAI", "openai-version"),
    _header("openai", "OpenAI", "www-authenticate", r"openai api"),
    _header("openai", "OpenAI", "openai-processing-ms"),
    # servers that are not OpenAI's, by their words
    _json(
        "LiteLLM",
        r"litellm|no connected db|token_not_found_in_db|received proxy server request|virtual key|proxy server token|\bnot found in db\b|\bbudget has been exceeded|exceededbudget|no deployments available",
    ),
    _json(
        "a relay of the one-api family",
        r"one[_-]api|new[_-]api|shell_api|rix_api|insufficient_user_quota|\blocal:\w{0,20}quota|bad_response_status_code|upstream_error|\(request id: ?20[0-9]{10,}|relay error|channel id|\u4e0a\u6e38|\u5206\u7ec4|\u989d\u5ea6|\u6e20\u9053|\u4ee4\u724c",
    ),
    _json("OpenRouter", r"openrouter|no endpoints found|no auth credentials found|can only afford"),
    _json("DeepSeek", r"deepseek|\"authentication fails\b|\"model not exist\""),
    _json(
        "Groq",
        r"console\.groq\.com|organization_restricted|organization has been restricted|in organization `?org_",
    ),
    _json(
        "Azure OpenAI",
        r"access denied due to invalid subscription key|cognitiveservices|deploymentnotfound|resource not found.{0,20}\"404\"|subdomain does not map|api deployment for this resource|principal does not have access|openai\.azure\.com|services\.ai\.azure|azureml://|azure (?:openai|support)|virtual network/firewall rules",
    ),
    _json(
        "Anthropic", r"\"type\"\s*:\s*\"error\".{0,200}(?:x-api-key|authentication_error)|anthropic"
    ),
    _json(
        "Google",
        r"generativelanguage|googleapis|ai\.google\.dev|resource_exhausted|\"status\"\s*:\s*\"(?:UNAUTHENTICATED|PERMISSION_DENIED|INVALID_ARGUMENT)\"",
    ),
    _json(
        "Ollama",
        r"ollama|try pulling it first|\(ref: [0-9a-f]{8}-|\b[\w.-]{2,40}:(?:latest|[0-9]{1,3}(?:\.[0-9])?b)\b",
    ),
    _json("vLLM", r"vllm(?!_api_key)"),
    _json("llama.cpp", r"llama\.?cpp|exceeds the available context size|\bn_(?:ctx|keep)\b"),
    _json(
        "Vercel", r"function_invocation_(?:timeout|failed)|an error occurred with your deployment"
    ),
    _json(
        "LM Studio",
        r"lm ?studio|unexpected endpoint or method|\blms load\b|no models? (?:is |are )?(?:currently )?loaded",
    ),
    _json(
        "GitHub Models",
        r"models\.github|userbymodelby|\"tokens_limit_reached\"|\"message\"\s*:\s*\"bad credentials\"",
    ),
    _json(
        "GitHub Copilot", r"copilot-integration|\bgithub token\b|github ?copilot|docs\.github\.com"
    ),
    _json("Hugging Face", r"hugging ?face|inference providers"),
    _json("Kong", r"no api key found in request|upstream server is timing out"),
    _json(
        "Mistral, xAI, Together or another vendor",
        r"\bapi\.(?:x\.ai|mistral\.ai|together\.(?:ai|xyz)|perplexity\.ai|moonshot\.(?:cn|ai)|siliconflow\.\w+|cohere\.\w+|fireworks\.ai)|console\.x\.ai|dashscope|request reached organization|\[(?:tongyi|zhipuai|deepseek|moonshot|minimax|volcengine\w*|siliconflow|gemini|anthropic|bedrock|xinference|groq|mistralai)\] error|invalid_authentication_error|models\.(?:inference\.ai\.azure|github)",
    ),
    # codes as no answer of OpenAI's has them: numbers, words run together; an error object at the top
    _json(
        "another server",
        r"\"code\"\s*:\s*\"(?:unauthenticated|permission_denied|resource_exhausted|failed_precondition|unavailable|unauthorized|rate_limited|model_not_supported|system_error)\"",
    ),
    _json(
        "another server",
        r"\"message\"\s*:\s*\"invalid api[ -]?key\.?\"|\b(?:invalid|incorrect) (?!openai|the\b|your\b|an?\b|or\b|api\b)[a-z][a-z.]{1,20} api[ -]?key\b",
    ),
    _json("Azure OpenAI or another server", r"\bresource not found\b(?! ?\()"),
    _json(
        "a relay",
        r"no[ _]available[ _](?:upstream|channel|candidate|provider|account|endpoint)s?\b|error from (?:upstream )?provider|no (?:active )?credentials for provider|inference gateway|upstream request failed|provider returned error|insufficient (?:account )?balance\b",
    ),
    _json("another server", r"\"code\"\s*:\s*\"?(?:[45][0-9]{2}|[0-9]{4,6})\"?\s*[,}]"),
    _json("another server", r"(?-i:\"code\"\s*:\s*\"(?:[A-Z][a-z]+){2,}\")"),
    _json(
        "another server",
        r"(?-i:\"type\"\s*:\s*\"(?:(?:[A-Z][a-z]+){1,5}Error|(?:[A-Z][a-z]+){2,6})\")",
    ),
    _json(
        "another server",
        r"\"type\"\s*:\s*\"(?:authentication_error|not_found_error|permission_error|throttling_error|budget_exceeded|auth_error)\"",
    ),
    _json("another server", r"\bby (?:the )?(?:proxy|gateway|relay)(?: server)?\b"),
    _json("another server", r"\A\s*\{\s*\"object\"\s*:\s*\"error\""),
)
