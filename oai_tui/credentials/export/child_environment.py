"""Variables that a program gets which runs with a profile, and those that are removed.

Data and pure functions; no key is involved. What the official SDKs read: openai-python 3.54.0 and
openai-node 7.5.0, read 2026-11.

The program gets the profile and nothing of another identity: an admin key, another organization or
an Authorization header of the environment would be used together with it or instead of it.
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
"""Variables that give some client another key, identity or address.

The Azure client's own variables stay: they belong to another product.
"""
NO_PROXY = ("NO_PROXY", "no_proxy")
_IDENTITY_HEADERS = frozenset(
    {"authorization", "api-key", "x-api-key", "openai-organization", "openai-project"}
)
"""Headers that the profile determines, in lower case."""


def child_environment(target: Target) -> dict[str, str | None]:
    """Return the variables for a program, without the key: name to value, None to remove it.

    The base URL is always set, because a .env file of the program could set another one.
    """
    fields: dict[str, str | None] = {
        name: getattr(target, field) or None for name, field in FIELDS.items()
    }
    return fields | dict.fromkeys(REMOVED_VARIABLES)


def without_proxy(target: Target, env: Mapping[str, str]) -> dict[str, str | None]:
    """Return NO_PROXY with the target's host, for a profile whose calls ignore the proxy.

    Keeps the entries that are there. Name to value; empty if nothing has to change.
    """
    if not target.direct or not target.host:
        return {}
    names = [name for name in NO_PROXY if name in env] or NO_PROXY
    entries = {name: [each.strip() for each in env.get(name, "").split(",")] for name in names}
    return {
        name: ",".join([*filter(None, each), target.host])
        for name, each in entries.items()
        if "*" not in each and target.host not in each
    }


def without_identity_headers(env: Mapping[str, str]) -> dict[str, str | None]:
    """Return OPENAI_CUSTOM_HEADERS without the lines that the profile determines.

    Name to value, None to remove it; empty if nothing has to change.
    """
    text = env.get(HEADERS)
    if text is None:
        return {}
    lines = text.splitlines()
    kept = [
        line for line in lines if line.partition(":")[0].strip().lower() not in _IDENTITY_HEADERS
    ]
    if kept == lines:
        return {}
    return {HEADERS: "\n".join(kept) if any(line.strip() for line in kept) else None}
