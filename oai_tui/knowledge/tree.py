"""THE TREE. Reads top to bottom as the flow chart: what is asked, why, and which way each answer leads.

Branches ask the coarse question a person would draw; a branch names its suspects in order, and the causes' own signs decide among them. The last branch of every step catches the rest.
"""

from types import MappingProxyType

from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Branch, Option, Probe, Question, Stage, Step, Tree
from oai_tui.domain.target import Change
from oai_tui.knowledge.suspects import (
    BEHIND_A_PROXY,
    CUT,
    KEY_REFUSED,
    NETWORK,
    NO_ANSWER,
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

_STEPS = (
    # 1 credential
    Step(
        id="credential",
        stage="credential",
        title="Which key is really used?",
        why="Most refusals come from another key than the one people look at. Its text and shape are read here; nothing is sent.",
        act=Probe(name="credential"),
        skip_to="settings",
        branches=(
            ends_with(
                When(fact={"credential": "unreadable"}),
                "keyring",
                "keyring-locked",
                "keyring-unavailable",
                "keyring-failed",
                "unknown",
            ),
            ends_with(
                When(fact={"credential": ("none", "profile-missing")}), "none", "key-missing"
            ),
            ends_with(
                When(fact={"key_role": "placeholder", "own_server": False}),
                "no key",
                "key-placeholder",
            ),
            ends_with(
                When(
                    fact={
                        "key_role": "other-vendor",
                        "key_certain": True,
                        "vendor_matches_host": False,
                    }
                ),
                "other vendor",
                "key-other-provider",
            ),
            ends_with(When(fact={"key_role": "admin"}), "admin key", "key-admin-on-inference"),
            ends_with(
                When(fact={"key_role": "token"}),
                "token",
                "token-expired",
                "key-chatgpt-token",
                "key-ephemeral",
                "unknown",
            ),
            ends_with(When(fact={"key_damage": "unrepairable"}), "damaged", "key-malformed"),
            goes_to(When(fact={"key_damage": "repairable"}), "damaged", "settings", mark="warning"),
            goes_to(When(), "sound", "settings"),
        ),
    ),
    # 2 reach
    Step(
        id="settings",
        stage="reach",
        title="Can the settings work at all?",
        why="A base URL, proxy or certificate file that cannot work would fail every later step with a misleading error.",
        act=Probe(name="settings"),
        branches=(
            ends_with(
                When(
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
                "base URL",
                "base-url-wrong",
            ),
            ends_with(When(fact={"proxy_problem": None}), "proxy", "proxy-misconfigured"),
            ends_with(When(fact={"ca_file": None}), "certificate file", "ca-bundle-broken"),
            ends_with(
                When(fact={"organization_problem": None}), "organization", "organization-invalid"
            ),
            ends_with(When(fact={"project_problem": None}), "project", "project-mismatch"),
            goes_to(When(), "usable", "reach"),
        ),
    ),
    Step(
        id="reach",
        stage="reach",
        title="Is OpenAI at the other end?",
        why="The first call goes without the key. OpenAI's own refusal proves who is there before any secret leaves this machine.",
        act=Probe(name="reach"),
        branches=(
            goes_to(
                When(failure="tls-invalid", fact={"tls_problem": ("expired", "not-yet-valid")}),
                "no answer",
                "clock",
                "tls-certificate-invalid",
                mark="failed",
            ),
            goes_to(
                When(failure="tls-untrusted"),
                "no answer",
                "reach-other-store",
                "network-filter-blocked",
                "tls-untrusted",
                mark="failed",
            ),
            goes_to(
                When(failure=("proxy-refused", "proxy-unreachable", "proxy-auth")),
                "no answer",
                "reach-without-proxy",
                *BEHIND_A_PROXY,
                mark="failed",
            ),
            goes_to(
                When(
                    failure=("reset", "malformed-answer", "read-timeout", "tls-protocol"),
                    fact={"proxy": None},
                ),
                "no answer",
                "reach-without-proxy",
                *CUT,
                mark="failed",
            ),
            goes_to(
                When(status=("5xx", 421), fact={"proxy": None}),
                "5xx",
                "reach-without-proxy",
                *SERVICE,
                mark="failed",
            ),
            goes_to(
                When(failure="read-timeout", fact={"host_kind": "openai"}),
                "no answer",
                "reach-status",
                "network-filter-blocked",
                "response-timeout",
                mark="failed",
            ),
            ends_with(When(failure=NO_ANSWER), "no answer", *NETWORK),
            ends_with(
                When(code="unsupported_country_region_territory"), "403", "country-unsupported"
            ),
            ends_with(
                When(status=403, message=r"country, region,? or territory not supported"),
                "403",
                "country-unsupported",
            ),
            ends_with(When(status=407), "407", "proxy-auth-required"),
            goes_to(
                When(status="5xx", fact={"host_kind": "openai"}),
                "5xx",
                "reach-status",
                *SERVICE,
                mark="failed",
            ),
            ends_with(When(status="5xx"), "5xx", *SERVICE),
            ends_with(
                When(fact={"speaker": ("filter", "cloudflare")}),
                "a page",
                "edge-blocked",
                "network-filter-blocked",
                "unknown",
            ),
            goes_to(
                When(status=(404, 405), code="model_not_found", fact={"key_may_go": True}),
                "answers",
                "key",
            ),
            goes_to(
                When(status=(404, 405), fact={"base_url_with_v1": None}),
                "404",
                "reach-with-v1",
                "other-server-answered",
                "base-url-wrong",
                mark="failed",
            ),
            goes_to(
                When(status=(404, 405), fact={"bare_host_url": None}),
                "404",
                "reach-bare-host",
                "other-server-answered",
                "base-url-wrong",
                mark="failed",
            ),
            ends_with(When(status=(404, 405)), "404", "other-server-answered", "base-url-wrong"),
            goes_to(
                When(fact={"speaker": "web", "base_url_with_v1": None}),
                "a page",
                "reach-with-v1",
                "network-filter-blocked",
                "base-url-wrong",
                mark="failed",
            ),
            ends_with(
                When(fact={"speaker": "web", "host_kind": "other"}),
                "a page",
                "base-url-wrong",
                "network-filter-blocked",
            ),
            ends_with(
                When(fact={"speaker": "web"}), "a page", "network-filter-blocked", "base-url-wrong"
            ),
            ends_with(When(status="3xx"), "redirect", "network-filter-blocked", "base-url-wrong"),
            goes_to(
                When(status=(401, 403), fact={"key_may_go": True, "speaker": "openai"}),
                "OpenAI",
                "key",
            ),
            goes_to(
                When(fact={"key_may_go": True, "speaker": ("openai", "openai-like")}),
                "answers",
                "key",
            ),
            goes_to(
                When(fact={"key_may_go": True, "speaker": "gateway"}),
                "a gateway",
                "key",
                mark="warning",
            ),
            goes_to(
                When(fact={"speaker": ("openai", "openai-like", "gateway")}),
                "another server",
                "gateway",
                "other-server-answered",
                mark="warning",
            ),
            OTHERWISE,
        ),
    ),
    Step(
        id="reach-with-v1",
        stage="reach",
        title="The same call with /v1",
        why="OpenAI's paths begin with /v1, and a base URL without it leads nowhere. One thing is changed: the path.",
        act=Probe(name="reach", change=Change(kind="use-base-url", fact="base_url_with_v1")),
        experiment=True,
        branches=(
            Branch(
                when=When(
                    status=(200, 401, 403), fact={"speaker": ("openai", "openai-like", "gateway")}
                ),
                label="works",
                mark="passed",
                suspects=("base-url-wrong",),
            ),
            goes_to(
                When(fact={"bare_host_url": None}),
                "the same",
                "reach-bare-host",
                "other-server-answered",
                "network-filter-blocked",
                "base-url-wrong",
                "unknown",
                mark="failed",
            ),
            ends_with(
                When(),
                "the same",
                "other-server-answered",
                "network-filter-blocked",
                "base-url-wrong",
                "unknown",
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
            Branch(
                when=When(
                    status=(200, 401, 403), fact={"speaker": ("openai", "openai-like", "gateway")}
                ),
                label="works",
                mark="passed",
                suspects=("base-url-wrong",),
            ),
            ends_with(
                When(),
                "the same",
                "other-server-answered",
                "network-filter-blocked",
                "base-url-wrong",
                "unknown",
            ),
        ),
    ),
    Step(
        id="reach-other-store",
        stage="reach",
        title="The same certificate before the other store",
        why="One thing is changed: the store. certifi's list of public authorities is asked in place of this machine's; nothing is sent.",
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
                When(fact={"other_store": "does not trust it"}),
                "the same",
                "network-filter-blocked",
                "tls-untrusted",
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
        why="One thing is changed: the proxy is left out, and the key still stays here. If that works, the proxy is the cause, certainly.",
        act=Probe(name="reach", change=Change(kind="skip-proxy")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=(200, 401, 403), fact={"speaker": ("openai", "openai-like")}),
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
            ends_with(When(status="5xx"), "the same", *ON_THE_WAY),
            ends_with(When(), "not settled", *ON_THE_WAY),
        ),
    ),
    asks_status_page("reach-status", "reach"),
    Step(
        id="clock",
        stage="reach",
        title="What time is it out there?",
        why="A wrong clock makes sound certificates seem expired. The host's own Date header, asked for without TLS and without the key, tells.",
        act=Probe(name="clock", differs="scheme"),
        experiment=True,
        branches=(
            ends_with(
                When(fact={"clock_state": "ahead"}),
                "ahead",
                "clock-skew",
                "tls-certificate-invalid",
            ),
            ends_with(
                When(fact={"clock_state": "behind"}),
                "behind",
                "clock-skew",
                "tls-certificate-invalid",
            ),
            ends_with(When(fact={"clock_state": "right"}), "right", "tls-certificate-invalid"),
            ends_with(When(), "not settled", "tls-certificate-invalid"),
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
            goes_to(When(answer="yes"), "yes", "key", clears=True),
            ends_with(When(), "no", "other-server-answered", "unknown"),
        ),
    ),
    # 3 key
    Step(
        id="key",
        stage="key",
        title="Does the API take the key?",
        why="GET /v1/models with the key and the headers your own client would send. It is free.",
        act=Probe(name="models"),
        branches=(
            goes_to(When(status=200, fact={"body_kind": "json"}), "200", "identity"),
            goes_to(
                When(failure="unsendable"),
                "cannot be sent",
                "key-cleaned",
                "key-malformed",
                mark="failed",
            ),
            goes_to(
                When(status=401, code="invalid_api_key", fact={"key_damage": "repairable"}),
                "401",
                "key-cleaned",
                "key-malformed",
                mark="failed",
            ),
            goes_to(
                When(
                    status=401,
                    fact={"key_damage": "repairable"},
                    message=r"missing bearer|incorrect api key|didn'?t provide",
                ),
                "401",
                "key-cleaned",
                "key-malformed",
                mark="failed",
            ),
            goes_to(
                When(code=("mismatched_organization", "invalid_organization", "no_organization")),
                "organization",
                "key-without-organization",
                "organization-mismatch",
                "organization-invalid",
                "organization-membership",
                mark="failed",
            ),
            goes_to(
                When(message=(r"openai-organization header should match", r"no such organization")),
                "organization",
                "key-without-organization",
                "organization-mismatch",
                "organization-invalid",
                mark="failed",
            ),
            goes_to(
                When(code="mismatched_project"),
                "project",
                "key-without-project",
                "project-mismatch",
                mark="failed",
            ),
            goes_to(
                When(status=401, message=r"openai-project header should match"),
                "project",
                "key-without-project",
                "project-mismatch",
                mark="failed",
            ),
            goes_to(
                When(
                    code=("invalid_project", "project_not_found", "project_archived"),
                    fact={"project_named": None},
                ),
                "project",
                "key-without-project",
                "project-unavailable",
                mark="failed",
            ),
            goes_to(
                When(status=401, fact={"proxy": None, "echo_differs": True}),
                "401",
                "key-without-proxy",
                "auth-header-malformed",
                mark="failed",
            ),
            goes_to(
                When(
                    status=401,
                    fact={"proxy": None, "key_sent": True},
                    message=r"missing bearer|didn'?t provide",
                ),
                "401",
                "key-without-proxy",
                "auth-header-malformed",
                mark="failed",
            ),
            goes_to(
                When(status=401, code="invalid_api_key", fact={"other_keys": None}),
                "401",
                "other-keys",
                *KEY_REFUSED,
                mark="failed",
            ),
            ends_with(
                When(status=(401, 403), message=r"\bapi\.(?:management|usage)\.(?:read|write)\b"),
                "scopes",
                "key-not-admin",
            ),
            goes_to(
                When(status=(401, 403), fact={"named_host_url": None}),
                "other host",
                "key-on-named-host",
                "regional-host-wrong",
                mark="failed",
            ),
            goes_to(SCOPES, "scopes", "model", "scope-missing", mark="warning"),
            *refusals("key-status"),
            OTHERWISE,
        ),
    ),
    Step(
        id="key-cleaned",
        stage="key",
        title="The same call with the cleaned key",
        why="One thing is changed: the stray characters are left out. If that works, they are the cause, certainly.",
        act=Probe(name="models", change=Change(kind="use-cleaned-key")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200), label="works", mark="passed", suspects=("key-malformed",)
            ),
            ends_with(When(status=401, code="invalid_api_key"), "refused", "key-malformed"),
            ends_with(When(status=(401, 403, 429)), "understood", "key-malformed"),
            ends_with(When(), "not settled", "key-malformed"),
        ),
    ),
    Step(
        id="other-keys",
        stage="key",
        title="The same call with the other keys found here",
        why="One thing is changed: the key. If another one that was found here works, the wrong one wins, certainly.",
        act=Probe(name="other-keys", differs="key"),
        experiment=True,
        branches=(
            Branch(when=When(status=200), label="works", mark="passed", suspects=("key-shadowed",)),
            ends_with(When(), "refused", *KEY_REFUSED),
        ),
    ),
    Step(
        id="key-without-proxy",
        stage="key",
        title="The same call without the proxy",
        why="One thing is changed: the proxy is left out. If the key then arrives as it was sent, the proxy changes it, certainly.",
        act=Probe(name="models", change=Change(kind="skip-proxy")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200),
                label="works",
                mark="passed",
                suspects=("auth-header-malformed",),
            ),
            ends_with(When(), "not settled", "auth-header-malformed"),
        ),
    ),
    Step(
        id="key-without-organization",
        stage="key",
        title="The same call without the organization",
        why="One thing is changed: the OpenAI-Organization header is left out. If that works, the header is the cause, certainly.",
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
            ends_with(When(code="no_organization"), "refused", "organization-membership"),
            ends_with(
                When(message=r"must be a member of an organization"),
                "refused",
                "organization-membership",
            ),
            ends_with(
                When(),
                "not settled",
                "organization-mismatch",
                "organization-invalid",
                "organization-membership",
            ),
        ),
    ),
    Step(
        id="key-without-project",
        stage="key",
        title="The same call without the project",
        why="One thing is changed: the OpenAI-Project header is left out. If that works, the header is the cause, certainly.",
        act=Probe(name="models", change=Change(kind="unset-project")),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200),
                label="works",
                mark="passed",
                suspects=("project-mismatch", "project-unavailable"),
            ),
            ends_with(When(), "not settled", "project-mismatch", "project-unavailable"),
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
            ends_with(When(), "not settled", "regional-host-wrong"),
        ),
    ),
    asks_status_page("key-status", "key"),
    # 4 identity
    Step(
        id="identity",
        stage="identity",
        title="On whose behalf?",
        why="GET /v1/me and the answer's headers tell the organization and project that calls count for. A refusal does no harm.",
        act=Probe(name="identity"),
        skip_to="model",
        branches=(
            goes_to(When(status=200), "known", "model"),
            goes_to(When(), "not told", "model", mark="skipped"),
        ),
    ),
    # 5 model
    Step(
        id="model",
        stage="model",
        title="Is the model there for this key?",
        why="Looks the wanted model up among those the key can list, or chooses the cheapest one for the billed request.",
        act=Probe(name="model"),
        skip_to="consent",
        branches=(
            goes_to(When(fact={"model_wanted": ""}), "chosen", "consent"),
            goes_to(When(fact={"model_listed": True}), "listed", "consent"),
            goes_to(When(status=200), "there", "consent"),
            goes_to(SCOPES, "scopes", "consent", "scope-missing", mark="warning"),
            *refusals(),
            OTHERWISE,
        ),
    ),
    # 6 inference
    Step(
        id="consent",
        stage="inference",
        title="Send the smallest billed request?",
        why="Billing shows in a billed request only. It costs about $0.00001, and nothing is sent without a yes.",
        act=Question(
            id="inference",
            text="Billing shows in a billed request only. Send the smallest one, for about $0.00001?",
            options=(
                Option(id="yes", label="Yes, test billing too"),
                Option(id="no", label="No, leave billing untested"),
            ),
        ),
        skip_to="limits",
        branches=(
            goes_to(When(answer="yes"), "yes", "inference"),
            goes_to(When(), "no", "limits", mark="skipped"),
        ),
    ),
    Step(
        id="inference",
        stage="inference",
        title="Does a billed request go through?",
        why="POST /v1/responses with 16 output tokens at most, not stored. Only this shows billing, model access and scopes as they are.",
        act=Probe(name="inference"),
        skip_to="limits",
        branches=(
            goes_to(When(status=200, fact={"body_kind": "json"}), "200", "limits", clears=True),
            *refusals("inference-status"),
            OTHERWISE,
        ),
    ),
    asks_status_page("inference-status", "inference"),
    # 7 limits
    Step(
        id="limits",
        stage="limits",
        title="How much headroom is there?",
        why="Reads the x-ratelimit headers of the answers so far; nothing is sent.",
        act=Probe(name="limits"),
        skip_to="keep",
        branches=(
            goes_to(When(fact={"limits_known": True}), "known", "keep"),
            goes_to(When(), "not told", "keep", mark="skipped"),
        ),
    ),
    # 8 save
    Step(
        id="keep",
        stage="save",
        title="Keep this as a profile?",
        why="What was just proved can be kept in the operating system's keyring, for `check` and for your own programs.",
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
            goes_to(When(answer="save"), "save", "save"),
            Branch(when=When(), label="no", mark="skipped"),
        ),
    ),
    Step(
        id="save",
        stage="save",
        title="Save in the keyring",
        why="Writes, reads back and compares. A profile is there whole or not at all.",
        healthy_only=True,
        act=Probe(name="save"),
        branches=(
            Branch(when=When(fact={"keyring": "works"}), label="saved", mark="passed"),
            ends_with(
                When(),
                "not saved",
                "keyring-locked",
                "keyring-unavailable",
                "keyring-failed",
                "unknown",
            ),
        ),
    ),
)

TREE = Tree(
    stages=STAGES, steps=MappingProxyType({step.id: step for step in _STEPS}), start="credential"
)
