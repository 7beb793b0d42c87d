"""A keyring in memory, for the demo and for tests. Nothing outlives the process; `state` makes it fail as a real one would."""

import threading
from collections.abc import Mapping

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.keys.secret import Secret

SIMULATED_ERRORS = {
    "unavailable": "no keyring answers on this machine",
    "locked": "the keyring is locked",
    "refused": "the keyring refused the request",
    "insecure": "the only keyring on this machine keeps its entries in plain text",
}


class MemoryEntries:
    """Entries in a dict. `state`, to be changed at will: works, or one of KeyringProblem's states; "slow" blocks each call until `release`, "differs" gives back other text than was put."""

    def __init__(
        self,
        entries: Mapping[tuple[str, str], str] | None = None,
        *,
        state: str = "works",
        name: str = "the demo's keyring",
    ) -> None:
        self._entries = {place: Secret(text) for place, text in (entries or {}).items()}
        self._answer = threading.Event()
        self._name = name
        self.state = state

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The (service, user) of every entry."""
        return tuple(self._entries)

    def unblock(self) -> None:
        """Let the calls that a slow keyring holds up, and all later ones, go on."""
        self._answer.set()

    def get(self, service: str, user: str) -> Secret | None:
        """The entry, or None."""
        self._behave()
        found = self._entries.get((service, user))
        return Secret("other text") if self.state == "differs" and found is not None else found

    def put(self, service: str, user: str, text: str) -> None:
        """Write or overwrite the entry."""
        self._behave()
        self._entries[service, user] = Secret(text)

    def delete(self, service: str, user: str) -> None:
        """Delete the entry; nothing happens when there is none."""
        self._behave()
        self._entries.pop((service, user), None)

    def _behave(self) -> None:
        if self.state == "slow":
            self._answer.wait()
        if self.state in SIMULATED_ERRORS:
            raise KeyringError(self.state, SIMULATED_ERRORS[self.state])
