"""What a demo says about itself: with a question, and where a key is typed. No Textual.

A demo needs no real key and must not get one. It has two keys of its own, which have names that
are easy to type.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from oai_tui.domain.decision_tree import Question
from oai_tui.domain.keys.secret import Secret

if TYPE_CHECKING:
    from oai_tui.domain.profile import Profile
    from oai_tui.services.services import Services
    from oai_tui.simulator.scenario import Scenario

FIRST_NAME = "demo"
SECOND_NAME = "demo2"
"""What a person types for the demo's key, and for a second one that works too."""
DEMO_HINT = f"Type {SECOND_NAME} for a second key that works too, to try a rotation."
REAL_KEY_REFUSED = (
    "This looks like a real key, and a demo doesn't need one. Choose “Use the demo key” instead."
)
_ANSWER_YES = "Demo: answer y to see this case. Nothing is sent or billed."
_GATEWAY_YES = "Demo: answer y to see this case. Nothing is sent."
_MIN_REAL_KEY = 20
"""Characters from which a text that the demo doesn't know may be a real key."""


def about_demo(scenario: "Scenario") -> str:
    """Return what the demo is about, and what to do to see it, in two sentences or three."""
    hint = " Answer y to the billed request to see it." if scenario.needs_billed_request else ""
    return f"{scenario.shows}: {scenario.story}{hint}"


def question_in_demo(
    question: Question, scenario: "Scenario | None", demo_note: str = ""
) -> Question:
    """Return the question; in a demo that shows its case only after a yes, with a hint.

    `demo_note`: what the demo has fixed, said in place of the hint; "" before that.
    """
    if scenario is None:
        return question
    hint = ""
    if demo_note:
        hint = demo_note
    elif question.id == "inference" and scenario.needs_billed_request:
        hint = _ANSWER_YES
    elif question.id == "gateway" and scenario.id != "other-server-answered":
        hint = _GATEWAY_YES
    return replace(question, text=f"{question.text}\n\n{hint}") if hint else question


def named_key(secret: Secret) -> Secret:
    """Return the demo's key for one of its two names, any other text unchanged."""
    from oai_tui.simulator.fixtures import GOOD_KEY, SECOND_KEY

    named = {Secret(FIRST_NAME): Secret(GOOD_KEY), Secret(SECOND_NAME): Secret(SECOND_KEY)}
    return named.get(secret, secret)


def key_of_demo(
    services: "Services", profile: "Profile | None" = None
) -> tuple[Secret | None, str]:
    """Return the key that a demo offers, and a hint; None and "" in a real run.

    `profile`: the profile that gets the key. If it has the demo's first key, the second one is
    offered.
    """
    key = services.demo_key()
    if key is None:
        return None, ""
    if profile is not None and profile.fingerprint == key.fingerprint:
        return named_key(Secret(SECOND_NAME)), ""
    return key, DEMO_HINT


def refuse_real_key(services: "Services", secret: Secret) -> str:
    """Return the sentence that refuses a key, "" for one that the demo may take.

    A long text is refused unless the demo's world, or its user, has that key.
    """
    simulator = services.environment.simulator
    if simulator is None or secret.length < _MIN_REAL_KEY:
        return ""
    discovered = services.discover()
    found = (*discovered.credentials, *discovered.inactive)
    known = {key.secret for key in simulator.world.keys} | {each.secret for each in found}
    return "" if secret in known else REAL_KEY_REFUSED
