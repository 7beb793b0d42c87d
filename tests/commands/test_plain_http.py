"""Plain http to another machine: refused with its reason, and permitted for one host."""

import json
from pathlib import Path

import pytest

from oai_tui.credentials.store.profile_codec import decode_profile, encode_profile
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Change, Target
from oai_tui.headless.select_key import with_overrides
from tests.commands.cli_runner import GOOD_KEY, run_cli

LAN = "http://192.0.2.7:8000/v1"
"""An address for documentation (RFC 5737): nothing answers there."""


def test_the_reason_is_in_the_report_and_no_advice_names_an_address_that_cannot_work(
    tmp_path: Path,
) -> None:
    done = run_cli(["check", "--base-url", LAN, "--json"], tmp_path, {"OPENAI_API_KEY": GOOD_KEY})
    verdict = done.document["verdict"]
    assert (done.code, verdict["cause"], verdict["family"]) == (
        8,
        "plain-http-refused",
        "something-else-answered",
    )
    assert "unencrypted, so nothing was sent" in verdict["explanation"]
    assert verdict["fixes"][0]["command"] == f"oai-tui check --base-url {LAN} --allow-http"
    assert "https://192.0.2.7" not in json.dumps(done.document)


def test_http_to_openai_itself_is_a_wrong_base_url_with_the_right_one(tmp_path: Path) -> None:
    variables = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": "http://api.openai.com/v1"}
    done = run_cli(["check", "--allow-http", "--json"], tmp_path, variables)
    assert done.cause == "base-url-wrong"
    assert "OpenAI only accepts https" in done.document["verdict"]["explanation"]


def test_without_a_key_nothing_is_said_about_openai_for_a_server_of_your_own(
    tmp_path: Path,
) -> None:
    here = "http://127.0.0.1:11434/v1"
    done = run_cli(["check", "--base-url", here, "--json"], tmp_path)
    verdict = done.document["verdict"]
    assert (done.code, verdict["cause"]) == (3, "key-missing")
    assert "or any text if it accepts calls without a key" in verdict["fixes"][0]["text"]
    assert "openai.com" not in json.dumps(verdict)


def test_allow_http_with_all_is_a_usage_error(tmp_path: Path) -> None:
    assert run_cli(["check", "--all", "--allow-http"], tmp_path).code == 2


@pytest.mark.parametrize(
    ("base_url", "allowed"),
    [(LAN, True), ("https://gateway.example/v1", False), ("http://localhost:1/v1", True)],
)
def test_the_option_permits_plain_http_alone(base_url: str, *, allowed: bool) -> None:
    target = with_overrides(Target(base_url=base_url), {}, allow_http=True)
    assert (target.allow_http, target.agreed) == (allowed, allowed)


def test_the_permission_holds_for_its_host_and_no_other() -> None:
    target = Target(base_url=LAN, allow_http=True, agreed=True)
    other = "http://192.0.2.8:8000/v1"
    assert with_overrides(target, {"model": "m"}).allow_http
    assert not with_overrides(target, {"base_url": other}).allow_http
    moved = target.changed(
        Change(kind="use-base-url", fact="other_base_url"), {"other_base_url": other}
    )
    assert not moved.allow_http


def test_the_permission_is_saved_with_the_profile() -> None:
    for allowed in (True, False):
        target = Target(base_url=LAN, allow_http=allowed, agreed=True)
        profile = Profile(name="lan", target=target, hint="h", kind="k", fingerprint="f")
        text = encode_profile(profile)
        read = decode_profile(text, "lan")
        assert read is not None
        assert read.target.allow_http is allowed
        assert ("allow_http" in text) is allowed
