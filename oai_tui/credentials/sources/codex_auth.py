"""Source: the key that OpenAI's Codex CLI stores in auth.json. Read only if the user names it.

Its sign-in tokens are never taken out of the file. Format: codex-rs/core/src/auth, 2026:
{"OPENAI_API_KEY": text or null, "tokens": {…} or null, "last_refresh": …}.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin
from oai_tui.system.bounded_file import read_small, reason
from oai_tui.system.paths import display_path, home_folder


def read(env: Mapping[str, str], folder: Path) -> SourceResult:
    """Return the API key in $CODEX_HOME/auth.json or ~/.codex/auth.json."""
    home = home_folder(env)
    base = home / ".codex" if home else None
    if env.get("CODEX_HOME"):
        base = Path(env["CODEX_HOME"])
    if base is None:
        return SourceResult()
    path = base / "auth.json"
    place = display_path(path, home)
    try:
        file = read_small(path)
        if file is None:
            return SourceResult(
                problems=(
                    (
                        f"{place} doesn't exist: Codex is not signed in here, or stores its "
                        "sign-in in the keyring"
                    ),
                )
            )
        document = json.loads(file.text)
    except OSError as error:
        return SourceResult(problems=(f"{place} can't be read: {reason(error)}",))
    except (ValueError, RecursionError):
        return SourceResult(problems=(f"{place} is not a readable JSON document",))
    value = document.get("OPENAI_API_KEY") if isinstance(document, dict) else None
    if isinstance(value, str) and value:
        return SourceResult(
            settings=(
                VariableSetting(
                    name="OPENAI_API_KEY",
                    value=value,
                    origin=Origin(kind="program", name="codex", place=place),
                    changed_at=file.changed_at,
                ),
            )
        )
    signed_in = isinstance(document, dict) and document.get("tokens")
    held = "a ChatGPT sign-in, which is not an API key" if signed_in else "no API key"
    return SourceResult(problems=(f"{place} contains {held}",))
