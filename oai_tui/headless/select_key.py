"""Which key and settings a check uses: those that the flags name, else the environment's, else the .env's."""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import click

from oai_tui.credentials.sources.command import CommandOutput, program_name, read_command
from oai_tui.credentials.sources.discovery import OPT_IN_SOURCES
from oai_tui.credentials.sources.stdin import read_stdin
from oai_tui.credentials.store.default_profile import default_profile
from oai_tui.domain.errors import CredentialError, KeyringError
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import policy_problem, rotation_warning
from oai_tui.domain.target import Origin, OriginKind, Target
from oai_tui.headless.console import print_note
from oai_tui.services.services import Services

COMMAND, SHELL = "command:", "command-shell:"
_FOUND: Mapping[str, OriginKind] = {"env": "environment", "dotenv": "dotenv"}
_FLAGS = ("base_url", "organization", "project", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySelection:
    """What to walk with. `facts`: why there is no key, for the walk to judge; an absent key is a verdict, not an error. `notes`: what is odd about the surroundings. `profile`: the one that the key is of."""

    target: Target
    credential: Credential | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    profile: Profile | None = None


def check_source(source: str) -> None:
    """Refuse, as a usage error, a --source that names no source."""
    kind, _, command = source.partition(":")
    if source in {*_FOUND, *OPT_IN_SOURCES, "stdin"} or (
        f"{kind}:" in {COMMAND, SHELL} and command.strip()
    ):
        return
    raise click.BadParameter(
        f"name env, dotenv, stdin, {', '.join(OPT_IN_SOURCES)}, command:… (a command that prints the key) or command-shell:… (the same, given to a shell)",
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
    """The key and the target of a check; with `allow_http` the key may go unencrypted. Says on stderr what a person may not expect. Nothing is sent.

    Where nothing is named the environment's key counts, else the .env's, as for any program that is started here; where there is neither, the default profile that somebody chose, unless `default` is False.
    """
    if (
        default
        and profile is None
        and source is None
        and (chosen := default_profile(os.environ))
        and not services.discover().credentials
    ):
        print_note(
            f"no key in the environment or .env; the default profile {chosen} is used (a program gets it by `oai-tui exec {chosen} -- …`)"
        )
        profile = chosen
    if profile is not None:
        found = await _from_profile(services, profile)
    elif source is None or source in _FOUND:
        found = _from_surroundings(services, _FOUND.get(source or ""))
    elif source in OPT_IN_SOURCES:
        found = _from_program(services, source)
    else:
        found = await _from_outside(services, source, timeout_s)
    return replace(found, target=with_overrides(found.target, flags, allow_http=allow_http))


def _from_surroundings(services: Services, kind: OriginKind | None) -> KeySelection:
    around = services.discover()
    for problem in around.problems if kind != "environment" else ():
        print_note(problem)
    fitting = [
        credential
        for credential in around.credentials
        if kind is None or credential.origin.kind == kind
    ]
    credential = next(iter(fitting), None)
    if credential is not None and kind is None and credential.origin.kind == "dotenv":
        print_note(f"no key in the environment; the one in {credential.origin.place} is used")
    return KeySelection(
        target=_without_dotenv(around.target) if kind == "environment" else around.target,
        credential=credential,
        notes=around.notes,
    )


def _without_dotenv(target: Target) -> Target:
    """The settings that a program sees which loads no .env."""
    foreign = [name for name, origin in target.origins.items() if origin.kind == "dotenv"]
    defaults = Target()
    kept = {name: origin for name, origin in target.origins.items() if name not in foreign}
    return replace(target, origins=kept, **{name: getattr(defaults, name) for name in foreign})


async def _from_outside(services: Services, source: str, timeout_s: float) -> KeySelection:
    around = services.discover()
    read: Callable[[], CommandOutput]
    if source == "stdin":
        origin, read = Origin(kind="stdin"), _read_stdin
    else:
        kind, _, command = source.partition(":")
        origin, read = (
            Origin(kind="command", name=program_name(command)),
            lambda: read_command(command, timeout_s, shell=f"{kind}:" == SHELL),
        )
    try:
        printed = await asyncio.to_thread(read)
    except CredentialError as problem:
        print_note(problem.text)
        return KeySelection(target=around.target, notes=(problem.text, *around.notes))
    if printed.left_out:
        print_note(printed.left_out)
    return KeySelection(
        target=around.target,
        credential=services.credential(printed.secret, origin),
        notes=around.notes,
    )


def _from_program(services: Services, source: str) -> KeySelection:
    """The key of another program's own store."""
    around = services.discover(opt_in=(source,))
    credential = next((one for one in around.inactive if one.origin.kind == "program"), None)
    problems = around.problems if credential is None else ()
    for problem in problems:
        print_note(problem)
    return KeySelection(
        target=around.target, credential=credential, notes=(*problems, *around.notes)
    )


def _read_stdin() -> CommandOutput:
    """Reads the descriptor by a stream of its own: a thread that is left waiting inside sys.stdin would break Python's exit."""
    try:
        stream = open(0, "rb", closefd=False)  # noqa: SIM115  lives as long as the thread that reads it
    except OSError:
        raise CredentialError("standard input is closed") from None
    return CommandOutput(secret=read_stdin(stream))


async def _from_profile(services: Services, name: str) -> KeySelection:
    try:
        return await selection_for_profile(services, name)
    except KeyError:
        print_note(
            f"there is no profile {name!r} in the keyring; `oai-tui profiles list` shows those there are"
        )
        return KeySelection(target=Target(), facts={"credential": "profile-missing"})
    except KeyringError as problem:
        return unreadable(services, problem)


def unreadable(services: Services, error: KeyringError) -> KeySelection:
    """Return a selection without a key, because the keyring failed: that is a verdict too."""
    return KeySelection(
        target=Target(),
        facts={"credential": "unreadable", **services.profiles.error_facts(error)},
    )


async def selection_for_profile(services: Services, name: str) -> KeySelection:
    """A profile's key and target, with what is to be said about it. KeyError when there is none of that name, KeyringProblem when the keyring fails."""
    profile, secret = await services.profiles.load(name)
    concern = rotation_warning(profile, services.clock.now(), services.rotate_days)
    notes = [
        text
        for text in (policy_problem(os.environ), concern.text if concern is not None else "")
        if text
    ]
    for other in services.discover().credentials[:1]:
        if other.shadowed_by is None and other.secret != secret:
            notes.append(
                f"Programs that are started plainly here use another key, {other.secret.masked} ({other.origin.place or other.origin.name}), not the profile {name}'s {secret.masked}."
            )
    # Whoever saved the profile chose its base URL in person.
    return KeySelection(
        target=replace(profile.target, agreed=True),
        credential=services.credential(secret, Origin(kind="keyring", name=name)),
        notes=tuple(notes),
        profile=profile,
    )


def with_overrides(
    target: Target, flags: Mapping[str, str | None], *, allow_http: bool = False
) -> Target:
    """The target with what the flags say; a base URL named by a flag was chosen in person.

    A permission that a profile has for plain http holds for the host of that profile only.
    """
    changed = _with_settings(target, flags)
    if changed.host != target.host:
        changed = replace(changed, allow_http=False)
    if allow_http and changed.base_url.lower().startswith("http://"):
        changed = replace(changed, allow_http=True, agreed=True)
    return changed


def _with_settings(target: Target, flags: Mapping[str, str | None]) -> Target:
    said = {name: value for name in _FLAGS if (value := flags.get(name)) is not None}
    if not said:
        return target
    origins = {
        **target.origins,
        **{name: Origin(kind="flag", name=f"--{name.replace('_', '-')}") for name in said},
    }
    changed = replace(target, origins=origins, agreed=target.agreed or "base_url" in said)
    return replace(
        changed,
        base_url=said.get("base_url", target.base_url),
        organization=said.get("organization", target.organization) or None,
        project=said.get("project", target.project) or None,
        model=said.get("model", target.model) or None,
    )
