"""Reads one requirement of Python's packaging: "openai[aiohttp]>=1.0,<2; python_version>'3'".

Format: Python Packaging User Guide, "Dependency specifiers" (2026-10).
"""

import re
from dataclasses import dataclass

from oai_tui.dependencies.file_text import python_name, safe_constraint, safe_version

_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*"
    r"(?P<rest>[^;]*)(?P<marker>;.*)?",
    re.ASCII | re.DOTALL,
)
_EXACT = re.compile(r"={2,3}\s*([^\s,*]+)")
_MAX_CHARS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A requirement in parts.

    constraint: "" for none, and for a URL. version: the exact one, or None. marker: the condition
    under which it holds, may be "".
    """

    name: str
    constraint: str
    version: str | None
    marker: str


def parse_requirement(text: str) -> Requirement | None:
    """Return a requirement, or None for a text that is none."""
    found = _REQUIREMENT.fullmatch(text[:_MAX_CHARS].strip())
    if found is None:
        return None
    rest = found["rest"].strip()
    is_constraint = rest.startswith(("<", ">", "=", "!", "~", "("))
    if rest and not is_constraint and not rest.startswith("@"):
        return None
    constraint = safe_constraint(rest.strip("() ")) if is_constraint else ""
    exact = _EXACT.fullmatch(constraint)
    return Requirement(
        name=python_name(found["name"]),
        constraint=constraint,
        version=safe_version(exact[1]) if exact else None,
        marker=(found["marker"] or "").lstrip("; "),
    )
