"""The organizations behind a key: those it reaches, the one that requests count for.

GET /v1/me lists the first (help article 9132009). The header openai-organization of a response
names the second by its short name, which is not its ID.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oai_tui.domain.observation import Fact
from oai_tui.domain.target import Target

MAX_ORGANIZATIONS = 20
"""Organizations that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An organization that a key reaches. name: the short name in response headers; may be ""."""

    id: str
    title: str = ""
    name: str = ""
    role: str = ""
    is_default: bool = False

    @property
    def label(self) -> str:
        """The title and ID: "Example Works (org-…)"."""
        return f"{self.title or self.name or 'untitled'} ({self.id})"


def accounts_as_fact(accounts: Sequence[Account]) -> str:
    """Return the fact `organization_rows`: a JSON list of lists, at most MAX_ORGANIZATIONS."""
    return json.dumps(
        [
            [each.id, each.title, each.name, each.role, each.is_default]
            for each in accounts[:MAX_ORGANIZATIONS]
        ],
        ensure_ascii=False,
    )


def accounts_of(facts: Mapping[str, Fact]) -> tuple[Account, ...]:
    """Return the organizations that the key reaches; empty if /v1/me did not list them."""
    try:
        rows = json.loads(str(facts.get("organization_rows", "[]")))
        return tuple(
            Account(id=id_, title=title, name=name, role=role, is_default=bool(is_default))
            for id_, title, name, role, is_default in rows
        )
    except (TypeError, ValueError):
        return ()


def effective_account(facts: Mapping[str, Fact], accounts: Sequence[Account]) -> Account | None:
    """Return the organization that the responses name, None if they name none of these."""
    seen = str(facts.get("organization_seen", ""))
    return next((each for each in accounts if seen and seen in {each.name, each.id}), None)


def other_accounts(facts: Mapping[str, Fact], accounts: Sequence[Account]) -> tuple[Account, ...]:
    """Return the organizations that requests don't count for.

    Where no response names one, the requests count for the default one, unless a header chose.
    """
    current = effective_account(facts, accounts)
    if current is None:
        current = next((each for each in accounts if each.is_default), None)
    return tuple(each for each in accounts if each is not current)


def sent_but_not_used(facts: Mapping[str, Fact], target: Target) -> tuple[str, ...]:
    """Return a sentence for each of organization and project whose header the server ignored.

    None where the two can't be compared: a header has an ID, a response a short name.
    """
    sentences = []
    current = effective_account(facts, accounts_of(facts))
    if target.organization and current and target.organization not in {current.id, current.name}:
        sentences.append(
            f"Requests name organization {target.organization} "
            f"({target.origin('organization').description}), but they count for {current.label}."
        )
    project = str(facts.get("project_seen", ""))
    if target.project and project and target.project != project:
        sentences.append(
            f"Requests name project {target.project} ({target.origin('project').description}), "
            f"but they count for {project}."
        )
    return tuple(sentences)
