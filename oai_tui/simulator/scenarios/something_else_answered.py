"""Scenarios of the family "something-else-answered": a wrong base URL, or another server."""

from dataclasses import replace

from oai_tui.domain.family import Family
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
        shows="404",
        title="OPENAI_BASE_URL lacks /v1",
        family=_FAMILY,
        world=HEALTHY_WORLD,
        story="The base URL was set by hand, without /v1 at its end.",
        fixed_by="OPENAI_BASE_URL was corrected for you, as you would do in your shell.",
        client=client_setup(OPENAI_BASE_URL="https://api.openai.com"),
        fixed_client=client_setup(OPENAI_BASE_URL="https://api.openai.com/v1"),
    ),
    Scenario(
        id="other-server-answered",
        cause="other-server-answered",
        shows="401",
        title="A gateway answered instead of OpenAI",
        family=_FAMILY,
        world=GATEWAY_WORLD,
        story="OPENAI_BASE_URL points to the company's LiteLLM gateway, which rejects this key.",
        fixed_by="OPENAI_BASE_URL was unset for you, as you would do in your shell or .env file.",
        client=client_setup(OPENAI_BASE_URL=GATEWAY_URL),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="plain-http-refused",
        cause="plain-http-refused",
        shows="not sent: http",
        title="The base URL is not encrypted",
        family=_FAMILY,
        world=GATEWAY_WORLD,
        story="The team's model server has an http:// address, which would expose the key.",
        fixed_by="The address was changed to https://, as you would do in your shell or .env file.",
        client=client_setup(GATEWAY_KEY, model="gpt-4o-mini", OPENAI_BASE_URL=_PLAIN_URL),
        fixed_client=client_setup(GATEWAY_KEY, model="gpt-4o-mini", OPENAI_BASE_URL=GATEWAY_URL),
    ),
    Scenario(
        id="gateway-key-refused",
        cause="gateway-key-refused",
        shows="401",
        title="The gateway rejects an OpenAI key",
        family="key",
        world=GATEWAY_WORLD,
        story="The company's LiteLLM gateway is called on purpose, but with a key from OpenAI.",
        fixed_by="The gateway's key was put into OPENAI_API_KEY; ask its administrator.",
        client=client_setup(model="gpt-4o-mini", OPENAI_BASE_URL=GATEWAY_URL),
        fixed_client=_GATEWAY_CLIENT,
    ),
    Scenario(
        id="gateway-works",
        cause=None,
        shows="200",
        title="A gateway that works",
        family=_FAMILY,
        world=GATEWAY_WORLD,
        story="The calls go to the company's gateway on purpose, with a key from that gateway.",
        client=_GATEWAY_CLIENT,
    ),
    Scenario(
        id="gateway-refused",
        cause="gateway-refused",
        shows="422",
        title="The gateway's budget is used up",
        family=_FAMILY,
        needs_billed_request=True,
        world=_OVER_BUDGET,
        story="The company's gateway accepts the key, but the key's budget there is used up.",
        fixed_by="The budget was raised, as the gateway's administrator can do.",
        client=_GATEWAY_CLIENT,
        fixed_world=GATEWAY_WORLD,
    ),
    Scenario(
        id="gateway-upstream-down",
        cause="gateway-upstream-down",
        shows="502 nginx",
        title="nginx answers, but the gateway behind it is down",
        family=_FAMILY,
        world=_NGINX_ALONE,
        story="The company's gateway has stopped, and only the nginx in front of it answers.",
        fixed_by="The gateway was started again, as its administrator can do.",
        client=_GATEWAY_CLIENT,
        fixed_world=GATEWAY_WORLD,
    ),
    Scenario(
        id="network-filter-blocked",
        cause="network-filter-blocked",
        shows="403 web filter",
        title="The company's web filter blocks OpenAI",
        family=_FAMILY,
        world=replace(HEALTHY_WORLD, intercepting_reply=_ZSCALER),
        story="Zscaler shows its own page instead of OpenAI's answer.",
        fixed_by="The filter was changed to allow api.openai.com, as your IT department can do.",
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
    Scenario(
        id="proxy-interference",
        cause="proxy-interference",
        shows="502 proxy",
        title="The proxy breaks the call",
        family=_FAMILY,
        world=replace(HEALTHY_WORLD, proxy_reply=_BROKEN_PROXY),
        story="The company's proxy intercepts every call and returns an empty 502.",
        fixed_by="HTTPS_PROXY was unset for you, as you would do in your shell.",
        client=client_setup(HTTPS_PROXY="http://proxy.example.com:3128"),
        fixed_client=client_setup(),
    ),
    Scenario(
        id="edge-blocked",
        cause="edge-blocked",
        shows="403 Cloudflare challenge",
        title="Cloudflare asks for a browser check",
        family=_FAMILY,
        world=replace(HEALTHY_WORLD, intercepting_reply=_CHALLENGE),
        story="Cloudflare takes this address for a bot and returns a challenge page.",
        fixed_by="The calls leave from another address now, as your IT department can arrange.",
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
    ),
)
