"""What the ladder costs on a healthy way, as a ratio within one run: `python -m tests.bench.ladder [ROUNDS]`.

Each round asks the same TLS server once with curl and once with the reach step over a fresh wire, one after the other; the medians are compared. Connections are counted as well.
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
    """Seconds that curl takes, its start included."""
    began = time.perf_counter()
    subprocess.run(
        [
            CURL,
            "-sS",
            "-o",
            os.devnull,
            "--noproxy",
            "*",
            "--cacert",
            authority.trusted(),
            f"{url}/models",
        ],
        check=True,
        timeout=30,
    )
    return time.perf_counter() - began


async def by_the_ladder(url: str) -> tuple[float, Observation]:
    """Seconds that the reach step takes over a wire that nobody has used."""
    wire = HttpClient(RESPONDERS)
    try:
        began = time.perf_counter()
        seen = await ReachProbe(wire, NetworkEnvironment(issuers=INTERCEPTING_ISSUERS))(call(url))
        return time.perf_counter() - began, seen
    finally:
        await wire.aclose()


def measured(rounds: int) -> tuple[float, float, float]:
    """Median seconds of curl and of the ladder, and the connections that one ladder took."""
    os.environ["SSL_CERT_FILE"] = authority.trusted()
    with serving(servers.openai(), authority.tls("localhost")) as server:
        url = server.url("https", "localhost")
        taken: dict[str, list[float]] = {"curl": [], "ladder": []}
        connections = []
        for number in range(rounds + 1):
            curl = by_curl(url)
            before = server.connections
            ladder, seen = asyncio.run(by_the_ladder(url))
            if seen.status != 401:
                raise SystemExit(f"the way was not healthy: {seen.failure} {seen.detail}")
            if number:  # the first round warms the caches
                taken["curl"].append(curl)
                taken["ladder"].append(ladder)
                connections.append(server.connections - before)
    return statistics.median(taken["curl"]), statistics.median(taken["ladder"]), max(connections)


def main(rounds: int) -> None:
    """Print the medians and the ratio."""
    curl, ladder, connections = measured(rounds)
    print(
        f"curl {curl * 1000:6.1f} ms   ladder {ladder * 1000:6.1f} ms   {ladder / curl:5.2f} x curl   {connections:.0f} connections"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
