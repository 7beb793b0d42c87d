"""The index of profile names, in pages that are entries of the keyring.

A keyring cannot list its entries, so the names are stored in entries of their own. Each page is a
JSON list of at most 1,000 characters, because Windows refuses an entry of more than 2,560 bytes of
UTF-16. A page may name profiles that do not exist: the index only says where to look.
"""

import json
from collections.abc import Sequence

from oai_tui.domain.profile import valid_name

MAX_PAGE = 1000
"""Characters of a page."""
MAX_PAGES = 100
"""Pages that are read: a keyring that returns something for every entry would never end."""


def user(number: int) -> str:
    """Return the user of the entry that holds page `number`: "names" for 0, then "names-2", …"""
    return "names" if number == 0 else f"names-{number + 1}"


def read(text: str) -> list[str]:
    """Return the names on a page, without repetition and without anything that is not a name."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(values, list):
        return []
    names = (value for value in values if isinstance(value, str) and valid_name(value))
    return list(dict.fromkeys(names))


def write(page: Sequence[str]) -> str:
    """Return a page as text."""
    return json.dumps(list(page), separators=(",", ":"))


def with_name(pages: Sequence[Sequence[str]], name: str) -> tuple[int, list[str]] | None:
    """Return the page to write, after its number, to add a name; None if it is in the index."""
    if any(name in page for page in pages):
        return None
    for number, page in enumerate(pages):
        if len(write([*page, name])) <= MAX_PAGE:
            return number, [*page, name]
    return len(pages), [name]
