"""The start files of shells, as a source: what a new terminal would get, with file and line. Read only, each at most 1 MB, 60 files at the most.

These values are not in force in this process unless it has them too; then they tell where its environment was set.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from oai_tui.credentials.sources import env_names as variables
from oai_tui.credentials.sources.shell_parser import sourced, variables_in
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin
from oai_tui.system.bounded_file import SmallFile, read_small, reason
from oai_tui.system.paths import display_path, home_folder

IN_HOME = (
    (".profile", "sh"),
    (".bash_profile", "sh"),
    (".bash_login", "sh"),
    (".bashrc", "sh"),
    (".bash_aliases", "sh"),
    (".zshenv", "sh"),
    (".zprofile", "sh"),
    (".zshrc", "sh"),
    (".zlogin", "sh"),
    (".kshrc", "sh"),
    (".config/fish/config.fish", "fish"),
    (".config/fish/conf.d/*.fish", "fish"),
    (".config/fish/fish_variables", "fish-universal"),
    (".cshrc", "csh"),
    (".tcshrc", "csh"),
    (".login", "csh"),
    (".config/powershell/*rofile.ps1", "powershell"),
    ("Documents/PowerShell/*rofile.ps1", "powershell"),
    ("Documents/WindowsPowerShell/*rofile.ps1", "powershell"),
)
"""Below the home folder: a path or pattern, and how its lines are read."""
ZSH = (".zshenv", ".zprofile", ".zshrc", ".zlogin")
IN_ROOT = (
    ("etc/environment", "plain"),
    ("etc/profile", "sh"),
    ("etc/profile.d/*.sh", "sh"),
    ("etc/bash.bashrc", "sh"),
    ("etc/zsh/zshenv", "sh"),
    ("etc/zsh/zshrc", "sh"),
    ("etc/zshenv", "sh"),
    ("etc/zshrc", "sh"),
)
DIRENV = ".envrc"
NAMES = frozenset((*variables.KEYS, *variables.SHOWN))
_FILES = 60
_DEPTH = 3
_UP = 40


def read(env: Mapping[str, str], folder: Path, root: Path = Path("/")) -> SourceResult:
    """The known variables of all start files, in the order of IN_ROOT, IN_HOME and direnv's nearest .envrc. Nothing for an environment without a home folder."""
    home = home_folder(env)
    if home is None:
        return SourceResult()
    found: list[VariableSetting] = []
    problems: list[str] = []
    seen: set[Path] = set()
    for path, dialect in _listed(env, home, folder, root):
        _read_file(path, dialect, home, 0, seen, found, problems)
    return SourceResult(settings=tuple(found), problems=tuple(problems))


def _listed(
    env: Mapping[str, str], home: Path, folder: Path, root: Path
) -> Iterator[tuple[Path, str]]:
    for base, table in ((root, IN_ROOT), (home, IN_HOME)):
        for pattern, dialect in table:
            yield from (
                (path, dialect)
                for path in (sorted(base.glob(pattern)) if "*" in pattern else [base / pattern])
            )
    if (zsh := env.get("ZDOTDIR")) and Path(zsh) != home:
        yield from ((Path(zsh) / name, "sh") for name in ZSH)
    start = Path(folder).absolute()
    for parent in (start, *start.parents)[:_UP]:
        if (parent / DIRENV).is_file():
            yield parent / DIRENV, "sh"
            return


def _read_file(
    path: Path,
    dialect: str,
    home: Path,
    depth: int,
    seen: set[Path],
    found: list[VariableSetting],
    problems: list[str],
) -> None:
    """One file, and those it sources; `seen`, `found` and `problems` grow."""
    if path in seen or len(seen) >= _FILES:
        return
    place = display_path(path, home)
    try:
        file = read_small(path)
    except (OSError, ValueError) as error:
        problems.append(f"{place} cannot be read: {reason(error)}")
        return
    if file is None:
        return
    seen.add(path)
    found += _bindings(file, dialect, place)
    if dialect in {"sh", "fish"} and depth < _DEPTH:
        for name in sourced(file.text):
            target = home / name[2:] if name.startswith("~/") else Path(name)
            if target.is_absolute():
                _read_file(target, dialect, home, depth + 1, seen, found, problems)


def _bindings(file: SmallFile, dialect: str, place: str) -> Iterator[VariableSetting]:
    if not any(name in file.text for name in NAMES):
        return
    for each in variables_in(file.text, dialect):
        if each.name in NAMES:
            origin = Origin(kind="startup", name=each.name, place=f"{place}:{each.line}")
            yield VariableSetting(
                name=each.name,
                value=each.value or "",
                origin=origin,
                changed_at=file.changed_at,
                computed=each.value is None,
                exported=each.exported,
            )
