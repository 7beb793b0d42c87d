"""Faulty loopback ports in place of a server: closed, full, silent, resetting, or a failing proxy.

All of them bind to 127.0.0.1 only, and nothing leaves this machine.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from types import MappingProxyType

from oai_tui.simulator.transport_faults import Fault

LOOPBACK = "127.0.0.1"
_REQUEST_LIMIT = 65_536
_SOCKET_TIMEOUT_S = 30.0
_ANSWER_407 = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="proxy.example.com"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class PortUnavailableError(OSError):
    """The port cannot be bound. The text names port and reason, `strerror` the reason only."""

    def __init__(self, port: int, error: Exception) -> None:
        super().__init__(
            getattr(error, "errno", None) or 0, getattr(error, "strerror", None) or str(error)
        )
        self.port = port

    def __str__(self) -> str:
        return f"port {self.port} on {LOOPBACK} cannot be used: {self.strerror}"


def bind_port(port: int) -> socket.socket:
    """Return a socket bound to this loopback port (0: any free one).

    Raises PortUnavailableError.
    """
    # asyncio sets TCP_NODELAY only on a socket whose protocol is given as TCP
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise PortUnavailableError(port, error) from error
    return listener


@contextlib.contextmanager
def closed_port(port: int) -> Iterator[int]:
    """A port on which nothing listens. It is bound, to keep other programs from taking it."""
    with bind_port(port) as listener:
        yield listener.getsockname()[1]


@contextlib.contextmanager
def full_backlog(port: int) -> Iterator[int]:
    """A port with a full connection queue. Linux does not answer the next attempt to connect."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(bind_port(port))
        listener.listen(0)
        address = listener.getsockname()
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield address[1]


@contextlib.contextmanager
def misbehaving_port(
    port: int, handle: Callable[[socket.socket, threading.Event], None]
) -> Iterator[int]:
    """A port that calls `handle` for each connection, in threads that end with this context."""
    stopped = threading.Event()
    with bind_port(port) as listener:
        listener.listen(16)
        listener.settimeout(0.1)

        def accept() -> None:
            while not stopped.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                except OSError:
                    return
                threading.Thread(
                    target=_handle_and_close, args=(connection, handle, stopped), daemon=True
                ).start()

        accept_thread = threading.Thread(target=accept, daemon=True)
        accept_thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopped.set()
            accept_thread.join(2)


def _handle_and_close(
    connection: socket.socket,
    handle: Callable[[socket.socket, threading.Event], None],
    stopped: threading.Event,
) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(_SOCKET_TIMEOUT_S)
        handle(connection, stopped)


def never_answer(connection: socket.socket, stopped: threading.Event) -> None:
    """Keep the connection open and never answer."""
    stopped.wait()


def reset_connection(connection: socket.socket, stopped: threading.Event) -> None:
    """Read the request and reset the connection."""
    connection.recv(_REQUEST_LIMIT)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer_407(connection: socket.socket, stopped: threading.Event) -> None:
    """Answer every CONNECT with 407, as a proxy that wants a password."""
    connection.recv(_REQUEST_LIMIT)
    connection.sendall(_ANSWER_407)


def answer_502(connection: socket.socket, stopped: threading.Event) -> None:
    """Answer every CONNECT with an empty 502, as a broken proxy."""
    connection.recv(_REQUEST_LIMIT)
    connection.sendall(
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


FAULTY_PORTS: "MappingProxyType[Fault, Callable[[int], contextlib.AbstractContextManager[int]]]" = (
    MappingProxyType(
        {
            "refused": closed_port,
            "connect-timeout": full_backlog,
            "read-timeout": lambda port: misbehaving_port(port, never_answer),
            "reset": lambda port: misbehaving_port(port, reset_connection),
            "proxy-auth": lambda port: misbehaving_port(port, answer_407),
            "proxy-unreachable": closed_port,
        }
    )
)
"""The port to open for each fault that no HTTP server can produce."""
