"""The sample text of each scenario names its cause where a text can, and a walk confirms it."""

import pytest

from oai_tui.diagnosis.live_comparison import compare
from oai_tui.services.build import demo_services
from oai_tui.simulator.scenarios import SCENARIOS
from tests.scenarios.run_scenario import walk_of

FROM_THE_TEXT_ALONE = {
    "all-good": ("quota-exhausted", "absent"),
    "restricted-key-works": ("quota-exhausted", "absent"),
    "gateway-works": ("quota-exhausted", "absent"),
    "gateway-key-refused": ("other-server-answered", "other"),
    "gateway-refused": ("other-server-answered", "other"),
    "key-shadowed": ("key-invalid", "other"),
    "auth-header-malformed": ("key-invalid", "other"),
    "auth-header-replaced-by-proxy": ("key-invalid", "other"),
    "auth-header-stripped": ("key-missing", "other"),
    "key-admin-on-inference": ("scope-missing", "other"),
    "token-expired": ("key-chatgpt-token", "other"),
    "resource-elsewhere": ("model-not-found", "other"),
    "tls-not-yet-valid": ("clock-skew", "other"),
    "machine-offline": ("connection-timeout", "other"),
    "proxy-interference": ("service-edge-error", "other"),
    "plain-http-refused": ("quota-exhausted", "other"),
    "credit-elsewhere": ("quota-exhausted", "other"),
    "unknown": ("unknown", "open"),
}
"""Scenarios whose text does not show their cause: the text's cause, the comparison's outcome."""


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_sample_is_explained_and_confirmed(scenario: str) -> None:
    services = demo_services(scenario)
    (report,) = services.explain(services.redactor()(services.sample_output()))
    diagnosis = (await walk_of(scenario)).diagnosis
    compared = compare(
        report.verdict, diagnosis.verdict, diagnosis.trail, services.tree, services.catalogue
    )
    assert (report.verdict.cause, compared.outcome) == FROM_THE_TEXT_ALONE.get(
        scenario, (SCENARIOS[scenario].cause, "confirmed")
    )


@pytest.mark.parametrize(
    "scenario",
    [one.id for one in SCENARIOS.values() if "OPENAI_API_KEY" in one.client.environment],
)
def test_the_key_is_not_in_a_displayed_sample(scenario: str) -> None:
    services = demo_services(scenario)
    (credential, *_) = services.discover().credentials
    displayed = services.redactor()(services.sample_output())
    assert credential.secret.scrub(displayed) == displayed
