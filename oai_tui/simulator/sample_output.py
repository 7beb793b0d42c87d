"""What a program prints when it meets a scenario's trouble: `curl -i` where an answer comes, the end of a traceback where none does. For people who want to see an error explained and have none at hand.

The words of an answer are the simulator's own. Those of tracebacks are openai-python 3's over httpx 0.28, and keyring 25's. Keys in them are made up, and quoted where the real ones would be.
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from oai_tui.domain.keys.secret import Secret
from oai_tui.simulator.scenario import ClientSetup, KeyringState, Scenario
from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.transport_faults import FAULT_PHASE, Fault, root_error

_MODEL = "gpt-6-luna"
_CALL = 'Traceback (most recent call last):\n  File "app.py", line 12, in <module>\n    print(client.responses.create(model="{model}", input="ping").output_text)\n'
_CAUSED = "\n\nThe above exception was the direct cause of the following exception:\n\n"
_KEYRING: Mapping[KeyringState, str] = {
    "unavailable": "keyring.errors.NoKeyringError: No recommended backend was available. Install a recommended 3rd party backend package; or, install the keyrings.alt package if you want to use the non-recommended backends.",
    "locked": "keyring.errors.KeyringLocked: Failed to unlock the collection!",
    "refused": "keyring.errors.PasswordSetError: Can't store password on keyring",
}
_FAILED: Mapping[Fault, str] = {
    "connect-timeout": "httpx.ConnectTimeout",
    "read-timeout": "httpx.ReadTimeout",
    "reset": "httpx.ReadError",
    "proxy-auth": "httpx.ProxyError",
}
_PLAIN = """openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}
"""
"""Where the scenario's program meets no trouble: one that many people know, and that nothing here confirms."""


def sample_output(scenario: Scenario) -> str:
    """The text of the scenario's trouble; of a common one where the program would have none."""
    client = scenario.client
    if scenario.keyring in _KEYRING:
        return f'Traceback (most recent call last):\n  File "app.py", line 4, in <module>\n    keyring.set_password("openai", "work", key)\n{_KEYRING[scenario.keyring]}\n'
    early = _before_the_call(client)
    if early:
        return _CALL.format(model=client.model or _MODEL) + early + "\n"
    if scenario.fault is not None:
        return _unanswered(_failure(scenario.fault, client), client)
    key = client.environment["OPENAI_API_KEY"]
    if not Secret(key).sendable:
        return _unanswered(_unsendable(key), client)
    return _answered(scenario, key)


def _before_the_call(client: ClientSetup) -> str:
    """What an SDK says when it cannot even begin: no key, a proxy or a certificate file that cannot be used."""
    variables = client.environment
    proxy = variables.get("HTTPS_PROXY", "")
    if "OPENAI_API_KEY" not in variables:
        return "openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by setting the OPENAI_API_KEY environment variable"
    if proxy and urlsplit(proxy).scheme not in {"http", "https", "socks5", "socks5h"}:
        return f"ValueError: Unknown scheme for proxy URL URL('{proxy}')"
    if path := variables.get("SSL_CERT_FILE"):
        return f"OSError: Could not find a suitable TLS CA certificate bundle, invalid path: {path}"
    return ""


def _failure(fault: Fault, client: ClientSetup) -> str:
    host, port = client.host, 443
    if fault == "proxy-unreachable":
        proxy = urlsplit(client.environment.get("HTTPS_PROXY", ""))
        host, port = proxy.hostname or host, proxy.port or port
    root = root_error(fault, host, port)
    inner = root.__cause__ if root is not None and root.__cause__ is not None else root
    name = _FAILED.get(
        fault, "httpx.ProxyError" if fault == "proxy-unreachable" else "httpx.ConnectError"
    )
    if fault == "proxy-auth":
        return f"{name}: 407 Proxy Authentication Required"
    said = f"{type(inner).__name__}: {inner}".rstrip(": ") if inner is not None else ""
    return f"{said}{_CAUSED}{name}: {'' if FAULT_PHASE[fault] == 'answer' else inner}".rstrip(": ")


def _unsendable(key: str) -> str:
    """What refuses a key that no header can hold: h11 a control character, Python's codec anything beyond ASCII."""
    stray = next((index for index, character in enumerate(key) if ord(character) > 126), None)
    if stray is None:
        return f"httpx.LocalProtocolError: Illegal header value {f'Bearer {key}'.encode()!r}"
    return f"UnicodeEncodeError: 'ascii' codec can't encode character '{key[stray].encode('unicode_escape').decode()}' in position {stray + len('Bearer ')}: ordinal not in range(128)"


def _unanswered(inner: str, client: ClientSetup) -> str:
    return f"{inner}{_CAUSED}{_CALL.format(model=client.model or _MODEL)}openai.APIConnectionError: Connection error.\n"


def _answered(scenario: Scenario, key: str) -> str:
    """The answer as `curl -i` prints it."""
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
    body = f'{{"model": "{client.model or _MODEL}", "input": "ping", "max_output_tokens": 16, "store": false}}'
    status, told, content = Simulator(scenario).answer("POST", path, headers, body.encode())
    if status < 400:
        return _PLAIN
    lines = [
        f"$ curl -i {client.base_url}/responses …",
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *(f"{name}: {value}" for name, value in told.items()),
        "",
        content.decode(),
    ]
    return "\n".join(lines) + "\n"
