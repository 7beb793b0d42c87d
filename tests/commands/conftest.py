"""The real keyring for the tests of this folder."""

from tests.secret_service import (
    _keyring_tools,
    locked_secret_service,
    no_secret_service,
    secret_service,
)

__all__ = ["_keyring_tools", "locked_secret_service", "no_secret_service", "secret_service"]
