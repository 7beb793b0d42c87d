"""Scenarios of the family "network": no answer comes."""

from dataclasses import replace

from oai_tui.domain.cause import Family
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


def _fault(
    identifier: str, fault: Fault, title: str, story: str, cause: str = "", proxy: str = ""
) -> Scenario:
    return Scenario(
        id=identifier,
        cause=cause or identifier,
        title=title,
        family=_FAMILY,
        story=story,
        world=HEALTHY_WORLD,
        client=client_setup(HTTPS_PROXY=proxy) if proxy else client_setup(),
        fixed_world=HEALTHY_WORLD,
        fault=fault,
    )


def _variable(identifier: str, title: str, story: str, **variables: str) -> Scenario:
    """A variable with which no client can work; the fix is to unset it."""
    return Scenario(
        id=identifier,
        cause=identifier,
        title=title,
        family=_FAMILY,
        story=story,
        world=HEALTHY_WORLD,
        client=ClientSetup(environment={"OPENAI_API_KEY": GOOD_KEY, **variables}),
        fixed_client=client_setup(),
    )


SCENARIOS: tuple[Scenario, ...] = (
    _fault(
        "dns-failure",
        "dns",
        "The name does not resolve",
        "The VPN's name server does not know OpenAI's host.",
    ),
    _fault(
        "connection-blocked",
        "refused",
        "Something refuses in OpenAI's place",
        "A security program on this machine refuses connections to OpenAI's host.",
    ),
    Scenario(
        id="connection-refused",
        cause="connection-refused",
        title="The team's own server is down",
        family=_FAMILY,
        story="The address of the team's model server is right, and the server is not running.",
        world=GATEWAY_WORLD,
        client=client_setup(GATEWAY_KEY, model="gpt-4o-mini", OPENAI_BASE_URL=GATEWAY_URL),
        fixed_world=GATEWAY_WORLD,
        fault="refused",
    ),
    _fault(
        "connection-timeout",
        "connect-timeout",
        "No connection comes about",
        "A firewall swallows every packet without a word.",
    ),
    _fault(
        "network-unreachable",
        "host-unreachable",
        "No way to this host",
        "Other sites open, and a router on the way has no route to OpenAI's host.",
        "connection-timeout",
    ),
    _fault(
        "machine-offline",
        "unreachable",
        "No network at all",
        "The Wi-Fi is off, and the machine has no route to any other network.",
    ),
    _fault(
        "response-timeout",
        "read-timeout",
        "Connected, but no answer",
        "The connection stands, and then nothing comes.",
    ),
    _fault(
        "connection-reset",
        "reset",
        "The connection is cut",
        "Something in between cuts the connection as soon as the request is sent.",
    ),
    _fault(
        "tls-untrusted",
        "tls-untrusted",
        "A certificate nobody here knows",
        "The company inspects TLS, and this machine does not know the company's authority.",
    ),
    _fault(
        "tls-certificate-invalid",
        "tls-expired",
        "A certificate that has expired",
        "The certificate ended yesterday, or the clock here is wrong.",
    ),
    _fault(
        "tls-not-yet-valid",
        "tls-not-yet-valid",
        "A certificate from tomorrow",
        "The clock here is behind, so the certificate seems to begin in the future.",
        "tls-certificate-invalid",
    ),
    Scenario(
        id="clock-skew",
        cause="clock-skew",
        title="A clock that stands still",
        family=_FAMILY,
        story="The machine slept for weeks, and its clock woke up where it had stopped.",
        world=replace(HEALTHY_WORLD, clock_ahead_s=40 * 86_400),
        client=client_setup(),
        fixed_world=HEALTHY_WORLD,
        fault="tls-not-yet-valid",
    ),
    _fault(
        "tls-wrong-name",
        "tls-wrong-name",
        "A certificate for another host",
        "A name server sends the calls to a host that is not OpenAI's.",
        "tls-certificate-invalid",
    ),
    _fault("tls-protocol", "tls-plain-http", "No TLS on this port", "The port speaks plain HTTP."),
    _fault(
        "proxy-unreachable",
        "proxy-unreachable",
        "The proxy is gone",
        "The office's proxy is set in the environment, and this is not the office.",
        proxy="http://proxy.example.com:3128",
    ),
    _fault(
        "proxy-auth-required",
        "proxy-auth",
        "The proxy asks for a password",
        "The company's proxy wants a name and a password.",
        proxy="http://proxy.example.com:3128",
    ),
    _variable(
        "proxy-misconfigured",
        "A proxy variable that cannot work",
        "HTTPS_PROXY holds a scheme that no client knows.",
        HTTPS_PROXY="htp://proxy.example.com:3128",
    ),
    _variable(
        "ca-bundle-broken",
        "A certificate file that is not there",
        "SSL_CERT_FILE names a file of an old installation.",
        SSL_CERT_FILE="/etc/ssl/company-ca-of-last-year.pem",
    ),
)
