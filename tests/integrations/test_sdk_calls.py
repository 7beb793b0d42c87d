"""Exceptions of the SDK of this environment, raised by real calls to the simulator's port.

Older SDKs: tests/real_servers/test_sdk_versions.py.
"""

from typing import Any

import openai
import pytest

from oai_tui.simulator.scenarios import SCENARIOS
from tests.integrations.sdk_scenarios import NAMES, STREAM_EVENTS, WAYS, explanations

pytestmark = [pytest.mark.sockets, pytest.mark.slow, pytest.mark.xdist_group("sdk-calls")]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found = explanations(tmp_path_factory.mktemp("home"))
    assert found["version"] == openai.__version__
    return dict(found["said"])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_cause_is_that_of_a_check(name: str, way: str, said: dict[str, Any]) -> None:
    assert said[name][way]["cause"] == SCENARIOS[name].cause


@pytest.mark.parametrize("name", STREAM_EVENTS)
def test_error_event_of_a_stream(name: str, said: dict[str, Any]) -> None:
    assert said[f"stream {name}"]["streamed"]["cause"] == name


def test_no_key_is_shown(said: dict[str, Any]) -> None:
    assert not [way for ways in said.values() for way in ways.values() if way.get("key_shown")]
