"""The order in which causes are believed, and texts that fit several causes.

If a pasted text shows symptoms of several causes, the one that comes first in CAUSE_PRIORITY is
selected: first who answered, then what only one cause can say, then what many causes say. Within a
family the more specific cause comes first. Where no symptom matches, AMBIGUOUS_CASES names the
candidates.
"""

from oai_tui.domain.cause import Alternative, AmbiguousCase, Family, Fix
from oai_tui.domain.condition import When
from oai_tui.knowledge.patterns import pattern

CAUSE_PRIORITY: tuple[str, ...] = (
    # this machine, before anything was sent
    "keyring-locked",
    "keyring-unavailable",
    "keyring-failed",
    "sdk-mismatch",
    "client-fault",
    # who answered, where it was not OpenAI
    "proxy-auth-required",
    "edge-blocked",
    "network-filter-blocked",
    "gateway-upstream-down",
    "gateway-key-refused",
    "gateway-refused",
    "other-server-answered",
    "service-edge-error",
    # what one cause alone says
    "country-unsupported",
    "ip-not-allowed",
    "regional-host-wrong",
    "account-deactivated",
    "organization-mismatch",
    "organization-invalid",
    "organization-membership",
    "project-mismatch",
    "project-unavailable",
    "client-certificate-required",
    "verification-required",
    "session-key-required",
    "key-not-admin",
    "key-admin-on-inference",
    "key-chatgpt-token",
    "key-ephemeral",
    "scope-missing",
    "token-expired",
    "key-expired",
    "chatgpt-plan-limit",
    "spend-limit-project",
    "spend-limit-organization",
    "usage-limit-organization",
    "billing-hard-limit",
    "billing-inactive",
    "quota-exhausted",
    "limit-zero",
    "request-too-large",
    "batch-limit",
    "slow-down",
    "service-overloaded",
    "rate-limit-tokens",
    "rate-limit-requests",
    "data-retention-restricted",
    "resource-elsewhere",
    "model-wrong-endpoint",
    "model-retired",
    "model-not-allowed",
    "model-not-found",
    "key-missing",
    "key-other-provider",
    "key-placeholder",
    "key-malformed",
    "key-shadowed",
    "auth-header-malformed",
    "key-invalid",
    "base-url-wrong",
    "proxy-interference",
    "request-rejected",
    "service-error",
    # no answer
    "clock-skew",
    "ca-bundle-broken",
    "proxy-misconfigured",
    "proxy-unreachable",
    "tls-certificate-invalid",
    "tls-untrusted",
    "tls-protocol",
    "dns-failure",
    "machine-offline",
    "connection-blocked",
    "connection-refused",
    "connection-timeout",
    "response-timeout",
    "connection-reset",
    "connection-failed",
    "unknown",
)

STATUSES_OF_FAMILY: dict[Family, tuple[int, ...]] = {
    "key": (400, 401, 403, 404),
    "organization-and-project": (400, 401, 403, 404),
    "billing": (400, 402, 403, 429),
}
"""The HTTP statuses of the causes of a family.

Sources: error-codes guide, 2026-09, and recorded answers.
"""


def _or(cause: str, why: str) -> Alternative:
    return Alternative(cause=cause, why=why)


_BODY = "Paste the body of the answer as well: its error.code settles it."
BARE_STATUS_FIXES = (
    Fix(
        text="Run the check on the machine where the call failed: it asks the API itself and names the cause.",
        who="you",
        command="oai-tui check",
    ),
    Fix(
        text="Get the body of the answer, and explain that: log error.body in Python, error.error in Node, or ask once with curl.",
        who="you",
        command='curl -isS https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY" 2>&1 | oai-tui explain',
    ),
)
"""The advice for a status without its body."""
_SIGN_IN_FIXES = (
    Fix(
        text="Sign in again in the program that made the call; it used a ChatGPT sign-in, and no API key.",
        who="you",
        command="codex logout && codex login",
    ),
    Fix(
        text="Look for a base URL or a provider setting that sends an API key to ChatGPT, or the sign-in to another server.",
        who="you",
        command="env | grep -i openai",
    ),
)
AMBIGUOUS_CASES: tuple[AmbiguousCase, ...] = (
    AmbiguousCase(
        when=When(message=pattern(r"(?m)^connection error\.?$", "Connection error.")),
        cause="connection-failed",
        explanation=(
            "The program's own answer hides that no answer came from OpenAI. Find the traceback in "
            "the program's log, and explain that."
        ),
        alternatives=(
            _or(
                "dns-failure",
                "The traceback would say that the name does not resolve (gaierror, ENOTFOUND).",
            ),
            _or("tls-untrusted", "The traceback would say CERTIFICATE_VERIFY_FAILED."),
            _or("proxy-unreachable", "The traceback would name a proxy; look at HTTPS_PROXY."),
            _or(
                "key-malformed",
                "A newline in the key ends as “Illegal header value” below the same outer message.",
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=401, fact={"host": ("chatgpt.com", "www.chatgpt.com")}),
        cause="token-expired",
        fixes=_SIGN_IN_FIXES,
        explanation=(
            "The call went to chatgpt.com, which takes a ChatGPT sign-in and no API key. The "
            "sign-in was refused."
        ),
        alternatives=(
            _or("key-chatgpt-token", "The program may send the sign-in where a key belongs."),
            _or(
                "service-error",
                "Where a fresh sign-in is refused as well, look at the status page.",
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=429, fact={"host": ("chatgpt.com", "www.chatgpt.com")}),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "The call went to chatgpt.com, so the limit is that of a ChatGPT plan or of its "
            f"sign-in, and not of an API key. {_BODY}"
        ),
        alternatives=(
            _or("chatgpt-plan-limit", "error.type is then usage_limit_reached."),
            _or("rate-limit-requests", "The same call then passes after a minute."),
        ),
    ),
    AmbiguousCase(
        when=When(status=503, fact={"host_kind": "openai"}),
        cause="service-overloaded",
        explanation="OpenAI's host answered 503, and the body that says why is missing.",
        alternatives=(
            _or("service-edge-error", "The page then names Cloudflare or an upstream."),
            _or("service-error", "The type is then server_error."),
            _or("proxy-interference", "The same call without the proxy variables then works."),
        ),
    ),
    AmbiguousCase(
        when=When(status=(502, 504), fact={"host_kind": "openai"}),
        cause="service-edge-error",
        explanation="OpenAI's host answered, and not the API behind it; the body is missing.",
        alternatives=(
            _or("service-overloaded", "error.code is then server_is_overloaded."),
            _or("proxy-interference", "The same call without the proxy variables then works."),
        ),
    ),
    AmbiguousCase(
        when=When(status=401),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 401 alone does not say whether key, organization, project, region, address or "
            f"permission was refused. {_BODY}"
        ),
        alternatives=(
            _or(
                "key-invalid",
                (
                    "error.code is then invalid_api_key; the step “Does the API take the key?” "
                    "asks anew."
                ),
            ),
            _or(
                "key-missing",
                (
                    "The message then speaks of a missing bearer or key; list the places a key can "
                    "come from."
                ),
            ),
            _or("scope-missing", "The message then names “Missing scopes”."),
            _or(
                "organization-mismatch",
                (
                    "error.code is then mismatched_organization; the same call without the header "
                    "works."
                ),
            ),
            _or(
                "other-server-answered",
                "Another server uses 401 as well; compare the host that was called.",
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=403),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 403 alone does not say whether country, permission, model or a device on the way "
            f"refused. {_BODY}"
        ),
        alternatives=(
            _or("country-unsupported", "The call without a key is then refused in the same words."),
            _or("scope-missing", "The message then names “Missing scopes”."),
            _or("model-not-allowed", "error.code is then model_not_found; another model works."),
            _or("edge-blocked", "The body is then a Cloudflare page."),
            _or("network-filter-blocked", "The body is then a page of your own network's."),
        ),
    ),
    AmbiguousCase(
        when=When(status=404),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=f"A 404 alone does not say whether the path or the model is not there. {_BODY}",
        alternatives=(
            _or("base-url-wrong", "GET {base}/models then fails as well; a base URL ends in /v1."),
            _or(
                "model-not-found",
                "error.code is then model_not_found; GET /v1/models lists what there is.",
            ),
            _or("other-server-answered", "Compare the host that was called."),
        ),
    ),
    AmbiguousCase(
        when=When(status=429),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 429 alone does not say whether money or speed ran out, and only one of the two "
            f"passes by waiting. {_BODY}"
        ),
        alternatives=(
            _or(
                "quota-exhausted",
                (
                    "error.code is then insufficient_quota or credit_balance_exhausted; the "
                    "smallest billed request is refused even after a wait."
                ),
            ),
            _or(
                "rate-limit-requests",
                (
                    "The message then says “requests per min” or “per day”; one request after a "
                    "minute passes."
                ),
            ),
            _or(
                "rate-limit-tokens",
                "The message then says “tokens per min”; a tiny request passes.",
            ),
            _or(
                "other-server-answered",
                "Another server has limits of its own; compare the host that was called.",
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=(502, 503, 504)),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A gateway's status alone does not say whose gateway failed: OpenAI's, or a proxy or "
            "relay on the way. Paste the body and the headers `server` and `via` as well."
        ),
        alternatives=(
            _or(
                "service-edge-error",
                "The page then names Cloudflare, and the status page an incident.",
            ),
            _or("proxy-interference", "The same call without the proxy variables then works."),
            _or("service-overloaded", "error.code is then server_is_overloaded."),
            _or("other-server-answered", "Compare the host that was called."),
        ),
    ),
    AmbiguousCase(
        when=When(status="5xx"),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation="The status says that a server failed, not whose. Paste the body as well.",
        alternatives=(
            _or("service-error", "The type is then server_error, and the same call passes later."),
            _or("other-server-answered", "Compare the host that was called."),
            _or("service-edge-error", "The page then names Cloudflare."),
        ),
    ),
    AmbiguousCase(
        when=When(status=400),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 400 alone says only that something in the request was refused. Paste the body: "
            "error.param names the part."
        ),
        alternatives=(
            _or("request-rejected", "error.param and the message then name a parameter."),
            _or("model-not-found", "The message then names the model."),
            _or("other-server-answered", "Compare the host that was called."),
        ),
    ),
)
"""The first row that matches is used, if no symptom of a cause is strong enough."""

BEFORE_SENDING = ("key-missing",)
"""Causes that a client reports before it sends anything; a text without an answer that shows one is
believed, whatever other servers it names."""
VAGUE_ALTERNATIVES: dict[str, tuple[Alternative, ...]] = {
    "response-timeout": (
        _or("connection-timeout", "The same words are used where no connection came about."),
    ),
    "connection-refused": (
        _or("connection-timeout", "The same number is used where nothing answers the connection."),
        _or("proxy-unreachable", "A proxy variable may lead the call elsewhere."),
    ),
}
"""What else the words of a client can mean that uses them for several failures."""

NO_FAILURE_TITLE = "This text shows no failed call"
NO_FAILURE_EXPLANATION = "There is no status, no error and no traceback of a call to the OpenAI API in it, so there is nothing to judge. It may be the part of the output before or after the error."
NO_FAILURE_FIXES = (
    Fix(
        text="Paste the whole error: the traceback from its first line to its last, or the answer's status line, headers and body.",
        who="you",
    ),
    Fix(
        text="Ask the API once more and explain what it says.",
        who="you",
        command='curl -isS https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY" 2>&1 | oai-tui explain',
    ),
    Fix(
        text="Run the check on the machine where it fails: it needs no error text.",
        who="you",
        command="oai-tui check",
    ),
)
"""What is reported for a text that shows no failed call at all."""
