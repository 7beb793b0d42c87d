"""A .env file takes time in proportion to its size, whatever it holds."""

import time
from pathlib import Path

import pytest

from oai_tui.credentials.sources import dotenv


@pytest.mark.parametrize(
    "text",
    [
        'OPENAI_API_KEY="never closed\n' + "NAME=value of a program\n" * 30_000,
        "OPENAI_API_KEY=" + "${" * 400_000,
    ],
    ids=["a quotation mark that is not closed", "references that are not closed"],
)
def test_a_large_file_is_read_in_time(text: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(text)
    start = time.process_time()
    result = dotenv.read({}, tmp_path)
    assert time.process_time() - start < 3.0
    assert result.problems
