"""Sends one request as a probe does, or walks as a front end does, over real sockets."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

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
from tests.domain.keys.fake_keys import PROJECT_KEY
from tests.scenarios.run_scenario import ScriptedAnswers, first_key, run_scenario
from tests.services.make_services import make_services

GO = {"key_may_go": True}
"""Facts of an endpoint that may get the key."""


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
    limit_s: float = 10.0,
    facts: Mapping[str, Fact] | None = None,
    **target: Any,
) -> Call:
    """What a probe gets. `target`: fields of Target."""
    where = Target(base_url=base_url, **target)
    return Call(
        target=where,
        credential=credential(key) if key is not None else None,
        facts={"host": where.host, **(facts or {})},
        limit_s=limit_s,
    )


@asynccontextmanager
async def http_client(
    answer: Callable[[httpx.Request], httpx.Response] | None = None, **options: Any
) -> AsyncIterator[HttpClient]:
    """An HTTP client; over `answer` instead of real sockets if that is given."""

    def streamed(request: httpx.Request) -> httpx.Response:
        """A response whose body can be read as raw bytes, as from a socket."""
        assert answer is not None
        response = answer(request)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(response.content),
            extensions=response.extensions,
        )

    transport = httpx.MockTransport(streamed) if answer else None
    client = HttpClient(RESPONDERS, transport=transport, **options)
    try:
        yield client
    finally:
        await client.aclose()


async def ask(
    base_url: str, *, keyed: bool = False, limit_s: float = 10.0, **options: Any
) -> Observation:
    """GET /models over real sockets. `options`: of `call`."""
    async with http_client() as client:
        reply = await client.ask(
            call(base_url, limit_s=limit_s, facts=GO, **options),
            ApiRequest(probe="models", path="/models", key=keyed),
        )
        return reply.observation


async def reach(base_url: str, *, limit_s: float = 10.0) -> Observation:
    """The probe without the key."""
    async with http_client() as client:
        probe = ReachProbe(client, NetworkEnvironment(control="localhost"))
        return await probe(call(base_url, limit_s=limit_s))


async def walked(base_url: str, *, timeout_s: float = 20.0, **env: str) -> Diagnosis:
    """A walk in which nothing but the server can fail. `env`: further variables."""
    environment = {
        "OPENAI_API_KEY": PROJECT_KEY,
        "OPENAI_BASE_URL": base_url,
        **{name: os.environ[name] for name in ("SSL_CERT_FILE",) if name in os.environ},
        **env,
    }
    services = make_services(environment)
    try:
        return await run_scenario(
            services, *first_key(services), ScriptedAnswers(), timeout_s=timeout_s
        )
    finally:
        await services.aclose()
