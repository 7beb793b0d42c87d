"""Records of a log that is still being written: found promptly, once, wherever its parts are cut."""

import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.text.live_records import LiveRecords
from oai_tui.diagnosis.text.log_scanner import records
from tests.corpus.disguises import PREFIXES
from tests.diagnosis.text.test_log_explain import CHAIN, FINE, MISMATCH, QUOTA, REQUEST, log

FAILED = f"ERROR app: failed\n{CHAIN}"
MESSAGES = (
    f"ERROR app: {QUOTA}",
    f"ERROR app: {MISMATCH}",
    FINE,
    FAILED,
    "ERROR app.db: connection to replica 3 failed",
    REQUEST.format(status="429 Too Many Requests"),
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Return the parts of the data between some places."""
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(edges)]


def live(parts: list[bytes]) -> list[bytes]:
    """Return the records of a log that arrives in these parts and then ends."""
    reader = LiveRecords()
    found = [record.block for part in parts for record in reader.feed(part)]
    return found + [record.block for record in reader.settle(with_partial_line=True)]


def whole(data: bytes) -> list[bytes]:
    """Return the records of the same log read as a file."""
    return [record.block for record in records(io.BytesIO(data), chunk=1 << 20)]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(MESSAGES), min_size=1, max_size=12),
    st.lists(st.integers(0, 20_000), max_size=30),
)
def test_parts_cut_anywhere_give_the_records_of_the_whole_log(
    messages: list[str], places: list[int]
) -> None:
    data = log(*messages).encode()
    assert live(cut(data, places)) == whole(data)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_traceback_behind_prefixes_arrives_line_by_line(prefix: str) -> None:
    text = "".join(f"{prefix}{line}\n" for line in ["starting", *CHAIN.split("\n"), "all is well"])
    data = text.encode()
    assert live(data.splitlines(keepends=True)) == whole(data)


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.lists(st.integers(0, 2_000), max_size=8))
def test_any_bytes_can_arrive(data: bytes, places: list[int]) -> None:
    live(cut(data, places))


def test_a_record_is_complete_when_the_next_one_starts() -> None:
    reader = LiveRecords()
    lines = log(FAILED, FINE).encode().splitlines(keepends=True)
    assert [list(reader.feed(line)) for line in lines[:-1]] == [[]] * (len(lines) - 1)
    (record,) = reader.feed(lines[-1])
    assert record.block.startswith(b"2026-11-02")
    assert record.block.endswith(b"Connection error.")


def test_a_record_is_complete_after_a_quiet_time() -> None:
    reader = LiveRecords()
    assert list(reader.feed(log(FAILED).encode())) == []
    assert len(list(reader.settle(with_partial_line=False))) == 1
    assert list(reader.settle(with_partial_line=True)) == []


def test_a_line_without_its_end_is_held() -> None:
    reader = LiveRecords()
    line = log(f"ERROR app: {QUOTA}").encode()
    assert list(reader.feed(line[:120])) == []
    assert list(reader.settle(with_partial_line=False)) == []
    assert list(reader.feed(line[120:])) == []
    (record,) = reader.settle(with_partial_line=False)
    assert record.block == line.rstrip()


def test_the_last_line_of_a_file_does_not_run_into_the_next_file() -> None:
    reader = LiveRecords()
    first, second = log(f"ERROR app: {QUOTA}").encode().rstrip(), log(f"ERROR {MISMATCH}").encode()
    found = [*reader.feed(first), *reader.settle(with_partial_line=True)]
    reader.start_over()
    found += [*reader.feed(second), *reader.settle(with_partial_line=True)]
    assert [record.block for record in found] == [first, second.rstrip()]


def test_utf_16_is_read_in_parts_of_any_size() -> None:
    data = log(f"ERROR app: {QUOTA}", FINE).encode("utf-16")
    assert live([data[place : place + 3] for place in range(0, len(data), 3)]) == whole(data)


def test_memory_does_not_grow_with_the_log() -> None:
    reader = LiveRecords()
    part = log(*[FINE] * 200, f"ERROR app: {QUOTA}").encode()
    kept = set()
    for _ in range(40):
        assert len(list(reader.feed(part))) <= 1
        kept.add(len(reader._data))
    assert max(kept) < 3 * len(part) + 100_000


def test_a_line_that_never_ends_is_read_in_parts() -> None:
    reader = LiveRecords()
    for _ in range(8):
        list(reader.feed(b"x" * 500_000))
    assert len(reader._data) < 2_000_000
