"""Measures the network checks against curl: `python -m tests.bench.reach [ROUNDS]`.

Each round asks the same TLS server once with curl and once with the reach step over a new client,
one after the other; the medians are compared. Connections are counted as well.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time

from oai_tui.domain.observation import Observation
from oai_tui.knowledge.intercepting_issuers import INTERCEPTING_ISSUERS
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.probes.http_client import HttpClient
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.reach import ReachProbe
from tests.fault_server import serving
from tests.network_lab import authority, servers
from tests.probes.http_probe import call

CURL = "curl"


def by_curl(url: str) -> float:
    """Return the seconds that curl takes, its start included."""
    start = time.perf_counter()
    command = [CURL, "-sS", "-o", os.devnull, "--noproxy", "*", "--cacert", authority.trusted()]
    subprocess.run([*command, f"{url}/models"], check=True, timeout=30)
    return time.perf_counter() - start


async def by_reach(url: str) -> tuple[float, Observation]:
    """Return the seconds that the reach step takes over a new client, and what it observed."""
    client = HttpClient(RESPONDERS)
    try:
        start = time.perf_counter()
        probe = ReachProbe(client, NetworkEnvironment(issuers=INTERCEPTING_ISSUERS))
        observation = await probe(call(url))
        return time.perf_counter() - start, observation
    finally:
        await client.aclose()


def measure(rounds: int) -> tuple[float, float, float]:
    """Return the median seconds of curl and of the reach step, and the connections that it took."""
    os.environ["SSL_CERT_FILE"] = authority.trusted()
    times: dict[str, list[float]] = {"curl": [], "reach": []}
    connections = []
    with serving(servers.openai(), authority.tls("localhost")) as server:
        url = server.url("https", "localhost")
        for number in range(rounds + 1):
            curl = by_curl(url)
            before = server.connections
            reach, observation = asyncio.run(by_reach(url))
            if observation.status != 401:
                raise SystemExit(
                    f"the connection failed: {observation.failure} {observation.detail}"
                )
            if number:  # the first round warms the caches
                times["curl"].append(curl)
                times["reach"].append(reach)
                connections.append(server.connections - before)
    return statistics.median(times["curl"]), statistics.median(times["reach"]), max(connections)


def main(rounds: int) -> None:
    """Print the medians and the ratio."""
    curl, reach, connections = measure(rounds)
    print(
        f"curl {curl * 1000:6.1f} ms   reach {reach * 1000:6.1f} ms"
        f"   {reach / curl:5.2f} x curl   {connections:.0f} connections"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
