"""A batch saves every result before it starts more checks than may run at a time."""

import asyncio

from oai_tui.domain.target import Target
from oai_tui.headless.batch_check import BatchCheck, BatchItem
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.select_key import KeySelection
from oai_tui.reports.batch import Result
from tests.services.make_services import make_services

PARALLEL = 2


def test_an_interruption_loses_no_more_results_than_checks_that_run() -> None:
    started, unsaved = 0, []
    saved = 0

    async def select() -> KeySelection:
        nonlocal started
        started += 1
        return KeySelection(target=Target())

    async def save(item: BatchItem, result: Result) -> None:
        nonlocal saved
        for _ in range(500):  # lets the other checks go on as far as they may
            await asyncio.sleep(0)
        unsaved.append(started - saved)
        saved += 1

    items = [
        BatchItem(name=f"key {number}", selection=KeySelection(target=Target()), select=select)
        for number in range(12)
    ]
    batch = BatchCheck(
        make_services({}),
        items,
        CheckScope(inference=False, timeout=60),
        parallel=PARALLEL,
        draws=False,
    )
    assert batch.run(on_result=save, report=len) == saved == 12
    assert max(unsaved) <= PARALLEL
