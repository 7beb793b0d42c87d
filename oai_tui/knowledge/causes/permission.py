"""The family "permission": the key is known, and something may not be done with it, from here, or with this model."""

from oai_tui.domain.cause import Alternative, Cause, Fix, Sign
from oai_tui.domain.target import Change
from oai_tui.domain.when import When
from oai_tui.knowledge import links

CAUSES = (
    Cause(
        id="scope-missing", family="permission", title="The key lacks a permission",
        meaning="The key is good but restricted, or its owner's role is: it lacks the scope that this route needs.",
        finding="The key is good, but it lacks the permission {missing_scopes}.",
        looks='"Missing scopes: …", code missing_scope; 401 on inference routes, 403 on others.',
        confirm="Other routes accept the same key.",
        prevent="For a restricted key set Model capabilities to Request first, then each endpoint it needs.",
        fixes=(
            Fix(text="Give the key the permission {missing_scopes}: Edit key → Permissions.", who="owner", url=links.API_KEYS),
            Fix(text="If listing models is all it may not do, test inference itself.", who="you", command="oai-tui check --inference"),
        ),
        signs=(
            Sign(when=When(code="missing_scope")),
            Sign(when=When(status=(401, 403), says=(r"missing scopes?", r"insufficient permissions for this operation"))),
        ),
        links=(links.KEY_PERMISSIONS,),
    ),
    Cause(
        id="ip-not-allowed", family="permission", title="This network's address is not on the allowlist",
        meaning="The organization or project accepts calls from listed addresses only, and the address that OpenAI sees (after NAT, VPN or proxy) is not one of them. The key was not refused for itself.",
        looks="401, code ip_not_authorized.",
        confirm="The same key works from an address on the list.",
        prevent="A project's list replaces the organization's; keep the addresses of CI and offices in both.",
        fixes=(
            Fix(text="Add this network's egress address to the allowlist; allow up to 15 minutes.", who="owner", url=links.IP_ALLOWLIST),
            Fix(text="Or call from a network that is on it (VPN, fixed egress).", who="it"),
        ),
        signs=(Sign(when=When(code="ip_not_authorized")), Sign(when=When(status=(401, 403), says=r"\bip\b.{0,40}not (?:authorized|allowed)"))),
    ),
    Cause(
        id="country-unsupported", family="permission", title="OpenAI does not serve the place this call comes from",
        meaning="The country, region or territory from which the call reaches OpenAI is not supported. The key has no part in it: a call without one is refused too.",
        looks="403, code unsupported_country_region_territory, type request_forbidden.",
        confirm="The call without a key is refused in the same words.",
        prevent="Pin the region of servers and VPN exits.",
        fixes=(
            Fix(text="See where this network's traffic leaves (VPN exit, cloud region) and run from a supported place.", who="you", url=links.COUNTRIES),
            Fix(text="Ask for an egress in a supported country, if the company's network routes through another.", who="it", url=links.COUNTRIES),
        ),
        signs=(
            Sign(when=When(code="unsupported_country_region_territory")),
            Sign(when=When(status=403, says=(r"country, region,? or territory not supported", r"services are not available in your country"))),
        ),
    ),
    Cause(
        id="regional-host-wrong", family="permission", title="The project lives on another regional host",
        meaning="The project's data residency ties it to one host, and the call went to another. The key was not refused for itself.",
        finding="The key is good. Its project answers on {named_host}, not on {host}.",
        looks='401, code incorrect_hostname, "incorrect regional hostname. Please make your request to …"; or "projects with geography restrictions".',
        confirm="The same call on the named host is answered with 200.",
        prevent="Keep the base URL together with the key, in one profile.",
        fixes=(
            Fix(text="Use the host that the answer names.", who="you", command="export OPENAI_BASE_URL={named_host_url}", apply=Change(kind="use-base-url", fact="named_host_url")),
            Fix(text="Use https://api.openai.com/v1 for a project without data residency.", who="you", url=links.DATA_RESIDENCY),
        ),
        signs=(
            Sign(when=When(fact={"key-on-named-host": "works"})),
            Sign(when=When(code="incorrect_hostname")),
            Sign(when=When(status=(401, 403), says=(r"incorrect regional hostname", r"geography restrictions", r"project'?s geography"))),
        ),
        links=(links.DATA_RESIDENCY,),
    ),
    Cause(
        id="verification-required", family="permission", title="The organization must be verified for this",
        meaning="This model or feature is open to verified organizations only. Key and billing are not at fault.",
        looks='"Your organization must be verified to use the model …"; 400, 403 or 404.',
        confirm="The same call with another model works.",
        fixes=(
            Fix(text="Verify the organization; wait 15 to 30 minutes, then check again.", who="owner", url=links.ORGANIZATION),
            Fix(text="Or use a model that needs no verification.", who="you"),
        ),
        signs=(Sign(when=When(says=r"organi[sz]ation must be verified|must be verified to (?:use|stream|generate)")),),
    ),
    Cause(
        id="model-not-allowed", family="permission", title="The project may not use this model",
        meaning="The project's limits allow some models only, and this is none of them. The key is good.",
        finding="The key is good, but its project may not use {model_wanted}.",
        looks='403, code model_not_found, "Project … does not have access to model …".',
        confirm="Another model works with the same key.",
        fixes=(
            Fix(text="Allow the model in the project: Limits → Allowed models.", who="owner", url=links.PROJECTS),
            Fix(text="Or use a model that the project may use.", who="you", command="oai-tui check --model {model_near}", apply=Change(kind="use-model", fact="model_near")),
        ),
        signs=(
            Sign(when=When(status=403, code="model_not_found")),
            Sign(when=When(says=r"project .{0,80}does not have access to model")),
            Sign(when=When(status=403, says=r"(?:no access|not have access) to (?:the )?\bmodel\b|not allowed to (?:use|access|sample from) (?:the |this )?\bmodel\b"), confidence="likely"),
        ),
        alternatives=(Alternative(cause="model-not-found", why="The name may be wrong; the list of models tells."),),
    ),
    Cause(
        id="model-not-found", family="permission", title="This model is not there for this key",
        meaning="The model does not exist, or this key may not see it: a typing error, a model that was shut down, a tier without it, or no credit. The answer does not say which.",
        finding="{model_wanted} is not there for this key: mistyped, shut down, or not open to this organization. The answer does not say which.",
        looks='404, code model_not_found, "does not exist or you do not have access to it".',
        confirm="GET /v1/models lists what the key can use; another model works.",
        prevent="Check the models you deploy with: oai-tui check --require-model NAME.",
        fixes=(
            Fix(text="Use the nearest name that the key can list: {model_near}.", who="you", command="oai-tui check --model {model_near}", apply=Change(kind="use-model", fact="model_near")),
            Fix(text="Add credit or raise the tier, if the name is right.", who="owner", url=links.LIMITS),
        ),
        signs=(
            Sign(when=When(status=404, code="model_not_found"), confidence="likely"),
            Sign(when=When(status=(400, 404), says=(r"\bmodel\b.{0,120}does not exist", r"\bmodel\b.{0,80}\bnot found\b")), confidence="likely"),
            Sign(when=When(status=404, fact={"model_listed": False}), confidence="likely"),
        ),
        alternatives=(
            Alternative(cause="model-retired", why="The model may have been shut down; the deprecations page has the dates."),
            Alternative(cause="quota-exhausted", why="Without credit some models are hidden; the smallest billed request on another model tells."),
            Alternative(cause="verification-required", why="Some models open only after the organization is verified."),
        ),
        links=(links.DEPRECATIONS,),
    ),
    Cause(
        id="model-retired", family="permission", title="This model was shut down",
        meaning="The model's shutdown date has passed; it answers nobody any more. The key is good.",
        finding="{model_wanted} was shut down on {model_shutdown}. The key is good.",
        looks='"has been deprecated"; 404 after the known date.',
        confirm="The date on the deprecations page, or in GET /v1/models.",
        prevent="Watch the deprecations page; check the models you deploy with: oai-tui check --require-model NAME.",
        fixes=(
            Fix(text="Move to a current model, for example {model_near}.", who="you", command="oai-tui check --model {model_near}", apply=Change(kind="use-model", fact="model_near")),
            Fix(text="Find the named successor.", who="you", url=links.DEPRECATIONS),
        ),
        signs=(Sign(when=When(status=404, fact={"model_retired": True})), Sign(when=When(status=(400, 404), says=r"\bmodel\b.{0,120}(?:has been|was|is) (?:deprecated|shut ?down|retired)"))),
        links=(links.DEPRECATIONS,),
    ),
)
