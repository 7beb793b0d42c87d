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
from oai_tui.knowledge.tree_builders import ELSE, ends, on, refusals, status

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
            ends(
                When(fact={"credential": "unreadable"}),
                "keyring",
                "keyring-locked",
                "keyring-unavailable",
                "keyring-failed",
                "unknown",
            ),
            ends(When(fact={"credential": ("none", "profile-missing")}), "none", "key-missing"),
            ends(
                When(fact={"key_role": "placeholder", "own_server": False}),
                "no key",
                "key-placeholder",
            ),
            ends(
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
            ends(When(fact={"key_role": "admin"}), "admin key", "key-admin-on-inference"),
            ends(
                When(fact={"key_role": "token"}),
                "token",
                "token-expired",
                "key-chatgpt-token",
                "key-ephemeral",
                "unknown",
            ),
            ends(When(fact={"key_damage": "unrepairable"}), "damaged", "key-malformed"),
            on(When(fact={"key_damage": "repairable"}), "damaged", "settings", mark="warning"),
            on(When(), "sound", "settings"),
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
            ends(
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
            ends(When(fact={"proxy_problem": None}), "proxy", "proxy-misconfigured"),
            ends(When(fact={"ca_file": None}), "certificate file", "ca-bundle-broken"),
            ends(When(fact={"organization_problem": None}), "organization", "organization-invalid"),
            ends(When(fact={"project_problem": None}), "project", "project-mismatch"),
            on(When(), "usable", "reach"),
        ),
    ),
    Step(
        id="reach",
        stage="reach",
        title="Is OpenAI at the other end?",
        why="The first call goes without the key. OpenAI's own refusal proves who is there before any secret leaves this machine.",
        act=Probe(name="reach"),
        branches=(
            on(
                When(failure="tls-invalid", fact={"tls_problem": ("expired", "not-yet-valid")}),
                "no answer",
                "clock",
                "tls-certificate-invalid",
                mark="failed",
            ),
            on(
                When(failure="tls-untrusted"),
                "no answer",
                "reach-other-store",
                "network-filter-blocked",
                "tls-untrusted",
                mark="failed",
            ),
            on(
                When(failure=("proxy-refused", "proxy-unreachable", "proxy-auth")),
                "no answer",
                "reach-without-proxy",
                *BEHIND_A_PROXY,
                mark="failed",
            ),
            on(
                When(
                    failure=("reset", "malformed-answer", "read-timeout", "tls-protocol"),
                    fact={"proxy": None},
                ),
                "no answer",
                "reach-without-proxy",
                *CUT,
                mark="failed",
            ),
            on(
                When(status=("5xx", 421), fact={"proxy": None}),
                "5xx",
                "reach-without-proxy",
                *SERVICE,
                mark="failed",
            ),
            on(
                When(failure="read-timeout", fact={"host_kind": "openai"}),
                "no answer",
                "reach-status",
                "network-filter-blocked",
                "response-timeout",
                mark="failed",
            ),
            ends(When(failure=NO_ANSWER), "no answer", *NETWORK),
            ends(When(code="unsupported_country_region_territory"), "403", "country-unsupported"),
            ends(
                When(status=403, says=r"country, region,? or territory not supported"),
                "403",
                "country-unsupported",
            ),
            ends(When(status=407), "407", "proxy-auth-required"),
            on(
                When(status="5xx", fact={"host_kind": "openai"}),
                "5xx",
                "reach-status",
                *SERVICE,
                mark="failed",
            ),
            ends(When(status="5xx"), "5xx", *SERVICE),
            ends(
                When(fact={"speaker": ("filter", "cloudflare")}),
                "a page",
                "edge-blocked",
                "network-filter-blocked",
                "unknown",
            ),
            on(
                When(status=(404, 405), code="model_not_found", fact={"key_may_go": True}),
                "answers",
                "key",
            ),
            on(
                When(status=(404, 405), fact={"base_url_with_v1": None}),
                "404",
                "reach-with-v1",
                "other-server-answered",
                "base-url-wrong",
                mark="failed",
            ),
            on(
                When(status=(404, 405), fact={"bare_host_url": None}),
                "404",
                "reach-bare-host",
                "other-server-answered",
                "base-url-wrong",
                mark="failed",
            ),
            ends(When(status=(404, 405)), "404", "other-server-answered", "base-url-wrong"),
            on(
                When(fact={"speaker": "web", "base_url_with_v1": None}),
                "a page",
                "reach-with-v1",
                "network-filter-blocked",
                "base-url-wrong",
                mark="failed",
            ),
            ends(
                When(fact={"speaker": "web", "host_kind": "other"}),
                "a page",
                "base-url-wrong",
                "network-filter-blocked",
            ),
            ends(
                When(fact={"speaker": "web"}), "a page", "network-filter-blocked", "base-url-wrong"
            ),
            ends(When(status="3xx"), "redirect", "network-filter-blocked", "base-url-wrong"),
            on(
                When(status=(401, 403), fact={"key_may_go": True, "speaker": "openai"}),
                "OpenAI",
                "key",
            ),
            on(
                When(fact={"key_may_go": True, "speaker": ("openai", "openai-like")}),
                "answers",
                "key",
            ),
            on(
                When(fact={"key_may_go": True, "speaker": "gateway"}),
                "a gateway",
                "key",
                mark="warning",
            ),
            on(
                When(fact={"speaker": ("openai", "openai-like", "gateway")}),
                "another server",
                "gateway",
                "other-server-answered",
                mark="warning",
            ),
            ELSE,
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
            on(
                When(fact={"bare_host_url": None}),
                "the same",
                "reach-bare-host",
                "other-server-answered",
                "network-filter-blocked",
                "base-url-wrong",
                "unknown",
                mark="failed",
            ),
            ends(
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
            ends(
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
            ends(
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
            ends(When(status="5xx"), "the same", *ON_THE_WAY),
            ends(When(), "not settled", *ON_THE_WAY),
        ),
    ),
    status("reach-status", "reach"),
    Step(
        id="clock",
        stage="reach",
        title="What time is it out there?",
        why="A wrong clock makes sound certificates seem expired. The host's own Date header, asked for without TLS and without the key, tells.",
        act=Probe(name="clock", differs="scheme"),
        experiment=True,
        branches=(
            ends(
                When(fact={"clock_state": "ahead"}),
                "ahead",
                "clock-skew",
                "tls-certificate-invalid",
            ),
            ends(
                When(fact={"clock_state": "behind"}),
                "behind",
                "clock-skew",
                "tls-certificate-invalid",
            ),
            ends(When(fact={"clock_state": "right"}), "right", "tls-certificate-invalid"),
            ends(When(), "not settled", "tls-certificate-invalid"),
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
                Option(id="yes", label="Yes, this server is meant"),
            ),
        ),
        branches=(
            on(When(answer="yes"), "yes", "key", clears=True),
            ends(When(), "no", "other-server-answered", "unknown"),
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
            on(When(status=200, fact={"body_kind": "json"}), "200", "identity"),
            on(
                When(failure="unsendable"),
                "cannot be sent",
                "key-cleaned",
                "key-malformed",
                mark="failed",
            ),
            on(
                When(status=401, code="invalid_api_key", fact={"key_damage": "repairable"}),
                "401",
                "key-cleaned",
                "key-malformed",
                mark="failed",
            ),
            on(
                When(
                    status=401,
                    fact={"key_damage": "repairable"},
                    says=r"missing bearer|incorrect api key|didn'?t provide",
                ),
                "401",
                "key-cleaned",
                "key-malformed",
                mark="failed",
            ),
            on(
                When(code=("mismatched_organization", "invalid_organization", "no_organization")),
                "organization",
                "key-without-organization",
                "organization-mismatch",
                "organization-invalid",
                "organization-membership",
                mark="failed",
            ),
            on(
                When(says=(r"openai-organization header should match", r"no such organization")),
                "organization",
                "key-without-organization",
                "organization-mismatch",
                "organization-invalid",
                mark="failed",
            ),
            on(
                When(code="mismatched_project"),
                "project",
                "key-without-project",
                "project-mismatch",
                mark="failed",
            ),
            on(
                When(status=401, says=r"openai-project header should match"),
                "project",
                "key-without-project",
                "project-mismatch",
                mark="failed",
            ),
            on(
                When(
                    code=("invalid_project", "project_not_found", "project_archived"),
                    fact={"project_named": None},
                ),
                "project",
                "key-without-project",
                "project-unavailable",
                mark="failed",
            ),
            on(
                When(status=401, fact={"proxy": None, "echo_differs": True}),
                "401",
                "key-without-proxy",
                "auth-header-malformed",
                mark="failed",
            ),
            on(
                When(
                    status=401,
                    fact={"proxy": None, "key_sent": True},
                    says=r"missing bearer|didn'?t provide",
                ),
                "401",
                "key-without-proxy",
                "auth-header-malformed",
                mark="failed",
            ),
            on(
                When(status=401, code="invalid_api_key", fact={"other_keys": None}),
                "401",
                "other-keys",
                *KEY_REFUSED,
                mark="failed",
            ),
            ends(
                When(status=(401, 403), says=r"\bapi\.(?:management|usage)\.(?:read|write)\b"),
                "scopes",
                "key-not-admin",
            ),
            on(
                When(status=(401, 403), fact={"named_host_url": None}),
                "other host",
                "key-on-named-host",
                "regional-host-wrong",
                mark="failed",
            ),
            on(SCOPES, "scopes", "model", "scope-missing", mark="warning"),
            *refusals("key-status"),
            ELSE,
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
            ends(When(status=401, code="invalid_api_key"), "refused", "key-malformed"),
            ends(When(status=(401, 403, 429)), "understood", "key-malformed"),
            ends(When(), "not settled", "key-malformed"),
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
            ends(When(), "refused", *KEY_REFUSED),
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
            ends(When(), "not settled", "auth-header-malformed"),
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
            ends(When(code="no_organization"), "refused", "organization-membership"),
            ends(
                When(says=r"must be a member of an organization"),
                "refused",
                "organization-membership",
            ),
            ends(
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
            ends(When(), "not settled", "project-mismatch", "project-unavailable"),
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
            ends(When(), "not settled", "regional-host-wrong"),
        ),
    ),
    status("key-status", "key"),
    # 4 identity
    Step(
        id="identity",
        stage="identity",
        title="On whose behalf?",
        why="GET /v1/me and the answer's headers tell the organization and project that calls count for. A refusal does no harm.",
        act=Probe(name="identity"),
        skip_to="model",
        branches=(
            on(When(status=200), "known", "model"),
            on(When(), "not told", "model", mark="skipped"),
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
            on(When(fact={"model_wanted": ""}), "chosen", "consent"),
            on(When(fact={"model_listed": True}), "listed", "consent"),
            on(When(status=200), "there", "consent"),
            on(SCOPES, "scopes", "consent", "scope-missing", mark="warning"),
            *refusals(),
            ELSE,
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
            on(When(answer="yes"), "yes", "inference"),
            on(When(), "no", "limits", mark="skipped"),
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
            on(When(status=200, fact={"body_kind": "json"}), "200", "limits", clears=True),
            *refusals("inference-status"),
            ELSE,
        ),
    ),
    status("inference-status", "inference"),
    # 7 limits
    Step(
        id="limits",
        stage="limits",
        title="How much headroom is there?",
        why="Reads the x-ratelimit headers of the answers so far; nothing is sent.",
        act=Probe(name="limits"),
        skip_to="keep",
        branches=(
            on(When(fact={"limits_known": True}), "known", "keep"),
            on(When(), "not told", "keep", mark="skipped"),
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
            on(When(answer="save"), "save", "save"),
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
            ends(
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
