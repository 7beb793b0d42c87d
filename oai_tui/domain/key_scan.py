"""The result of a search for keys in files."""

from dataclasses import dataclass

from oai_tui.domain.keys.credential import KeyKind
from oai_tui.domain.keys.key_search import FoundKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedKey:
    """A key and the file that it is in.

    is_committed: the last commit has it in the same file, so that the history contains it.
    """

    path: str
    key: FoundKey
    kind: KeyKind
    is_committed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadFile:
    """A file that could not be searched, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyScan:
    """What a search found.

    files: how many were searched. samples, allowed: how many keys were left out, because a person
    made them up, or because a comment or an option permits them.
    is_staged: what Git has staged was searched. has_commit: the repository has a commit.
    """

    found: tuple[ScannedKey, ...] = ()
    files: int = 0
    samples: int = 0
    allowed: int = 0
    unread: tuple[UnreadFile, ...] = ()
    is_staged: bool = False
    has_commit: bool = True
