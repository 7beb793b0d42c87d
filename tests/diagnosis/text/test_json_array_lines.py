"""A log that is one JSON array is read record by record."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.text.json_array_lines import JsonArrayLines, array_lines
from oai_tui.services.explain_text import explain_stream
from tests.diagnosis.text.test_log_explain import MISMATCH, QUOTA, counts

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\{}[]\n', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)
_RECORDS = st.lists(
    _JSON.map(lambda value: {"time": "2026-11-02T09:14:31Z", "value": value}), min_size=1
)
_STYLES: tuple[dict[str, Any], ...] = ({}, {"indent": 2}, {"separators": (",", ":")})


def _records(messages: list[str]) -> list[dict[str, object]]:
    return [
        {"timestamp": f"2026-11-02T09:{number // 60:02}:{number % 60:02}Z", "message": message}
        for number, message in enumerate(messages)
    ]


@pytest.mark.parametrize("style", _STYLES)
@pytest.mark.parametrize("member", ["", "events", "entries"])
@pytest.mark.parametrize("repeat", [1, 200])
def test_every_record_is_counted(style: dict[str, Any], member: str, repeat: int) -> None:
    records = _records([QUOTA, MISMATCH, QUOTA] * repeat)
    text = json.dumps({member: records, "nextToken": "x"} if member else records, **style)
    result = explain_stream(io.BytesIO(text.encode()), now=0, chunk=9_000)
    assert counts(result) == [("quota-exhausted", 2 * repeat), ("organization-mismatch", repeat)]
    assert result.results[0].first_seen == "2026-11-02T09:00:00Z"


@settings(deadline=None)
@given(_RECORDS, st.sampled_from(_STYLES), st.lists(st.integers(1, 40)))
def test_records_are_whole_whatever_the_parts_are(
    records: list[object], style: dict[str, Any], sizes: list[int]
) -> None:
    data = json.dumps(records, **style).encode()
    lines = JsonArrayLines()
    found, place = b"", 0
    for size in sizes:
        found += lines(data[place : place + size])
        place += size
    found += lines(data[place:]) + lines.rest()
    assert found == array_lines(data)
    assert [json.loads(line) for line in found.splitlines()[: len(records)]] == records


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        '{"error": {"message": "x", "code": "invalid_api_key"}}',
        '[{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}]',
        '{"errors": [{"message": "x", "timestamp": 1}]}',
        '{"time": "2026-11-02T09:14:31Z", "msg": "x"}\n{"time": "2026-11-02T09:14:32Z"}\n',
        "[2026-11-02 09:14:31] ERROR openai failed",
        QUOTA,
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert array_lines(text.encode()) == text.encode()


def test_a_record_without_an_end_is_not_waited_for() -> None:
    data = b'[{"time": "2026-11-02T09:14:31Z", "msg": "' + b'\\"' * (1 << 20)
    assert array_lines(data) == data[1:]
