"""All scenarios, in the order in which the demo offers them.

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
    this_machine,
)

ALL_GOOD = Scenario(
    id="all-good",
    cause=None,
    title="Everything works",
    family="all-good",
    story="The key is good, the network is open, and there is credit.",
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


def scenario(identifier: str) -> Scenario:
    """Return the scenario with this id; raises KeyError if there is none."""
    return SCENARIOS[identifier]
