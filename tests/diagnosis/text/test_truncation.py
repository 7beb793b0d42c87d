"""A text that was cut off shows by an open bracket or an incomplete end."""

import pytest

from oai_tui.diagnosis.text.truncation import is_truncated

WHOLE = [
    "openai.APIConnectionError: Connection error.",
    "Error code: 401 - {'error': {'code': 'invalid_api_key'}}",
    "connect ECONNREFUSED 127.0.0.1:443",
    "getaddrinfo ENOTFOUND api.openai.com",
    "curl: (60) SSL certificate problem: self-signed certificate",
    "a) first b) second",
    "[Errno 111] Connection refused",
    "httpx.ConnectTimeout: timed out after 5 seconds",
    "Limit 30000, Requested 36278.",
    "",
]
CUT = [
    "Error code: 401 - {'error': {'code': 'invalid_api_key'",
    "httpcore.ProxyError",
    "httpcore.ProxyError:",
    "Incorrect API key provided:",
    "Incorrect API key provided",
    "[SSL: CERTIFICATE_VERI",
    "Limit 30000, Requested 3",
    "Limit 3",
    "please check your",
    "a sentence that goes on,",
    "SSLError(SSLCertVerificationError",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_text_is_not_truncated(text: str) -> None:
    assert not is_truncated(text)


@pytest.mark.parametrize("text", CUT)
def test_a_cut_text_is_truncated(text: str) -> None:
    assert is_truncated(text)
