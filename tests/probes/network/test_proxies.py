"""The proxy that is used and why, the HTTP clients of the SDKs, and notes about others."""

import os
import sys
from types import ModuleType
from unittest import mock

import httpx
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.probes.network.client_compat import (
    certificate_compat_notes,
    proxy_compat_notes,
    settings_compat_notes,
)
from oai_tui.probes.network.no_proxy import Reading, breaks
from oai_tui.probes.network.proxies import (
    ProxyChoice,
    choice_of,
    no_proxy_command,
    problem_with,
    unusable_proxy,
    without_password,
)

URL = "https://api.openai.com/v1"
VALUES = st.sampled_from(["", "http://a.example:1", "b.example:2", "socks5://c.example:3"])
ENTRIES = st.lists(
    st.sampled_from(
        [
            "api.openai.com",
            ".openai.com",
            "openai.com",
            "openai.com/",
            "com",
            "pi.openai.com",
            " api.openai.com ",
            "API.OPENAI.COM",
            "*",
            "",
            "example.com",
            "..openai.com",
            "*.openai.com",
            "*openai.com",
            "https://api.openai.com",
            "http://api.openai.com",
            "https://api.openai.com:443",
            "https://",
            "all://",
            "https://*",
            "api.openai.com:443",
            "api.openai.com:8443",
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.0.0.1:8080",
            "127.0.0.0/8",
            "10.0.0.0/8",
            "10.0.0.0/99",
            "999.1.1.1",
            "::1",
            "[::1]",
            "[::1]:80",
            "::1/128",
            "fd07:b51a:cc66:f0::/64",
            "a:b",
            "a b",
            "x/y",
        ]
    ),
    max_size=3,
).map(",".join)
URLS = st.sampled_from(
    [
        URL,
        "https://api.openai.com:8443/v1",
        "http://127.0.0.1:8080/v1",
        "http://127.0.0.1/v1",
        "http://localhost/v1",
        "https://localhost:443/v1",
        "http://[::1]:80/v1",
        "http://10.1.2.3/v1",
        "http://model.localhost:8080/v1",
    ]
)
CLIENTS: dict[Reading, ModuleType] = {"httpx2": httpx2, "httpx": httpx}


def _taken_by(client: ModuleType, url: str) -> str:
    """The proxy that an HTTP client takes for a URL in this process, or the name of its error."""
    utilities = client._utils
    try:
        patterns = sorted(
            (utilities.URLPattern(text), proxy or "")
            for text, proxy in utilities.get_environment_proxies().items()
        )
    except client.InvalidURL:
        return "InvalidURL"
    return next((proxy for pattern, proxy in patterns if pattern.matches(client.URL(url))), "")


def _choice(env: dict[str, str], url: str, reading: Reading) -> str:
    try:
        return choice_of(url, env, reading).url
    except ValueError:
        return "InvalidURL"


@pytest.mark.parametrize("reading", CLIENTS)
@given(
    env=st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("HTTPS_PROXY", "https_proxy", "Https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"),
            VALUES,
        )
        | {"NO_PROXY": ENTRIES, "no_proxy": ENTRIES, "REQUEST_METHOD": st.just("GET")},
    ),
    url=URLS,
)
def test_the_choice_is_the_clients_own(reading: Reading, env: dict[str, str], url: str) -> None:
    with mock.patch.dict(os.environ, env, clear=True):
        assert _choice(env, url, reading) == _taken_by(CLIENTS[reading], url)


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
    assert breaks(entry, "httpx") == refused


SOCKS = {
    "the variable that is not used": {
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "socks://127.0.0.1:7891/",
    },
    "for another scheme": {"HTTP_PROXY": "socks4://127.0.0.1:7891"},
    "a port that is none": {"ALL_PROXY": "http://127.0.0.1:port"},
}


@pytest.mark.parametrize("env", SOCKS.values(), ids=SOCKS)
def test_a_proxy_that_breaks_the_making_of_a_client(env: dict[str, str]) -> None:
    """Every proxy is prepared when a client is made, unless NO_PROXY is *."""
    with mock.patch.dict(os.environ, env, clear=True):
        with pytest.raises((ValueError, httpx2.InvalidURL)):
            httpx2.Client()
        os.environ["NO_PROXY"] = "localhost,*"
        httpx2.Client().close()
    unusable = unusable_proxy(env)
    assert unusable is not None
    assert unusable[0] == list(env)[-1]
    assert unusable_proxy({**env, "NO_PROXY": "localhost,*"}) is None


def test_advice_on_no_proxy_keeps_what_is_there() -> None:
    assert no_proxy_command({}, "10.0.0.5") == 'export NO_PROXY="$NO_PROXY,10.0.0.5"'
    assert (
        no_proxy_command({"no_proxy": "x", "NO_PROXY": "y"}, "h") == 'export no_proxy="$no_proxy,h"'
    )


def _notes(no_proxy: str, url: str = URL, **env: str) -> tuple[str, ...]:
    whole = {"NO_PROXY": no_proxy, **env}
    return settings_compat_notes(whole, choice_of(url, whole), url)


def test_an_entry_that_old_clients_fail_on_is_named_whatever_the_host_is() -> None:
    for url in (URL, "http://127.0.0.1:8080/v1"):
        assert "openai-python 1 and 2 fail" in _notes("[::1]", url)[0]
        assert "fd07:b51a:cc66:f0::/64" in _notes("localhost,fd07:b51a:cc66:f0::/64", url)[0]


@pytest.mark.parametrize("entry", ["*.openai.com", "openai.com/", "127.0.0.0/8"])
def test_an_entry_that_clients_read_differently_is_named(entry: str) -> None:
    url = "http://127.0.0.1:8080/v1" if entry.startswith("127") else URL
    (note,) = _notes(entry, url, ALL_PROXY="http://p:1")
    assert f"NO_PROXY has the entry {entry}, which clients read differently" in note


def test_an_entry_that_all_read_alike_is_not_named() -> None:
    for entries in ("localhost,127.0.0.1,::1", "localhost,*", "https://api.openai.com"):
        assert _notes(entries, ALL_PROXY="http://p:1") == ()


def test_notes_name_the_client_that_will_fail() -> None:
    assert [
        ("use certifi," in note, "Node" in note)
        for note in certificate_compat_notes({}, "Works CA")
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


def test_only_the_variables_of_proxies_are_read() -> None:
    class Watched(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            read.append(name)
            return super().__getitem__(name)

    read: list[str] = []
    env = Watched(OPENAI_API_KEY="sk-x", HTTPS_PROXY="http://proxy:1", PATH="/bin")
    assert choice_of("https://api.openai.com/v1", env).url == "http://proxy:1"
    assert read == ["HTTPS_PROXY"]
