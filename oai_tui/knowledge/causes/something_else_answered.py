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
        title="The base URL doesn't lead to the API",
        meaning=(
            "The base URL is invalid, has the wrong path, or leads to a website. OpenAI's ends "
            "in /v1."
        ),
        finding="The base URL from {base_url_origin} doesn't lead to the API.",
        findings=(
            Finding(
                when=When(fact={"base_url_problem": "plain-http"}),
                text=(
                    "The base URL from {base_url_origin} starts with http://, but OpenAI only "
                    "accepts https. Nothing was sent."
                ),
            ),
            Finding(
                when=When(fact={"base_url_problem": "path-is-endpoint"}),
                text=(
                    "The base URL from {base_url_origin} ends with an endpoint path, or has /v1 "
                    "twice; clients add the endpoint path themselves. Nothing was sent."
                ),
            ),
            Finding(
                when=When(fact={"base_url_problem": "query"}),
                text=(
                    "The base URL from {base_url_origin} has a query or fragment, but clients "
                    "append the endpoint path to it. Nothing was sent."
                ),
            ),
            Finding(
                when=When(fact={"own_terms": True, "reach-with-v1": "works"}),
                text=(
                    "{server_at} answers as an API with /v1 at the end of the base URL, and not "
                    "without it. Add /v1 to the base URL from {base_url_origin}."
                ),
            ),
            Finding(
                when=When(fact={"own_terms": True, "reach-bare-host": "works"}),
                text="{server_at} answers as an API at {bare_host_url}, and not at the base URL from {base_url_origin}.",
            ),
            Finding(
                when=When(status="3xx", fact={"own_terms": True}),
                text=(
                    "{server_at} returned {answer_status} and redirects to {redirect_to}. The "
                    "redirect was not followed."
                ),
            ),
            Finding(
                when=When(status=(404, 405, 501), fact={"own_terms": True}),
                text=(
                    "{server_at} returned {answer_status} for its model list: it has none, or "
                    "the base URL from {base_url_origin} has the wrong path."
                ),
            ),
            Finding(
                when=When(status=200, fact={"own_terms": True, "body_kind": "html"}),
                text=(
                    "{server_at} returned the web page “{server_words}”, not an API response: "
                    "the base URL from {base_url_origin} may have the wrong path."
                ),
            ),
            Finding(
                when=When(status="2xx", fact={"own_terms": True}),
                text=(
                    "{server_at} answers, but not as an API: the base URL from {base_url_origin} "
                    "may have the wrong path."
                ),
            ),
            Finding(
                when=When(fact={"https_base_url": None}),
                text=(
                    "{server_at} only accepts https, but the base URL from {base_url_origin} "
                    "starts with http://."
                ),
            ),
        ),
        looks=(
            "404 or HTML; \"Invalid URL (GET …)\"; \"missing an 'http://' or 'https://' "
            'protocol"; /v1 missing or doubled, or an endpoint in the base URL.'
        ),
        confirm=(
            "GET BASE_URL/models returns 404 or a page; GET https://HOST/v1/models returns 401 "
            "or 200."
        ),
        prevent="Leave OPENAI_BASE_URL unset for OpenAI; other base URLs end in /v1.",
        fixes=(
            Fix(
                text="Use {redirect_base_url}, if {location_host} is the server you want.",
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
                text=(
                    "Compare the path of {base_url} with the one in the server's documentation; "
                    "most end in /v1."
                ),
                who="you",
                when=When(status=("2xx", 404, 405, 501), fact={"own_terms": True}),
            ),
            Fix(
                text="Send a billed test request: some servers work without a model list.",
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
                text="Unset the base URL to use OpenAI.",
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
                why="Another server may run at this address, with its own host name and paths.",
            ),
            Alternative(
                cause="network-filter-blocked",
                why=(
                    "The page may come from a filter or a guest network's sign-in page; open it "
                    "in a browser."
                ),
                when=When(fact={"own_terms": True, "host_kind": "other", "body_kind": "html"}),
            ),
        ),
    ),
    Cause(
        id="plain-http-refused",
        family="something-else-answered",
        title="Nothing was sent: the base URL uses unencrypted http",
        meaning=(
            "The base URL starts with http:// and points to another machine. Anyone on the "
            "network path could read the key, so nothing was sent."
        ),
        finding=(
            "The base URL {base_url} uses http, and {plain_http_to} is another machine. The key "
            "would be sent unencrypted, so nothing was sent. Whether a server answers there was "
            "not tested."
        ),
        looks=(
            "http:// before another machine's name or address: 192.168.…, a host on the local "
            "network, host.docker.internal."
        ),
        confirm=(
            "The base URL starts with http://, and its host is neither localhost nor an address "
            "that starts with 127."
        ),
        prevent=(
            "Add a TLS certificate to servers that other machines use, or reach them through a "
            "tunnel."
        ),
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text="Allow http for this host, if anyone on the network path may read this key.",
                who="you",
                command="oai-tui check --base-url {base_url} --allow-http",
                safe=False,
            ),
            Fix(
                text="Ask the server's operator for an https address, and use that.",
                who="it",
            ),
            Fix(
                text=(
                    "Open an SSH tunnel to the server (replace USER, HOST and PORT), and use "
                    "http://localhost:PORT/v1 as the base URL."
                ),
                who="you",
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"plain_http_to": None})),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\bcleartext (?:http traffic|communication)\b.{0,120}\bnot permitted\b",
                            "Cleartext HTTP traffic to 192.168.1.20 not permitted",
                            "CLEARTEXT communication to gateway.example not permitted by network security policy",
                        ),
                        (
                            r"\berr_cleartext_not_permitted\b",
                            "net::ERR_CLEARTEXT_NOT_PERMITTED",
                        ),
                        (
                            r"\bapp transport security policy requires\b",
                            "the App Transport Security policy requires the use of a secure connection",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="base-url-wrong",
                why="The server may offer https as well; the base URL then only needs the s.",
                when=When(fact={"body_kind": None}),
            ),
        ),
    ),
    Cause(
        id="other-server-answered",
        family="something-else-answered",
        title="A server other than OpenAI answered",
        meaning=(
            "The response comes from another server: a gateway, another provider, or a local "
            "server. It has its own keys, models and limits; OpenAI's don't apply there."
        ),
        finding="{host} looks like {speaker_name}; it did not identify itself as OpenAI.",
        findings=(
            Finding(
                when=When(fact={"host": None}),
                text="{host} looks like {speaker_name}; it did not identify itself as OpenAI.",
            ),
            Finding(
                when=When(fact={"speaker": "gateway", "speaker_name": None}),
                text=(
                    "The response looks like {speaker_name}, not OpenAI. It has its own keys, "
                    "models and limits."
                ),
            ),
        ),
        looks=(
            "A numeric or missing code, different headers, different wording; no openai-version "
            "header."
        ),
        confirm=(
            "Call BASE_URL/models without a key, with `curl -i`: OpenAI returns 401 with an "
            "x-request-id header; this server's response differs."
        ),
        prevent=(
            "Use separate variables for each server's base URL and key, and a separate profile "
            "here."
        ),
        fixes=(
            Fix(
                text=(
                    "Confirm this server if it is the one you want: answer “Yes, this is my "
                    "server” in the wizard, or name it with --base-url. Use its key."
                ),
                who="you",
                command="oai-tui check --base-url {base_url}",
            ),
            Fix(
                text="Use a key for the server that answered; ask its operator for one.",
                who="you",
                when=When(status=(401, 403), fact={"speaker": "gateway"}),
            ),
            Fix(
                text="Use a model that this server offers; it has its own model names.",
                who="you",
                when=When(status=404, fact={"speaker": "gateway"}),
            ),
            Fix(
                text=(
                    "Ask the operator of this server to check the server behind it; the log "
                    "names it."
                ),
                who="it",
                when=When(status=(502, 503, 504), fact={"speaker": ("gateway", "web")}),
            ),
            Fix(
                text="Unset the base URL to use OpenAI instead.",
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
            Symptom(when=When(status=413, fact={"speaker": "front"}), confidence="likely"),
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
            Alternative(
                cause="base-url-wrong", why="The base URL may have been intended for OpenAI."
            ),
        ),
    ),
    Cause(
        id="edge-blocked",
        family="something-else-answered",
        title="Cloudflare blocked this client or network",
        meaning=(
            "Cloudflare, in front of the API, blocked the call before it reached OpenAI. The key "
            "is not the problem."
        ),
        looks=(
            '403 or 503 HTML: "Just a moment", "you have been blocked", error 1010 or 1020; no '
            "x-request-id."
        ),
        confirm="The call without a key is blocked as well, but works from another network.",
        prevent="Call from servers with their own IP address, not from shared VPN exits.",
        fixes=(
            Fix(
                text=(
                    "Try from another network, without a VPN or shared proxy: a 401 means that it "
                    "isn't blocked."
                ),
                who="you",
                command="curl --noproxy '*' -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' https://api.openai.com/v1/models",
            ),
            Fix(text="Ask IT for a different egress IP, and quote the Ray ID.", who="it"),
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
                    "A filter in your network may use the same message; check who issued the "
                    "certificate, and call without a key."
                ),
            ),
        ),
    ),
    Cause(
        id="network-filter-blocked",
        family="something-else-answered",
        title="A network filter answered instead of OpenAI",
        meaning=(
            "A company gateway, firewall or captive portal on this network answered instead of "
            "OpenAI. The key is not the problem."
        ),
        finding="{speaker_name} answered instead of OpenAI. The key is not the problem.",
        looks="HTML or a redirect, with the name of a product, company or hotel.",
        confirm="The call without a key doesn't get OpenAI's 401.",
        prevent=(
            "Have api.openai.com allowed before a rollout, and test from the network where the "
            "program will run."
        ),
        fixes=(
            Fix(
                text="Ask IT to allow api.openai.com on port 443, and send them the page's name.",
                who="it",
            ),
            Fix(text="On a guest network, open any web page and sign in first.", who="you"),
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
                why="The base URL may lead to a website; compare its host with api.openai.com.",
            ),
        ),
    ),
    Cause(
        id="proxy-interference",
        family="something-else-answered",
        title="A proxy is breaking the call",
        meaning=(
            "A proxy on this machine or network breaks the call: it returns its own error, opens "
            "no connection to the server, sends the call to the wrong place, or changes it. The "
            "key is not the problem."
        ),
        finding="The call through the proxy {proxy} fails: {proxy_said}.",
        looks=(
            "An empty 502 or 503, 421 Misdirected Request, X-Squid-Error, or calls to 127.0.0.1 "
            "that go through the proxy; curl works and the SDK doesn't, or the reverse; "
            "HTTP_PROXY or HTTPS_PROXY is set."
        ),
        confirm="The same call without the proxy is answered by OpenAI.",
        prevent=(
            "Add the hosts that must bypass the proxy to NO_PROXY: localhost, 127.0.0.1, and "
            "api.openai.com if a direct connection works."
        ),
        fixes=(
            LOCAL_CALL_FIX,
            Fix(
                text="Call {direct_host} without the proxy {proxy}: it answers that way.",
                who="you",
                command="{no_proxy_command}",
                apply=Change(kind="skip-proxy"),
            ),
            Fix(
                text="Ask why the proxy {proxy} doesn't forward calls to {host}.",
                who="it",
            ),
            Fix(
                text=(
                    "Try the same call without the proxy: if it succeeds, add the host to "
                    "NO_PROXY and keep its other entries."
                ),
                who="you",
                command="curl --noproxy '*' -sS -m 10 -o /dev/null -w '%{{http_code}}\\n' {base_url}/models",
                when=When(fact={"host_kind": ("local", "other")}),
            ),
            Fix(
                text=(
                    "Try the same call without the proxy: if it succeeds, add the host to "
                    "NO_PROXY and keep its other entries."
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
                    "The problem may be OpenAI's; try the same call without the proxy, or check "
                    "the status page."
                ),
            ),
            Alternative(
                cause="network-filter-blocked",
                why="The proxy may block the call on purpose; read its page or ask its operator.",
            ),
        ),
    ),
)
