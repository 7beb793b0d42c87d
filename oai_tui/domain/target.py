"""The target of a call, the origin of each setting, and the changes that can be made to it."""

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
TargetKind = Literal["openai", "gateway"]
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
    """The place that a value came from.

    `kind`: "startup" is a file (or a registry key) from which new processes get their environment;
    "program" is another program's own store.
    `name`: the variable, profile or flag.
    `place`: the file and line (".env:3"); may be empty.
    `set_at`: for a variable of the environment, the file and line that set it, if that is known.
    """

    kind: OriginKind
    name: str = ""
    place: str = ""
    set_at: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.kind, self.place or self.name) if part)

    @property
    def noun(self) -> str:
        """The place as a noun: "the environment variable OPENAI_API_KEY"."""
        words = ORIGIN_WORDS[self.kind].noun.format(self.place or self.name).strip()
        return f"{words} (set in {self.set_at})" if self.set_at else words

    @property
    def phrase(self) -> str:
        """The place as a phrase: "from the keyring, profile work"."""
        words = ORIGIN_WORDS[self.kind].phrase.format(
            name=self.name or "unnamed", place=self.place or self.name or "a file"
        )
        return f"{words}, set in {self.set_at}" if self.set_at else words

    @property
    def label(self) -> str:
        """The place in a word or two: ".env:3", "keyring", "typed in"."""
        words = ORIGIN_WORDS[self.kind]
        return words.label or self.place or words.label_without_place


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginWords:
    """The words for one kind of origin; the properties of Origin fill the braces.

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
    """One declarative change of a Target or of the key.

    `fact`: the name of the fact with the new value ("named_host_url"), or "" if none is needed.
    """

    kind: ChangeKind
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The server of the calls, on whose behalf they are made, and by which route.

    `agreed`: True if the user chose this base URL (by flag, by typing it, or by a yes), and the key
    may therefore be sent there.
    `direct`: True to ignore the environment's proxy.
    `origins`: name of a field -> where it was set; a field that is missing has its default.
    """

    base_url: str = DEFAULT_BASE_URL
    organization: str | None = None
    project: str | None = None
    model: str | None = None
    agreed: bool = False
    direct: bool = False
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Return the host of the base URL in lower case, or "" if it has none."""
        from urllib.parse import urlsplit  # `explain` starts faster without it

        try:
            return (urlsplit(self.base_url).hostname or "").lower()
        except ValueError:
            return ""

    @property
    def is_openai(self) -> bool:
        """Return True if TLS to this host proves that the server is OpenAI's.

        That is so for https and a name below openai.com.
        """
        return self.base_url.lower().startswith("https://") and (
            self.host == "openai.com" or self.host.endswith(".openai.com")
        )

    @property
    def kind(self) -> TargetKind:
        """Return whose server the target is: OpenAI's, or a gateway that the user chose."""
        return "openai" if self.is_openai else "gateway"

    @property
    def is_loopback(self) -> bool:
        """Return True if the base URL is on this machine."""
        return is_loopback(self.host)

    def origin(self, name: str) -> Origin:
        """Return where the field `name` was set."""
        return self.origins.get(name, DEFAULT)

    def changed(self, change: Change, facts: Mapping[str, object]) -> "Target":
        """Return this target with one thing changed.

        The same target if the change concerns the key, or if its fact is missing. A change of the
        host resets `agreed`.
        """
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
    """Return True if a host (in lower case) is this machine."""
    return host in {"localhost", "::1"} or bool(_LOOPBACK.fullmatch(host))
