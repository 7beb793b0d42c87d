"""`oai-tui watch` on the simulator, in process: rounds follow each other without waiting."""

import errno
import gc
import io
import json
import os
import re
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.target import Target
from oai_tui.headless import watch_output
from oai_tui.headless.batch_check import BatchItem
from oai_tui.headless.console import notes_once, print_note
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.select_key import KeySelection, select_key
from oai_tui.headless.watch_loop import Items, WatchPlan, watch
from oai_tui.headless.watch_output import WatchFormat, WatchOutput
from oai_tui.reports.batch import Result
from oai_tui.reports.style import Style
from oai_tui.reports.watch_state import LATENCIES, WatchState
from oai_tui.reports.watch_table import lines, sparkline
from oai_tui.services.build import demo_services
from oai_tui.services.services import Services
from oai_tui.system.pause_detector import PauseDetector
from tests.reports import samples

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


def one_item(services: Services) -> list[BatchItem]:
    async def select() -> KeySelection:
        return await select_key(
            services, profile=None, source="env", flags={}, timeout_s=10, default=False
        )

    return [BatchItem(name="work", selection=KeySelection(target=Target()), select=select)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a watch printed on stdout and its exit code."""

    out: str
    code: int

    @property
    def documents(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(
    scenario: str,
    count: int,
    format: WatchFormat = "json-lines",
    output: Path | None = None,
    *,
    between: Callable[[Services, int], None] = lambda services, number: None,
    items: Items = one_item,
    detector: Callable[[], PauseDetector] = PauseDetector,
) -> Watched:
    """Watch a scenario. between: is called with the services and the number of the round before."""
    services = demo_services(scenario)
    number = 0

    def wait(seconds: float) -> None:
        nonlocal number
        number += 1
        between(services, number)

    plan = WatchPlan(items=items, scope=CheckScope(), every_s=60, count=count, parallel=4)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as stream:
        with redirect_stdout(stream):
            shown = WatchOutput(format, output, color="never", every_s=60, now=lambda: NOW)
            code = watch(services, plan, shown, wait=wait, detector=detector)
        stream.seek(0)
        return Watched(out=stream.read(), code=code)


def fix_after(number: int) -> Callable[[Services, int], None]:
    def between(services: Services, done: int) -> None:
        if done == number:
            assert services.demo_fix_outside()

    return between


def test_change_is_said_once() -> None:
    done = run("service-error", 4, between=fix_after(2))
    assert [line["exit_code"] for line in done.documents] == [9, 9, 0, 0]
    assert [line["changed"] for line in done.documents] == [False, False, True, False]
    assert done.documents[2]["previous"] == {"exit_code": 9, "cause": "service-error"}
    assert done.code == 0


def test_text_without_a_terminal_is_a_table_and_then_a_line_for_each_change() -> None:
    head, row, *changes = run("service-error", 5, "text", between=fix_after(3)).out.splitlines()
    assert "round 1 · 0 of 1 work" in head
    assert row.startswith("✗ work  service-error")
    assert len(changes) == 1
    assert re.fullmatch(r"\S+Z work: works again \(was service-error\)", changes[0])


def test_exit_code_is_that_of_the_last_round() -> None:
    assert run("service-error", 2).code == 9


def test_prometheus_file_is_replaced_and_json_lines_are_appended(tmp_path: Path) -> None:
    metrics, log = tmp_path / "openai.prom", tmp_path / "log.jsonl"
    run("service-error", 3, "prometheus", metrics, between=fix_after(2))
    text = metrics.read_text()
    assert text.count("oai_tui_up{") == 1
    assert 'oai_tui_up{profile="work"} 1' in text
    run("all-good", 2, output=log)
    run("all-good", 1, output=log)
    assert [json.loads(line)["round"] for line in log.read_text().splitlines()] == [1, 2, 1]
    if sys.platform != "win32":
        assert [path.stat().st_mode & 0o777 for path in (metrics, log)] == [0o644, 0o600]


def test_change_is_also_on_stderr_for_a_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run("service-error", 4, "prometheus", tmp_path / "x.prom", between=fix_after(2))
    first, second = capfd.readouterr().err.splitlines()
    assert "work: service-error. " in first
    assert second.endswith("work: works again (was service-error)")


def test_round_that_fails_is_left_out_and_the_next_one_follows(
    capfd: pytest.CaptureFixture[str],
) -> None:
    rounds = 0

    def items(services: Services) -> list[BatchItem]:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            raise RuntimeError("sk-secret")
        return one_item(services)

    done = run("all-good", 3, items=items)
    err = capfd.readouterr().err
    assert [line["exit_code"] for line in done.documents] == [0, 0]
    assert "internal error: RuntimeError" in err
    assert "sk-secret" not in err


def test_internal_error_of_the_last_round_is_no_success() -> None:
    def items(services: Services) -> list[BatchItem]:
        raise RuntimeError("sk-secret")

    assert run("all-good", 1, items=items).code == 1


def test_output_that_cannot_be_written_is_a_note_and_the_watch_goes_on(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "gone" / "x.prom"
    assert run("all-good", 3, "prometheus", output).code == 10
    assert capfd.readouterr().err.count("cannot write") == 1


def test_round_in_which_the_process_was_stopped_is_repeated() -> None:
    keys_read = 0

    def items(services: Services) -> list[BatchItem]:
        nonlocal keys_read
        keys_read += 1
        return one_item(services)

    began = iter([0.0])  # only the first detector begins before the stop
    watched = run(
        "all-good",
        2,
        items=items,
        detector=lambda: PauseDetector(clocks=lambda: (next(began, 60.0), 0.0)),
    )
    assert [document["round"] for document in watched.documents] == [1, 2]
    assert (keys_read, watched.code) == (3, 0)


def one_stop() -> Callable[[], PauseDetector]:
    """Return detectors of which only the first begins before a stop."""
    began = iter([0.0])
    return lambda: PauseDetector(clocks=lambda: (next(began, 60.0), 0.0))


def billed_items(*, cut_off: bool) -> tuple[Items, list[Services]]:
    """Return a check with a billed request, and the services of each time that it runs.

    cut_off: the first time ends before the answer to that request.
    """
    seen: list[Services] = []

    def aborted(diagnosis: Diagnosis) -> Diagnosis:
        return replace(diagnosis, verdict=replace(diagnosis.verdict, outcome="aborted"))

    def items(services: Services) -> list[BatchItem]:
        seen.append(services)
        (item,) = one_item(services)
        scope = CheckScope(inference=True)
        if cut_off and len(seen) == 1:
            only = replace(scope, only=frozenset({"key"}))
            return [replace(item, scope=only, judge=aborted)]
        return [replace(item, scope=scope)]

    return items, seen


def billed_requests(services: Services) -> int:
    simulator = services.environment.simulator
    assert simulator is not None
    return sum(each.method == "POST" for each in simulator.received)


def test_billed_request_that_was_answered_is_not_sent_again_after_a_stop() -> None:
    items, seen = billed_items(cut_off=False)
    watched = run("all-good", 1, items=items, detector=one_stop())
    (document,) = watched.documents
    assert (billed_requests(seen[0]), len(seen), watched.code) == (1, 2, 0)
    assert "billing" not in json.dumps(document["verdict"])


def test_billed_request_that_may_have_been_sent_is_left_out_of_the_repetition() -> None:
    items, seen = billed_items(cut_off=True)
    watched = run("all-good", 1, items=items, detector=one_stop())
    (document,) = watched.documents
    assert (billed_requests(seen[0]), len(seen), watched.code) == (0, 2, 0)
    assert "The billed request was not sent again" in json.dumps(document["verdict"])


def test_line_that_was_cut_off_does_not_spoil_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "watch.jsonl"
    path.write_text('{"round": 7, "na')
    run("all-good", 2, output=path)
    cut, *whole = path.read_text().splitlines()
    assert cut == '{"round": 7, "na'
    assert [json.loads(line)["round"] for line in whole] == [1, 2]


def test_full_disk_leaves_no_part_of_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(io.FileIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            if len(data) < 50:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data[:-10])

    path = tmp_path / "watch.jsonl"
    path.write_text('{"round": 7}\n')
    monkeypatch.setattr(
        watch_output, "open", lambda *arguments: FullDisk(arguments[0], "ab"), raising=False
    )
    run("all-good", 1, output=path)
    assert path.read_text() == '{"round": 7}\n'


def test_closed_output_ends_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            return 99

    services = demo_services("all-good")
    monkeypatch.setattr("os.dup2", lambda *numbers: 0)
    monkeypatch.setattr(sys, "stdout", Closed())
    shown = WatchOutput("json-lines", None, color="never", every_s=1, now=lambda: NOW)
    plan = WatchPlan(items=one_item, scope=CheckScope(), every_s=1, count=None, parallel=4)
    assert watch(services, plan, shown, wait=lambda seconds: None) == 0


def test_reader_that_goes_away_ends_a_watch_in_which_nothing_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader, writer = os.pipe()
    services = demo_services("all-good")
    shown = WatchOutput("text", None, color="never", every_s=1, now=lambda: NOW)
    plan = WatchPlan(items=one_item, scope=CheckScope(), every_s=1, count=9, parallel=4)
    waits: list[float] = []

    def go_away(seconds: float) -> None:
        if not waits:
            os.close(reader)
        waits.append(seconds)

    with open(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert watch(services, plan, shown, wait=go_away) == 0
    assert len(waits) == 1


def test_nothing_is_billed_and_no_key_is_printed() -> None:
    done = run("quota-exhausted", 2)
    assert [line["verdict"]["untested"] for line in done.documents] == [["billing"]] * 2  # type: ignore[index]
    key = demo_services("quota-exhausted").env["OPENAI_API_KEY"]
    assert key[:20] not in done.out


@pytest.mark.slow
def test_memory_stays_flat_over_the_rounds(tmp_path: Path) -> None:
    sizes: list[int] = []

    def measure(services: Services, number: int) -> None:
        simulator = services.environment.simulator
        assert simulator is not None
        simulator.received.clear()  # it records every request for other tests
        if number % 20 == 0:
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    try:
        run("all-good", 61, "prometheus", tmp_path / "x.prom", between=measure)
    finally:
        tracemalloc.stop()
    # The first rounds fill caches and the sparkline. A kept diagnosis has more than 10 kB; the
    # interpreter's own lists of free objects vary by some 100 bytes a round.
    assert sizes[-1] - sizes[0] < 40 * 1000


def results(*names: str) -> tuple[Result, ...]:
    return tuple(Result(name=name, diagnosis=samples.ALL[name]) for name in names)


@pytest.mark.parametrize("width", [20, 40, 72, 100])
def test_table_fits_the_terminal_and_failed_checks_come_first(width: int) -> None:
    state = WatchState()
    state.update(results("working", "mismatch", "undecided", "no-key"))
    state.update(
        tuple(
            replace(result, diagnosis=samples.WORKING)
            for result in results("working", "mismatch", "undecided", "no-key")
        )
    )
    state.update(results("working", "mismatch", "undecided", "no-key"))
    page = list(lines(state, Style(width=width), now=NOW, every_s=60, rows=3))
    assert all(len(line) <= width for line in page)
    assert [line[0] for line in page[1:]] == ["✗", "!", " "]
    assert "2 more" in page[-1]


def test_row_has_latency_headroom_and_last_change() -> None:
    state = WatchState()
    state.update(results("mismatch"))
    state.update((Result(name="mismatch", diagnosis=samples.WORKING),))
    (_, row) = lines(state, Style(), now=NOW, every_s=60)
    assert "180 ms" in row
    assert "was organization-mismatch" in row
    (_, wide) = lines(state, Style(width=140), now=NOW + timedelta(hours=3), every_s=60)
    assert wide.endswith("changed 3 h ago")


def test_sparkline() -> None:
    assert sparkline([1, None, 8, 4.5]) == "▁ █▅"
    assert sparkline([5, 5]) == "▁▁"
    assert sparkline([]) == ""
    assert sparkline([1, 8], unicode=False) == "_@"


def test_state_keeps_a_fixed_number_of_values() -> None:
    state = WatchState()
    for _ in range(3 * LATENCIES):
        state.update(results("working"))
    assert len(state.checks[0].latencies) == LATENCIES


def test_note_is_printed_once(capfd: pytest.CaptureFixture[str]) -> None:
    with notes_once():
        for number in range(3):
            print_note("the same")
            print_note(f"number {number % 2}")
    print_note("the same")
    assert capfd.readouterr().err.splitlines() == [
        "oai-tui: the same", "oai-tui: number 0", "oai-tui: number 1", "oai-tui: the same",
    ]  # fmt: skip
