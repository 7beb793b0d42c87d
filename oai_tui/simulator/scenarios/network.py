"""Scenarios of the family "network": no answer comes."""

from dataclasses import replace

from oai_tui.domain.family import Family
from oai_tui.simulator.fixtures import (
    GATEWAY_KEY,
    GATEWAY_URL,
    GATEWAY_WORLD,
    GOOD_KEY,
    HEALTHY_WORLD,
    client_setup,
)
from oai_tui.simulator.scenario import ClientSetup, Scenario
from oai_tui.simulator.transport_faults import Fault

_FAMILY: Family = "network"
_PROXY = "http://proxy.example.com:3128"


def _fault(
    identifier: str,
    fault: Fault,
    shows: str,
    title: str,
    story: str,
    fixed_by: str,
    cause: str = "",
) -> Scenario:
    return Scenario(
        id=identifier,
        cause=cause or identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=HEALTHY_WORLD,
        client=client_setup(HTTPS_PROXY=_PROXY) if fault.startswith("proxy-") else client_setup(),
        fixed_world=HEALTHY_WORLD,
        fault=fault,
    )


def _variable(
    identifier: str, shows: str, title: str, story: str, fixed_by: str, **variables: str
) -> Scenario:
    """A variable with which no client can work; the fix is to unset it."""
    return Scenario(
        id=identifier,
        cause=identifier,
        shows=shows,
        title=title,
        family=_FAMILY,
        story=story,
        fixed_by=fixed_by,
        world=HEALTHY_WORLD,
        client=ClientSetup(environment={"OPENAI_API_KEY": GOOD_KEY, **variables}),
        fixed_client=client_setup(),
    )


SCENARIOS: tuple[Scenario, ...] = (
    _fault(
        "dns-failure",
        "dns",
        "DNS error",
        "The VPN's DNS server can't find OpenAI",
        "The DNS server of the VPN can't resolve api.openai.com.",
        "The DNS server was changed, as you would do in the network settings.",
    ),
    _fault(
        "connection-blocked",
        "refused",
        "connection refused",
        "A security program blocks OpenAI",
        "A security program on this machine refuses connections to api.openai.com.",
        "The block was removed, as you would do in that program's settings.",
    ),
    Scenario(
        id="connection-refused",
        cause="connection-refused",
        shows="connection refused",
        title="The team's model server is down",
        family=_FAMILY,
        story="The address of the team's model server is correct, but the server is not running.",
        fixed_by="The server was started, as its administrator can do.",
        world=GATEWAY_WORLD,
        client=client_setup(GATEWAY_KEY, model="gpt-4o-mini", OPENAI_BASE_URL=GATEWAY_URL),
        fixed_world=GATEWAY_WORLD,
        fault="refused",
    ),
    _fault(
        "connection-timeout",
        "connect-timeout",
        "connection timeout",
        "A firewall drops the packets",
        "A firewall drops every packet to api.openai.com.",
        "The firewall was opened for api.openai.com, as your IT department can do.",
    ),
    _fault(
        "network-unreachable",
        "host-unreachable",
        "host unreachable",
        "No route to OpenAI",
        "Other sites load, but a router on the way has no route to api.openai.com.",
        "The route was repaired, as your IT department can do.",
        "connection-timeout",
    ),
    _fault(
        "machine-offline",
        "unreachable",
        "network unreachable",
        "This machine is offline",
        "The Wi-Fi is off, and there is no other network.",
        "The Wi-Fi was turned on, as you would do.",
    ),
    _fault(
        "response-timeout",
        "read-timeout",
        "read timeout",
        "Connected, but no response",
        "The connection is open, but no response arrives.",
        "The demo waited until responses arrived again.",
    ),
    _fault(
        "connection-reset",
        "reset",
        "connection reset",
        "A device on the way closes the connection",
        "A firewall closes the connection as soon as the request is sent.",
        "The firewall was changed to let the calls pass, as your IT department can do.",
    ),
    _fault(
        "tls-untrusted",
        "tls-untrusted",
        "TLS: untrusted certificate",
        "The company proxy's certificate is not trusted",
        "The company's proxy inspects TLS, and this machine doesn't trust the company's CA.",
        "The company's CA was installed, as you or your IT department can do.",
    ),
    _fault(
        "tls-certificate-invalid",
        "tls-expired",
        "TLS: certificate expired",
        "The TLS certificate has expired",
        "The server's certificate expired yesterday.",
        "The certificate was renewed, as the owner of the server can do.",
    ),
    _fault(
        "tls-not-yet-valid",
        "tls-not-yet-valid",
        "TLS: not valid yet",
        "The TLS certificate is not valid yet",
        "The server's certificate becomes valid tomorrow.",
        "The certificate was replaced, as the owner of the server can do.",
        "tls-certificate-invalid",
    ),
    Scenario(
        id="clock-skew",
        cause="clock-skew",
        shows="TLS: not valid yet",
        title="This machine's clock is 40 days behind",
        family=_FAMILY,
        story="The machine was asleep for weeks, and its clock still shows the old date.",
        fixed_by="The clock was set for you, as you would do in the system settings.",
        world=replace(HEALTHY_WORLD, clock_ahead_s=40 * 86_400),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
        fault="tls-not-yet-valid",
    ),
    _fault(
        "tls-wrong-name",
        "tls-wrong-name",
        "TLS: wrong host name",
        "The TLS certificate is for another host",
        "A DNS server sends the calls to a host that is not OpenAI's.",
        "The DNS server was changed, as you would do in the network settings.",
        "tls-certificate-invalid",
    ),
    _fault(
        "tls-protocol",
        "tls-plain-http",
        "TLS: handshake failed",
        "TLS handshake failed",
        "The port answers in plain HTTP instead of TLS.",
        "The server was set up for TLS, as its administrator can do.",
    ),
    _fault(
        "proxy-unreachable",
        "proxy-unreachable",
        "proxy unreachable",
        "The proxy can't be reached",
        "HTTPS_PROXY names the office proxy, but this machine is not in the office.",
        "The machine is in the office network now.",
    ),
    _fault(
        "proxy-auth-required",
        "proxy-auth",
        "407 proxy",
        "The proxy requires a user name and password",
        "The company's proxy returns 407, because HTTPS_PROXY has no user name and password.",
        "The proxy accepts this machine now, as after you add your user name and password.",
    ),
    _variable(
        "proxy-misconfigured",
        "invalid HTTPS_PROXY",
        "HTTPS_PROXY is invalid",
        "HTTPS_PROXY starts with htp:// instead of http://.",
        "HTTPS_PROXY was unset for you, as you would do in your shell.",
        HTTPS_PROXY="htp://proxy.example.com:3128",
    ),
    _variable(
        "ca-bundle-broken",
        "invalid SSL_CERT_FILE",
        "SSL_CERT_FILE names a missing file",
        "SSL_CERT_FILE names a certificate file from an old installation.",
        "SSL_CERT_FILE was unset for you, as you would do in your shell.",
        SSL_CERT_FILE="/etc/ssl/company-ca-of-last-year.pem",
    ),
)
