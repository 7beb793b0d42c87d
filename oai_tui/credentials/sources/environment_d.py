"""Source: systemd's user environment, environment.d(5). Read only.

Services get it, and on many desktops new sessions too.
"""

from collections.abc import Mapping
from pathlib import Path

from oai_tui.credentials.sources.shell_startup import known_settings
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.system.bounded_file import read_small, reason
from oai_tui.system.paths import display_path, files_in, home_folder

FOLDERS = ("usr/lib/environment.d", "etc/environment.d")
_MAX_FILES = 60


def read(env: Mapping[str, str], folder: Path, root: Path = Path("/")) -> SourceResult:
    """Return the known variables of every *.conf, in the order in which systemd reads them.

    That is by file name. A file of the user replaces the system's file of the same name.
    """
    home = home_folder(env)
    if home is None:
        return SourceResult()
    own = Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "environment.d"
    files = {
        path.name: path
        for base in (*(root / name for name in FOLDERS), own)
        for path in files_in(base, "*.conf")
    }
    settings: list[VariableSetting] = []
    problems: list[str] = []
    for _, path in sorted(files.items())[:_MAX_FILES]:
        place = display_path(path, home)
        try:
            file = read_small(path)
        except (OSError, ValueError) as error:
            problems.append(f"{place} can't be read: {reason(error)}")
            continue
        if file is not None:
            settings += known_settings(file, "plain", place)
    return SourceResult(settings=tuple(settings), problems=tuple(problems))
