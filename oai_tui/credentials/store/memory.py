"""A keyring in memory, for the demo and for tests, that can fail as a real one does."""

import threading
from collections.abc import Mapping

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret

SIMULATED_ERRORS = {
    "unavailable": "no keyring answers on this machine",
    "locked": "the keyring is locked",
    "refused": "the keyring refused the request",
    "insecure": "the only keyring on this machine stores its entries as plain text",
}


class MemoryEntries:
    """Entries in a dict.

    `state` may be changed at any time. It is "works" or a state of KeyringError: "slow" blocks
    every call until `unblock`, "differs" returns another text than was written.
    """

    def __init__(
        self,
        entries: Mapping[tuple[str, str], str] | None = None,
        *,
        state: str = "works",
        name: str = "the demo's keyring",
    ) -> None:
        self._entries = {entry: Secret(text) for entry, text in (entries or {}).items()}
        self._unblocked = threading.Event()
        self._name = name
        self.state = state

    @property
    def name(self) -> str:
        """Its name, for display."""
        return self._name

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The (service, user) of every entry."""
        return tuple(self._entries)

    def unblock(self) -> None:
        """Let the calls that are blocked in the state "slow", and all later ones, return."""
        self._unblocked.set()

    def get(self, service: str, user: str) -> Secret | None:
        """Return the entry, or None."""
        self._behave()
        entry = self._entries.get((service, user))
        return Secret("different text") if entry is not None and self.state == "differs" else entry

    def put(self, service: str, user: str, text: str) -> None:
        """Write or overwrite the entry."""
        self._behave()
        self._entries[service, user] = Secret(text)

    def delete(self, service: str, user: str) -> None:
        """Delete the entry; do nothing if there is none."""
        self._behave()
        self._entries.pop((service, user), None)

    def _behave(self) -> None:
        """Block or fail, as `state` says."""
        if self.state == "slow":
            self._unblocked.wait()
        if self.state in SIMULATED_ERRORS:
            raise KeyringError(self.state, SIMULATED_ERRORS[self.state])
