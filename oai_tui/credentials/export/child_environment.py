"""Which variables a program gets that runs with a profile, and which it must not see. Data and pure functions; no key passes through here.

What the official SDKs read: openai-python 3.54.0 and openai-node 7.5.0, read 2026-11. A program that runs as a profile sees that profile and nothing of another identity:
an admin key, another organization or an Authorization header of the surroundings would be used beside it or in its place.
"""

from collections.abc import Mapping

from oai_tui.credentials.sources.env_names import FIELDS, HEADERS, KEYS
from oai_tui.domain.target import Target

KEY = KEYS[0]
REMOVED_VARIABLES = (
    "OPENAI_ADMIN_KEY",
    "OPENAI_ORGANIZATION",
    "OPENAI_ORGANIZATION_ID",
    "OPENAI_PROJECT",
    "OPENAI_KEY",
    "OPENAI_API_BASE",
    "OPENAI_API_KEY_PATH",
    "OPENAI_API_TYPE",
)
"""Variables that name another key, identity or address to some client. The Azure client's own variables stay: they lead to another product."""
_OURS = frozenset(
    {"authorization", "api-key", "x-api-key", "openai-organization", "openai-project"}
)
"""Headers that the profile decides about."""


def child_environment(target: Target) -> dict[str, str | None]:
    """Variable -> its value, None for one that must not be there; without the key. The base URL is always set, so that no .env file of the program can turn it elsewhere."""
    fields: dict[str, str | None] = {
        name: getattr(target, field) or None for name, field in FIELDS.items()
    }
    return fields | dict.fromkeys(REMOVED_VARIABLES)


def without_identity_headers(env: Mapping[str, str]) -> dict[str, str | None]:
    """What becomes of OPENAI_CUSTOM_HEADERS: the lines that the profile decides about are left out; empty where nothing has to change."""
    text = env.get(HEADERS)
    if text is None:
        return {}
    lines = text.splitlines()
    kept = [line for line in lines if line.partition(":")[0].strip().lower() not in _OURS]
    return (
        {}
        if kept == lines
        else {HEADERS: "\n".join(kept) if any(line.strip() for line in kept) else None}
    )
