"""The family "something-else-answered": the answer is not from OpenAI's API.

The key is never at fault.
"""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge.causes.network import LOCAL_CALL_FIX
from oai_tui.knowledge.patterns import any_of, pattern

CAUSES = (
    Cause(
        id="base-url-wrong",
        family="something-else-answered",
        title="The base URL does not lead to the API",
        meaning=(
            "The base URL is no usable URL, has the wrong path, or leads to a web site. OpenAI's "
            "ends in /v1."
        ),
        finding="The base URL from {base_url_origin} does not lead to the API.",
        findings=(
            Finding(
                when=When(fact={"base_url_problem": "plain-http"}),
                text="The base URL from {base_url_origin} begins with http://, and OpenAI is called over https only. Nothing was sent.",
            ),
            Finding(
                when=When(fact={"base_url_problem": "path-is-endpoint"}),
                text="The base URL from {base_url_origin} ends in the path of an endpoint, or has /v1 twice; clients add the endpoint's path themselves. Nothing was sent.",
            ),
            Finding(
                when=When(fact={"base_url_problem": "query"}),
                text="The base URL from {base_url_origin} has a query or a fragment, and clients add the endpoint's path behind it. Nothing was sent.",
            ),
            Finding(
                when=When(fact={"own_terms": True, "reach-with-v1": "works"}),
                text="{server_at} answers as an API with /v1 at the end of the base URL, and without it not. The base URL from {base_url_origin} lacks it.",
            ),
            Finding(
                when=When(fact={"own_terms": True, "reach-bare-host": "works"}),
                text="{server_at} answers as an API at {bare_host_url}, and not at the base URL from {base_url_origin}.",
            ),
            Finding(
                when=When(status="3xx", fact={"own_terms": True}),
                text="{server_at} answers {answer_status} and leads to {redirect_to}. Nothing was followed.",
            ),
            Finding(
                when=When(status=(404, 405, 501), fact={"own_terms": True}),
                text="{server_at} answers {answer_status} to the call for its list of models: it has none, or the path of the base URL from {base_url_origin} is another one.",
            ),
            Finding(
                when=When(status=200, fact={"own_terms": True, "body_kind": "html"}),
                text="{server_at} answers with the web page “{server_words}”, not as an API: the base URL from {base_url_origin} may have another path.",
            ),
            Finding(
                when=When(status="2xx", fact={"own_terms": True}),
                text="{server_at} answers, but not as an API: the base URL from {base_url_origin} may have another path.",
            ),
            Finding(
                when=When(fact={"https_base_url": None}),
                text="{server_at} speaks https only, and the base URL from {base_url_origin} says http.",
            ),
        ),
        looks=(
            "404 or HTML; \"Invalid URL (GET …)\"; \"missing an 'http://' or 'https://' "
            'protocol"; a missing or doubled /v1, an endpoint inside the base URL.'
        ),
        confirm=(
            "GET on the base URL with /models behind it answers 404 or a page; with /v1/models "
            "behind the host it answers 401 or 200."
        ),
        prevent="Leave OPENAI_BASE_URL unset for OpenAI itself; other base URLs end in /v1.",
        fixes=(
            Fix(
                text="Use {redirect_base_url}, if {location_host} is the server that you mean.",
                who="you",
                command="export OPENAI_BASE_URL={redirect_base_url}",
                apply=Change(kind="use-base-url", fact="redirect_base_url"),
                when=When(status="3xx", fact={"own_terms": True}),
            ),
            Fix(
                text="Use {https_base_url}.",
                who="you",
                command="export OPENAI_BASE_URL={https_base_url}",
                apply=Change(kind="use-base-url", fact="https_base_url"),
                when=When(fact={"https_base_url": None}),
            ),
            Fix(
                text="Use {base_url_with_v1}.",
                who="you",
                command="export OPENAI_BASE_URL={base_url_with_v1}",
                apply=Change(kind="use-base-url", fact="base_url_with_v1"),
                when=When(fact={"reach-with-v1": "works"}),
            ),
            Fix(
                text="Use {other_base_url}.",
                who="you",
                command="export OPENAI_BASE_URL={other_base_url}",
                apply=Change(kind="use-base-url", fact="other_base_url"),
            ),
            Fix(
                text="Compare the path of {base_url} with the one that the server's operator or documents name; most end in /v1.",
                who="you",
                when=When(status=("2xx", 404, 405, 501), fact={"own_terms": True}),
            ),
            Fix(
                text="Try a billed request: some servers answer calls and list no models.",
                who="you",
                command="oai-tui check --inference --base-url {base_url}",
                when=When(fact={"list_missing": True}),
            ),
            Fix(
                text="Use {base_url_repaired}.",
                who="you",
                command="export OPENAI_BASE_URL={base_url_repaired}",
                apply=Change(kind="use-base-url", fact="base_url_repaired"),
            ),
            Fix(
                text="Unset the base URL to reach OpenAI itself.",
                who="you",
                command="unset OPENAI_BASE_URL",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"reach-with-v1": "works"})),
            Symptom(when=When(fact={"reach-bare-host": "works"})),
            Symptom(
                when=When(
                    fact={
                        "base_url_problem": (
                            "no-scheme",
                            "not-http",
                            "no-host",
                            "plain-http",
                            "blanks",
                            "port",
                            "path-is-endpoint",
                            "query",
                        )
                    }
                )
            ),
            Symptom(when=When(failure="url")),
            Symptom(
                when=When(status="3xx", fact={"own_terms": True, "redirect_base_url": None}),
                confidence="likely",
            ),
            Symptom(
                when=When(status=200, fact={"own_terms": True, "body_kind": "html"}),
                confidence="likely",
            ),
            Symptom(
                when=When(status=("2xx", 404, 405, 501), fact={"own_terms": True}),
                confidence="possible",
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"'(?:str|bytes)' object has no attribute '(?:_set_private_attributes|choices|data|output|model_dump|usage|error)'",
                        "AttributeError: 'str' object has no attribute 'choices'",
                    )
                ),
                confidence="likely",
            ),
            Symptom(when=When(code="unknown_url"), confidence="likely"),
            Symptom(
                when=When(
                    message=any_of(
                        (r"invalid url ?\(", "Invalid URL (POST /v1/chat/completions)"),
                        (r"unknown request url", "Unknown request URL: POST /chat/completions."),
                        (r"\b404 page not found\b", "404 page not found"),
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=(
                        pattern(r"only be accessed over https", "can only be accessed over HTTPS"),
                        pattern(
                            r"plain http request was sent to https port",
                            "The plain HTTP request was sent to HTTPS port",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"\bdetail\W{1,6}(?:not found|method not allowed)\b",
                        '{"detail":"Not Found"}',
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    status=(404, 405),
                    message=pattern(r"\bcannot (?:get|post) /", "Cannot POST /chat/completions"),
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(status=(200, 404, 405, 301, 302, 307, 308), fact={"speaker": "web"}),
                confidence="likely",
            ),
            Symptom(
                when=When(status=(404, 405), fact={"base_url_with_v1": None}), confidence="possible"
            ),
            Symptom(
                when=When(
                    status=(404, 405),
                    message=pattern(
                        r"\A\W*(?:404\W+)?(?:the )?(?:requested )?(?:page|path|url|route|resource|endpoint)?\s*(?:was )?not found\W*\Z",
                        "404 Not Found",
                        "The requested resource was not found.",
                    ),
                ),
                confidence="possible",
            ),
            Symptom(
                when=When(status=(404, 405), fact={"body_kind": "empty"}), confidence="possible"
            ),
        ),
        alternatives=(
            Alternative(
                cause="other-server-answered",
                why="Another server may live at this address; its name and paths are then its own.",
            ),
            Alternative(
                cause="network-filter-blocked",
                why="The page may come from a filter or a guest network's portal; a browser shows it.",
                when=When(fact={"own_terms": True, "host_kind": "other", "body_kind": "html"}),
            ),
        ),
    ),
    Cause(
        id="plain-http-refused",
        family="something-else-answered",
        title="Nothing was sent: the base URL is not encrypted",
        meaning=(
            "The base URL begins with http:// and leads to another machine. The key would cross "
            "the network unencrypted, where everyone on the path can read it, so nothing was sent."
        ),
        finding=(
            "The base URL {base_url} is plain http, and {plain_http_to} is neither localhost nor a "
            "loopback address. The key would cross the network unencrypted, so nothing was sent. "
            "Whether a server answers there was not tested."
        ),
        looks=(
            "http:// before a name or an address of another machine: 192.168.…, a host of the "
            "local network, host.docker.internal."
        ),
        confirm=(
            "The base URL begins with http://, and its host is neither localhost nor an address "
            "that begins with 127."
        ),
        prevent=(
            "Give servers that other machines use a certificate, or reach them through a tunnel."
        ),
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text=("Allow it for this host, if everyone on the network path may read this key."),
                who="you",
                command="oai-tui check --base-url {base_url} --allow-http",
                safe=False,
            ),
            Fix(
                text="Ask whoever runs the server whether it has an https address, and use that.",
                who="it",
            ),
            Fix(
                text=(
                    "Open an SSH tunnel to the server, and use the tunnel's end on this machine as "
                    "the base URL."
                ),
                who="you",
            ),
        ),
        symptoms=(Symptom(when=When(fact={"plain_http_to": None})),),
    ),
    Cause(
        id="other-server-answered",
        family="something-else-answered",
        title="Another server than OpenAI's answered",
        meaning=(
            "The answer has another server's manner: a gateway, another vendor, or a local server. "
            "Its keys, models and limits are its own; those of OpenAI do not count there."
        ),
        finding=(
            "{host} answers in the manner of {speaker_name}, and did not show that it is OpenAI's."
        ),
        findings=(
            Finding(
                when=When(fact={"host": None}),
                text="{host} answers in the manner of {speaker_name}, and did not show that it is OpenAI's.",
            ),
            Finding(
                when=When(fact={"speaker": "gateway", "speaker_name": None}),
                text="The answer is in the manner of {speaker_name}, not of OpenAI. Its keys, models and limits are its own.",
            ),
        ),
        looks="A numeric or missing code, other headers, other words; no openai-version header.",
        confirm=(
            "Ask the same base URL for /models without a key, with `curl -i`: OpenAI's own answer "
            "is a 401 with a header x-request-id; this server's is another."
        ),
        prevent="Give each server its own variable for base URL and key, and its own profile here.",
        fixes=(
            Fix(
                text=(
                    "If this server is meant, say so: name it with --base-url, and use its own key."
                ),
                who="you",
                command="oai-tui check --base-url {base_url}",
            ),
            Fix(
                text="Use a key of the server that answered; its operator gives it out.",
                who="you",
                when=When(status=(401, 403), fact={"speaker": "gateway"}),
            ),
            Fix(
                text="Use a model that the server that answered offers; it has its own names.",
                who="you",
                when=When(status=404, fact={"speaker": "gateway"}),
            ),
            Fix(
                text="Ask the operator of the server that answered to look at the one behind it; its log names it.",
                who="it",
                when=When(status=(502, 503, 504), fact={"speaker": ("gateway", "web")}),
            ),
            Fix(
                text="If OpenAI is meant, unset the base URL.",
                who="you",
                command="unset OPENAI_BASE_URL",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"speaker": "gateway"})),
            Symptom(when=When(fact={"gateway": "no"})),
            Symptom(
                when=When(fact={"own_terms": True, "endpoint": "doubtful"}), confidence="likely"
            ),
            Symptom(
                when=When(fact={"speaker": ("openai", "openai-like"), "endpoint": "doubtful"}),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    status=(401, 402, 403, 413, 422, 429, "5xx"),
                    fact={"host_kind": "other", "speaker": "openai-like"},
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    status=(502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 530),
                    fact={"host_kind": "other"},
                ),
                confidence="likely",
            ),
            Symptom(when=When(status=401, fact={"speaker": "web"}), confidence="likely"),
            Symptom(
                when=When(
                    status=(404, 405),
                    fact={
                        "host_kind": "other",
                        "speaker": "openai-like",
                        "body_kind": ("text", "empty"),
                    },
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    status=402,
                    message=pattern(
                        r"\b(?:credits?|balance|payment)\b", "Insufficient credits. Add more"
                    ),
                ),
                confidence="likely",
            ),
            Symptom(when=When(status=200, fact={"body_kind": "too-large"}), confidence="likely"),
        ),
        alternatives=(
            Alternative(cause="base-url-wrong", why="The base URL may have been meant for OpenAI."),
        ),
    ),
    Cause(
        id="edge-blocked",
        family="something-else-answered",
        title="Cloudflare blocked this client or network",
        meaning=(
            "Cloudflare's edge, in front of the API, refused before OpenAI saw the call. The key "
            "has no part in it."
        ),
        looks=(
            '403 or 503 HTML: "Just a moment", "you have been blocked", error 1010 or 1020; no '
            "x-request-id."
        ),
        confirm="The call without a key is refused as well; another network is not.",
        prevent="Call from servers with an address of their own, not from shared VPN exits.",
        fixes=(
            Fix(text="Try from another network, without VPN or shared proxy.", who="you"),
            Fix(text="Ask for a cleaner egress address, and quote the Ray ID.", who="it"),
        ),
        symptoms=(
            Symptom(when=When(status=(401, 403, 429, 503), fact={"speaker": "cloudflare"})),
            Symptom(
                when=When(
                    status=(403, 429),
                    message=pattern(r"\berror code: 10(?:0[0-9]|1[0-9]|20)\b", "error code: 1015"),
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"\byour request was blocked\b(?!:| (?:because|by|due|as)\b)",
                        "PermissionDeniedError: Your request was blocked.",
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    fact={"speaker": "cloudflare"},
                    message=any_of(
                        (
                            r"\berror (?:code|reference number)?:? ?10[0-9]{2}\b",
                            "Error reference number: 1020",
                        ),
                        (r"just a moment", "<title>Just a moment...</title>"),
                        (r"attention required", "<title>Attention Required! | Cloudflare</title>"),
                        (r"you have been blocked", "Sorry, you have been blocked"),
                        (r"cf[-_](?:chl|captcha|spinner)", "/chat/completions?__cf_chl_tk="),
                        (r"enable javascript and cookies", "Enable JavaScript and cookies"),
                        (r"__cf\$", "window.__CF$cv$params"),
                        (r"challenge", '<form id="challenge-form">'),
                        (r"cloudflare to restrict access", "used Cloudflare to restrict access"),
                        (
                            r"security service to protect itself",
                            "using a security service to protect itself from online attacks",
                        ),
                        (r"blocked_(?:why|resolve)", 'data-translate="blocked_why_headline"'),
                    ),
                )
            ),
        ),
        alternatives=(
            Alternative(
                cause="network-filter-blocked",
                why=(
                    "A filter of your own network may use the same words; the call without a key, "
                    "and who issued the certificate, tell."
                ),
            ),
        ),
    ),
    Cause(
        id="network-filter-blocked",
        family="something-else-answered",
        title="A filter of this network answered instead of OpenAI",
        meaning=(
            "A company gateway, firewall or captive portal on this network answered in OpenAI's "
            "place. The key has no part in it."
        ),
        finding="{speaker_name} answered in OpenAI's place. The key has no part in it.",
        looks="HTML or a redirect, with the name of a product, a company or a hotel.",
        confirm="The call without a key does not get OpenAI's own 401.",
        prevent=(
            "Have api.openai.com allowed before a roll-out, and test from the network where the "
            "program will run."
        ),
        fixes=(
            Fix(
                text="Ask to allow api.openai.com on port 443, and show the page's name.", who="it"
            ),
            Fix(text="On a guest network, open a web page and sign in first.", who="you"),
        ),
        symptoms=(
            Symptom(when=When(fact={"speaker": "filter"})),
            Symptom(when=When(failure="proxy-refused", fact={"proxy_page": None})),
            Symptom(
                when=When(
                    failure=("tls-untrusted", "tls-invalid", "tls-protocol"),
                    fact={"points_inside": None},
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    failure=("reset", "read-timeout", "malformed-answer", "tls-protocol"),
                    fact={"name_filter": True},
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    failure="proxy-refused",
                    message=(
                        pattern(r"\b403\b", "403 Forbidden"),
                        pattern(r"\b(?:forbidden|denied|blocked)\b", "Access Denied"),
                    ),
                ),
                confidence="likely",
            ),
            Symptom(when=When(status="3xx", fact={"location_host": None}), confidence="likely"),
            Symptom(
                when=When(status=(200, 403, 451, 503, 511), fact={"speaker": "web"}),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="base-url-wrong",
                why="The base URL may lead to a web site; compare its host with api.openai.com.",
            ),
        ),
    ),
    Cause(
        id="proxy-interference",
        family="something-else-answered",
        title="A proxy on the way spoils the call",
        meaning=(
            "A proxy of this machine or network takes the call and breaks it: it answers with an "
            "error of its own, opens no way to the server, sends the call to the wrong place, or "
            "changes it. The key has no part in it."
        ),
        finding="The call through the proxy {proxy} fails: {proxy_said}.",
        looks=(
            "An empty 502 or 503, 421 Misdirected Request, X-Squid-Error, or calls to 127.0.0.1 "
            "that go out through the proxy; curl works and the SDK does not, or the reverse; "
            "HTTP_PROXY or HTTPS_PROXY is set."
        ),
        confirm="The same call without the proxy is answered by OpenAI.",
        prevent=(
            "List what must not go through the proxy in NO_PROXY: localhost, 127.0.0.1, and "
            "api.openai.com where a direct way exists."
        ),
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text="Call {direct_host} without the proxy {proxy}: that way it answers.",
                who="you",
                command="{no_proxy_command}",
                apply=Change(kind="skip-proxy"),
            ),
            Fix(
                text="Ask why the proxy {proxy} does not deliver calls to {host}.",
                who="it",
            ),
            Fix(
                text=(
                    "Try the same call without the proxy: if that works, add the host to NO_PROXY, "
                    "and keep what is there."
                ),
                who="you",
                command="curl --noproxy '*' -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' {base_url}/models",
                when=When(fact={"host_kind": ("local", "other")}),
            ),
            Fix(
                text=(
                    "Try the same call without the proxy: if that works, add the host to NO_PROXY, "
                    "and keep what is there."
                ),
                who="you",
                command="curl --noproxy '*' -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' https://api.openai.com/v1/models",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"reach-without-proxy": "works"})),
            Symptom(
                when=When(status=("4xx", "5xx"), fact={"speaker": "proxy"}), confidence="likely"
            ),
            Symptom(
                when=When(
                    failure=("read-timeout", "connect-timeout", "reset", "malformed-answer"),
                    fact={"failed_phase": "proxy"},
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    failure="proxy-refused",
                    message=pattern(
                        r"\b(?:40[0459]|421|50[0-9])\b", "Tunnel connection failed: 400"
                    ),
                ),
                confidence="likely",
            ),
            Symptom(when=When(status=421), confidence="likely"),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bx-squid-error\b", "X-Squid-Error: ERR_ACCESS_DENIED 0"),
                        (
                            r"\bERR_(?:CONNECT_FAIL|DNS_FAIL|INVALID_REQ|CANNOT_FORWARD)\b",
                            "ERR_CONNECT_FAIL 111",
                        ),
                        (r"\btunnel connection failed: 50[0-9]", "Tunnel connection failed: 503"),
                        (r"\bcode 50[0-9] from proxy\b", "Received HTTP code 503 from proxy"),
                        (r"\bstatus ?code=50[0-9]\b", "Proxy CONNECT aborted: statusCode=502"),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="service-edge-error",
                why=(
                    "The fault may be OpenAI's own; the same call without the proxy, or the status "
                    "page, tells."
                ),
            ),
            Alternative(
                cause="network-filter-blocked",
                why="The proxy may refuse on purpose; its page or its owner tells.",
            ),
        ),
    ),
)
