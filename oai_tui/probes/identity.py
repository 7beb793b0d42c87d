"""Probe: who the key belongs to, by GET /v1/me.

OpenAI's help centre recommends it (article 9132009); restricted keys may be refused. Kept are
titles and ids of organizations, and of the user no more than a masked e-mail address.
"""

from dataclasses import dataclass, replace
from typing import Any

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient

_MAX_ORGANIZATIONS = 20
"""Organizations that are named."""
_MAX_ORGANIZATION = 120
"""Characters of an organization's title and id."""
_MAX_EMAIL = 80
"""Characters of a masked e-mail address."""


@dataclass(frozen=True, slots=True)
class IdentityProbe:
    """Asks who the key belongs to. Facts: organizations, organization_count, user."""

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        reply = await self.http.ask(
            call,
            ApiRequest(
                probe="identity", path="/me", key=True, keep_body=False, keep_masked_email=True
            ),
        )
        seen = reply.observation
        if seen.status != 200:
            return seen
        facts = {**seen.facts, **_organization_facts(reply.value), **_user_facts(reply.value)}
        return replace(seen, facts=facts)


def _organization_facts(value: Any) -> dict[str, Fact]:
    orgs = value.get("orgs") if isinstance(value, dict) else None
    data = orgs.get("data") if isinstance(orgs, dict) else None
    if not isinstance(data, list):
        return {}
    names = [
        f"{org.get('title') or org.get('name') or 'untitled'} ({org['id']})"[:_MAX_ORGANIZATION]
        for org in data
        if isinstance(org, dict) and isinstance(org.get("id"), str)
    ]
    return {
        "organizations": ", ".join(names[:_MAX_ORGANIZATIONS]),
        "organization_count": len(names),
    }


def _user_facts(value: Any) -> dict[str, Fact]:
    """The e-mail address, which the HTTP client has masked: "a…@example.com"."""
    email = value.get("email") if isinstance(value, dict) else None
    return {"user": email[:_MAX_EMAIL]} if isinstance(email, str) and email[1:3] == "…@" else {}
