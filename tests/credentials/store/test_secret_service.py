"""Connections to the Secret Service are used again, and replaced when they no longer work."""

from collections.abc import Callable
from typing import cast

import pytest
from keyring.errors import KeyringLocked
from secretstorage.exceptions import ItemNotFoundException, PromptDismissedException

from oai_tui.credentials.store.secret_service import BackEnd, SecretService

Items = dict[tuple[str, ...], bytes]


class FakeItem:
    def __init__(self, items: Items, attributes: tuple[str, ...]) -> None:
        self.items = items
        self.attributes = attributes
        self.session: object = None

    def get_secret(self) -> bytes:
        self.session = self.session or object()
        return self.items[self.attributes]

    def set_secret(self, secret: bytes) -> None:
        self.items[self.attributes] = secret

    def delete(self) -> None:
        del self.items[self.attributes]


class FakeCollection:
    """A collection over a connection of its own, which fails with `error` once that is set."""

    def __init__(self, items: Items) -> None:
        self.items = items
        self.session: object = None
        self.error: Exception | None = None
        self.is_closed = False
        self.locks = 0

    @property
    def connection(self) -> "FakeCollection":
        return self

    def close(self) -> None:
        self.is_closed = True

    def is_locked(self) -> bool:
        return self.locks > 0

    def unlock(self) -> None:
        self.locks -= 1

    def search_items(self, attributes: dict[str, str]) -> list[FakeItem]:
        if self.error is not None:
            raise self.error
        wanted = set(attributes.values())
        return [FakeItem(self.items, found) for found in self.items if wanted <= set(found)]

    def create_item(
        self, label: str, attributes: dict[str, str], secret: bytes, *, replace: bool
    ) -> None:
        assert replace
        self.items[tuple(attributes.values())] = secret


class FakeBackEnd:
    appid = "Python keyring library"
    scheme = "default"

    def __init__(self) -> None:
        self.schemes = {"default": {"username": "username", "service": "service"}}
        self.items: Items = {}
        self.opened: list[FakeCollection] = []
        self.unlocked = 0
        self.error: Exception | None = None

    def get_preferred_collection(self) -> FakeCollection:
        if self.error is not None:
            raise self.error
        self.opened.append(FakeCollection(self.items))
        return self.opened[-1]

    def unlock(self, item: FakeItem) -> None:
        self.unlocked += 1


@pytest.fixture
def back_end() -> FakeBackEnd:
    return FakeBackEnd()


@pytest.fixture
def service(back_end: FakeBackEnd) -> SecretService:
    return SecretService(cast("BackEnd", back_end))


def test_one_connection_for_all_calls(back_end: FakeBackEnd, service: SecretService) -> None:
    for number in range(20):
        service.set_password("oai-tui", f"key-{number}", "one")
        service.set_password("oai-tui", f"key-{number}", "two")
        assert service.get_password("oai-tui", f"key-{number}") == "two"
    service.delete_password("oai-tui", "key-3")
    assert service.get_password("oai-tui", "key-3") is None
    assert (len(back_end.items), len(back_end.opened)) == (19, 1)


def test_the_item_of_another_program_is_read_but_not_overwritten(
    back_end: FakeBackEnd, service: SecretService
) -> None:
    back_end.items["work", "oai-tui"] = b"theirs"
    assert service.get_password("oai-tui", "work") == "theirs"
    service.set_password("oai-tui", "work", "ours")
    assert back_end.items == {
        ("work", "oai-tui"): b"theirs",
        ("work", "oai-tui", "Python keyring library"): b"ours",
    }


def test_nothing_can_be_read_after_a_deletion(
    back_end: FakeBackEnd, service: SecretService
) -> None:
    back_end.items["work", "oai-tui"] = b"theirs"
    back_end.items["work", "oai-tui", "Python keyring library"] = b"ours"
    back_end.items["home", "oai-tui"] = b"other"
    service.delete_password("oai-tui", "work")
    assert service.get_password("oai-tui", "work") is None
    assert list(back_end.items.values()) == [b"other"]


CALLS: dict[str, Callable[[SecretService], object]] = {
    "get": lambda service: service.get_password("oai-tui", "work"),
    "put": lambda service: service.set_password("oai-tui", "work", "two"),
    "delete": lambda service: service.delete_password("oai-tui", "work"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_connection_that_no_longer_works_is_replaced(
    call: Callable[[SecretService], object], back_end: FakeBackEnd, service: SecretService
) -> None:
    service.set_password("oai-tui", "work", "one")
    back_end.opened[0].error = ConnectionResetError("the daemon went")
    call(service)
    call(service)
    assert (back_end.opened[0].is_closed, len(back_end.opened)) == (True, 2)


def test_the_error_of_a_new_connection_is_passed_on(
    back_end: FakeBackEnd, service: SecretService
) -> None:
    service.set_password("oai-tui", "work", "one")
    back_end.opened[0].error = ConnectionResetError("the daemon went")
    back_end.error = ItemNotFoundException("no collection")
    with pytest.raises(ItemNotFoundException):
        service.get_password("oai-tui", "work")


@pytest.mark.parametrize("error", [PromptDismissedException("no"), KeyringLocked("no")], ids=str)
def test_a_prompt_that_the_user_dismissed_is_not_shown_again(
    error: Exception, back_end: FakeBackEnd, service: SecretService
) -> None:
    service.set_password("oai-tui", "work", "one")
    back_end.opened[0].error = error
    with pytest.raises(type(error)):
        service.get_password("oai-tui", "work")
    assert len(back_end.opened) == 1


@pytest.mark.parametrize(("locks", "text"), [(1, "one"), (2, None)])
def test_a_keyring_that_was_locked_meanwhile_is_unlocked_or_refused(
    locks: int, text: str | None, back_end: FakeBackEnd, service: SecretService
) -> None:
    service.set_password("oai-tui", "work", "one")
    back_end.opened[0].locks = locks
    if text is None:
        with pytest.raises(KeyringLocked):
            service.get_password("oai-tui", "work")
    else:
        assert service.get_password("oai-tui", "work") == text
    assert len(back_end.opened) == 1
