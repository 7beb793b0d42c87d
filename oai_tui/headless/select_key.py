"""Selects the key and the settings of a check: from the options, the environment or a .env file."""

import asyncio
import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import click

from oai_tui.credentials.sources.command import CommandOutput, program_name, read_command
from oai_tui.credentials.sources.discovery import OPT_IN_SOURCES
from oai_tui.credentials.sources.stdin import read_stdin
from oai_tui.credentials.store.default_profile import default_profile
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.errors import CredentialError, KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import visible
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Fact
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import policy_problem, rotation_warning
from oai_tui.domain.target import Origin, OriginKind, Target
from oai_tui.headless.console import print_note
from oai_tui.services.services import Services

_COMMAND_PREFIX = "command:"
_SHELL_PREFIX = "command-shell:"
_DISCOVERED: Mapping[str, OriginKind] = {"env": "environment", "dotenv": "dotenv"}
"""Values of --source that name a discovered key -> the kind of its origin."""
SOURCE_NAMES = (*_DISCOVERED, *OPT_IN_SOURCES, "stdin", _COMMAND_PREFIX, _SHELL_PREFIX)
"""Values of --source; a command follows the last two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A place that has no key. words: its name. step, command: how to put a key there."""

    words: str
    step: str
    command: str = ""


_STDIN = _Place(
    words="standard input",
    step="pipe the key to standard input",
    command="pass show openai | oai-tui check --source stdin",
)
_DOTENV = _Place(
    words="the .env files of this folder (OPENAI_API_KEY=…)",
    step="add a line OPENAI_API_KEY=… to the .env file of this folder",
)
_PROGRAM_STORES: Mapping[str, _Place] = {
    "codex": _Place(
        words="the sign-in of Codex",
        step="sign in to Codex with a key",
        command="printenv OPENAI_API_KEY | codex login --with-api-key",
    ),
    "llm": _Place(words="the keys of llm", step="save a key in llm", command="llm keys set openai"),
}
NOT_IN_SOURCE = "not-in-source"
"""The fact `credential` where the place that was named has no key."""
_FLAGS = ("base_url", "organization", "project", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySelection:
    """The key and the settings of a check.

    credential: None for a check that ends with the verdict that there is no key.
    facts: why there is no key, for that verdict.
    notes: sentences about unusual settings, for the warnings of the report.
    profile: the profile that the key belongs to, or None.
    """

    target: Target
    credential: Credential | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    profile: Profile | None = None


def check_source(source: str) -> None:
    """Raise BadParameter for a --source that names no source."""
    if source in {*_DISCOVERED, *OPT_IN_SOURCES, "stdin"}:
        return
    kind, _, command = source.partition(":")
    if f"{kind}:" in {_COMMAND_PREFIX, _SHELL_PREFIX} and command.strip():
        return
    raise click.BadParameter(
        f"expected env, dotenv, stdin, {', '.join(OPT_IN_SOURCES)}, "
        "command:… (a command that prints the key) "
        "or command-shell:… (the same, given to a shell)",
        param_hint="--source",
    )


async def select_key(
    services: Services,
    *,
    profile: str | None,
    source: str | None,
    flags: Mapping[str, str | None],
    timeout_s: float,
    default: bool = True,
    allow_http: bool = False,
) -> KeySelection:
    """Return the key and the settings of a check; sends nothing.

    Without `profile` and `source` it is the environment's key, else that of a .env file, as for
    any program that is started here; else the default profile, unless `default` is False. Prints a
    note on stderr where the selection may surprise.

    flags: setting -> value of its option (see `with_overrides`).
    timeout_s: seconds for a command that prints the key.
    allow_http: the key may go unencrypted to the base URL's host.
    """
    if default and profile is None and source is None:
        profile = _default_without_key(services)
    if profile is not None:
        selection = await _from_profile(services, profile)
    elif source is None or source in _DISCOVERED:
        selection = _from_discovery(services, _DISCOVERED.get(source or ""))
    elif source in OPT_IN_SOURCES:
        selection = _from_program(services, source)
    else:
        selection = await _from_command_or_stdin(services, source, timeout_s)
    target = with_overrides(selection.target, flags, allow_http=allow_http)
    return replace(selection, target=target)


def _default_without_key(services: Services) -> str | None:
    """Return the default profile, with a note, if no other key is found here; else None."""
    name = default_profile(os.environ)
    discovered = services.discover()
    if not name or discovered.credentials or discovered.unread:
        return None
    print_note(
        f"no key in the environment or .env; using the default profile {name} "
        f"(to run a program with it: `oai-tui exec {name} -- …`)"
    )
    return name


def _from_discovery(services: Services, kind: OriginKind | None) -> KeySelection:
    """Return the key that a program would use; None as `kind` stands for any kind of origin.

    A key that another setting overrides is not used, even if that setting is empty: `load_dotenv`
    does not override an empty variable.
    """
    discovered = services.discover()
    for problem in discovered.problems if kind != "environment" else ():
        print_note(problem)
    matching = [credential for credential in discovered.credentials if _is_used(credential, kind)]
    credential = next(iter(matching), None)
    if credential is not None and kind is None and credential.origin.kind == "dotenv":
        print_note(f"no key in the environment; using {credential.origin.place}")
    target = discovered.target
    if kind == "environment":
        target = _without_dotenv(target)
    facts: dict[str, Fact] = {}
    if credential is None and kind != "environment" and discovered.unread:
        facts = {"credential": "not-read", "unread_files": ", ".join(discovered.unread)}
    elif credential is None and kind == "dotenv":
        facts = _missing(_DOTENV)
    elif credential is None and kind is None:
        facts = _unused_key_facts(discovered.credentials)
    return KeySelection(target=target, credential=credential, facts=facts, notes=discovered.notes)


def _missing(place: _Place) -> dict[str, Fact]:
    """Return the facts about a place that was named and has no key."""
    return {
        "credential": NOT_IN_SOURCE,
        "missing_source": place.words,
        "missing_source_step": place.step,
        **({"missing_source_command": place.command} if place.command else {}),
    }


def _is_used(credential: Credential, kind: OriginKind | None) -> bool:
    """Return whether a program that reads this kind of origin only (None: all) uses the key."""
    if kind is None:
        return credential.shadowed_by is None
    overridden_in_kind = credential.shadowed_by is not None and credential.shadowed_by.kind == kind
    return credential.origin.kind == kind and not overridden_in_kind


def _unused_key_facts(found: Sequence[Credential]) -> dict[str, Fact]:
    """Return the facts about a key of .env that an empty variable of the environment overrides."""
    for credential in found:
        overrider = credential.shadowed_by
        if overrider is not None and overrider.kind == "environment":
            return {
                "unused_key_place": credential.origin.place,
                "unset_command": f"unset {overrider.name}",
            }
    return {}


def _without_dotenv(target: Target) -> Target:
    """Return the settings of a program that does not load .env files."""
    from_dotenv = [name for name, origin in target.origins.items() if origin.kind == "dotenv"]
    origins = {name: origin for name, origin in target.origins.items() if name not in from_dotenv}
    defaults = Target()
    reset = {name: getattr(defaults, name) for name in from_dotenv}
    return replace(target, origins=origins, **reset)


async def _from_command_or_stdin(services: Services, source: str, timeout_s: float) -> KeySelection:
    """Return the key that a command prints, or that is piped in; None with a note if that fails."""
    discovered = services.discover()
    read: Callable[[], CommandOutput]
    if source == "stdin":
        origin = Origin(kind="stdin")
        read = _read_stdin
    else:
        kind, _, command = source.partition(":")
        origin = Origin(kind="command", name=program_name(command))
        read = functools.partial(
            read_command, command, timeout_s, shell=f"{kind}:" == _SHELL_PREFIX
        )
    try:
        output = await asyncio.to_thread(read)
    except CredentialError as error:
        print_note(error.text)
        return KeySelection(
            target=discovered.target,
            facts=_missing(_STDIN if source == "stdin" else _output_of(origin)),
            notes=(error.text, *discovered.notes),
        )
    if output.left_out:
        print_note(output.left_out)
    return KeySelection(
        target=discovered.target,
        credential=services.credential(output.secret, origin),
        notes=discovered.notes,
    )


def _from_program(services: Services, source: str) -> KeySelection:
    """Return the key of another program's own store."""
    discovered = services.discover(opt_in=(source,))
    credential = next((one for one in discovered.inactive if one.origin.kind == "program"), None)
    problems = discovered.problems if credential is None else ()
    for problem in problems:
        print_note(problem)
    return KeySelection(
        target=discovered.target,
        credential=credential,
        facts={} if credential is not None else _missing(_PROGRAM_STORES[source]),
        notes=(*problems, *discovered.notes),
    )


def _output_of(origin: Origin) -> _Place:
    """Return the output of a command, which is named without its arguments: they may be secret."""
    command = f"the command {visible(origin.name)}".strip()
    return _Place(words=f"the output of {command}", step=f"make {command} print the key")


def _read_stdin() -> CommandOutput:
    """Return the key on standard input; runs in a thread.

    Opens a stream of its own: a thread that is still blocked in sys.stdin would break Python's
    exit.
    """
    try:
        stream = open(0, "rb", closefd=False)  # noqa: SIM115  lives as long as the thread
    except OSError:
        raise CredentialError("standard input is closed") from None
    return CommandOutput(secret=read_stdin(stream))


async def _from_profile(services: Services, name: str) -> KeySelection:
    try:
        return await selection_for_profile(services, name)
    except KeyError:
        print_note(f"no profile {name!r} is saved. To list profiles: oai-tui profiles list")
        facts: dict[str, Fact] = {"credential": "profile-missing", "wanted_profile": repr(name)}
        return KeySelection(target=Target(), facts=facts)
    except KeyringError as error:
        return unreadable(services, error)


def unreadable(services: Services, error: KeyringError) -> KeySelection:
    """Return a selection without a key, for a check whose verdict is that the keyring failed."""
    return KeySelection(
        target=Target(),
        facts={"credential": "unreadable", **services.profiles.error_facts(error)},
    )


async def selection_for_profile(services: Services, name: str) -> KeySelection:
    """Return a profile's key and settings, with notes about rotation and about other keys.

    KeyError for a profile that does not exist, KeyringError when the keyring fails.
    """
    profile, secret = await services.profiles.load(name)
    return selection_of(services, profile, secret, services.discover())


def selection_of(
    services: Services, profile: Profile, secret: Secret, discovered: DiscoveryResult
) -> KeySelection:
    """Return the key and the settings of a profile that is loaded, with the notes about it.

    discovered: the keys of this machine that a program would find without the profile.
    """
    name = profile.name
    notes = []
    if problem := policy_problem(os.environ):
        notes.append(problem)
    warning = rotation_warning(profile, services.clock.now(), services.rotate_days)
    if warning is not None:
        notes.append(warning.text)
    for other in discovered.credentials[:1]:
        if other.shadowed_by is None and other.secret != secret:
            place = other.origin.place or other.origin.name
            notes.append(
                "Programs started from this shell use a different key, "
                f"{other.secret.masked} ({place}), not the profile {name}'s {secret.masked}."
            )
    # The person who saved the profile has agreed to its base URL.
    return KeySelection(
        target=replace(profile.target, agreed=True),
        credential=services.credential(secret, Origin(kind="keyring", name=name)),
        notes=tuple(notes),
        profile=profile,
    )


def with_overrides(
    target: Target, flags: Mapping[str, str | None], *, allow_http: bool = False
) -> Target:
    """Return the target with the settings that options name; naming a base URL agrees to it.

    flags: setting -> value of its option, None where the option is absent; "" means none.
    allow_http: the key may go to the base URL's host over plain http.

    A permission that a profile has for plain http holds for the host of that profile only.
    """
    changed = _with_settings(target, flags)
    if changed.host != target.host:
        changed = replace(changed, allow_http=False)
    if allow_http and changed.base_url.lower().startswith("http://"):
        changed = replace(changed, allow_http=True, agreed=True)
    return changed


def _with_settings(target: Target, flags: Mapping[str, str | None]) -> Target:
    given: dict[str, str] = {}
    origins = dict(target.origins)
    for name in _FLAGS:
        value = flags.get(name)
        if value is not None:
            given[name] = value
            origins[name] = Origin(kind="flag", name=f"--{name.replace('_', '-')}")
    if not given:
        return target
    return replace(
        target,
        origins=origins,
        agreed=target.agreed or "base_url" in given,
        base_url=given.get("base_url", target.base_url),
        organization=given.get("organization", target.organization) or None,
        project=given.get("project", target.project) or None,
        model=given.get("model", target.model) or None,
    )
