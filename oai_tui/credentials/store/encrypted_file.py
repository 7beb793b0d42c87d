"""Entries in one file that is encrypted with a passphrase, for a machine without a keyring.

The user chooses it, never this program.

Format: a line that names the format, a line of JSON with the parameters (which the encryption
authenticates), 12 bytes of nonce, and the entries as AES-256-GCM of a JSON list. The key is derived
from the passphrase by scrypt with n=2**17, r=8, p=1 (OWASP's advice on storing passwords, 2026:
128 MB, about half a second).

Every write goes to a new file (0600) that is synced and then replaces the old one, under a lock
that all writers share: whenever it is interrupted, the old or the new entries are complete. A lost
passphrase cannot be replaced. Every failure is a KeyringError whose text holds no entry.
"""

import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.system.atomic_write import atomic_write, remove_leftovers
from oai_tui.system.file_lock import locked_file
from oai_tui.system.paths import display_path, error_reason

_MAGIC = b"oai-tui encrypted profiles 1\n"
_LIMIT = 64 * 1024 * 1024
_NONCE = 12
_TAG = 16
LOCK_WAIT_S = 10.0
"""Seconds to wait for another writer."""
MIN_PASSPHRASE_LENGTH = 8
"""Characters of a new passphrase."""

Contents = dict[tuple[str, str], str]
"""(service, user) of every entry to its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The parameters of scrypt, which derives the key.

    `check`: a hash of the key, which distinguishes a wrong passphrase from a damaged file.
    """

    n: int = 2**17
    r: int = 8
    p: int = 1
    salt: str
    check: str = ""

    @property
    def is_sane(self) -> bool:
        """Return True if the parameters are valid and take at most 1 GB of memory.

        A damaged or hostile file may name any.
        """
        return (
            2**10 <= self.n <= 2**22
            and self.n & (self.n - 1) == 0
            and 1 <= self.r <= 32
            and 1 <= self.p <= 8
            and 128 * self.n * self.r <= 2**30
            and 32 <= len(self.salt) <= 128
        )


class FileEntries:
    """Entries in the file `path`. Calls block for about a second.

    `passphrase`: called when the file is first needed; if it returns None, the file stays locked.
    `cost`: scrypt's n for a new file. `is_used`: whether this run stores profiles in the file.
    """

    def __init__(
        self,
        path: Path,
        passphrase: Callable[[], Secret | None] = lambda: None,
        *,
        cost: int = 2**17,
    ) -> None:
        self.path = path
        self._get_passphrase = passphrase
        self._passphrase: Secret | None = None
        self._cost = cost
        self._keys: dict[Header, bytes] = {}
        self._lock = threading.RLock()
        self.is_used = False

    @property
    def name(self) -> str:
        """Its name, for display."""
        return f"the encrypted file {_shown(self.path)}"

    @property
    def exists(self) -> bool:
        """Return True if the file exists."""
        return self.path.exists()

    @property
    def is_open(self) -> bool:
        """Return True if a passphrase is known."""
        return self._passphrase is not None

    def unlock(self, passphrase: Secret) -> None:
        """Use this passphrase. KeyringError("locked") if it does not open an existing file."""
        with self._lock:
            before = self._passphrase, self._keys
            self._passphrase, self._keys = passphrase, {}
            try:
                self._read()
            except KeyringError:
                self._passphrase, self._keys = before
                raise

    def get(self, service: str, user: str) -> Secret | None:
        """Return the entry, or None."""
        with self._lock:
            text = self._read()[1].get((service, user))
        return None if text is None else Secret(text)

    def put(self, service: str, user: str, text: str) -> None:
        """Write or overwrite the entry."""
        self._change(lambda contents: contents.__setitem__((service, user), text))

    def delete(self, service: str, user: str) -> None:
        """Delete the entry; do nothing if there is none."""
        if self.get(service, user) is not None:
            self._change(lambda contents: contents.pop((service, user), None))

    def _change(self, change: Callable[[Contents], object]) -> None:
        with self._lock:
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with locked_file(_real(self.path).with_name(f"{self.path.name}.lock"), LOCK_WAIT_S):
                    header, contents = self._read()
                    change(contents)
                    self._write(header or self._new_header(), contents)
            except TimeoutError:
                raise KeyringError(
                    "slow",
                    f"another program has been writing {_shown(self.path)} "
                    f"for {LOCK_WAIT_S:g} seconds",
                ) from None
            except OSError as error:
                raise KeyringError(
                    "refused", f"{_shown(self.path)} can't be written: {error_reason(error)}"
                ) from None

    def _read(self) -> tuple[Header | None, Contents]:
        """The header and the entries of the file; None and no entries if it does not exist."""
        try:
            with self.path.open("rb") as file:
                raw = file.read(_LIMIT + 1)
        except FileNotFoundError:
            return None, {}
        except OSError as error:
            raise KeyringError(
                "refused", f"{_shown(self.path)} can't be read: {error_reason(error)}"
            ) from None
        header, head, rest = _parse(raw, self.path)
        key = self._key(header)
        return header, _decrypt(key, head, rest, self.path)

    def _write(self, header: Header, contents: Contents) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        head = _MAGIC + json.dumps(asdict(header), separators=(",", ":")).encode() + b"\n"
        plain = json.dumps([[*entry, text] for entry, text in contents.items()]).encode()
        nonce = secrets.token_bytes(_NONCE)
        remove_leftovers(self.path)  # the lock is ours
        atomic_write(
            self.path, head + nonce + AESGCM(self._key(header)[:32]).encrypt(nonce, plain, head)
        )

    def _new_header(self) -> Header:
        bare = Header(n=self._cost, salt=secrets.token_hex(16))
        key = self._derive_key(bare)
        header = Header(n=bare.n, salt=bare.salt, check=_check(key))
        self._keys[header] = key
        return header

    def _key(self, header: Header) -> bytes:
        """The key of the file, derived once. KeyringError("locked") for a wrong passphrase."""
        if header not in self._keys:
            key = self._derive_key(header)
            if not hmac.compare_digest(_check(key), header.check):
                self._passphrase = None
                raise KeyringError("locked", f"wrong passphrase for {_shown(self.path)}")
            self._keys[header] = key
        return self._keys[header]

    def _derive_key(self, header: Header) -> bytes:
        if self._passphrase is None:
            self._passphrase = self._get_passphrase()
        if not self._passphrase:
            raise KeyringError("locked", f"{_shown(self.path)} needs its passphrase")
        try:
            return self._passphrase.derive_key(
                bytes.fromhex(header.salt), n=header.n, r=header.r, p=header.p
            )
        except (MemoryError, ValueError):  # ValueError: OpenSSL's; the parameters are valid
            needed = 128 * header.n * header.r // 2**20
            raise KeyringError(
                "memory",
                (
                    f"decrypting {_shown(self.path)} needs {needed} MB of memory, which are not "
                    "available"
                ),
            ) from None


def _parse(raw: bytes, path: Path) -> tuple[Header, bytes, bytes]:
    """The header, the bytes up to its end, and the rest.

    KeyringError("differs") for anything that this program did not write.
    """
    if raw.startswith(_MAGIC):
        line, _, rest = raw[len(_MAGIC) :].partition(b"\n")
        with suppress(ValueError, TypeError, RecursionError):
            header = Header(**json.loads(line))
            numbers = (header.n, header.r, header.p)
            is_typed = isinstance(header.salt, str) and all(type(one) is int for one in numbers)
            if is_typed and header.is_sane and bytes.fromhex(header.salt):
                return header, _MAGIC + line + b"\n", rest
    raise KeyringError(
        "differs",
        (
            f"{_shown(path)} is not an oai-tui file, or is damaged: restore it from a backup, or "
            "move it away"
        ),
    )


def _decrypt(key: bytes, head: bytes, rest: bytes, path: Path) -> Contents:
    """The entries. KeyringError("differs") if the file was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        if len(rest) < _NONCE + _TAG:
            raise InvalidTag
        plain = AESGCM(key[:32]).decrypt(rest[:_NONCE], rest[_NONCE:], head)
        return {(service, user): text for service, user, text in json.loads(plain)}
    except (InvalidTag, ValueError, TypeError):
        raise KeyringError(
            "differs",
            f"{_shown(path)} is damaged or was changed: restore it from a backup, or move it away",
        ) from None


def _check(key: bytes) -> str:
    """A hash of the half of the key that does not encrypt, so it tells nothing about the other."""
    return hashlib.sha256(b"oai-tui check:" + key[32:]).hexdigest()[:32]


def _real(path: Path) -> Path:
    """The path without symbolic links, so that a link to the file stays a link."""
    return Path(os.path.realpath(path))


def _shown(path: Path) -> str:
    home = os.path.expanduser("~")
    return visible(display_path(path, Path(home) if os.path.isabs(home) else None))
