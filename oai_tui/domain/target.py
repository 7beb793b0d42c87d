"""The target of a call, the origin of each setting, and the changes that can be made to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

_NUMBERS = re.compile(r"(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+)){0,3}")
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
    "use-organization",
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
    def description(self) -> str:
        """Return a description of the place: "the environment variable OPENAI_API_KEY"."""
        words = ORIGIN_WORDS[self.kind].description.format(self.place or self.name).strip()
        return f"{words} (set in {self.set_at})" if self.set_at else words

    @property
    def phrase(self) -> str:
        """Return the place as an adverbial phrase: "from the keyring, profile work"."""
        words = ORIGIN_WORDS[self.kind].phrase.format(
            name=self.name or "unnamed", place=self.place or self.name or "a file"
        )
        return f"{words}, set in {self.set_at}" if self.set_at else words

    @property
    def setting(self) -> str:
        """Return the name of what set the value: "OPENAI_ORG_ID", "--project"; "" for none."""
        return ORIGIN_WORDS[self.kind].setting.format(name=self.name)

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

    description: str
    phrase: str
    label: str = ""
    label_without_place: str = ""
    setting: str = "{name}"


ORIGIN_WORDS: Mapping[OriginKind, OriginWords] = {
    "environment": OriginWords(
        description="the environment variable {}",
        phrase="from the environment, {name}",
        label="environment",
    ),
    "dotenv": OriginWords(
        description="the file {}",
        phrase="from {place}",
        label_without_place=".env",
    ),
    "keyring": OriginWords(
        description="the profile {}",
        phrase="from the keyring, profile {name}",
        label="keyring",
        setting="the profile {name}",
    ),
    "flag": OriginWords(
        description="the option {}",
        phrase="from the option {name}",
        label_without_place="flag",
    ),
    "typed": OriginWords(
        description="the value you typed",
        phrase="typed",
        label="typed",
        setting="your input",
    ),
    "stdin": OriginWords(
        description="standard input",
        phrase="from standard input",
        label_without_place="stdin",
    ),
    "command": OriginWords(
        description="the command's output",
        phrase="from the command",
        label_without_place="command",
    ),
    "demo": OriginWords(
        description="the demo",
        phrase="from the demo",
        label_without_place="demo",
    ),
    "default": OriginWords(
        description="the default",
        phrase="by default",
        label="default",
    ),
    "startup": OriginWords(
        description="the file {}",
        phrase="from {place}",
        label_without_place="startup",
    ),
    "program": OriginWords(
        description="the file {}",
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
    `allow_http`: True if the user permitted that the key goes to this host unencrypted.
    `origins`: name of a field -> where it was set; a field that is missing has its default.
    """

    base_url: str = DEFAULT_BASE_URL
    organization: str | None = None
    project: str | None = None
    model: str | None = None
    agreed: bool = False
    direct: bool = False
    allow_http: bool = False
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
        host resets `agreed` and `allow_http`.
        """
        value = str(facts.get(change.fact, "")) if change.fact else ""
        match change.kind:
            case "unset-organization":
                return replace(self, organization=None)
            case "use-organization" if value:
                origins = {**self.origins, "organization": Origin(kind="typed")}
                return replace(self, organization=value, origins=origins)
            case "unset-project":
                return replace(self, project=None)
            case "use-base-url" if value:
                moved = replace(self, base_url=value)
                if moved.host == self.host:
                    return moved
                return replace(moved, agreed=False, allow_http=False)
            case "skip-proxy":
                return replace(self, direct=True)
            case "use-model" if value:
                return replace(self, model=value)
            case _:
                return self


def is_loopback(host: str) -> bool:
    """Return True if a host (in lower case) is this machine, in any of its notations.

    These are localhost and the names below it, every address that begins with 127, also in fewer
    or other numbers as the C library reads them (127.1), the unspecified address, and the same in
    IPv6 (::1, ::, ::ffff:127.0.0.1).
    """
    name = host.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    if ":" in name:
        from ipaddress import IPv6Address  # `explain` starts faster without it

        try:
            address = IPv6Address(name)
        except ValueError:
            return False
        inner = address.ipv4_mapped
        return address.is_loopback or int(address) == 0 or _is_ours(int(inner) if inner else None)
    return _is_ours(_ipv4(name))


def _is_ours(address: int | None) -> bool:
    return address is not None and (address == 0 or address >> 24 == 127)


def _ipv4(text: str) -> int | None:
    """The address that the C library reads from one to four numbers; None for anything else."""
    if not _NUMBERS.fullmatch(text):
        return None
    *first, last = (_number(part) for part in text.split("."))
    room = 8 * (4 - len(first))
    if any(part is None or part > 255 for part in first) or last is None or last >> room:
        return None
    address = last
    for index, part in enumerate(first):
        address |= (part or 0) << (24 - 8 * index)
    return address


def _number(text: str) -> int | None:
    """A number in C's notation: 0x1f, 010 (eight) or 10; None if it has other digits."""
    if text.startswith("0x"):
        return int(text, 16)
    try:
        return int(text, 8) if text.startswith("0") else int(text)
    except ValueError:
        return None


def receiver_of_plain_http(target: Target, proxy: str) -> str:
    """Return which other machine reads a request to this target as it is sent, or "" for none.

    That is the host, or the proxy if it carries a call to this machine away. `proxy`: the URL of
    the proxy that is used, or "".
    """
    from urllib.parse import urlsplit

    if not target.base_url.lower().startswith("http://"):
        return ""
    if not target.is_loopback:
        return target.host
    proxy_host = (urlsplit(proxy).hostname or "").lower() if proxy else ""
    return "" if is_loopback(proxy_host or target.host) else f"the proxy {proxy_host}"
