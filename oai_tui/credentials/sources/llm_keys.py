"""Source: the key that the program `llm` stores in keys.json. Read only if the user names it.

Format: llm 0.36 (2026), `llm keys path`: {"openai": text, …} in plain text, below LLM_USER_PATH or
the user's folder for io.datasette.llm.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin
from oai_tui.system.bounded_file import read_small, reason
from oai_tui.system.paths import display_path, home_folder

_APP = "io.datasette.llm"


def read(env: Mapping[str, str], folder: Path) -> SourceResult:
    """Return the key named "openai" in keys.json."""
    home = home_folder(env)
    base = _base(env, home)
    if base is None:
        return SourceResult()
    path = base / "keys.json"
    place = display_path(path, home)
    try:
        file = read_small(path)
        if file is None:
            return SourceResult(problems=(f"{place} doesn't exist: llm has no keys here",))
        document = json.loads(file.text)
    except OSError as error:
        return SourceResult(problems=(f"{place} can't be read: {reason(error)}",))
    except (ValueError, RecursionError):
        return SourceResult(problems=(f"{place} is not a readable JSON document",))
    value = document.get("openai") if isinstance(document, dict) else None
    if isinstance(value, str) and value:
        return SourceResult(
            settings=(
                VariableSetting(
                    name="OPENAI_API_KEY",
                    value=value,
                    origin=Origin(kind="program", name="llm", place=place),
                    changed_at=file.changed_at,
                ),
            )
        )
    return SourceResult(problems=(f'{place} contains no key named "openai"',))


def _base(env: Mapping[str, str], home: Path | None) -> Path | None:
    """The folder of keys.json; None if the environment names no home folder."""
    if env.get("LLM_USER_PATH"):
        return Path(env["LLM_USER_PATH"])
    if sys.platform == "win32":
        return Path(env["APPDATA"]) / _APP if env.get("APPDATA") else None
    if home is None:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / _APP
    return Path(env.get("XDG_CONFIG_HOME") or home / ".config") / _APP
