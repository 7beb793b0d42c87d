"""The rate limits of the inference routes: the 429 of an empty bucket, and the headers.

Each fact is marked documented, observed or assumed:

- documented (rate-limits guide, 2026-06): limits of requests and of tokens per minute, for each
  model of an organization; the six headers; a reset is the time until the limit is in its initial
  state again, as a Go duration; after one request of 60 a minute it is 1s, as a bucket has it that
  refills continuously. Error-codes guide, 2026-09: 429 `rate_limit_exceeded` and Retry-After.
- observed (answers in public issues, 2025-12 to 2026-10): the text of the 429 with limit, used and
  requested, and its type `requests` or `tokens`.
- assumed (no public source, 2026-11): the bucket is as large as the limit of a minute; the tokens
  of a request are those of its input plus the most that it may answer; the 429 has the six headers
  too; a request that is refused takes nothing (the guide says that failed requests count, but not
  which ones, and an empty bucket has nothing to take); waits are whole seconds.
"""

from dataclasses import replace

from oai_tui.simulator import error_responses
from oai_tui.simulator.authorization import Caller
from oai_tui.simulator.token_bucket import Bucket, Buckets
from oai_tui.simulator.world import Model, Reply, World


def take(world: World, model: Model, caller: Caller, tokens: int, now: float) -> Buckets | Reply:
    """Return the buckets after a request of so many tokens, or the 429 if they don't have enough.

    now: seconds since 1970.
    """
    buckets = world.buckets_of(caller.organization.id, model.id, now)
    error = _error(buckets, tokens)
    return buckets.taking(tokens) if error is None else replace(error, buckets=buckets)


def _error(buckets: Buckets, tokens: int) -> Reply | None:
    headers = rate_headers(buckets)
    if not buckets.requests.has(1):
        use = _use(buckets, buckets.requests, 1)
        return error_responses.rate_limit("requests", use, buckets.requests.wait_s(1), headers)
    use = _use(buckets, buckets.tokens, tokens)
    if 0 < buckets.tokens.capacity < tokens:
        return error_responses.too_large(use, headers)
    if not buckets.tokens.has(tokens):
        return error_responses.rate_limit("tokens", use, buckets.tokens.wait_s(tokens), headers)
    return None


def _use(buckets: Buckets, bucket: Bucket, requested: int) -> error_responses.LimitUse:
    return error_responses.LimitUse(
        model=buckets.model,
        organization=buckets.organization,
        limit=bucket.capacity,
        used=bucket.used,
        requested=requested,
    )


def rate_headers(buckets: Buckets) -> dict[str, str]:
    """Return the six x-ratelimit headers."""
    requests, tokens = buckets.requests, buckets.tokens
    return {
        "x-ratelimit-limit-requests": str(requests.capacity),
        "x-ratelimit-limit-tokens": str(tokens.capacity),
        "x-ratelimit-remaining-requests": str(requests.left),
        "x-ratelimit-remaining-tokens": str(tokens.left),
        "x-ratelimit-reset-requests": requests.reset,
        "x-ratelimit-reset-tokens": tokens.reset,
    }
