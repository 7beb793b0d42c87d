"""One question over one wire, as the probes put it; and a whole walk, as a face starts it."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import httpx

from oai_tui.credentials.store.memory import MemoryEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.credential import Credential, kind_of
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Origin, Target
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.knowledge.responders import RESPONDERS
from oai_tui.probes.http_client import ApiRequest, HttpClient
from oai_tui.probes.network.network_environment import NetworkEnvironment
from oai_tui.probes.reach import ReachProbe
from oai_tui.services.build import Services
from oai_tui.system.clock import SystemClock
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario

LIMIT_S = 0.4
"""What the faults that never end are given."""
GRACE_S = 1.6
"""What a machine under load may take beyond that."""
GO = {"key_may_go": True}


def credential(text: str = PROJECT_KEY) -> Credential:
    return Credential(
        secret=Secret(text),
        origin=Origin(kind="environment", name="OPENAI_API_KEY"),
        kind=kind_of(Secret(text), KEY_KINDS),
    )


def call(
    base_url: str,
    *,
    key: str | None = PROJECT_KEY,
    limit_s: float = 5.0,
    facts: Mapping[str, Fact] | None = None,
    **target: object,
) -> Call:
    aim = Target(base_url=base_url, **target)  # type: ignore[arg-type]
    return Call(
        target=aim,
        credential=credential(key) if key is not None else None,
        facts={"host": aim.host, **(facts or {})},
        limit_s=limit_s,
    )


@asynccontextmanager
async def wire(
    answer: Callable[[httpx.Request], httpx.Response] | None = None, **more: object
) -> AsyncIterator[HttpClient]:
    """A wire; over `answer` instead of real sockets when that is given."""

    def streamed(request: httpx.Request) -> httpx.Response:
        """An answer whose body can be read as raw bytes, as from a socket."""
        assert answer is not None
        response = answer(request)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(response.content),
            extensions=response.extensions,
        )

    made = HttpClient(
        RESPONDERS, transport=httpx.MockTransport(streamed) if answer else None, **more
    )  # type: ignore[arg-type]
    try:
        yield made
    finally:
        await made.aclose()


async def ask(
    base_url: str, *, keyed: bool = False, limit_s: float = 5.0, **more: object
) -> Observation:
    """GET /models over real sockets."""
    async with wire() as made:
        reply = await made.ask(
            call(base_url, limit_s=limit_s, facts=GO, **more),
            ApiRequest(probe="models", path="/models", key=keyed),
        )  # type: ignore[arg-type]
        return reply.observation


async def reach(base_url: str, *, limit_s: float = 5.0) -> Observation:
    """The probe without the key."""
    async with wire() as made:
        return await ReachProbe(made, NetworkEnvironment(control="localhost"))(
            call(base_url, limit_s=limit_s)
        )


async def walked(base_url: str, *, timeout_s: float = 5.0, **env: str) -> Diagnosis:
    """A walk with everything at its place but the server."""
    environment = {
        "OPENAI_API_KEY": PROJECT_KEY,
        "OPENAI_BASE_URL": base_url,
        **{name: os.environ[name] for name in ("SSL_CERT_FILE",) if name in os.environ},
        **env,
    }
    services = Services(
        mode="real",
        env=environment,
        vault=KeyringVault(MemoryEntries()),
        clock=SystemClock(),
        sources=("environment",),
    )
    try:
        return await run_scenario(
            services, *first_key(services), ScriptedAnswers(), timeout_s=timeout_s
        )
    finally:
        await services.aclose()
