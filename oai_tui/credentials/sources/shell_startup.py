"""Source: shell startup files, which show what a new terminal would get. Read only.

At most 60 files of at most 1 MB each. This process does not use these values. If it has the same
ones, the files show where its environment was set.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from oai_tui.credentials.sources import env_names
from oai_tui.credentials.sources.shell_parser import assignments_in, sourced_files
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin
from oai_tui.system.bounded_file import SmallFile, read_small, reason
from oai_tui.system.paths import display_path, files_in, folder_and_parents, home_folder

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
"""Below the home folder: a path or pattern, and the dialect of its lines."""
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
NAMES = frozenset((*env_names.KEYS, *env_names.SHOWN))
"""Variables that are reported."""
_MAX_FILES = 60
_MAX_DEPTH = 3
"""How deep files that source others are followed."""
_MAX_PARENTS = 40
"""Folders that are searched for .envrc: the working folder and its parents."""


def read(env: Mapping[str, str], folder: Path, root: Path = Path("/")) -> SourceResult:
    """Return the known variables of all startup files.

    The order is IN_ROOT, IN_HOME, then direnv's nearest .envrc. Nothing is returned if the
    environment names no home folder.
    """
    home = home_folder(env)
    if home is None:
        return SourceResult()
    reader = _Reader(home)
    for path, dialect in _candidates(env, home, folder, root):
        reader.read_file(path, dialect)
    return SourceResult(settings=tuple(reader.settings), problems=tuple(reader.problems))


def _candidates(
    env: Mapping[str, str], home: Path, folder: Path, root: Path
) -> Iterator[tuple[Path, str]]:
    """Paths of files that may exist, each with its dialect."""
    for base, table in ((root, IN_ROOT), (home, IN_HOME)):
        for pattern, dialect in table:
            paths = files_in(base, pattern) if "*" in pattern else [base / pattern]
            yield from ((path, dialect) for path in paths)
    if (zsh := env.get("ZDOTDIR")) and Path(zsh) != home:
        yield from ((Path(zsh) / name, "sh") for name in ZSH)
    for parent in folder_and_parents(folder, _MAX_PARENTS):
        if os.path.isfile(parent / DIRENV):
            yield parent / DIRENV, "sh"
            return


class _Reader:
    """Reads startup files and those that they source, each once."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen: set[Path] = set()
        self.settings: list[VariableSetting] = []
        self.problems: list[str] = []

    def read_file(self, path: Path, dialect: str, depth: int = 0) -> None:
        """Add what one file sets. `depth`: how many files led to it."""
        if path in self._seen or len(self._seen) >= _MAX_FILES:
            return
        place = display_path(path, self._home)
        try:
            file = read_small(path)
        except (OSError, ValueError) as error:
            self.problems.append(f"{place} can't be read: {reason(error)}")
            return
        if file is None:
            return
        self._seen.add(path)
        self.settings += known_settings(file, dialect, place)
        if dialect not in {"sh", "fish"} or depth >= _MAX_DEPTH:
            return
        for name in sourced_files(file.text):
            target = self._home / name[2:] if name.startswith("~/") else Path(name)
            if target.is_absolute():
                self.read_file(target, dialect, depth + 1)


def known_settings(file: SmallFile, dialect: str, place: str) -> Iterator[VariableSetting]:
    """Return the known variables that a file sets, in order. `place`: its path, for display."""
    if not any(name in file.text for name in NAMES):
        return
    for assignment in assignments_in(file.text, dialect):
        if assignment.name in NAMES:
            yield VariableSetting(
                name=assignment.name,
                value=assignment.value or "",
                origin=Origin(
                    kind="startup", name=assignment.name, place=f"{place}:{assignment.line}"
                ),
                changed_at=file.changed_at,
                computed=assignment.value is None,
                exported=assignment.exported,
            )
