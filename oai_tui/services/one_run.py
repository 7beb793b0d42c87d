"""What the checks of one run have in common, and need only once.

It holds keys, and ends with the run. What changes on this machine meanwhile is not seen.
"""

from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from oai_tui.domain.discovery_result import DiscoveryResult

if TYPE_CHECKING:
    from oai_tui.probes.http_client import SharedParts

Discover = Callable[[Path, tuple[str, ...]], DiscoveryResult]
"""Reads the sources of keys from a folder upwards, and the stores of the named programs."""


class OneRun:
    """What the checks of a run share. discover: reads the same sources once."""

    def __init__(self, discover: Discover) -> None:
        self.discover = cache(discover)

    @cached_property
    def http_parts(self) -> "SharedParts":
        """Return what the HTTP clients of the checks share."""
        from oai_tui.probes.http_client import SharedParts

        return SharedParts()
