"""What is known is reported when a run over several keys is interrupted."""

import asyncio
import signal

import pytest

from oai_tui.domain.target import Target
from oai_tui.headless.batch_check import BatchCheck, BatchItem
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.select_key import KeySelection
from oai_tui.reports.batch import Result
from oai_tui.services.build import demo_services


def batch_interrupted_by(number: signal.Signals) -> BatchCheck:
    """A batch of two checks; the signal arrives in the second one."""

    async def no_key() -> KeySelection:
        return KeySelection(target=Target())

    async def interrupt() -> KeySelection:
        signal.raise_signal(number)
        await asyncio.Event().wait()
        raise AssertionError

    items = [
        BatchItem(name=name, selection=KeySelection(target=Target()), select=select)
        for name, select in (("first", no_key), ("second", interrupt))
    ]
    return BatchCheck(demo_services("key-missing"), items, CheckScope(), parallel=1, draws=False)


def test_report_of_checks_that_have_all_ended_is_complete(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def no_key() -> KeySelection:
        return KeySelection(target=Target())

    async def interrupt(item: BatchItem, result: Result) -> None:
        raise KeyboardInterrupt

    item = BatchItem(name="last", selection=KeySelection(target=Target()), select=no_key)
    batch = BatchCheck(demo_services("key-missing"), [item], CheckScope(), draws=False)
    batch.check(when_blocked=lambda: 0)
    with pytest.raises(KeyboardInterrupt):
        batch.run(on_result=interrupt, report=not_reached, partial=lambda results: 0)
    assert capsys.readouterr().err == "oai-tui: interrupted: 1 of 1 checks have ended\n"


def not_reached(results: tuple[Result, ...]) -> int:
    raise AssertionError("the report of a complete run")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_checks_that_have_ended_are_reported(
    number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    reported: list[Result] = []

    def partial(results: tuple[Result, ...]) -> int:
        reported.extend(results)
        return 0

    with pytest.raises((KeyboardInterrupt, SystemExit)) as interruption:
        batch_interrupted_by(number).run(report=not_reached, partial=partial)
    if number == signal.SIGTERM:
        assert interruption.value.args == (128 + signal.SIGTERM,)
    verdicts = [result.diagnosis.verdict for result in reported]
    assert [verdict.cause or verdict.outcome for verdict in verdicts] == ["key-missing", "aborted"]
    assert verdicts[1].explanation == "The run was interrupted before this check ended."
    assert "1 of 2 checks have ended" in capsys.readouterr().err


def test_nothing_is_reported_where_a_part_would_mislead() -> None:
    with pytest.raises(KeyboardInterrupt):
        batch_interrupted_by(signal.SIGINT).run(report=not_reached)
