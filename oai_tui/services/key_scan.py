"""Search files, or what Git has staged, for OpenAI's keys. Sends nothing."""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import IO

from oai_tui.domain.key_scan import KeyScan, ScannedKey, UnreadFile
from oai_tui.domain.keys.credential import kind_of
from oai_tui.domain.keys.key_search import find_keys
from oai_tui.domain.keys.secret import Secret
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.system.git import BlobReader, StagedFile, StagedFiles, trackable_files
from oai_tui.system.paths import error_reason

MAX_BYTES = 100_000_000
"""Bytes of the largest file that is searched; GitHub takes no larger one."""
STDIN_NAME = "standard input"


class _Scanner:
    """Collects the results of several files. allow: fingerprints of keys that are permitted."""

    def __init__(self, allow: Collection[str]) -> None:
        self._allow = allow
        self._found: list[ScannedKey] = []
        self._unread: list[UnreadFile] = []
        self._files = self._samples = self._allowed = 0

    def add(self, path: str, data: bytes, old: Callable[[], bytes | None] = lambda: None) -> None:
        """Search one file. old: returns its contents in the last commit; called if needed."""
        self._files += 1
        search = find_keys(data)
        self._samples += search.samples
        self._allowed += search.allowed
        kept = [key for key in search.found if key.secret.fingerprint not in self._allow]
        self._allowed += len(search.found) - len(kept)
        before = _secrets(old()) if kept else frozenset()
        self._found += [
            ScannedKey(
                path=path,
                key=key,
                kind=kind_of(key.secret, KEY_KINDS),
                is_committed=key.secret in before,
            )
            for key in kept
        ]

    def skip(self, path: str, reason: str) -> None:
        """Remember a file that cannot be searched."""
        self._unread.append(UnreadFile(path=path, reason=reason))

    def result(self, *, is_staged: bool = False, has_commit: bool = True) -> KeyScan:
        return KeyScan(
            found=tuple(self._found),
            files=self._files,
            samples=self._samples,
            allowed=self._allowed,
            unread=tuple(self._unread),
            is_staged=is_staged,
            has_commit=has_commit,
        )


def scan_staged(staged: StagedFiles, allow: Collection[str] = ()) -> KeyScan:
    """Search the contents that Git has staged, not those of the working folder.

    GitError if Git fails.
    """
    scanner = _Scanner(allow)
    with BlobReader() as reader:
        for file in staged.files:
            _scan_blob(scanner, reader, file)
    return scanner.result(is_staged=True, has_commit=staged.has_commit)


def _scan_blob(scanner: _Scanner, reader: BlobReader, file: StagedFile) -> None:
    data = reader.read(file.blob)
    if data is None:
        scanner.skip(file.path, "its staged contents are missing in the repository")
        return
    scanner.add(file.path, data, lambda: reader.read(file.old_blob) if file.old_blob else None)


def scan_paths(paths: Iterable[Path], allow: Collection[str] = ()) -> KeyScan:
    """Search files and folders.

    Of a folder in a Git repository, those files that are tracked or that `git add` would add; of
    any other one, and of one that Git ignores, all files.
    """
    scanner = _Scanner(allow)
    for path in paths:
        if not path.is_dir():
            _scan_file(scanner, path)
            continue
        for file in _files_in(path):
            _scan_file(scanner, file, is_listed=True)
    return scanner.result()


def scan_stream(stream: IO[bytes], allow: Collection[str] = ()) -> KeyScan:
    """Search standard input."""
    scanner = _Scanner(allow)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        scanner.skip(STDIN_NAME, _TOO_LARGE)
    else:
        scanner.add(STDIN_NAME, data)
    return scanner.result()


_TOO_LARGE = f"it is larger than {MAX_BYTES // 1_000_000} MB"


def _files_in(folder: Path) -> Iterator[Path]:
    listed = trackable_files(folder)
    if listed:
        yield from listed
        return
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            yield Path(parent, name)


def _scan_file(scanner: _Scanner, path: Path, *, is_listed: bool = False) -> None:
    """Search one file. is_listed: nobody named it, so that links and pipes are left out."""
    try:
        info = path.lstat() if is_listed else path.stat()
        if is_listed and not stat.S_ISREG(info.st_mode):
            return
        if info.st_size > MAX_BYTES:
            scanner.skip(str(path), _TOO_LARGE)
            return
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        if not is_listed:  # a listed file may be deleted, and still be tracked
            scanner.skip(str(path), "it does not exist")
    except OSError as error:
        scanner.skip(str(path), error_reason(error))
    else:
        scanner.add(str(path), data)


def _secrets(data: bytes | None) -> frozenset[Secret]:
    return frozenset() if data is None else frozenset(key.secret for key in find_keys(data).found)
