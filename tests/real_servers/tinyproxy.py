"""Tinyproxy (Debian package tinyproxy-bin) as a forward proxy. `base_url` is the proxy's URL."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from .processes import LOOPBACK, Command, Running, running
from .tools import system_program

USER, PASSWORD, REALM = "tester", "right-password", "Tinyproxy"


def open_to_all() -> contextlib.AbstractContextManager[Running]:
    """It lets every request through; 500 or 502 where the server behind cannot be reached."""
    return _started([f"Allow {LOOPBACK}"])


def with_password() -> contextlib.AbstractContextManager[Running]:
    """It wants USER and PASSWORD: 407 without, 401 or 407 with another password."""
    return _started([f"Allow {LOOPBACK}", f"BasicAuth {USER} {PASSWORD}"])


def filtering(*hosts: str) -> contextlib.AbstractContextManager[Running]:
    """It refuses these hosts: 403."""
    return _started([f"Allow {LOOPBACK}", "FilterExtended On"], filtered=hosts)


def refusing_clients() -> contextlib.AbstractContextManager[Running]:
    """It takes only clients of another address: 403."""
    return _started(["Allow 192.0.2.1"])


def few_ports(*ports: int) -> contextlib.AbstractContextManager[Running]:
    """It allows CONNECT to these ports only: 403."""
    return _started([f"Allow {LOOPBACK}", *(f"ConnectPort {port}" for port in ports)])


def _started(
    lines: Sequence[str], *, filtered: Sequence[str] = ()
) -> contextlib.AbstractContextManager[Running]:
    program = system_program("tinyproxy")

    def setup(port: int, folder: Path) -> Command:
        own = [f"Port {port}", f"Listen {LOOPBACK}", "Timeout 10", "MaxClients 20"]
        own += [f'LogFile "{folder}/tinyproxy.log"', f'PidFile "{folder}/tinyproxy.pid"']
        if filtered:
            (folder / "filter").write_text("".join(f"^{host}$\n" for host in filtered))
            own.append(f'Filter "{folder}/filter"')
        (folder / "tinyproxy.conf").write_text("\n".join([*own, *lines]) + "\n")
        return Command(argv=[program, "-d", "-c", folder / "tinyproxy.conf"])

    return running(setup, path="")
