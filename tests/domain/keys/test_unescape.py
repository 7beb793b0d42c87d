"""Escaped keys and addresses are read the same in a live answer and in a pasted text."""

from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest

from oai_tui.diagnosis.text import parse_text
from oai_tui.domain.keys.redaction import Redactor, unescape_key_characters
from oai_tui.domain.keys.secret import Secret
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.probes.http_client import ApiRequest
from tests.domain.keys.fake_keys import PROJECT_KEY, leaks
from tests.probes.http_probe import call, http_client

ESCAPES: dict[str, Callable[[str], str]] = {
    "json": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "python": lambda text: "".join(f"\\x{ord(char):02x}" for char in text),
    "url": lambda text: "".join(f"%{ord(char):02X}" for char in text),
    "html": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "html, decimal": lambda text: "".join(f"&#{ord(char)};" for char in text),
}

every_escape = pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)


@every_escape
def test_characters_of_keys_are_unescaped_and_others_stay(escape: Callable[[str], str]) -> None:
    assert unescape_key_characters(f"a {escape(PROJECT_KEY)} z") == f"a {PROJECT_KEY} z"
    assert unescape_key_characters(escape("me_1@x")) == "me_1@x"
    assert unescape_key_characters(escape('"<>&/?#')) == escape('"<>&/?#')


def test_the_rest_of_a_url_stays_escaped() -> None:
    assert unescape_key_characters(quote("a b/ä?sk-x", safe="")) == quote("a b/ä?sk-x", safe="")


@every_escape
async def test_a_live_answer_and_a_paste_read_the_same(escape: Callable[[str], str]) -> None:
    text = f"Error: no access for anna{escape('@')}example.com with {escape(PROJECT_KEY)}"
    async with http_client(lambda request: httpx.Response(403, text=text)) as client:
        reply = await client.ask(
            call("https://api.openai.com/v1", facts={"key_may_go": True}),
            ApiRequest(probe="models", path="/models", key=True),
        )
    redact = Redactor([Secret(PROJECT_KEY)])
    (pasted,) = parse_text(text, redact=redact, responders=RESPONDERS, now=0)
    assert reply.observation.body == pasted.body
    assert "anna" not in pasted.body
    assert not leaks(PROJECT_KEY, pasted.body)
