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


_BODY = "Paste the response body as well: its error.code names the cause."
BARE_STATUS_FIXES = (
    Fix(
        text=(
            "Run a check on the machine where the call failed: it calls the API and names the "
            "cause."
        ),
        who="you",
        command="oai-tui check",
    ),
    Fix(
        text=(
            "Get the response body and explain it: log error.body in Python or error.error in "
            "Node, or call once with curl."
        ),
        who="you",
        command='curl -isS https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY" 2>&1 | oai-tui explain',
    ),
)
"""The advice for a status without its body."""
_SIGN_IN_FIXES = (
    Fix(
        text=(
            "Sign in again in the program that made the call; it used a ChatGPT sign-in, not an "
            "API key."
        ),
        who="you",
        command="codex logout && codex login",
    ),
    Fix(
        text=(
            "Look for a base URL or provider setting that sends an API key to ChatGPT, or a "
            "ChatGPT sign-in to another server."
        ),
        who="you",
        command="env | grep -i openai",
    ),
)
AMBIGUOUS_CASES: tuple[AmbiguousCase, ...] = (
    AmbiguousCase(
        when=When(message=pattern(r"(?m)^connection error\.?$", "Connection error.")),
        cause="connection-failed",
        explanation=(
            "The program reported its own error because OpenAI sent no response. Find the "
            "traceback in the program's log and explain that."
        ),
        alternatives=(
            _or(
                "dns-failure",
                "The traceback would show a DNS error (gaierror, ENOTFOUND).",
            ),
            _or("tls-untrusted", "The traceback would show CERTIFICATE_VERIFY_FAILED."),
            _or("proxy-unreachable", "The traceback would name a proxy; check HTTPS_PROXY."),
            _or(
                "key-malformed",
                (
                    "A newline in the key shows up as “Illegal header value” below the same "
                    "outer message."
                ),
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=401, fact={"host": ("chatgpt.com", "www.chatgpt.com")}),
        cause="token-expired",
        fixes=_SIGN_IN_FIXES,
        explanation=(
            "The call went to chatgpt.com, which accepts a ChatGPT sign-in, not an API key. The "
            "sign-in was rejected."
        ),
        alternatives=(
            _or(
                "key-chatgpt-token",
                "The program may send a ChatGPT sign-in where an API key is needed.",
            ),
            _or(
                "service-error",
                "If a new sign-in is rejected too, check the status page.",
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=429, fact={"host": ("chatgpt.com", "www.chatgpt.com")}),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "The call went to chatgpt.com, so this is the limit of a ChatGPT plan or sign-in, "
            f"not of an API key. {_BODY}"
        ),
        alternatives=(
            _or("chatgpt-plan-limit", "If so, error.type is usage_limit_reached."),
            _or("rate-limit-requests", "If so, the same call works after a minute."),
        ),
    ),
    AmbiguousCase(
        when=When(status=503, fact={"host_kind": "openai"}),
        cause="service-overloaded",
        explanation="OpenAI's host returned 503, but the response body with the reason is missing.",
        alternatives=(
            _or("service-edge-error", "If so, the page names Cloudflare or an upstream server."),
            _or("service-error", "If so, error.type is server_error."),
            _or("proxy-interference", "If so, the same call works with the proxy variables unset."),
        ),
    ),
    AmbiguousCase(
        when=When(status=(502, 504), fact={"host_kind": "openai"}),
        cause="service-edge-error",
        explanation="OpenAI's host answered, but not the API behind it; the response body is missing.",
        alternatives=(
            _or("service-overloaded", "If so, error.code is server_is_overloaded."),
            _or("proxy-interference", "If so, the same call works with the proxy variables unset."),
        ),
    ),
    AmbiguousCase(
        when=When(status=401),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 401 alone doesn't say whether the key, organization, project, region, IP address "
            f"or permission was rejected. {_BODY}"
        ),
        alternatives=(
            _or(
                "key-invalid",
                (
                    "If so, error.code is invalid_api_key, and a check fails at the step "
                    "“Does the API accept the key?”."
                ),
            ),
            _or(
                "key-missing",
                (
                    "If so, the message mentions a missing bearer token or key; list the "
                    "places a key can come from."
                ),
            ),
            _or("scope-missing", "If so, the message says “Missing scopes”."),
            _or(
                "organization-mismatch",
                (
                    "If so, error.code is mismatched_organization, and the same call works "
                    "without the header."
                ),
            ),
            _or(
                "other-server-answered",
                "Other servers return 401 too; check which host was called.",
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=403),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 403 alone doesn't say whether the country, a permission, the model or a network "
            f"device caused it. {_BODY}"
        ),
        alternatives=(
            _or(
                "country-unsupported",
                "If so, the call without a key is rejected with the same message.",
            ),
            _or("scope-missing", "If so, the message says “Missing scopes”."),
            _or(
                "model-not-allowed",
                "If so, error.code is model_not_found, and another model works.",
            ),
            _or("edge-blocked", "If so, the body is a Cloudflare page."),
            _or("network-filter-blocked", "If so, the body is a page from your own network."),
        ),
    ),
    AmbiguousCase(
        when=When(status=404),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=f"A 404 alone doesn't say whether the path or the model doesn't exist. {_BODY}",
        alternatives=(
            _or("base-url-wrong", "If so, GET {base}/models fails too; a base URL ends in /v1."),
            _or(
                "model-not-found",
                "If so, error.code is model_not_found; GET /v1/models lists the available models.",
            ),
            _or("other-server-answered", "Check which host was called."),
        ),
    ),
    AmbiguousCase(
        when=When(status=429),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 429 alone doesn't say whether credit or rate limit ran out, and waiting only "
            f"helps with the rate limit. {_BODY}"
        ),
        alternatives=(
            _or(
                "quota-exhausted",
                (
                    "If so, error.code is insufficient_quota or credit_balance_exhausted, "
                    "and a small billed request still fails after a wait."
                ),
            ),
            _or(
                "rate-limit-requests",
                (
                    "If so, the message says “requests per min” or “per day”; one request "
                    "works after a minute."
                ),
            ),
            _or(
                "rate-limit-tokens",
                "If so, the message says “tokens per min”; a very short request works.",
            ),
            _or(
                "other-server-answered",
                "Other servers have their own limits; check which host was called.",
            ),
        ),
    ),
    AmbiguousCase(
        when=When(status=(502, 503, 504)),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A gateway status doesn't say whose gateway failed: OpenAI's, or a proxy or relay in "
            "between. Paste the body and the headers `server` and `via` as well."
        ),
        alternatives=(
            _or(
                "service-edge-error",
                "If so, the page names Cloudflare, and the status page shows an incident.",
            ),
            _or("proxy-interference", "If so, the same call works with the proxy variables unset."),
            _or("service-overloaded", "If so, error.code is server_is_overloaded."),
            _or("other-server-answered", "Check which host was called."),
        ),
    ),
    AmbiguousCase(
        when=When(status="5xx"),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "The status says that a server failed, but not which one. Paste the response body as "
            "well."
        ),
        alternatives=(
            _or(
                "service-error", "If so, error.type is server_error, and the same call works later."
            ),
            _or("other-server-answered", "Check which host was called."),
            _or("service-edge-error", "If so, the page names Cloudflare."),
        ),
    ),
    AmbiguousCase(
        when=When(status=400),
        cause="unknown",
        fixes=BARE_STATUS_FIXES,
        explanation=(
            "A 400 only says that something in the request is invalid. Paste the response body: "
            "error.param names the part."
        ),
        alternatives=(
            _or("request-rejected", "If so, error.param and the message name a parameter."),
            _or("model-not-found", "If so, the message names the model."),
            _or("other-server-answered", "Check which host was called."),
        ),
    ),
)
"""The first row that matches is used, if no symptom of a cause is strong enough."""

BEFORE_SENDING = ("key-missing",)
"""Causes that a client reports before it sends anything; a text without an answer that shows one is
believed, whatever other servers it names."""
VAGUE_ALTERNATIVES: dict[str, tuple[Alternative, ...]] = {
    "response-timeout": (
        _or("connection-timeout", "The same message appears when no connection could be made."),
    ),
    "connection-refused": (
        _or("connection-timeout", "The same number appears when nothing answers the connection."),
        _or("proxy-unreachable", "A proxy variable may send the call elsewhere."),
    ),
    "tls-protocol": (
        _or("tls-untrusted", "The inner message would name the certificate."),
        _or("connection-reset", "The inner message would say that the connection was closed."),
    ),
}
"""What else the words of a client can mean that uses them for several failures."""

NO_FAILURE_TITLE = "No API error found in this text"
NO_FAILURE_EXPLANATION = (
    "The text has no status code, error or traceback from a call to the OpenAI API, so there is "
    "nothing to diagnose. It may be the output from before or after the error."
)
NO_FAILURE_FIXES = (
    Fix(
        text=(
            "Paste the whole error: the traceback from the first line to the last, or the status "
            "line, headers and body of the response."
        ),
        who="you",
    ),
    Fix(
        text="Call the API once more and explain the response.",
        who="you",
        command='curl -isS https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY" 2>&1 | oai-tui explain',
    ),
    Fix(
        text="Run a check on the machine where it fails: it needs no error text.",
        who="you",
        command="oai-tui check",
    ),
)
"""What is reported for a text that shows no failed call at all."""
