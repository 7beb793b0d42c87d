"""The quick way to find a record's end and its kind says the same as the careful one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.text.failure_markers import names_api
from oai_tui.diagnosis.text.log_lines import LogLines, without_hex_ids
from oai_tui.diagnosis.text.log_prefixes import (
    DIGITS_OF_BYTES,
    MAX_PREFIX,
    certainly_share_none,
    shared_prefix,
)
from oai_tui.diagnosis.text.record_bounds import DatedRecords, record_around
from oai_tui.diagnosis.text.record_kinds import (
    _MAX_SHAPES,
    _WITHOUT_NUMBERS,
    RecordShape,
    RecordShapes,
    kind_of,
)
from oai_tui.diagnosis.text.record_time import time_of
from tests.diagnosis.text.test_log_explain import CHAIN, FINE, MISMATCH, QUOTA, REQUEST

_BEGINNINGS = (
    "2026-11-02 09:14:31,123 ",
    "2026-11-02 09:14:31,123 ERROR    app.llm ",
    "2026-11-02 09:14:32,5 ERROR app.llm ",
    "2026-11-02T09:14:31.123456789Z stdout F ",
    "Nov  2 09:14:31 host app[401]: ",
    "app-1  | ",
    "[error] ",
    "  ERROR ",
    '{"level": "error", "msg": ',
    "09:14:31\t",
    "    ",
    "",
)
_MESSAGES = (QUOTA, MISMATCH, FINE, REQUEST, *CHAIN.split("\n"), "}", "error", "at f (x.js:1)", "")
_WITH_NUMBERS = (
    "Error code: 401 ",
    "unexpected status 500 ",
    "Limit: 0, Requested 12",
    " worker-12 ",
    "req_ab12cd ",
    "sk-ab***12 ",
    "127.0.0.1:8080 ",
)
_LINES = st.builds(
    lambda beginning, message, end: f"{beginning}{message}{end}",
    st.sampled_from(_BEGINNINGS),
    st.sampled_from(_MESSAGES) | st.text("aFTC}: |]\t09é", max_size=12),
    st.sampled_from(("", "\r", " " * 200)),
)
_NUMBER_LIKE = re.compile(rb"[0-9][0-9A-Za-z_:.,/+-]*")
_ADDRESS = re.compile(rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}:[0-9]{2,5}")


@settings(deadline=None, max_examples=300)
@given(st.lists(_LINES, min_size=1, max_size=14))
def test_a_record_that_is_found_in_the_quick_way_is_the_careful_one(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    log_lines = LogLines(data, 0)
    usual = DatedRecords(log_lines)
    for number in range(data.count(b"\n") + 1):
        if (after := usual.line_after(number)) is not None:
            start, end = log_lines.start(number), log_lines.end(number)
            for hit in {start, (start + end) // 2, max(start, end - 1)}:
                assert record_around(data, hit) == (start, log_lines.end(after - 1))


@settings(deadline=None, max_examples=300)
@given(_LINES, _LINES)
def test_lines_that_certainly_share_no_prefix_share_none(line: str, other: str) -> None:
    heads = [text.encode()[:MAX_PREFIX] for text in (line, other)]
    if certainly_share_none(*(head.translate(DIGITS_OF_BYTES) for head in heads)):
        assert shared_prefix(*(head.decode("latin-1") for head in heads)) == ""


def _number_that_counts(match: re.Match[bytes]) -> bytes:
    """Return a status, an errno, an address with its port, a port after a name; else nothing."""
    number = match.group().rstrip(b".,:")
    before = match.string[max(0, match.start() - 2) : match.start()]
    ends_name = re.search(rb"[A-Za-z][_-]?\Z", before) is not None
    is_short = number.isdigit() and (len(number) == 3 or (len(number) < 3 and not ends_name))
    is_port = re.fullmatch(rb"[A-Za-z]:", before) is not None and number[:5].isdigit()
    return number if is_short or is_port or _ADDRESS.fullmatch(number) else b""


@settings(deadline=None, max_examples=500)
@given(st.text("0123456789ab:.,/ -_+(", max_size=40))
def test_numbers_that_count_are_kept(text: str) -> None:
    data = text.encode()
    kept = b"".join(_WITHOUT_NUMBERS.findall(data))
    assert _NUMBER_LIKE.sub(_number_that_counts, kept) == _NUMBER_LIKE.sub(
        _number_that_counts, data
    )


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (
            "trace=bada1234-0a1b-4c2d-8e3f-00112233aabb Error code: 401",
            "trace=f00d5678-0a1b-4c2d-8e3f-00112233aabb Error code: 401",
        ),
        ("trace_id=abcdef0123456789 Error code: 401", "trace_id=0123456789abcdef Error code: 401"),
        (
            "Rate limit reached for gpt-5 in organization org-abcDEFghiJKLmno on tokens",
            "Rate limit reached for gpt-5 in organization org-XYZabcDEFghiJKL on tokens",
        ),
        ("Project proj_AbcDefGhiJkl not found", "Project proj_XyzAbcDefGhi not found"),
        ("provided: sk-proj-abcd****wxyz.", "provided: sk-proj-efgh******stuv."),
    ],
)
def test_ids_do_not_count(text: str, other: str) -> None:
    assert _kind(text) == _kind(other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("organization org-me", "organization null"),
        ("provided: sk-proj-abcd****wxyz.", "provided: sk-ant-abcd****wxyz."),
        ("no such host: gateway-cafe", "no such host: gateway-face"),
        ('{"status": 401, "msg": "x"}', '{"status": 403, "msg": "x"}'),
        ("statusCode=401 openai", "statusCode=429 openai"),
        ("user=null openai", "user=admin openai"),
        ("HTTP404 from openai", "HTTP401 from openai"),
        ("[Errno 61] Connection refused", "[Errno 8] Connection refused"),
        ("[Errno -2] openai", "[Errno -3] openai"),
    ],
)
def test_words_count(text: str, other: str) -> None:
    assert _kind(text) != _kind(other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ('File "app.py", line 12, in f', 'File "app.py", line 7, in f'),
        ("worker-7 Error code: 401", "worker-19 Error code: 401"),
        ('{"duration_ms": 871, "msg": "x"}', '{"duration_ms": 9, "msg": "x"}'),
        ("attempt=3 tenant=aB3dE5fG failed", "attempt=1 tenant=xYzAbCdEf failed"),
        ("app[401]: openai failed", "app[93]: openai failed"),
        ("call AbCdEfGh1jKlMn0p failed", "call ZyXwVuTs2rQpOn9m failed"),
        ("gw1.corp.example Error code: 401", "gw22.corp.example Error code: 401"),
        ("call failed after 87 ms", "call failed after 912 ms"),
        ("TPM: Limit 30000, Used 871, Requested 40", "TPM: Limit 30000, Used 5, Requested 900"),
    ],
)
def test_counts_do_not_count(text: str, other: str) -> None:
    assert _kind(text) == _kind(other)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_shape_says_the_same_as_the_whole_record(data: st.DataObject) -> None:
    piece = st.sampled_from((*_BEGINNINGS, *_MESSAGES, *_WITH_NUMBERS)) | st.text(
        "a9 :-*", max_size=9
    )
    text = "".join(data.draw(st.lists(piece, min_size=1, max_size=6))).encode()
    digits = data.draw(st.text("0123456789", min_size=len(text), max_size=len(text)))
    other = bytes(
        ord(digit) if chr(byte).isdecimal() else byte
        for byte, digit in zip(text, digits, strict=True)
    )
    shape = RecordShape(text.translate(DIGITS_OF_BYTES))
    for record in (text, other):
        time = shape.time(record)
        assert shape.kind(record) == kind_of(record)
        assert shape.is_about_api(record) == names_api(record)
        assert time is None or time == time_of(record, 0, record)


def test_shapes_are_remembered_within_limits() -> None:
    shapes = RecordShapes()
    for number in range(3 * _MAX_SHAPES):
        text = b"ERROR openai " + b"x" * (number % 200) + b"y" * (number // 200)
        shapes.shape_of(text)
        shapes.shape_of(text)
    assert 0 < len(shapes._shapes) <= _MAX_SHAPES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trace=4bf92f3577b34da6a3ce929d0e0e4736 failed", "trace= failed"),
        ("req_4bf92f3577b34da6\nreq_a3ce929d0e0e4736", "req_\nreq_"),
        ("id 3F2504E0-4F89-11D3-9A0C-0305E82C3301.", "id ."),
        ("exceeded-4bf92f3577b34da6", "exceeded-"),
        ("2026-11-02-09-14-31 failed", "2026-11-02-09-14-31 failed"),
        ("1730538871123456789 failed", "1730538871123456789 failed"),
        ("-------------------- failed", "-------------------- failed"),
        ("added face-to-face", "added face-to-face"),
    ],
)
def test_only_hexadecimal_ids_are_removed(text: str, expected: str) -> None:
    assert without_hex_ids(text.encode()).decode() == expected


@given(st.text("0123456789abcdefF-\ng ", max_size=300))
def test_removing_ids_keeps_the_lines_and_the_words(text: str) -> None:
    shorter = without_hex_ids(text.encode()).decode()
    assert shorter.count("\n") == text.count("\n")
    assert shorter.count("g") == text.count("g")


def _kind(text: str) -> bytes:
    return kind_of(without_hex_ids(text.encode()))
