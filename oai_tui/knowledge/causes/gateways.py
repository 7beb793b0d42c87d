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
        title="The server that you chose refuses the key",
        meaning=(
            "The base URL leads to a server that is not OpenAI's, and this server refuses the key. "
            "It takes keys of its own; a key of OpenAI's is worth nothing there."
        ),
        finding="{server_at} refuses the key with {answer_status}: “{server_words}”. It takes keys of its own.",
        findings=(
            Finding(
                when=When(fact={"server_words": ""}),
                text="{server_at} refuses the key with {answer_status} and says nothing more. It takes keys of its own.",
            ),
        ),
        looks="400, 401, 403 or 500 about the key, in the words of LiteLLM, vLLM, OpenRouter, Azure or another server.",
        confirm="The same call without the key, or with a key of that server, is answered in another way.",
        prevent="Keep one profile for each server, with its own base URL and key.",
        fixes=(
            Fix(
                text="Use a key of the server at {host_port}; its operator gives it out.", who="you"
            ),
            Fix(
                text="Compare the base URL with the endpoint of the resource: the key counts at https://RESOURCE.openai.azure.com/openai/v1 only, and paths with /deployments/ want the header api-key, as the AzureOpenAI client sends it.",
                who="you",
                when=When(fact={"server": "Azure OpenAI"}),
            ),
            Fix(
                text="Unset the base URL if OpenAI itself is meant.",
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
                why="The server may refuse something else than the key; its words and its log tell.",
            ),
            Alternative(
                cause="auth-header-malformed",
                why="Something in front of the server may drop or replace the Authorization header.",
            ),
        ),
    ),
    Cause(
        id="gateway-refused",
        family="something-else-answered",
        title="The server that you chose does not carry out the call",
        meaning=(
            "The base URL leads to a server that is not OpenAI's, and this server refuses the call "
            "for a reason of its own: a model that it does not offer, a budget, a limit or a rule."
        ),
        finding="{server_at} answers {answer_status}: “{server_words}”.",
        findings=(
            Finding(
                when=When(message=_UPSTREAM_KEY),
                text="{server_at} could not use its own key with the provider behind it: “{server_words}”. Your key is not meant.",
            ),
            Finding(
                when=When(fact={"login_realm": None}),
                text="{server_at} wants a {login_scheme} login for the realm “{login_realm}”, where a client of the API sends its key.",
            ),
            Finding(
                when=When(fact={"login_scheme": None}),
                text="{server_at} wants a {login_scheme} login, where a client of the API sends its key.",
            ),
            Finding(
                when=When(fact={"asks_for_login": True}),
                text="{server_at} answers {answer_status} with a page for signing in with a browser, “{server_words}”.",
            ),
            Finding(
                when=When(fact={"asks_for_login": True}),
                text="{server_at} answers {answer_status} with a page for signing in with a browser.",
            ),
            Finding(
                when=When(fact={"redirect_adds_slash": True}),
                text="{server_at} answers {answer_status} and leads to the same address with a slash at its end, {redirect_to}. Nothing was followed.",
            ),
            Finding(
                when=When(fact={"redirect_signs_in": True}),
                text="{server_at} answers {answer_status} and leads to {redirect_to}, a page for signing in with a browser. Nothing was followed.",
            ),
            Finding(
                when=When(status="3xx", fact={"redirect_to": None}),
                text="{server_at} answers {answer_status} and leads to {redirect_to}. Nothing was followed.",
            ),
            Finding(
                when=When(status=413),
                text="{server_at} answers 413: it does not take a request of this size, although it was the smallest one.",
            ),
            Finding(
                when=When(status=426, fact={"upgrade_to": None}),
                text="{server_at} answers 426: it wants the protocol {upgrade_to}.",
            ),
            Finding(
                when=When(fact={"server_words": ""}),
                text="{server_at} answers {answer_status} and says nothing more.",
            ),
        ),
        looks="An error about a model, a budget, a limit or a login, in the words of a server that is not OpenAI's.",
        confirm="Another model of its list, or its log, tells what it refuses.",
        prevent="Look at the server's own list of models and at its budget for your key first.",
        fixes=(
            Fix(
                text="Ask the operator of the server for another key of its own with the provider behind it.",
                who="it",
                when=When(message=_UPSTREAM_KEY),
            ),
            Fix(
                text="Ask for an address of the API without a {login_scheme} login in front of it: the SDKs send the key in the header that the login needs.",
                who="it",
                when=When(fact={"login_scheme": None}),
            ),
            Fix(
                text="Ask the operator for the address of the API itself: {redirect_to} is for browsers.",
                who="it",
                when=When(fact={"redirect_signs_in": True}),
            ),
            Fix(
                text="Ask the operator for the address of the API itself: the page at {host_port} is for browsers.",
                who="it",
                when=When(fact={"asks_for_login": True}),
            ),
            Fix(
                text="Ask the operator to have the API answer without this redirect: many clients turn a POST into a GET when they follow one.",
                who="it",
                when=When(fact={"redirect_adds_slash": True}),
            ),
            Fix(
                text="Wait until the server has loaded its model, then check again.",
                who="you",
                when=When(status=503, message=pattern(r"\bloading model\b", "Loading model")),
            ),
            Fix(
                text="Open {redirect_to} in a browser: it shows who answers there.",
                who="you",
                when=When(status="3xx", fact={"redirect_to": None}),
            ),
            Fix(
                text="Ask for a higher budget of this key at that server, or wait until it starts anew.",
                who="it",
                when=When(message=_BUDGET),
            ),
            Fix(
                text="Call that server less often, or ask for a higher limit there.",
                who="you",
                when=When(status=429),
            ),
            Fix(
                text="Raise the limit for the size of a request at that server (nginx: client_max_body_size).",
                who="it",
                when=When(status=413),
            ),
            Fix(
                text="Try a billed request: some servers answer calls and list no models.",
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
                text="Compare the name of the model with the one that the operator of the server gives; Azure goes by the name of the deployment.",
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
                text="Ask the operator of the server, and quote these words; its log has the reason.",
                who="it",
            ),
            Fix(
                text="Unset the base URL if OpenAI itself is meant.",
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
                why="The server may have failed at the one behind it; its log tells.",
                when=When(status="5xx"),
            ),
            Alternative(
                cause="network-filter-blocked",
                why="A redirect may come from a filter or a guest network's portal; a browser shows it.",
                when=When(status="3xx", fact={"host_kind": "other"}),
            ),
            Alternative(
                cause="network-filter-blocked",
                why="The page may come from a filter or a guest network's portal; a browser shows it.",
                when=When(
                    status=("2xx", "4xx", "5xx"), fact={"host_kind": "other", "body_kind": "html"}
                ),
            ),
            Alternative(
                cause="gateway-key-refused",
                why="Some servers say this of a key that they do not know; another key of theirs tells.",
                when=When(status=("4xx", "5xx"), fact={"key_sent": True}),
            ),
        ),
        retry_when=When(status=(429, 503), fact=_OWN, message=_NO_MONEY_WORDS),
    ),
    Cause(
        id="gateway-upstream-down",
        family="something-else-answered",
        title="The server in front answers; the one behind it does not",
        meaning=(
            "The base URL leads to a server that passes calls on, and the server behind it does not "
            "answer. The key has no part in it."
        ),
        finding="{front_server} at {host_port} answers {answer_status}; the server behind it does not answer. The key has no part in it.",
        findings=(
            Finding(
                when=When(status=504, fact={"upstream_down": "likely"}),
                text="{front_server} at {host_port} answers 504, as it does when the server behind it does not answer in time. The key has no part in it.",
            ),
            Finding(
                when=When(fact={"upstream_down": "likely"}),
                text="{front_server} at {host_port} answers {answer_status}, as it does when the server behind it does not answer. The key has no part in it.",
            ),
            Finding(
                when=When(message=_UPSTREAM_SILENT, fact={"front_server": ""}),
                text="{server_at} answers {answer_status}, and could not reach the server behind it: “{server_words}”.",
            ),
            Finding(
                when=When(status=503, fact={"front_server": ""}),
                text="{server_at} answers 503: “{server_words}”. A server in front says so if the one behind it does not answer, and also for maintenance or a limit.",
            ),
            Finding(
                when=When(fact={"front_server": ""}),
                text="The server at {host_port} answers {answer_status}, as one that passes calls on and gets no answer from the server behind it.",
            ),
        ),
        looks="502, 503 or 504 with a page of nginx, HAProxy, Envoy, Traefik, Caddy or Apache, or with none.",
        confirm="Another path of the same server answers; its log names the server behind it.",
        prevent="Watch the server behind with a check of its own.",
        fixes=(
            Fix(
                text="Look into the server behind {front_server}, which may be busy or stuck, and compare the time that it takes with the limit in the settings of {front_server}.",
                who="it",
                when=When(status=504),
            ),
            Fix(
                text="Start the server behind {front_server}, and compare its address with the one in the settings of {front_server}.",
                who="it",
            ),
            Fix(
                text="Start the server behind it; the log of the server in front names its address.",
                who="it",
                when=When(fact={"front_server": ""}),
            ),
            Fix(text="Run the check again once the server behind it is up.", who="you"),
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
        ),
        alternatives=(
            Alternative(
                cause="gateway-refused",
                why="The server may refuse on purpose, for a limit or for maintenance; its log tells.",
            ),
        ),
        retry_helps=True,
    ),
)
