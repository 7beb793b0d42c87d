"""The family "rate-limits": too much in too little time.

Codes and numbers: rate-limits guide and error-codes guide (2026-09).
"""

from oai_tui.domain.cause import Alternative, Cause, Finding, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

_SAID = When(fact={"retry_after_s": None})
_PACE = (
    Fix(
        text=(
            "Wait as long as the response says, then retry with exponential backoff and jitter "
            "(failed calls count too)."
        ),
        who="you",
        url=links.RATE_LIMITS,
        when=_SAID,
    ),
    Fix(
        text=(
            "Retry with exponential backoff and jitter: wait longer after each failure (failed "
            "calls count too)."
        ),
        who="you",
        url=links.RATE_LIMITS,
        unless=_SAID,
    ),
)
_RAISE = Fix(
    text="Raise the organization's usage tier, or the project's limit (Project → Limits).",
    who="owner",
    url=links.LIMITS,
)
_RATE_CODES = ("rate_limit_exceeded", "rate_limit_error", "rate_limit_reached")

CAUSES = (
    Cause(
        id="request-too-large",
        family="rate-limits",
        title="A single request exceeds the token limit",
        meaning=(
            "This request needs more tokens than the limit allows per minute. Waiting and "
            "retrying won't help."
        ),
        finding="This request needs {requested}, and the limit is {limit}. Waiting won't help.",
        findings=(
            Finding(
                when=When(fact={"limit_kind": ("tokens per minute", "tokens per day")}),
                text=(
                    "This request needs {requested} tokens, and the limit is {limit} {limit_kind}. "
                    "Waiting won't help."
                ),
            ),
        ),
        looks='429, "Request too large"; Requested is above Limit.',
        confirm=(
            "The numbers in the response: Requested is higher than Limit. A very short prompt to "
            "the same model works."
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
            Fix(
                text="Use a model or usage tier with a higher limit.",
                who="owner",
                url=links.LIMITS,
            ),
        ),
        symptoms=(Symptom(when=When(fact={"limit_state": "over"})),),
    ),
    Cause(
        id="limit-zero",
        family="rate-limits",
        title="The rate limit for this model is zero",
        meaning=(
            "The organization or project has no rate limit for this model at all: this is about "
            "access, not speed."
        ),
        looks='429, "Limit 0" or "Limit: 0 / 1min".',
        confirm=(
            "The limit in the response is 0, as in the model's row on the Limits page. Another "
            "model works with the same key."
        ),
        prevent=(
            "Check a model with oai-tui check --model NAME --inference before a program depends on "
            "it."
        ),
        fixes=(
            Fix(
                text=(
                    "Check the model's row on the Limits page: usage tier, verification or the "
                    "project's limits."
                ),
                who="owner",
                url=links.LIMITS,
            ),
            Fix(text="Use another model in the meantime.", who="you"),
        ),
        symptoms=(Symptom(when=When(fact={"limit_state": "zero"})),),
    ),
    Cause(
        id="slow-down",
        family="rate-limits",
        title="Traffic ramped up too fast",
        meaning="The limits are not reached, but the number of calls grew faster than OpenAI allows.",
        looks='429 or 503, code slow_down, "Slow Down".',
        confirm="The same call works after a wait, and a slow, steady rate of calls keeps working.",
        prevent="Raise traffic gradually over several minutes, and spread out batch jobs.",
        fixes=(
            Fix(
                text=(
                    "Return to the earlier rate for 15 minutes, then raise it slowly; follow "
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
        title="The batch or fine-tuning queue is full",
        pasted_only=True,
        meaning=(
            "The token limit for queued batches of this model, or the daily limit for "
            "fine-tuning jobs, is reached. Other calls are not affected."
        ),
        looks=(
            'A batch that failed with code token_limit_exceeded, "Enqueued token limit reached"; '
            "429 daily_rate_limit_exceeded when a fine-tuning job is created."
        ),
        confirm=(
            "List the batches that are queued or running; the same batch works once they have "
            "finished. The Limits page shows each model's queue limit."
        ),
        prevent="Split large batches, and send the next one when the last has finished.",
        fixes=(
            Fix(
                text="Wait until running batches have finished, then send it again.",
                who="you",
                command='curl -sS https://api.openai.com/v1/batches -H "Authorization: Bearer $OPENAI_API_KEY"',
            ),
            Fix(text="Send smaller batches, one at a time.", who="you", url=links.BATCH),
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
        title="Token rate limit reached",
        meaning=(
            "The token limit for this minute or day is used up. The key was recognized; the same "
            "call can work later."
        ),
        finding=(
            "The limit of {limit} {limit_kind} is used up for now. The key was recognized; wait, "
            "then retry."
        ),
        looks="429, code rate_limit_exceeded, type tokens; Used + Requested is higher than Limit.",
        confirm=(
            "One request works after a wait; x-ratelimit-remaining-tokens in its response shows "
            "how many tokens are left."
        ),
        prevent="Watch x-ratelimit-remaining-tokens, and slow down before it reaches 0.",
        fixes=(
            *_PACE,
            Fix(
                text="Send fewer tokens, and lower max_output_tokens: all of it counts.", who="you"
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
        title="Request rate limit reached",
        meaning=(
            "The request limit for this minute or day is used up. The key was recognized; the same "
            "call can work later."
        ),
        finding=(
            "The limit of {limit} {limit_kind} is used up for now. The key was recognized; wait, "
            "then retry."
        ),
        looks="429, code rate_limit_exceeded, type requests.",
        confirm=(
            "One request works after a wait; x-ratelimit-remaining-requests in its response "
            "shows how many requests are left."
        ),
        prevent="Watch x-ratelimit-remaining-requests, and slow down before it reaches 0.",
        fixes=(*_PACE, _RAISE),
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
                    "The response doesn't say whether requests or tokens ran out; check the "
                    "x-ratelimit headers of a successful response."
                ),
            ),
        ),
        retry_helps=True,
    ),
)
