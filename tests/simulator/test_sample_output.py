"""The sample text of a scenario is what a program prints, and contains its problem."""

import pytest

from oai_tui.simulator.sample_output import sample_output
from oai_tui.simulator.scenarios import SCENARIOS


@pytest.mark.parametrize(
    ("scenario", "part"),
    [
        ("organization-mismatch", '"code": "mismatched_organization"'),
        ("quota-exhausted", "HTTP/1.1 429 Too Many Requests"),
        ("country-unsupported", "HTTP/1.1 403 Forbidden"),
        ("network-filter-blocked", "<title>Internet Security by Zscaler</title>"),
        ("dns-failure", "gaierror: [Errno -2] Name or service not known"),
        ("tls-untrusted", "unable to get local issuer certificate"),
        ("connection-reset", "ConnectionResetError: [Errno 104] Connection reset by peer"),
        ("response-timeout", "httpx.ReadTimeout\n"),
        ("proxy-unreachable", "Connect call failed ('proxy.example.com', 3128)"),
        ("proxy-auth-required", "httpx.ProxyError: 407 Proxy Authentication Required"),
        ("proxy-misconfigured", "Unknown scheme for proxy URL"),
        ("ca-bundle-broken", "invalid path: /etc/ssl/company-ca-of-last-year.pem"),
        ("key-missing", "The api_key client option must be set"),
        ("key-malformed", "Illegal header value b'Bearer sk-proj-"),
        ("key-malformed-zero-width-space", "can't encode character '\\u200b' in position 47"),
        ("keyring-locked", "keyring.errors.KeyringLocked: Failed to unlock the collection!"),
        ("all-good", "insufficient_quota"),
    ],
)
def test_it_contains_the_problem_of_the_scenario(scenario: str, part: str) -> None:
    assert part in sample_output(SCENARIOS[scenario])


def test_every_scenario_has_one() -> None:
    texts = {one.id: sample_output(one) for one in SCENARIOS.values()}
    assert [
        name for name, text in texts.items() if not text.endswith("\n") or len(text) >= 4_000
    ] == []
