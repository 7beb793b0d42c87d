"""Faults on real sockets: what stands at a loopback port in place of a server. Nothing here binds to anything but 127.0.0.1, and nothing leaves the machine."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from types import MappingProxyType

from oai_tui.simulator.transport_faults import Fault

LOOPBACK = "127.0.0.1"
_REQUEST_LIMIT = 65_536
_PATIENCE_S = 30.0
_PROXY_ANSWER = b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy.example.com"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'


class PortUnavailableError(OSError):
    """The port cannot be bound; the text says which and why, `strerror` only why."""

    def __init__(self, port: int, error: Exception) -> None:
        super().__init__(
            getattr(error, "errno", None) or 0, getattr(error, "strerror", None) or str(error)
        )
        self.port = port

    def __str__(self) -> str:
        return f"port {self.port} on {LOOPBACK} cannot be used: {self.strerror}"


def bound(port: int) -> socket.socket:
    """A socket bound to this loopback port (0: any free one); PortUnavailable when that fails."""
    made = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # asyncio sends at once only on a socket that says it is TCP
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise PortUnavailableError(port, error) from error
    return made


@contextlib.contextmanager
def closed_port(port: int) -> Iterator[int]:
    """A port on which nothing listens: bound, so that nobody else takes it."""
    with bound(port) as made:
        yield made.getsockname()[1]


@contextlib.contextmanager
def full_backlog(port: int) -> Iterator[int]:
    """A port whose queue of connections is full, so that the next attempt is left without an answer (Linux)."""
    with contextlib.ExitStack() as held:
        made = held.enter_context(bound(port))
        made.listen(0)
        where = made.getsockname()
        for _ in range(3):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(where)
        yield where[1]


@contextlib.contextmanager
def misbehaving_port(
    port: int, treat: Callable[[socket.socket, threading.Event], None]
) -> Iterator[int]:
    """A port that accepts, and treats each connection as `treat` does, in threads that end with this context."""
    over = threading.Event()
    with bound(port) as made:
        made.listen(16)
        made.settimeout(0.1)

        def accept() -> None:
            while not over.is_set():
                try:
                    connection, _ = made.accept()
                except TimeoutError:
                    continue
                except OSError:
                    return
                threading.Thread(
                    target=_treated, args=(connection, treat, over), daemon=True
                ).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield made.getsockname()[1]
        finally:
            over.set()
            accepting.join(2)


def _treated(
    connection: socket.socket,
    treat: Callable[[socket.socket, threading.Event], None],
    over: threading.Event,
) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(_PATIENCE_S)
        treat(connection, over)


def silent(connection: socket.socket, over: threading.Event) -> None:
    """Accepts and never answers."""
    over.wait()


def cut(connection: socket.socket, over: threading.Event) -> None:
    """Reads the request and resets the connection."""
    connection.recv(_REQUEST_LIMIT)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def asks_for_password(connection: socket.socket, over: threading.Event) -> None:
    """A proxy that answers every CONNECT with 407."""
    connection.recv(_REQUEST_LIMIT)
    connection.sendall(_PROXY_ANSWER)


def breaks(connection: socket.socket, over: threading.Event) -> None:
    """A proxy that answers every CONNECT with an empty 502."""
    connection.recv(_REQUEST_LIMIT)
    connection.sendall(
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


FAULTY_PORTS: "MappingProxyType[Fault, Callable[[int], contextlib.AbstractContextManager[int]]]" = (
    MappingProxyType(
        {
            "refused": closed_port,
            "connect-timeout": full_backlog,
            "read-timeout": lambda port: misbehaving_port(port, silent),
            "reset": lambda port: misbehaving_port(port, cut),
            "proxy-auth": lambda port: misbehaving_port(port, asks_for_password),
            "proxy-unreachable": closed_port,
        }
    )
)
"""What to put on a port for each fault that no server can play."""
