"""One fault, and the machine on which it happens: its variables and its names.

Everything stays on loopback. A name that the machine does not have does not resolve.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.fault_server import Server

HOST = "api.lab.example"
"""A host that is not OpenAI's. It resolves to 127.0.0.1."""
OPENAI = "api.openai.com"
"""OpenAI's own host. It resolves to 127.0.0.1 for a fault that needs it."""
VARIABLES = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "NODE_USE_ENV_PROXY",
    "REQUEST_METHOD",
)


@dataclass(kw_only=True)
class Machine:
    """The machine of one fault.

    `env`: its variables besides key and base URL. `names`: IPv4 and IPv6 addresses by host.
    `public_store`: the PEM file that replaces certifi's. `servers`: all that may receive something.
    `gateway`: the user agrees to a server that is not OpenAI's.
    """

    base_url: str
    env: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {HOST: ("127.0.0.1",)})
    public_store: str = ""
    status_url: str = "https://status.invalid"
    servers: tuple[Server, ...] = ()
    gateway: bool = True


Stage = Callable[[], AbstractContextManager[Machine]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault."""

    stage: Stage
    cause: str | None
    """The cause that a walk must select; None if everything works."""
    sdk: tuple[str, ...] = ()
    """Causes that `explain` may find in the official SDK's text instead: true, but less certain."""
    says: tuple[str, ...] = ()
    """Words that the report must have."""
    limit_s: float = 20.0
    """Seconds for the whole walk. Short for a fault that ends only when the time is over."""

    @property
    def sdk_timeout_s(self) -> float:
        """Seconds for the official SDK's request."""
        return self.limit_s / 2


@contextlib.contextmanager
def applied(machine: Machine) -> Iterator[None]:
    """Set the machine's variables and names. They are restored at the end.

    The standard library's look-up replaces the machine's resolver.
    """
    both = [form for name in VARIABLES for form in (name, name.lower())]
    before = {name: os.environ.pop(name) for name in both if name in os.environ}
    os.environ.update({name: value for name, value in machine.env.items() if name in both})
    real = socket.getaddrinfo

    def look_up(
        host: str | bytes | None,
        port: str | int | None,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> Sequence[object]:
        name = host.decode() if isinstance(host, bytes) else host or ""
        addresses = machine.names.get(name.lower())
        if addresses is None:
            is_address = name.replace(".", "").isdigit() or ":" in name
            if name != "localhost" and not is_address:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return real(host, port, family, type, proto, flags)
        matching = [
            address
            for address in addresses
            if family in {0, socket.AF_INET6 if ":" in address else socket.AF_INET}
        ]
        if not matching:
            raise socket.gaierror(socket.EAI_NODATA, "No address associated with hostname")
        return [entry for text in matching for entry in real(text, port, 0, type, proto, flags)]

    socket.getaddrinfo = look_up  # type: ignore[assignment]
    try:
        yield
    finally:
        socket.getaddrinfo = real
        for name in both:
            os.environ.pop(name, None)
        os.environ.update(before)
