"""The proxy that is used and why, as in the standard library, and notes about unusable ones."""

import os
import sys
import urllib.request
from collections.abc import Callable
from unittest import mock

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.probes.network.client_compat import (
    breaks_httpx,
    certificate_compat_notes,
    proxy_compat_notes,
    settings_compat_notes,
)
from oai_tui.probes.network.proxies import ProxyChoice, choice_of, problem_with, without_password

URL = "https://api.openai.com/v1"
VALUES = st.sampled_from(["", "http://a.example:1", "b.example:2", "socks5://c.example:3"])
ENTRIES = st.lists(
    st.sampled_from(
        [
            "api.openai.com",
            ".openai.com",
            "openai.com",
            "com",
            "pi.openai.com",
            " api.openai.com ",
            "API.OPENAI.COM",
            "*",
            "",
            "example.com",
            "..openai.com",
            "*.openai.com",
        ]
    ),
    max_size=3,
).map(",".join)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("HTTPS_PROXY", "https_proxy", "Https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"),
            VALUES,
        )
        | {"NO_PROXY": ENTRIES, "no_proxy": ENTRIES, "REQUEST_METHOD": st.just("GET")},
    )
)
def test_the_choice_is_the_standard_librarys(env: dict[str, str]) -> None:
    with mock.patch.dict(os.environ, env, clear=True):
        proxies = urllib.request.getproxies_environment()
        wanted = proxies.get("https") or proxies.get("all") or ""
        # Not in the type stubs, but what httpx calls.
        bypass: Callable[[str, dict[str, str]], bool] = vars(urllib.request)[
            "proxy_bypass_environment"
        ]
        if bypass("api.openai.com", proxies):
            wanted = ""
    assert choice_of(URL, env).url == (
        wanted if "://" in wanted or not wanted else f"http://{wanted}"
    )


CHOICES: dict[str, tuple[dict[str, str], ProxyChoice]] = {
    "none": ({}, ProxyChoice()),
    "upper case": (
        {"HTTPS_PROXY": "http://p:1"},
        ProxyChoice(url="http://p:1", variable="HTTPS_PROXY"),
    ),
    "both cases, the same": (
        {"HTTPS_PROXY": "http://p:1", "https_proxy": "http://p:1"},
        ProxyChoice(url="http://p:1", variable="https_proxy"),
    ),
    "both cases, not the same": (
        {"HTTPS_PROXY": "http://q:1", "https_proxy": "http://p:1"},
        ProxyChoice(url="http://p:1", variable="https_proxy", other_case="HTTPS_PROXY"),
    ),
    "for all": ({"ALL_PROXY": "http://p:1"}, ProxyChoice(url="http://p:1", variable="ALL_PROXY")),
    "excepted": (
        {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "x,.openai.com"},
        ProxyChoice(variable="HTTPS_PROXY", exception=".openai.com"),
    ),
}


@pytest.mark.parametrize(("env", "choice"), CHOICES.values(), ids=CHOICES)
def test_the_choice_says_why(env: dict[str, str], choice: ProxyChoice) -> None:
    assert choice_of(URL, env) == choice


def test_a_reason_shows_no_password() -> None:
    assert (
        choice_of(URL, {"HTTPS_PROXY": "http://me:hush@p:1"}).reason
        == "http://…@p:1 from HTTPS_PROXY"
    )
    assert without_password("me:hush@p:1") == "…@p:1"


PROBLEMS = {
    "http://p:3128": None,
    "p:3128": None,
    "http://me:hush@p:3128": None,
    "https://p:3128": None,
    "http://p": None,
    '"http://p:1"': "quotes",
    "'http://p:1'": "quotes",
    " http://p:1": "blanks",
    "http://p:1\n": "blanks",
    "socks://p:1": "socks-scheme",
    "socks4://p:1": "socks-scheme",
    "htp://p:1": "scheme",
    "http://p:port": "port",
    "http://p:99999": "port",
    "http://": "port",
    "http://[::1": "port",
    "socks5://p:1": None,
}


@pytest.mark.parametrize(("value", "problem"), PROBLEMS.items())
def test_what_makes_a_proxy_useless(value: str, problem: str | None) -> None:
    unusable = problem_with(choice_of(URL, {"HTTPS_PROXY": value}).url)
    assert (unusable[0] if unusable else None) == problem


def test_socks_without_its_package_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    unusable = problem_with("socks5://p:1")
    assert unusable is not None
    assert unusable[0] == "socks-unsupported"


@pytest.mark.parametrize(
    "entry",
    [
        "::1",
        "[::1]",
        "[::1",
        "fe80::/10",
        "::1/128",
        "10.0.0.0/8",
        "*.openai.com",
        ".openai.com",
        "localhost",
        "http://x",
        "127.0.0.1:8080",
        "[::1]:80",
        "2001:db8::1",
        "x:1",
        "x:",
        "x:y",
        "a:1:2",
        "a/b",
        "*",
    ],
)
def test_the_entries_that_httpx_refuses(monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
    """Compared with httpx itself, as openai-python 1 and 2 use it."""
    monkeypatch.setenv("NO_PROXY", entry)
    try:
        httpx.Client().close()
        refused = False
    except httpx.InvalidURL:
        refused = True
    assert breaks_httpx(entry) == refused


def test_notes_name_the_client_that_will_fail() -> None:
    assert "openai-python 1 and 2" in settings_compat_notes({"NO_PROXY": "[::1]"}, ProxyChoice())[0]
    assert ".openai.com" in settings_compat_notes({"NO_PROXY": "*.openai.com"}, ProxyChoice())[0]
    assert settings_compat_notes({"NO_PROXY": "localhost,127.0.0.1,::1"}, ProxyChoice()) == ()
    assert [
        ("certifi" in note, "Node" in note) for note in certificate_compat_notes({}, "Works CA")
    ] == [
        (True, False),
        (False, True),
    ]
    assert (
        certificate_compat_notes({"SSL_CERT_FILE": "/x", "NODE_EXTRA_CA_CERTS": "/x"}, "Works CA")
        == ()
    )
    assert (
        "NODE_USE_ENV_PROXY"
        in proxy_compat_notes({}, ProxyChoice(url="http://p:1", variable="HTTPS_PROXY"))[0]
    )
    assert (
        proxy_compat_notes(
            {"NODE_USE_ENV_PROXY": "1"}, ProxyChoice(url="http://p:1", variable="HTTPS_PROXY")
        )
        == ()
    )
