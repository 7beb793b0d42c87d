"""`check --status` asks OpenAI's status page without the key; an unclear answer is "not known"."""

from dataclasses import replace

from oai_tui.domain.events import Ended
from oai_tui.headless.run_check import ask_status_page
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.services.build import demo_services
from tests.commands.cli_runner import GOOD_KEY, ReceivedRequest, canned_server, http_response
from tests.reports.samples import WORKING
from tests.services.make_services import make_services


async def _warning_and_requests(response: bytes) -> tuple[str, list[ReceivedRequest]]:
    """Return the warning added when a status page on loopback responds so, and its requests."""
    requests: list[ReceivedRequest] = []

    def reply(request: ReceivedRequest) -> bytes:
        requests.append(request)
        return response

    with canned_server(reply) as base_url:
        network = NetworkEnvironment(env=dict, status_url=base_url.removesuffix("/v1"))
        services = make_services({"OPENAI_API_KEY": GOOD_KEY}, network=network)
        try:
            return await services.status_text(WORKING.target), requests
        finally:
            await services.aclose()


async def test_the_page_is_asked_without_the_key_and_added_to_the_verdict() -> None:
    status = {"indicator": "minor", "description": "Elevated errors"}
    response = http_response("200 OK", {"status": status})
    warning, requests = await _warning_and_requests(response)
    assert "a minor incident (“Elevated errors”)" in warning
    assert [(one.path, one.has_key) for one in requests] == [("/api/v2/status.json", False)]


async def test_no_clear_answer_means_not_known() -> None:
    response = http_response("200 OK", "<html>all is well</html>")
    assert "the service status is unknown" in (await _warning_and_requests(response))[0]


async def test_a_status_that_the_walk_knows_is_not_asked_again() -> None:
    services = demo_services("all-good")
    asked = replace(WORKING, facts={**WORKING.facts, "status_page": "none"})
    for found, notes in ((asked, 0), (WORKING, 1)):
        tracker = RunTracker(services, 30)
        tracker.record(Ended(diagnosis=found))
        await ask_status_page(services, tracker)
        assert len(tracker.diagnosis().verdict.warnings) == len(found.verdict.warnings) + notes
