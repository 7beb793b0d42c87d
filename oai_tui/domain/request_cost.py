"""What a probe costs: the HTTP requests that it sends, and whether they are billed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCost:
    """The requests of one probe.

    fewest, most: requests to a server that answers as OpenAI does. extra: further requests at most,
    where a first answer makes them necessary.
    """

    fewest: int = 0
    most: int = 0
    extra: int = 0
    billed: bool = False
