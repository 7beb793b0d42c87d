"""Our verdicts behind Squid and Tinyproxy: which hop failed, in whose words, and what to do.

The proxies are Debian's, on loopback; a test is skipped where one is not installed, but not in CI.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pytest

from tests.fault_server import refusing, serving
from tests.network_lab import authority, servers
from tests.network_lab.fault import HOST, Fault, Machine
from tests.network_lab.run_fault import run_fault, sdk_text
from tests.real_servers import squid, tinyproxy
from tests.real_servers.fixtures import installed
from tests.real_servers.processes import Running

Proxy = Callable[[], contextlib.AbstractContextManager[Running]]
Server = Literal["by name", "by address", "plain", "refusing"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A proxy, the login in its URL, the server behind it, and the verdict.

    `server`: "by name" can be reached without the proxy, whose own resolver does not know it.
    `says`: words of the explanation. `advice`: words of the first fix. `command`: of its command.
    """

    proxy: Proxy
    cause: str | None
    server: Server = "by address"
    login: str = ""
    says: str = ""
    advice: str = ""
    command: str = ""
    confidence: str = "certain"


RIGHT = f"{squid.USER}:{squid.PASSWORD}@"
WRONG = f"{squid.USER}:wrong@"
KEEP_OUT = 'export NO_PROXY="$NO_PROXY,127.0.0.1"'

CASES: dict[str, Case] = {
    "squid lets it through": Case(proxy=squid.open_to_all, cause=None),
    "squid lets plain http through": Case(proxy=squid.open_to_all, server="plain", cause=None),
    "squid denies the host": Case(
        proxy=lambda: squid.denying(HOST),
        server="by name",
        cause="network-filter-blocked",
        says="Squid",
    ),
    "squid denies everything, plain http": Case(
        proxy=squid.denying,
        server="plain",
        cause="network-filter-blocked",
    ),
    "squid cannot resolve the name": Case(
        proxy=squid.without_resolver,
        server="by name",
        cause="proxy-interference",
        says=f"500 “Internal Server Error” to CONNECT (ERR_CANNOT_FORWARD 0: it can't resolve the "
        f"name {HOST}",
        advice=f"Call {HOST} without the proxy",
        command=f'export NO_PROXY="$NO_PROXY,{HOST}"',
    ),
    "squid cannot connect": Case(
        proxy=squid.open_to_all,
        server="refusing",
        cause="proxy-interference",
        says="ERR_CONNECT_FAIL 111: it can't connect to 127.0.0.1",
        confidence="likely",
    ),
    "squid wants a password": Case(
        proxy=squid.with_password,
        cause="proxy-auth-required",
        says="it requires a user name and password, but HTTPS_PROXY has none",
        advice="Bypass the proxy",
        command=KEEP_OUT,
    ),
    "squid wants a password for a host": Case(
        proxy=squid.with_password,
        server="by name",
        cause="proxy-auth-required",
        says="it requires a user name and password, but HTTPS_PROXY has none",
        advice="Add the proxy's user name and password to its URL",
        command="export HTTPS_PROXY=http://USER:PASSWORD@127.0.0.1:",
    ),
    "squid refuses the password": Case(
        proxy=squid.with_password,
        server="by name",
        login=WRONG,
        cause="proxy-auth-required",
        says="it rejects the user name and password in HTTPS_PROXY",
        advice="Add the proxy's user name and password to its URL",
        command="export HTTPS_PROXY=http://USER:PASSWORD@127.0.0.1:",
    ),
    "squid takes the password": Case(proxy=squid.with_password, login=RIGHT, cause=None),
    "tinyproxy lets it through": Case(proxy=tinyproxy.open_to_all, cause=None),
    "tinyproxy wants a password": Case(
        proxy=tinyproxy.with_password,
        server="by name",
        cause="proxy-auth-required",
        says="it requires a user name and password, but HTTPS_PROXY has none",
        advice="Add the proxy's user name and password to its URL",
    ),
    "tinyproxy refuses the password": Case(
        proxy=tinyproxy.with_password,
        server="by name",
        login=WRONG,
        cause="proxy-auth-required",
        says="it rejects the user name and password in HTTPS_PROXY",
        advice="Add the proxy's user name and password to its URL",
    ),
    "tinyproxy refuses the password, plain http": Case(
        proxy=tinyproxy.with_password,
        server="plain",
        login=WRONG,
        cause="proxy-auth-required",
        says="it rejects the user name and password in HTTP_PROXY",
        advice="Bypass the proxy",
        command=KEEP_OUT,
    ),
    "tinyproxy takes the password": Case(proxy=tinyproxy.with_password, login=RIGHT, cause=None),
    "tinyproxy takes the password, plain http": Case(
        proxy=tinyproxy.with_password, server="plain", login=RIGHT, cause=None
    ),
    "tinyproxy filters the host": Case(
        proxy=lambda: tinyproxy.filtering(HOST),
        server="by name",
        cause="network-filter-blocked",
        says="Tinyproxy",
    ),
    "tinyproxy refuses this client": Case(
        proxy=tinyproxy.refusing_clients,
        server="by name",
        cause="network-filter-blocked",
        says="Tinyproxy",
    ),
    "tinyproxy cannot resolve the name": Case(
        proxy=tinyproxy.open_to_all,
        server="by name",
        cause="proxy-interference",
        says="500 “Unable to connect” to CONNECT",
        advice=f"Call {HOST} without the proxy",
    ),
    "tinyproxy cannot connect": Case(
        proxy=tinyproxy.open_to_all,
        server="refusing",
        cause="proxy-interference",
        says="500 “Unable to connect” to CONNECT",
        confidence="likely",
    ),
}


@contextlib.contextmanager
def stage(case: Case) -> Iterator[Machine]:
    """Start the proxy and the server."""
    with contextlib.ExitStack() as stack:
        with installed():
            proxy = stack.enter_context(case.proxy())
        scheme, host = "https", "127.0.0.1"
        env: Mapping[str, str] = {"SSL_CERT_FILE": authority.trusted()}
        if case.server == "refusing":
            port = stack.enter_context(refusing())
        elif case.server == "plain":
            scheme = "http"
            port = stack.enter_context(serving(servers.openai())).port
        else:
            host = HOST if case.server == "by name" else host
            port = stack.enter_context(serving(servers.openai(), authority.tls(host))).port
        variable = f"{scheme.upper()}_PROXY"
        yield Machine(
            base_url=f"{scheme}://{host}:{port}/v1",
            env={**env, variable: f"http://{case.login}127.0.0.1:{proxy.port}"},
        )


@pytest.mark.parametrize("name", CASES)
async def test_the_verdict_behind_a_real_proxy(name: str) -> None:
    case = CASES[name]
    outcome = await run_fault(Fault(stage=lambda: stage(case), cause=case.cause))
    verdict = outcome.diagnosis.verdict
    assert verdict.cause == case.cause, outcome.page
    assert "wrong@" not in outcome.page
    assert squid.PASSWORD not in outcome.page
    if case.cause is None:
        return
    assert verdict.confidence == case.confidence
    assert case.says in verdict.explanation
    assert case.advice in verdict.fixes[0].text
    assert case.command in verdict.fixes[0].command
    failed = [
        phase.id
        for record in outcome.diagnosis.trail[:3]
        for phase in record.observation.phases
        if phase.mark == "failed"
    ]
    assert failed[0] in {"proxy", "answer"}


@pytest.mark.parametrize("name", CASES)
def test_the_sdk_works_there_and_only_there(name: str) -> None:
    case = CASES[name]
    text = sdk_text(Fault(stage=lambda: stage(case), cause=case.cause))
    assert (text == "") == (case.cause is None), text
