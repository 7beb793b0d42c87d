"""Scenarios of the family "something-else-answered": a wrong base URL, or another server."""

from dataclasses import replace

from oai_tui.domain.cause import Family
from oai_tui.domain.keys.secret import Secret
from oai_tui.simulator.fixtures import (
    GATEWAY_HOST,
    GATEWAY_KEY,
    GATEWAY_URL,
    GATEWAY_WORLD,
    HEALTHY_WORLD,
    client_setup,
)
from oai_tui.simulator.scenario import Scenario
from oai_tui.simulator.world import Gateway, Reply

_FAMILY: Family = "something-else-answered"
_PLAIN_URL = GATEWAY_URL.replace("https://", "http://")
_GATEWAY_CLIENT = client_setup(GATEWAY_KEY, model="gpt-4o-mini", OPENAI_BASE_URL=GATEWAY_URL)
_OVER_BUDGET = replace(
    HEALTHY_WORLD,
    other_hosts={
        GATEWAY_HOST: Gateway(
            secret=Secret(GATEWAY_KEY),
            models=("gpt-4o-mini", "gpt-6-luna"),
            is_budget_spent=True,
        )
    },
)
_NGINX_ALONE = replace(
    HEALTHY_WORLD,
    other_hosts={
        GATEWAY_HOST: Reply(
            status=502,
            header_style="other",
            headers={"server": "nginx/1.22.1"},
            body=(
                "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
                "<center><h1>502 Bad Gateway</h1></center>\r\n"
                "<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
            ),
        )
    },
)
_ZSCALER = Reply(
    status=403,
    header_style="other",
    headers={"server": "Zscaler/6.2", "cache-control": "no-cache"},
    body=(
        "<!DOCTYPE html>\n<html>\n<head>"
        '<meta name="description" content="Zscaler makes the internet safe for businesses '
        'by protecting their employees.">'
        "<title>Internet Security by Zscaler</title></head>\n"
        "<body><h1>Sorry, this page is blocked</h1>"
        "<p>Your organization has selected Zscaler to protect you from internet threats.</p>"
        "<p>URL: api.openai.com/v1/models</p><p>Category: Generative AI</p>"
        "<p>Reason: Not allowed to use AI and ML applications</p></body>\n</html>\n"
    ),
)
_CHALLENGE = Reply(
    status=403,
    header_style="edge",
    headers={"cf-mitigated": "challenge"},
    body=(
        '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>'
        '<meta name="robots" content="noindex,nofollow"></head><body>'
        "<noscript>Enable JavaScript and cookies to continue</noscript>"
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>'
        "</body></html>"
    ),
)

_BROKEN_PROXY = Reply(
    status=502,
    header_style="other",
    headers={"via": "1.1 proxy.example.com (proxy)", "content-type": "text/plain"},
    body="",
)

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        id="base-url-wrong",
        cause="base-url-wrong",
        title="A base URL without /v1",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="The base URL was set by hand, and its /v1 was forgotten.",
        client=client_setup(OPENAI_BASE_URL="https://api.openai.com"),
        fixed_client=client_setup(OPENAI_BASE_URL="https://api.openai.com/v1"),
    ),
    Scenario(
        id="other-server-answered",
        cause="other-server-answered",
        title="A gateway answered in place of OpenAI",
        family=_FAMILY,
        world=GATEWAY_WORLD,
        story=(
            "A forgotten base URL leads to the company's LiteLLM gateway, which does not know this "
            "key."
        ),
        client=client_setup(OPENAI_BASE_URL=GATEWAY_URL),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="plain-http-refused",
        cause="plain-http-refused",
        title="A model server over plain http",
        family=_FAMILY,
        world=GATEWAY_WORLD,
        story="The model server of the local network has an http address, and its key is secret.",
        client=client_setup(GATEWAY_KEY, model="gpt-4o-mini", OPENAI_BASE_URL=_PLAIN_URL),
        fixed_client=client_setup(GATEWAY_KEY, model="gpt-4o-mini", OPENAI_BASE_URL=GATEWAY_URL),
    ),
    Scenario(
        id="gateway-key-refused",
        cause="gateway-key-refused",
        title="A gateway refuses OpenAI's key",
        family="key",
        world=GATEWAY_WORLD,
        story="The company's LiteLLM gateway is meant, but the key is one of OpenAI's.",
        client=client_setup(model="gpt-4o-mini", OPENAI_BASE_URL=GATEWAY_URL),
        fixed_client=_GATEWAY_CLIENT,
    ),
    Scenario(
        id="gateway-works",
        cause=None,
        title="A gateway with a key of its own",
        family=_FAMILY,
        world=GATEWAY_WORLD,
        story="The company's gateway is meant, and the key is one of its own.",
        client=_GATEWAY_CLIENT,
    ),
    Scenario(
        id="gateway-refused",
        cause="gateway-refused",
        title="The gateway's budget is spent",
        family=_FAMILY,
        world=_OVER_BUDGET,
        story="The company's gateway takes the key, but the key's budget there is spent.",
        client=_GATEWAY_CLIENT,
        fixed_world=GATEWAY_WORLD,
    ),
    Scenario(
        id="gateway-upstream-down",
        cause="gateway-upstream-down",
        title="nginx answers, the gateway behind it does not",
        family=_FAMILY,
        world=_NGINX_ALONE,
        story="The company's gateway was stopped, and the nginx in front of it answers alone.",
        client=_GATEWAY_CLIENT,
        fixed_world=GATEWAY_WORLD,
    ),
    Scenario(
        id="network-filter-blocked",
        cause="network-filter-blocked",
        title="The company's web filter",
        family=_FAMILY,
        world=replace(HEALTHY_WORLD, intercepting_reply=_ZSCALER),
        story="The company's filter puts its own page in the place of every answer.",
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
    Scenario(
        id="proxy-interference",
        cause="proxy-interference",
        title="The proxy breaks the call",
        family=_FAMILY,
        world=replace(HEALTHY_WORLD, proxy_reply=_BROKEN_PROXY),
        story="The company's proxy opens every call and answers it with an empty 502 of its own.",
        client=client_setup(HTTPS_PROXY="http://proxy.example.com:3128"),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="edge-blocked",
        cause="edge-blocked",
        title="The edge asks for a browser",
        family=_FAMILY,
        world=replace(HEALTHY_WORLD, intercepting_reply=_CHALLENGE),
        story="Cloudflare takes this address for a robot's and answers with a challenge.",
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
)
