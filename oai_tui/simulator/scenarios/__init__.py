"""All scenarios.

The main scenario of a cause has the id of the cause.
"""

from collections.abc import Mapping

from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.scenarios import (
    billing,
    key,
    network,
    organization_and_project,
    permission,
    rate_limits,
    service,
    something_else_answered,
    texts,
    this_machine,
)

ALL_GOOD = Scenario(
    id="all-good",
    cause=None,
    shows="200",
    title="Everything works",
    family="all-good",
    story="The key is valid, the network is open, and there is API credit.",
    world=HEALTHY_WORLD,
    client=client_setup(),
)
_FAMILIES = (
    key,
    organization_and_project,
    permission,
    billing,
    rate_limits,
    service,
    something_else_answered,
    network,
    this_machine,
)
SCENARIOS: Mapping[str, Scenario] = {
    one.id: one
    for one in (ALL_GOOD, *(scenario for family in _FAMILIES for scenario in family.SCENARIOS))
}

"""Every scenario that a check can meet, by id."""
DEMOS: Mapping[str, Scenario] = {**SCENARIOS, **{one.id: one for one in texts.TEXTS}}
"""Every scenario, also those that only an error text shows, by id."""


def scenario(identifier: str) -> Scenario:
    """Return the scenario with this id; raises KeyError if there is none."""
    return DEMOS[identifier]
