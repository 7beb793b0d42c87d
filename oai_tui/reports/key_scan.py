"""Output of `scan`: the keys in files as text, JSON and annotations of GitHub; never a key."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oai_tui import __version__
from oai_tui.domain.key_scan import KeyScan, ScannedKey
from oai_tui.domain.keys.encoded_text import Encoding
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.knowledge.links import API_KEYS
from oai_tui.reports.exit_codes import BY_FAMILY, KEYRING, WORKS
from oai_tui.reports.github_commands import annotation

ALLOW_COMMENT = "oai-tui: allow"
_MAX_FILES = 5
"""Files that a command in the text names; for more, it says FILE."""


_ENCODED: Mapping[Encoding, str] = {
    "plain": "",
    "base64": "base64 of ",
    "pieces": "in pieces: ",
    "url": "URL-encoded ",
    "utf-16": "UTF-16 of ",
}


def scan_exit_code(scan: KeyScan) -> int:
    """Return 4 if there is a key, 10 if a file could not be read, else 0."""
    if scan.found:
        return BY_FAMILY["key"]
    return KEYRING if scan.unread else WORKS


def write_text(scan: KeyScan) -> str:
    """Return one line for each key, and what to do."""
    lines = [f"{_place(found)}: {_description(found)}" for found in scan.found]
    if scan.found:
        lines += ["", *_advice(scan)]
    else:
        lines.append(f"no OpenAI keys in {_files(scan)}{_left_out(scan)}")
    return visible(Redactor()("\n".join(lines))) + "\n"


def write_json(scan: KeyScan) -> str:
    """Return one JSON document."""
    document = {
        "schema_version": 1,
        "tool": {"name": "oai-tui", "version": __version__},
        "mode": "scan",
        "exit_code": scan_exit_code(scan),
        "staged": scan.is_staged,
        "files": scan.files,
        "keys": [_key_document(found) for found in scan.found],
        "samples": scan.samples,
        "allowed": scan.allowed,
        "unread": [{"path": _shown(file.path), "reason": file.reason} for file in scan.unread],
    }
    return json.dumps(document, indent=2) + "\n"


def write_github(scan: KeyScan) -> str:
    """Return one annotation for each key, at its line."""
    return "".join(
        annotation(
            "error",
            "openai-key",
            f"{_description(found)}. Remove it. If it was ever pushed, revoke it: {API_KEYS}",
            file=_shown(found.path),
            line=found.key.line,
            column=found.key.column,
        )
        + "\n"
        for found in scan.found
    )


SCAN_FORMATS: Mapping[str, Callable[[KeyScan], str]] = {
    "text": write_text,
    "json": write_json,
    "github": write_github,
}
"""Name of each format -> its writer."""


def _key_document(found: ScannedKey) -> dict[str, Any]:
    key = found.key
    return {
        "path": _shown(found.path),
        "line": key.line or None,
        "column": key.column or None,
        "offset": key.offset,
        "kind": found.kind.id,
        "hint": key.secret.masked,
        "fingerprint": key.secret.fingerprint,
        "encoding": key.encoding,
        "committed": found.is_committed,
    }


def _place(found: ScannedKey) -> str:
    key, path = found.key, _shown(found.path)
    return f"{path}:{key.line}:{key.column}" if key.line else f"{path}: byte {key.offset}"


def _description(found: ScannedKey) -> str:
    secret = found.key.secret
    encoded = _ENCODED[found.key.encoding]
    committed = ", also in the last commit" if found.is_committed else ""
    return (
        f"{encoded}{found.kind.label} {secret.masked} (fingerprint {secret.fingerprint}){committed}"
    )


def _advice(scan: KeyScan) -> Iterator[str]:
    keys = len({found.key.secret for found in scan.found})
    places = len(scan.found)
    count = "1 OpenAI key" if keys == 1 else f"{keys} OpenAI keys"
    where = f" in {places} places" if places > 1 else ""
    them = "it" if keys == 1 else "them"
    yield f"{count}{where}; {_files(scan)} searched{_left_out(scan)}"
    if scan.is_staged:
        yield f"Do not commit {them}:"
        yield from _steps_before_commit(scan)
    else:
        yield f"1. Remove {them}, and read OPENAI_API_KEY from the environment instead"
    committed = [found for found in scan.found if found.is_committed]
    again = " (a key in the last commit stays in the history)" if committed else ""
    yield f"2. Revoke a key that was ever pushed or shared{again}: {API_KEYS}"
    yield f'3. For a made-up key, add the comment "{ALLOW_COMMENT}" to its line,'
    yield f"   or the option --allow {scan.found[0].key.secret.fingerprint}"


def _steps_before_commit(scan: KeyScan) -> Iterator[str]:
    paths = list(dict.fromkeys(found.path for found in scan.found))
    files = "FILE"
    if len(paths) <= _MAX_FILES and all(_shown(path) == path for path in paths):
        files = " ".join(shlex.quote(_as_pathspec(path)) for path in paths)
    unstage = "git restore --staged" if scan.has_commit else "git rm --cached"
    yield f"1. Read OPENAI_API_KEY from the environment instead, then: git add {files}"
    yield f"   or leave the file out of this commit: {unstage} {files}"


def _as_pathspec(path: str) -> str:
    """Return a path as Git takes it: not as an option, and without the meaning of a first colon."""
    return f"./{path}" if path.startswith(("-", ":")) else path


def _files(scan: KeyScan) -> str:
    staged = "staged " if scan.is_staged else ""
    return f"{scan.files} {staged}file{'' if scan.files == 1 else 's'}"


def _left_out(scan: KeyScan) -> str:
    parts = []
    if scan.samples:
        parts.append(f"{scan.samples} made-up")
    if scan.allowed:
        parts.append(f"{scan.allowed} allowed")
    return f" ({', '.join(parts)} left out)" if parts else ""


def _shown(path: str) -> str:
    """Return a path on one line, redacted: a file can be named like a key."""
    shown = visible(Redactor()(path))
    return shown.replace("\n", "\u240a").replace("\t", "\u2409")
