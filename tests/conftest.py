"""Settings of all tests: Hypothesis profiles, markers by folder, grouping of tests on workers."""

import os
import signal
from collections import Counter

import hypothesis
import pytest

from tests.secret_service import (
    _keyring_tools,
    _services,
    locked_secret_service,
    no_secret_service,
    own_secret_service,
    secret_service,
)

__all__ = [
    "_keyring_tools",
    "_services",
    "locked_secret_service",
    "no_secret_service",
    "own_secret_service",
    "secret_service",
]

# No profile has a deadline: a limit in milliseconds per example fails on a busy machine.
hypothesis.settings.register_profile("dev", max_examples=25, deadline=None)
hypothesis.settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, database=None, print_blob=True
)
hypothesis.settings.register_profile("nightly", max_examples=1000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "dev")
)

MARKERS = {
    "tests/e2e/": ("e2e", "slow"),
    "tests/keyring/": ("slow",),
    "tests/network_lab/": ("network_lab", "slow"),
    "tests/probes/network/": ("sockets",),
    "tests/probes/test_faults.py": ("sockets", "slow"),
    "tests/probes/test_http_client.py": ("sockets",),
    "tests/probes/test_reach.py": ("sockets",),
    "tests/scenarios/test_real_port.py": ("sockets", "slow"),
    "tests/simulator/test_server.py": ("sockets", "slow"),
    "tests/domain/keys/test_key_defects.py::test_a_long_text_of_nonsense": ("slow",),
    "tests/domain/keys/test_redaction.py::test_four_megabytes": ("slow",),
    "tests/diagnosis/test_step_grid.py": ("slow",),
    "tests/diagnosis/text/test_linear_time.py": ("slow",),
    "tests/test_wheel.py": ("slow",),
    "tests/tui/": ("tui", "slow"),
}
"""Markers by the beginning of a test's id.

A test that uses a real keyring is marked `keyring` as well.
"""

KEYRING_FIXTURES = {"secret_service", "own_secret_service", "locked_secret_service"}

CHUNKED = (
    "tests/corpus/",
    "tests/credentials/",
    "tests/diagnosis/",
    "tests/domain/",
    "tests/knowledge/",
    "tests/probes/",
    "tests/reports/",
    "tests/simulator/",
    "tests/system/",
)
"""Folders of many short tests.

They are handed to a worker in chunks: a message for each would cost more than the test itself.
"""
CHUNK_SIZE = 25


def pytest_configure() -> None:
    """Restore SIGINT: a shell ignores it in background jobs, and programs under test inherit it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Add the markers of MARKERS, and the group by which pytest-xdist distributes the test."""
    seen: Counter[str] = Counter()
    for item in items:
        path = item.nodeid.partition("::")[0]
        for beginning, names in MARKERS.items():
            if item.nodeid.startswith(beginning):
                for name in names:
                    item.add_marker(name)
        if KEYRING_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("keyring")
        group = _group_of(item, path, seen)
        if group is not None:
            item.add_marker(pytest.mark.xdist_group(group))


def _group_of(item: pytest.Item, path: str, seen: Counter[str]) -> str | None:
    """Return the name of the tests that stay together on one worker, or None for a test on its own.

    Nothing has to be grouped for safety: every worker is a process with its own environment
    variables, folders, ports and keyring. A fault of the network lab is run once for all tests that
    look at it, so these stay together.
    """
    if path.startswith("tests/network_lab/") and isinstance(item, pytest.Function):
        parameters = getattr(item, "callspec", None)
        return f"network_lab {parameters.id}" if parameters is not None else None
    if path.startswith(CHUNKED):
        seen[path] += 1
        return f"{path} {seen[path] // CHUNK_SIZE}"
    return None
