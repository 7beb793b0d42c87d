"""The families of causes. A module of its own: a demo names a family, and needs no cause."""

from typing import Literal

Family = Literal[
    "key",
    "organization-and-project",
    "permission",
    "billing",
    "rate-limits",
    "service",
    "something-else-answered",
    "network",
    "this-machine",
]
