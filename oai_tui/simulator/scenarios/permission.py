"""Scenarios of the family "permission": a good key without permission for the call."""

from dataclasses import replace

from oai_tui.domain.family import Family
from oai_tui.simulator.fixtures import (
    HEALTHY_WORLD,
    PROJECT,
    client_setup,
    with_key,
    with_organization,
    with_project,
)
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import Certificate, Model, World

_FAMILY: Family = "permission"


def _refused(
    identifier: str,
    shows: str,
    title: str,
    story: str,
    fixed_by: str,
    world: World,
    model: str | None = None,
) -> Scenario:
    """A problem that an owner fixes."""
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=world,
        client=client_setup(model=model),
        fixed_world=HEALTHY_WORLD,
    )


_RESEARCHER = Model(id="o4-mini-deep-research", created=1_750_000_000, needs_tools=True)
_EU = with_project(host="eu.api.openai.com")
SCENARIOS: tuple[Scenario, ...] = (
    replace(
        _refused(
            "scope-missing",
            "401 missing_scope",
            "A restricted key can't call models",
            "The key can list models, but its “Model capabilities” permission was not granted.",
            "The permission was granted for you, as you would do at https://platform.openai.com/api-keys.",
            with_key(scopes=frozenset({"api.model.read", "api.responses.write"})),
        ),
        needs_billed_request=True,
    ),
    replace(
        _refused(
            "scope-missing-models",
            "403",
            "A restricted key is missing its permissions",
            "The key was created for files only. It can neither list models nor call one.",
            "The permissions were granted for you, as you would do at https://platform.openai.com/api-keys.",
            with_key(scopes=frozenset({"api.files.read", "api.files.write"})),
        ),
        cause="scope-missing",
    ),
    replace(
        _refused(
            "restricted-key-works",
            "200",
            "A restricted key that works",
            "The key can't list models, but it can call them.",
            "",
            with_key(scopes=frozenset({"api.model.request", "api.responses.write"})),
        ),
        cause=None,
    ),
    _refused(
        "ip-not-allowed",
        "401 ip_not_authorized",
        "The IP address is not on the allowlist",
        "The call comes from a home network, but the organization allows only its office.",
        "The address was added to the IP allowlist, as an organization owner can do.",
        with_organization(allowed_addresses=("198.51.100.0/24",)),
    ),
    replace(
        _refused(
            "ip-not-allowed-just-changed",
            "401 ip_not_authorized",
            "The IP allowlist was changed, but the API doesn't see it yet",
            "The address was added to the allowlist a minute ago. The API still refuses the first "
            "three requests.",
            "The allowlist that was changed a minute ago took effect by itself.",
            with_organization(allowed_addresses=("198.51.100.0/24",)),
        ),
        cause="ip-not-allowed",
        takes_effect_after=3,
    ),
    _refused(
        "client-certificate-required",
        "401 client_certificate_required",
        "A client certificate is required",
        "The project requires a client certificate (mutual TLS).",
        "The requirement was removed, as an organization owner can do.",
        with_organization(
            certificates=(
                Certificate(
                    id="cert_fake0001",
                    name="Client certificates of the office",
                    active_for=frozenset({PROJECT.id}),
                ),
                Certificate(id="cert_fake0002", name="Old laptop", expires_in_days=-30),
            )
        ),
    ),
    _refused(
        "country-unsupported",
        "403 unsupported_country_region_territory",
        "The country is not supported",
        "The calls leave through a server in Hong Kong.",
        "The calls leave through a supported country now, as after changing the VPN exit.",
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
        shows="401 incorrect_hostname",
        title="The project uses the EU host",
        family=_FAMILY,
        world=_EU,
        story="The project keeps its data in Europe, so only eu.api.openai.com serves it.",
        fixed_by="OPENAI_BASE_URL was set to the EU host for you, as you would do in your shell.",
        client=client_setup(),
        fixed_client=client_setup(OPENAI_BASE_URL="https://eu.api.openai.com/v1"),
    ),
    replace(
        _refused(
            "verification-required",
            "404 model_not_found",
            "The organization is not verified",
            "The newest model requires a verified organization.",
            "The organization was verified, as an owner can do in its general settings.",
            with_organization(is_verified=False),
            model="gpt-6-astra",
        ),
        needs_billed_request=True,
    ),
    _refused(
        "model-not-allowed",
        "403 model_not_found",
        "The project can't use this model",
        "The project allows two small models, and the program requests gpt-4.1.",
        "The model was allowed for the project, as a project owner can do.",
        with_project(allowed_models=frozenset({"gpt-6-luna", "gpt-5.4-mini"})),
        model="gpt-4.1",
    ),
    Scenario(
        id="model-not-found",
        cause="model-not-found",
        shows="404 model_not_found",
        title="The model name has a typo",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="The program requests gpt-6-lunaa instead of gpt-6-luna.",
        fixed_by="The model was changed to gpt-6-luna, as you would do in your program.",
        client=client_setup(model="gpt-6-lunaa"),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
    Scenario(
        id="model-retired",
        cause="model-retired",
        shows="404 model_not_found",
        title="The model was shut down",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="The script still requests a model that was shut down in October 2026.",
        fixed_by="The model was changed to gpt-5.4-mini, as you would do in your program.",
        client=client_setup(model="gpt-4-turbo"),
        fixed_client=client_setup(model="gpt-5.4-mini"),
    ),
    Scenario(
        id="model-wrong-endpoint",
        cause="model-wrong-endpoint",
        shows="404",
        title="Wrong endpoint for this model",
        family=_FAMILY,
        needs_billed_request=True,
        world=HEALTHY_WORLD,
        story="The script requests text from an embedding model.",
        fixed_by="The model was changed to gpt-6-luna, as you would do in your program.",
        client=client_setup(model="text-embedding-3-small"),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
    Scenario(
        id="request-rejected",
        cause="request-rejected",
        shows="400 missing_required_parameter",
        title="Access is fine, but the request is invalid",
        family=_FAMILY,
        needs_billed_request=True,
        world=replace(HEALTHY_WORLD, models=(*HEALTHY_WORLD.models, _RESEARCHER)),
        story="The requested model does research and requires a tool in every request.",
        fixed_by="The model was changed to gpt-6-luna, as you would do in your program.",
        client=client_setup(model=_RESEARCHER.id),
        fixed_client=client_setup(model="gpt-6-luna"),
    ),
)
