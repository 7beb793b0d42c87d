"""Scenarios of the family "this-machine": the keyring, and an unknown answer."""

from dataclasses import replace

from oai_tui.domain.cause import Family
from oai_tui.simulator.error_responses import error
from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup
from oai_tui.simulator.scenario import KeyringState, Scenario

_FAMILY: Family = "this-machine"
_TEAPOT = error(
    418, "The oracle declines to answer before noon.", code="oracle_asleep", kind="divination_error"
)


def _keyring(identifier: str, state: KeyringState, title: str, story: str) -> Scenario:
    return Scenario(
        id=identifier,
        cause=identifier,
        title=title,
        family=_FAMILY,
        story=story,
        world=HEALTHY_WORLD,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
        keyring=state,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _keyring(
        "keyring-unavailable",
        "unavailable",
        "No keyring on this machine",
        "Access works, but there is no keyring to keep the profile in.",
    ),
    _keyring(
        "keyring-locked",
        "locked",
        "The keyring is locked",
        "Access works, but the keyring was not unlocked.",
    ),
    _keyring(
        "keyring-failed",
        "refused",
        "The keyring refuses",
        "Access works, but the keyring does not take the entry.",
    ),
    Scenario(
        id="unknown",
        cause="unknown",
        title="An answer nobody has seen",
        family=_FAMILY,
        story="OpenAI answers with a status and a code that are in no book.",
        world=replace(HEALTHY_WORLD, outage=_TEAPOT),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
)
