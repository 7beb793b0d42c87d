"""Where a call goes and on whose behalf: base URL, organization, project, model, route, each with the place it was set; and the changes that can be made to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

_LOOPBACK = re.compile(r"127(?:\.[0-9]{1,3}){3}")
DEFAULT_BASE_URL = "https://api.openai.com/v1"
OriginKind = Literal[
    "environment",
    "dotenv",
    "keyring",
    "flag",
    "typed",
    "stdin",
    "command",
    "demo",
    "default",
    "startup",
    "program",
]
ChangeKind = Literal[
    "unset-organization",
    "unset-project",
    "use-base-url",
    "use-cleaned-key",
    "use-model",
    "use-other-key",
    "skip-proxy",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value came from. `name` is the variable, profile or flag; `place` the file and line (".env:3") where there is one.

    `set_at`: for a variable of the environment, the file and line that set it, where the system tells. "startup" is a file (or a registry key) out of which new processes get
    their environment, "program" another program's own store.
    """

    kind: OriginKind
    name: str = ""
    place: str = ""
    set_at: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.kind, self.place or self.name) if part)

    @property
    def noun(self) -> str:
        """Where the value is, as a noun: "the environment variable OPENAI_API_KEY"."""
        words = ORIGIN_WORDS[self.kind].noun.format(self.place or self.name).strip()
        return f"{words} (set in {self.set_at})" if self.set_at else words

    @property
    def phrase(self) -> str:
        """Where the value came from, as a phrase: "from the keyring, profile work"."""
        words = ORIGIN_WORDS[self.kind].phrase.format(
            name=self.name or "unnamed", place=self.place or self.name or "a file"
        )
        return f"{words}, set in {self.set_at}" if self.set_at else words

    @property
    def label(self) -> str:
        """Where the value came from, in a word or two: ".env:3", "keyring", "typed in"."""
        words = ORIGIN_WORDS[self.kind]
        return words.label or self.place or words.label_without_place


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginWords:
    """How one kind of origin is written; the properties of Origin fill the braces.

    `label` is "" where the place is the label, if there is one.
    """

    noun: str
    phrase: str
    label: str = ""
    label_without_place: str = ""


ORIGIN_WORDS: Mapping[OriginKind, OriginWords] = {
    "environment": OriginWords(
        noun="the environment variable {}",
        phrase="from the environment, {name}",
        label="environment",
    ),
    "dotenv": OriginWords(
        noun="the file {}",
        phrase="from {place}",
        label_without_place=".env",
    ),
    "keyring": OriginWords(
        noun="the profile {}",
        phrase="from the keyring, profile {name}",
        label="keyring",
    ),
    "flag": OriginWords(
        noun="the option {}",
        phrase="from the flag {name}",
        label_without_place="flag",
    ),
    "typed": OriginWords(
        noun="what was typed in",
        phrase="typed in",
        label="typed in",
    ),
    "stdin": OriginWords(
        noun="standard input",
        phrase="from standard input",
        label_without_place="stdin",
    ),
    "command": OriginWords(
        noun="the command's output",
        phrase="from the command given",
        label_without_place="command",
    ),
    "demo": OriginWords(
        noun="the demo",
        phrase="from the demo",
        label_without_place="demo",
    ),
    "default": OriginWords(
        noun="the default",
        phrase="by default",
        label="default",
    ),
    "startup": OriginWords(
        noun="the file {}",
        phrase="from {place}",
        label_without_place="startup",
    ),
    "program": OriginWords(
        noun="the file {}",
        phrase="from {place}",
        label_without_place="program",
    ),
}


DEFAULT = Origin(kind="default")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One declarative change of a Target or of the key. `fact` names the fact that holds the new value ("named_host_url"), "" when the change needs none."""

    kind: ChangeKind
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked and how. `direct`: go without the environment's proxy. `origins` maps a field's name to the place that set it; a field that is not in it has its default. `agreed`: the person chose this base URL in person (flag, typed, or a yes), so the key may go there."""

    base_url: str = DEFAULT_BASE_URL
    organization: str | None = None
    project: str | None = None
    model: str | None = None
    agreed: bool = False
    direct: bool = False
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host of the base URL, lower case; "" when it has none."""
        try:
            from urllib.parse import (
                urlsplit,
            )  # loads much, and a text that is explained needs none of it

            return (urlsplit(self.base_url).hostname or "").lower()
        except ValueError:
            return ""

    @property
    def is_openai(self) -> bool:
        """Whether TLS to this host proves that OpenAI holds the other end: https and a name below openai.com."""
        return self.base_url.lower().startswith("https://") and (
            self.host == "openai.com" or self.host.endswith(".openai.com")
        )

    @property
    def is_loopback(self) -> bool:
        """Whether the base URL stays on this machine."""
        return is_loopback(self.host)

    def origin(self, name: str) -> Origin:
        """The place that set the field `name`."""
        return self.origins.get(name, DEFAULT)

    def changed(self, change: Change, facts: Mapping[str, object]) -> "Target":
        """This target with one thing changed; the same target when the change concerns the key or its fact is missing. Another host has not been agreed to."""
        value = str(facts.get(change.fact, "")) if change.fact else ""
        match change.kind:
            case "unset-organization":
                return replace(self, organization=None)
            case "unset-project":
                return replace(self, project=None)
            case "use-base-url" if value:
                moved = replace(self, base_url=value)
                return moved if moved.host == self.host else replace(moved, agreed=False)
            case "skip-proxy":
                return replace(self, direct=True)
            case "use-model" if value:
                return replace(self, model=value)
            case _:
                return self


def is_loopback(host: str) -> bool:
    """Whether a host, lower case, is this machine."""
    return host in {"localhost", "::1"} or bool(_LOOPBACK.fullmatch(host))
