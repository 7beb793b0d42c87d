"""The host's own time, asked for without TLS and without the key."""

from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest

from oai_tui.domain.observation import Observation
from oai_tui.probes.server_clock import ClockProbe
from tests.probes.http_probe import call, http_client

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
CLOCKS: dict[str, tuple[float, str, str]] = {
    "right": (0, "right", ""),
    "four minutes ahead is right": (240, "right", ""),
    "ten minutes ahead": (600, "ahead", "10 minutes ahead"),
    "a day and a half behind": (-129_600, "behind", "36 hours behind"),
    "forty days behind": (-40 * 86_400, "behind", "40 days behind"),
}


async def _run_probe(
    answer: httpx.Response, ahead_s: float = 0
) -> tuple[Observation, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def answering(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer

    async with http_client(answering, now=lambda: NOON + ahead_s) as client:
        return await ClockProbe(client)(call("https://api.openai.com/v1")), seen


@pytest.mark.parametrize(("ahead_s", "state", "off"), CLOCKS.values(), ids=CLOCKS)
async def test_the_clock_is_compared_with_the_answers_date(
    ahead_s: float, state: str, off: str
) -> None:
    date = format_datetime(datetime.fromtimestamp(NOON, UTC), usegmt=True)
    seen, _ = await _run_probe(
        httpx.Response(301, headers={"date": date, "location": "https://api.openai.com/v1/models"}),
        ahead_s,
    )
    assert (seen.facts["clock_state"], seen.facts.get("clock_off", "")) == (state, off)


async def test_it_asks_in_plain_http_and_without_the_key() -> None:
    _, sent = await _run_probe(httpx.Response(301))
    assert [str(request.url) for request in sent] == ["http://api.openai.com/v1/models"]
    assert "authorization" not in sent[0].headers


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 12:00:00 GMT"])
async def test_an_answer_without_a_date_says_nothing(date: str) -> None:
    seen, _ = await _run_probe(httpx.Response(200, headers={"date": date}))
    assert "clock_state" not in seen.facts
