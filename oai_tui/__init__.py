"""oai-tui: diagnoses OpenAI API access.

It finds out why a call fails, fixes it, verifies the fix, and saves the working profile.

For programs: `oai_tui.explain(error)` returns an `oai_tui.Explanation`. Both are imported when they
are first used; their types are in __init__.pyi.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
_LAZY = frozenset({"Explanation", "explain"})
"""Names that need the knowledge base, which a program imports only when it asks for them."""


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module("oai_tui.integrations.explanation"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
