"""The state of a check: what the user changed outside, and where to check again from."""

from dataclasses import replace

import pytest

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.target import Origin
from oai_tui.tui.session import CheckSession, OutsideChange, outside_change
from tests.tui.fake_services import FakeServices, as_services
from tests.tui.fakes import KEY, OTHER_KEY, credential, discovery

DOTENV = Origin(kind="dotenv", name="OPENAI_API_KEY", place=".env:3")
OLD, NEW = credential(KEY, DOTENV), credential(OTHER_KEY, DOTENV)


def test_nothing_changed_outside() -> None:
    assert outside_change(discovery(OLD), discovery(OLD), OLD) is None


def test_a_key_that_moved_to_another_line_is_the_same() -> None:
    moved = replace(OLD, origin=replace(DOTENV, place=".env:7"))
    assert outside_change(discovery(OLD), discovery(moved), OLD) is None


@pytest.mark.parametrize("place", [".env:3", ".env:7"])
def test_a_new_key_in_the_same_place_is_a_change(place: str) -> None:
    new = replace(NEW, origin=replace(DOTENV, place=place))
    change = outside_change(discovery(OLD), discovery(new), OLD)
    assert change == OutsideChange(credential=new, target=None)


def test_a_new_key_in_another_place_is_none() -> None:
    other = credential(OTHER_KEY, Origin(kind="environment", name="OPENAI_API_KEY"))
    assert outside_change(discovery(OLD), discovery(OLD, other), OLD) is None


def test_a_key_that_is_in_use_already_is_no_change() -> None:
    assert outside_change(discovery(OLD), discovery(NEW), NEW) is None


def test_the_first_key_of_all_is_a_change_where_there_was_none() -> None:
    change = outside_change(discovery(), discovery(NEW), None)
    assert change == OutsideChange(credential=NEW, target=None)


def test_a_setting_that_was_removed_is_a_change() -> None:
    now = discovery(OLD, organization=None)
    change = outside_change(discovery(OLD), now, OLD)
    assert change == OutsideChange(credential=None, target=now.target)


def _session(key: Credential, services: FakeServices) -> CheckSession:
    return CheckSession(
        services=as_services(services),
        target=services.discovered.target,
        credential=key,
        discovered=services.discovered,
    )


def test_after_no_change_the_check_goes_on_at_the_stage_that_failed() -> None:
    session = _session(OLD, FakeServices(OLD))
    assert session.recheck(session.begin()) == "credential"
    assert session.notice == ""


def test_after_a_change_the_whole_walk_begins_again() -> None:
    services = FakeServices(OLD)
    session = _session(OLD, services)
    services.discovered = discovery(NEW)
    assert session.recheck(session.begin()) is None
    assert session.credential == NEW
    assert session.notice.startswith("A key or setting changed outside")


ACCOUNT_OF_OLD_KEY = {"organization_rows": "[]", "user": "a…@example.com", "own_project": "proj_a"}


@pytest.mark.parametrize("start", ["credential", "key", "identity"])
def test_the_account_is_forgotten_where_it_is_asked_for_again(start: str) -> None:
    session = _session(OLD, FakeServices(OLD))
    progress = session.begin()
    progress.facts |= {**ACCOUNT_OF_OLD_KEY, "key_kind": "project"}
    session.use_key(NEW)
    facts = session.begin(start, progress).facts
    assert not facts.keys() & ACCOUNT_OF_OLD_KEY.keys()
    assert facts["key_kind"] == "project"


def test_the_account_stays_where_it_is_not_asked_for_again() -> None:
    session = _session(OLD, FakeServices(OLD))
    progress = session.begin()
    progress.facts |= ACCOUNT_OF_OLD_KEY
    assert session.begin("model", progress).facts == ACCOUNT_OF_OLD_KEY
