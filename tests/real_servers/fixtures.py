"""Fixtures for pytest; import them into a conftest:

    from tests.real_servers.fixtures import *  # noqa: F403

A server that is not installed skips the test; with CI=true it fails it.
"""

import contextlib
import os
from collections.abc import Callable, Iterator

import pytest

from . import litellm_proxy
from .processes import Running
from .tools import MissingProgramError
from .upstream import Behind, behind

__all__ = ["behind_servers", "litellm_master", "real_server"]

Start = Callable[[], contextlib.AbstractContextManager[Running]]


@contextlib.contextmanager
def installed() -> Iterator[None]:
    """Skip, or fail in CI, where a program is missing."""
    try:
        yield
    except MissingProgramError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def behind_servers() -> Iterator[Behind]:
    """An upstream that answers, a slow one and a port that refuses connections."""
    with behind() as started:
        yield started


@pytest.fixture
def real_server() -> Iterator[Callable[[Start], Running]]:
    """Start servers that end with the test: real_server(lambda: nginx.static_pages())."""
    with contextlib.ExitStack() as stack:

        def start(what: Start) -> Running:
            with installed():
                return stack.enter_context(what())

        yield start


@pytest.fixture(scope="session")
def litellm_master(behind_servers: Behind) -> Iterator[Running]:
    """LiteLLM with its master key only; one for the whole session, as it starts slowly."""
    yield from _session(
        lambda: litellm_proxy.master_key_only(
            behind_servers.fast.origin,
            dead_port=behind_servers.dead_port,
            slow_origin=behind_servers.slow.origin,
        )
    )


def _session(what: Start) -> Iterator[Running]:
    with contextlib.ExitStack() as stack:
        with installed():
            server = stack.enter_context(what())
        yield server
