"""The types of the catalogue: why a call fails, how that looks, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from oai_tui.domain.condition import When
from oai_tui.domain.family import Family as Family
from oai_tui.domain.hop import Hop
from oai_tui.domain.target import Change

Confidence = Literal["certain", "likely", "possible"]
Who = Literal["you", "owner", "it", "openai"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One piece of advice; `text` begins with a verb.

    `text`, `command` and `url` may name facts in braces ("{named_host}"). A fix is offered only if
    all of them are known.
    `who`: who can do it.
    `when`: a condition of the evidence under which it is offered; empty for always.
    `unless`: a condition of the evidence under which it is not offered.
    `apply`: the change that the wizard can make for this run.
    `safe`: False if following it changes or deletes something that is hard to restore.
    `also`: it has to be done too, and is no alternative to the one before it.
    """

    text: str
    who: Who
    command: str = ""
    url: str = ""
    apply: Change | None = None
    safe: bool = True
    when: When = field(default_factory=When)
    unless: When | None = None
    also: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sentence about one run; it may name facts in braces.

    It is said only if the evidence matches `when` and all facts that it names are known. `title`:
    the title of the verdict with such evidence; "" for that of the cause.
    """

    when: When
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """A condition under which a cause is the cause, and how sure that is.

    "certain" only if an experiment or the API's own error code proves it.
    """

    when: When
    confidence: Confidence = "certain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another cause that the same answer could have. `why`: what would distinguish the two.

    `when`: a condition of the evidence under which it is possible; empty for always. Of several
    for one cause the first that holds is shown.
    """

    cause: str
    why: str
    when: When = field(default_factory=When)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One entry of the catalogue.

    `meaning`: what it is, in general. `finding`: the sentence for one run; it may name facts in
    braces and replaces `meaning` if all of them are known.
    `case_title`: the title for one run, in the same way.
    `findings`: sentences for special evidence; the first that holds replaces `finding`.
    `hop`: where it happens, if the cause alone says so (knowledge/hops.py); see domain/hop.py.
    `looks`: how it appears, for people.
    `confirm`: the experiment or look-up that proves it.
    `prevent`: how to avoid it from now on.
    `retry_helps`: True if the same request can succeed later although nobody changes anything.
    `retry_when`: evidence under which it can succeed later although `retry_helps` is False.
    `retry_known`: False if that depends on what this cause does not say.
    `pasted_only`: True if only a pasted text can show it, because a walk does not make such a call
    or does not call through the program at fault. No branch of the tree suspects it.
    """

    id: str
    family: Family
    title: str
    meaning: str
    finding: str = ""
    case_title: str = ""
    findings: tuple[Finding, ...] = ()
    hop: Hop | None = None
    looks: str = ""
    confirm: str = ""
    prevent: str = ""
    fixes: tuple[Fix, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    links: tuple[str, ...] = ()
    retry_helps: bool = False
    retry_when: When | None = None
    retry_known: bool = True
    pasted_only: bool = False


Catalogue = Mapping[str, Cause]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement that something happened in a run.

    `words`: a regular expression of sentences that make it, searched without case. `facts`: the
    facts that show it. A sentence may make the claim if it names one of them or is said only under
    a condition of one of them; without facts no sentence of the catalogue may.
    """

    words: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbiguousCase:
    """A kind of text that fits several causes and holds too little to choose one.

    `cause`: the cause that is reported, `unknown` or `connection-failed`. `explanation`: what is
    missing. `alternatives`: the candidates, most likely first, each with the step or the text that
    would confirm it. `fixes`: the advice; that of the cause if empty. The table is in
    knowledge/ambiguous.py.
    """

    when: When
    cause: str
    explanation: str
    alternatives: tuple[Alternative, ...]
    fixes: tuple[Fix, ...] = ()
