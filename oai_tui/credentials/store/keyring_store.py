"""The operating system's keyring as Entries, through the `keyring` package, which is imported on the first call.

Only back ends known to keep entries encrypted are used; there is no fallback to a file. Without a display nothing here lets a prompt open that nobody could
answer; with one, an unlock prompt may open, and the caller's deadline bounds the wait. Every failure is a KeyringProblem whose text holds no entry.
Facts about the back ends: keyring 25.7.0 and SecretStorage 3.5.0, tried with gnome-keyring 42.1, 2026-11; macOS codes: Security framework's SecBase.h.
"""

import os
import re
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.keys.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

TRUSTED = {
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.libsecret.Keyring": "Secret Service (libsecret)",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet 4",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
}
"""The back ends that keep entries encrypted for the user who is logged in: class -> its name as people say it."""
_ABSENT = {"keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"}
_CHAIN = "keyring.backends.chainer.ChainerBackend"
_SECRET_SERVICE = {"keyring.backends.SecretService.Keyring", "keyring.backends.libsecret.Keyring"}

_OPENS_BY_PROMPT = {
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
}

_STATES = (
    ("slow", re.compile(r"TimeoutError")),
    (
        "refused",
        re.compile(
            r"PromptDismissed|[Pp]rompt dismissed|Cancelled by user|\(-128\b|-25244\b|-25293\b"
        ),
    ),
    ("locked", re.compile(r"KeyringLocked|LockedException|IsLocked|-25308\b")),
    (
        "unavailable",
        re.compile(
            r"NoKeyringError|NotAvailable|ItemNotFound|InitError|ImportError|ModuleNotFoundError|ConnectionError|BrokenPipe|disconnected|ServiceUnknown|NoReply"
        ),
    ),
)
"""How the back ends say what went wrong, most telling first; whatever says none of these is a refusal."""
_DETAIL_LIMIT = 300
_OPEN_FOR_S = 0.5
"""Seconds for which a keyring that was seen unlocked is taken to be so: a look takes as long as the call itself."""


class KeyringEntries:
    """Entries in the keyring that `keyring` chooses on this machine. Calls block, and may block for ever: bound them from outside. `may_prompt`: False where nobody is to be asked for anything."""

    def __init__(self, *, may_prompt: bool = True) -> None:
        self._may_prompt = may_prompt
        self._backend: KeyringBackend | None = None
        self._name = "keyring"
        self._choosing = threading.Lock()
        self._seen_open = float("-inf")

    @property
    def name(self) -> str:
        """The back end as people say it; "keyring" until the first call has found it."""
        return self._name

    def get(self, service: str, user: str) -> Secret | None:
        """The entry, or None."""
        backend = self._ready()
        try:
            text = backend.get_password(service, user)
        except Exception as error:  # noqa: BLE001  back ends raise anything at all
            raise problem_of(error) from None
        return None if text is None else Secret(text)

    def put(self, service: str, user: str, text: str) -> None:
        """Write or overwrite the entry."""
        backend = self._ready()
        try:
            backend.set_password(service, user, text)
        except Exception as error:  # noqa: BLE001
            raise problem_of(error, Secret(text)) from None

    def delete(self, service: str, user: str) -> None:
        """Delete the entry; nothing happens when there is none."""
        backend = self._ready()
        try:
            if backend.get_password(service, user) is not None:
                backend.delete_password(service, user)
        except Exception as error:  # noqa: BLE001
            raise problem_of(error) from None

    def _ready(self) -> "KeyringBackend":
        """The chosen back end, seen not to need a prompt that nobody could answer."""
        with self._choosing:
            if self._backend is None:
                backend = _choose()
                self._name = _trusted_name(backend)
                self._backend = backend
        parts = _parts(self._backend)
        if parts & _SECRET_SERVICE and not (self._may_prompt and _has_display()):
            if time.monotonic() - self._seen_open > _OPEN_FOR_S:
                _refuse_prompt(self._backend)
                self._seen_open = time.monotonic()
        elif not self._may_prompt and parts & _OPENS_BY_PROMPT:
            raise KeyringError(
                "locked",
                "whether this keyring would ask for its password cannot be told beforehand",
            )
        return self._backend


def _choose() -> "KeyringBackend":
    """The back end that `keyring` takes. One that has come up since `keyring` first looked is found too, unless the person's own settings name another."""
    try:
        import keyring
        from keyring import core

        backend = keyring.get_keyring()
        if (
            _class_of(backend) not in _ABSENT
            or core.load_env() is not None
            or core.load_config() is not None
        ):
            return backend
    except Exception as error:  # noqa: BLE001  importing and starting back ends runs anybody's code
        raise KeyringError("unavailable", _choice_failed(error)) from None
    for name in TRUSTED:
        try:
            return core.load_keyring(name)
        except Exception:  # noqa: BLE001  not for this machine, or not running
            continue
    return backend


def _choice_failed(error: Exception) -> str:
    named = os.environ.get("PYTHON_KEYRING_BACKEND")
    about = (
        f'PYTHON_KEYRING_BACKEND names "{named}", which cannot be used'
        if named
        else "the keyring cannot be started"
    )
    return _said(f"{about}: {type(error).__name__}: {error}")


def _trusted_name(backend: "KeyringBackend") -> str:
    """Its name as people say it; KeyringProblem when it keeps nothing, or is not known to keep entries encrypted."""
    parts = _parts(backend)
    if not parts - _ABSENT:
        named = os.environ.get("PYTHON_KEYRING_BACKEND")
        raise KeyringError(
            "unavailable",
            f'PYTHON_KEYRING_BACKEND names "{visible(named)}", which keeps nothing'
            if named
            else "no keyring runs on this machine, or it cannot be reached",
        )
    foreign = sorted(parts - TRUSTED.keys())
    if foreign:
        raise KeyringError(
            "insecure",
            f"keys would go to {', '.join(foreign)}, which is not known to keep them encrypted",
        )
    return TRUSTED[_class_of(_first(backend))]


def _class_of(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _members(backend: "KeyringBackend") -> list["KeyringBackend"]:
    return list(getattr(backend, "backends", ())) if _class_of(backend) == _CHAIN else [backend]


def _parts(backend: "KeyringBackend") -> set[str]:
    """The classes that would see an entry."""
    return {_class_of(member) for member in _members(backend)}


def _first(backend: "KeyringBackend") -> "KeyringBackend":
    return _members(backend)[0]


def _has_display() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _refuse_prompt(backend: "KeyringBackend") -> None:
    """KeyringProblem when the Secret Service would have to ask somebody: its keyring is locked, or is yet to be made."""
    try:
        import secretstorage

        with closing(secretstorage.dbus_init()) as bus:
            path = getattr(
                _first(backend), "preferred_collection", secretstorage.collection.DEFAULT_COLLECTION
            )
            try:
                locked = secretstorage.Collection(bus, path).is_locked()
            except secretstorage.ItemNotFoundException:
                raise KeyringError(
                    "unavailable", "there is no keyring yet, and none can be made without a display"
                ) from None
    except KeyringError:
        raise
    except Exception as error:  # noqa: BLE001
        raise problem_of(error) from None
    if locked:
        raise KeyringError(
            "locked",
            "the keyring is locked, and there is no display on which to ask for its password",
        )


def problem_of(error: Exception, *secrets: Secret) -> KeyringError:
    """A back end's exception as one of the states, with what it said."""
    said = f"{type(error).__name__}: {error}"
    state = next((state for state, sign in _STATES if sign.search(said)), "refused")
    return KeyringError(state, _said(said, *secrets))


def _said(text: str, *secrets: Secret) -> str:
    return visible(Redactor(secrets)(text))[:_DETAIL_LIMIT]
