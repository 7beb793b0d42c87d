"""httpcore's trace events of one request, as timings and as the phase that was reached."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oai_tui.domain.observation import Fact, Timings
from oai_tui.domain.phases import PhaseId

_HEADERS_SENT = "send_request_headers.started"
"""The event when the connection is open and the request begins."""


@dataclass(slots=True)
class Trace:
    """Collects httpcore's trace events (httpcore 1.0).

    A request through a proxy sends headers twice, those of CONNECT and its own: the events of the
    first are kept under "tunnel.". `began`, `marks`: seconds of `time.perf_counter`.
    `connection`: facts about the connection. `chain`: the server's certificates in DER.
    """

    began: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)
    connection: dict[str, Fact] = field(default_factory=dict)
    chain: tuple[bytes, ...] = ()

    async def __call__(self, name: str, info: Mapping[str, Any]) -> None:
        kind, _, event = name.partition(".")
        if kind in {"proxy", "socks"} and event.startswith("start_tls"):
            event = f"tunnel.{event}"
        if event == "tunnel.start_tls.started":
            self.marks = {
                ("tunnel." + key if key.startswith(("send_", "receive_")) else key): at
                for key, at in self.marks.items()
            }
        self.marks.setdefault(event, time.perf_counter())

    @property
    def connected(self) -> bool:
        """Return True once a TCP connection is open, a new or a reused one."""
        return "connect_tcp.complete" in self.marks or _HEADERS_SENT in self.marks

    def reached(self, *, tls: bool, proxied: bool) -> PhaseId:
        """Return the phase that a request is in, which is the one that failed if it fails now.

        `tls`: whether the URL is an https one.
        """
        if not self.connected:
            return "connect"
        is_new = "connect_tcp.started" in self.marks
        secured = "tunnel.start_tls.complete" in self.marks or (
            "start_tls.complete" in self.marks and not proxied
        )
        if not (tls and is_new) or secured:
            return "answer"
        return "proxy" if proxied and "tunnel.start_tls.started" not in self.marks else "tls"

    def _between(self, start: str, end: str) -> float | None:
        """Milliseconds between two events; None unless both happened."""
        if start not in self.marks or end not in self.marks:
            return None
        return round((self.marks[end] - self.marks[start]) * 1000, 1)

    def timings(self) -> Timings:
        """Return the milliseconds of each phase.

        `connect_ms` includes the name look-up, because httpcore reports both as one.
        """
        tunnel = self._between(
            "tunnel." + _HEADERS_SENT, "tunnel.receive_response_headers.complete"
        )
        if tunnel is None and "tunnel.setup_socks5_connection.started" in self.marks:
            tunnel = self._between(
                "tunnel.setup_socks5_connection.started", "tunnel.setup_socks5_connection.complete"
            )
        tls = self._between("tunnel.start_tls.started", "tunnel.start_tls.complete")
        if tls is None:
            tls = self._between("start_tls.started", "start_tls.complete")
        return Timings(
            connect_ms=self._between("connect_tcp.started", "connect_tcp.complete"),
            proxy_ms=tunnel,
            tls_ms=tls,
            first_byte_ms=self._between(_HEADERS_SENT, "receive_response_headers.complete"),
            total_ms=round((time.perf_counter() - self.began) * 1000, 1),
        )
