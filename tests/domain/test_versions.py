"""Versions and ranges, compared with `packaging` where both read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from oai_tui.domain.versions import ANY, version_key, version_range

NUMBERS = st.lists(st.integers(0, 40), min_size=1, max_size=3)
VERSIONS = NUMBERS.map(lambda numbers: ".".join(map(str, numbers)))
PRE_RELEASES = st.sampled_from(["", "rc1", "a2", "b1", ".dev3"])
CLAUSES = st.tuples(st.sampled_from([">=", "<", "<=", "=="]), VERSIONS).map("".join)


@given(VERSIONS, PRE_RELEASES, VERSIONS)
def test_order_is_that_of_packaging(one: str, suffix: str, other: str) -> None:
    first, second = version_key(one + suffix), version_key(other)
    assert first is not None
    assert second is not None
    assert (first < second) == (Version(one + suffix) < Version(other))


@given(st.lists(CLAUSES, min_size=1, max_size=3), VERSIONS)
def test_ranges_are_those_of_packaging(clauses: list[str], version: str) -> None:
    text = ",".join(clauses)
    found = version_range(text)
    assert found is not None
    assert found.contains(version) == SpecifierSet(text).contains(version)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("^4.20.0", "4.104.0", "5.0.0"),
        ("^0.28.1", "0.28.9", "0.29.0"),
        ("~4.20.1", "4.20.9", "4.21.0"),
        ("~=1.55.2", "1.55.9", "1.56.0"),
        ("~=1.55", "1.99.0", "2.0.0"),
        ("4.x", "4.9.9", "5.0.0"),
        ("==1.*", "1.109.1", "2.0.0"),
        (">=4.0.0 <5", "4.1.0", "5.0.0"),
        ("1.55.3", "1.55.3", "1.55.4"),
        (" >= 1.0, < 2 ", "1.5", "2.0"),
    ],
)
def test_ranges_of_npm_and_poetry(text: str, inside: str, outside: str) -> None:
    found = version_range(text)
    assert found is not None
    assert (found.contains(inside), found.contains(outside)) == (True, False)


@pytest.mark.parametrize(
    "text", ["^3 || ^4", "1.0 - 2.0", "git+https://x/y", "workspace:*", "next", ">=", "1!2.0"]
)
def test_range_that_is_not_understood_is_none(text: str) -> None:
    assert version_range(text) is None


@pytest.mark.parametrize("text", ["", "*", "latest"])
def test_range_without_limits(text: str) -> None:
    assert version_range(text) == ANY


@pytest.mark.parametrize(
    ("inner", "outer", "result"),
    [
        ("==1.50.0", ">=1.0,<1.55.3", True),
        ("<1.55.3", ">=1.0,<1.55.3", False),
        (">=1.0,<=1.55.3", ">=1.0,<1.55.3", False),
        (">=1.2,<1.55.3", ">=1.0,<1.55.3", True),
        (">=2", ">=1.0", True),
        ("", ">=1.0", False),
    ],
)
def test_range_within_another(inner: str, outer: str, result: bool) -> None:
    one, other = version_range(inner), version_range(outer)
    assert one is not None
    assert other is not None
    assert one.is_within(other) is result


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    version_key(text)
    version_range(text)
