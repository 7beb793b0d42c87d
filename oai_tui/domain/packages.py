"""Packages that a folder has installed, locked or required, and what is known to fail with them.

Pure data. Nothing in it is a secret: versions, names of packages, paths below the folder.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

Ecosystem = Literal["python", "node"]
State = Literal["installed", "locked", "required"]
Manager = Literal["pip", "uv", "poetry", "pipenv", "pdm", "npm", "pnpm", "yarn", "bun"]
Severity = Literal["problem", "warning"]
Usage = Literal[
    "openai-0-code",
    "openai-1-code",
    "assistants-api",
    "imports-httpx",
    "node-3-code",
    "node-4-code",
]
"""What a source file uses: the module-level API of openai-python 0.x, the client of 1.0 and later,
the Assistants API, httpx, the classes of openai-node 3, the client of 4 and later."""

LANGUAGES: dict[Ecosystem, str] = {"python": "Python", "node": "Node"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package in one place.

    name: in lower case, with "-" between words. version: the exact one, None if only `constraint`
    (as it is written, may be "") is known. path: below the folder. line: from 1, None for a
    package that is installed. needs: constraints that an installed package declares for others.
    """

    name: str
    version: str | None
    path: str
    line: int | None = None
    constraint: str = ""
    needs: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> str:
        """Return path and line, as an editor opens them."""
        return self.path if self.line is None else f"{self.path}:{self.line}"

    @property
    def what(self) -> str:
        """Return name and version, or name and constraint."""
        if self.version is not None:
            return f"{self.name} {self.version}"
        return f"{self.name} {self.constraint}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSet:
    """The packages of one environment, lock file or list of requirements.

    path: the environment or file, below the folder. manager: what installs from it.
    """

    ecosystem: Ecosystem
    state: State
    manager: Manager
    path: str
    packages: tuple[Package, ...] = ()

    def find(self, name: str) -> Package | None:
        """Return the first package of that name, or None."""
        return next((package for package in self.packages if package.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUse:
    """A line of a source file in the folder that uses something the knowledge is about."""

    usage: Usage
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPackages:
    """Everything that was read in a folder.

    uses: lines of its source files. shadowing: files and folders that Python imports in place of
    the package of the same name, as (package, path). unread: files that could not be read, as
    (path, reason).
    """

    sets: tuple[PackageSet, ...] = ()
    uses: tuple[SourceUse, ...] = ()
    shadowing: tuple[tuple[str, str], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    def below(self, folder: str) -> "FolderPackages":
        """Return the same as it is seen from the folder above, which has `folder` in it."""

        def path(own: str) -> str:
            return folder if own == "." else f"{folder}/{own}"

        return FolderPackages(
            sets=tuple(
                replace(
                    each,
                    path=path(each.path),
                    packages=tuple(
                        replace(package, path=path(package.path)) for package in each.packages
                    ),
                )
                for each in self.sets
            ),
            uses=tuple(replace(use, path=path(use.path)) for use in self.uses),
            shadowing=tuple((package, path(own)) for package, own in self.shadowing),
            unread=tuple((path(own), reason) for own, reason in self.unread),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where a piece of knowledge comes from: an address, and the day it was published or read."""

    url: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BadPair:
    """Versions of two packages that do not work together.

    versions, other_versions: ranges as pip writes them. meaning: what happens, in a sentence.
    replace_by: constraints to install, best first, each (package, constraint).
    """

    id: str
    ecosystem: Ecosystem
    package: str
    versions: str
    other: str
    other_versions: str
    meaning: str
    replace_by: tuple[tuple[str, str], ...]
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class BadUse:
    """Code that does not work with some versions of a package.

    versions: "" for every version, also where none is known. without: the code fails only where
    this package is not installed. advice: what to do, if no other version helps.
    """

    id: str
    ecosystem: Ecosystem
    usage: Usage
    package: str
    versions: str
    meaning: str
    known: Known
    without: str = ""
    advice: str = ""
    replace_by: tuple[tuple[str, str], ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableSupport:
    """Since which version an SDK reads an environment variable."""

    ecosystem: Ecosystem
    package: str
    variable: str
    since: str
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageKnowledge:
    """The tables that packages are judged by."""

    pairs: tuple[BadPair, ...]
    uses: tuple[BadUse, ...]
    variables: tuple[VariableSupport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What to do, with a command where there is one.

    url: a guide, may be "". or_else: it is done in place of the remedies before it.
    """

    text: str
    command: str = ""
    url: str = ""
    or_else: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFinding:
    """One thing that is wrong, or odd, in the packages of a folder.

    id: of the knowledge, or "shadowed", "versions-differ", "declared-conflict",
    "variable-ignored". severity: "problem" if a call fails because of it. where: places, as an
    editor opens them. known: None for what the files themselves show.
    """

    id: str
    severity: Severity
    ecosystem: Ecosystem
    title: str
    meaning: str
    where: tuple[str, ...]
    remedies: tuple[Remedy, ...] = ()
    known: Known | None = None

    def below(self, folder: str, *, quoted: str) -> "PackageFinding":
        """Return the same as it is seen from the folder above. quoted: `folder` in a command."""
        return replace(
            self,
            title=f"{folder}: {self.title}",
            where=tuple(f"{folder}/{place}" for place in self.where),
            remedies=tuple(
                replace(
                    remedy,
                    text=f"In {folder}: {remedy.text[0].lower()}{remedy.text[1:]}",
                    command=f"cd {quoted} && {remedy.command}" if remedy.command else "",
                )
                for remedy in self.remedies
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OddEntry:
    """An entry of a file for a package whose version is no version. why: without the file."""

    path: str
    line: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SdkReport:
    """What was read in a folder, and what was found in it. findings: problems first."""

    folder: str
    read: FolderPackages
    findings: tuple[PackageFinding, ...] = field(default=())

    @property
    def problems(self) -> tuple[PackageFinding, ...]:
        """Return the findings because of which a call fails."""
        return tuple(finding for finding in self.findings if finding.severity == "problem")

    @property
    def has_sdk(self) -> bool:
        """Return True if a package of the name "openai" is installed, locked or required."""
        return any(each.find("openai") is not None for each in self.read.sets)
