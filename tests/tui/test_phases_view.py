"""The connection phases in the wizard: shown while checked and where they failed, then hidden."""

from contextlib import aclosing

from oai_tui.domain.events import Ended
from oai_tui.reports.waterfall import BLOCK
from oai_tui.services.build import demo_services
from oai_tui.services.services import WalkPlan
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.verdict_text import phase_lines
from tests.scenarios.run_scenario import ScriptedAnswers, first_key


async def _walked(scenario: str) -> WalkProgress:
    """Walk a scenario; no phases are shown at the stage "key"."""
    services = demo_services(scenario)
    target, credential = first_key(services)
    progress = WalkProgress(tree=services.tree)
    async with aclosing(
        services.walk(WalkPlan(target=target, credential=credential), ScriptedAnswers())
    ) as events:
        async for event in events:
            progress.apply(event)
            current = progress.current
            if not isinstance(event, Ended) and current is not None and current.stage == "key":
                assert not progress.records or progress.phases == ()
    return progress


async def test_a_phase_that_failed_stays_in_sight() -> None:
    progress = await _walked("tls-untrusted")
    assert [(phase.id, phase.mark) for phase in progress.phases] == [
        ("settings", "passed"),
        ("connect", "passed"),
        ("tls", "failed"),
        ("answer", "skipped"),
    ]
    lines = [f"{each.label.plain}{each.text.plain}" for each in phase_lines(progress.phases, 16)]
    assert lines[2].startswith("✗ TLS")
    assert BLOCK in lines[2]
    assert "not reached" in lines[3]
    without_bars = phase_lines(progress.phases, 0)
    assert BLOCK not in "".join(each.label.plain for each in without_bars)


async def test_phases_that_all_passed_are_hidden() -> None:
    assert (await _walked("organization-mismatch")).phases == ()
