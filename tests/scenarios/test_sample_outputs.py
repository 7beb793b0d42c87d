"""The demos' sample texts, explained and then walked: the text names the scenario's cause wherever a text can, and the walk confirms it."""

import pytest

from oai_tui.diagnosis.live_comparison import compare
from oai_tui.services.build import demo_services
from oai_tui.simulator.scenarios import SCENARIOS
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario

LESS = {
    "all-good": ("quota-exhausted", "absent"),
    "restricted-key-works": ("quota-exhausted", "absent"),
    "gateway-works": ("quota-exhausted", "absent"),
    "key-shadowed": ("key-invalid", "other"),
    "auth-header-malformed": ("key-invalid", "other"),
    "auth-header-replaced-by-proxy": ("key-invalid", "other"),
    "auth-header-stripped": ("key-missing", "other"),
    "key-admin-on-inference": ("scope-missing", "other"),
    "token-expired": ("key-chatgpt-token", "other"),
    "resource-elsewhere": ("model-not-found", "other"),
    "tls-not-yet-valid": ("clock-skew", "other"),
    "proxy-interference": ("service-edge-error", "other"),
    "unknown": ("unknown", "open"),
}
"""Where the text alone must fall short of the scenario's cause: what it says, and how a walk then stands to it."""


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_sample_is_explained_and_confirmed(scenario: str) -> None:
    services = demo_services(scenario)
    (told,) = services.explain(services.redactor()(services.sample_output()))
    diagnosis = await run_scenario(
        services, *first_key(services), ScriptedAnswers(gateway=scenario.startswith("gateway"))
    )
    compared = compare(
        told.verdict, diagnosis.verdict, diagnosis.trail, services.tree, services.catalogue
    )
    assert (told.verdict.cause, compared.outcome) == LESS.get(
        scenario, (SCENARIOS[scenario].cause, "confirmed")
    )


@pytest.mark.parametrize(
    "scenario",
    [one.id for one in SCENARIOS.values() if "OPENAI_API_KEY" in one.client.environment],
)
def test_the_key_is_not_in_what_is_shown_of_a_sample(scenario: str) -> None:
    services = demo_services(scenario)
    (credential, *_) = services.discover().credentials
    shown = services.redactor()(services.sample_output())
    assert credential.secret.scrub(shown) == shown
