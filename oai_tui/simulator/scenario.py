"""Data types of a scenario: a client with a problem, the world it calls, and the fix."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from oai_tui.domain.family import Family
from oai_tui.simulator.transport_faults import Fault
from oai_tui.simulator.world import API_HOST, World

KeyringState = Literal["works", "unavailable", "locked", "refused", "slow", "differs", "insecure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSetup:
    """The program that makes the calls."""

    environment: Mapping[str, str] = field(repr=False)
    """The environment variables of its process."""
    model: str | None = None
    """The model that it wants, None for any."""
    inference: bool = True
    """The billed request is permitted."""
    dotenv: str = field(default="", repr=False)
    """The text of the .env file next to the program, "" for none."""

    @property
    def base_url(self) -> str:
        """The base URL that the client uses."""
        from oai_tui.domain.target import DEFAULT_BASE_URL  # a list of demos needs no target

        return self.environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL

    @property
    def host(self) -> str:
        """The host of the base URL."""
        return urlsplit(self.base_url).hostname or ""

    def at(self, origins: Mapping[str, str]) -> "ClientSetup":
        """Return the client for a world at other addresses.

        `origins` maps a host to the scheme, host and port that replace it.
        """
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
    """One problem (or none), as the demo offers it."""

    id: str
    """The id of its cause, for the main scenario of a cause."""
    shows: str
    """What a program reports: the status and the error code of the answer ("401 invalid_api_key"),
    or a few words for a failure without an answer ("connection refused")."""
    title: str
    family: Family | Literal["all-good"]
    cause: str | None
    """None if nothing is wrong."""
    story: str
    """One or two sentences for the person who chooses."""
    world: World
    client: ClientSetup
    fixed_world: World | None = None
    """The world after somebody else fixed the problem; network fault and keyring are fixed too."""
    fixed_client: ClientSetup | None = None
    """The client after its own fix, if the problem is on its side (`fixed_world` is None then)."""
    fixed_by_waiting: bool = False
    """The problem is over once time has passed: the rate limits refill."""
    fault: Fault | None = None
    """What the network does instead of delivering an answer."""
    keyring: KeyringState = "works"
    fixed_by: str = ""
    """The sentence that says what the demo fixed for the user, and where they would do it."""
    needs_billed_request: bool = False
    """Only the billed request shows the problem."""
    takes_effect_after: int = 0
    """The change that makes `fixed_world` was made before the scenario starts, and takes effect
    after that many requests with a key; 0 for a change that nobody has made yet."""
    text: str = ""
    """The error text of a problem that no check can meet; "" for a problem that a check meets."""

    @property
    def is_fixed_outside(self) -> bool:
        """True if time or somebody else fixes the problem, and not the client itself."""
        return self.fixed_world is not None or self.fixed_by_waiting

    @property
    def status(self) -> int | None:
        """The HTTP status that the program gets; None if it gets no answer."""
        first = self.shows.partition(" ")[0]
        return int(first) if first.isdigit() else None

    @property
    def second_host(self) -> str:
        """The other host that a run may call: the fixed client's, or else OpenAI's."""
        if self.fixed_client and self.fixed_client.host != self.client.host:
            return self.fixed_client.host
        return API_HOST

    def client_at(self, base_url: str) -> ClientSetup:
        """Return the client with scheme, host and port of `base_url` in its own base URL.

        The path of its base URL is kept, because it may be the problem.
        """
        parts = urlsplit(base_url)
        return self.client.at({self.client.host: f"{parts.scheme}://{parts.netloc}"})
