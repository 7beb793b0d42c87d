"""What httpcore tells while a request is under way, as timings and as the rung that was reached."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oai_tui.domain.observation import Fact, Timings
from oai_tui.domain.phases import PhaseId

_HEAD = "send_request_headers.started"


@dataclass(slots=True)
class Trace:
    """Collects httpcore's trace events (1.0) into timings, tells how far a request got, and keeps what is to be told of the connection.

    Through a proxy a request has two heads, the CONNECT and its own: the events of the first are kept under "tunnel.". `chain`: the certificates that were shown, in DER.
    """

    began: float = field(default_factory=time.perf_counter)
    marks: dict[str, float] = field(default_factory=dict)
    connection: dict[str, Fact] = field(default_factory=dict)
    chain: tuple[bytes, ...] = ()

    async def __call__(self, name: str, info: Mapping[str, Any]) -> None:
        kind, _, event = name.partition(".")
        event = (
            f"tunnel.{event}"
            if kind in {"proxy", "socks"} and event.startswith("start_tls")
            else event
        )
        if event == "tunnel.start_tls.started":
            self.marks = {
                ("tunnel." + key if key.startswith(("send_", "receive_")) else key): at
                for key, at in self.marks.items()
            }
        self.marks.setdefault(event, time.perf_counter())

    @property
    def connected(self) -> bool:
        """Whether the TCP connection stood, a new or a kept one."""
        return "connect_tcp.complete" in self.marks or _HEAD in self.marks

    def reached(self, *, tls: bool, proxied: bool) -> PhaseId:
        """The rung on which a request stands: the one that breaks when it fails. `tls`: whether the URL is an https one."""
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
        if start not in self.marks or end not in self.marks:
            return None
        return round((self.marks[end] - self.marks[start]) * 1000, 1)

    def timings(self) -> Timings:
        """Milliseconds of each part; the time for a connection holds that for the name, because httpcore does not tell them apart."""
        tunnel = self._between("tunnel." + _HEAD, "tunnel.receive_response_headers.complete")
        if tunnel is None and "tunnel.setup_socks5_connection.started" in self.marks:
            tunnel = self._between(
                "tunnel.setup_socks5_connection.started", "tunnel.setup_socks5_connection.complete"
            )
        secured = self._between("tunnel.start_tls.started", "tunnel.start_tls.complete")
        return Timings(
            connect_ms=self._between("connect_tcp.started", "connect_tcp.complete"),
            proxy_ms=tunnel,
            tls_ms=self._between("start_tls.started", "start_tls.complete")
            if secured is None
            else secured,
            first_byte_ms=self._between(_HEAD, "receive_response_headers.complete"),
            total_ms=round((time.perf_counter() - self.began) * 1000, 1),
        )
