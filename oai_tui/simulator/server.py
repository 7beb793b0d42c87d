"""The simulator on a loopback port, for other programs and for tests.

`serve` runs until a signal comes, `running` inside a with-statement.

It prints nothing; the caller gets the address and the client's environment. uvicorn is an optional
extra. Faults are served as well: a closed port, a full queue, silence, a reset, bad certificates, a
proxy. On a port, a fix changes the answers but not a faulty socket.
"""

import contextlib
import shlex
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from oai_tui.simulator.faulty_sockets import (
    FAULTY_PORTS,
    LOOPBACK,
    answer_502,
    bind_port,
    misbehaving_port,
)
from oai_tui.simulator.fixtures import GOOD_KEY, SECOND_KEY
from oai_tui.simulator.flawed_certificates import Certificates, Flaw, make_certificates
from oai_tui.simulator.scenario import ClientSetup
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.simulator import Simulator, utc_now
from oai_tui.simulator.transport_faults import Fault

INSTALL_COMMAND = 'pip install "oai-tui[simulate]"'
_FLAWS: Mapping[Fault, Flaw] = {
    "tls-untrusted": "none",
    "tls-expired": "expired",
    "tls-not-yet-valid": "not-yet-valid",
    "tls-wrong-name": "wrong-name",
}
_UNREACHABLE: Mapping[Fault, str] = {
    "dns": "https://api.openai.invalid",
    "unreachable": "https://255.255.255.255",
    "host-unreachable": "https://255.255.255.255",
}
"""Origins that fail without a port.

The name never resolves (RFC 6761); to the broadcast address TCP is refused before anything is sent.
"""
_SETTINGS = ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL")


class UvicornMissingError(Exception):
    """uvicorn is not installed; the text says how to install it."""

    def __init__(self) -> None:
        super().__init__(f"the simulator on a port needs uvicorn: {INSTALL_COMMAND}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A simulation on a port."""

    simulator: Simulator
    client: ClientSetup
    """The scenario's client, with a base URL that leads to the port."""
    fixed_client: ClientSetup | None = None
    """The same for its fixed client."""
    authority: Path | None = None
    """The PEM file of the private certificate authority, if the port uses TLS."""

    @property
    def base_url(self) -> str:
        """The base URL that the client uses."""
        return self.client.base_url

    @property
    def exports(self) -> tuple[str, ...]:
        """Lines for a POSIX shell that give it the client's environment.

        The client's variables are exported; the API's variables that it does not have are unset.
        """
        environment = self.client.environment
        return (
            *(
                f"# a file .env next to the program contains {line}"
                for line in self.client.dotenv.splitlines()
            ),
            *(
                (f"# a second key that works, to try a rotation: {SECOND_KEY}",)
                if environment.get("OPENAI_API_KEY") == GOOD_KEY
                else ()
            ),
            *(f"unset {name}" for name in _SETTINGS if name not in environment),
            *(f"export {name}={shlex.quote(value)}" for name, value in environment.items()),
        )


def serve(scenario_id: str, port: int, on_ready: Callable[[Running], None]) -> None:
    """Serve a scenario on 127.0.0.1 until SIGINT or SIGTERM, then return.

    `port` 0 takes a free one. `on_ready` is called once, when connections are accepted. Raises
    KeyError for an unknown scenario, UvicornMissingError and PortUnavailableError. Call it in the
    main thread, which alone receives signals.
    """
    stopped = threading.Event()
    handlers = {
        number: signal.signal(number, lambda *_: stopped.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with running(scenario_id, port) as simulation:
            on_ready(simulation)
            while not stopped.wait(0.5):  # Windows notices a signal only between two waits
                pass
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def running(
    scenario_id: str, port: int = 0, *, now: Callable[[], datetime] = utc_now
) -> Iterator[Running]:
    """Run a scenario on a loopback port inside a with-statement. Raises what `serve` raises.

    now: the clock by which rate limits refill.
    """
    scenario = SCENARIOS[scenario_id]
    simulator = Simulator(scenario, now=now)
    fault = scenario.fault
    with contextlib.ExitStack() as stack:
        if fault is not None and fault in _UNREACHABLE:
            yield _running(simulator, _UNREACHABLE[fault])
        elif fault in {"proxy-auth", "proxy-unreachable"}:
            yield _behind_proxy(simulator, stack.enter_context(FAULTY_PORTS[fault](port)))
        elif simulator.world.proxy_reply is not None:
            yield _behind_proxy(simulator, stack.enter_context(misbehaving_port(port, answer_502)))
        elif simulator.world.replaced_by_proxy:
            # calls to this machine use no proxy, therefore the port plays proxy and API in one
            simulator.world = replace(simulator.world, replaced_by_proxy=False)
            yield stack.enter_context(_answering(simulator, port, None))
        elif fault is None and "HTTPS_PROXY" in scenario.client.environment:
            # the variable is the problem, and calls to this machine use no proxy
            yield Running(simulator=simulator, client=scenario.client)
        elif fault is not None and fault in FAULTY_PORTS:
            number = stack.enter_context(FAULTY_PORTS[fault](port))
            yield _running(simulator, f"http://{LOOPBACK}:{number}")
        else:
            yield stack.enter_context(_answering(simulator, port, fault))


def _behind_proxy(simulator: Simulator, port: int) -> Running:
    """Return a simulation whose client uses a proxy at `port`.

    Its base URL never resolves, because a call without the proxy must not reach the real host.
    """
    variables = {
        "HTTPS_PROXY": f"http://{LOOPBACK}:{port}",
        "OPENAI_BASE_URL": f"{_UNREACHABLE['dns']}/v1",
    }
    return Running(simulator=simulator, client=_with(simulator.scenario.client, variables))


@contextlib.contextmanager
def _answering(simulator: Simulator, port: int, fault: Fault | None) -> Iterator[Running]:
    """Run the app under uvicorn, with a flawed certificate if the fault is one of TLS."""
    with contextlib.ExitStack() as stack:
        certificates: Certificates | None = None
        if fault is not None and fault in _FLAWS:
            certificates = make_certificates(
                Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oai-tui-"))),
                _FLAWS[fault],
            )
        listener = stack.enter_context(bind_port(port))
        number = listener.getsockname()[1]
        scenario = simulator.scenario
        simulator.aliases = {
            f"{LOOPBACK}:{number}": scenario.client.host,
            f"localhost:{number}": scenario.second_host,
        }
        stack.enter_context(_uvicorn(simulator, listener, certificates))
        scheme = "https" if fault else "http"
        by_address = f"{scheme}://{LOOPBACK}:{number}"
        by_name = f"{scheme}://localhost:{number}"
        # a certificate for another name is an error only for a call by name
        first = by_name if fault == "tls-wrong-name" else by_address
        simulation = _running(simulator, first, by_name)
        if certificates is not None:
            simulation = _with_authority(simulation, certificates.authority)
        elif fault == "tls-plain-http":
            simulation = replace(
                simulation,
                fixed_client=scenario.client.at(
                    {scenario.client.host: f"http://{LOOPBACK}:{number}"}
                ),
            )
        yield simulation


def _with_authority(simulation: Running, authority: Path) -> Running:
    """Return the simulation with a client that trusts the private authority: only the flaw is left.

    If the authority itself is the problem, only the fixed client trusts it.
    """
    trusting = _with(simulation.client, {"SSL_CERT_FILE": str(authority)})
    if simulation.simulator.scenario.fault == "tls-untrusted":
        return replace(simulation, fixed_client=trusting, authority=authority)
    return replace(simulation, client=trusting, authority=authority)


@contextlib.contextmanager
def _uvicorn(
    simulator: Simulator, listener: socket.socket, certificates: Certificates | None
) -> Iterator[None]:
    """Run uvicorn in its own thread, without signal handlers and without headers of its own."""
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
        ssl_certfile=str(certificates.certificate) if certificates else None,
        ssl_keyfile=str(certificates.key) if certificates else None,
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
    """Return the simulation with the client's host at `first` and the second host at `second`."""
    scenario = simulator.scenario
    origins = {scenario.second_host: second or first, scenario.client.host: first}
    return Running(
        simulator=simulator,
        client=scenario.client.at(origins),
        fixed_client=scenario.fixed_client.at(origins) if scenario.fixed_client else None,
    )


def _with(client: ClientSetup, variables: Mapping[str, str]) -> ClientSetup:
    return replace(client, environment={**client.environment, **variables})
