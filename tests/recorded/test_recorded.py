"""The program behaves as it was recorded: reports, verdicts, exit codes, messages, options."""

from fnmatch import fnmatchcase
from functools import cache

import pytest

from .cases import CASES, GROUPS
from .comparing import Difference, differences
from .running import run
from .storage import Record, load

ALLOWED_CHANGES: dict[tuple[str, str], str] = {}
"""Intended changes: (case id, path in the record) -> why.

The path is written as a failing test prints it, for example
("explain/wording/key-invalid-1", "document.verdict.fixes.0.text"). Both parts may contain "*". An
entry that is not needed is a failure.
"""


@cache
def _recorded(group: str) -> dict[str, Record]:
    return load(group)


@cache
def _differences(name: str) -> tuple[Difference, ...]:
    recorded = _recorded(name.partition("/")[0]).get(name, {})
    return tuple(differences(recorded, run(CASES[name])))


def _is_allowed(name: str, path: str) -> bool:
    return any(fnmatchcase(name, case) and fnmatchcase(path, at) for case, at in ALLOWED_CHANGES)


def _bundle(name: str) -> str:
    """Return the test that a case belongs to: one for each scenario, kind of text and command."""
    group, _, rest = name.partition("/")
    if group == "command":
        return f"{group}/{rest.partition(' ')[0]}"
    return group if group == "help" else f"{group}/{rest.partition('/')[0]}"


BUNDLES = {
    bundle: [name for name in CASES if _bundle(name) == bundle]
    for bundle in dict.fromkeys(map(_bundle, CASES))
}


@pytest.mark.parametrize("bundle", BUNDLES)
def test_behaves_as_recorded(bundle: str) -> None:
    """All results of the cases are as recorded, except for ALLOWED_CHANGES."""
    changed = [
        f"{name} differs from its recording at {found}"
        for name in BUNDLES[bundle]
        for found in _differences(name)
        if not _is_allowed(name, found.path)
    ]
    assert changed == [], "\n".join(changed)


def test_every_allowed_change_is_needed() -> None:
    """Every entry of ALLOWED_CHANGES matches a difference."""
    needless = [
        f"{case} {path}"
        for case, path in ALLOWED_CHANGES
        if not any(
            fnmatchcase(found.path, path)
            for name in CASES
            if fnmatchcase(name, case)
            for found in _differences(name)
        )
    ]
    assert needless == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_recording_belongs_to_a_case(group: str) -> None:
    """Every case has a recording, and every recording a case."""
    assert list(_recorded(group)) == [name for name in CASES if name.partition("/")[0] == group]
