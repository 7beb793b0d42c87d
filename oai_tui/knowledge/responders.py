"""The table that identifies the server that answered: the first row that matches.

As of 2026-11-23.

OpenAI's own rows: the headers of its API overview (2026-11) and captures of 401s without a key
(2025-12 to 2026-08). The others: their documents, and answers recorded in public issues.
"""

from dataclasses import replace

from oai_tui.domain.responder import Responder, ResponderKind
from oai_tui.knowledge.patterns import Pattern, Row, any_of, pattern


def _page(kind: ResponderKind, name: str, *words: Row) -> Responder:
    """A row for an HTML page that contains any of the words."""
    return Responder(kind=kind, name=name, body=any_of(*words), html=True)


def _header(kind: ResponderKind, name: str, header: str, value: Pattern | str = "") -> Responder:
    """A row for an answer with this header; `value`: a pattern of its value, "" for any."""
    return Responder(kind=kind, name=name, header=header, value=value)


def _text(kind: ResponderKind, name: str, *words: Row) -> Responder:
    """A row for a body that is no HTML page and contains any of the words."""
    return Responder(kind=kind, name=name, body=any_of(*words), html=False)


def _gateway(name: str, *words: Row, generic: bool = False) -> Responder:
    """A row for a JSON error of a server that is not OpenAI's."""
    return replace(_text("gateway", name, *words), generic=generic)


def _front(
    name: str,
    *words: Row,
    html: bool | None = None,
    header: tuple[str, Pattern] | None = None,
    absent: str = "",
    status: tuple[int, ...] = (),
) -> Responder:
    """A row for an answer that a server in front of others gives by itself.

    `words`: of its page. `header`: a header that must be there, `absent`: one that must not.
    """
    name_of_header, value = header or ("", "")
    return Responder(
        kind="front",
        name=name,
        body=any_of(*words) if words else "",
        html=html,
        header=name_of_header,
        value=value,
        absent=absent,
        status=status,
    )


RESPONDERS: tuple[Responder, ...] = (
    # proxies that name themselves in any answer
    Responder(
        kind="proxy", name="Privoxy", body=pattern(r"\bprivoxy\b", "500 Internal Privoxy Error")
    ),
    # pages of network filters and portals, by the product's own words
    _page(
        "filter",
        "Zscaler",
        (r"zscaler", "<title>Internet Security by Zscaler</title>"),
        (r"zscloud", "https://login.zscloud.net:443/"),
        (r"__zsig", "/__zsig/a"),
    ),
    _page("filter", "Netskope", (r"netskope", "<title>Netskope: Blocked</title>")),
    _page(
        "filter",
        "Fortinet FortiGuard",
        (r"fortiguard", "FortiGuard Intrusion Prevention - Access Blocked"),
        (r"fortigate", "FortiGate Application Control"),
        (r"fortinet", "Powered by Fortinet"),
        (r"web page blocked!", "<h3>Web Page Blocked!</h3>"),
    ),
    _page(
        "filter",
        "Palo Alto Networks",
        (r"palo alto", "Palo Alto Networks URL Filtering"),
        (r"pan-?os", "PAN-OS"),
        (
            r"web page blocked.{0,400}your organization",
            "Web Page Blocked: against the policy of your organization",
        ),
    ),
    _page(
        "filter",
        "Cisco Umbrella",
        (r"umbrella", "This site is blocked by Cisco Umbrella."),
        (r"opendns", "https://block.opendns.com/"),
        (r"cisco secure access", "Blocked by Cisco Secure Access"),
        (r"ironport", "IronPort Web Security Appliance"),
    ),
    _page(
        "filter",
        "Forcepoint",
        (r"forcepoint", "Content blocked by Forcepoint ONE"),
        (r"websense", "Content blocked by Websense"),
    ),
    _page(
        "filter",
        "Symantec or Blue Coat",
        (r"blue ?coat", "Blue Coat ProxySG"),
        (r"symantec web", "Symantec Web Security Service"),
        (r"broadcom web", "Broadcom Web Protection"),
    ),
    _page("filter", "Sophos", (r"sophos", "Sophos Web Appliance: blocked request")),
    _page("filter", "Barracuda", (r"barracuda", "Barracuda Web Security Gateway")),
    _page(
        "filter",
        "McAfee or Skyhigh",
        (r"mcafee web gateway", "McAfee Web Gateway - Notification"),
        (r"skyhigh", "Skyhigh Secure Web Gateway"),
    ),
    _page("filter", "Check Point", (r"check ?point", "Check Point UserCheck")),
    _page(
        "filter",
        "Squid",
        (r"generated .{0,80}by .{0,80}squid", "Generated Tue, 01 Sep 2026 by proxy (squid)"),
        (r"squid/[\d.]+", "(squid/5.7)"),
    ),
    _page(
        "filter",
        "a captive portal",
        (r"captive[ -]?portal", "<title>Captive Portal</title>"),
        (r"hotspot", "<title>Hotspot login</title>"),
        (r"wi-?fi (?:login|access|portal)", "<title>Wi-Fi Login</title>"),
        (r"sign in to (?:the )?(?:network|wi-?fi)", "Sign in to the network"),
    ),
    # Cloudflare's own pages in front of the server that it protects
    _page(
        "cloudflare",
        "Cloudflare",
        (r"just a moment", "<title>Just a moment...</title>"),
        (r"attention required! \| cloudflare", "<title>Attention Required! | Cloudflare</title>"),
        (r"you have been blocked", "Sorry, you have been blocked"),
        (r"\berror (?:reference number: )?10(?:09|10|15|20)", "Error reference number: 1020"),
        (
            r"cf[-_]?(?:error[-_]?details|chl|browser-verification|captcha|spinner)",
            '<div id="cf-error-details">',
            "?__cf_chl_tk=",
        ),
        (r"enable javascript and cookies", "Enable JavaScript and cookies to continue"),
        (r"cloudflare to restrict access", "used Cloudflare to restrict access"),
        (r"security service to protect itself", "using a security service to protect itself"),
        (r"blocked_(?:why|resolve)", 'data-translate="blocked_why_headline"'),
        (r"cf-(?:host|cloudflare|browser)-status", '<div id="cf-host-status">'),
        (r"utm_source=errorcode_", "5xx-error-landing?utm_source=errorcode_524"),
        (r"__cf\$", "window.__CF$cv$params"),
        (r"challenge-(?:platform|form)", '<form id="challenge-form">'),
    ),
    _text(
        "cloudflare",
        "Cloudflare",
        (r"\berror code:? 10[0-9]{2}\b", "error code: 1015"),
        (r"you have been blocked", "Sorry, you have been blocked"),
        (r"cloudflare ray id", "Cloudflare Ray ID: 8abc"),
    ),
    _page(
        "filter",
        "a network filter",
        (
            r"(?:access|request|page|site|website|url|category)\b.{0,60}\b(?:denied|blocked|restricted|not allowed|prohibited)",
            "Access to this category is blocked",
        ),
        (
            r"blocked by (?:your|the) (?:organi[sz]ation|company|administrator|policy)",
            "Blocked by your organization",
        ),
        (r"acceptable use", "Acceptable Use Policy"),
        (r"web ?filter", "Web Filter Notification"),
        (r"content ?filter", "Content filter"),
        (r"security policy", "against the security policy"),
    ),
    # servers that are not OpenAI's, by their own headers
    _header("gateway", "Azure OpenAI", "apim-request-id"),
    _header("gateway", "Azure OpenAI", "x-ms-region"),
    _header("gateway", "LiteLLM", "x-litellm-version"),
    _header("gateway", "LiteLLM", "x-litellm-call-id"),
    _header("gateway", "LiteLLM", "x-litellm-model-id"),
    _header("gateway", "one-api or new-api", "x-new-api-version"),
    _header("gateway", "one-api or new-api", "x-oneapi-request-id"),
    _header("gateway", "llama.cpp", "server", pattern(r"\Allama\.cpp\Z", "llama.cpp")),
    _header("gateway", "Portkey", "x-portkey-provider"),
    _header(
        "gateway", "aimock", "www-authenticate", pattern(r'realm="aimock"', 'Bearer realm="aimock"')
    ),
    _header("gateway", "fakellm", "x-fakellm-conversation-id"),
    _header("gateway", "OpenRouter", "x-openrouter-provider"),
    _header("gateway", "Groq", "x-groq-region"),
    _header("gateway", "Anthropic", "anthropic-organization-id"),
    _header("gateway", "Portkey", "x-portkey-trace-id"),
    _header("gateway", "Cloudflare AI Gateway", "cf-aig-log-id"),
    _header("gateway", "Kong", "x-kong-request-id"),
    _text("openai", "OpenAI's edge", (r"\"type\"\s*:\s*\"cf_\w+\"", '"type":"cf_bad_gateway"')),
    # OpenAI itself, before words that OpenAI would repeat from a request
    _header("openai", "OpenAI", "openai-version"),
    _header(
        "openai",
        "OpenAI",
        "www-authenticate",
        pattern(r"openai api", 'Bearer realm="OpenAI API"'),
    ),
    _header("openai", "OpenAI", "openai-processing-ms"),
    # servers that are not OpenAI's, by their words
    _gateway(
        "LiteLLM",
        (r"litellm", "litellm.AuthenticationError"),
        (r"no connected db", "No connected db."),
        (r"token_not_found_in_db", '"type": "token_not_found_in_db"'),
        (r"received proxy server request", "Received Proxy Server Request"),
        (r"virtual key", "Authentication Error, Virtual Key expected"),
        (
            r"\bauthentication error, (?:no|invalid) api key\b",
            "Authentication Error, No api key passed in.",
        ),
        (
            r"\bauthentication error - expired key\b",
            "Authentication Error - Expired Key. Key Expiry time 2020-01-01",
        ),
        (r"key_model_access_denied", '"type":"key_model_access_denied","param":"model"'),
        (
            r"invalid model name passed in model=",
            "/responses: Invalid model name passed in model=gpt-unknown.",
        ),
        (r"proxy server token", "Invalid proxy server token passed"),
        (r"\bnot found in db\b", "Token not found in DB"),
        (r"\bbudget has been exceeded", "Budget has been exceeded! Current cost: 26.075"),
        (r"exceededbudget", "ExceededBudget: User over budget"),
        (r"no deployments available", "No deployments available for selected model."),
    ),
    _gateway(
        "one-api or new-api",
        (r"one[_-]api", '"type": "one_api_error"'),
        (r"new[_-]api", '"type": "new_api_error"'),
        (r"shell_api", '"type": "shell_api_error"'),
        (r"rix_api", '"type": "rix_api_error"'),
        (r"insufficient_user_quota", '"code": "insufficient_user_quota"'),
        (r"\blocal:\w{0,20}quota", '"code": "local:insufficient_quota"'),
        (r"bad_response_status_code", '"code": "bad_response_status_code"'),
        (r"upstream_error", '"type": "upstream_error"'),
        (r"\(request id: ?20[0-9]{10,}", "(request id: 20250101000000000000000aaaa)"),
        (r"relay error", "relay error (user id: 1)"),
        (r"channel id", "failed (channel id 2)"),
        (r"上游", "上游负载已饱和"),  # upstream
        (r"分组", "当前分组 default 下"),  # group
        (r"额度", "额度已用尽"),  # quota
        (r"渠道", "无可用渠道"),  # channel
        (r"令牌", "无效的令牌"),  # token
    ),
    _gateway(
        "OpenRouter",
        (r"openrouter", "Add more using https://openrouter.ai/settings/credits"),
        (r"\"user not found\.\"\s*,\s*\"code\"\s*:\s*401", '"User not found.","code":401'),
        (
            r"is not a valid model id\"\s*,\s*\"code\"",
            'gpt-unknown is not a valid model ID","code":400',
        ),
        (r"no endpoints found", "No endpoints found for this model."),
        (
            r"no (?:cookie )?auth credentials found",
            "No auth credentials found",
            "No cookie auth credentials found",
        ),
        (r"can only afford", "requested up to 32000 tokens, but can only afford 1402."),
    ),
    _gateway(
        "DeepSeek",
        (r"deepseek", "https://api-docs.deepseek.com"),
        (r"\"authentication fails\b", '"Authentication Fails (no such user)"'),
        (r"\"model not exist\"", '"message": "Model Not Exist"'),
    ),
    _gateway(
        "Groq",
        (r"console\.groq\.com", "Upgrade at https://console.groq.com/settings/billing"),
        (r"organization_restricted", '"code": "organization_restricted"'),
        (r"organization has been restricted", "Organization has been restricted."),
        (r"in organization `?org_", "in organization `org_01abc` service tier `on_demand`"),
    ),
    _gateway(
        "Azure OpenAI",
        (
            r"access denied due to invalid subscription key",
            "Access denied due to invalid subscription key or wrong API endpoint.",
        ),
        (r"cognitiveservices", "Microsoft.CognitiveServices/accounts/OpenAI"),
        (r"deploymentnotfound", '"code": "DeploymentNotFound"'),
        (r"resource not found.{0,20}\"404\"", '"message": "Resource not found", "code": "404"'),
        (r"subdomain does not map", "Subdomain does not map to a resource"),
        (
            r"api deployment for this resource",
            "The API deployment for this resource does not exist.",
        ),
        (r"principal does not have access", "Principal does not have access to API/Operation."),
        (r"openai\.azure\.com", "https://example.openai.azure.com"),
        (r"services\.ai\.azure", "https://example.services.ai.azure.com"),
        (r"azureml://", "azureml://registries/azure-openai/models/gpt-4o"),
        (r"azure (?:openai|support)", "due to the prompt triggering Azure OpenAI's filter"),
        (
            r"virtual network/firewall rules",
            "Access denied due to Virtual Network/Firewall rules.",
        ),
    ),
    _gateway(
        "Anthropic",
        (
            r"\"type\"\s*:\s*\"error\".{0,200}(?:x-api-key|authentication_error)",
            '{"type":"error","error":{"type":"authentication_error"}}',
        ),
        (r"anthropic", "https://docs.anthropic.com"),
    ),
    _gateway(
        "Google",
        (r"generativelanguage", "generativelanguage.v1.GenerativeService"),
        (r"googleapis", "type.googleapis.com/google.rpc.ErrorInfo"),
        (r"ai\.google\.dev", "https://ai.google.dev/gemini-api/docs/rate-limits"),
        (r"resource_exhausted", "RESOURCE_EXHAUSTED"),
        (
            r"\"status\"\s*:\s*\"(?:UNAUTHENTICATED|PERMISSION_DENIED|INVALID_ARGUMENT)\"",
            '"status": "PERMISSION_DENIED"',
        ),
    ),
    _gateway(
        "Ollama",
        (r"ollama", "ollama.ResponseError"),
        (r"\"model '[^']{1,200}' not found\"", "\"model 'gpt-unknown' not found\""),
        (r"try pulling it first", "not found, try pulling it first"),
        (r"\(ref: [0-9a-f]{8}-", "Internal Server Error (ref: 0a1b2c3d-"),
        (
            r"\b[\w.-]{2,40}:(?:latest|[0-9]{1,3}(?:\.[0-9])?b)\b",
            "model 'llama3.2:latest' not found",
        ),
    ),
    _gateway(
        "vLLM",
        (r"vllm(?!_api_key)", "vllm.engine.async_llm_engine"),
        (
            r"\"type\"\s*:\s*\"notfounderror\"\s*,\s*\"param\"\s*:\s*\"model\"",
            '"type":"NotFoundError","param":"model"',
        ),
    ),
    _gateway(
        "Portkey",
        (r"x-portkey-", "Either x-portkey-config or x-portkey-provider header is required"),
        (r"\{\s*\"html-message\"", '{"html-message":"Message: fetch failed"}'),
        (r"\A\s*\{\"message\":\"not found\",\"ok\":false\}", '{"message":"Not Found","ok":false}'),
    ),
    _gateway(
        "Cloudflare AI Gateway",
        (r"aigatewayerror", '{"name":"AiGatewayError","internalCode":2009}'),
    ),
    _gateway(
        "Open WebUI",
        (r"\bopen[ -]?webui\b", "Open WebUI: Server Connection Error"),
        (
            r"use of api key is not enabled in the environment",
            "Use of API key is not enabled in the environment.",
        ),
        (
            r"your session has expired or the token is invalid",
            "Your session has expired or the token is invalid. Please sign in again.",
        ),
    ),
    _gateway(
        "llama.cpp",
        (r"llama\.?cpp", "llama.cpp server"),
        (r"exceeds the available context size", "exceeds the available context size (4096 tokens)"),
        (r"\bn_(?:ctx|keep)\b", '"n_ctx": 4096'),
    ),
    _gateway(
        "Vercel",
        (r"function_invocation_(?:timeout|failed)", "FUNCTION_INVOCATION_TIMEOUT"),
        (r"an error occurred with your deployment", "An error occurred with your deployment"),
    ),
    _gateway(
        "LM Studio",
        (r"lm ?studio", "LM Studio server"),
        (r"unexpected endpoint or method", "Unexpected endpoint or method. (POST /v1/responses)"),
        (r"\blms load\b", "use the `lms load` command"),
        (r"no models? (?:is |are )?(?:currently )?loaded", "No models loaded."),
    ),
    _gateway(
        "GitHub Models",
        (r"models\.github", "https://models.github.ai/inference"),
        (r"userbymodelby", "Rate limit of 50 per 86400s exceeded for UserByModelByDay."),
        (r"\"tokens_limit_reached\"", '"code": "tokens_limit_reached"'),
        (r"\"message\"\s*:\s*\"bad credentials\"", '"message": "Bad credentials"'),
    ),
    _gateway(
        "GitHub Copilot",
        (r"copilot-integration", "unknown Copilot-Integration-Id"),
        (r"\bgithub token\b", "bad request: GitHub token expected"),
        (r"github ?copilot", "https://api.githubcopilot.com/chat/completions"),
        (r"docs\.github\.com", "https://docs.github.com/rest"),
    ),
    _gateway(
        "Hugging Face",
        (r"hugging ?face", "https://huggingface.co/settings/tokens"),
        (r"inference providers", "to call Inference Providers on behalf of user"),
    ),
    _gateway(
        "Kong",
        (r"no api key found in request", "No API key found in request"),
        (r"upstream server is timing out", "The upstream server is timing out"),
    ),
    _gateway(
        "Mistral, xAI, Together or another vendor",
        (
            r"\bapi\.(?:x\.ai|mistral\.ai|together\.(?:ai|xyz)|perplexity\.ai|moonshot\.(?:cn|ai)|siliconflow\.\w+|cohere\.\w+|fireworks\.ai)",
            "https://api.siliconflow.cn/v1",
        ),
        (r"console\.x\.ai", "You can obtain one from https://console.x.ai."),
        (r"dashscope", "https://dashscope.aliyuncs.com/compatible-mode"),
        (r"request reached organization", "request reached organization TPD rate limit"),
        (
            r"\[(?:tongyi|zhipuai|deepseek|moonshot|minimax|volcengine\w*|siliconflow|gemini|anthropic|bedrock|xinference|groq|mistralai)\] error",
            "[moonshot] Error: 401",
        ),
        (r"invalid_authentication_error", '"type": "invalid_authentication_error"'),
        (r"models\.(?:inference\.ai\.azure|github)", "https://models.inference.ai.azure.com"),
        generic=True,
    ),
    # codes that no answer of OpenAI's has: numbers, words run together, an error object at the top
    _gateway(
        "another server",
        (
            r"\"code\"\s*:\s*\"(?:unauthenticated|permission_denied|resource_exhausted|failed_precondition|unavailable|unauthorized|rate_limited|model_not_supported|system_error)\"",
            '"code":"unauthenticated"',
        ),
        generic=True,
    ),
    _gateway(
        "another server",
        (r"\"message\"\s*:\s*\"invalid api[ -]?key\.?\"", '"message":"Invalid API key"'),
        (
            r"\b(?:invalid|incorrect) (?!openai|the\b|your\b|an?\b|or\b|api\b)[a-z][a-z.]{1,20} api[ -]?key\b",
            "401 Invalid Example API key",
        ),
        generic=True,
    ),
    _gateway(
        "Azure OpenAI or another server",
        (r"\bresource not found\b(?! ?\()", '"message": "Resource not found"'),
        generic=True,
    ),
    _gateway(
        "a relay",
        (
            r"no[ _]available[ _](?:upstream|channel|candidate|provider|account|endpoint)s?\b",
            "No available channel for model gpt-4o",
        ),
        (r"error from (?:upstream )?provider", "Error from provider: upstream"),
        (r"no (?:active )?credentials for provider", "No active credentials for provider: openai"),
        (r"inference gateway", "Check your inference gateway (localhost:20128)."),
        (r"upstream request failed", "Upstream request failed: [403]"),
        (r"provider returned error", "Provider returned error"),
        (r"insufficient (?:account )?balance\b", "Insufficient Balance"),
        generic=True,
    ),
    _gateway(
        "another server",
        (
            r"\"code\"\s*:\s*\"?(?:[45][0-9]{2}|[0-9]{4,6})\"?\s*[,}]",
            '"code":"401"}',
            '"code": 402,',
        ),
        generic=True,
    ),
    _gateway(
        "another server",
        (r"(?-i:\"code\"\s*:\s*\"(?:[A-Z][a-z]+){2,}\")", '"code":"PermissionDenied"'),
        generic=True,
    ),
    _gateway(
        "another server",
        (
            r"(?-i:\"type\"\s*:\s*\"(?:(?:[A-Z][a-z]+){1,5}Error|(?:[A-Z][a-z]+){2,6})\")",
            '"type":"NotFoundError"',
        ),
        generic=True,
    ),
    _gateway(
        "another server",
        (
            r"\"type\"\s*:\s*\"(?:authentication_error|not_found_error|permission_error|throttling_error|budget_exceeded|auth_error)\"",
            '"type":"authentication_error"',
        ),
        generic=True,
    ),
    _gateway(
        "another server",
        (r"\bby (?:the )?(?:proxy|gateway|relay)(?: server)?\b", "Rate limited by proxy server"),
        generic=True,
    ),
    _gateway(
        "another server",
        (r"\A\s*\{\s*\"object\"\s*:\s*\"error\"", '{"object":"error"'),
        generic=True,
    ),
    # servers in front of others, by their own answers; looked up apart from those above
    _front(
        "nginx",
        (
            r"<center>(?:nginx|openresty)(?:/[\w.\-]+)?</center>",
            "<hr><center>nginx/1.22.1</center>",
        ),
        html=True,
    ),
    _front(
        "HAProxy",
        (
            r"<h1>503 service unavailable</h1>\s*no server is available",
            "<h1>503 Service Unavailable</h1>\nNo server is available to handle this request.",
        ),
        (
            r"<h1>504 gateway time-?out</h1>\s*the server didn't respond",
            "<h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.",
        ),
        (
            r"<h1>502 bad gateway</h1>\s*the server returned an invalid",
            "<h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response.",
        ),
        (
            r"<h1>403 forbidden</h1>\s*request forbidden by administrative rules",
            "<h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.",
        ),
        (
            r"<h1>429 too many requests</h1>\s*you have sent too many requests",
            "<h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given amount of time.",
        ),
        (
            r"<h1>401 unauthorized</h1>\s*you need a valid user and password",
            "<h1>401 Unauthorized</h1>\nYou need a valid user and password to access this content.",
        ),
        html=True,
    ),
    _front(
        "Apache",
        html=True,
        header=("server", pattern(r"\bapache\b", "Apache/2.4.71 (Debian)")),
    ),
    _front(
        "Apache",
        (
            r"<address>apache\b",
            "<address>Apache/2.4.58 (Ubuntu) Server at example.com Port 80</address>",
        ),
        html=True,
    ),
    _front(
        "Caddy", (r"\A\s*\Z", ""), header=("server", pattern(r"\Acaddy\Z", "Caddy")), absent="via"
    ),
    _front(
        "Envoy",
        (
            r"\Aupstream connect error or disconnect/reset before headers",
            "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure",
        ),
        (r"\Ano healthy upstream\s*\Z", "no healthy upstream"),
        (r"\Aupstream request timeout\s*\Z", "upstream request timeout"),
        (r"\Arbac: access denied\s*\Z", "RBAC: access denied"),
        (r"\Alocal_rate_limited\s*\Z", "local_rate_limited"),
        (
            r"\Ajwt (?:is missing|is not in the form|verification fails|is expired|issuer is not)",
            "Jwt is missing",
        ),
        (r"\Ajwks (?:doesn't|remote)", "Jwks remote fetch is failed"),
        html=False,
    ),
    _front(
        "Envoy",
        (r"\A(?:payload too large)?\s*\Z", "Payload Too Large"),
        header=("server", pattern(r"\A(?:istio-)?envoy\Z", "envoy", "istio-envoy")),
        html=False,
    ),
    _front("Traefik", (r"\Ano available server\s*\Z", "no available server"), html=False),
    _front(
        "Traefik",
        (r"\A401 unauthorized\s*\Z", "401 Unauthorized"),
        header=("www-authenticate", pattern(r"realm=\"traefik\"", 'Basic realm="traefik"')),
    ),
    _front(
        "Traefik",
        (
            r"\A(?:bad gateway|gateway timeout|service unavailable|forbidden|too many requests|request entity too large)\s*\Z",
            "Bad Gateway",
        ),
        absent="content-type",
        status=(403, 413, 429, 502, 503, 504),
        html=False,
    ),
    _front(
        "Kong",
        (
            r"an invalid response was received from the upstream server",
            '{"message":"An invalid response was received from the upstream server"}',
        ),
    ),
    _front(
        "AWS's load balancer", header=("server", pattern(r"\Aawselb/", "awselb/2.0")), html=True
    ),
)
