"""The quick way to find a record's end and its kind says the same as the careful one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.text.log_prefixes import (
    DIGITS_OF_BYTES,
    MAX_PREFIX,
    certainly_share_none,
    shared_prefix,
)
from oai_tui.diagnosis.text.log_scanner import _WITHOUT_NUMBERS, _kind_of
from oai_tui.diagnosis.text.record_bounds import DatedRecords, record_around
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
    dated = DatedRecords(data)
    start = 0
    for line in data.split(b"\n"):
        end = dated.end_of(start, start + len(line))
        if end is not None:
            for hit in {start, start + len(line) // 2, start + max(0, len(line) - 1)}:
                assert record_around(data, hit) == (start, end)
        start += len(line) + 1


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
    is_short = len(number) <= 3 and number.isdigit()
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
    assert _kind_of(text.encode()) == _kind_of(other.encode())


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("organization org-me", "organization null"),
        ("provided: sk-proj-abcd****wxyz.", "provided: sk-ant-abcd****wxyz."),
        ("no such host: gateway-cafe", "no such host: gateway-face"),
    ],
)
def test_words_count(text: str, other: str) -> None:
    assert _kind_of(text.encode()) != _kind_of(other.encode())
