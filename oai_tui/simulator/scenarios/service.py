"""Scenarios of the family "service": OpenAI itself fails."""

from dataclasses import replace

from oai_tui.domain.family import Family
from oai_tui.simulator.error_responses import error
from oai_tui.simulator.fixtures import HEALTHY_WORLD, client_setup
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import Reply, World

_FAMILY: Family = "service"
_OVERLOADED = error(
    503,
    "The server is currently overloaded with other requests. Please try again later.",
    code="server_is_overloaded",
    kind="service_unavailable_error",
    headers={"retry-after": "30"},
)
_FAILED = error(
    500,
    "The server had an error while processing your request. Sorry about that!",
    code="server_error",
    kind="server_error",
)
_EDGE = Reply(
    status=502,
    header_style="edge",
    body=(
        '<!DOCTYPE html>\n<html lang="en-US">\n<head><title>api.openai.com | 502: Bad gateway'
        '</title></head>\n<body><div id="cf-wrapper"><div id="cf-error-details"><h1>Bad gateway '
        "<span>Error code 502</span></h1><p>Host: api.openai.com - Error</p>"
        "<p>The web server reported a bad gateway error.</p>"
        "<p>Cloudflare Ray ID: 0000000000000000</p></div></div></body>\n</html>\n"
    ),
)


def _down(
    identifier: str, shows: str, title: str, story: str, fixed_by: str, world: World
) -> Scenario:
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=world,
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
        needs_billed_request=world.inference_outage is not None,
    )


SCENARIOS: tuple[Scenario, ...] = (
    _down(
        "service-overloaded",
        "503 server_is_overloaded",
        "OpenAI is overloaded",
        "Listing models works, but the models are too busy to answer.",
        "The demo waited until OpenAI had recovered, as you would do.",
        replace(HEALTHY_WORLD, inference_outage=_OVERLOADED),
    ),
    _down(
        "service-error",
        "500 server_error",
        "OpenAI server error",
        "Every call with a valid key fails with OpenAI's server error.",
        "The demo waited until OpenAI had recovered, as you would do.",
        replace(HEALTHY_WORLD, outage=_FAILED),
    ),
    _down(
        "service-edge-error",
        "502",
        "Cloudflare can't reach OpenAI's servers",
        "OpenAI's edge (Cloudflare) returns 502 because the servers behind it are down.",
        "The demo waited until OpenAI had recovered, as you would do.",
        replace(HEALTHY_WORLD, intercepting_reply=_EDGE),
    ),
)
