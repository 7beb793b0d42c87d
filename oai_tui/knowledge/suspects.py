"""Lists of suspects: the possible causes of one coarse answer, in the order of trial.

The branches of the tree name these lists; the symptoms of the causes decide among them.
"""

from oai_tui.domain.condition import When
from oai_tui.domain.observation import FailureKind
from oai_tui.knowledge.patterns import any_of, pattern

NO_ANSWER: tuple[FailureKind, ...] = (
    "dns",
    "refused",
    "unreachable",
    "connect-timeout",
    "read-timeout",
    "reset",
    "malformed-answer",
    "tls-untrusted",
    "tls-invalid",
    "tls-protocol",
    "proxy-unreachable",
    "proxy-auth",
    "proxy-refused",
    "proxy-settings",
    "ca-bundle",
    "url",
)
"""The kinds of failure in which no answer came."""
NETWORK = (
    "machine-offline",
    "proxy-unreachable",
    "proxy-auth-required",
    "proxy-misconfigured",
    "ca-bundle-broken",
    "base-url-wrong",
    "network-filter-blocked",
    "dns-failure",
    "connection-blocked",
    "connection-refused",
    "connection-timeout",
    "response-timeout",
    "connection-reset",
    "tls-untrusted",
    "tls-certificate-invalid",
    "clock-skew",
    "client-certificate-required",
    "tls-protocol",
    "proxy-interference",
    "unknown",
)
"""Suspects if no answer came."""
GATEWAY = ("gateway-upstream-down", "gateway-key-refused", "gateway-refused")
"""Suspects if a server that is not OpenAI's answered in its own words."""
GATEWAY_WITHOUT_KEY = ("gateway-upstream-down", "gateway-refused")
"""The same for a status that says nothing about a key."""
PAGES = ("edge-blocked", "network-filter-blocked", "other-server-answered")
"""Suspects if a page or another server answered."""
SERVICE = (
    *GATEWAY,
    "edge-blocked",
    "network-filter-blocked",
    "proxy-interference",
    "other-server-answered",
    "service-overloaded",
    "slow-down",
    "service-edge-error",
    "service-error",
    "unknown",
)
"""Suspects after a 5xx."""
BILLING = (
    "spend-limit-project",
    "spend-limit-organization",
    "usage-limit-organization",
    "billing-inactive",
    "billing-hard-limit",
)
"""Suspects after a 429 that is about money."""
TOO_MANY = (
    *GATEWAY_WITHOUT_KEY,
    *BILLING,
    "credit-elsewhere",
    "quota-exhausted",
    "slow-down",
    "other-server-answered",
    "limit-zero",
    "request-too-large",
    "service-overloaded",
    "rate-limit-tokens",
    "rate-limit-requests",
    "network-filter-blocked",
    "unknown",
)
"""Suspects after a 429."""
KEY_REFUSED = (
    "auth-header-malformed",
    "key-expired",
    "key-other-provider",
    "key-placeholder",
    "key-malformed",
    "key-invalid",
)
"""Suspects after a 401 that is about the key itself."""
UNAUTHORIZED = (
    *GATEWAY,
    "key-not-admin",
    "scope-missing",
    *PAGES,
    "account-deactivated",
    "organization-membership",
    "organization-mismatch",
    "organization-invalid",
    "project-unavailable",
    "project-mismatch",
    "regional-host-wrong",
    "ip-not-allowed",
    "client-certificate-required",
    "session-key-required",
    "token-expired",
    *KEY_REFUSED,
    "key-missing",
    "unknown",
)
"""Suspects after a 401."""
FORBIDDEN = (
    *GATEWAY,
    "country-unsupported",
    "key-not-admin",
    "scope-missing",
    *PAGES,
    "account-deactivated",
    "verification-required",
    "model-wrong-endpoint",
    "model-not-allowed",
    "project-unavailable",
    "session-key-required",
    "ip-not-allowed",
    "regional-host-wrong",
    "client-certificate-required",
    "billing-inactive",
    "base-url-wrong",
    "unknown",
)
"""Suspects after a 403."""
BAD_REQUEST = (
    *GATEWAY,
    "verification-required",
    "billing-hard-limit",
    "billing-inactive",
    "organization-invalid",
    "model-wrong-endpoint",
    "model-retired",
    "resource-elsewhere",
    "model-not-found",
    "other-server-answered",
    "request-too-large",
    "client-certificate-required",
    "proxy-interference",
    "base-url-wrong",
    "request-rejected",
    "unknown",
)
"""Suspects after any other 4xx."""
ON_THE_WAY = ("proxy-auth-required", *SERVICE[:-1], *NETWORK)
"""Suspects for a fault between this machine and OpenAI, OpenAI included."""
NOT_FOUND = (
    *GATEWAY_WITHOUT_KEY,
    "verification-required",
    "model-wrong-endpoint",
    "model-retired",
    "resource-elsewhere",
    "model-not-found",
    "project-unavailable",
    "other-server-answered",
    "base-url-wrong",
    "unknown",
)
"""Suspects after a 404."""
SCOPES = When(
    status=(401, 403),
    message=(
        pattern(r"missing scopes?", "Missing scopes: api.responses.write"),
        pattern(
            r"insufficient permissions for this operation",
            "You have insufficient permissions for this operation",
        ),
        pattern(r"missing_scope", "code: missing_scope"),
    ),
)
"""The condition for an answer that names missing scopes."""
NO_KEY_ARRIVED = any_of(
    (r"missing bearer", "Missing bearer authentication in header"),
    (r"didn'?t provide an api key", "You didn't provide an API key."),
    (r"no api key passed in", "Authentication Error, No api key passed in."),
    (r"no (?:cookie )?auth credentials found", "No auth credentials found"),
    (r"\bjwt is missing", "Jwt is missing"),
    (r"未提供令牌", "未提供令牌"),  # no token given
)
"""What servers say to a call without a key."""
MODEL_REFUSED = any_of(
    (r"invalid model name passed", "/responses: Invalid model name passed in model=gpt-unknown."),
    (r"key_model_access_denied", '"type":"key_model_access_denied"'),
    (r"\bno access to model\b", "This token has no access to model gpt-test"),
    (
        r"\bmodel\b.{0,120}\b(?:not found|does not exist|is not available)\b",
        "model 'gpt-unknown' not found",
    ),
    (r"is not a valid model id", "gpt-unknown is not a valid model ID"),
    (r"deploymentnotfound", '"code":"DeploymentNotFound"'),
    (
        r"no available channel|无可用渠道",
        "No available channel for model gpt-unknown",
        "无可用渠道",
    ),  # no channel
    (r"model_not_found", '"code": "model_not_found"'),
    (r"no endpoints found", "No endpoints found for gpt-unknown."),
)
"""What servers that are not OpenAI's say of a model: they do not offer the model, or not to this key."""
BEHIND_A_PROXY = (
    "machine-offline",
    "proxy-unreachable",
    "proxy-auth-required",
    "network-filter-blocked",
    "proxy-interference",
    "unknown",
)
"""Suspects if the proxy refused, or could not be reached."""
CUT = (
    "proxy-misconfigured",
    "network-filter-blocked",
    "proxy-interference",
    "response-timeout",
    "connection-reset",
    "tls-protocol",
    "unknown",
)
"""Suspects if the connection through a proxy was cut, or no whole answer came through it."""
