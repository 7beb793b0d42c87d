"""`--demo NAME`: a name that no demo has is answered with names, or with the demos it finds."""

import click
import pytest

from oai_tui.headless.demo_names import check_demo_name
from oai_tui.simulator.scenarios import DEMOS


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "quota",
            ["did you mean quota-exhausted, quota-exhausted-prepaid or quota-exhausted-topped-up?"],
        ),
        ("organisation-mismatch", ["did you mean organization-mismatch"]),
        ("401", ["These demos match:", "key-invalid ", "401 invalid_api_key", "OpenAI rejected"]),
        ("insufficient_quota", ["These demos match:", "quota-exhausted "]),
        ("no such thing", ["`oai-tui --demo` lists them all."]),
    ],
)
def test_an_unknown_name_leads_to_known_ones(name: str, parts: list[str]) -> None:
    with pytest.raises(click.BadParameter) as raised:
        check_demo_name(name)
    message = raised.value.format_message()
    assert [part for part in parts if part not in message] == []
    assert raised.value.exit_code == 2


def test_every_demo_has_its_name() -> None:
    for name in DEMOS:
        check_demo_name(name)
