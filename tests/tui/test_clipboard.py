"""Advice on the clipboard: whole, numbered, literal."""

from oai_tui.domain.cause import Alternative, Fix
from oai_tui.domain.diagnosis import Verdict
from oai_tui.tui.clipboard import advice_of


def test_cause_meaning_sureness_fixes_and_what_else() -> None:
    found = Verdict(
        outcome="problem",
        cause="quota-exhausted",
        confidence="likely",
        title="No credit",
        explanation="It is used up.",
        fixes=(
            Fix(text="Add some.", who="owner", url="https://example.com/"),
            Fix(text="Look.", who="you", command="oai-tui check"),
        ),
        alternatives=(Alternative(cause="billing-inactive", why="The account tells."),),
    )
    assert advice_of(found).splitlines() == [
        "No credit (quota-exhausted)",
        "It is used up.",
        "Likely. Another cause is still possible.",
        "1. Add some. (an owner)",
        "   https://example.com/",
        "2. Look.",
        "   oai-tui check",
        "Or billing-inactive: The account tells.",
    ]


def test_control_characters_are_visible_in_it() -> None:
    assert advice_of(Verdict(outcome="problem", title="a\x1b[2J", explanation="b")) == "a␛[2J\nb"
