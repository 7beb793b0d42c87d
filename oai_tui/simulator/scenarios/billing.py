"""Scenarios of the family "billing": a good key; only a billed request shows the problem."""

from oai_tui.domain.cause import Family
from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup, with_organization, with_project
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import World

_FAMILY: Family = "billing"


def _unpaid(identifier: str, title: str, story: str, world: World, cause: str = "") -> Scenario:
    return Scenario(
        id=identifier,
        cause=cause or identifier,
        title=title,
        family=_FAMILY,
        story=story,
        world=world,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _unpaid(
        "quota-exhausted",
        "No credit left",
        "The trial credit is used up and no card was added.",
        with_organization(credit=0.0, credit_kind="grant"),
    ),
    _unpaid(
        "quota-exhausted-prepaid",
        "The prepaid balance is empty",
        "The credit that was bought has been spent to the last cent.",
        with_organization(credit=0.0),
        "quota-exhausted",
    ),
    _unpaid(
        "billing-inactive",
        "The account is not active for billing",
        "The last invoice could not be collected.",
        with_organization(is_billing_active=False),
    ),
    _unpaid(
        "billing-hard-limit",
        "The hard limit is reached",
        "An old hard limit on the bill stops every call.",
        with_organization(hard_limit_reached=True),
    ),
    _unpaid(
        "spend-limit-project",
        "The project's monthly limit is reached",
        "The project has a monthly cap, and it is only the 23rd.",
        with_project(spend_limit_reached=True),
    ),
    _unpaid(
        "spend-limit-organization",
        "The organization's monthly limit is reached",
        "The whole organization has spent what its owner allowed for this month.",
        with_organization(spend_limit_reached=True),
    ),
    _unpaid(
        "usage-limit-organization",
        "OpenAI's own limit is reached",
        "The organization has grown beyond the usage that OpenAI assigned to it.",
        with_organization(usage_limit_reached=True),
    ),
)
