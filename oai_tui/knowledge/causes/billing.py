"""The family "billing": the key works, and the organization cannot or must not pay for the call.

Always 429 or, for some routes, 400; a retry never helps. `error.type` may still be the older
insufficient_quota, therefore codes come first. Codes: error-codes guide (2026-09) and OpenAI's help
articles 6614457 and 5955604 (2026-11).
"""

from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

CAUSES = (
    Cause(
        id="quota-exhausted",
        family="billing",
        title="No credit is left",
        meaning=(
            "The organization of this key has no prepaid credit: used up, expired, never bought, "
            "or bought in another organization. A ChatGPT plan is no API credit. Retrying never "
            "helps."
        ),
        looks=(
            '429, code insufficient_quota or credit_balance_exhausted, "exceeded your current '
            'quota".'
        ),
        confirm="GET /v1/models answers 200 while the smallest billed request answers 429.",
        prevent="Turn on automatic recharge, and watch the balance.",
        fixes=(
            Fix(
                text="Add credit in the organization of this key; allow some minutes.",
                who="owner",
                url=links.BILLING,
            ),
            Fix(
                text="Compare the organization shown at the top of that page with the key's.",
                who="you",
                url=links.ORGANIZATION,
            ),
        ),
        symptoms=(
            Symptom(when=When(code=("insufficient_quota", "credit_balance_exhausted"))),
            Symptom(
                when=When(
                    message=any_of(
                        (r"exceeded your (?:current )?quota", "You exceeded your current quota"),
                        (r"\binsufficient quota\b", "⚠ Insufficient quota: check your plan"),
                        (r"\bcredit balance\b", "Your credit balance is too low to access the API"),
                        (r"\bcredit_balance_exhausted\b", "error: credit_balance_exhausted"),
                    )
                ),
                confidence="likely",
            ),
            Symptom(when=When(error_type="insufficient_quota"), confidence="likely"),
        ),
        alternatives=(
            Alternative(
                cause="spend-limit-project",
                why=(
                    "Older answers use the same words for a project's own monthly cap; its limits "
                    "page tells."
                ),
            ),
        ),
    ),
    Cause(
        id="billing-inactive",
        family="billing",
        title="The account's billing is not active",
        meaning=(
            "The payment state of the organization blocks calls: no valid card, or an open invoice."
        ),
        looks='429 or 403, code billing_not_active, "Your account is not active".',
        confirm="GET /v1/models answers 200 while a billed request is refused.",
        prevent="Keep a second card on file, and the billing e-mail address read by somebody.",
        fixes=(
            Fix(
                text="Check the card and open invoices, then check again.",
                who="owner",
                url=links.BILLING,
            ),
        ),
        symptoms=(
            Symptom(when=When(code="billing_not_active")),
            Symptom(when=When(error_type="billing_not_active")),
            Symptom(
                when=When(
                    message=pattern(r"\baccount is not active\b", "Your account is not active")
                ),
                confidence="likely",
            ),
        ),
    ),
    Cause(
        id="billing-hard-limit",
        family="billing",
        title="The billing hard limit is reached",
        meaning=(
            "The organization's hard limit for the month is used up. Retrying never helps before "
            "it is raised or the month ends."
        ),
        looks="400 or 429, code billing_hard_limit_reached.",
        confirm="The limits page shows the month's use at the limit.",
        prevent=(
            "Set an alert well below the limit, and have the billing e-mail address read by "
            "somebody."
        ),
        fixes=(Fix(text="Raise the limit or add credit.", who="owner", url=links.LIMITS),),
        symptoms=(
            Symptom(when=When(code="billing_hard_limit_reached")),
            Symptom(
                when=When(
                    message=pattern(r"billing hard limit", "Billing hard limit has been reached")
                )
            ),
        ),
    ),
    Cause(
        id="spend-limit-project",
        family="billing",
        title="The project's monthly spend limit is reached",
        meaning=(
            "The project has its own cap for the month, and it is used up. Other projects of the "
            "organization still work."
        ),
        looks="429, code project_spend_limit_exceeded; the type may be insufficient_quota.",
        confirm=(
            "A key of another project of the same organization works; the project's Limits page "
            "shows the cap as used up."
        ),
        prevent="Set an alert below the cap, and give trials and tests a project of their own.",
        fixes=(
            Fix(
                text="Raise the project's spend limit, or wait for the new month.",
                who="owner",
                url=links.PROJECTS,
            ),
        ),
        symptoms=(
            Symptom(when=When(code="project_spend_limit_exceeded")),
            Symptom(
                when=When(
                    message=pattern(
                        r"\bproject\b.{0,40}\bspend(?:ing)? limit\b",
                        "This project has reached its monthly spend limit",
                    )
                ),
                confidence="likely",
            ),
        ),
        links=(links.SPEND_LIMITS,),
    ),
    Cause(
        id="spend-limit-organization",
        family="billing",
        title="The organization's monthly spend limit is reached",
        meaning=(
            "The organization has its own cap for the month, and it is used up. Every project "
            "fails."
        ),
        looks="429, code organization_spend_limit_exceeded.",
        confirm=(
            "Keys of every project fail alike; the organization's Limits page shows the cap as "
            "used up."
        ),
        prevent="Set an alert below the cap, and give each project its own.",
        fixes=(
            Fix(
                text="Raise the organization's spend limit, or wait for the new month.",
                who="owner",
                url=links.LIMITS,
            ),
        ),
        symptoms=(
            Symptom(when=When(code="organization_spend_limit_exceeded")),
            Symptom(
                when=When(
                    message=pattern(
                        r"\borgani[sz]ation\b.{0,40}\bspend(?:ing)? limit\b",
                        "Your organization has reached its monthly spend limit",
                    )
                ),
                confidence="likely",
            ),
        ),
        links=(links.SPEND_LIMITS,),
    ),
    Cause(
        id="usage-limit-organization",
        family="billing",
        title="The usage limit that OpenAI set is reached",
        meaning="OpenAI assigned the organization a monthly usage limit, and it is used up.",
        looks="429, code organization_usage_limit_exceeded.",
        confirm=(
            "The organization's Limits page shows the month's use at the limit that OpenAI "
            "assigned."
        ),
        prevent=(
            "Ask for an increase before the month's use comes near it; the limits page shows both."
        ),
        fixes=(Fix(text="Ask for an increase on the limits page.", who="owner", url=links.LIMITS),),
        symptoms=(
            Symptom(when=When(code="organization_usage_limit_exceeded")),
            Symptom(
                when=When(
                    message=pattern(
                        r"\borgani[sz]ation\b.{0,40}\busage limit\b",
                        "Your organization has reached its usage limit",
                    )
                ),
                confidence="likely",
            ),
        ),
    ),
    Cause(
        id="chatgpt-plan-limit",
        family="billing",
        title="A ChatGPT plan's limit is reached, not the API's",
        pasted_only=True,
        meaning=(
            "The program signs in with ChatGPT (as Codex does), and the plan's own allowance is "
            "used up or the workspace was closed. API credit neither counts here nor helps."
        ),
        looks=(
            '429, type usage_limit_reached, "The usage limit has been reached" with plan_type and '
            'resets_in_seconds; "You\'ve hit your usage limit"; 402 deactivated_workspace.'
        ),
        confirm=(
            "The plan's usage page shows the limit and when it starts anew. An API key in place of "
            "the sign-in works at once."
        ),
        prevent="Use an API key, which is billed per use, for what must not stop.",
        fixes=(
            Fix(
                text=(
                    "Wait until the plan's limit starts anew; the answer says when (resets_at, "
                    "resets_in_seconds)."
                ),
                who="you",
                url=links.CHATGPT_USAGE,
            ),
            Fix(
                text="Use an API key instead of the sign-in.",
                who="you",
                url=links.API_KEYS,
                command="printenv OPENAI_API_KEY | codex login --with-api-key",
            ),
            Fix(
                text=(
                    "Ask the workspace's owner to renew the plan, where the workspace is "
                    "deactivated."
                ),
                who="owner",
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    code=("usage_limit_reached", "usage_not_included", "deactivated_workspace")
                )
            ),
            Symptom(
                when=When(
                    error_type=(
                        "usage_limit_reached",
                        "usage_not_included",
                        "deactivated_workspace",
                    )
                )
            ),
            Symptom(
                when=When(
                    message=any_of(
                        (
                            r"\b(?:hit|reached|exceeded) your usage limit\b",
                            "You've hit your usage limit. Upgrade to Pro",
                        ),
                        (r"\busage limit has been reached\b", "The usage limit has been reached"),
                        (r"\busage_limit_reached\b", "type: usage_limit_reached"),
                        (r"\busage_not_included\b", "type: usage_not_included"),
                        (r"\bdeactivated[ _]workspace\b", "402 deactivated_workspace"),
                        (
                            r"\bworkspace (?:is|was|has been) deactivated\b",
                            "This workspace is deactivated.",
                        ),
                        (
                            r"\bx-codex-\w{1,20}-used-percent\W{1,4}100\b",
                            "x-codex-primary-used-percent: 100",
                        ),
                        (r"\bresets_in_seconds\b", '"resets_in_seconds": 12345'),
                        (
                            r"\bto use codex with your chatgpt plan\b",
                            "To use Codex with your ChatGPT plan, upgrade to Plus",
                        ),
                    )
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="quota-exhausted",
                why=(
                    "With an API key the same complaint would be about the API's credit; its code "
                    "is insufficient_quota."
                ),
            ),
        ),
        links=(links.CHATGPT_USAGE,),
    ),
)
