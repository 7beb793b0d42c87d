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
    asks_organizations,
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
        title="Which key is actually used?",
        why=(
            "Most failures come from a different key than expected. Its text and format are "
            "checked here; nothing is sent."
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
                when=When(
                    fact={"credential": ("none", "profile-missing", "not-read", "not-in-source")}
                ),
                label="no key",
            ),
            ends_with(
                "key-placeholder",
                when=When(fact={"key_role": "placeholder", "own_server": False}),
                label="not a key",
            ),
            ends_with(
                "key-placeholder",
                when=When(fact={"key_role": "placeholder", "key_sendable": False}),
                label="not a key",
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
                label="other provider",
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
                "key-malformed", when=When(fact={"key_damage": "unrepairable"}), label="malformed"
            ),
            goes_to(
                "settings",
                when=When(fact={"key_damage": "repairable"}),
                label="malformed",
                mark="warning",
            ),
            goes_to("settings", when=When(), label="ok"),
        ),
    ),
)

_REACH_STEPS = (
    Step(
        id="settings",
        stage="reach",
        title="Are the settings valid?",
        why=(
            "An invalid base URL, proxy or certificate file would make every later step fail "
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
            goes_to("reach", when=When(), label="ok"),
        ),
    ),
    Step(
        id="plain-http",
        stage="reach",
        title="Send the key over unencrypted http?",
        why=(
            "The base URL starts with http:// and points to another machine. Anyone on the "
            "network path can read a key sent there."
        ),
        experiment=True,
        act=Question(
            id="plain-http",
            text=(
                "The base URL starts with http:// and points to another machine. Everyone on the "
                "network path, and the server's operator, can read and use the key. Send it "
                "anyway?"
            ),
            options=(
                Option(id="no", label="No, don't send the key"),
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
        title="Which server answers?",
        why=(
            "The first call is made without the key (expected: 401). OpenAI's own 401 proves who "
            "is answering before the key leaves this machine."
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
                label="refused by the proxy",
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
                label="refused by the proxy or the server",
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
                label="server behind it down",
            ),
            ends_with(
                "gateway-refused",
                when=When(fact={"own_terms": True, "login_scheme": None}),
                label="login required",
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
                label="https only",
            ),
            goes_to(
                "reach-with-v1",
                when=When(
                    fact={"own_terms": True, "refused_in_200": True, "base_url_with_v1": None}
                ),
                label="not an API",
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
                label="web page",
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
                label="login required",
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
                label="web page",
                suspects=("base-url-wrong", "gateway-refused"),
                mark="failed",
            ),
            ends_with(
                "base-url-wrong",
                "gateway-refused",
                when=When(fact={"own_terms": True, "host_kind": "local", "speaker": "web"}),
                label="web page",
            ),
            goes_to(
                "reach-with-v1",
                when=When(fact={"speaker": "web", "base_url_with_v1": None}),
                label="web page",
                suspects=("network-filter-blocked", "base-url-wrong"),
                mark="failed",
            ),
            ends_with(
                "base-url-wrong",
                "network-filter-blocked",
                when=When(fact={"speaker": "web", "host_kind": "other"}),
                label="web page",
            ),
            ends_with(
                "network-filter-blocked",
                "base-url-wrong",
                when=When(fact={"speaker": "web"}),
                label="web page",
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
        title="Same call with /v1",
        why=(
            "OpenAI's paths start with /v1, and a base URL without it leads nowhere. This test "
            "changes only the path."
        ),
        act=Probe(name="reach", change=Change(kind="use-base-url", fact="base_url_with_v1")),
        experiment=True,
        branches=(
            goes_to(
                "reach-bare-host",
                when=When(fact={"refused_in_200": True, "bare_host_url": None}),
                label="no change",
                suspects=("base-url-wrong",),
                mark="failed",
            ),
            ends_with(
                "base-url-wrong", when=When(fact={"refused_in_200": True}), label="no change"
            ),
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
                label="no change",
                mark="warning",
            ),
            goes_to(
                "key",
                when=When(fact={"own_terms": True, "key_may_go": True}),
                label="no change",
                mark="warning",
            ),
            goes_to(
                "reach-bare-host",
                when=When(fact={"bare_host_url": None}),
                label="no change",
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
                label="no change",
            ),
        ),
    ),
    Step(
        id="reach-bare-host",
        stage="reach",
        title="Same call without a path",
        why="This test changes only the path: the base URL keeps nothing but the host and /v1.",
        act=Probe(name="reach", change=Change(kind="use-base-url", fact="bare_host_url")),
        experiment=True,
        branches=(
            ends_with(
                "base-url-wrong", when=When(fact={"refused_in_200": True}), label="no change"
            ),
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
                label="no change",
                mark="warning",
            ),
            ends_with(
                "other-server-answered",
                "network-filter-blocked",
                "base-url-wrong",
                "unknown",
                when=When(),
                label="no change",
            ),
        ),
    ),
    Step(
        id="reach-other-store",
        stage="reach",
        title="Same certificate against certifi's CA list",
        why=(
            "This test changes only the certificate store: certifi's public CA list instead of "
            "this machine's. Nothing is sent."
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
                label="no change",
            ),
            Branch(
                when=When(),
                label="unknown",
                mark="skipped",
                suspects=("network-filter-blocked", "tls-untrusted"),
            ),
        ),
    ),
    Step(
        id="reach-without-proxy",
        stage="reach",
        title="Same call without the proxy",
        why=(
            "This test changes only the proxy, and still sends no key. If the call works without "
            "it, the proxy is the cause."
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
            ends_with(*ON_THE_WAY, when=When(status="5xx"), label="no change"),
            ends_with(*ON_THE_WAY, when=When(), label="inconclusive"),
        ),
    ),
    asks_status_page("reach-status", "reach"),
    Step(
        id="clock",
        stage="reach",
        title="Is this machine's clock right?",
        why=(
            "A wrong clock makes valid certificates look expired. This test reads the host's "
            "Date header, without TLS and without the key."
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
            ends_with("tls-certificate-invalid", when=When(), label="inconclusive"),
        ),
    ),
    Step(
        id="gateway",
        stage="reach",
        title="Send the key to this server?",
        why="The server is not OpenAI. Its operator will see the key.",
        experiment=True,
        act=Question(
            id="gateway",
            text="This server is not OpenAI. Its operator will see the key. Send it there?",
            options=(
                Option(id="no", label="No, don't send the key"),
                Option(id="yes", label="Yes, this is my server", agrees_to_server=True),
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
        title="Does the API accept the key?",
        why="GET /v1/models with the key and the headers your client would send. It is free.",
        act=Probe(name="models"),
        branches=(
            ends_with(
                "base-url-wrong",
                when=When(status=200, fact={"own_terms": True, "refused_in_200": True}),
                label="not an API",
            ),
            goes_to(
                "model",
                when=When(status=200, fact={"own_terms": True, "list_missing": True}),
                label="no model list",
                suspects=("base-url-wrong",),
                mark="failed",
            ),
            goes_to("identity", when=When(status=200, fact={"body_kind": "json"}), label="200"),
            goes_to(
                "model",
                when=When(status=200, fact={"body_kind": "too-large"}),
                label="list too large",
                suspects=("unknown",),
                mark="failed",
            ),
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
                    code=("mismatched_organization", "invalid_organization", "no_organization"),
                    fact={"organization_named": None},
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
                    fact={"organization_named": None},
                    message=(
                        pattern(
                            r"openai-organization header should match",
                            "OpenAI-Organization header should match organization for API key",
                        ),
                        pattern(r"no such organization", "No such organization: null"),
                    ),
                ),
                label="organization",
                suspects=("organization-mismatch", "organization-invalid"),
                mark="failed",
            ),
            goes_to(
                "key-without-project",
                when=When(code="mismatched_project", fact={"project_named": None}),
                label="project",
                suspects=("project-mismatch",),
                mark="failed",
            ),
            goes_to(
                "key-without-project",
                when=When(
                    status=401,
                    fact={"project_named": None},
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
                label="login required",
            ),
            ends_with(
                "gateway-refused",
                when=When(fact={"own_terms": True, "asks_for_login": True}),
                label="login required",
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
                label="no model list",
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
                label="no model list",
                suspects=("unknown",),
                mark="failed",
            ),
            goes_to(
                "model",
                when=When(status=(404, 405, 501), fact={"own_terms": True, "list_missing": True}),
                label="no model list",
                suspects=("base-url-wrong", "gateway-refused"),
                mark="failed",
            ),
            ends_with(
                *GATEWAY,
                when=When(status=("4xx", "5xx"), fact={"own_terms": True}),
                label="rejected",
            ),
            ends_with(
                "base-url-wrong",
                "gateway-refused",
                "unknown",
                when=When(status=("2xx", "3xx"), fact={"own_terms": True}),
                label="not an API",
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
                label="missing scope",
            ),
            goes_to(
                "key-on-named-host",
                when=When(status=(401, 403), fact={"named_host_url": None}),
                label="other host",
                suspects=("regional-host-wrong",),
                mark="failed",
            ),
            goes_to(
                "model",
                when=SCOPES,
                label="missing scope",
                suspects=("scope-missing",),
                mark="warning",
            ),
            *refusals("key-status"),
            OTHERWISE,
        ),
    ),
    Step(
        id="key-cleaned",
        stage="key",
        title="Same call with the cleaned key",
        why=(
            "This test changes only the key's stray characters. If the call works without them, "
            "they are the cause."
        ),
        act=Probe(name="models", change=Change(kind="use-cleaned-key")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200), label="works", mark="passed", suspects=("key-malformed",)
            ),
            ends_with(
                "key-malformed", when=When(status=401, code="invalid_api_key"), label="rejected"
            ),
            ends_with("key-malformed", when=When(status=(401, 403, 429)), label="recognized"),
            ends_with("key-malformed", when=When(), label="inconclusive"),
        ),
    ),
    Step(
        id="other-keys",
        stage="key",
        title="Same call with the other keys found here",
        why="This test changes only the key. If another key works, the wrong key is being used.",
        act=Probe(name="other-keys", differs="key"),
        experiment=True,
        branches=(
            Branch(when=When(status=200), label="works", mark="passed", suspects=("key-shadowed",)),
            ends_with(*KEY_REFUSED, when=When(), label="rejected"),
        ),
    ),
    Step(
        id="key-without-proxy",
        stage="key",
        title="Same call without the proxy",
        why=(
            "This test changes only the proxy. If the key now arrives unchanged, the proxy "
            "changes it."
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
            ends_with("auth-header-malformed", when=When(), label="inconclusive"),
        ),
    ),
    Step(
        id="key-without-organization",
        stage="key",
        title="Same call without the organization",
        why=(
            "This test removes only the OpenAI-Organization header. If the call works, the "
            "header is the cause."
        ),
        act=Probe(name="models", change=Change(kind="unset-organization")),
        experiment=True,
        branches=(
            goes_to(
                "key-organizations",
                when=When(status=200),
                label="works",
                suspects=(
                    "organization-mismatch",
                    "organization-invalid",
                    "organization-membership",
                ),
            ),
            ends_with(
                "organization-membership", when=When(code="no_organization"), label="rejected"
            ),
            ends_with(
                "organization-membership",
                when=When(
                    message=pattern(
                        r"must be a member of an organization",
                        "You must be a member of an organization to use the API",
                    )
                ),
                label="rejected",
            ),
            ends_with(
                "organization-mismatch",
                "organization-invalid",
                when=When(
                    code=("mismatched_project", "invalid_project", "project_not_found"),
                    fact={"project_named": None},
                ),
                label="project rejected",
            ),
            ends_with(
                "organization-mismatch",
                "organization-invalid",
                "organization-membership",
                when=When(),
                label="inconclusive",
            ),
        ),
    ),
    Step(
        id="key-without-project",
        stage="key",
        title="Same call without the project",
        why=(
            "This test removes only the OpenAI-Project header. If the call works, the header is "
            "the cause."
        ),
        act=Probe(name="models", change=Change(kind="unset-project")),
        experiment=True,
        branches=(
            goes_to(
                "key-organizations-and-project",
                when=When(status=200),
                label="works",
                suspects=("project-mismatch", "project-unavailable"),
            ),
            ends_with("project-mismatch", "project-unavailable", when=When(), label="inconclusive"),
        ),
    ),
    asks_organizations("key-organizations", Change(kind="unset-organization")),
    asks_organizations("key-organizations-and-project", Change(kind="unset-project")),
    Step(
        id="key-on-named-host",
        stage="key",
        title="Same call on the named host",
        why="This test changes only the host. If the call works there, the region is the cause.",
        act=Probe(name="models", change=Change(kind="use-base-url", fact="named_host_url")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200),
                label="works",
                mark="passed",
                suspects=("regional-host-wrong",),
            ),
            ends_with("regional-host-wrong", when=When(), label="inconclusive"),
        ),
    ),
    asks_status_page("key-status", "key"),
)

_IDENTITY_STEPS = (
    Step(
        id="identity",
        stage="identity",
        title="Which user, organization and project?",
        why=(
            "GET /v1/me and the response headers show the organization and project that calls "
            "are billed to. The check goes on if this call is refused."
        ),
        act=Probe(name="identity"),
        skip_to="model",
        branches=(
            goes_to(
                "model",
                when=When(fact={"refused_in_200": True}),
                label="unknown",
                mark="skipped",
            ),
            goes_to("model", when=When(status=200), label="known"),
            goes_to("model", when=When(), label="unknown", mark="skipped"),
        ),
    ),
)

_MODEL_STEPS = (
    Step(
        id="model",
        stage="model",
        title="Is the model available to this key?",
        why=(
            "Looks up the model you want among those the key can list, or chooses the cheapest "
            "one for the billed request."
        ),
        act=Probe(name="model"),
        skip_to="consent",
        branches=(
            goes_to("consent", when=When(fact={"model_wanted": ""}), label="chosen"),
            goes_to("consent", when=When(fact={"model_listed": True}), label="listed"),
            goes_to(
                "consent",
                when=When(fact={"list_missing": True}),
                label="no model list",
                mark="skipped",
            ),
            goes_to("consent", when=When(status=200), label="available"),
            goes_to(
                "consent",
                when=SCOPES,
                label="missing scope",
                suspects=("scope-missing",),
                mark="warning",
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
        title="Send a test request? (about $0.00001)",
        why=(
            "Billing can only be tested with a billed request. It costs about $0.00001 and is "
            "only sent if you say yes."
        ),
        act=Question(
            id="inference",
            text=(
                "Billing can only be tested with a billed request. Send a minimal one, for about "
                "$0.00001?"
            ),
            options=(
                Option(id="yes", label="Yes, test billing"),
                Option(id="no", label="No, skip billing"),
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
        title="Does a billed request work?",
        why=(
            "POST /v1/responses with at most 16 output tokens, not stored. Only this tests "
            "billing, model access and scopes."
        ),
        act=Probe(name="inference"),
        skip_to="limits",
        branches=(
            ends_with(
                "base-url-wrong", when=When(fact={"no_model_answer": True}), label="not an API"
            ),
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
        title="How much rate limit is left?",
        why="Reads the x-ratelimit headers of the responses so far; nothing is sent.",
        act=Probe(name="limits"),
        skip_to="keep",
        branches=(
            goes_to("keep", when=When(fact={"limits_known": True}), label="known"),
            goes_to("keep", when=When(), label="unknown", mark="skipped"),
        ),
    ),
)

_SAVE_STEPS = (
    Step(
        id="keep",
        stage="save",
        title="Save this as a profile?",
        why=(
            "Saves the verified key and settings in the operating system's keyring, for `check` "
            "and for your own programs."
        ),
        healthy_only=True,
        act=Question(
            id="save",
            text="Save the verified key and its settings in the keyring?",
            text_fact="profile_name",
            options=(
                Option(id="save", label="Save profile"),
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
        why=(
            "Writes the profile, reads it back and compares. It is saved completely or not at all."
        ),
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
