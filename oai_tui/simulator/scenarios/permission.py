"""Scenarios of the family "permission": a good key without permission for the call."""

from dataclasses import replace

from oai_tui.domain.cause import Family
from oai_tui.simulator.fixtures import (
    HEALTHY_WORLD,
    client_setup,
    with_key,
    with_organization,
    with_project,
)
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import Model, World

_FAMILY: Family = "permission"


def _refused(
    identifier: str,
    cause: str | None,
    title: str,
    story: str,
    world: World,
    *,
    model: str | None = None,
) -> Scenario:
    """A problem that an owner fixes."""
    return Scenario(
        id=identifier,
        cause=cause,
        title=title,
        family=_FAMILY,
        story=story,
        world=world,
        client=client_setup(model=model),
        fixed_world=HEALTHY_WORLD,
    )


_RESEARCHER = Model(id="o4-mini-deep-research", created=1_750_000_000, needs_tools=True)
_EU = with_project(host="eu.api.openai.com")
SCENARIOS: tuple[Scenario, ...] = (
    _refused(
        "scope-missing",
        "scope-missing",
        "A restricted key that may not infer",
        "The key may list models and write responses, but “Model capabilities” was left out.",
        with_key(scopes=frozenset({"api.model.read", "api.responses.write"})),
    ),
    _refused(
        "scope-missing-models",
        "scope-missing",
        "A restricted key that may do nothing here",
        "The key was made for files only; it can neither list models nor use one.",
        with_key(scopes=frozenset({"api.files.read", "api.files.write"})),
    ),
    _refused(
        "restricted-key-works",
        None,
        "A restricted key that works all the same",
        "The key may not list models, but it may use them.",
        with_key(scopes=frozenset({"api.model.request", "api.responses.write"})),
    ),
    _refused(
        "ip-not-allowed",
        "ip-not-allowed",
        "The address is not on the allowlist",
        "The call leaves from the home network; the organization allows only its office.",
        with_organization(allowed_addresses=("198.51.100.0/24",)),
    ),
    _refused(
        "client-certificate-required",
        "client-certificate-required",
        "A client certificate is missing",
        "The organization lets calls in with a certificate of its own only.",
        with_organization(needs_client_certificate=True),
    ),
    _refused(
        "country-unsupported",
        "country-unsupported",
        "A country that is not supported",
        "The calls leave through a server in Hong Kong.",
        World(
            keys=HEALTHY_WORLD.keys,
            organizations=HEALTHY_WORLD.organizations,
            projects=HEALTHY_WORLD.projects,
            models=HEALTHY_WORLD.models,
            country="HK",
        ),
    ),
    Scenario(
        id="regional-host-wrong",
        cause="regional-host-wrong",
        title="A European project on the global host",
        family=_FAMILY,
        world=_EU,
        story="The project keeps its data in Europe, so it is served by eu.api.openai.com alone.",
        client=client_setup(),
        fixed_client=client_setup(OPENAI_BASE_URL="https://eu.api.openai.com/v1"),
    ),
    _refused(
        "verification-required",
        "verification-required",
        "The organization is not verified",
        "The newest model asks for a verified organization.",
        with_organization(is_verified=False),
        model="gpt-6-astra",
    ),
    _refused(
        "model-not-allowed",
        "model-not-allowed",
        "The project may not use this model",
        "The project's owner allows two small models, and another one is wanted.",
        with_project(allowed_models=frozenset({"gpt-6-luna", "gpt-5.4-mini"})),
        model="gpt-4.1",
    ),
    Scenario(
        id="model-not-found",
        cause="model-not-found",
        title="A model that does not exist",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="The model's name has a letter too many.",
        client=client_setup(model="gpt-6-lunaa"),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
    Scenario(
        id="model-retired",
        cause="model-retired",
        title="A model that was shut down",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="The script still asks for a model that ended in October 2026.",
        client=client_setup(model="gpt-4-turbo"),
        fixed_client=client_setup(model="gpt-5.4-mini"),
    ),
    Scenario(
        id="model-wrong-endpoint",
        cause="model-wrong-endpoint",
        title="A model for something else",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="The script asks an embedding model for an answer in words.",
        client=client_setup(model="text-embedding-3-small"),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
    Scenario(
        id="request-rejected",
        cause="request-rejected",
        title="A request that the model does not take",
        family=_FAMILY,
        world=replace(HEALTHY_WORLD, models=(*HEALTHY_WORLD.models, _RESEARCHER)),
        story=(
            "The wanted model researches, and refuses every request that gives it no tool to do so."
        ),
        client=client_setup(model=_RESEARCHER.id),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
)
