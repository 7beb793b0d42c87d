"""The account behind a key: user, organizations, project, and the headers that were sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from oai_tui.domain.identity import (
    Account,
    accounts_of,
    effective_account,
    sent_but_not_used,
)
from oai_tui.domain.observation import Fact, FailureKind, Observation
from oai_tui.domain.target import Origin, Target
from oai_tui.knowledge.setting_lines import origin_to_change, setting_lines

_IN_USE = "requests count for this one"
_SENT_WITHOUT_ANSWER: frozenset[FailureKind] = frozenset(
    {"read-timeout", "reset", "malformed-answer"}
)
"""Failures of a call that can have reached the server."""


def identity_rows(
    facts: Mapping[str, Fact], *, with_list: bool = True
) -> Iterator[tuple[str, str]]:
    """Yield label and text of each row; a row that continues the one before has the label "".

    with_list: also the organizations.
    """
    why = facts.get("no_user_because")
    yield "user", str(facts.get("user") or (f"unknown ({why})" if why else "unknown"))
    if with_list:
        yield from organization_rows(facts)
    yield "project", str(facts.get("project_seen") or "unknown")


def organization_rows(facts: Mapping[str, Fact]) -> Iterator[tuple[str, str]]:
    """Yield label and text of each row about the organizations."""
    accounts = accounts_of(facts)
    seen = str(facts.get("organization_seen", ""))
    if not accounts:
        yield "organization", seen or "unknown"
        return
    current = effective_account(facts, accounts)
    if len(accounts) == 1:
        yield "organization", accounts[0].label
        if accounts[0].role:
            yield "", f"role {accounts[0].role}"
    else:
        yield "organizations", f"{_total(facts, accounts)}, with this key"
        for account in accounts:
            yield "", account_line(account, is_current=account is current)
        if rest := organizations_left_out(facts):
            yield "", rest
    # an organization without a short name can't be compared with the one in the responses
    if seen and (current is not None or not all(each.name for each in accounts)):
        yield "", f"requests are billed to {seen}"
    elif seen:
        yield "", f"requests are billed to {seen}, which /v1/me doesn't list"


def organizations_left_out(facts: Mapping[str, Fact]) -> str:
    """Return how many more organizations the key reaches than are kept; "" for none."""
    accounts = accounts_of(facts)
    rest = _total(facts, accounts) - len(accounts)
    return f"and {rest} more" if rest else ""


def _total(facts: Mapping[str, Fact], accounts: Sequence[Account]) -> int:
    """Return how many organizations /v1/me listed, of which only some are kept."""
    count = facts.get("organization_count")
    return max(len(accounts), count if isinstance(count, int) else 0)


def account_line(account: Account, *, is_current: bool) -> str:
    """Return the title and ID, the role, whether it is the default, whether requests use it."""
    parts = [
        account.label,
        f"role {account.role}" if account.role else "",
        "default" if account.is_default else "",
        _IN_USE if is_current else "",
    ]
    return " · ".join(part for part in parts if part)


def were_headers_sent(seen: Iterable[Observation]) -> bool:
    """Return True if a call with the key, which has the headers, went out."""
    return any(
        each.request is not None
        and each.request.key_sent
        and (each.status is not None or each.failure in _SENT_WITHOUT_ANSWER)
        for each in seen
    )


def sent_rows(target: Target, *, were_sent: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the headers of organization and project, and where they were set."""
    sent = [
        f"{header}: {value} (from {target.origin(field).description})"
        for header, field, value in (
            ("OpenAI-Organization", "organization", target.organization),
            ("OpenAI-Project", "project", target.project),
        )
        if value
    ]
    label = "headers sent" if were_sent else "headers set"
    yield label, sent[0] if sent else "no organization or project"
    for line in sent[1:]:
        yield "", line


def permanent_choice(organization: str, target: Target, key: Origin | None) -> str:
    """Return the line that makes the choice of an organization permanent where it is set.

    key: where the key came from.
    """
    origin = origin_to_change("organization", "set", target, key)
    lines = setting_lines("organization", origin, "set", organization)
    return next((text for _, text in lines), f"export OPENAI_ORG_ID={organization}")


def choice_advice(facts: Mapping[str, Fact], target: Target, key: Origin | None) -> str:
    """Return how to choose another organization, "" where the key reaches only one.

    key: where the key came from.
    """
    accounts = accounts_of(facts)
    others = [each for each in accounts if each is not effective_account(facts, accounts)]
    if len(accounts) < 2 or not others:
        return ""
    return f"To use another organization: {permanent_choice(others[0].id, target, key)}"


def fields(facts: Mapping[str, Fact], target: Target, *, were_sent: bool) -> dict[str, Any]:
    """Return the further fields of `identity` in the JSON document of `whoami`."""
    accounts = accounts_of(facts)
    current = effective_account(facts, accounts)
    return {
        "user": facts.get("user"),
        "organizations": [each.label for each in accounts],
        "organization_count": _total(facts, accounts),
        "accounts": [
            {
                "id": each.id,
                "title": each.title or None,
                "name": each.name or None,
                "role": each.role or None,
                "default": each.is_default,
                "in_use": each is current,
            }
            for each in accounts
        ],
        "sent": {
            field: {"value": value, "from": str(target.origin(field))} if value else None
            for field, value in (
                ("organization", target.organization),
                ("project", target.project),
            )
        },
        "headers_sent": were_sent,
        "differences": list(sent_but_not_used(facts, target)),
    }
