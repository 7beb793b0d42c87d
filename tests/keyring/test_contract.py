"""The real keyring under the contract of every store of entries."""

import pytest
from keyring import core

from oai_tui.credentials.store.keyring_store import KeyringEntries
from oai_tui.domain.ports import Entries
from tests.credentials.store.entries_contract import EntriesContract
from tests.secret_service import SecretService


class TestKeyring(EntriesContract):
    @pytest.fixture
    def entries(self, secret_service: SecretService, monkeypatch: pytest.MonkeyPatch) -> Entries:
        """The private keyring in this process, for which `keyring` chooses its back end again."""
        for name in ("HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.setenv(name, secret_service.env[name])
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(core, "_keyring_backend", None)
        return KeyringEntries()
