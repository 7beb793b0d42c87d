"""The family "billing": the key works, and the organization cannot or must not pay for the call.

Always 429 or, for some routes, 400; a retry never helps. `error.type` may still be the older
insufficient_quota, therefore codes come first. Codes: error-codes guide (2026-09) and OpenAI's help
articles 6614457 and 5955604 (2026-11).
"""

from oai_tui.domain.cause import Alternative, Cause, Fix, Symptom
from oai_tui.domain.condition import When
from oai_tui.domain.target import Change
from oai_tui.knowledge import links
from oai_tui.knowledge.patterns import any_of, pattern

CAUSES = (
    Cause(
        id="quota-exhausted",
        family="billing",
        title="No API credit left",
        meaning=(
            "This key's organization has no prepaid credit: it is used up, has expired, or was "
            "bought in another organization. A ChatGPT subscription does not include API credit. "
            "Retrying won't help."
        ),
        looks=(
            '429, code insufficient_quota or credit_balance_exhausted, "exceeded your current '
            'quota".'
        ),
        confirm="GET /v1/models returns 200, but a small billed request returns 429.",
        prevent="Turn on auto recharge under Billing, and watch the balance.",
        fixes=(
            Fix(
                text=(
                    "Add credit to this key's organization. Already added? It can take a few "
                    "minutes; then check again."
                ),
                who="owner",
                url=links.BILLING,
            ),
            Fix(
                text=(
                    "Check that the organization selected at the top of the Billing page is the "
                    "one this key belongs to."
                ),
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
                    "Older responses use the same message for a project's monthly spend limit; "
                    "check Project → Limits."
                ),
            ),
        ),
    ),
    Cause(
        id="credit-elsewhere",
        family="billing",
        title="No API credit left in the organization of this request",
        meaning=(
            "Requests with this key count for an organization without credit. The key also reaches "
            "other organizations; their credit isn't used until a request names one of them."
        ),
        finding=(
            "Requests count for {organization_in_use}, which has no credit. This key also reaches "
            "{other_organizations}. Credit in one organization doesn't pay for another."
        ),
        looks=(
            "429, code insufficient_quota or credit_balance_exhausted, and GET /v1/me lists "
            "several organizations."
        ),
        confirm="The same request with the ID of the other organization returns 200.",
        prevent="Use a project key: it belongs to one organization, so nothing has to be chosen.",
        fixes=(
            Fix(
                text="Use the organization that has the credit. The other ones: {other_organizations}.",
                who="you",
                command="export OPENAI_ORG_ID={other_organization_id}",
                apply=Change(kind="use-organization", fact="other_organization_id"),
            ),
            Fix(
                text=(
                    "Add credit to the organization of this request: select it at the top of the "
                    "Billing page first."
                ),
                who="owner",
                url=links.BILLING,
            ),
        ),
        symptoms=(
            Symptom(
                when=When(
                    code=("insufficient_quota", "credit_balance_exhausted"),
                    fact={"several_organizations": True},
                ),
                confidence="likely",
            ),
        ),
        alternatives=(
            Alternative(
                cause="quota-exhausted",
                why="If no other organization has credit either, add some.",
            ),
        ),
    ),
    Cause(
        id="billing-inactive",
        family="billing",
        title="Billing is not active for this organization",
        meaning="A billing problem blocks all calls: no valid payment method, or an unpaid invoice.",
        looks='429 or 403, code billing_not_active, "Your account is not active".',
        confirm="GET /v1/models returns 200, but a billed request fails.",
        prevent="Keep a backup payment method on file, and make sure someone reads the billing inbox.",
        fixes=(
            Fix(
                text=(
                    "Check the payment method and unpaid invoices under Billing, then check again."
                ),
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
        title="The organization's billing hard limit is reached",
        meaning=(
            "The organization has used its monthly hard limit. Retrying won't help until the "
            "limit is raised or the month ends."
        ),
        looks="400 or 429, code billing_hard_limit_reached.",
        confirm="Organization settings → Limits shows this month's usage at the limit.",
        prevent="Set an alert well below the limit, and make sure someone reads the billing inbox.",
        fixes=(
            Fix(
                text="Raise the limit, or add credit under Billing.", who="owner", url=links.LIMITS
            ),
        ),
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
            "The project has used its monthly spend limit. Other projects in the organization "
            "still work."
        ),
        looks="429, code project_spend_limit_exceeded; the type may be insufficient_quota.",
        confirm=(
            "A key from another project in the same organization works; Project → Limits shows "
            "the spend limit as used up."
        ),
        prevent="Set an alert below the limit, and use a separate project for tests and trials.",
        fixes=(
            Fix(
                text=(
                    "Raise the project's spend limit under Project → Limits, or wait for the "
                    "next month."
                ),
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
        meaning="The organization has used its monthly spend limit. All its projects are blocked.",
        looks="429, code organization_spend_limit_exceeded.",
        confirm=(
            "Keys from every project fail the same way; Organization settings → Limits shows the "
            "spend limit as used up."
        ),
        prevent="Set an alert below the limit, and give each project its own limit.",
        fixes=(
            Fix(
                text=(
                    "Raise the organization's spend limit under Limits, or wait for the next month."
                ),
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
        title="OpenAI's usage limit for this organization is reached",
        meaning="OpenAI sets a monthly usage limit for the organization, and it is used up.",
        looks="429, code organization_usage_limit_exceeded.",
        confirm="Organization settings → Limits shows this month's usage at the limit set by OpenAI.",
        prevent=(
            "Request an increase before usage gets close to the limit; the Limits page shows both."
        ),
        fixes=(Fix(text="Request an increase on the Limits page.", who="owner", url=links.LIMITS),),
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
        title="A ChatGPT plan limit is reached, not an API limit",
        pasted_only=True,
        meaning=(
            "The program signs in with ChatGPT (as Codex does), and the plan's usage limit is "
            "reached or the workspace was deactivated. API credit doesn't count here."
        ),
        looks=(
            '429, type usage_limit_reached, "The usage limit has been reached" with plan_type and '
            'resets_in_seconds; "You\'ve hit your usage limit"; 402 deactivated_workspace.'
        ),
        confirm=(
            "The plan's usage page shows the limit and when it resets. An API key works right away."
        ),
        prevent="For work that must not stop, use an API key, which is billed per use.",
        fixes=(
            Fix(
                text=(
                    "Wait until the plan's limit resets; the response says when (resets_at, "
                    "resets_in_seconds)."
                ),
                who="you",
                url=links.CHATGPT_USAGE,
            ),
            Fix(
                text="Use an API key instead of the ChatGPT sign-in.",
                who="you",
                url=links.API_KEYS,
                command="printenv OPENAI_API_KEY | codex login --with-api-key",
            ),
            Fix(
                text="Ask the workspace owner to renew the plan, if the workspace is deactivated.",
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
                    "With an API key, the same complaint is about API credit; the code is "
                    "insufficient_quota."
                ),
            ),
        ),
        links=(links.CHATGPT_USAGE,),
    ),
)
