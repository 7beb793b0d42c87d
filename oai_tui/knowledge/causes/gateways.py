"""Causes at a server that is not OpenAI's and that the person chose.

It is judged in its own terms: its words are quoted, and its key, models and limits are its own.
Their families are "key" and "something-else-answered".
"""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge.patterns import any_of, pattern
from oai_tui.knowledge.suspects import MODEL_REFUSED

_OWN = {"own_terms": True}
_KEY_OF_ITS_OWN = r"\A(?![\s\S]*(?:litellm\.authenticationerror|quota|budget|credit|额度|\bmodel\b|key_model_access))"
"""Begins a pattern about the key that was sent: words about money, about a model, or about the key
that the server itself uses are about something else."""
_UPSTREAM_KEY = pattern(
    r"litellm\.authenticationerror|\bopenai error: incorrect api key",
    "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided.",
    "openai error: Incorrect API key provided.",
)
"""The server's own key was refused by the provider behind it."""
_UPSTREAM_SILENT = any_of(
    (
        r"litellm\.(?:internalservererror|apiconnectionerror|apierror)\b.{0,200}\b(?:connection error|cannot connect to host|connect call failed)",
        "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.",
        "litellm.InternalServerError: InternalServerError: OpenAIException - Cannot connect to host 127.0.0.1:48501",
    ),
    (
        r"litellm\.(?:timeout|apitimeouterror)\b",
        "litellm.Timeout: APITimeoutError - Request timed out.",
    ),
    (
        r"\bcause: error: connect e[a-z]+",
        "Message: fetch failed Cause: Error: connect ECONNREFUSED",
    ),
    (r"\bdo_request_failed\b", '"code": "do_request_failed"'),
    (r"\bdial tcp\b", "dial tcp 127.0.0.1:8000: connect: connection refused"),
)
"""The server could not reach the one behind it, in its own words."""
_NOT_OF_OPENAI = r"\A(?![\s\S]*\bopenai\.com\b)[\s\S]*"
"""Begins a pattern of what is only said here if OpenAI is not the server behind it."""
_FRONT_LOG = any_of(
    # nginx
    (
        rf"{_NOT_OF_OPENAI}\bfailed \([0-9]{{1,5}}: [^()\n]{{1,80}}\) while (?:connecting to|reading|sending) [a-z ]{{0,30}}upstream\b",
        "connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.4",
        "recv() failed (104: Connection reset by peer) while reading response header from upstream",
    ),
    (
        rf"{_NOT_OF_OPENAI}\bupstream (?:timed out \(|prematurely closed connection while\b)",
        "upstream timed out (110: Connection timed out) while reading response header from upstream",
        "upstream prematurely closed connection while reading response header from upstream",
    ),
    (
        rf"{_NOT_OF_OPENAI}\bno live upstreams\b",
        "no live upstreams while connecting to upstream, client: 10.0.0.4",
    ),
    # Apache
    (
        rf"{_NOT_OF_OPENAI}\bah0(?:0898|0957|1084|1102|1114)\b",
        "AH01114: HTTP: failed to make connection to backend: 127.0.0.1",
    ),
    # Traefik 3, Traefik 2
    (
        rf"{_NOT_OF_OPENAI}\b50[24] (?:bad gateway|gateway timeout) error=",
        '502 Bad Gateway error="dial tcp 10.42.0.5:8000: connect: connection refused"',
    ),
    (
        rf"{_NOT_OF_OPENAI}\b50[24] (?:bad gateway|gateway timeout)'? caused by: ",
        "'502 Bad Gateway' caused by: dial tcp 10.42.0.5:8000: connect: connection refused",
    ),
    # ngrok
    (
        rf"{_NOT_OF_OPENAI}\berr_ngrok_(?:3200|8012)\b",
        "ERR_NGROK_8012: the agent failed to establish a connection to the upstream web service",
    ),
    # Caddy
    (
        rf"{_NOT_OF_OPENAI}\breverseproxy\.statuserror\b",
        '"status":502,"err_trace":"reverseproxy.statusError (reverseproxy.go:1267)"',
    ),
)
"""What a server in front says about the one behind it, mostly in its log."""
_BUDGET = any_of(
    (r"\bbudget has been exceeded", "Budget has been exceeded! Current cost: 2.0, Max budget: 1.0"),
    (
        r"budget_exceeded|exceededbudget",
        '"type":"budget_exceeded"',
        "ExceededBudget: User over budget",
    ),
    (r"spend limit exceeded", "Spend limit exceeded: rule 'team'"),
    (
        r"insufficient (?:credits|(?:account )?balance)|insufficient_user_quota",
        "Insufficient credits. Add more",
        '"code": "insufficient_user_quota"',
    ),
    (r"can only afford", "requested up to 32000 tokens, but can only afford 1402."),
    (r"额度已用尽|额度不足", "该令牌额度已用尽", "用户额度不足"),  # quota used up
)
"""Money at that server has run out."""
_NO_MONEY_WORDS = pattern(
    r"\A(?![\s\S]*(?:budget|quota|credit|balance|spend limit|额度))", "Rate limit reached", ""
)
"""Matches words that are not about money."""

CAUSES = (
    Cause(
        id="gateway-key-refused",
        family="key",
        title="The server at your base URL rejected the key",
        meaning=(
            "The base URL points to a server that isn't OpenAI, and this server rejected the "
            "key. It issues its own keys; an OpenAI key doesn't work there."
        ),
        finding=(
            "{server_at} rejected the key with {answer_status}: “{server_words}”. It issues its "
            "own keys."
        ),
        findings=(
            Finding(
                when=When(fact={"server_words": ""}),
                text=(
                    "{server_at} rejected the key with {answer_status} and no message. It issues "
                    "its own keys."
                ),
            ),
        ),
        looks=(
            "400, 401, 403 or 500 about the key, worded as by LiteLLM, vLLM, OpenRouter, Azure "
            "or another server."
        ),
        confirm="The response changes without a key, or with a key for that server.",
        prevent="Keep one profile per server, with its own base URL and key.",
        fixes=(
            Fix(
                text="Use a key for the server at {host_port}; ask its operator for one.", who="you"
            ),
            Fix(
                text=(
                    "Compare the base URL with your resource's endpoint: the key only works at "
                    "https://RESOURCE.openai.azure.com/openai/v1. Paths with /deployments/ need "
                    "the header api-key, which the AzureOpenAI client sends."
                ),
                who="you",
                when=When(fact={"server": "Azure OpenAI"}),
            ),
            Fix(
                text="Unset the base URL to use OpenAI instead.",
                who="you",
                command="unset OPENAI_BASE_URL",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    status=401,
                    fact={**_OWN, "key_sent": True},
                    message=pattern(
                        r"invalid subscription key or wrong api endpoint",
                        "Access denied due to invalid subscription key or wrong API endpoint.",
                    ),
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    status=(400, 401, 403, 500),
                    fact={**_OWN, "key_sent": True},
                    message=any_of(
                        (
                            rf"{_KEY_OF_ITS_OWN}[\s\S]*\bno_db_connection\b",
                            '"type":"no_db_connection"',
                        ),
                        (
                            rf"{_KEY_OF_ITS_OWN}[\s\S]*\b(?:token_not_found_in_db|expired_key|auth_error|invalid_api_key)\b",
                            '"type":"token_not_found_in_db"',
                        ),
                        (
                            rf"{_KEY_OF_ITS_OWN}[\s\S]*\b(?:invalid|incorrect|malformed|expired|unknown|wrong|unauthorized)\b.{{0,40}}\b(?:api[ _-]?keys?|tokens?|subscription key|credentials?)\b",
                            "Invalid API Key",
                        ),
                        (
                            rf"{_KEY_OF_ITS_OWN}[\s\S]*\b(?:api[ _-]?key|token)\b.{{0,60}}\b(?:invalid|not found|not valid|expired|is required)\b",
                            "An LM Studio API token is required to make requests",
                        ),
                        (
                            rf"{_KEY_OF_ITS_OWN}[\s\S]*\bno (?:cookie )?(?:auth credentials|api key)\b",
                            "No auth credentials found",
                        ),
                        (
                            rf"{_KEY_OF_ITS_OWN}[\s\S]*(?:无效的令牌|令牌已过期)",
                            "无效的令牌",
                            "该令牌已过期",
                        ),  # invalid token, token expired
                        (
                            rf"{_KEY_OF_ITS_OWN}[\s\S]*\bjwt (?:is|verification)\b",
                            "Jwt is not in the form of Header.Payload.Signature",
                        ),
                    ),
                )
            ),
            Symptom(
                when=When(
                    status=401,
                    fact={**_OWN, "key_sent": True},
                    message=pattern(_KEY_OF_ITS_OWN, '{"error":"Unauthorized"}', ""),
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="gateway-refused",
                why=(
                    "The server may be rejecting something other than the key; check its message "
                    "and log."
                ),
            ),
            Alternative(
                cause="auth-header-malformed",
                why=(
                    "Something in front of the server may remove or replace the Authorization "
                    "header."
                ),
            ),
        ),
    ),
    Cause(
        id="gateway-refused",
        family="something-else-answered",
        title="The server at your base URL rejected the request",
        meaning=(
            "The base URL points to a server that isn't OpenAI, and this server rejects the "
            "request: it doesn't offer the model, or a budget, limit or rule blocks it."
        ),
        finding="{server_at} returned {answer_status}: “{server_words}”.",
        findings=(
            Finding(
                when=When(message=_UPSTREAM_KEY),
                text=(
                    "{server_at} couldn't authenticate with the provider behind it: "
                    "“{server_words}”. Your key is not the problem."
                ),
            ),
            Finding(
                when=When(fact={"login_realm": None}),
                text=(
                    "{server_at} requires a {login_scheme} login for the realm “{login_realm}”, "
                    "in the header in which API clients send the key."
                ),
            ),
            Finding(
                when=When(fact={"login_scheme": None}),
                text=(
                    "{server_at} requires a {login_scheme} login, in the header in which API "
                    "clients send the key."
                ),
            ),
            Finding(
                when=When(fact={"asks_for_login": True}),
                text=(
                    "{server_at} returned {answer_status} with a browser sign-in page, "
                    "“{server_words}”."
                ),
            ),
            Finding(
                when=When(fact={"asks_for_login": True}),
                text="{server_at} returned {answer_status} with a browser sign-in page.",
            ),
            Finding(
                when=When(fact={"redirect_adds_slash": True}),
                text=(
                    "{server_at} returned {answer_status} and redirects to the same address with "
                    "a trailing slash, {redirect_to}. The redirect was not followed."
                ),
            ),
            Finding(
                when=When(fact={"redirect_signs_in": True}),
                text=(
                    "{server_at} returned {answer_status} and redirects to {redirect_to}, a "
                    "browser sign-in page. The redirect was not followed."
                ),
            ),
            Finding(
                when=When(status="3xx", fact={"redirect_to": None}),
                text=(
                    "{server_at} returned {answer_status} and redirects to {redirect_to}. The "
                    "redirect was not followed."
                ),
            ),
            Finding(
                when=When(status=413),
                text="{server_at} returned 413: even the smallest request is too large for it.",
            ),
            Finding(
                when=When(status=426, fact={"upgrade_to": None}),
                text="{server_at} returned 426: it requires the protocol {upgrade_to}.",
            ),
            Finding(
                when=When(fact={"server_words": ""}),
                text="{server_at} returned {answer_status} and no message.",
            ),
        ),
        looks=(
            "An error about a model, budget, limit or login, in the words of a server that isn't "
            "OpenAI."
        ),
        confirm="Try another model from its list, or read its log for the reason.",
        prevent="Check the server's model list and your key's budget there first.",
        fixes=(
            Fix(
                text="Ask the server's operator to replace its key for the provider behind it.",
                who="it",
                when=When(message=_UPSTREAM_KEY),
            ),
            Fix(
                text=(
                    "Ask for an API address without a {login_scheme} login: the SDKs send the "
                    "key in the header that the login uses."
                ),
                who="it",
                when=When(fact={"login_scheme": None}),
            ),
            Fix(
                text="Ask the operator for the address of the API: {redirect_to} is for browsers.",
                who="it",
                when=When(fact={"redirect_signs_in": True}),
            ),
            Fix(
                text=(
                    "Ask the operator for the address of the API: the page at {host_port} is for "
                    "browsers."
                ),
                who="it",
                when=When(fact={"asks_for_login": True}),
            ),
            Fix(
                text=(
                    "Ask the operator to remove this redirect from the API: many clients turn "
                    "POST into GET when they follow one."
                ),
                who="it",
                when=When(fact={"redirect_adds_slash": True}),
            ),
            Fix(
                text="Wait until the server has loaded its model, then check again.",
                who="you",
                when=When(status=503, message=pattern(r"\bloading model\b", "Loading model")),
            ),
            Fix(
                text="Open {redirect_to} in a browser to see who answers there.",
                who="you",
                when=When(status="3xx", fact={"redirect_to": None}),
            ),
            Fix(
                text=(
                    "Ask for a higher budget for this key on that server, or wait until the "
                    "budget resets."
                ),
                who="it",
                when=When(message=_BUDGET),
            ),
            Fix(
                text="Call that server less often, or ask its operator for a higher limit.",
                who="you",
                when=When(status=429),
            ),
            Fix(
                text="Raise that server's request size limit (nginx: client_max_body_size).",
                who="it",
                when=When(status=413),
            ),
            Fix(
                text="Send a billed test request: some servers work without a model list.",
                who="you",
                command="oai-tui check --inference --base-url {base_url}",
                when=When(status=500, fact={"list_missing": True}),
            ),
            Fix(
                text="Use {model_that_answers}, which the server lists.",
                who="you",
                apply=Change(kind="use-model", fact="model_that_answers"),
                when=When(message=MODEL_REFUSED),
            ),
            Fix(
                text=(
                    "Compare the model name with the one from the server's operator; Azure "
                    "expects the deployment name."
                ),
                who="you",
                when=When(message=MODEL_REFUSED, fact={"list_missing": True}),
            ),
            Fix(
                text="Use a model that the server lists for this key.",
                who="you",
                command='curl -sS {base_url}/models -H "Authorization: Bearer $OPENAI_API_KEY"',
                when=When(message=MODEL_REFUSED),
            ),
            Fix(
                text="Send this message to the server's operator; the server's log has the reason.",
                who="it",
            ),
            Fix(
                text="Unset the base URL to use OpenAI instead.",
                who="you",
                command="unset OPENAI_BASE_URL",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={**_OWN, "login_scheme": None})),
            Symptom(when=When(fact={**_OWN, "asks_for_login": True}), confidence="likely"),
            Symptom(when=When(fact={**_OWN, "redirect_signs_in": True}), confidence="likely"),
            Symptom(when=When(status="3xx", fact=_OWN), confidence="possible"),
            Symptom(when=When(status=("4xx", "5xx"), fact=_OWN, message=_UPSTREAM_KEY)),
            Symptom(when=When(status=("4xx", "5xx"), fact=_OWN, message=_BUDGET)),
            Symptom(when=When(status=("4xx", "5xx"), fact=_OWN, message=MODEL_REFUSED)),
            Symptom(when=When(status=(413, 426, 429), fact=_OWN)),
            Symptom(
                when=When(status=("4xx", "5xx"), fact={**_OWN, "key_sent": True}),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="gateway-upstream-down",
                why="The server behind it may have failed; check its log.",
                when=When(status="5xx"),
            ),
            Alternative(
                cause="network-filter-blocked",
                why=(
                    "The redirect may come from a filter or a guest network's sign-in page; open "
                    "it in a browser."
                ),
                when=When(status="3xx", fact={"host_kind": "other"}),
            ),
            Alternative(
                cause="network-filter-blocked",
                why=(
                    "The page may come from a filter or a guest network's sign-in page; open it "
                    "in a browser."
                ),
                when=When(
                    status=("2xx", "4xx", "5xx"), fact={"host_kind": "other", "body_kind": "html"}
                ),
            ),
            Alternative(
                cause="gateway-key-refused",
                why=(
                    "Some servers return this for an unknown key; try another key for that server."
                ),
                when=When(status=("4xx", "5xx"), fact={"key_sent": True}),
            ),
        ),
        retry_when=When(status=(429, 503), fact=_OWN, message=_NO_MONEY_WORDS),
    ),
    Cause(
        id="gateway-upstream-down",
        family="something-else-answered",
        title="A gateway answers, but the server behind it is down",
        meaning=(
            "The base URL points to a gateway, and the server behind it doesn't answer. The key "
            "is not the problem."
        ),
        finding=(
            "{front_server} at {host_port} returned {answer_status}; the server behind it "
            "doesn't answer. The key is not the problem."
        ),
        findings=(
            Finding(
                when=When(status=504, fact={"upstream_down": "likely"}),
                text=(
                    "{front_server} at {host_port} returned 504, which usually means that the "
                    "server behind it timed out. The key is not the problem."
                ),
            ),
            Finding(
                when=When(message=_FRONT_LOG),
                text=(
                    "The gateway says that the server behind it doesn't answer. The key is "
                    "not the problem."
                ),
            ),
            Finding(
                when=When(fact={"upstream_down": "likely"}),
                text=(
                    "{front_server} at {host_port} returned {answer_status}, which usually means "
                    "that the server behind it doesn't answer. The key is not the problem."
                ),
            ),
            Finding(
                when=When(message=_UPSTREAM_SILENT, fact={"front_server": ""}),
                text=(
                    "{server_at} returned {answer_status}: it couldn't reach the server behind "
                    "it: “{server_words}”."
                ),
            ),
            Finding(
                when=When(status=503, fact={"front_server": ""}),
                text=(
                    "{server_at} returned 503: “{server_words}”. Either the server behind it "
                    "doesn't answer, or it is in maintenance or at a limit."
                ),
            ),
            Finding(
                when=When(fact={"front_server": ""}),
                text=(
                    "The server at {host_port} returned {answer_status}, as gateways do when the "
                    "server behind them doesn't answer."
                ),
            ),
        ),
        looks=(
            "502, 503 or 504 with a page from nginx, HAProxy, Envoy, Traefik, Caddy or Apache, "
            "or with an empty body."
        ),
        confirm="Another path on the same server works; its log names the server behind it.",
        prevent="Monitor the server behind the gateway with its own health check.",
        fixes=(
            Fix(
                text=(
                    "Check whether the server behind {front_server} is busy or stuck, and "
                    "compare its response time with the timeout configured in {front_server}."
                ),
                who="it",
                when=When(status=504),
            ),
            Fix(
                text=(
                    "Start the server behind {front_server}, and check its address in the "
                    "{front_server} configuration."
                ),
                who="it",
            ),
            Fix(
                text=(
                    "Start the server whose address the gateway names, and check that address in "
                    "the gateway's configuration."
                ),
                who="it",
                when=When(message=_FRONT_LOG),
            ),
            Fix(
                text="Start the server behind the gateway; the gateway's log names its address.",
                who="it",
                when=When(fact={"front_server": ""}),
            ),
            Fix(text="Check again once the server behind it is running.", who="you"),
        ),
        symptoms=(
            Symptom(when=When(fact={**_OWN, "upstream_down": "certain"})),
            Symptom(
                when=When(status=(408, 500, 502, 503, 504), fact=_OWN, message=_UPSTREAM_SILENT),
                confidence="likely",
            ),
            Symptom(
                when=When(status=503, fact={**_OWN, "upstream_down": "likely", "front_server": ""}),
                confidence="possible",
            ),
            Symptom(when=When(fact={**_OWN, "upstream_down": "likely"}), confidence="likely"),
            Symptom(when=When(message=_FRONT_LOG), confidence="likely"),
            Symptom(
                when=When(status=(502, 503, 504), fact={"speaker": "front"}), confidence="likely"
            ),
            Symptom(
                when=When(
                    status=(502, 503, 504),
                    fact={"host_kind": ("local", "other")},
                    message=any_of(
                        (
                            r"upstream connect error or disconnect/reset before headers\b",
                            "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
                        ),
                        (r"\bno healthy upstream\b", "no healthy upstream"),
                    ),
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="gateway-refused",
                why=(
                    "The server may reject calls on purpose, because of a limit or maintenance; "
                    "check its log."
                ),
            ),
        ),
        retry_helps=True,
    ),
)
