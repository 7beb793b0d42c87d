"""What one fault is made of, and the machine it happens on: its variables, its names, its clock. Everything stays on loopback; a name that is not in the scene does not resolve."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.fault_server import Server

HOST = "api.lab.example"
"""A host that is not OpenAI's: it leads to 127.0.0.1 in a scene."""
OPENAI = "api.openai.com"
"""OpenAI's own name, leading to 127.0.0.1 in a scene where that matters."""
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
    """The machine of one fault. `env`: its variables beside key and base URL. `names`: addresses by host, IPv6 ones included. `public_store`: the PEM file that plays certifi's. `servers`: whoever may receive something."""

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
    """One fault. `cause`: what the walk must find, None where everything works. `sdk`: what the official SDK's text may be taken for beside that cause: a truthful, less certain one. `says`: words that the report must have.

    `limit_s`: the deadline of the whole walk.
    """

    stage: Stage
    cause: str | None
    sdk: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    limit_s: float = 4.0


@contextlib.contextmanager
def applied_to(scene: Machine) -> Iterator[None]:
    """The scene's variables and names, for as long as the with-statement lasts. The standard library's look-up stands for the machine's resolver."""
    both = [form for name in VARIABLES for form in (name, name.lower())]
    before = {name: os.environ.pop(name) for name in both if name in os.environ}
    os.environ.update({name: value for name, value in scene.env.items() if name in both})
    real = socket.getaddrinfo

    def look_up(
        host: str | bytes | None,
        port: object,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> list[object]:
        name = host.decode() if isinstance(host, bytes) else host or ""
        addresses = scene.names.get(name.lower())
        if addresses is None:
            if (
                name not in {"localhost"}
                and not name.replace(".", "").isdigit()
                and ":" not in name
            ):
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return real(host, port, family, type, proto, flags)
        fitting = [
            text
            for text in addresses
            if family in {0, socket.AF_INET6 if ":" in text else socket.AF_INET}
        ]
        if not fitting:
            raise socket.gaierror(socket.EAI_NODATA, "No address associated with hostname")
        return [entry for text in fitting for entry in real(text, port, 0, type, proto, flags)]

    socket.getaddrinfo = look_up  # type: ignore[assignment]
    try:
        yield
    finally:
        socket.getaddrinfo = real
        for name in both:
            os.environ.pop(name, None)
        os.environ.update(before)
