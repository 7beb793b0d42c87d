"""The table of SDK versions: every range can be read, every row has a source and a day."""

from datetime import date

import pytest

from oai_tui.domain.packages import BadPair
from oai_tui.domain.versions import ANY, version_key, version_range
from oai_tui.knowledge.sdk_packages import MODULES, NAMES, PAIRS, USES, VARIABLES

READ_ON = date(2026, 11, 27)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_pair(pair: BadPair) -> None:
    assert {pair.package, pair.other} <= NAMES[pair.ecosystem]
    assert ANY not in {version_range(pair.versions), version_range(pair.other_versions)}
    assert None not in {version_range(pair.versions), version_range(pair.other_versions)}
    assert pair.replace_by


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_replacement_is_outside_of_the_bad_range(pair: BadPair) -> None:
    bad = {pair.package: pair.versions, pair.other: pair.other_versions}
    for name, constraint in pair.replace_by:
        new, old = version_range(constraint), version_range(bad[name])
        assert new is not None
        assert old is not None
        assert not new.is_within(old)


def test_ranges_of_code_can_be_read() -> None:
    for use in USES:
        assert version_range(use.versions) is not None
        assert use.advice or use.replace_by


def test_variables_name_a_version() -> None:
    assert all(version_key(support.since) for support in VARIABLES)


def test_every_row_has_a_source_that_was_published_before_it_was_read() -> None:
    for known in (row.known for row in (*PAIRS, *USES, *VARIABLES)):
        assert known.url.startswith("https://")
        assert known.on <= READ_ON


def test_packages_of_modules_are_listed() -> None:
    assert set(MODULES.values()) <= NAMES["python"]
