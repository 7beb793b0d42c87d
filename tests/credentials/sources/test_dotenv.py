"""A .env file takes time in proportion to its size, whatever it holds."""

from pathlib import Path

import pytest

from oai_tui.credentials.sources import dotenv
from tests.growth import MAX_GROWTH, growth


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [('OPENAI_API_KEY="never closed\n', "NAME=value of a program\n"), ("OPENAI_API_KEY=", "${")],
    ids=["a quotation mark that is not closed", "references that are not closed"],
)
def test_time_grows_no_faster_than_a_file(beginning: str, piece: str, tmp_path: Path) -> None:
    def read(size: int) -> None:
        (tmp_path / ".env").write_text(beginning + piece * (size // len(piece)))
        assert dotenv.read({}, tmp_path).problems

    assert growth(read, 200_000, 800_000) <= MAX_GROWTH
