"""Keys, organizations, projects and clients of the scenarios.

Every key is made of repeated letters: it has the shape of a real key and is not one.
"""

import base64
import json
from dataclasses import replace
from datetime import date
from typing import Any

from oai_tui.domain.keys.secret import Secret
from oai_tui.simulator.models import MODELS
from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.world import Gateway, Key, Organization, Project, World

KEY_MARK = "T3BlbkFJ"


def project_key(letter: str) -> str:
    """Return an invented project key of the current length (164 characters)."""
    return f"sk-proj-{letter * 74}{KEY_MARK}{letter * 73}A"


def user_key(letter: str) -> str:
    """Return an invented legacy user key (51 characters)."""
    return f"sk-{letter * 20}{KEY_MARK}{letter * 20}"


def sign_in_token(end: int) -> str:
    """Return an invented sign-in token that expires at `end` (seconds since 1970)."""
    parts = (
        {"alg": "RS256", "typ": "JWT"},
        {"iss": "https://auth.example.com", "exp": end, "scp": ["openid", "profile"]},
    )
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )
    return f"{head}.{claims}.{'s' * 43}"


def admin_key(letter: str) -> str:
    """Return an invented admin key (133 characters)."""
    return f"sk-admin-{letter * 58}{KEY_MARK}{letter * 57}A"


ORGANIZATION = Organization(
    id="org-fake000000000000000work", slug="example-works", title="Example Works"
)
OTHER_ORGANIZATION = Organization(
    id="org-fake000000000000000home", slug="user-fake0000000000000000001", title="Personal"
)
ARCHIVED_PROJECT = Project(
    id="proj_fake000000000000000past",
    name="Pilot of last year",
    organization=ORGANIZATION.id,
    is_archived=True,
)
PROJECT = Project(
    id="proj_fake000000000000000main", name="Default project", organization=ORGANIZATION.id
)
OTHER_PROJECT = Project(
    id="proj_fake000000000000000side", name="Side project", organization=ORGANIZATION.id
)
EMPTY_ORGANIZATION = replace(OTHER_ORGANIZATION, credit=0.0)
THIRD_ORGANIZATION = Organization(
    id="org-fake000000000000000club", slug="chess-club", title="Chess Club", credit=0.0
)
GOOD_KEY = project_key("b")
SECOND_KEY = project_key("n")
"""Works like GOOD_KEY: the new key of a rotation."""
REVOKED_KEY = project_key("r")
EXPIRED_KEY = project_key("e")
ARCHIVED_PROJECT_KEY = project_key("q")
ADMIN_KEY = admin_key("m")
USER_KEY = user_key("u")
"""A legacy user key: it reaches every organization of its user, the personal one by default."""
KEY = Key(secret=Secret(GOOD_KEY), organizations=(ORGANIZATION.id,), project=PROJECT.id)

HEALTHY_WORLD = World(
    keys=(
        KEY,
        Key(secret=Secret(SECOND_KEY), organizations=(ORGANIZATION.id,), project=PROJECT.id),
        Key(
            secret=Secret(REVOKED_KEY),
            organizations=(ORGANIZATION.id,),
            project=PROJECT.id,
            is_active=False,
        ),
        Key(
            secret=Secret(EXPIRED_KEY),
            organizations=(ORGANIZATION.id,),
            project=PROJECT.id,
            expires=date(2026, 11, 1),
        ),
        Key(
            secret=Secret(ARCHIVED_PROJECT_KEY),
            organizations=(ORGANIZATION.id,),
            project=ARCHIVED_PROJECT.id,
        ),
        Key(
            secret=Secret(ADMIN_KEY),
            organizations=(ORGANIZATION.id,),
            scopes=frozenset({"api.management.read", "api.management.write", "api.usage.read"}),
        ),
    ),
    organizations=(ORGANIZATION, OTHER_ORGANIZATION),
    projects=(PROJECT, OTHER_PROJECT, ARCHIVED_PROJECT),
    models=MODELS,
)
"""The world in which GOOD_KEY works."""
SEVERAL_ORGANIZATIONS = replace(
    HEALTHY_WORLD,
    keys=(
        Key(
            secret=Secret(USER_KEY),
            organizations=(EMPTY_ORGANIZATION.id, ORGANIZATION.id, THIRD_ORGANIZATION.id),
        ),
        *HEALTHY_WORLD.keys,
    ),
    organizations=(EMPTY_ORGANIZATION, ORGANIZATION, THIRD_ORGANIZATION),
)
"""The world of USER_KEY: of its three organizations only ORGANIZATION has credit."""
GATEWAY_HOST = "llm-gateway.example.com"
GATEWAY_URL = f"https://{GATEWAY_HOST}/v1"
GATEWAY_KEY = "sk-" + "g" * 22
GATEWAY_WORLD = replace(
    HEALTHY_WORLD,
    other_hosts={
        GATEWAY_HOST: Gateway(secret=Secret(GATEWAY_KEY), models=("gpt-4o-mini", "gpt-6-luna"))
    },
)
"""The same with another company's server, on which GATEWAY_KEY works."""


def client_setup(
    key: str | None = GOOD_KEY,
    *,
    model: str | None = None,
    inference: bool = True,
    dotenv: str = "",
    **variables: str,
) -> ClientSetup:
    """Return a client with this key (None: no key is set), .env file and further variables."""
    environment = {"OPENAI_API_KEY": key} if key is not None else {}
    return ClientSetup(
        environment=environment | variables, model=model, inference=inference, dotenv=dotenv
    )


def with_organization(**changes: Any) -> World:
    """Return the healthy world with a change of the organization of GOOD_KEY."""
    changed = replace(ORGANIZATION, **changes)
    return replace(HEALTHY_WORLD, organizations=(changed, OTHER_ORGANIZATION))


def with_project(**changes: Any) -> World:
    """Return the healthy world with a change of the project of GOOD_KEY."""
    changed = replace(PROJECT, **changes)
    return replace(HEALTHY_WORLD, projects=(changed, OTHER_PROJECT, ARCHIVED_PROJECT))


def with_key(**changes: Any) -> World:
    """Return the healthy world with a change of GOOD_KEY itself."""
    changed = replace(KEY, **changes)
    return replace(HEALTHY_WORLD, keys=(changed, *HEALTHY_WORLD.keys[1:]))
