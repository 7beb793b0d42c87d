"""Scenarios of the family "this-machine": the keyring, and an unknown answer."""

from dataclasses import replace

from oai_tui.domain.family import Family
from oai_tui.simulator.error_responses import error
from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup
from oai_tui.simulator.scenario import KeyringState, Scenario

_FAMILY: Family = "this-machine"
_TEAPOT = error(
    418, "The oracle declines to answer before noon.", code="oracle_asleep", kind="divination_error"
)


def _keyring(
    identifier: str, state: KeyringState, shows: str, title: str, story: str, fixed_by: str
) -> Scenario:
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=HEALTHY_WORLD,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
        keyring=state,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _keyring(
        "keyring-unavailable",
        "unavailable",
        "keyring: none",
        "No keyring on this machine",
        "The key works, but there is no keyring to save the profile in.",
        "A keyring was installed for you, as you would do with your package manager.",
    ),
    _keyring(
        "keyring-locked",
        "locked",
        "keyring: locked",
        "The keyring is locked",
        "The key works, but the keyring is locked.",
        "The keyring was unlocked for you, as you would do in its dialog.",
    ),
    _keyring(
        "keyring-failed",
        "refused",
        "keyring: write failed",
        "The keyring rejects the entry",
        "The key works, but the keyring doesn't save the entry.",
        "The keyring was repaired for you, as you would do in the system's settings.",
    ),
    Scenario(
        id="unknown",
        cause="unknown",
        shows="418 oracle_asleep",
        title="An unknown error",
        family=_FAMILY,
        story="OpenAI returns a status and an error code that are documented nowhere.",
        fixed_by="The demo waited until the error was gone.",
        world=replace(HEALTHY_WORLD, outage=_TEAPOT),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
)
