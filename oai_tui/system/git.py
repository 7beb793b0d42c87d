"""Read what Git has staged, and which files of a folder it would track.

Only Git's plumbing commands are used, which no setting of a user changes (git 2.39, 2026-11). In a
hook, Git's own variables (GIT_DIR, GIT_INDEX_FILE) say which index is meant, and stay as they are.
"""

import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oai_tui.system.program_exit import exit_words

_LIMIT_S = 120.0
"""Seconds for one command of Git."""
_FILE_MODES = {b"100644", b"100755", b"120000"}
"""Modes of entries with contents: files and symbolic links. A submodule (160000) has none."""
_NO_REPOSITORY = ("not a git repository", "must be run in a work tree")


class GitError(Exception):
    """Git is missing or failed. The message says why, in a clause."""


class NoRepositoryError(GitError):
    """The folder is in no repository with a working tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A file of the next commit that differs from the last one.

    path: relative to the working folder. blob: the id of its contents; old_blob: that of its
    contents in the last commit, under the same name or the one before a renaming, or "".
    """

    path: str
    blob: str
    old_blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFiles:
    """The files of the next commit. has_commit: there is a last commit to compare with."""

    files: tuple[StagedFile, ...]
    has_commit: bool


def staged_files() -> StagedFiles:
    """Return the staged files of the repository around the working folder, without deleted ones.

    GitError if Git fails, NoRepositoryError outside a repository.
    """
    to_top = os.fsdecode(_git("rev-parse", "--show-cdup")).rstrip("\n")
    has_commit = _succeeds("rev-parse", "--verify", "--quiet", "HEAD")
    last = "HEAD" if has_commit else _git("hash-object", "-t", "tree", os.devnull).decode().strip()
    raw = _git("diff-index", "--cached", "--raw", "-z", "--no-abbrev", "-M", last)
    return StagedFiles(files=tuple(_staged(raw, to_top)), has_commit=has_commit)


def _staged(raw: bytes, to_top: str) -> Iterator[StagedFile]:
    """Yield the entries of `diff-index --raw -z`: five fields, then one path, or two if renamed."""
    parts = iter(raw.split(b"\0"))
    for entry in parts:
        if not entry:
            continue
        _, mode, old_blob, blob, status = entry.lstrip(b":").split(b" ")
        path = next(parts)
        if status[:1] in b"RC":
            path = next(parts)
        is_absent = not blob.strip(b"0")  # deleted, unmerged, or added without contents
        if mode in _FILE_MODES and not is_absent:
            old = "" if not old_blob.strip(b"0") else old_blob.decode()
            yield StagedFile(path=to_top + os.fsdecode(path), blob=blob.decode(), old_blob=old)


def trackable_files(folder: Path) -> tuple[Path, ...] | None:
    """Return the files in a folder that are tracked, or that `git add` would add.

    None if Git is missing or fails, and outside a repository.
    """
    try:
        raw = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard", folder=folder)
    except GitError:
        return None
    return tuple(folder / os.fsdecode(name) for name in dict.fromkeys(raw.split(b"\0")) if name)


class BlobReader:
    """Reads blobs of the repository around the working folder with one process of Git.

    To be used in a `with` block. It ends after two minutes at the latest; a blob that is read
    later raises GitError.
    """

    def __init__(self) -> None:
        self._process = _start("cat-file", "--batch")
        self._watchdog = threading.Timer(_LIMIT_S, self._process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    def __enter__(self) -> "BlobReader":
        return self

    def __exit__(self, *error: object) -> None:
        self._watchdog.cancel()
        self._process.kill()
        self._process.communicate()

    def read(self, blob: str) -> bytes | None:
        """Return the contents of a blob, or None if it is not in this repository."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(f"{blob}\n".encode())
            stdin.flush()
            header = stdout.readline().split()
        except OSError:
            header = []
        if len(header) == 2:  # "ID missing"
            return None
        if len(header) != 3:
            raise GitError("git cat-file ended too early")
        size = int(header[2])
        data = stdout.read(size + 1)
        if len(data) <= size:
            raise GitError("git cat-file ended too early")
        return data[:-1]


def _git(*arguments: str, folder: Path | None = None) -> bytes:
    """Return what a command of Git prints; GitError if it fails."""
    process = _start(*arguments, folder=folder)
    try:
        output, errors = process.communicate(timeout=_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise GitError(f"git {arguments[0]} took longer than {_LIMIT_S:g} s") from None
    if process.returncode != 0:
        words = errors.decode("utf-8", "replace").strip().splitlines()
        message = words[0].removeprefix("fatal: ") if words else exit_words(process.returncode)
        if any(phrase in message for phrase in _NO_REPOSITORY):
            raise NoRepositoryError(message)
        result = f"failed: {message}" if words else message
        raise GitError(f"git {arguments[0]} {result}")
    return output


def _succeeds(*arguments: str) -> bool:
    try:
        _git(*arguments)
    except GitError:
        return False
    return True


def _start(*arguments: str, folder: Path | None = None) -> subprocess.Popen[bytes]:
    words: Sequence[str] = ("git", *arguments)
    # Messages in English, to recognise them; no blob is fetched from a server.
    env = {**os.environ, "LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.Popen(
            words,
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise GitError("git was not found") from None
    except OSError as error:
        raise GitError(f"git cannot be started: {error.strerror}") from None
