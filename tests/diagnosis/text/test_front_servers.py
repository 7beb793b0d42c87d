"""A server in front of others is recognised in a text, and not taken for what it is not."""

import pytest

from tests.corpus.corpus import verdict

_NGINX_PAGE = (
    "<html><head><title>{0}</title></head>\n"
    "<body><center><h1>{0}</h1></center><hr><center>nginx</center></body></html>"
)
_CONNECT_FAILED = (
    "connect() failed (111: Connection refused) while connecting to upstream, "
    'upstream: "https://10.0.0.9:443/v1/responses"'
)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (_NGINX_PAGE.format("502 Bad Gateway"), "gateway-upstream-down"),
        (_NGINX_PAGE.format("413 Request Entity Too Large"), "other-server-answered"),
        (
            "POST https://api.openai.com/v1/responses\n" + _NGINX_PAGE.format("502 Bad Gateway"),
            "service-edge-error",
        ),
        (
            "< HTTP/1.1 504 Gateway Timeout\n< content-type: text/html\n< server: nginx/1.27.1\n",
            "gateway-upstream-down",
        ),
        (
            "< HTTP/1.1 504 Gateway Timeout\n< content-type: text/html\n< server: uvicorn\n",
            "unknown",
        ),
    ],
)
def test_its_own_answer_differs_from_others(text: str, cause: str) -> None:
    assert verdict(text).cause == cause


def test_its_log_is_about_the_network_if_openai_is_behind_it() -> None:
    assert verdict(_CONNECT_FAILED).cause == "gateway-upstream-down"
    assert verdict(f'{_CONNECT_FAILED}, host: "api.openai.com"').cause != "gateway-upstream-down"


def test_what_it_says_about_the_server_behind_it_is_not_certain() -> None:
    assert verdict(_CONNECT_FAILED).confidence == "likely"


def test_an_outer_message_of_a_failed_handshake_is_not_certain() -> None:
    found = verdict("The SSL connection could not be established, see inner exception.")
    assert (found.cause, found.confidence) == ("tls-protocol", "likely")
    assert {"tls-untrusted", "connection-reset"} <= {each.cause for each in found.alternatives}
