"""Keys, settings and oddities that were found on this machine before anything is sent."""

from dataclasses import dataclass

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.target import Origin, Target

_ABOUT_CERTIFICATES = ("tls-", "ca-bundle-")
"""Beginnings of the ids of causes in which certificates are part of the failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One effective setting, for display. `value`: already without passwords."""

    name: str
    value: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryResult:
    """Keys and settings of this process, this folder and this user.

    `credentials`: the keys that are in effect; the first is the one that an SDK would use.
    `inactive`: keys in places that this process does not read.
    `target`: the effective settings with their origins.
    `settings`: the same for display, and the variables of proxies and certificates.
    `notes`: sentences that deserve a warning (a look-alike variable that the SDKs ignore).
    `certificate_notes`: the same about certificate variables; they matter only where TLS fails.
    `problems`: sources that could not be read, each with the reason.
    `unread`: the names of those that may hold the key that an SDK would use.
    """

    credentials: tuple[Credential, ...]
    target: Target
    settings: tuple[Setting, ...] = ()
    inactive: tuple[Credential, ...] = ()
    notes: tuple[str, ...] = ()
    certificate_notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def notes_bearing_on(self, cause: str) -> tuple[str, ...]:
        """Return the notes about variables that can be part of a failure with this cause.

        `cause`: the id of a cause, "" for none.
        """
        return self.certificate_notes if cause.startswith(_ABOUT_CERTIFICATES) else ()
