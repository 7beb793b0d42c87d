"""What a sentence claims to have happened in a run, and the facts that show that it did.

Sentences of the catalogue make such a claim only together with one of its facts; lint_claims holds
them to it.
"""

from oai_tui.domain.cause import Claim
from oai_tui.knowledge.patterns import any_of, pattern

CLAIMS: tuple[Claim, ...] = (
    Claim(
        words=any_of(
            (r"\bit answers that way\b", "Call it without the proxy: it answers that way."),
            (
                r"\bwithout (?:it|the proxy)\b[^.?:]*\b(?:reaches|answers|works|worked|is answered)\b",
                "The same call without it reaches OpenAI.",
            ),
        ),
        facts=("direct_host", "reach-without-proxy", "key-without-proxy"),
    ),
    Claim(
        words=pattern(
            r"\banswers as an API (?:with /v1|at \{)",
            "It answers as an API with /v1 at the end of the base URL.",
        ),
        facts=("reach-with-v1", "reach-bare-host", "other_base_url"),
    ),
    Claim(
        words=any_of(
            (r"\bthe key in \{other_key", "The key in {other_key_origin} works."),
            (r"\b(?:another|other) key (?:found here )?works\b", "Another key found here works."),
        ),
        facts=("other_key_origin", "other_key_last_four", "other-keys"),
    ),
    Claim(
        words=pattern(
            r"\bcleaned key (?:is|was) (?:accepted|refused|rejected|understood)\b",
            "The cleaned key was refused too.",
        ),
        facts=("key-cleaned",),
    ),
    Claim(
        words=pattern(
            r"\bwithout the (?:organization|project)\b[^.?:]*\b(?:works|worked|is accepted)\b",
            "The same call without the organization works.",
        ),
        facts=("key-without-organization", "key-without-project"),
    ),
    Claim(
        words=any_of(
            (r"\bthe key itself is (?:fine|valid|right|good)\b", "The key itself is fine."),
            (r"\bthe key (?:is (?:fine|valid|good)|works)\b", "The key works; wait, then retry."),
            (r"\b(?:key|access),? [^.?]{0,40}\bare fine\b", "The key and billing are fine."),
            (r"\baccess is fine\b", "Access is fine."),
        ),
        facts=("key-without-organization", "key-without-project", "key-on-named-host"),
    ),
    Claim(
        words=any_of(
            (r"\bstore (?:trusts|knows) it\b", "The other store trusts it."),
            (r"\b(?:trusted|known) by \{other_store", "It is trusted by {other_store_knows}."),
        ),
        facts=("other_store", "other_store_knows", "reach-other-store"),
    ),
    Claim(
        words=pattern(
            r"\bclock (?:of this machine )?is \{?\w*[^.?]*\b(?:ahead|behind|off|fast|slow)\b",
            "The clock is 3 days ahead.",
        ),
        facts=("clock_off", "clock_state", "clock_skew_s"),
    ),
    Claim(
        words=pattern(
            r"\bstatus page (?:says|shows|reports)\b", "The status page shows an outage."
        ),
        facts=("status_page", "status_text", "reach-status", "key-status", "inference-status"),
    ),
    Claim(
        words=any_of(
            (r"\b(?:settled|shown|proved|confirmed) by (?:a|the) test\b", "Confirmed by the test."),
            (r"\b(?:a|the) test (?:settled|showed|proved|confirmed)\b", "The test confirmed it."),
        ),
        facts=(),
    ),
    Claim(
        words=any_of(
            (r"\bthe key was not sent\b", "The key was not sent."),
            (r"\bwithout the key\b[^.?]*\banswers\b", "Called without the key it answers 401."),
        ),
        facts=(),
    ),
)
"""A claim without facts is never made by the catalogue: the program adds such sentences itself."""
