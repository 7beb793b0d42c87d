"""Functions that build branches of the tree, and the steps and branches that it repeats."""

from collections.abc import Mapping

from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Branch, Mark, Probe, Step
from oai_tui.domain.target import Change, ChangeKind
from oai_tui.knowledge.suspects import (
    BAD_REQUEST,
    FORBIDDEN,
    NETWORK,
    NO_ANSWER,
    NOT_FOUND,
    ON_THE_WAY,
    SERVICE,
    TOO_MANY,
    UNAUTHORIZED,
)


def ends_with(*suspects: str, when: When, label: str) -> Branch:
    """Return a branch that ends the walk; the first suspect whose symptoms match is the cause."""
    return Branch(when=when, label=label, mark="failed", suspects=suspects)


def goes_to(
    step: str,
    *,
    when: When,
    label: str,
    suspects: tuple[str, ...] = (),
    mark: Mark = "passed",
    clears: bool = False,
) -> Branch:
    """Return a branch that goes on to `step`.

    The suspect whose symptoms match stays the cause until a branch that `clears` is taken.
    """
    return Branch(when=when, label=label, mark=mark, suspects=suspects, goto=step, clears=clears)


def refusals(status_step: str = "") -> tuple[Branch, ...]:
    """Return the branches for a failed call with the key, in the order in which they are tried.

    `status_step`: the step that asks OpenAI's status page after a 5xx, "" to end there.
    """
    ends_here = (
        ends_with(*UNAUTHORIZED, when=When(status=401), label="401"),
        ends_with(*FORBIDDEN, when=When(status=403), label="403"),
        ends_with(*NOT_FOUND, when=When(status=404), label="404"),
        ends_with(*TOO_MANY, when=When(status=429), label="429"),
        ends_with(*SERVICE, when=When(status="5xx"), label="5xx"),
        ends_with(*BAD_REQUEST, when=When(status="4xx"), label="4xx"),
        ends_with(*NETWORK, when=When(failure=NO_ANSWER), label="no answer"),
    )
    if not status_step:
        return ends_here
    asks_status = goes_to(
        status_step,
        when=When(status="5xx", fact={"host_kind": "openai"}),
        label="5xx",
        suspects=SERVICE,
        mark="failed",
    )
    return (asks_status, *ends_here)


def asks_status_page(step_id: str, stage: str) -> Step:
    """Return the step that asks OpenAI's status page after a fault that may be OpenAI's own."""
    return Step(
        id=step_id,
        stage=stage,
        title="OpenAI status page",
        why=(
            "The problem may be OpenAI's. The status page is read without the key; without a "
            "clear answer, the status is unknown."
        ),
        act=Probe(name="status", differs="host"),
        experiment=True,
        branches=(
            Branch(
                when=When(fact={"status_page": ("minor", "major", "critical")}),
                label="incident",
                mark="warning",
                suspects=ON_THE_WAY,
            ),
            Branch(
                when=When(fact={"status_page": "none"}),
                label="no incident",
                mark="passed",
                suspects=ON_THE_WAY,
            ),
            Branch(when=When(), label="unknown", mark="skipped", suspects=ON_THE_WAY),
        ),
    )


_HEADERS: Mapping[ChangeKind, str] = {
    "unset-organization": "OpenAI-Organization",
    "unset-project": "OpenAI-Project",
}


def asks_organizations(step_id: str, change: Change) -> Step:
    """Return the step that asks what a key can use, once a call without a header has worked.

    It keeps the cause that was found.
    """
    return Step(
        id=step_id,
        stage="key",
        title="Which organizations can the key use?",
        why=(
            f"GET /v1/me without the {_HEADERS[change.kind]} header lists the organizations that "
            "this key can use. It is free; keys without access to it are refused."
        ),
        act=Probe(name="identity", change=change),
        experiment=True,
        branches=(
            Branch(
                when=When(status=200, fact={"reachable_organizations": None}),
                label="named",
                mark="passed",
            ),
            Branch(when=When(), label="not named", mark="skipped"),
        ),
    )


OTHERWISE = ends_with(
    "other-server-answered",
    "network-filter-blocked",
    "unknown",
    when=When(),
    label="anything else",
)
"""The last branch of a step: any answer that no other branch takes."""
