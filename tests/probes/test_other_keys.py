"""Other keys after the selected one was rejected: which are tried, where, and which works."""

from dataclasses import replace

import httpx
import pytest

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Origin
from oai_tui.probes.other_keys import MAX_KEYS, OtherKeysProbe, candidate_keys
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.probes.http_probe import call, credential, http_client

GOOD = "sk-proj-" + "g" * 60
FROM_FILE = Origin(kind="dotenv", name="OPENAI_API_KEY", place=".env:3")


def _other(text: str) -> Credential:
    return replace(credential(text), origin=FROM_FILE)


def _call(*others: str, endpoint: str = "proved") -> Call:
    to_probe = call("https://api.openai.com/v1", facts={"endpoint": endpoint, "key_may_go": True})
    assert to_probe.credential is not None
    return replace(
        to_probe,
        credential=replace(to_probe.credential, others=tuple(_other(text) for text in others)),
    )


async def _tried(to_probe: Call) -> tuple[Observation, list[str]]:
    """The probe's observation, and the keys that arrived."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"].removeprefix("Bearer "))
        if seen[-1] == GOOD:
            return httpx.Response(200, json={"object": "list", "data": []})
        error = {"code": "invalid_api_key", "message": "no", "type": "x", "param": None}
        return httpx.Response(401, json={"error": error})

    async with http_client(answer) as client:
        return await OtherKeysProbe(client)(to_probe), seen


async def test_the_first_key_that_works_is_named() -> None:
    seen, sent = await _tried(_call("sk-proj-" + "x" * 60, GOOD, "sk-proj-" + "y" * 60))
    assert sent == ["sk-proj-" + "x" * 60, GOOD]
    assert (seen.status, seen.facts["other_key_origin"], seen.facts["other_key_last_four"]) == (
        200,
        "the file .env:3",
        "gggg",
    )
    assert seen.facts["other_key_fingerprint"] == _other(GOOD).secret.fingerprint
    assert GOOD not in repr(seen)


async def test_where_none_works_none_is_named() -> None:
    seen, sent = await _tried(_call("sk-proj-" + "x" * 60))
    assert (seen.status, len(sent)) == (401, 1)
    assert not [name for name in seen.facts if name.startswith("other_key")]


@pytest.mark.parametrize("endpoint", ["agreed", "doubtful", ""])
async def test_no_other_key_goes_to_a_server_that_is_not_openais(endpoint: str) -> None:
    to_probe = _call(GOOD, endpoint=endpoint)
    assert candidate_keys(to_probe) == ()
    assert (await _tried(to_probe))[1] == []


def test_no_more_than_a_few_are_tried_and_none_that_cannot_be_sent() -> None:
    assert (
        len(candidate_keys(_call(*("sk-proj-" + letter * 60 for letter in "abcdef")))) == MAX_KEYS
    )
    assert candidate_keys(_call(GOOD + "\n")) == ()


def test_without_a_key_there_are_no_others() -> None:
    assert (
        candidate_keys(call("https://api.openai.com/v1", key=None, facts={"endpoint": "proved"}))
        == ()
    )


def test_another_key_is_found_by_its_fingerprint() -> None:
    selected = _call(GOOD).credential
    assert selected is not None
    assert selected.other(_other(GOOD).secret.fingerprint) == _other(GOOD)
    assert selected.other(_other(PROJECT_KEY).secret.fingerprint) is None
