"""On whose behalf: GET /v1/me, which OpenAI's help centre recommends (article 9132009) and restricted keys may be refused. Keeps titles and ids of organizations, and of the person no more than a masked e-mail address."""

from dataclasses import dataclass, replace
from typing import Any

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient


@dataclass(frozen=True, slots=True)
class IdentityProbe:
    """Asks who the key belongs to."""

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        reply = await self.http.ask(
            call,
            ApiRequest(
                probe="identity", path="/me", key=True, keep_body=False, keep_masked_email=True
            ),
        )
        seen = reply.observation
        return (
            replace(seen, facts={**seen.facts, **_organizations(reply.value), **_user(reply.value)})
            if seen.status == 200
            else seen
        )


def _organizations(value: Any) -> dict[str, Fact]:
    orgs = value.get("orgs") if isinstance(value, dict) else None
    data = orgs.get("data") if isinstance(orgs, dict) else None
    if not isinstance(data, list):
        return {}
    names = [
        f"{org.get('title') or org.get('name') or 'untitled'} ({org['id']})"[:120]
        for org in data
        if isinstance(org, dict) and isinstance(org.get("id"), str)
    ]
    return {"organizations": ", ".join(names[:20]), "organization_count": len(names)}


def _user(value: Any) -> dict[str, Fact]:
    """The address, masked where it was read; none for what is no masked address."""
    mail = value.get("email") if isinstance(value, dict) else None
    return {"user": mail[:80]} if isinstance(mail, str) and mail[1:3] == "…@" else {}
