"""The way as the wizard draws it: while it is looked at and where it broke, and not once the walk has gone on."""

from contextlib import aclosing

from oai_tui.domain.events import Ended
from oai_tui.reports.waterfall import BLOCK
from oai_tui.services.build import demo_services
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets import verdict_text as report
from tests.scenarios.run_scenario import ScriptedAnswers, first_key


async def _walked(scenario: str) -> WalkProgress:
    services = demo_services(scenario)
    target, credential = first_key(services)
    progress = WalkProgress(tree=services.tree)
    async with aclosing(
        services.walk(target=target, credential=credential, ask=ScriptedAnswers())
    ) as events:
        async for event in events:
            progress.apply(event)
            if (
                not isinstance(event, Ended)
                and progress.records
                and progress.current is not None
                and progress.current.stage == "key"
            ):
                assert progress.phases == ()
    return progress


async def test_a_way_that_broke_stays_in_sight() -> None:
    progress = await _walked("tls-untrusted")
    assert [(rung.id, rung.mark) for rung in progress.phases] == [
        ("settings", "passed"),
        ("connect", "passed"),
        ("tls", "failed"),
        ("answer", "skipped"),
    ]
    lines = [
        f"{each.label.plain}{each.text.plain}" for each in report.phase_lines(progress.phases, 16)
    ]
    assert lines[2].startswith("✗ TLS")
    assert BLOCK in lines[2]
    assert "not reached" in lines[3]
    assert BLOCK not in "".join(each.label.plain for each in report.phase_lines(progress.phases, 0))


async def test_a_way_that_was_open_makes_room() -> None:
    assert (await _walked("organization-mismatch")).phases == ()
