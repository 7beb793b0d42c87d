"""Probe: who the key belongs to, by GET /v1/me.

OpenAI's help centre recommends it (article 9132009); restricted keys may be refused. Kept are
titles, ids and roles of organizations, and of the user no more than a masked e-mail address.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from oai_tui.domain.identity import (
    MAX_ORGANIZATIONS,
    Account,
    accounts_as_fact,
    effective_account,
    other_accounts,
)
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient

_MAX_ORGANIZATION = 120
"""Characters of an organization's title and id together."""
_MAX_NAMED = 5
"""Organizations that a sentence names; the others are counted."""
_MAX_PART = 80
"""Characters of each part of an organization."""
_ID = re.compile(r"[A-Za-z0-9][\w-]{0,79}", re.ASCII)
"""An organization's id. It goes into commands, so that one with other characters is left out."""
_MAX_EMAIL = 80
"""Characters of a masked e-mail address."""


@dataclass(frozen=True, slots=True)
class IdentityProbe:
    """Asks who the key belongs to.

    Facts: organizations, organization_count, organization_rows, several_organizations,
    other_organizations, other_organization_id, reachable_organizations,
    reachable_organization_id, user, no_user_because.
    """

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        reply = await self.http.ask(
            call,
            ApiRequest(
                probe="identity", path="/me", key=True, keep_body=False, keep_masked_email=True
            ),
        )
        seen = reply.observation
        found: dict[str, Fact] = {}
        if seen.status == 200:
            facts = {**call.facts, **seen.facts}
            found = {**_organization_facts(reply.value, facts), **_user_facts(reply.value)}
        return replace(seen, facts={**seen.facts, **found, **_without_user(seen, found)})


def _without_user(seen: Observation, found: Mapping[str, Fact]) -> dict[str, Fact]:
    """Why no user is known, by what was seen. Facts: no_user_because."""
    if "user" in found:
        return {}
    if seen.failure == "malformed-answer":
        why = "the answer to GET /v1/me could not be read"
    elif seen.status is None:
        why = "GET /v1/me got no answer"
    elif seen.status in {401, 403}:
        why = "this key has no access to GET /v1/me"
    elif seen.status != 200:
        why = f"GET /v1/me was answered with {seen.status}"
    elif found.get("organization_count"):
        why = "the answer to GET /v1/me names no user"
    else:
        why = "the answer to GET /v1/me could not be read"
    return {"no_user_because": why}


def _organization_facts(value: Any, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts of the organizations. facts: those known so far, with the organization in use."""
    orgs = value.get("orgs") if isinstance(value, dict) else None
    data = orgs.get("data") if isinstance(orgs, dict) else None
    if not isinstance(data, list):
        return {}
    accounts = [
        _account(org)
        for org in data
        if isinstance(org, dict) and isinstance(org.get("id"), str) and _ID.fullmatch(org["id"])
    ]
    in_use = effective_account(facts, accounts)
    shown = accounts[:MAX_ORGANIZATIONS]
    default = next((each for each in accounts if each.is_default), None)
    for needed in (default, in_use):
        if needed is not None and needed not in shown:
            shown = [needed, *shown[:-1]]
    out: dict[str, Fact] = {
        "organizations": _listed([each.label for each in shown], len(accounts)),
        "organization_count": len(accounts),
        "organization_rows": accounts_as_fact(shown),
    }
    if shown:
        out |= {
            "reachable_organizations": _listed(
                [_with_id_first(each) for each in shown], len(accounts)
            ),
            "reachable_organization_id": next(
                (each.id for each in shown if each.is_default), shown[0].id
            ),
        }
    others = other_accounts(facts, shown)
    if len(accounts) > 1 and others:
        out |= {
            "several_organizations": True,
            "other_organizations": _listed(
                [each.label for each in others], len(other_accounts(facts, accounts))
            ),
            "other_organization_id": others[0].id,
        }
        if in_use is not None:
            out["organization_in_use"] = in_use.label[:_MAX_ORGANIZATION]
    return out


def _listed(names: Sequence[str], total: int) -> str:
    """The first of the names, and how many more organizations there are."""
    named = [name[:_MAX_ORGANIZATION] for name in names[:_MAX_NAMED]]
    rest = total - len(named)
    return ", ".join(named) + (f" and {rest} more" if rest else "")


def _with_id_first(account: Account) -> str:
    """The id, which a setting needs, with the title: "org-… (Example Works, default)"."""
    words = [account.title or account.name, "default" if account.is_default else ""]
    more = ", ".join(word for word in words if word)
    return f"{account.id} ({more})" if more else account.id


def _account(org: Mapping[str, Any]) -> Account:
    return Account(
        id=_text(org.get("id")),
        title=_text(org.get("title")),
        name=_text(org.get("name")),
        role=_text(org.get("role")),
        is_default=org.get("is_default") is True,
    )


def _text(value: Any) -> str:
    """At most _MAX_PART printable characters of a value, in one line; "" for no text."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "".join(each for each in text if each.isprintable())[:_MAX_PART]


def _user_facts(value: Any) -> dict[str, Fact]:
    """The e-mail address, which the HTTP client has masked: "a…@example.com"."""
    email = value.get("email") if isinstance(value, dict) else None
    return {"user": email[:_MAX_EMAIL]} if isinstance(email, str) and email[1:3] == "…@" else {}
