"""A scenario: a patient with a trouble, the world it lives in, and what would cure it. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from oai_tui.domain.cause import Family
from oai_tui.domain.target import DEFAULT_BASE_URL
from oai_tui.simulator.transport_faults import Fault
from oai_tui.simulator.world import API_HOST, World

KeyringState = Literal["works", "unavailable", "locked", "refused", "slow", "differs", "insecure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSetup:
    """Whoever makes the calls. `environment`: the variables of its process. `model`: the one it wants, None for any. `inference`: whether the billed request is permitted. `dotenv`: the text of the .env file beside its program, "" for none."""

    environment: Mapping[str, str] = field(repr=False)
    model: str | None = None
    inference: bool = True
    dotenv: str = field(default="", repr=False)

    @property
    def base_url(self) -> str:
        """The base URL in force."""
        return self.environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL

    @property
    def host(self) -> str:
        """The host of the base URL."""
        return urlsplit(self.base_url).hostname or ""

    def at(self, origins: Mapping[str, str]) -> "ClientSetup":
        """The same patient in a world that is served elsewhere: `origins` maps a host to the scheme, host and port that stand for it."""
        origin = origins.get(self.host)
        if origin is None:
            return self
        _, _, path, query, _ = urlsplit(self.base_url)
        scheme, netloc = origin.split("://", 1)
        return replace(
            self,
            environment={
                **self.environment,
                "OPENAI_BASE_URL": urlunsplit((scheme, netloc, path, query, "")),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One trouble. `id` equals the cause's id for its main scenario; `cause` is None where nothing is wrong. `story`: one sentence for the person who chooses.

    `cure`: the world after somebody else mended it (faults and keyring are mended with it); None when the remedy is on the patient's side, which is then `cured_patient`.
    `fault`: what the network does instead of answering. `keyring`: the state of the machine's keyring.
    """

    id: str
    title: str
    family: Family | Literal["all-good"]
    cause: str | None
    story: str
    world: World
    client: ClientSetup
    cure: World | None = None
    fixed_client: ClientSetup | None = None
    fault: Fault | None = None
    keyring: KeyringState = "works"

    @property
    def second_host(self) -> str:
        """The host beside the patient's that a run may turn to: the cured patient's where that differs, else OpenAI's own."""
        return (
            self.fixed_client.host
            if self.fixed_client and self.fixed_client.host != self.client.host
            else API_HOST
        )

    def client_at(self, base_url: str) -> ClientSetup:
        """The patient with its host replaced by the scheme, host and port of `base_url`; the path of its own base URL is kept, because it may be the trouble."""
        parts = urlsplit(base_url)
        return self.client.at({self.client.host: f"{parts.scheme}://{parts.netloc}"})
