"""A response as the functions that read it get it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oai_tui.domain.answer_parsing import is_html


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseParts:
    """A response, redacted, as far as it is kept.

    `headers`: names in lower case. `text`: the body as far as it was read. `value`: its JSON
    value, or None. `complete`: whether `text` is the whole body.
    """

    status: int
    headers: Mapping[str, str]
    text: str
    value: Any = None
    complete: bool = True

    @property
    def is_html(self) -> bool:
        """Return True if the body is an HTML page, by its type or by how it begins."""
        return is_html(self.text, self.headers.get("content-type", ""))
