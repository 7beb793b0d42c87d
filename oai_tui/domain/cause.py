"""A cause: why a call fails, how that looks, and what to do about it. The catalogue is made of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.condition import When
from oai_tui.domain.target import Change

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
Confidence = Literal["certain", "likely", "possible"]
Who = Literal["you", "owner", "it", "openai"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One piece of advice; starts with a verb. `text`, `command` and `url` may name facts in braces ("{named_host}"); a fix whose facts are not all known is not offered.

    `apply`: the change that the wizard can make for this run. `safe`: following it changes or deletes nothing that is hard to get back.
    """

    text: str
    who: Who
    command: str = ""
    url: str = ""
    apply: Change | None = None
    safe: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One way in which a cause shows, and how sure one may be when it does: certain when an experiment or the API's own code settled it."""

    when: When
    confidence: Confidence = "certain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another cause that the same answer could have, and what would tell the two apart."""

    cause: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One entry of the catalogue. `meaning` is general; `finding` is the sentence for one run and may name facts in braces (used when all are known, else `meaning`).

    `looks`: how it shows, for people. `confirm`: the experiment or look-up that settles it. `retry_helps`: whether the same request can succeed later without anybody changing anything.
    `pasted_only`: no walk can meet it, because a walk makes no such call or makes no call through the program at fault; it shows in texts that people paste, so the tree does not suspect it.
    """

    id: str
    family: Family
    title: str
    meaning: str
    finding: str = ""
    looks: str = ""
    confirm: str = ""
    prevent: str = ""
    fixes: tuple[Fix, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    links: tuple[str, ...] = ()
    retry_helps: bool = False
    pasted_only: bool = False


Catalogue = Mapping[str, Cause]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousCase:
    """A kind of text that fits several causes and holds too little to choose one.

    `cause`: the cause that is reported, `unknown` or `connection-failed`. `explanation`: what is
    missing. `alternatives`: the candidates, most likely first, each with the step or the text that
    would confirm it. The table is in knowledge/ambiguous.py.
    """

    when: When
    cause: str
    explanation: str
    alternatives: tuple[Alternative, ...]
