"""The family "rate-limits": too much in too little time.

Codes and numbers: rate-limits guide and error-codes guide (2026-09).
"""

from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

_PACE = Fix(
    text=(
        "Wait as long as the answer asks, then pace the calls with random jitter; failed calls "
        "count too."
    ),
    who="you",
    url=links.RATE_LIMITS,
)
_RAISE = Fix(
    text="Raise the usage tier, or the project's share of it.", who="owner", url=links.LIMITS
)
_RATE_CODES = ("rate_limit_exceeded", "rate_limit_error", "rate_limit_reached")

CAUSES = (
    Cause(
        id="request-too-large",
        family="rate-limits",
        title="One request is larger than the whole budget",
        meaning=(
            "This single request needs more tokens than the limit allows in a whole minute. "
            "Waiting and retrying never help."
        ),
        finding=(
            "One request asks for {requested}, and the limit is {limit}. Waiting does not help."
        ),
        looks='429, "Request too large"; Requested is above Limit.',
        confirm=(
            "The answer's own numbers: Requested is above Limit. A tiny prompt to the same model "
            "passes."
        ),
        prevent=(
            "Count tokens before sending (POST /v1/responses/input_tokens), and keep prompts well "
            "below the limit."
        ),
        fixes=(
            Fix(
                text="Send less: a shorter prompt, fewer attachments, a lower max_output_tokens.",
                who="you",
            ),
            Fix(text="Or use a model or tier with a higher limit.", who="owner", url=links.LIMITS),
        ),
        symptoms=(Symptom(when=When(fact={"limit_state": "over"})),),
    ),
    Cause(
        id="limit-zero",
        family="rate-limits",
        title="The limit for this model is zero",
        meaning=(
            "The organization or project has no allowance for this model at all: it is a matter of "
            "access, not of speed."
        ),
        looks='429, "Limit 0" or "Limit: 0 / 1min".',
        confirm=(
            "The answer's own number: Limit is 0, as is the model's row on the Limits page. "
            "Another model works with the same key."
        ),
        prevent=(
            "Check a model with oai-tui check --model NAME --inference before a program depends on "
            "it."
        ),
        fixes=(
            Fix(
                text=(
                    "Look at the model's row on the limits page: tier, verification or the "
                    "project's own limits."
                ),
                who="owner",
                url=links.LIMITS,
            ),
            Fix(text="Use another model meanwhile.", who="you"),
        ),
        symptoms=(Symptom(when=When(fact={"limit_state": "zero"})),),
    ),
    Cause(
        id="slow-down",
        family="rate-limits",
        title="The traffic rises too fast",
        meaning=(
            "The limits are not reached, but the number of calls grew faster than the service "
            "allows."
        ),
        looks='429 or 503, code slow_down, "Slow Down".',
        confirm=(
            "The same call passes after the wait, and a slow, steady stream of calls is not "
            "refused."
        ),
        prevent="Raise traffic step by step over minutes, and spread batch jobs out.",
        fixes=(
            Fix(
                text=(
                    "Fall back to the earlier rate for 15 minutes, then raise it slowly; honour "
                    "Retry-After."
                ),
                who="you",
                url=links.ERROR_CODES,
            ),
        ),
        symptoms=(
            Symptom(when=When(code="slow_down")),
            Symptom(
                when=When(
                    message=any_of(
                        (r"^slow ?down$", "Slow Down"),
                        (r"\bslow down\b", "Please slow down and reduce your request rate"),
                    )
                ),
                confidence="likely",
            ),
        ),
        retry_helps=True,
    ),
    Cause(
        id="batch-limit",
        family="rate-limits",
        title="The queue for batches or fine-tuning is full",
        pasted_only=True,
        meaning=(
            "The tokens that may wait in batches of this model, or the fine-tuning jobs of a day, "
            "are used up. Ordinary calls are not touched."
        ),
        looks=(
            'A batch that failed with code token_limit_exceeded, "Enqueued token limit reached"; '
            "429 daily_rate_limit_exceeded when a fine-tuning job is created."
        ),
        confirm=(
            "List the batches that wait or run; the same batch passes once they are through. The "
            "limits page has the queue limit of each model."
        ),
        prevent="Cut large batches into several, and send the next one when the last is through.",
        fixes=(
            Fix(
                text="Wait until running batches are through, then send it again.",
                who="you",
                command='curl -sS https://api.openai.com/v1/batches -H "Authorization: Bearer $OPENAI_API_KEY"',
            ),
            Fix(text="Send smaller batches, one after the other.", who="you", url=links.BATCH),
            _RAISE,
        ),
        symptoms=(
            Symptom(when=When(code=("token_limit_exceeded", "daily_rate_limit_exceeded"))),
            Symptom(
                when=When(
                    message=any_of(
                        (r"\benqueued (?:tokens?|requests?)\b", "Limit: 1,000 enqueued requests."),
                        (r"\bbatch queue limit\b", "The batch queue limit is reached"),
                    )
                )
            ),
        ),
        links=(links.BATCH,),
        retry_helps=True,
    ),
    Cause(
        id="rate-limit-tokens",
        family="rate-limits",
        title="Too many tokens in this time",
        meaning=(
            "The tokens of this minute or day are used up. The key works; the same call succeeds "
            "later."
        ),
        finding=(
            "The limit on {limit_kind} ({limit}) is used up for now. The key works; wait, and the "
            "same call succeeds."
        ),
        looks="429, code rate_limit_exceeded, type tokens; Used + Requested above Limit.",
        confirm=(
            "One request after the wait passes; x-ratelimit-remaining-tokens of that answer shows "
            "how much is left."
        ),
        prevent="Watch x-ratelimit-remaining-tokens and slow down before it is 0.",
        fixes=(
            _PACE,
            Fix(
                text="Send fewer tokens, and lower max_output_tokens: it counts in full.", who="you"
            ),
            _RAISE,
        ),
        symptoms=(
            Symptom(when=When(code=_RATE_CODES, error_type="tokens")),
            Symptom(
                when=When(
                    fact={
                        "limit_kind": (
                            "tokens per minute",
                            "tokens per day",
                            "tokens per hour",
                            "tokens per second",
                        )
                    }
                )
            ),
            Symptom(
                when=When(
                    code=_RATE_CODES,
                    message=any_of(
                        (r"\btokens?\b", "Rate limit reached on tokens"),
                        (r"\btp[md]\b", "Rate limit reached on TPM"),
                    ),
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\brate limit (?:reached|exceeded) for tokens\b",
                            "Rate limit reached for tokens.",
                        ),
                        (r"\btoo many tokens\b", "Too many tokens"),
                    )
                ),
                confidence="likely",
            ),
            Symptom(when=When(status=429, fact={"remaining_tokens": 0}), confidence="likely"),
        ),
        retry_helps=True,
    ),
    Cause(
        id="rate-limit-requests",
        family="rate-limits",
        title="Too many requests in this time",
        meaning=(
            "The requests of this minute or day are used up. The key works; the same call succeeds "
            "later."
        ),
        finding=(
            "The limit on {limit_kind} ({limit}) is used up for now. The key works; wait, and the "
            "same call succeeds."
        ),
        looks="429, code rate_limit_exceeded, type requests.",
        confirm=(
            "One request after the wait passes; x-ratelimit-remaining-requests of that answer "
            "shows how many are left."
        ),
        prevent="Watch x-ratelimit-remaining-requests and slow down before it is 0.",
        fixes=(_PACE, _RAISE),
        symptoms=(
            Symptom(when=When(code=_RATE_CODES, error_type="requests")),
            Symptom(
                when=When(
                    fact={
                        "limit_kind": (
                            "requests per minute",
                            "requests per day",
                            "requests per hour",
                            "requests per second",
                        )
                    }
                )
            ),
            Symptom(
                when=When(
                    code=_RATE_CODES,
                    message=any_of(
                        (r"\brequests?\b", "Rate limit reached on requests"),
                        (r"\brp[md]\b", "Rate limit reached on RPM"),
                    ),
                )
            ),
            Symptom(when=When(code=_RATE_CODES), confidence="likely"),
            Symptom(when=When(status=429, fact={"remaining_requests": 0}), confidence="likely"),
            Symptom(
                when=When(
                    message=pattern(
                        r"rate limit (?:is |was )?(?:reached|exceeded)",
                        "Rate limit reached for default-gpt-3.5-turbo",
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="rate-limit-tokens",
                why=(
                    "The answer does not say whether requests or tokens ran out; the x-ratelimit "
                    "headers of a good answer do."
                ),
            ),
        ),
        retry_helps=True,
    ),
)
