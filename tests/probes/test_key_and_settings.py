"""Checks that send nothing: the key's text and kind, the base URL, the certificate files."""

import base64
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import example, given
from hypothesis import strategies as st

from oai_tui.domain.ports import Call
from oai_tui.domain.target import Origin, OriginKind, Target
from oai_tui.probes.key_check import CredentialProbe
from oai_tui.probes.limits import LimitsProbe
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.network.proxies import choice_of
from oai_tui.probes.settings import SettingsProbe, problem_of
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.probes.http_probe import call

URLS: dict[str, tuple[str, str]] = {
    "https://api.openai.com/v1": ("none", ""),
    "https://api.openai.com/v1/": ("none", ""),
    "https://eu.api.openai.com/v1": ("none", ""),
    "https://api.openai.com": ("none", ""),
    "HTTPS://API.OPENAI.COM/v1": ("none", ""),
    "https://gateway.example:8443/openai/v1": ("none", ""),
    "http://localhost:11434/v1": ("none", ""),
    "http://127.0.0.1:4000": ("none", ""),
    "http://[::1]:4000/v1": ("none", ""),
    "": ("blanks", ""),
    " ": ("blanks", ""),
    " https://api.openai.com/v1": ("blanks", "https://api.openai.com/v1"),
    "https://api.openai.com/v1\n": ("blanks", "https://api.openai.com/v1"),
    "https://api.open ai.com/v1": ("blanks", "https://api.openai.com/v1"),
    "api.openai.com/v1": ("no-scheme", "https://api.openai.com/v1"),
    "localhost:11434/v1": ("no-scheme", "http://localhost:11434/v1"),
    "127.0.0.1:4000": ("no-scheme", "http://127.0.0.1:4000"),
    "undefined": ("no-scheme", ""),
    "/v1": ("no-scheme", ""),
    "https:/api.openai.com/v1": ("no-scheme", ""),
    "ftp://api.openai.com/v1": ("not-http", ""),
    "file:///etc/passwd": ("not-http", ""),
    "https://": ("no-host", ""),
    "https:///v1": ("no-host", ""),
    "https://a/b@c?": ("none", ""),
    "https://evil.example\\.openai.com/v1": ("no-host", ""),
    "https://<resource>.openai.azure.com/v1": ("no-host", ""),
    f"https://{'a' * 64}.example/v1": ("no-host", ""),
    "https://api.openai.com:99999/v1": ("port", ""),
    "https://api.openai.com:0/v1": ("port", ""),
    "https://api.openai.com:port/v1": ("port", ""),
    "https://[::1/v1": ("port", ""),
    "http://api.openai.com/v1": ("plain-http", "https://api.openai.com/v1"),
    "http://192.168.0.7:8000/v1": ("none", ""),
    "http://0.0.0.0:8000/v1": ("none", ""),
    "https://api.openai.com/v1?api-version=2024-02-01": ("query", "https://api.openai.com/v1"),
    "https://api.openai.com/v1#top": ("query", "https://api.openai.com/v1"),
    "https://api.openai.com/v1/chat/completions": ("path-is-endpoint", "https://api.openai.com/v1"),
    "https://api.openai.com/v1/responses/": ("path-is-endpoint", "https://api.openai.com/v1"),
    "https://api.openai.com/v1/models": ("path-is-endpoint", "https://api.openai.com/v1"),
    "https://api.openai.com/v1/audio/speech": ("path-is-endpoint", "https://api.openai.com/v1"),
    "https://api.openai.com/v1/v1": ("path-is-endpoint", "https://api.openai.com/v1"),
}


@pytest.mark.parametrize(("url", "expected"), URLS.items(), ids=[repr(url) for url in URLS])
def test_what_is_wrong_with_a_base_url(url: str, expected: tuple[str, str]) -> None:
    assert problem_of(Target(base_url=url)) == expected


@pytest.mark.parametrize(
    "repaired", sorted({repaired for _, repaired in URLS.values() if repaired})
)
def test_a_repaired_base_url_has_nothing_wrong(repaired: str) -> None:
    assert problem_of(Target(base_url=repaired))[0] == "none"


@given(
    st.one_of(
        st.text(max_size=60),
        st.from_regex(r"https?://[^ ]{0,40}", fullmatch=True),
        st.builds(
            "{}{}".format,
            st.sampled_from(["https://", "http://", "//", ":", "https://["]),
            st.text(max_size=30),
        ),
    )
)
@example("https://\u2100.example/")
@example("https://[\u0661::]/")
@example("https://x:\u0661/")
def test_any_text_can_be_judged(url: str) -> None:
    problem, repaired = problem_of(Target(base_url=url))
    assert problem
    assert (problem == "none") <= (repaired == "")


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (
            Origin(kind="environment", name="OPENAI_API_KEY"),
            "the environment variable OPENAI_API_KEY",
        ),
        (Origin(kind="dotenv", name="OPENAI_API_KEY", place=".env:3"), "the file .env:3"),
        (Origin(kind="keyring", name="work"), "the profile work"),
        (Origin(kind="default"), "the default"),
    ],
)
def test_an_origin_in_words(origin: Origin, words: str) -> None:
    assert origin.description == words


def test_every_kind_of_origin_has_words() -> None:
    from typing import get_args

    assert all(Origin(kind=kind, name="x").description for kind in get_args(OriginKind))


async def _facts(key: str | None, base_url: str = "https://api.openai.com/v1") -> dict[str, object]:
    return dict((await CredentialProbe()(call(base_url, key=key))).facts)


KEYS: dict[str, tuple[str, dict[str, object]]] = {
    "sound": (PROJECT_KEY, {"key_role": "inference", "key_damage": "none", "key_sendable": True}),
    "newline": (PROJECT_KEY + "\n", {"key_damage": "repairable", "key_sendable": False}),
    "smart quotes": (
        f"\u201c{PROJECT_KEY}\u201d",
        {"key_damage": "repairable", "key_sendable": False},
    ),
    "zero width": (
        PROJECT_KEY[:20] + "\u200b" + PROJECT_KEY[20:],
        {"key_damage": "repairable", "key_sendable": False},
    ),
    "plain quotes": (f'"{PROJECT_KEY}"', {"key_damage": "repairable", "key_sendable": True}),
    "masked": ("sk-proj-abc********wxyz", {"key_damage": "unrepairable"}),
    "empty": ("", {"credential": "none"}),
    "blanks": (" \n", {"credential": "none"}),
    "quotes alone": ('""', {}),
    "other provider": (
        "gsk_" + "a" * 52,
        {
            "key_role": "other-vendor",
            "vendor": "Groq",
            "key_certain": True,
            "vendor_matches_host": False,
        },
    ),
}


@pytest.mark.parametrize(("key", "expected"), KEYS.values(), ids=KEYS)
async def test_what_is_reported_about_a_key(key: str, expected: dict[str, object]) -> None:
    facts = await _facts(key)
    assert {name: facts[name] for name in expected} == expected


async def test_the_position_of_a_defect_is_reported() -> None:
    facts = await _facts(PROJECT_KEY[:20] + "\u200b" + PROJECT_KEY[20:])
    assert "position 21 (U+200B)" in str(facts["key_defects"])


async def test_a_vendors_key_may_be_right_at_another_host() -> None:
    assert (await _facts("gsk_" + "a" * 52, "https://api.groq.com/openai/v1"))[
        "vendor_matches_host"
    ] is True


async def test_no_key_at_all() -> None:
    assert await _facts(None) == {
        "credential": "none",
        "own_server": False,
        "base_url": "https://api.openai.com/v1",
    }


async def _settings(env: dict[str, str] | None = None, **target: Any) -> dict[str, object]:
    probe = SettingsProbe(NetworkEnvironment(env=lambda: env or {}))
    return dict((await probe(call("https://api.openai.com/v1", **target))).facts)


@pytest.mark.parametrize("name", ["organization", "project"])
@pytest.mark.parametrize(
    ("value", "is_reported"),
    [
        ("org-fake1", False),
        ("org-fake1 ", True),
        ("org\u2011fake", True),
        ("a\nb", True),
        ("", False),
    ],
)
async def test_ids_that_no_client_can_send_are_reported(
    name: str, value: str, is_reported: bool
) -> None:
    target: dict[str, Any] = {name: value}
    assert (f"{name}_problem" in await _settings(**target)) is is_reported


@pytest.fixture
def store(tmp_path: Path) -> Path:
    pem = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(pem))
    return pem


async def test_a_good_certificate_file_is_fine(store: Path) -> None:
    assert "ca_file" not in await _settings(
        {"SSL_CERT_FILE": str(store), "SSL_CERT_DIR": str(store.parent)}
    )


@pytest.mark.parametrize(
    "content",
    [None, b"", b"no certificate", b"\x00\xff"],
    ids=["absent", "empty", "text", "binary"],
)
async def test_a_certificate_file_that_holds_none_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    assert (await _settings({"SSL_CERT_FILE": str(path)}))["ca_file"] == f"SSL_CERT_FILE={path}"


async def test_a_folder_is_no_certificate_file_and_a_file_no_folder(store: Path) -> None:
    assert (await _settings({"SSL_CERT_FILE": str(store.parent)}))[
        "ca_file"
    ] == f"SSL_CERT_FILE={store.parent}"
    assert (await _settings({"SSL_CERT_DIR": str(store)}))["ca_file"] == f"SSL_CERT_DIR={store}"


async def test_only_limits_are_passed_on() -> None:
    with_limits = Call(
        target=Target(),
        credential=None,
        facts={"limits_known": True, "limit_requests": 5, "reset_tokens_s": 0.5, "key_role": "x"},
    )
    assert (await LimitsProbe()(with_limits)).facts == {
        "limits_known": True,
        "limit_requests": 5,
        "reset_tokens_s": 0.5,
    }


def _token(claims: str) -> str:
    part = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{part}.{'s' * 20}"


TOKENS: dict[str, tuple[str, dict[str, object]]] = {
    "ended": (_token('{"exp": 1000}'), {"token_state": "expired", "token_ended": "1970-01-01"}),
    "running": (_token('{"exp": 3000}'), {"token_state": "running"}),
    "without an end": (_token('{"sub": "x"}'), {}),
    "an end that is no number": (_token('{"exp": "soon"}'), {}),
    "an end beyond all time": (_token('{"exp": 1e300}'), {}),
    "no JSON": (_token("nothing"), {}),
    "a list": (_token("[1]"), {}),
    "nested too deep": (_token("[" * 20_000), {}),
    "an ordinary key": (PROJECT_KEY, {}),
}


@pytest.mark.parametrize(("key", "expected"), TOKENS.values(), ids=TOKENS)
async def test_a_sign_in_tokens_end_is_read_here(key: str, expected: dict[str, object]) -> None:
    facts = (
        await CredentialProbe(lambda: 2000.0)(call("https://api.openai.com/v1", key=key))
    ).facts
    assert {name: value for name, value in facts.items() if name.startswith("token_")} == expected


PLAIN_HTTP: dict[str, tuple[str, dict[str, Any], str]] = {
    # base URL, fields of Target, plain_http_to
    "another machine": ("http://192.168.0.7:8000/v1", {}, "192.168.0.7"),
    "another machine that was agreed": ("http://192.168.0.7/v1", {"agreed": True}, "192.168.0.7"),
    "a name that begins like an address": (
        "http://127.0.0.1.evil.example/v1",
        {},
        "127.0.0.1.evil.example",
    ),
    "permitted": ("http://192.168.0.7:8000/v1", {"allow_http": True}, ""),
    "this machine, through a proxy elsewhere": (
        "http://localhost:8000/v1",
        {},
        "the proxy proxy.example",
    ),
    "this machine, without the proxy": ("http://localhost:8000/v1", {"direct": True}, ""),
    "https": ("https://192.168.0.7:8000/v1", {}, ""),
}


@pytest.mark.parametrize(("base_url", "fields", "receiver"), PLAIN_HTTP.values(), ids=PLAIN_HTTP)
async def test_who_would_read_the_key_is_said_before_anything_is_sent(
    base_url: str, fields: dict[str, Any], receiver: str
) -> None:
    env = {"HTTP_PROXY": "http://proxy.example:3128", "NO_PROXY": "x.example"}
    seen = await SettingsProbe(
        NetworkEnvironment(env=lambda: env, proxy_of=lambda url: choice_of(url, env))
    )(call(base_url, **fields))
    assert seen.facts.get("plain_http_to", "") == receiver


async def test_a_call_to_this_machine_through_a_proxy_is_noted_with_the_way_around_it() -> None:
    env = {"ALL_PROXY": "http://me:hush@127.0.0.1:3128", "NO_PROXY": "x.example"}
    seen = await SettingsProbe(
        NetworkEnvironment(env=lambda: env, proxy_of=lambda url: choice_of(url, env))
    )(call("http://0.0.0.0:8000/v1"))
    assert seen.facts["no_proxy_command"] == 'export NO_PROXY="$NO_PROXY,0.0.0.0"'
    assert "0.0.0.0 is this machine" in seen.notes[0]
    assert "hush" not in repr(seen)


@pytest.mark.parametrize("base_url", ["https://api.openai.com/v1", "http://127.0.0.1:8000/v1"])
async def test_a_proxy_that_is_not_used_and_breaks_every_client_is_a_problem(base_url: str) -> None:
    env = {"HTTPS_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "socks://127.0.0.1:7891/"}
    seen = await SettingsProbe(
        NetworkEnvironment(env=lambda: env, proxy_of=lambda url: choice_of(url, env))
    )(call(base_url))
    assert (seen.facts["proxy_variable"], seen.facts["proxy_problem"]) == (
        "ALL_PROXY",
        "socks-scheme",
    )
