"""Each failure of a back end has its state, whatever exception the back end raises."""

import pytest

from oai_tui.credentials.store.keyring_store import keyring_error
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret
from tests.credentials.profile_factory import key


def _like(name: str, text: str) -> Exception:
    """An exception of that class name and text."""
    exception: type[Exception] = type(name, (Exception,), {})
    return exception(text)


FAILURES = {
    "Secret Service, locked": ("KeyringLocked", "Failed to unlock the collection!", "locked"),
    "Secret Service, locked item": ("LockedException", "Collection is locked!", "locked"),
    "Secret Service, dismissed": ("PromptDismissedException", "Prompt dismissed.", "refused"),
    "Secret Service, dismissed while being made": (
        "InitError",
        "Failed to create the collection: Prompt dismissed..",
        "refused",
    ),
    "Secret Service, daemon went": (
        "InitError",
        "Failed to create the collection: Message recipient disconnected from message bus "
        "without replying.",
        "unavailable",
    ),
    "Secret Service, no bus": (
        "SecretServiceNotAvailableException",
        "Environment variable DBUS_SESSION_BUS_ADDRESS is unset",
        "unavailable",
    ),
    "Secret Service, no collection": (
        "ItemNotFoundException",
        "Item does not exist!",
        "unavailable",
    ),
    "no back end": ("NoKeyringError", "No recommended backend was available.", "unavailable"),
    "macOS, cancelled": (
        "KeyringLocked",
        "Can't get password from keychain: (-128, 'Keychain Access Denied')",
        "refused",
    ),
    "macOS, no interaction": (
        "KeyringError",
        "Can't get password from keychain: (-25308, 'Unknown Error')",
        "locked",
    ),
    "macOS, owned by another program": (
        "PasswordSetError",
        "Can't store password on keychain: (-25244, 'Unknown Error')",
        "refused",
    ),
    "macOS, authentication failed": (
        "PasswordSetError",
        "Can't store password on keychain: (-25293, 'Security Auth Failure')",
        "refused",
    ),
    "Windows, too long": ("error", "(1783, 'CredWrite', 'The stub received bad data')", "refused"),
    "KWallet, cancelled": ("PasswordSetError", "Cancelled by user", "refused"),
    "KWallet, not started": ("InitError", "Failed to open keyring: no reply.", "unavailable"),
    "a prompt that nobody answered": ("TimeoutError", "", "slow"),
    "anything else": ("ValueError", "surprise", "refused"),
}


@pytest.mark.parametrize(("name", "text", "state"), FAILURES.values(), ids=FAILURES)
def test_failure_has_its_state(name: str, text: str, state: str) -> None:
    assert keyring_error(_like(name, text)).state == state


def test_the_back_ends_words_are_kept() -> None:
    assert keyring_error(_like("InitError", "no reply")).detail == "InitError: no reply"


def _quoting(text: str) -> KeyringError:
    return keyring_error(ValueError(f"cannot store {text}\x1b[31m" + "x" * 5000), Secret(text))


def test_the_back_ends_words_hold_no_key() -> None:
    assert "a" * 12 not in _quoting(key("a")).detail


def test_the_back_ends_words_are_short_and_plain() -> None:
    detail = _quoting(key("a")).detail
    assert (len(detail) <= 300, "\x1b" in detail) == (True, False)
