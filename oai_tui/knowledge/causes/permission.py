"""The family "permission": the key is good; model, route, address or request is refused."""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

_REQUEST_CODES = (
    "unsupported_parameter",
    "unsupported_value",
    "unknown_parameter",
    "missing_required_parameter",
    "invalid_type",
    "invalid_value",
    "integer_below_min_value",
    "integer_above_max_value",
    "decimal_below_min_value",
    "decimal_above_max_value",
    "string_above_max_length",
    "string_below_min_length",
    "empty_string",
    "empty_array",
    "array_above_max_length",
    "array_below_min_length",
    "context_length_exceeded",
    "unsupported_content_type",
    "invalid_json",
    "invalid_beta",
    "method_not_supported",
    "invalid_function_parameters",
    "invalid_image_url",
    "invalid_image_format",
    "image_parse_error",
    "invalid_schema",
    "invalid_json_schema",
    "request_too_large",
    "payload_too_large",
    "content_policy_violation",
    "moderation_blocked",
    "invalid_prompt",
    "string_pattern_mismatch",
    "max_tokens_exceeded",
)
"""Codes with which OpenAI refuses the content of a request (recorded answers, 2023 to 2026)."""

CAUSES = (
    Cause(
        id="scope-missing",
        family="permission",
        title="The key is missing a permission",
        meaning=(
            "The key was recognized but is restricted, or its owner's role is: it doesn't have the "
            "scope that this endpoint needs."
        ),
        finding="The key was recognized, but it is missing a permission: {missing_scopes}.",
        looks='"Missing scopes: …", code missing_scope; 401 on inference routes, 403 on others.',
        confirm=(
            "The same key works on another endpoint (POST /v1/responses where GET /v1/models "
            "fails, or the reverse). Edit key → Permissions shows what it may do."
        ),
        prevent=(
            "For a restricted key, set Model capabilities to Request first, then each endpoint "
            "it needs."
        ),
        fixes=(
            Fix(
                text="Grant the key {missing_scopes} (API keys → Edit key → Permissions).",
                who="owner",
                url=links.API_KEYS,
            ),
            Fix(
                text="If only listing models is blocked, test inference directly.",
                who="you",
                command="oai-tui check --inference",
                when=When(
                    message=pattern(r"\bapi\.model\.read\b", "Missing scopes: api.model.read")
                ),
            ),
            Fix(text="Use a key that has this permission.", who="you", url=links.API_KEYS),
        ),
        symptoms=(
            Symptom(when=When(code="missing_scope")),
            Symptom(
                when=When(
                    message=(
                        pattern(r"missing scopes?", "Missing scopes: api.responses.write"),
                        pattern(
                            r"insufficient permissions for this operation",
                            "You have insufficient permissions for this operation.",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=pattern(
                        r"\bReader\b.{0,20}\bWriter\b.{0,20}\bOwner\b",
                        "the correct role (Reader, Writer, Owner)",
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    status=(401, 403),
                    message=pattern(
                        r"\b(?:api\.)?(?:models?|responses|chat|files|assistants|threads|images|audio|embeddings|fine_tuning|batch\w{0,2}|realtime|evals|vector_stores|webhooks|groups)\.(?:[a-z_]{2,20}\.)?(?:request|read|write)\b",
                        "Missing scope model.request",
                    ),
                ),
                confidence="likely",
            ),
        ),
        links=(links.KEY_PERMISSIONS,),
        alternatives=(
            Alternative(
                cause="key-chatgpt-token",
                why=(
                    "A ChatGPT or Codex sign-in token lacks these scopes on every endpoint; it "
                    "starts with eyJ."
                ),
            ),
        ),
    ),
    Cause(
        id="ip-not-allowed",
        family="permission",
        title="This network's IP address is not on the allowlist",
        meaning=(
            "The organization or project only accepts calls from listed IP addresses, and the "
            "address OpenAI sees (after NAT, VPN or proxy) is not one of them. The key was "
            "recognized."
        ),
        looks="401, code ip_not_authorized.",
        confirm="The same key works from an IP address on the list.",
        prevent=(
            "A project's allowlist replaces the organization's; keep CI and office addresses in "
            "both."
        ),
        fixes=(
            Fix(
                text="Add this network's egress IP to the allowlist; it can take up to 15 minutes.",
                who="owner",
                url=links.IP_ALLOWLIST,
            ),
            Fix(text="Call from a network on the allowlist (VPN, fixed egress IP).", who="it"),
        ),
        symptoms=(
            Symptom(when=When(code="ip_not_authorized")),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\bip\b.{0,60}\bnot (?:authorized|allowed|allowlisted)",
                            "Your IP is not authorized to make this request.",
                        ),
                        (r"\bip[ _-]?(?:address )?(?:allow|white)list", "not on the IP allowlist"),
                    )
                )
            ),
        ),
    ),
    Cause(
        id="country-unsupported",
        family="permission",
        title="Requests from this country or region are not supported",
        meaning=(
            "OpenAI does not support the country, region or territory this request comes from. "
            "The key is not the problem: a call without a key is rejected too."
        ),
        looks="403, code unsupported_country_region_territory, type request_forbidden.",
        confirm="The call without a key is rejected with the same message.",
        prevent=(
            "Pin the region of servers and VPN exits, and check after each change: oai-tui check "
            "--only reach."
        ),
        fixes=(
            Fix(
                text=(
                    "Check this network's exit location (VPN, cloud region) and run from a "
                    "supported country."
                ),
                who="you",
                url=links.COUNTRIES,
            ),
            Fix(
                text=(
                    "If the company network exits in another country, ask for an egress IP in a "
                    "supported one."
                ),
                who="it",
                url=links.COUNTRIES,
            ),
        ),
        symptoms=(
            Symptom(when=When(code="unsupported_country_region_territory")),
            Symptom(when=When(error_type="request_forbidden"), confidence="likely"),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\brequest_forbidden\b", "type: request_forbidden"),
                        (r"不支持的国家", "不支持的国家、地区或领土"),
                        (r"国家/地区.{0,12}不(?:可用|受支持)", "您所在的国家/地区目前不可用"),
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=(
                        pattern(
                            r"country, region,? or territory", "Country, region, or territory not"
                        ),
                        pattern(
                            r"not (?:available|supported) in your (?:country|region|location)",
                            "OpenAI's services are not available in your country.",
                        ),
                    )
                )
            ),
        ),
        alternatives=(
            Alternative(
                cause="edge-blocked",
                why=(
                    "Cloudflare blocks IP addresses as well, but returns a page instead of an "
                    "API error."
                ),
            ),
        ),
    ),
    Cause(
        id="regional-host-wrong",
        family="permission",
        title="This project uses a different regional host",
        meaning=(
            "The project's data residency requires a specific host, and the call went to "
            "another. The key was recognized."
        ),
        finding=(
            "The key was recognized, but its project must be called at {named_host}, not {host}."
        ),
        findings=(
            Finding(
                when=When(fact={"key-on-named-host": "works"}),
                text="The key works at {named_host}. Its project can't be called at {host}.",
            ),
        ),
        looks=(
            '401, code incorrect_hostname, "incorrect regional hostname. Please make your request '
            'to …"; or "projects with geography restrictions".'
        ),
        confirm="The same call to the named host returns 200.",
        prevent="Keep the base URL and the key together in one profile.",
        fixes=(
            Fix(
                text="Use the host named in the response.",
                who="you",
                command="export OPENAI_BASE_URL={named_host_url}",
                apply=Change(kind="use-base-url", fact="named_host_url"),
            ),
            Fix(
                text="Use https://api.openai.com/v1 for a project without data residency.",
                who="you",
                url=links.DATA_RESIDENCY,
            ),
        ),
        symptoms=(
            Symptom(when=When(fact={"key-on-named-host": "works"})),
            Symptom(when=When(code="incorrect_hostname")),
            Symptom(
                when=When(
                    message=pattern(
                        r"\bnot authorized in this region\b", "is not authorized in this region"
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=(
                        pattern(r"incorrect regional host ?name", "incorrect regional hostname."),
                        pattern(
                            r"geography restrictions",
                            "projects with geography restrictions enabled",
                        ),
                        pattern(r"project'?s geography", "does not match the project's geography"),
                    )
                )
            ),
        ),
        links=(links.DATA_RESIDENCY,),
        alternatives=(
            Alternative(
                cause="country-unsupported",
                why=(
                    "If the calling country is the problem, the message mentions a country, and "
                    "the call without a key is rejected as well."
                ),
            ),
        ),
    ),
    Cause(
        id="verification-required",
        family="permission",
        title="Organization verification required",
        meaning=(
            "This model or feature requires a verified organization. The key and billing are not the reason."
        ),
        looks='"Your organization must be verified to use the model …"; 400, 403 or 404.',
        confirm=(
            "The same call with another model works, and Organization settings → General offers "
            "verification."
        ),
        prevent="Verify the organization before you launch something that depends on a new model.",
        fixes=(
            Fix(
                text=(
                    "Verify the organization (Organization settings → General); wait 15 to 30 "
                    "minutes, then check again."
                ),
                who="owner",
                url=links.ORGANIZATION,
            ),
            Fix(text="Use a model that doesn't require verification.", who="you"),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=any_of(
                        (r"organi[sz]ation must be verified", "Your organization must be verified"),
                        (r"must be verified to\b", "must be verified to stream this model"),
                        (r"\bverify organi[sz]ation\b", "click on Verify Organization"),
                    )
                )
            ),
        ),
    ),
    Cause(
        id="model-not-allowed",
        family="permission",
        title="This project can't use that model",
        meaning=(
            "The project only allows some models, and this isn't one of them. The key was "
            "recognized."
        ),
        finding="The key was recognized, but its project can't use {model_wanted}.",
        looks='403, code model_not_found, "Project … does not have access to model …".',
        confirm=(
            "Another model works with the same key, and Project → Limits → Model usage lists the "
            "allowed models."
        ),
        prevent=(
            "List the models a program needs, and check them in CI: oai-tui check --require-model "
            "NAME."
        ),
        fixes=(
            Fix(
                text="Allow the model in the project: Limits → Model usage.",
                who="owner",
                url=links.PROJECTS,
            ),
            Fix(
                text="Use a model that this project can use.",
                who="you",
                command="oai-tui check --model {model_near}",
                apply=Change(kind="use-model", fact="model_near"),
            ),
        ),
        symptoms=(
            Symptom(when=When(status=403, code="model_not_found")),
            Symptom(
                when=When(
                    message=pattern(
                        r"project .{0,80}does not have access to model",
                        "Project `proj_abc` does not have access to model `gpt-5`",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"(?:no access|not have access) to (?:the )?\bmodel\b",
                            "You do not have access to model gpt-5",
                        ),
                        (
                            r"not allowed to (?:use|access|sample from) (?:the |this )?\bmodel\b",
                            "You are not allowed to sample from this model",
                        ),
                        (
                            r"\bmodel\b.{0,60}\bnot (?:supported|available|allowed)\b.{0,60}\b(?:account|plan|tier|subscription)\b",
                            "The model is not supported when using Codex with a ChatGPT account.",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="model-not-found", why="The name may be wrong; check the model list."
            ),
        ),
    ),
    Cause(
        id="model-not-found",
        family="permission",
        title="This key can't use that model",
        meaning=(
            "The model doesn't exist, or this key can't access it: a typo, a retired model, a "
            "usage tier without it, or no credit. The API doesn't say which."
        ),
        finding=(
            "This key can't use {model_wanted}: a typo, a retired model, or no access for this "
            "organization. The API doesn't say which."
        ),
        looks='404, code model_not_found, "does not exist or you do not have access to it".',
        confirm="GET /v1/models lists the models this key can use; another model works.",
        prevent="Check the models you deploy with: oai-tui check --require-model NAME.",
        fixes=(
            Fix(
                text="Use the closest model this key can list: {model_near}.",
                who="you",
                command="oai-tui check --model {model_near}",
                apply=Change(kind="use-model", fact="model_near"),
            ),
            Fix(
                text="Use one of the models this key can list.",
                who="you",
                command="oai-tui models",
            ),
            Fix(
                text="If the name is right, add credit or raise the usage tier.",
                who="owner",
                url=links.LIMITS,
            ),
        ),
        symptoms=(
            Symptom(when=When(code="model_not_found"), confidence="likely"),
            Symptom(
                when=When(
                    message=(
                        pattern(
                            r"\bmodel\b.{0,120}(?:does|do) ?n[o']t ?exist",
                            "The model `gpt-4` does not exist",
                        ),
                        pattern(r"\bmodel\b.{0,80}\bnot found\b", "404 Model not found gpt-5.4"),
                        pattern(
                            r"\b(?:invalid|unknown|unrecognized) model\b(?! key)",
                            "Unknown model: gpt-9",
                        ),
                    )
                ),
                confidence="likely",
            ),
            Symptom(when=When(status=404, fact={"model_listed": False}), confidence="likely"),
        ),
        alternatives=(
            Alternative(
                cause="model-retired",
                why="The model may have been retired; check the dates on the deprecations page.",
            ),
            Alternative(
                cause="quota-exhausted",
                why=(
                    "Some models are hidden without credit; send a small billed request to "
                    "another model."
                ),
            ),
            Alternative(
                cause="verification-required",
                why="Some models require organization verification.",
            ),
        ),
        links=(links.DEPRECATIONS,),
    ),
    Cause(
        id="model-retired",
        family="permission",
        title="This model has been retired",
        meaning=(
            "The model's shutdown date has passed; no one can use it any more, with whatever key."
        ),
        finding="{model_wanted} was shut down on {model_shutdown}; no key can use it.",
        looks='"has been deprecated"; 404 after the known date.',
        confirm="The date is on the deprecations page and in GET /v1/models.",
        prevent=(
            "Watch the deprecations page; check the models you deploy with: oai-tui check "
            "--require-model NAME."
        ),
        fixes=(
            Fix(
                text="Switch to a current model, for example {model_near}.",
                who="you",
                command="oai-tui check --model {model_near}",
                apply=Change(kind="use-model", fact="model_near"),
            ),
            Fix(
                text="Look up the recommended replacement on the deprecations page.",
                who="you",
                url=links.DEPRECATIONS,
            ),
        ),
        symptoms=(
            Symptom(when=When(status=404, fact={"model_retired": True})),
            Symptom(
                when=When(
                    message=pattern(
                        r"\bmodel\b.{0,120}(?:has been|was|is|have been) (?:deprecated|shut ?down|retired|decommissioned|discontinued)",
                        "The model `text-davinci-003` has been deprecated",
                    )
                )
            ),
        ),
        links=(links.DEPRECATIONS,),
    ),
    Cause(
        id="client-certificate-required",
        family="permission",
        title="A client certificate is required",
        meaning=(
            "The organization or project enforces mutual TLS: besides the key, each call must "
            "present a client certificate, on the mtls host. Another key won't help."
        ),
        looks=(
            "401 that mentions a client certificate or mutual TLS, or a handshake that ends with "
            "the alert “certificate required”. OpenAI hasn't published the exact message."
        ),
        confirm=(
            "The same call with the certificate works on https://mtls.api.openai.com/v1. An "
            "owner can see what is enforced under Security, or with GET "
            "/v1/organization/certificates."
        ),
        prevent=(
            "Keep certificate, key and base URL together, and renew the certificate before it "
            "expires."
        ),
        fixes=(
            Fix(
                text="Present the client certificate, on the mtls host.",
                who="you",
                command='curl -sS https://mtls.api.openai.com/v1/models --cert client.pem --key client-key.pem -H "Authorization: Bearer $OPENAI_API_KEY"',
            ),
            Fix(
                text=(
                    "Ask an owner for a certificate, or to turn off the requirement for this "
                    "project."
                ),
                who="owner",
                url=links.SECURITY,
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    code=(
                        "client_certificate_required",
                        "mtls_required",
                        "missing_client_certificate",
                        "certificate_required",
                    )
                )
            ),
            Symptom(
                when=When(
                    failure="tls-protocol",
                    message=pattern(
                        r"certificate[ _]required", "tlsv13 alert certificate required"
                    ),
                )
            ),
            Symptom(
                when=When(
                    status=(400, 401, 403),
                    message=any_of(
                        (r"client (?:ssl |tls )?certificate", "A client certificate is needed"),
                        (
                            r"no required ssl certificate was sent",
                            "400 No required SSL certificate was sent",
                        ),
                        (
                            r"(?:requires?|enforces?) (?:mtls|mutual tls)",
                            "This organization requires mTLS",
                        ),
                        (
                            r"(?:mtls|mutual tls)\b[^.\n]{0,40}\b(?:required|enforced)",
                            "mutual TLS is enforced for this project",
                        ),
                    ),
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="network-filter-blocked",
                why=(
                    "A company gateway can require a certificate too; the call without a key "
                    "shows who answers."
                ),
            ),
        ),
        links=(links.MTLS,),
    ),
    Cause(
        id="model-wrong-endpoint",
        family="permission",
        title="Wrong endpoint for this model",
        meaning=(
            "The model exists and this key can use it, but not for this kind of call: an "
            "embedding or speech model for text, a chat model on /v1/completions, or a model "
            "that only works on /v1/responses."
        ),
        finding="{model_wanted} is available to this key, but not on this endpoint.",
        looks=(
            '404, 400 or 403: "not a chat model", "only supported in v1/responses", "not supported '
            'in the v1/… endpoint", "not allowed to generate embeddings".'
        ),
        confirm=(
            "The same model works on the endpoint named on its model page, or another model "
            "works on this endpoint."
        ),
        prevent="Before you change the model in a program, check the endpoints on its model page.",
        fixes=(
            Fix(
                text="Use a model that supports text requests: {model_that_answers}.",
                who="you",
                command="oai-tui check --model {model_that_answers} --inference",
                apply=Change(kind="use-model", fact="model_that_answers"),
            ),
            Fix(
                text=(
                    "Call the endpoint named on the model page; newer models need POST "
                    "/v1/responses."
                ),
                who="you",
                url=links.MODELS,
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bnot a chat model\b", "404 This is not a chat model"),
                        (r"\bis a chat model\b", "This is a chat model and not supported in the"),
                        (r"\bsupported in (?:the )?/?v1/", "is only supported in v1/responses"),
                        (
                            r"\bonly (?:available|supported|accessible|usable) (?:via|in|through|on|with|for) (?:the )?(?:/?v1/|responses|chat completions?|completions|realtime|batch)\b",
                            "is only available via the Responses API",
                        ),
                        (r"\bdid you mean to use /?v1/", "Did you mean to use v1/completions?"),
                        (
                            r"\bnot supported (?:with|by|on|in|for) (?:the )?(?:responses|chat completions?|completions|embeddings) (?:api|endpoint)",
                            "not supported with the Responses API",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\bnot allowed to generate (?:embeddings|completions|images|speech)",
                            "You are not allowed to generate embeddings from this model",
                        ),
                        (
                            r"operation does not work with the specified model",
                            "The chatCompletion operation does not work with the specified model",
                        ),
                        (
                            r"\b(?:cannot be used with|not accessible (?:via|through)) the\b.{0,60}\bendpoint\b",
                            "gpt-5.3-codex is not accessible via the /chat/completions endpoint",
                        ),
                        (
                            r"\bis an? (?:embedding|audio|image|completion|moderation) model\b",
                            "text-embedding-3-small is an embedding model",
                        ),
                        (
                            r"\bdoes not support (?:the )?(?:chat|completions?|embeddings?|responses)\b",
                            "whisper-1 does not support chat",
                        ),
                    )
                )
            ),
            Symptom(
                when=When(code=("operationnotsupported", "model_not_supported_in_endpoint")),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="model-not-found", why="The name may have a typo; check the model list."
            ),
        ),
        links=(links.MODELS,),
    ),
    Cause(
        id="data-retention-restricted",
        family="permission",
        title="Zero data retention blocks this request",
        pasted_only=True,
        meaning=(
            "The organization stores no data at OpenAI, and the request needs stored data: a "
            "previous response, a conversation, stored items or background mode. The key and "
            "billing are not the reason."
        ),
        looks=(
            '400, "… cannot be used for this organization due to Zero Data Retention", "Items are '
            'not persisted for Zero Data Retention organizations"; the code may be '
            "unsupported_parameter."
        ),
        confirm=(
            "The same request works with store set to false and without previous_response_id, "
            "conversation or background."
        ),
        prevent=(
            "Set store to false in every client of this organization, and send the whole "
            "conversation each time."
        ),
        fixes=(
            Fix(
                text=(
                    "Send the request without state: store=False, no previous_response_id, no "
                    "conversation, no background."
                ),
                who="you",
                url=links.YOUR_DATA,
            ),
            Fix(
                text=(
                    "Request encrypted reasoning items and send them back, to keep reasoning "
                    "between calls."
                ),
                who="you",
                command='client.responses.create(..., store=False, include=["reasoning.encrypted_content"])',
            ),
            Fix(
                text="Use a project without zero data retention for work that needs stored data.",
                who="owner",
                url=links.PROJECTS,
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bzero[ -]data[ -]retention\b", "due to Zero Data Retention"),
                        (r"\bzdr\b", "not available for ZDR organizations"),
                    )
                )
            ),
        ),
        links=(links.YOUR_DATA,),
    ),
    Cause(
        id="request-rejected",
        family="permission",
        title="The request itself is invalid",
        meaning=(
            "The request has something this model or endpoint doesn't accept: a parameter, a "
            "value, invalid JSON, a missing header or too much text. That is not a matter of the "
            "key or of billing, and it fails the same way every time."
        ),
        looks=(
            "400, 405, 413, 415 or 422 with an OpenAI error; code unsupported_parameter, "
            "unsupported_value, unknown_parameter, invalid_type, context_length_exceeded; "
            "`param` names the part."
        ),
        confirm=(
            "The smallest valid request (only model and input) works; then add one parameter at "
            "a time."
        ),
        prevent=(
            "Keep the SDK up to date, and try a new model with the smallest request first: newer "
            "models reject max_tokens, temperature and top_p."
        ),
        fixes=(
            Fix(
                text="Change or remove the parameter named in `param`.",
                who="you",
                url=links.API_REFERENCE,
            ),
            Fix(
                text="Test access with the smallest request.",
                who="you",
                command="oai-tui check --inference",
            ),
            Fix(
                text="Try a model that accepts plain text requests: {model_that_answers}.",
                who="you",
                command="oai-tui check --model {model_that_answers} --inference",
                apply=Change(kind="use-model", fact="model_that_answers"),
            ),
        ),
        symptoms=(
            Symptom(when=When(code=_REQUEST_CODES)),
            Symptom(when=When(status=(413, 415), fact={"speaker": "openai"})),
            Symptom(
                when=When(
                    message=(
                        pattern(
                            r"could not parse the json body", "We could not parse the JSON body"
                        ),
                        pattern(r"\bwas not valid json\b", "but what was sent was not valid JSON."),
                        pattern(r"unrecognized request argument", "Unrecognized request argument"),
                        pattern(
                            r"unsupported content type", "Unsupported content type: 'text/plain'"
                        ),
                        pattern(r"maximum context length", "This model's maximum context length"),
                        pattern(
                            r"\bexceeds the (?:model's )?(?:maximum )?context window\b",
                            "Your input exceeds the context window of this model.",
                        ),
                        pattern(r"\bcontent size limit\b", "Maximum content size limit (26214400)"),
                        pattern(
                            r"\byou must provide (?:a model|the '?openai-beta)",
                            "You must provide the 'OpenAI-Beta' header",
                        ),
                        pattern(
                            r"\bnot allowed to (?:get|post|put|patch|delete) on\b",
                            "Not allowed to GET on /v1/images/generations.",
                        ),
                        pattern(
                            r"\bunsupported (?:parameter|value)\b", "Unsupported parameter: 'stop'"
                        ),
                        pattern(r"\bunknown parameter\b", "Unknown parameter: 'foo'."),
                        pattern(
                            r"missing required parameter", "Missing required parameter: 'model'."
                        ),
                        pattern(
                            r"\binvalid (?:type|value|schema) for\b", "Invalid value for 'content'"
                        ),
                        pattern(r"\bis a required property\b", "'messages' is a required property"),
                        pattern(
                            r"\bis not of type\b", "'1' is not of type 'number' - 'temperature'"
                        ),
                        pattern(
                            r"\badditional properties are not allowed\b",
                            "Additional properties are not allowed ('foo' was unexpected)",
                        ),
                        pattern(r"\bsafety system\b", "rejected as a result of our safety system"),
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\b(?:payload|content|request entity|header fields?|request body|body)(?: is)? too large\b",
                            "Request Header Fields Too Large",
                        ),
                        (r"\bpayload_too_large\b", "code: payload_too_large"),
                        (
                            r"\bis not supported (?:in|with|by|for) this model\b",
                            "tools is not supported in this model.",
                        ),
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(status=(400, 413, 415, 422), error_type="invalid_request_error"),
                confidence="likely",
            ),
            Symptom(when=When(error_type="invalid_request_error", status=409), confidence="likely"),
            Symptom(when=When(status=(409, 413, 414, 415, 422, 431)), confidence="possible"),
        ),
        alternatives=(
            Alternative(
                cause="other-server-answered",
                why=(
                    "A gateway may support fewer parameters than OpenAI; check the response "
                    "headers to see who answered."
                ),
            ),
        ),
        links=(links.API_REFERENCE, links.ERROR_CODES),
    ),
)
