"""The simulator on a loopback port, for anybody's own tests: `serve` until a signal comes, `running` inside a with-statement.

It prints nothing; the caller is told where the server is and what the patient's environment holds. uvicorn is an optional extra.
Faults are served too: a closed port, a full queue, silence, a reset, bad certificates, a proxy. Over a port, a cure mends the answers but not the socket.
"""

import contextlib
import shlex
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from oai_tui.simulator.faulty_sockets import FAULTY_PORTS, LOOPBACK, bound, breaks, misbehaving_port
from oai_tui.simulator.flawed_certificates import Certificates, Flaw, make_certificates
from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.simulator import Simulator
from oai_tui.simulator.transport_faults import Fault

INSTALL = 'pip install "oai-tui[simulate]"'
_FLAWS: Mapping[Fault, Flaw] = {
    "tls-untrusted": "none",
    "tls-expired": "expired",
    "tls-not-yet-valid": "not-yet-valid",
    "tls-wrong-name": "wrong-name",
}
_ELSEWHERE: Mapping[Fault, str] = {
    "dns": "https://api.openai.invalid",
    "unreachable": "https://255.255.255.255",
}
"""Faults that need no port: a name that never resolves (RFC 6761), and the broadcast address, to which TCP is refused before anything is sent."""
_SETTINGS = ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL")


class UvicornMissingError(Exception):
    """uvicorn is not installed; the text is the remedy."""

    def __init__(self) -> None:
        super().__init__(f"the simulator on a port needs uvicorn: {INSTALL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A simulation at a port. `patient` and `cured_patient` have base URLs that lead there. `authority`: the PEM file of the private CA where there is TLS."""

    simulator: Simulator
    client: ClientSetup
    fixed_client: ClientSetup | None = None
    authority: Path | None = None

    @property
    def base_url(self) -> str:
        """The base URL that the patient uses."""
        return self.client.base_url

    @property
    def exports(self) -> tuple[str, ...]:
        """Lines for a POSIX shell that make it the patient's: variables it has are exported, those of the API that it has not are unset."""
        have = self.client.environment
        beside = (
            f"# a file .env beside the program holds {line}"
            for line in self.client.dotenv.splitlines()
        )
        return (
            *beside,
            *(f"unset {name}" for name in _SETTINGS if name not in have),
            *(f"export {name}={shlex.quote(value)}" for name, value in have.items()),
        )


def serve(scenario_id: str, port: int, tell: Callable[[Running], None]) -> None:
    """Serve a scenario on 127.0.0.1 until SIGINT or SIGTERM, then return. `port` 0 takes a free one. `tell` is called once, when connections are accepted.

    KeyError for an unknown scenario; UvicornMissing; PortUnavailable. Call it in the main thread, which alone receives signals.
    """
    over = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: over.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with running(scenario_id, port) as found:
            tell(found)
            while not over.wait(0.5):  # Windows notices a signal only between two waits
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def running(scenario_id: str, port: int = 0) -> Iterator[Running]:
    """A scenario on a loopback port for as long as the with-statement lasts. Raises what `serve` raises."""
    scenario = SCENARIOS[scenario_id]
    simulator = Simulator(scenario)
    fault = scenario.fault
    with contextlib.ExitStack() as held:
        if fault is not None and fault in _ELSEWHERE:
            yield _running(simulator, _ELSEWHERE[fault])
        elif fault in {
            "proxy-auth",
            "proxy-unreachable",
        }:  # the call without the proxy must not go to the real host
            proxy = f"http://{LOOPBACK}:{held.enter_context(FAULTY_PORTS[fault](port))}"
            yield Running(
                simulator=simulator,
                client=_with(
                    scenario.client,
                    {"HTTPS_PROXY": proxy, "OPENAI_BASE_URL": f"{_ELSEWHERE['dns']}/v1"},
                ),
            )
        elif simulator.world.proxy_reply is not None:
            proxy = f"http://{LOOPBACK}:{held.enter_context(misbehaving_port(port, breaks))}"
            yield Running(
                simulator=simulator,
                client=_with(
                    scenario.client,
                    {"HTTPS_PROXY": proxy, "OPENAI_BASE_URL": f"{_ELSEWHERE['dns']}/v1"},
                ),
            )
        elif (
            simulator.world.replaced_by_proxy
        ):  # calls to this machine use no proxy, so the port plays proxy and API in one
            simulator.world = replace(simulator.world, replaced_by_proxy=False)
            yield held.enter_context(_answering(simulator, port, None))
        elif (
            fault is None and "HTTPS_PROXY" in scenario.client.environment
        ):  # the variable is the trouble, and calls to this machine use no proxy
            yield Running(simulator=simulator, client=scenario.client)
        elif fault is not None and fault in FAULTY_PORTS:
            yield _running(
                simulator, f"http://{LOOPBACK}:{held.enter_context(FAULTY_PORTS[fault](port))}"
            )
        else:
            yield held.enter_context(_answering(simulator, port, fault))


@contextlib.contextmanager
def _answering(simulator: Simulator, port: int, fault: Fault | None) -> Iterator[Running]:
    """The app under uvicorn, with a flawed certificate where the fault is one of TLS."""
    with contextlib.ExitStack() as held:
        made: Certificates | None = None
        if fault is not None and fault in _FLAWS:
            made = make_certificates(
                Path(held.enter_context(tempfile.TemporaryDirectory(prefix="oai-tui-"))),
                _FLAWS[fault],
            )
        listener = held.enter_context(bound(port))
        number = listener.getsockname()[1]
        scenario = simulator.scenario
        simulator.aliases = {
            f"{LOOPBACK}:{number}": scenario.client.host,
            f"localhost:{number}": scenario.second_host,
        }
        held.enter_context(_uvicorn(simulator, listener, made))
        scheme = "https" if fault else "http"
        first, second = f"{scheme}://{LOOPBACK}:{number}", f"{scheme}://localhost:{number}"
        # a certificate for another name shows as such only where a name was asked for
        found = _running(simulator, second if fault == "tls-wrong-name" else first, second)
        if made is not None:
            found = _with_authority(found, made.authority)
        elif fault == "tls-plain-http":
            found = replace(
                found,
                fixed_client=scenario.client.at(
                    {scenario.client.host: f"http://{LOOPBACK}:{number}"}
                ),
            )
        yield found


def _with_authority(found: Running, authority: Path) -> Running:
    """The same with the private authority trusted, so that only the flaw shows; where the authority itself is the trouble, trusting it is the cure."""
    trusting = _with(found.client, {"SSL_CERT_FILE": str(authority)})
    if found.simulator.scenario.fault == "tls-untrusted":
        return replace(found, fixed_client=trusting, authority=authority)
    return replace(found, client=trusting, authority=authority)


@contextlib.contextmanager
def _uvicorn(
    simulator: Simulator, listener: socket.socket, made: Certificates | None
) -> Iterator[None]:
    """uvicorn in a thread of its own, which leaves the signals alone; the headers are the simulator's, so it adds none."""
    try:
        import uvicorn
    except ImportError as error:
        raise UvicornMissingError from error
    config = uvicorn.Config(
        simulator.app,
        interface="asgi3",
        proxy_headers=False,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
        ssl_certfile=str(made.certificate) if made else None,
        ssl_keyfile=str(made.key) if made else None,
    )
    server = uvicorn.Server(config)
    listener.listen(128)  # connections wait in the queue until the loop has started
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(5)


def _running(simulator: Simulator, first: str, second: str = "") -> Running:
    """The patient with its host moved to `first`, the cured one to `first` or, where it uses another host, to `second`."""
    scenario = simulator.scenario
    cured = scenario.fixed_client
    origins = {scenario.second_host: second or first, scenario.client.host: first}
    return Running(
        simulator=simulator,
        client=scenario.client.at(origins),
        fixed_client=cured.at(origins) if cured else None,
    )


def _with(client: ClientSetup, variables: Mapping[str, str]) -> ClientSetup:
    return replace(client, environment={**client.environment, **variables})
