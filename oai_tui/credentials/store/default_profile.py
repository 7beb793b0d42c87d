"""The default profile: OAI_TUI_PROFILE, else the one that `profiles use` chose.

The name of the latter is stored in a small file; a name is no secret. The file is
`default-profile` in the folder of this program's settings (`system.paths.config_folder`). A file
that cannot be read, or that holds no valid name, counts as no choice.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from oai_tui.domain.profile import valid_name
from oai_tui.system.atomic_write import atomic_write
from oai_tui.system.paths import config_folder

VARIABLE = "OAI_TUI_PROFILE"


def default_profile(env: Mapping[str, str]) -> str | None:
    """Return the name of the default profile, or None."""
    if named := env.get(VARIABLE, "").strip():
        return named
    path = _file(env)
    with suppress(OSError, UnicodeDecodeError):
        if path is not None:
            with path.open("rb") as file:
                name = file.read(100).decode("ascii").strip()
            return name if valid_name(name) else None
    return None


def choose_default(env: Mapping[str, str], name: str | None) -> None:
    """Store the choice, None for no default.

    OSError if the file cannot be written or the environment names no home folder.
    """
    path = _file(env)
    if path is None:
        raise FileNotFoundError("there is no home folder to save the choice in")
    if name is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    atomic_write(path, f"{name}\n".encode("ascii"))


def _file(env: Mapping[str, str]) -> Path | None:
    """The file that stores the choice; None if the environment names no home folder."""
    folder = config_folder(env)
    return None if folder is None else folder / "default-profile"
