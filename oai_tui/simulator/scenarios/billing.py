"""Scenarios of the family "billing": a good key; only a billed request shows the problem."""

from dataclasses import replace

from oai_tui.domain.family import Family
from oai_tui.simulator.fixtures import (
    HEALTHY_WORLD,
    ORGANIZATION,
    SEVERAL_ORGANIZATIONS,
    USER_KEY,
    client_setup,
    with_organization,
    with_project,
)
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import World

_FAMILY: Family = "billing"
_CREDIT_ADDED = (
    "Credit was added for you, as you would do at "
    "https://platform.openai.com/settings/organization/billing."
)


def _unpaid(
    identifier: str,
    shows: str,
    title: str,
    story: str,
    fixed_by: str,
    world: World,
    cause: str = "",
) -> Scenario:
    return Scenario(
        id=identifier,
        cause=cause or identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=world,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
        needs_billed_request=True,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _unpaid(
        "quota-exhausted",
        "429 insufficient_quota",
        "No API credit left",
        "The trial credit is used up, and no payment method was added.",
        _CREDIT_ADDED,
        with_organization(credit=0.0, credit_kind="grant"),
    ),
    _unpaid(
        "quota-exhausted-prepaid",
        "429 credit_balance_exhausted",
        "The prepaid balance is empty",
        "The credit that was bought is used up.",
        _CREDIT_ADDED,
        with_organization(credit=0.0),
        "quota-exhausted",
    ),
    replace(
        _unpaid(
            "quota-exhausted-topped-up",
            "429 credit_balance_exhausted",
            "Credit was added, but the API doesn't see it yet",
            "Credit was added a minute ago. The API still refuses the first five requests.",
            "The credit that was added a minute ago took effect by itself.",
            with_organization(credit=0.0),
            "quota-exhausted",
        ),
        takes_effect_after=5,
    ),
    Scenario(
        id="credit-elsewhere",
        cause="credit-elsewhere",
        shows="429 credit_balance_exhausted",
        title="The credit is in another organization",
        family=_FAMILY,
        story=(
            "A legacy user key reaches three organizations. Requests count for the personal one, "
            "which has no credit; the company's has."
        ),
        fixed_by="OPENAI_ORG_ID was set to the company's organization, as you would do yourself.",
        world=SEVERAL_ORGANIZATIONS,
        client=client_setup(USER_KEY),
        fixed_client=client_setup(USER_KEY, OPENAI_ORG_ID=ORGANIZATION.id),
        needs_billed_request=True,
    ),
    _unpaid(
        "billing-inactive",
        "429 billing_not_active",
        "Billing is not active",
        "The last invoice could not be charged.",
        "The invoice was paid, as an owner can do in the organization's billing settings.",
        with_organization(is_billing_active=False),
    ),
    _unpaid(
        "billing-hard-limit",
        "400 billing_hard_limit_reached",
        "The billing hard limit is reached",
        "A hard limit that was set years ago blocks every call.",
        "The limit was raised, as an owner can do in the organization's limits.",
        with_organization(hard_limit_reached=True),
    ),
    _unpaid(
        "spend-limit-project",
        "429 project_spend_limit_exceeded",
        "The project's monthly limit is reached",
        "The project has a monthly limit, and it was reached on the 23rd.",
        "The limit was raised, as a project owner can do in the project's limits.",
        with_project(spend_limit_reached=True),
    ),
    _unpaid(
        "spend-limit-organization",
        "429 organization_spend_limit_exceeded",
        "The organization's monthly limit is reached",
        "The organization has spent its whole monthly budget.",
        "The limit was raised, as an owner can do in the organization's limits.",
        with_organization(spend_limit_reached=True),
    ),
    _unpaid(
        "usage-limit-organization",
        "429 organization_usage_limit_exceeded",
        "OpenAI's usage limit is reached",
        "The organization has reached the monthly usage that OpenAI allows it.",
        "OpenAI raised the limit, as it can do after you request an increase.",
        with_organization(usage_limit_reached=True),
    ),
)
