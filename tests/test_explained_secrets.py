"""`explain` shows no key, no Authorization value and no e-mail address of a text or a log.

This is so in any encoding and any place. The keys in a text are not known, so their look decides.
"""

import base64
import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.diagnosis.text.unknown_secrets import without_secrets
from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.keys.secret import Secret
from oai_tui.reports import EXPLANATIONS, ExplainReport, exit_code, render_explanation
from oai_tui.reports.explain_report import worst_verdict
from oai_tui.services.explain_text import explain_stream, explain_text, no_failure
from tests.domain.keys.fake_keys import SPELLINGS, leaks

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _examples(share: float) -> int:
    """Return a share of the profile's number of examples: each test here runs for many formats."""
    return max(3, int(share * settings().max_examples))


def generated(seed: int, length: int) -> str:
    """Return characters as a generator of keys draws them, the same for a seed."""
    digits = b"".join(
        hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(length // 32 + 1)
    )
    return "".join(LETTERS[byte % 62] for byte in digits[:length])


keys = st.builds(
    lambda prefix, seed, length: prefix + generated(seed, length),
    st.sampled_from(["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-", "gsk_", "xai-"]),
    st.integers(0, 10**9),
    st.integers(80, 160),
)
tokens = st.builds(generated, st.integers(0, 10**9), st.integers(40, 90))

# About one in a hundred thousand generated keys does not look generated. The draws are the same
# each time (derandomize), so a failure comes from a change and not from chance.
PLACES: dict[str, str] = {
    "an error that shows it": (
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key "
        "provided: %s. You can find your API key at https://platform.openai.com/account/api-keys.'"
        ", 'code': 'invalid_api_key'}}"
    ),
    "curl -v": (
        "> GET /v1/models HTTP/2\n> authorization: Bearer %s\n> user-agent: curl/8\n>\n"
        '< HTTP/2 401\n{"error": {"code": "invalid_api_key"}}'
    ),
    "a setting": "OPENAI_API_KEY=%s python app.py\nopenai.APIConnectionError: Connection error.",
    "a header that cannot be sent": (
        "httpx.LocalProtocolError: Illegal header value b'Bearer %s\\n'\n"
        "openai.APIConnectionError: Connection error."
    ),
    "an address": "Error: 401 Unauthorized for url: https://api.openai.com/v1/models?api_key=%s",
    "an argument": 'Error code: 401\nclient = OpenAI(api_key="%s")',
    "alone": "%s\nError code: 429 - insufficient_quota",
}


def pages(text: str) -> str:
    """Return everything that `explain` keeps of a text: all reports, and the result itself."""
    result = explain_stream(io.BytesIO(text.encode("utf-8", "replace")), now=0)
    verdict = worst_verdict(result.results) if result.results else no_failure()
    report = ExplainReport(
        explanation=result,
        verdict=verdict,
        exit_code=exit_code(verdict),
        version="1",
        started_at=datetime(2026, 11, 23, tzinfo=UTC),
        elapsed_ms=1,
    )
    return "".join(render_explanation(form, report) for form in EXPLANATIONS) + repr(result)


def logged(text: str) -> str:
    """Return a log with the text in two of its records."""
    fine = "".join(f"2026-11-02 08:{minute:02}:00 INFO app: all is well\n" for minute in range(30))
    return (
        f"{fine}2026-11-02 09:00:00 ERROR app: openai call failed\n{text}\n"
        "2026-11-02 09:01:00 ERROR app: openai.RateLimitError: Error code: 429 - "
        f"{text}\n{fine}"
    )


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("encode", SPELLINGS.values(), ids=SPELLINGS)
@settings(derandomize=True, max_examples=_examples(0.12))
@given(
    key=keys,
    wrap=st.sampled_from(
        [str, logged, json.dumps, lambda text: json.dumps({"message": json.dumps({"error": text})})]
    ),
)
def test_no_key_comes_out(
    place: str, encode: Callable[[str], str], key: str, wrap: Callable[[str], str]
) -> None:
    assert not leaks(key, pages(wrap(place % encode(key))))


AUTHORIZATIONS: dict[str, Callable[[str], str]] = {
    "Bearer": lambda token: f"Authorization: Bearer {token}",
    "Basic": lambda token: (
        f"Proxy-Authorization: Basic {base64.b64encode(f'user:{token}'.encode()).decode()}"
    ),
    "JSON": lambda token: json.dumps({"headers": {"Authorization": f"Bearer {token}", "x": 1}}),
    "JSON in JSON": lambda token: json.dumps(
        {"config": json.dumps({"headers": {"Authorization": f"Basic {token}"}})}
    ),
    "repr": lambda token: repr({"Authorization": f"Bearer {token}"}),
    "pairs of bytes": lambda token: repr(
        [(b"Host", b"api.openai.com"), (b"Authorization", f"Basic {token}".encode())]
    ),
    "curl -v": lambda token: (
        f"> GET /v1/models HTTP/1.1\r\n> Authorization: Bearer {token}\r\n> Accept: */*\r\n"
    ),
    "curl's argument": lambda token: (
        f"curl -H 'Authorization: Bearer {token}' https://api.openai.com/v1/models"
    ),
    "base64 of the line": lambda token: base64.b64encode(
        f"Authorization: Bearer {token}".encode()
    ).decode(),
    "in an address": lambda token: f"auth=Bearer%20{token}&x=1",
    "Azure's": lambda token: f"api-key: {token}",
    "Azure's, in JSON": lambda token: json.dumps(json.dumps({"api-key": token})),
    "a session": lambda token: f"Cookie: session={token}; other=1",
}


@pytest.mark.parametrize("write", AUTHORIZATIONS.values(), ids=AUTHORIZATIONS)
@settings(derandomize=True, max_examples=_examples(0.2))
@given(token=tokens, wrap=st.sampled_from([str, logged]))
def test_no_authorization_comes_out(
    write: Callable[[str], str], token: str, wrap: Callable[[str], str]
) -> None:
    assert not leaks(
        token, pages(wrap(f"{write(token)}\nopenai.AuthenticationError: Error code: 401"))
    )


@settings(derandomize=True, max_examples=_examples(0.4))
@given(
    name=st.text("abcdefghijklmnopqrstuvwxyz.+_0123456789", min_size=4, max_size=20).filter(
        lambda name: name.strip(".") == name and ".." not in name
    ),
    at=st.sampled_from(["@", "%40", "&#64;", "\\u0040"]),
    wrap=st.sampled_from([str, logged, json.dumps]),
)
def test_no_address_comes_out(name: str, at: str, wrap: Callable[[str], str]) -> None:
    page = pages(
        wrap(
            "openai.PermissionDeniedError: Error code: 403 - "
            f"user {name}{at}mail.example.com may not do this"
        )
    )
    assert f"{name}@" not in page.replace(at, "@")


KEPT = [
    "org-AbCdEfGh1234567890AbCdEf",
    "proj_AbCd1234EfGh5678IjKl9012",
    "req_1a9b278241d22896524af079e9ba9c8c",
    "chatcmpl-9AbCdEf1234567890GhIjKlMn",
    "0f8fad5b-d9cd-469f-a165-70867728950e",
    "unsupported_country_region_territory",
    "gpt-5.4-mini-2026-03-17-preview-deployment",
    "ChatCompletionMessageParamBuilderFactory2",
    "/venv/lib/python3.12/site-packages/openai/_base_client.py",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "Bearer $OPENAI_API_KEY",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_not_a_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_a_known_key_is_hidden_though_it_does_not_look_like_one() -> None:
    key = "correct-horse-battery"
    (report,) = explain_text(f"Incorrect API key provided: {key}", now=0, secrets=(Secret(key),))
    assert key not in repr(report)
    assert MASK in repr(report)


OTHER_SECRETS = {
    "GitHub": "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "GitHub, fine-grained": "github_pat_11ABCDEFG0123456789abcdefghijklmnopqrstuvwxyz",
    "GitLab": "glpat-abcdefghijklmnopqrst",
    "npm": "npm_abcdefghijklmnopqrstuvwxyz0123456789",
    "Slack": "xoxb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx",
    "Slack's web hook": "T00000000/B00000000/XXXXXXXXabcdefghXXXXXXXX",
    "AWS": "AKIAIOSFODNN7EXAMPLE",
    "AWS's secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "SendGrid": "SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "Codex": "rt.1.abcdefghijklmnop",
    "a password": "hunterhunter",
    "a password with blanks": "correct horse battery",
    "a PEM key": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
}
PLACES_OF_OTHER_SECRETS = {
    "Slack's web hook": "https://hooks.slack.com/services/%s",
    "AWS's secret": "aws_secret_access_key=%s",
    "a password with blanks": '{"password": "%s"}',
    "a PEM key": "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----",
}


@pytest.mark.parametrize("name", OTHER_SECRETS)
def test_secrets_of_others_are_hidden(name: str) -> None:
    secret = OTHER_SECRETS[name]
    usual = "password=%s" if name == "a password" else "%s"
    place = PLACES_OF_OTHER_SECRETS.get(name, usual) % secret
    text = f"Error code: 401 - upstream refused {place} (Unauthorized)"
    assert secret not in pages(text)


SPELLINGS_OF_A_PASSWORD = (
    "password=%s",
    "PGPASSWORD=%s",
    '"password": "%s"',
    '{\\"password\\": \\"%s\\"}',
    "'passwd': '%s'",
    "--password %s",
    "--password=%s",
    "client_secret: %s9",
    '"refresh_token": "%s"',
    "id_token=%s",
)


@pytest.mark.parametrize("spelling", SPELLINGS_OF_A_PASSWORD)
def test_a_password_is_hidden_in_every_spelling(spelling: str) -> None:
    assert "hunterhunter" not in without_secrets(spelling % "hunterhunter")


@pytest.mark.parametrize(
    "text",
    [
        "password: required",
        "Invalid password: try again",
        "password=$PASSWORD",
        '"password": "[key hidden]"',
        "access_token: null",
        "the refresh token expired",
        "npm_config_registry=https://registry.example.com",
        "the option --password",
    ],
)
def test_words_about_passwords_stay(text: str) -> None:
    assert without_secrets(text) == text
