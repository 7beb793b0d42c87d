"""The forms that the tree's branches have: one that ends the walk, one that goes on, the refusals any call with the key may meet, and the question to OpenAI's status page."""

from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Branch, Mark, Probe, Step
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


def refusals(status: str = "") -> tuple[Branch, ...]:
    """What any call with the key may meet, in the order of reading. `status`: the step that asks OpenAI's status page, "" for none."""
    asked = (
        (
            goes_to(
                When(status="5xx", fact={"host_kind": "openai"}),
                "5xx",
                status,
                *SERVICE,
                mark="failed",
            ),
        )
        if status
        else ()
    )
    return (
        *asked,
        ends_with(When(status=401), "401", *UNAUTHORIZED),
        ends_with(When(status=403), "403", *FORBIDDEN),
        ends_with(When(status=404), "404", *NOT_FOUND),
        ends_with(When(status=429), "429", *TOO_MANY),
        ends_with(When(status="5xx"), "5xx", *SERVICE),
        ends_with(When(status="4xx"), "4xx", *BAD_REQUEST),
        ends_with(When(failure=NO_ANSWER), "no answer", *NETWORK),
    )


def ends_with(when: When, label: str, *suspects: str) -> Branch:
    """The walk ends here, and one of the suspects is accused."""
    return Branch(when=when, label=label, mark="failed", suspects=suspects)


def goes_to(
    when: When, label: str, goto: str, *suspects: str, mark: Mark = "passed", clears: bool = False
) -> Branch:
    """The walk goes on; suspects are accused for as long as nothing clears them."""
    return Branch(when=when, label=label, mark=mark, suspects=suspects, goto=goto, clears=clears)


def asks_status_page(identifier: str, stage: str) -> Step:
    """The step that asks OpenAI's status page, after a fault that may be OpenAI's own."""
    return Step(
        id=identifier,
        stage=stage,
        title="What does OpenAI's status page say?",
        why="The fault may be OpenAI's own. Its status page is asked without the key; when it gives no clear answer, the state is not known.",
        act=Probe(name="status", differs="host"),
        experiment=True,
        branches=(
            Branch(
                when=When(fact={"status_page": ("minor", "major", "critical")}),
                label="an incident",
                mark="warning",
                suspects=ON_THE_WAY,
            ),
            Branch(
                when=When(fact={"status_page": "none"}),
                label="no incident",
                mark="passed",
                suspects=ON_THE_WAY,
            ),
            Branch(when=When(), label="not known", mark="skipped", suspects=ON_THE_WAY),
        ),
    )


OTHERWISE = ends_with(
    When(), "anything else", "other-server-answered", "network-filter-blocked", "unknown"
)
"""Whatever no other branch took."""
