"""The operating system's keyring as Entries, through the package `keyring`.

The package is imported on the first call. Only back ends that are known to encrypt entries are
used; there is no fallback to a file. Without a display no prompt opens, because nobody could answer
it; with one, a prompt to unlock may open, and the caller's deadline limits the wait. Every failure
is a KeyringError whose text holds no entry.

Facts about the back ends: keyring 25.7.0 and SecretStorage 3.5.0, tested with gnome-keyring 42.1,
2026-11; macOS codes: Security framework's SecBase.h.
"""

import os
import re
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Protocol, cast

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.keys.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from oai_tui.credentials.store.secret_service import BackEnd

TRUSTED = {
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.libsecret.Keyring": "Secret Service (libsecret)",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet 4",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
}
"""Back ends that encrypt entries for the user who is logged in: class to name for display."""
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
            r"NoKeyringError|NotAvailable|ItemNotFound|InitError|ImportError|ModuleNotFoundError"
            r"|ConnectionError|BrokenPipe|disconnected|ServiceUnknown|NoReply"
        ),
    ),
)
"""State to pattern over the text of a back end's exception, the most specific first.

An exception that matches none counts as "refused".
"""
_MAX_DETAIL = 300
"""Characters of a back end's own words."""
_UNLOCKED_FOR_S = 0.5
"""Seconds for which a keyring that was seen unlocked is not checked again, because the check takes
as long as the call itself."""


class _Passwords(Protocol):
    """What is called of a back end."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class KeyringEntries:
    """Entries in the keyring that the package `keyring` chooses on this machine.

    Calls block, maybe for ever: the caller must limit them. `may_prompt`: False if the user must
    not be asked for anything.
    """

    def __init__(self, *, may_prompt: bool = True) -> None:
        self._may_prompt = may_prompt
        self._backend: KeyringBackend | None = None
        self._passwords: _Passwords | None = None
        self._name = "keyring"
        self._choice_lock = threading.Lock()
        self._unlocked_at = float("-inf")

    @property
    def name(self) -> str:
        """The back end's name, for display; "keyring" until the first call has chosen it."""
        return self._name

    def get(self, service: str, user: str) -> Secret | None:
        """Return the entry, or None."""
        passwords = self._ready()
        try:
            text = passwords.get_password(service, user)
        except Exception as error:  # noqa: BLE001  back ends raise anything at all
            raise keyring_error(error) from None
        return None if text is None else Secret(text)

    def put(self, service: str, user: str, text: str) -> None:
        """Write or overwrite the entry."""
        passwords = self._ready()
        try:
            passwords.set_password(service, user, text)
        except Exception as error:  # noqa: BLE001
            raise keyring_error(error, Secret(text)) from None

    def delete(self, service: str, user: str) -> None:
        """Delete the entry; do nothing if there is none."""
        passwords = self._ready()
        try:
            if passwords.get_password(service, user) is not None:
                passwords.delete_password(service, user)
        except Exception as error:  # noqa: BLE001
            raise keyring_error(error) from None

    def _ready(self) -> _Passwords:
        """The chosen back end. KeyringError if it would open a prompt that nobody could answer."""
        with self._choice_lock:
            if self._backend is None or self._passwords is None:
                backend = _choose()
                self._name = _trusted_name(backend)
                self._backend, self._passwords = backend, _passwords_of(backend)
        parts = _parts(self._backend)
        if parts & _SECRET_SERVICE and not (self._may_prompt and _has_display()):
            if time.monotonic() - self._unlocked_at > _UNLOCKED_FOR_S:
                _refuse_prompt(self._backend)
                self._unlocked_at = time.monotonic()
        elif not self._may_prompt and parts & _OPENS_BY_PROMPT:
            raise KeyringError(
                "locked",
                "this keyring doesn't say whether it would ask for its password",
            )
        return self._passwords


def _passwords_of(backend: "KeyringBackend") -> _Passwords:
    """Return the back end, or a faster replacement of it."""
    if _class_of(backend) != "keyring.backends.SecretService.Keyring":
        return backend
    from oai_tui.credentials.store.secret_service import SecretService

    return SecretService(cast("BackEnd", backend))


def _choose() -> "KeyringBackend":
    """The back end that `keyring` chooses.

    One that has started since `keyring` chose first is found too, unless the user's own settings
    name another.
    """
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
    """The reason why no back end could be chosen, in words."""
    named = os.environ.get("PYTHON_KEYRING_BACKEND")
    problem = "the keyring can't be started"
    if named:
        problem = f'PYTHON_KEYRING_BACKEND names "{named}", which can\'t be used'
    return _display_text(f"{problem}: {type(error).__name__}: {error}")


def _trusted_name(backend: "KeyringBackend") -> str:
    """Its name, for display.

    KeyringError if it stores nothing, or is not known to encrypt entries.
    """
    parts = _parts(backend)
    if not parts - _ABSENT:
        problem = "no keyring is running on this machine, or it can't be reached"
        if named := os.environ.get("PYTHON_KEYRING_BACKEND"):
            problem = f'PYTHON_KEYRING_BACKEND names "{visible(named)}", which stores nothing'
        raise KeyringError("unavailable", problem)
    foreign = sorted(parts - TRUSTED.keys())
    if foreign:
        raise KeyringError(
            "insecure",
            f"keys would go to {', '.join(foreign)}, which may not encrypt them",
        )
    return TRUSTED[_class_of(_first(backend))]


def _class_of(backend: object) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _members(backend: "KeyringBackend") -> list["KeyringBackend"]:
    return list(getattr(backend, "backends", ())) if _class_of(backend) == _CHAIN else [backend]


def _parts(backend: "KeyringBackend") -> set[str]:
    """The classes of all back ends that would get an entry."""
    return {_class_of(member) for member in _members(backend)}


def _first(backend: "KeyringBackend") -> "KeyringBackend":
    return _members(backend)[0]


def _has_display() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _refuse_prompt(backend: "KeyringBackend") -> None:
    """Raise KeyringError if the Secret Service would open a prompt.

    It does if its keyring is locked, or does not exist yet.
    """
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
                    "unavailable", "there is no keyring yet, and creating one needs a display"
                ) from None
    except KeyringError:
        raise
    except Exception as error:  # noqa: BLE001
        raise keyring_error(error) from None
    if locked:
        raise KeyringError(
            "locked",
            "the keyring is locked, and asking for its password needs a display",
        )


def keyring_error(error: Exception, *secrets: Secret) -> KeyringError:
    """Map a back end's exception to a state, with its text. `secrets`: hidden in the text."""
    text = f"{type(error).__name__}: {error}"
    state = next((state for state, pattern in _STATES if pattern.search(text)), "refused")
    return KeyringError(state, _display_text(text, *secrets))


def _display_text(text: str, *secrets: Secret) -> str:
    return visible(Redactor(secrets)(text))[:_MAX_DETAIL]
