"""THE TREE.

Read it from top to bottom as a flow chart: what is asked, why, and where each answer leads.

A step is a question (`act`), the reason for it (`why`) and its branches. The first branch whose
`when` matches the answer is taken:

- `goes_to("step", …)` goes on to that step, with the cause found among its `suspects`, if any;
- `ends_with("cause", …)` ends the walk; its arguments are the suspects;
- `Branch(…)` without `goto` ends it as well, with a mark of its own;
- `refusals()` are the branches for failed calls with the key, `OTHERWISE` is the last branch.

Branches ask the coarse question that a person would draw (which status, which failure). The
suspects are tried in order, and the symptoms of the causes (knowledge/causes/) decide among them.
The last branch of every step matches every answer.
"""

from types import MappingProxyType

from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Branch, Option, Probe, Question, Save, Stage, Step, Tree
from oai_tui.domain.target import Change
from oai_tui.knowledge.patterns import any_of, pattern
from oai_tui.knowledge.suspects import (
    BEHIND_A_PROXY,
    CUT,
    GATEWAY,
    KEY_REFUSED,
    MODEL_REFUSED,
    NETWORK,
    NO_ANSWER,
    NO_KEY_ARRIVED,
    ON_THE_WAY,
    SCOPES,
    SERVICE,
)
from oai_tui.knowledge.tree_builders import (
    OTHERWISE,
    asks_status_page,
    ends_with,
    goes_to,
    refusals,
)

STAGES = (
    Stage(id="credential", title="Credential"),
    Stage(id="reach", title="Reach"),
    Stage(id="key", title="Key", needs=("credential", "reach")),
    Stage(id="identity", title="Identity", needs=("credential", "reach", "key")),
    Stage(id="model", title="Model", needs=("credential", "reach", "key")),
    Stage(id="inference", title="Inference", needs=("credential", "reach", "key", "model")),
    Stage(id="limits", title="Limits", needs=("credential", "reach", "key")),
    Stage(id="save", title="Save", needs=("credential", "reach", "key")),
)

_CREDENTIAL_STEPS = (
    Step(
        id="credential",
        stage="credential",
        title="Which key is really used?",
        why=(
            "Most refusals come from another key than the one people look at. Its text and shape "
            "are read here; nothing is sent."
        ),
        act=Probe(name="credential"),
        skip_to="settings",
        branches=(
            ends_with(
                "keyring-locked",
                "keyring-unavailable",
                "keyring-failed",
                "unknown",
                when=When(fact={"credential": "unreadable"}),
                label="keyring",
            ),
            ends_with(
                "key-missing",
                when=When(fact={"credential": ("none", "profile-missing", "not-read")}),
                label="none",
            ),
            ends_with(
                "key-placeholder",
                when=When(fact={"key_role": "placeholder", "own_server": False}),
                label="no key",
            ),
            ends_with(
                "key-placeholder",
                when=When(fact={"key_role": "placeholder", "key_sendable": False}),
                label="no key",
            ),
            ends_with(
                "key-other-provider",
                when=When(
                    fact={
                        "key_role": "other-vendor",
                        "key_certain": True,
                        "vendor_matches_host": False,
                    }
                ),
                label="other vendor",
            ),
            ends_with(
                "key-admin-on-inference", when=When(fact={"key_role": "admin"}), label="admin key"
            ),
            ends_with(
                "token-expired",
                "key-chatgpt-token",
                "key-ephemeral",
                "unknown",
                when=When(fact={"key_role": "token"}),
                label="token",
            ),
            ends_with(
                "key-malformed", when=When(fact={"key_damage": "unrepairable"}), label="damaged"
            ),
            goes_to(
                "settings",
                when=When(fact={"key_damage": "repairable"}),
                label="damaged",
                mark="warning",
            ),
            goes_to("settings", when=When(), label="sound"),
        ),
    ),
)

_REACH_STEPS = (
    Step(
        id="settings",
        stage="reach",
        title="Can the settings work at all?",
        why=(
            "A base URL, proxy or certificate file that cannot work would fail every later step "
            "with a misleading error."
        ),
        act=Probe(name="settings"),
        branches=(
            ends_with(
                "base-url-wrong",
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
                ),
                label="base URL",
            ),
            ends_with(
                "proxy-misconfigured", when=When(fact={"proxy_problem": None}), label="proxy"
            ),
            ends_with(
                "ca-bundle-broken", when=When(fact={"ca_file": None}), label="certificate file"
            ),
            ends_with(
                "organization-invalid",
                when=When(fact={"organization_problem": None}),
                label="organization",
            ),
            ends_with(
                "project-mismatch", when=When(fact={"project_problem": None}), label="project"
            ),
            goes_to(
                "plain-http",
                when=When(fact={"plain_http_to": None}),
                label="plain http",
                suspects=("plain-http-refused",),
                mark="warning",
            ),
            goes_to("reach", when=When(), label="usable"),
        ),
    ),
    Step(
        id="plain-http",
        stage="reach",
        title="Send the key over plain http?",
        why=(
            "The base URL begins with http:// and leads to another machine. Everyone on the "
            "network path can read a key that is sent there."
        ),
        experiment=True,
        act=Question(
            id="plain-http",
            text=(
                "The base URL begins with http:// and leads to another machine. The key would "
                "cross the network unencrypted: everyone on the path, and whoever runs the "
                "server, can read and use it. Send it anyway?"
            ),
            options=(
                Option(id="no", label="No, keep the key here"),
                Option(
                    id="yes",
                    label="Yes, send it unencrypted",
                    agrees_to_server=True,
                    allows_http=True,
                ),
            ),
        ),
        branches=(
            goes_to("reach", when=When(answer="yes"), label="yes", clears=True),
            ends_with("plain-http-refused", when=When(), label="no"),
        ),
    ),
    Step(
        id="reach",
        stage="reach",
        title="Is OpenAI at the other end?",
        why=(
            "The first call goes without the key. OpenAI's own refusal proves who is there before "
            "any secret leaves this machine."
        ),
        act=Probe(name="reach"),
        branches=(
            goes_to(
                "clock",
                when=When(
                    failure="tls-invalid", fact={"tls_problem": ("expired", "not-yet-valid")}
                ),
                label="no answer",
                suspects=("tls-certificate-invalid",),
                mark="failed",
            ),
            goes_to(
                "reach-other-store",
                when=When(failure="tls-untrusted"),
                label="no answer",
                suspects=("network-filter-blocked", "tls-untrusted"),
                mark="failed",
            ),
            goes_to(
                "reach-without-proxy",
                when=When(failure=("proxy-refused", "proxy-unreachable", "proxy-auth")),
                label="no answer",
                suspects=BEHIND_A_PROXY,
                mark="failed",
            ),
            goes_to(
                "reach-without-proxy",
                when=When(
                    failure=("reset", "malformed-answer", "read-timeout", "tls-protocol"),
                    fact={"proxy": None},
                ),
                label="no answer",
                suspects=CUT,
                mark="failed",
            ),
            goes_to(
                "reach-without-proxy",
                when=When(status=(401, 403, 407), fact={"speaker": "proxy", "proxy": None}),
                label="the proxy refuses",
                suspects=("proxy-auth-required", "proxy-interference", "unknown"),
                mark="failed",
            ),
            goes_to(
                "reach-without-proxy",
                when=When(status=407, fact={"proxy_forwards": True}),
                label="407",
                suspects=("proxy-auth-required",),
                mark="failed",
            ),
            goes_to(
                "reach-without-proxy",
                when=When(
                    status=(401, 403), fact={"proxy_forwards": True, "speaker": ("other", "filter")}
                ),
                label="the proxy or the server refuses",
                suspects=("network-filter-blocked", "unknown"),
                mark="failed",
            ),
            goes_to(
                "reach-without-proxy",
                when=When(status=("5xx", 421), fact={"proxy": None}),
                label="5xx",
                suspects=SERVICE,
                mark="failed",
            ),
            goes_to(
                "reach-status",
                when=When(failure="read-timeout", fact={"host_kind": "openai"}),
                label="no answer",
                suspects=("network-filter-blocked", "response-timeout"),
                mark="failed",
            ),
            ends_with(*NETWORK, when=When(failure=NO_ANSWER), label="no answer"),
            ends_with(
                "country-unsupported",
                when=When(code="unsupported_country_region_territory"),
                label="403",
            ),
            ends_with(
                "country-unsupported",
                when=When(
                    status=403,
                    message=pattern(
                        r"country, region,? or territory not supported",
                        "Country, region, or territory not supported",
                    ),
                ),
                label="403",
            ),
            ends_with("proxy-auth-required", when=When(status=407), label="407"),
            # a server that is not OpenAI's, in its own words
            ends_with(
                "gateway-upstream-down",
                when=When(fact={"own_terms": True, "upstream_down": ("certain", "likely")}),
                label="no server behind",
            ),
            ends_with(
                "gateway-refused",
                when=When(fact={"own_terms": True, "login_scheme": None}),
                label="a login",
            ),
            ends_with(
                "base-url-wrong",
                when=When(status="3xx", fact={"own_terms": True, "redirect_base_url": None}),
                label="redirect",
            ),
            ends_with(
                "gateway-refused",
                when=When(status="3xx", fact={"own_terms": True}),
                label="redirect",
            ),
            ends_with(
                "base-url-wrong",
                when=When(fact={"own_terms": True, "https_base_url": None}),
                label="TLS only",
            ),
            goes_to(
                "reach-with-v1",
                when=When(
                    fact={"own_terms": True, "refused_in_200": True, "base_url_with_v1": None}
                ),
                label="no API",
                mark="warning",
            ),
            goes_to(
                "reach-with-v1",
                when=When(
                    status=(404, 405),
                    fact={"own_terms": True, "key_may_go": True, "base_url_with_v1": None},
                ),
                label="404",
                mark="warning",
            ),
            goes_to(
                "reach-bare-host",
                when=When(
                    status=(404, 405),
                    fact={"own_terms": True, "key_may_go": True, "bare_host_url": None},
                ),
                label="404",
                mark="warning",
            ),
            goes_to(
                "key",
                when=When(
                    fact={"own_terms": True, "key_may_go": True, "speaker": ("web", "other")}
                ),
                label="answers",
                mark="warning",
            ),
            goes_to(
                "key",
                when=When(status=("4xx", "5xx"), fact={"own_terms": True, "key_may_go": True}),
                label="a gateway",
                mark="warning",
            ),
            goes_to(
                "gateway",
                when=When(
                    status="5xx",
                    fact={"own_terms": True, "speaker": ("openai-like", "gateway", "other")},
                ),
                label="another server",
                suspects=("other-server-answered",),
                mark="warning",
            ),
            goes_to(
                "gateway",
                when=When(
                    status=(400, 401, 403, 429), fact={"own_terms": True, "speaker": "other"}
                ),
                label="another server",
                suspects=("other-server-answered",),
                mark="warning",
            ),
            goes_to(
                "reach-status",
                when=When(status="5xx", fact={"host_kind": "openai"}),
                label="5xx",
                suspects=SERVICE,
                mark="failed",
            ),
            ends_with(*SERVICE, when=When(status="5xx"), label="5xx"),
            ends_with(
                "edge-blocked",
                "network-filter-blocked",
                "unknown",
                when=When(fact={"speaker": ("filter", "cloudflare")}),
                label="a page",
            ),
            goes_to(
                "key",
                when=When(status=(404, 405), code="model_not_found", fact={"key_may_go": True}),
                label="answers",
            ),
            goes_to(
                "reach-with-v1",
                when=When(status=(404, 405), fact={"base_url_with_v1": None}),
                label="404",
                suspects=("other-server-answered", "base-url-wrong"),
                mark="failed",
            ),
            goes_to(
                "reach-bare-host",
                when=When(status=(404, 405), fact={"bare_host_url": None}),
                label="404",
                suspects=("other-server-answered", "base-url-wrong"),
                mark="failed",
            ),
            ends_with(
                "other-server-answered", "base-url-wrong", when=When(status=(404, 405)), label="404"
            ),
            ends_with(
                "gateway-refused",
                when=When(fact={"own_terms": True, "asks_for_login": True}),
                label="a login",
            ),
            goes_to(
                "reach-with-v1",
                when=When(
                    fact={
                        "own_terms": True,
                        "host_kind": "local",
                        "speaker": "web",
                        "base_url_with_v1": None,
                    }
                ),
                label="a page",
                suspects=("base-url-wrong", "gateway-refused"),
                mark="failed",
            ),
            ends_with(
                "base-url-wrong",
                "gateway-refused",
                when=When(fact={"own_terms": True, "host_kind": "local", "speaker": "web"}),
                label="a page",
            ),
            goes_to(
                "reach-with-v1",
                when=When(fact={"speaker": "web", "base_url_with_v1": None}),
                label="a page",
                suspects=("network-filter-blocked", "base-url-wrong"),
                mark="failed",
            ),
            ends_with(
                "base-url-wrong",
                "network-filter-blocked",
                when=When(fact={"speaker": "web", "host_kind": "other"}),
                label="a page",
            ),
            ends_with(
                "network-filter-blocked",
                "base-url-wrong",
                when=When(fact={"speaker": "web"}),
                label="a page",
            ),
            ends_with(
                "network-filter-blocked",
                "base-url-wrong",
                when=When(status="3xx"),
                label="redirect",
            ),
            goes_to(
                "key",
                when=When(status=(401, 403), fact={"key_may_go": True, "speaker": "openai"}),
                label="OpenAI",
            ),
            goes_to(
                "key",
                when=When(fact={"key_may_go": True, "speaker": ("openai", "openai-like")}),
                label="answers",
            ),
            goes_to(
                "key",
                when=When(fact={"key_may_go": True, "speaker": "gateway"}),
                label="a gateway",
                mark="warning",
            ),
            goes_to(
                "gateway",
                when=When(fact={"speaker": ("openai", "openai-like", "gateway")}),
                label="another server",
                suspects=("other-server-answered",),
                mark="warning",
            ),
            OTHERWISE,
        ),
    ),
    Step(
        id="reach-with-v1",
        stage="reach",
        title="The same call with /v1",
        why=(
            "OpenAI's paths begin with /v1, and a base URL without it leads nowhere. One thing is "
            "changed: the path."
        ),
        act=Probe(name="reach", change=Change(kind="use-base-url", fact="base_url_with_v1")),
        experiment=True,
        branches=(
            goes_to(
                "reach-bare-host",
                when=When(fact={"refused_in_200": True, "bare_host_url": None}),
                label="the same",
                suspects=("base-url-wrong",),
                mark="failed",
            ),
            ends_with("base-url-wrong", when=When(fact={"refused_in_200": True}), label="the same"),
            Branch(
                when=When(
                    status=(200, 401, 403), fact={"speaker": ("openai", "openai-like", "gateway")}
                ),
                label="works",
                mark="passed",
                suspects=("base-url-wrong",),
            ),
            goes_to(
                "reach-bare-host",
                when=When(
                    fact={"own_terms": True, "key_may_go": True, "bare_host_url": None},
                ),
                label="the same",
                mark="warning",
            ),
            goes_to(
                "key",
                when=When(fact={"own_terms": True, "key_may_go": True}),
                label="the same",
                mark="warning",
            ),
            goes_to(
                "reach-bare-host",
                when=When(fact={"bare_host_url": None}),
                label="the same",
                suspects=(
                    "other-server-answered",
                    "network-filter-blocked",
                    "base-url-wrong",
                    "unknown",
                ),
                mark="failed",
            ),
            ends_with(
                "other-server-answered",
                "network-filter-blocked",
                "base-url-wrong",
                "unknown",
                when=When(),
                label="the same",
            ),
        ),
    ),
    Step(
        id="reach-bare-host",
        stage="reach",
        title="The same call on the bare host",
        why="One thing is changed: the path of the base URL is left out, but for /v1.",
        act=Probe(name="reach", change=Change(kind="use-base-url", fact="bare_host_url")),
        experiment=True,
        branches=(
            ends_with("base-url-wrong", when=When(fact={"refused_in_200": True}), label="the same"),
            Branch(
                when=When(
                    status=(200, 401, 403), fact={"speaker": ("openai", "openai-like", "gateway")}
                ),
                label="works",
                mark="passed",
                suspects=("base-url-wrong",),
            ),
            goes_to(
                "key",
                when=When(fact={"own_terms": True, "key_may_go": True}),
                label="the same",
                mark="warning",
            ),
            ends_with(
                "other-server-answered",
                "network-filter-blocked",
                "base-url-wrong",
                "unknown",
                when=When(),
                label="the same",
            ),
        ),
    ),
    Step(
        id="reach-other-store",
        stage="reach",
        title="The same certificate before the other store",
        why=(
            "One thing is changed: the store. certifi's list of public authorities is asked in "
            "place of this machine's; nothing is sent."
        ),
        act=Probe(name="other-store", differs="store"),
        experiment=True,
        branches=(
            Branch(
                when=When(fact={"other_store": "trusts it"}),
                label="works",
                mark="passed",
                suspects=("network-filter-blocked", "ca-bundle-broken", "tls-untrusted"),
            ),
            ends_with(
                "network-filter-blocked",
                "tls-untrusted",
                when=When(fact={"other_store": "does not trust it"}),
                label="the same",
            ),
            Branch(
                when=When(),
                label="not known",
                mark="skipped",
                suspects=("network-filter-blocked", "tls-untrusted"),
            ),
        ),
    ),
    Step(
        id="reach-without-proxy",
        stage="reach",
        title="The same call without the proxy",
        why=(
            "One thing is changed: the proxy is left out, and the key still stays here. If that "
            "works, the proxy is the cause, certainly."
        ),
        act=Probe(name="reach", change=Change(kind="skip-proxy")),
        experiment=True,
        branches=(
            Branch(
                when=When(
                    status=(200, 401, 403), fact={"speaker": ("openai", "openai-like", "gateway")}
                ),
                label="works",
                mark="passed",
                suspects=(
                    "proxy-unreachable",
                    "proxy-auth-required",
                    "network-filter-blocked",
                    "proxy-misconfigured",
                    "proxy-interference",
                ),
            ),
            ends_with(*ON_THE_WAY, when=When(status="5xx"), label="the same"),
            ends_with(*ON_THE_WAY, when=When(), label="not settled"),
        ),
    ),
    asks_status_page("reach-status", "reach"),
    Step(
        id="clock",
        stage="reach",
        title="What time is it out there?",
        why=(
            "A wrong clock makes sound certificates seem expired. The host's own Date header, "
            "asked for without TLS and without the key, tells."
        ),
        act=Probe(name="clock", differs="scheme"),
        experiment=True,
        branches=(
            ends_with(
                "clock-skew",
                "tls-certificate-invalid",
                when=When(fact={"clock_state": "ahead"}),
                label="ahead",
            ),
            ends_with(
                "clock-skew",
                "tls-certificate-invalid",
                when=When(fact={"clock_state": "behind"}),
                label="behind",
            ),
            ends_with(
                "tls-certificate-invalid", when=When(fact={"clock_state": "right"}), label="right"
            ),
            ends_with("tls-certificate-invalid", when=When(), label="not settled"),
        ),
    ),
    Step(
        id="gateway",
        stage="reach",
        title="Send the key to this server?",
        why="The server is not OpenAI's. Whoever runs it will see the key.",
        experiment=True,
        act=Question(
            id="gateway",
            text="This server is not OpenAI's. Whoever runs it will see the key. Send it there?",
            options=(
                Option(id="no", label="No, keep the key here"),
                Option(id="yes", label="Yes, this server is meant", agrees_to_server=True),
            ),
        ),
        branches=(
            goes_to("key", when=When(answer="yes"), label="yes", clears=True),
            ends_with("other-server-answered", "unknown", when=When(), label="no"),
        ),
    ),
)

_KEY_STEPS = (
    Step(
        id="key",
        stage="key",
        title="Does the API take the key?",
        why="GET /v1/models with the key and the headers your own client would send. It is free.",
        act=Probe(name="models"),
        branches=(
            ends_with(
                "base-url-wrong",
                when=When(status=200, fact={"own_terms": True, "refused_in_200": True}),
                label="no API",
            ),
            goes_to(
                "model",
                when=When(status=200, fact={"own_terms": True, "list_missing": True}),
                label="no list",
                suspects=("base-url-wrong",),
                mark="failed",
            ),
            goes_to("identity", when=When(status=200, fact={"body_kind": "json"}), label="200"),
            goes_to(
                "key-cleaned",
                when=When(failure="unsendable"),
                label="cannot be sent",
                suspects=("key-malformed",),
                mark="failed",
            ),
            goes_to(
                "key-cleaned",
                when=When(status=401, code="invalid_api_key", fact={"key_damage": "repairable"}),
                label="401",
                suspects=("key-malformed",),
                mark="failed",
            ),
            goes_to(
                "key-cleaned",
                when=When(
                    status=401,
                    fact={"key_damage": "repairable"},
                    message=any_of(
                        (r"missing bearer", "Missing bearer authentication in header"),
                        (r"incorrect api key", "Incorrect API key provided"),
                        (r"didn'?t provide", "You didn't provide an API key"),
                    ),
                ),
                label="401",
                suspects=("key-malformed",),
                mark="failed",
            ),
            goes_to(
                "key-without-organization",
                when=When(
                    code=("mismatched_organization", "invalid_organization", "no_organization")
                ),
                label="organization",
                suspects=(
                    "organization-mismatch",
                    "organization-invalid",
                    "organization-membership",
                ),
                mark="failed",
            ),
            goes_to(
                "key-without-organization",
                when=When(
                    message=(
                        pattern(
                            r"openai-organization header should match",
                            "OpenAI-Organization header should match organization for API key",
                        ),
                        pattern(r"no such organization", "No such organization: null"),
                    )
                ),
                label="organization",
                suspects=("organization-mismatch", "organization-invalid"),
                mark="failed",
            ),
            goes_to(
                "key-without-project",
                when=When(code="mismatched_project"),
                label="project",
                suspects=("project-mismatch",),
                mark="failed",
            ),
            goes_to(
                "key-without-project",
                when=When(
                    status=401,
                    message=pattern(
                        r"openai-project header should match",
                        "OpenAI-Project header should match project for API key",
                    ),
                ),
                label="project",
                suspects=("project-mismatch",),
                mark="failed",
            ),
            goes_to(
                "key-without-project",
                when=When(
                    code=("invalid_project", "project_not_found", "project_archived"),
                    fact={"project_named": None},
                ),
                label="project",
                suspects=("project-unavailable",),
                mark="failed",
            ),
            goes_to(
                "key-without-proxy",
                when=When(status=401, fact={"proxy": None, "echo_differs": True}),
                label="401",
                suspects=("auth-header-malformed",),
                mark="failed",
            ),
            goes_to(
                "key-without-proxy",
                when=When(
                    status=401,
                    fact={"proxy": None, "key_sent": True},
                    message=any_of(
                        (r"missing bearer", "Missing bearer authentication in header"),
                        (r"didn'?t provide", "You didn't provide an API key"),
                    ),
                ),
                label="401",
                suspects=("auth-header-malformed",),
                mark="failed",
            ),
            # a server that is not OpenAI's, in its own words
            ends_with(
                "gateway-refused",
                when=When(fact={"own_terms": True, "login_scheme": None}),
                label="a login",
            ),
            ends_with(
                "gateway-refused",
                when=When(fact={"own_terms": True, "asks_for_login": True}),
                label="a login",
            ),
            goes_to(
                "key-cleaned",
                when=When(
                    status=(400, 401, 403),
                    fact={"own_terms": True, "key_damage": "repairable"},
                ),
                label="401",
                suspects=("key-malformed", *GATEWAY),
                mark="failed",
            ),
            ends_with(
                "auth-header-malformed",
                when=When(
                    status=401,
                    fact={"own_terms": True, "key_sent": True},
                    message=NO_KEY_ARRIVED,
                ),
                label="401",
            ),
            goes_to(
                "model",
                when=When(
                    status=500,
                    fact={"own_terms": True, "list_missing": True},
                    message=pattern(
                        r"\A(?![\s\S]*(?:\bkeys?\b|token|auth|connect|timed? ?out|upstream|_db\b))",
                        "Something went wrong",
                    ),
                ),
                label="no list",
                suspects=("gateway-refused",),
                mark="failed",
            ),
            goes_to(
                "model",
                when=When(
                    status=(404, 405, 501),
                    fact={
                        "own_terms": True,
                        "list_missing": True,
                        "front_server": "",
                        "speaker": ("openai-like", "gateway"),
                    },
                ),
                label="no list",
                suspects=("unknown",),
                mark="failed",
            ),
            goes_to(
                "model",
                when=When(status=(404, 405, 501), fact={"own_terms": True, "list_missing": True}),
                label="no list",
                suspects=("base-url-wrong", "gateway-refused"),
                mark="failed",
            ),
            ends_with(
                *GATEWAY,
                when=When(status=("4xx", "5xx"), fact={"own_terms": True}),
                label="refused",
            ),
            ends_with(
                "base-url-wrong",
                "gateway-refused",
                "unknown",
                when=When(status=("2xx", "3xx"), fact={"own_terms": True}),
                label="no API",
            ),
            goes_to(
                "other-keys",
                when=When(status=401, code="invalid_api_key", fact={"other_keys": None}),
                label="401",
                suspects=KEY_REFUSED,
                mark="failed",
            ),
            ends_with(
                "key-not-admin",
                when=When(
                    status=(401, 403),
                    message=pattern(
                        r"\bapi\.(?:management|usage)\.(?:read|write)\b",
                        "Missing scopes: api.management.read",
                    ),
                ),
                label="scopes",
            ),
            goes_to(
                "key-on-named-host",
                when=When(status=(401, 403), fact={"named_host_url": None}),
                label="other host",
                suspects=("regional-host-wrong",),
                mark="failed",
            ),
            goes_to(
                "model", when=SCOPES, label="scopes", suspects=("scope-missing",), mark="warning"
            ),
            *refusals("key-status"),
            OTHERWISE,
        ),
    ),
    Step(
        id="key-cleaned",
        stage="key",
        title="The same call with the cleaned key",
        why=(
            "One thing is changed: the stray characters are left out. If that works, they are the "
            "cause, certainly."
        ),
        act=Probe(name="models", change=Change(kind="use-cleaned-key")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200), label="works", mark="passed", suspects=("key-malformed",)
            ),
            ends_with(
                "key-malformed", when=When(status=401, code="invalid_api_key"), label="refused"
            ),
            ends_with("key-malformed", when=When(status=(401, 403, 429)), label="understood"),
            ends_with("key-malformed", when=When(), label="not settled"),
        ),
    ),
    Step(
        id="other-keys",
        stage="key",
        title="The same call with the other keys found here",
        why=(
            "One thing is changed: the key. If another one that was found here works, the wrong "
            "one wins, certainly."
        ),
        act=Probe(name="other-keys", differs="key"),
        experiment=True,
        branches=(
            Branch(when=When(status=200), label="works", mark="passed", suspects=("key-shadowed",)),
            ends_with(*KEY_REFUSED, when=When(), label="refused"),
        ),
    ),
    Step(
        id="key-without-proxy",
        stage="key",
        title="The same call without the proxy",
        why=(
            "One thing is changed: the proxy is left out. If the key then arrives as it was sent, "
            "the proxy changes it, certainly."
        ),
        act=Probe(name="models", change=Change(kind="skip-proxy")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200),
                label="works",
                mark="passed",
                suspects=("auth-header-malformed",),
            ),
            ends_with("auth-header-malformed", when=When(), label="not settled"),
        ),
    ),
    Step(
        id="key-without-organization",
        stage="key",
        title="The same call without the organization",
        why=(
            "One thing is changed: the OpenAI-Organization header is left out. If that works, the "
            "header is the cause, certainly."
        ),
        act=Probe(name="models", change=Change(kind="unset-organization")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200),
                label="works",
                mark="passed",
                suspects=(
                    "organization-mismatch",
                    "organization-invalid",
                    "organization-membership",
                ),
            ),
            ends_with(
                "organization-membership", when=When(code="no_organization"), label="refused"
            ),
            ends_with(
                "organization-membership",
                when=When(
                    message=pattern(
                        r"must be a member of an organization",
                        "You must be a member of an organization to use the API",
                    )
                ),
                label="refused",
            ),
            ends_with(
                "organization-mismatch",
                "organization-invalid",
                "organization-membership",
                when=When(),
                label="not settled",
            ),
        ),
    ),
    Step(
        id="key-without-project",
        stage="key",
        title="The same call without the project",
        why=(
            "One thing is changed: the OpenAI-Project header is left out. If that works, the "
            "header is the cause, certainly."
        ),
        act=Probe(name="models", change=Change(kind="unset-project")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200),
                label="works",
                mark="passed",
                suspects=("project-mismatch", "project-unavailable"),
            ),
            ends_with("project-mismatch", "project-unavailable", when=When(), label="not settled"),
        ),
    ),
    Step(
        id="key-on-named-host",
        stage="key",
        title="The same call on the host it names",
        why="One thing is changed: the host. If that works, the region is the cause, certainly.",
        act=Probe(name="models", change=Change(kind="use-base-url", fact="named_host_url")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200),
                label="works",
                mark="passed",
                suspects=("regional-host-wrong",),
            ),
            ends_with("regional-host-wrong", when=When(), label="not settled"),
        ),
    ),
    asks_status_page("key-status", "key"),
)

_IDENTITY_STEPS = (
    Step(
        id="identity",
        stage="identity",
        title="On whose behalf?",
        why=(
            "GET /v1/me and the answer's headers tell the organization and project that calls "
            "count for. A refusal does no harm."
        ),
        act=Probe(name="identity"),
        skip_to="model",
        branches=(
            goes_to(
                "model",
                when=When(fact={"refused_in_200": True}),
                label="not told",
                mark="skipped",
            ),
            goes_to("model", when=When(status=200), label="known"),
            goes_to("model", when=When(), label="not told", mark="skipped"),
        ),
    ),
)

_MODEL_STEPS = (
    Step(
        id="model",
        stage="model",
        title="Is the model there for this key?",
        why=(
            "Looks the wanted model up among those the key can list, or chooses the cheapest one "
            "for the billed request."
        ),
        act=Probe(name="model"),
        skip_to="consent",
        branches=(
            goes_to("consent", when=When(fact={"model_wanted": ""}), label="chosen"),
            goes_to("consent", when=When(fact={"model_listed": True}), label="listed"),
            goes_to(
                "consent",
                when=When(fact={"list_missing": True}),
                label="no list",
                mark="skipped",
            ),
            goes_to("consent", when=When(status=200), label="there"),
            goes_to(
                "consent", when=SCOPES, label="scopes", suspects=("scope-missing",), mark="warning"
            ),
            *refusals(),
            OTHERWISE,
        ),
    ),
)

_INFERENCE_STEPS = (
    Step(
        id="consent",
        stage="inference",
        title="Send the smallest billed request?",
        why=(
            "Billing shows in a billed request only. It costs about $0.00001, and nothing is sent "
            "without a yes."
        ),
        act=Question(
            id="inference",
            text=(
                "Billing shows in a billed request only. Send the smallest one, for about $0.00001?"
            ),
            options=(
                Option(id="yes", label="Yes, test billing too"),
                Option(id="no", label="No, leave billing untested"),
            ),
        ),
        skip_to="limits",
        branches=(
            goes_to("inference", when=When(answer="yes"), label="yes"),
            goes_to("limits", when=When(), label="no", mark="skipped"),
        ),
    ),
    Step(
        id="inference",
        stage="inference",
        title="Does a billed request go through?",
        why=(
            "POST /v1/responses with 16 output tokens at most, not stored. Only this shows "
            "billing, model access and scopes as they are."
        ),
        act=Probe(name="inference"),
        skip_to="limits",
        branches=(
            ends_with("base-url-wrong", when=When(fact={"no_model_answer": True}), label="no API"),
            goes_to(
                "limits",
                when=When(status=200, fact={"body_kind": "json"}),
                label="200",
                clears=True,
            ),
            ends_with(
                "gateway-refused",
                when=When(
                    status=404,
                    fact={"own_terms": True, "list_missing": True},
                    message=MODEL_REFUSED,
                ),
                label="no such model",
            ),
            ends_with(
                "base-url-wrong",
                when=When(status=(404, 405), fact={"own_terms": True, "list_missing": True}),
                label="404",
            ),
            *refusals("inference-status"),
            OTHERWISE,
        ),
    ),
    asks_status_page("inference-status", "inference"),
)

_LIMITS_STEPS = (
    Step(
        id="limits",
        stage="limits",
        title="How much headroom is there?",
        why="Reads the x-ratelimit headers of the answers so far; nothing is sent.",
        act=Probe(name="limits"),
        skip_to="keep",
        branches=(
            goes_to("keep", when=When(fact={"limits_known": True}), label="known"),
            goes_to("keep", when=When(), label="not told", mark="skipped"),
        ),
    ),
)

_SAVE_STEPS = (
    Step(
        id="keep",
        stage="save",
        title="Keep this as a profile?",
        why=(
            "What was just proved can be kept in the operating system's keyring, for `check` and "
            "for your own programs."
        ),
        healthy_only=True,
        act=Question(
            id="save",
            text="Keep the verified key and its settings in the keyring?",
            text_fact="profile_name",
            options=(
                Option(id="save", label="Save as a profile"),
                Option(id="no", label="Not now"),
            ),
        ),
        branches=(
            goes_to("save", when=When(answer="save"), label="save"),
            Branch(when=When(), label="no", mark="skipped"),
        ),
    ),
    Step(
        id="save",
        stage="save",
        title="Save in the keyring",
        why="Writes, reads back and compares. A profile is there whole or not at all.",
        healthy_only=True,
        act=Save(name_fact="profile_name"),
        branches=(
            Branch(when=When(fact={"keyring": "works"}), label="saved", mark="passed"),
            ends_with(
                "keyring-locked",
                "keyring-unavailable",
                "keyring-failed",
                "unknown",
                when=When(),
                label="not saved",
            ),
        ),
    ),
)

_STEPS = (
    *_CREDENTIAL_STEPS,
    *_REACH_STEPS,
    *_KEY_STEPS,
    *_IDENTITY_STEPS,
    *_MODEL_STEPS,
    *_INFERENCE_STEPS,
    *_LIMITS_STEPS,
    *_SAVE_STEPS,
)

TREE = Tree(
    stages=STAGES,
    steps=MappingProxyType({step.id: step for step in _STEPS}),
    start="credential",
)
