"""A change that was made before a scenario takes effect after some requests with a key."""

import pytest

from oai_tui.services.build import demo_services
from oai_tui.simulator.scenarios import SCENARIOS
from tests.simulator.ask_simulator import http_client, sdk_headers, simulator

DELAYED = [one.id for one in SCENARIOS.values() if one.takes_effect_after]


def test_there_is_one_for_billing_and_one_that_costs_nothing() -> None:
    assert {SCENARIOS[one].needs_billed_request for one in DELAYED} == {True, False}


async def test_the_change_takes_effect_after_its_requests_with_a_key() -> None:
    simulated = simulator("ip-not-allowed-just-changed")
    sent = sdk_headers(simulated.scenario.client)
    statuses = []
    async with http_client(simulated) as http:
        for _ in range(simulated.scenario.takes_effect_after + 2):
            assert (await http.get("models")).status_code == 401  # without a key: does not count
            statuses.append((await http.get("models", headers=sent)).status_code)
    assert statuses == [401, 401, 401, 200, 200]


@pytest.mark.parametrize("scenario", DELAYED)
def test_nobody_fixes_it_by_hand(scenario: str) -> None:
    assert not demo_services(scenario).demo_fix_outside()
