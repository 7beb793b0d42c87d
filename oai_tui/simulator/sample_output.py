"""The text that a program prints in a scenario: the output of `curl -i`, or a traceback.

It shows `explain` to people who have no error at hand. The texts of answers are the simulator's
own; those of tracebacks are openai-python 3's over httpx 0.28, and keyring 25's. The keys in them
are invented, and quoted where the real ones would be.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from oai_tui.domain.keys.secret import Secret
from oai_tui.simulator.scenario import ClientSetup, KeyringState, Scenario
from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.transport_faults import FAULT_PHASE, Fault, root_error

_MODEL = "gpt-6-luna"
_TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "app.py", line 12, in <module>\n'
    '    print(client.responses.create(model="{model}", input="ping").output_text)\n'
)
_CAUSE_LINE = "\n\nThe above exception was the direct cause of the following exception:\n\n"
_KEYRING_ERRORS: Mapping[KeyringState, str] = {
    "unavailable": (
        "keyring.errors.NoKeyringError: No recommended backend was available. Install a "
        "recommended 3rd party backend package; or, install the keyrings.alt package if you want "
        "to use the non-recommended backends."
    ),
    "locked": "keyring.errors.KeyringLocked: Failed to unlock the collection!",
    "refused": "keyring.errors.PasswordSetError: Can't store password on keyring",
}
_EXCEPTION_NAMES: Mapping[Fault, str] = {
    "connect-timeout": "httpx.ConnectTimeout",
    "read-timeout": "httpx.ReadTimeout",
    "reset": "httpx.ReadError",
    "proxy-auth": "httpx.ProxyError",
}
_COMMON_ERROR = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': "
    "'You exceeded your current quota, please check your plan and billing details.', "
    "'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}\n"
)
"""The text for a scenario without a problem: a well-known error, which a check does not confirm."""


def sample_output(scenario: Scenario) -> str:
    """Return the error text of a scenario, or a common one if the scenario has no problem."""
    client = scenario.client
    if scenario.text:
        return scenario.text
    if scenario.keyring in _KEYRING_ERRORS:
        return (
            "Traceback (most recent call last):\n"
            '  File "app.py", line 4, in <module>\n'
            '    keyring.set_password("openai", "work", key)\n'
            f"{_KEYRING_ERRORS[scenario.keyring]}\n"
        )
    if error := _error_before_the_call(client):
        return _TRACEBACK.format(model=client.model or _MODEL) + error + "\n"
    if scenario.fault is not None:
        return _unanswered(_network_error(scenario.fault, client), client)
    key = client.environment["OPENAI_API_KEY"]
    if not Secret(key).sendable:
        return _unanswered(_unsendable(key), client)
    return _answered(scenario, key)


def _error_before_the_call(client: ClientSetup) -> str:
    """Return the SDK's error before any call, or "" if it can make one."""
    variables = client.environment
    proxy = variables.get("HTTPS_PROXY", "")
    if "OPENAI_API_KEY" not in variables:
        return (
            "openai.OpenAIError: The api_key client option must be set either by passing api_key "
            "to the client or by setting the OPENAI_API_KEY environment variable"
        )
    if proxy and urlsplit(proxy).scheme not in {"http", "https", "socks5", "socks5h"}:
        return f"ValueError: Unknown scheme for proxy URL URL('{proxy}')"
    if path := variables.get("SSL_CERT_FILE"):
        return f"OSError: Could not find a suitable TLS CA certificate bundle, invalid path: {path}"
    return ""


def _network_error(fault: Fault, client: ClientSetup) -> str:
    host, port = client.host, 443
    if fault == "proxy-unreachable":
        proxy = urlsplit(client.environment.get("HTTPS_PROXY", ""))
        host, port = proxy.hostname or host, proxy.port or port
    root = root_error(fault, host, port)
    inner = root.__cause__ if root is not None and root.__cause__ is not None else root
    name = _EXCEPTION_NAMES.get(
        fault, "httpx.ProxyError" if fault == "proxy-unreachable" else "httpx.ConnectError"
    )
    if fault == "proxy-auth":
        return f"{name}: 407 Proxy Authentication Required"
    cause = f"{type(inner).__name__}: {inner}".rstrip(": ") if inner is not None else ""
    message = "" if FAULT_PHASE[fault] == "answer" else inner
    return f"{cause}{_CAUSE_LINE}{name}: {message}".rstrip(": ")


def _unsendable(key: str) -> str:
    """Return the error for a key that no header can hold.

    h11 refuses a control character, Python's codec any character that is not ASCII.
    """
    stray = next((index for index, character in enumerate(key) if ord(character) > 126), None)
    if stray is None:
        return f"httpx.LocalProtocolError: Illegal header value {f'Bearer {key}'.encode()!r}"
    return (
        "UnicodeEncodeError: 'ascii' codec can't encode character "
        f"'{key[stray].encode('unicode_escape').decode()}' in position {stray + len('Bearer ')}: "
        "ordinal not in range(128)"
    )


def _unanswered(inner: str, client: ClientSetup) -> str:
    traceback = _TRACEBACK.format(model=client.model or _MODEL)
    return f"{inner}{_CAUSE_LINE}{traceback}openai.APIConnectionError: Connection error.\n"


def _answered(scenario: Scenario, key: str) -> str:
    """Return the answer as `curl -i` prints it."""
    client = scenario.client
    path = f"{urlsplit(client.base_url).path.rstrip('/')}/responses"
    headers = {
        "host": client.host,
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
    }
    named = {"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"}
    headers |= {
        header: client.environment[name]
        for header, name in named.items()
        if name in client.environment
    }
    if "HTTPS_PROXY" in client.environment:
        headers["via"] = "1.1 proxy.example.com"
    body = {
        "model": client.model or _MODEL,
        "input": "ping",
        "max_output_tokens": 16,
        "store": False,
    }
    status, reply_headers, content = Simulator(scenario).answer(
        "POST", path, headers, json.dumps(body).encode()
    )
    if status < 400:
        return _COMMON_ERROR
    lines = [
        f"$ curl -i {client.base_url}/responses …",
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *(f"{name}: {value}" for name, value in reply_headers.items()),
        "",
        content.decode(),
    ]
    return "\n".join(lines) + "\n"
