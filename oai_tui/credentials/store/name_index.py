"""The names of the saved profiles, as the pages of texts that the keyring keeps.

A keyring cannot be asked what it holds, so the names stand in entries of their own. Each page is a JSON list that stays below 1,000 bytes, because Windows
refuses an entry of more than 2,560 bytes of UTF-16. A page may name profiles that are not there; it is a hint where to look, never the truth.
"""

import json
from collections.abc import Sequence

from oai_tui.domain.profile import valid_name

_PAGE_LIMIT = 1000
PAGES = 100
"""More than these are not read, so that a keyring that answers whatever it is asked cannot keep a reader busy."""


def user(number: int) -> str:
    """The user under which page `number`, from 0, is kept: "names", "names-2", "names-3", …"""
    return "names" if number == 0 else f"names-{number + 1}"


def read(text: str) -> list[str]:
    """The names on a page; whatever is no name is left out."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return (
        list(dict.fromkeys(name for name in found if isinstance(name, str) and valid_name(name)))
        if isinstance(found, list)
        else []
    )


def write(page: Sequence[str]) -> str:
    """A page as text."""
    return json.dumps(list(page), separators=(",", ":"))


def with_name(pages: Sequence[Sequence[str]], name: str) -> tuple[int, list[str]] | None:
    """The one page to write, and its number, so that `name` is in the index; None when it is there already."""
    if any(name in page for page in pages):
        return None
    for number, page in enumerate(pages):
        if len(write([*page, name])) <= _PAGE_LIMIT:
            return number, [*page, name]
    return len(pages), [name]
