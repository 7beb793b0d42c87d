"""The ends of the key that a refusal shows."""

import pytest

from oai_tui.domain.answer_parsing import facts_of_error
from oai_tui.domain.observation import ErrorBody

ECHOES: dict[str, tuple[str, str | None]] = {
    "today's": ("sk-proj-" + "*" * 40 + "wxyz.", "wxyz"),
    "an older one shows three": ("sk-" + "*" * 20 + "xyz.", "xyz"),
    "more than four": ("sk-ab" + "*" * 10 + "uvwxyz.", "wxyz"),
    "nothing after the stars": ("sk-proj-" + "*" * 20 + ".", None),
    "too little to compare": ("sk-proj-" + "*" * 20 + "yz.", None),
    "a short one in full": ("undefined.", None),
}


@pytest.mark.parametrize(("shown", "ends"), ECHOES.values(), ids=ECHOES)
def test_the_ends_that_an_echo_shows(shown: str, ends: str | None) -> None:
    error = ErrorBody(
        code="invalid_api_key",
        message=f"Incorrect API key provided: {shown} You can find your API key on the web.",
    )
    assert facts_of_error(error).get("echoed_last_four") == ends
