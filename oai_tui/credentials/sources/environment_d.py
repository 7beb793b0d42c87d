"""systemd's user environment (environment.d(5)) as a source: what services and, on many desktops, new sessions get. Read only."""

from collections.abc import Mapping
from pathlib import Path

from oai_tui.credentials.sources.shell_parser import variables_in
from oai_tui.credentials.sources.shell_startup import NAMES
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin
from oai_tui.system.bounded_file import read_small, reason
from oai_tui.system.paths import display_path, home_folder

FOLDERS = ("usr/lib/environment.d", "etc/environment.d")
_FILES = 60


def read(env: Mapping[str, str], folder: Path, root: Path = Path("/")) -> SourceResult:
    """The known variables of every *.conf, in the order in which systemd reads them: by file name, a file of the user's in the place of the system's of the same name."""
    home = home_folder(env)
    if home is None:
        return SourceResult()
    own = Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "environment.d"
    files = {
        path.name: path
        for base in (*(root / name for name in FOLDERS), own)
        for path in sorted(base.glob("*.conf"))
    }
    found: list[VariableSetting] = []
    problems: list[str] = []
    for _, path in sorted(files.items())[:_FILES]:
        place = display_path(path, home)
        try:
            file = read_small(path)
        except (OSError, ValueError) as error:
            problems.append(f"{place} cannot be read: {reason(error)}")
            continue
        for each in variables_in(file.text, "plain") if file else ():
            if file and each.name in NAMES:
                origin = Origin(kind="startup", name=each.name, place=f"{place}:{each.line}")
                found.append(
                    VariableSetting(
                        name=each.name,
                        value=each.value or "",
                        origin=origin,
                        changed_at=file.changed_at,
                        computed=each.value is None,
                    )
                )
    return SourceResult(settings=tuple(found), problems=tuple(problems))
