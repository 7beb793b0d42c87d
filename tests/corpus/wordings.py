"""Short texts in the wordings of many programs, each with the cause that it must be read as."""

import tomllib
from pathlib import Path


def _load() -> tuple[tuple[str, str], ...]:
    path = Path(__file__).with_name("wordings.toml")
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple((wording["cause"], wording["text"]) for wording in document["wording"])


WORDINGS = _load()
"""Cause and text of each wording of wordings.toml."""
