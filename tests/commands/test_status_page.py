"""`check --status`: OpenAI's status page is asked because somebody wants to know, without the key, and what is not clear is not known."""

from dataclasses import replace

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.headless.run_check import with_status_page
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.services.build import Services, demo_services
from oai_tui.system.clock import SystemClock
from tests.commands.cli_runner import GOOD_KEY, ReceivedRequest, canned_server, http_response
from tests.reports.samples import WORKING


async def _told(reply: bytes) -> tuple[str, list[ReceivedRequest]]:
    """What is told beside a verdict when a status page on loopback answers so, and what it was asked."""
    asked: list[ReceivedRequest] = []
    with canned_server(lambda request: asked.append(request) or reply) as base_url:
        ground = NetworkEnvironment(env=dict, status_url=base_url.removesuffix("/v1"))
        services = Services(
            mode="real",
            env={"OPENAI_API_KEY": GOOD_KEY},
            vault=KeyringVault(MemoryEntries()),
            clock=SystemClock(),
            sources=("environment",),
            ground=ground,
        )
        try:
            found = await with_status_page(services, WORKING)
        finally:
            await services.aclose()
    assert found.verdict.outcome == "working"
    return found.verdict.warnings[-1], asked


async def test_the_page_is_asked_without_the_key_and_told_beside_the_verdict() -> None:
    told, asked = await _told(
        http_response(
            "200 OK", {"status": {"indicator": "minor", "description": "Elevated errors"}}
        )
    )
    assert "a minor incident (“Elevated errors”)" in told
    assert [(one.path, one.has_key) for one in asked] == [("/api/v2/status.json", False)]


async def test_no_clear_answer_means_not_known() -> None:
    told, _ = await _told(http_response("200 OK", "<html>all is well</html>"))
    assert "not known" in told


async def test_what_the_walk_has_asked_is_not_asked_again() -> None:
    services = demo_services("all-good")
    told = replace(WORKING, facts={**WORKING.facts, "status_page": "none"})
    assert await with_status_page(services, told) is told
