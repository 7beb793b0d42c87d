"""The family "service": OpenAI itself fails. The key is never at fault.

Codes: error-codes guide (2026-09).
"""

from oai_tui.domain.cause import Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

_STATUS = Fix(text="Check the status page, then check again later.", who="you", url=links.STATUS)

CAUSES = (
    Cause(
        id="service-overloaded",
        family="service",
        title="OpenAI is overloaded",
        meaning="OpenAI has more load than it can handle. Your key and request are not the reason.",
        looks='503 (or 500, 429), code server_is_overloaded, "currently overloaded".',
        confirm=(
            "Another model works, or the same one a little later; the status page may show an "
            "incident."
        ),
        prevent=(
            "Retry with exponential backoff and jitter, and configure a second model as a fallback."
        ),
        fixes=(
            Fix(
                text="Retry with exponential backoff and jitter; follow Retry-After.",
                who="you",
                url=links.RATE_LIMITS,
            ),
            _STATUS,
        ),
        symptoms=(
            Symptom(when=When(code="server_is_overloaded")),
            Symptom(when=When(error_type=("overloaded_error", "service_unavailable_error"))),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\boverloaded\b", "The server is overloaded or not ready yet."),
                        (r"\bat capacity\b", "Selected model is at capacity."),
                        (r"\bhigh (?:demand|load)\b", "We're currently experiencing high demand"),
                    )
                )
            ),
        ),
        retry_helps=True,
    ),
    Cause(
        id="service-edge-error",
        family="service",
        title="OpenAI's edge (Cloudflare) couldn't reach the API",
        meaning=(
            "The edge in front of the API answered because the API behind it didn't. Your key "
            "and request are not the reason."
        ),
        looks="502, 504, 520 to 524; a Cloudflare page, or “upstream connect error”.",
        confirm=(
            "The same call works later, from this network and others; the status page may show "
            "an incident."
        ),
        prevent="Retry with exponential backoff and jitter, and subscribe to the status page.",
        fixes=(
            _STATUS,
            Fix(
                text="If it persists, ask whether one of your own proxies is in between.", who="it"
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    status=(520, 521, 522, 523, 524, 525, 526, 530),
                    fact={"host_kind": ("openai", "local")},
                )
            ),
            Symptom(
                when=When(
                    status=(520, 521, 522, 523, 524, 525, 526, 530),
                    message=pattern(r"\bopenai\.com\b", "api.openai.com | 524: A timeout occurred"),
                )
            ),
            Symptom(when=When(status=(502, 504), fact={"speaker": "cloudflare"})),
            Symptom(
                when=When(
                    status=(502, 503, 504),
                    message=any_of(
                        (r"upstream connect error", "upstream connect error or disconnect/reset"),
                        (r"upstream request timeout", "upstream request timeout"),
                        (r"cloudflare", "cloudflare"),
                    ),
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    status=(502, 503, 504),
                    message=any_of(
                        (r"bad gateway", "502 Bad Gateway"),
                        (r"gateway time-?out", "504 Gateway Time-out"),
                    ),
                    fact={"host_kind": "openai"},
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    error_type=(
                        "cf_bad_gateway",
                        "cf_service_unavailable",
                        "cf_gateway_timeout",
                        "cf_origin_error",
                        "cf_timeout",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (r"upstream connect error", "upstream connect error or disconnect/reset"),
                        (r"\btype\W{1,6}cf_\w+", '"type":"cf_bad_gateway"'),
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    fact={"speaker": "cloudflare", "host_kind": "openai"},
                    message=any_of(
                        (r"\bcf-host-status\b", '<div id="cf-host-status">'),
                        (r"\bbad gateway\b", "502 Bad Gateway"),
                        (r"\berror ?code:? 5[0-9]{2}\b", "Error code 520"),
                        (r"\bhost error\b", "api.openai.com Host Error"),
                    ),
                ),
                confidence="likely",
            ),
        ),
        retry_helps=True,
    ),
    Cause(
        id="service-error",
        family="service",
        title="OpenAI server error",
        meaning="OpenAI failed while handling the call. Your key and request are not the reason.",
        looks='500, type server_error, "The server had an error".',
        confirm="The same call works a moment later, or the status page shows an incident.",
        prevent="Retry with exponential backoff and jitter; log x-request-id with every call.",
        fixes=(
            Fix(
                text="Retry; if it persists, contact support with the request ID.",
                who="openai",
                url=links.SUPPORT,
            ),
            _STATUS,
        ),
        symptoms=(
            Symptom(when=When(error_type="server_error")),
            Symptom(
                when=When(
                    code=(
                        "server_error",
                        "internal_error",
                        "internal_server_error",
                        "auth_subrequest_error",
                    )
                )
            ),
            Symptom(when=When(status=500, fact={"speaker": "openai"})),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\bauth_subrequest_error\b", "auth_subrequest_error"),
                        (r"\bauth error: 5[0-9]{2}\b", "503 Service Unavailable, auth error: 503"),
                        (r"\w_circuit_open\b", "auth error code: example_service_circuit_open"),
                    )
                ),
                confidence="likely",
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (r"the server had an error", "The server had an error while processing"),
                        (
                            r"experienced an error while processing",
                            "The server experienced an error while processing your request.",
                        ),
                        (
                            r"error occurred while processing your request",
                            "An error occurred while processing your request.",
                        ),
                        (r"internal server error", "Internal server error"),
                    )
                ),
                confidence="likely",
            ),
        ),
        retry_helps=True,
    ),
)
