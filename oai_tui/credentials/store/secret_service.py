"""The Secret Service over connections that are used again.

The package `keyring` opens a connection for every call and agrees on a new encryption key for it,
which takes most of the time of a read (gnome-keyring 42.1 with 1,000 items: 49 ms instead of 8). To
replace an item it creates the item again, which takes twice as long as setting the item's secret
(97 ms instead of 50).

Imported only when `keyring` has chosen the Secret Service.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Protocol, TypeVar

from keyring.errors import KeyringLocked
from secretstorage.collection import Collection
from secretstorage.exceptions import LockedException, PromptDismissedException
from secretstorage.item import Item

R = TypeVar("R")

_USER_DECIDED = (KeyringLocked, LockedException, PromptDismissedException)
"""Errors that another attempt would not help against: it could only open a second prompt."""


class BackEnd(Protocol):
    """What is used of keyring.backends.SecretService.Keyring."""

    appid: str
    scheme: str

    @property
    def schemes(self) -> Mapping[str, Mapping[str, str]]: ...

    def get_preferred_collection(self) -> Collection: ...

    def unlock(self, item: Item) -> None: ...


class SecretService:
    """Reads and writes the items that the back end `keyring` would.

    May be called from several threads: each call has a connection to itself. A call that never
    returns keeps its connection, and later calls use others.
    """

    def __init__(self, keyring: BackEnd) -> None:
        self._keyring = keyring
        self._idle: list[Collection] = []

    def get_password(self, service: str, username: str) -> str | None:
        """Return the text of an item, or None."""
        attributes = self._attributes(service, username)

        def get(collection: Collection) -> str | None:
            for item in self._found(collection, attributes):
                self._keyring.unlock(item)
                text = item.get_secret().decode()
                collection.session = item.session
                return text
            return None

        return self._run(get)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write or overwrite the item. An item that another program has created is left alone."""
        attributes = self._attributes(service, username)
        attributes["application"] = self._keyring.appid

        def put(collection: Collection) -> None:
            for item in self._found(collection, attributes):
                self._keyring.unlock(item)
                item.set_secret(password.encode())
                collection.session = item.session
                return
            label = f"Password for '{username}' on '{service}'"
            collection.create_item(label, attributes, password.encode(), replace=True)

        self._run(put)

    def delete_password(self, service: str, username: str) -> None:
        """Delete every item that `get_password` could read; do nothing if there is none.

        Another program (`secret-tool store`) can have created a second one.
        """
        attributes = self._attributes(service, username)

        def delete(collection: Collection) -> None:
            for item in list(collection.search_items(attributes)):
                item.delete()

        self._run(delete)

    def _attributes(self, service: str, username: str) -> dict[str, str]:
        scheme = self._keyring.schemes[self._keyring.scheme]
        return {scheme["username"]: username, scheme["service"]: service}

    @staticmethod
    def _found(collection: Collection, attributes: dict[str, str]) -> Iterator[Item]:
        """The first item with these attributes, if there is one."""
        return islice(collection.search_items(attributes), 1)

    def _run(self, act: Callable[[Collection], R]) -> R:
        """The result of `act`, which may be called twice.

        A connection that was used before may have lost its daemon, so its failure says nothing
        about the daemon that is running now.
        """
        try:
            used = self._idle.pop()
        except IndexError:
            return self._run_on(self._keyring.get_preferred_collection(), act)
        try:
            return self._run_on(used, lambda collection: act(_unlocked(collection)))
        except _USER_DECIDED:
            raise
        except Exception:  # noqa: BLE001  a new connection shows whether anything is wrong
            return self._run_on(self._keyring.get_preferred_collection(), act)

    def _run_on(self, collection: Collection, act: Callable[[Collection], R]) -> R:
        try:
            result = act(collection)
        except BaseException:
            with suppress(Exception):
                collection.connection.close()
            raise
        self._idle.append(collection)
        return result


def _unlocked(collection: Collection) -> Collection:
    """The collection, after a prompt if it has been locked since it was opened."""
    if collection.is_locked():
        collection.unlock()
        if collection.is_locked():
            raise KeyringLocked("the prompt to unlock the keyring was dismissed")
    return collection
