"""Targets: whose host it is, and what one change changes."""

from typing import get_args

import pytest

from oai_tui.domain.target import (
    DEFAULT,
    ORIGIN_WORDS,
    Change,
    Origin,
    OriginKind,
    Target,
    receiver_of_plain_http,
)

HOSTS: dict[str, tuple[str, bool, bool]] = {
    # base URL: host, OpenAI's, this machine
    "https://api.openai.com/v1": ("api.openai.com", True, False),
    "HTTPS://EU.API.OPENAI.COM/v1": ("eu.api.openai.com", True, False),
    "https://api.openai.com:443/v1": ("api.openai.com", True, False),
    "http://api.openai.com/v1": ("api.openai.com", False, False),
    "https://openai.com": ("openai.com", True, False),
    "https://notopenai.com/v1": ("notopenai.com", False, False),
    "https://api.openai.com.evil.example/v1": ("api.openai.com.evil.example", False, False),
    "https://api.openai.com@evil.example/v1": ("evil.example", False, False),
    "https://evil.example/api.openai.com": ("evil.example", False, False),
    "https://evil.example?api.openai.com": ("evil.example", False, False),
    "https://evil.example#.openai.com": ("evil.example", False, False),
    "http://localhost:8000/v1": ("localhost", False, True),
    "http://LOCALHOST/v1": ("localhost", False, True),
    "http://127.0.0.1:8000/v1": ("127.0.0.1", False, True),
    "http://127.8.8.8/v1": ("127.8.8.8", False, True),
    "http://[::1]:8000/v1": ("::1", False, True),
    "http://127.0.0.1.evil.example/v1": ("127.0.0.1.evil.example", False, False),
    "http://127.evil.example/v1": ("127.evil.example", False, False),
    "http://localhost.evil.example/v1": ("localhost.evil.example", False, False),
    "http://192.168.0.1/v1": ("192.168.0.1", False, False),
    "http://0.0.0.0:8080/v1": ("0.0.0.0", False, True),
    "http://model.localhost/v1": ("model.localhost", False, True),
    "http://localhost./v1": ("localhost.", False, True),
    "http://127.1/v1": ("127.1", False, True),
    "http://0x7f.1/v1": ("0x7f.1", False, True),
    "http://2130706433/v1": ("2130706433", False, True),
    "http://0177.0.0.1/v1": ("0177.0.0.1", False, True),
    "http://[::ffff:127.0.0.1]/v1": ("::ffff:127.0.0.1", False, True),
    "http://[::]/v1": ("::", False, True),
    "http://128.1/v1": ("128.1", False, False),
    "http://0.0.0.1/v1": ("0.0.0.1", False, False),
    "http://127.0.0.256/v1": ("127.0.0.256", False, False),
    "http://127.0.0.0.1/v1": ("127.0.0.0.1", False, False),
    "http://08.1/v1": ("08.1", False, False),
    "http://[::ffff:128.0.0.1]/v1": ("::ffff:128.0.0.1", False, False),
    "http://notlocalhost/v1": ("notlocalhost", False, False),
    "https://[::1": ("", False, False),
    "nothing": ("", False, False),
    "": ("", False, False),
}


@pytest.mark.parametrize(("url", "expected"), HOSTS.items(), ids=list(HOSTS))
def test_whose_host_it_is(url: str, expected: tuple[str, bool, bool]) -> None:
    target = Target(base_url=url)
    assert (target.host, target.is_openai, target.is_loopback) == expected


RECEIVERS: dict[str, tuple[str, str, str]] = {
    # base URL, proxy: which other machine reads a request as it is sent
    "https to another machine": ("https://gateway.example/v1", "", ""),
    "http to this machine": ("http://localhost:8000/v1", "", ""),
    "http to another machine": ("http://192.168.0.7:8000/v1", "", "192.168.0.7"),
    "the same through a proxy here": (
        "HTTP://192.168.0.7:8000/v1",
        "http://127.0.0.1:3128",
        "192.168.0.7",
    ),
    "http to this machine through a proxy here": (
        "http://0.0.0.0:8000/v1",
        "http://me:hush@127.0.0.1:3128",
        "",
    ),
    "http to this machine through a proxy elsewhere": (
        "http://localhost:8000/v1",
        "http://me:hush@proxy.example:3128",
        "the proxy proxy.example",
    ),
}


@pytest.mark.parametrize(("url", "proxy", "receiver"), RECEIVERS.values(), ids=RECEIVERS)
def test_which_other_machine_reads_plain_http(url: str, proxy: str, receiver: str) -> None:
    assert receiver_of_plain_http(Target(base_url=url), proxy) == receiver


FULL = Target(
    base_url="https://gateway.example",
    organization="org-fake1",
    project="proj_fake1",
    model="gpt-6",
    agreed=True,
)


@pytest.mark.parametrize(
    ("change", "facts", "changed"),
    [
        (Change(kind="unset-organization"), {}, {"organization"}),
        (Change(kind="unset-project"), {}, {"project"}),
        (
            Change(kind="use-base-url", fact="base_url_with_v1"),
            {"base_url_with_v1": "https://gateway.example/v1"},
            {"base_url"},
        ),
        (
            Change(kind="use-base-url", fact="named_host_url"),
            {"named_host_url": "https://other.example/v1"},
            {"base_url", "agreed"},
        ),
        (Change(kind="use-base-url", fact="named_host_url"), {}, set()),
        (Change(kind="use-base-url", fact="named_host_url"), {"named_host_url": ""}, set()),
        (Change(kind="use-base-url"), {"": "https://x.example"}, set()),
        (Change(kind="use-model", fact="model_near"), {"model_near": "gpt-7"}, {"model"}),
        (Change(kind="use-model", fact="model_near"), {}, set()),
        (Change(kind="use-cleaned-key"), {}, set()),
    ],
)
def test_one_change_changes_one_thing(
    change: Change, facts: dict[str, str], changed: set[str]
) -> None:
    after = FULL.changed(change, facts)
    assert {
        name
        for name in ("base_url", "organization", "project", "model", "agreed")
        if getattr(after, name) != getattr(FULL, name)
    } == changed


def test_where_a_setting_came_from() -> None:
    origin = Origin(kind="dotenv", name="OPENAI_ORG_ID", place=".env:3")
    target = Target(organization="org-fake1", origins={"organization": origin})
    assert (target.origin("organization"), target.origin("project")) == (origin, DEFAULT)
    assert [str(one) for one in (origin, Origin(kind="environment", name="X"), DEFAULT)] == [
        "dotenv:.env:3",
        "environment:X",
        "default",
    ]


def test_every_kind_of_origin_has_words() -> None:
    assert set(ORIGIN_WORDS) == set(get_args(OriginKind))
    for kind in get_args(OriginKind):
        origin = Origin(kind=kind)
        assert origin.description
        assert origin.phrase
        assert origin.label


@pytest.mark.parametrize(
    ("origin", "description", "phrase", "label"),
    [
        (
            Origin(kind="environment", name="OPENAI_API_KEY", set_at="~/.zshrc:3"),
            "the environment variable OPENAI_API_KEY (set in ~/.zshrc:3)",
            "from the environment, OPENAI_API_KEY, set in ~/.zshrc:3",
            "environment",
        ),
        (Origin(kind="dotenv", place=".env:3"), "the file .env:3", "from .env:3", ".env:3"),
        (Origin(kind="dotenv", name="X"), "the file X", "from X", ".env"),
        (
            Origin(kind="keyring", name="work"),
            "the profile work",
            "from the keyring, profile work",
            "keyring",
        ),
        (Origin(kind="typed"), "the value you typed", "typed", "typed"),
        (
            Origin(kind="program", place="~/.codex"),
            "the file ~/.codex",
            "from ~/.codex",
            "~/.codex",
        ),
    ],
)
def test_an_origin_as_description_phrase_and_label(
    origin: Origin, description: str, phrase: str, label: str
) -> None:
    assert (origin.description, origin.phrase, origin.label) == (description, phrase, label)
