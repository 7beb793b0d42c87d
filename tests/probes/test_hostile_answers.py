"""A server that spells the key in its answer, or sends endless fields: the reports stay clean."""

import json
from collections.abc import Callable

import httpx
import pytest

from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Observation
from oai_tui.probes.http_client import MAX_HEADER_VALUE, MAX_REASON, ApiRequest
from oai_tui.probes.response_facts import EXCERPT_LIMIT, MAX_FACT, MAX_FIELD
from tests.domain.keys.fake_keys import ENCODINGS, SEPARATORS, generated_key, letters, runs
from tests.probes.http_probe import GO, call, http_client

KEY = generated_key(7)
OTHER = generated_key(8)
KEYED = ApiRequest(probe="models", path="/models", key=True)
SPELLED: dict[str, tuple[str, int]] = {
    name: (separator.join(KEY), 8) for name, separator in SEPARATORS.items()
} | {name: (encoding.encode(KEY), encoding.leak) for name, encoding in ENCODINGS.items()}


async def answered(words: str, *, known: tuple[Secret, ...] = ()) -> Observation:
    """Return what is kept of an answer that says `words` in every place."""
    header = words.encode("ascii", "backslashreplace").decode()
    header = "".join(char if " " <= char <= "~" else " " for char in header)

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            403,
            headers={"x-request-id": header, "x-words": header, "location": header},
            content=json.dumps(
                {
                    "error": {
                        "message": f"Missing scopes: {words}",
                        "code": words,
                        "type": words,
                        "param": words,
                    }
                },
                ensure_ascii=len(words) % 2 == 0,
            ).encode(),
            extensions={"reason_phrase": header.encode()},
        )

    async with http_client(answer, known=lambda: known) as client:
        reply = await client.ask(call("https://api.openai.com/v1", key=KEY, facts=GO), KEYED)
        return reply.observation


@pytest.mark.parametrize(("spelled", "leak"), SPELLED.values(), ids=SPELLED)
async def test_no_spelling_of_the_key_is_kept(spelled: str, leak: int) -> None:
    kept = letters(repr(await answered(spelled)))
    assert not runs(letters(spelled), leak) & runs(kept, leak)


async def test_another_key_of_this_machine_is_hidden_too() -> None:
    kept = letters(repr(await answered(" ".join(OTHER), known=(Secret(OTHER),))))
    assert not runs(letters(OTHER), 8) & runs(kept, 8)


LIMITED: dict[str, tuple[Callable[[Observation], str], int]] = {
    "the code": (lambda seen: seen.error.code if seen.error else "", MAX_FIELD),
    "the type": (lambda seen: seen.error.type if seen.error else "", MAX_FIELD),
    "the parameter": (lambda seen: seen.error.param if seen.error else "", MAX_FIELD),
    "the message": (lambda seen: seen.error.message if seen.error else "", EXCERPT_LIMIT),
    "the scopes": (lambda seen: str(seen.facts["missing_scopes"]), MAX_FACT),
    "the body": (lambda seen: seen.body, EXCERPT_LIMIT),
    "a header": (lambda seen: seen.headers["x-words"], MAX_HEADER_VALUE),
    "the reason phrase": (lambda seen: seen.reason, MAX_REASON),
}


@pytest.mark.parametrize(("field", "limit"), LIMITED.values(), ids=LIMITED)
async def test_an_endless_field_is_cut_and_says_so(
    field: Callable[[Observation], str], limit: int
) -> None:
    text = field(await answered("api.model.read," * 8_000))
    assert len(text) <= limit
    assert text.endswith(" characters]")
