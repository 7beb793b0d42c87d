"""What this process and this folder say before anything is asked: the keys found, the settings in force, and what is odd about them."""

from dataclasses import dataclass

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.target import Origin, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting in force that bears on calls, for display: value already without passwords."""

    name: str
    value: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryResult:
    """`credentials`: every key that is in force here, the one an SDK would take first. `elsewhere`: keys that stand where this process does not take them from. `target`: the effective settings with their origins. `settings`: the same and the proxy and certificate variables, for display.

    `notes`: what deserves a warning (a look-alike variable that the SDKs ignore). `problems`: sources that could not be read, and why.
    """

    credentials: tuple[Credential, ...]
    target: Target
    settings: tuple[Setting, ...] = ()
    inactive: tuple[Credential, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
