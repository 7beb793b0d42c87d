"""Selects the admin key of `oai-tui owner`, which is never the key of a check.

An ordinary key is refused here by its shape, so that it never reaches the admin API.
"""

import click

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.target import Origin
from oai_tui.headless.command_error import CommandError
from oai_tui.headless.console import print_note
from oai_tui.headless.select_key import check_source, select_key
from oai_tui.headless.timeout import TimeLimitReached, run_with_timeout
from oai_tui.headless.with_profiles import run_with_profiles
from oai_tui.knowledge import links
from oai_tui.reports.exit_codes import BY_FAMILY, NO_CREDENTIAL
from oai_tui.services.owner_lookup import (
    COPY_AGAIN,
    VARIABLE,
    damaged_text,
    found_admin_key,
    not_admin_text,
)
from oai_tui.services.services import Services

_KINDS = {"env": "environment", "dotenv": "dotenv"}
_HOW = (
    f"Set {VARIABLE}, or name another place: --admin-source dotenv, stdin or command:… "
    f"Only an organization owner can create an admin key: {links.ADMIN_KEYS}"
)


class AdminKeyError(CommandError):
    """There is no admin key, or another kind of key. `cause`: the id of the cause, for JSON."""

    def __init__(self, lines: tuple[str, ...], exit_code: int, *, cause: str) -> None:
        super().__init__(lines, exit_code)
        self.cause = cause


def check_admin_source(source: str | None, key_source: str | None) -> None:
    """Raise a usage error for an --admin-source that cannot work."""
    if source is None:
        return
    try:
        check_source(source)
    except click.BadParameter as error:
        raise click.BadParameter(error.message, param_hint="--admin-source") from None
    if source == key_source == "stdin":
        raise click.UsageError(
            "standard input can give one key only. Read the admin key from another source: "
            "--admin-source env reads OPENAI_ADMIN_KEY."
        )


def read_admin_key(services: Services, source: str | None, timeout_s: float) -> Credential:
    """Return the admin key. AdminKeyError if there is none, or if it is another kind of key.

    source: as for --source; None for the environment, then .env.
    """
    if source is None or source in _KINDS:
        credential = found_admin_key(services, _KINDS.get(source or ""))
    else:
        credential = _from_source(services, source, timeout_s)
    if credential is None:
        raise AdminKeyError(("no admin key found.", _HOW), NO_CREDENTIAL, cause="key-missing")
    if text := not_admin_text(credential):
        raise AdminKeyError((text, _HOW), BY_FAMILY["key"], cause="key-not-admin")
    if text := damaged_text(credential):
        raise AdminKeyError((text, COPY_AGAIN), BY_FAMILY["key"], cause="key-malformed")
    return credential


def load_admin_profile(services: Services, name: str) -> Credential:
    """Return the admin key that was saved under this name; AdminKeyError if there is none."""

    async def load() -> Credential | None:
        try:
            secret = await services.profiles.admin_keys.load_admin_key(name)
        except KeyError:
            return None
        return services.credential(secret, Origin(kind="keyring", name=name))

    credential = run_with_profiles(services, load())
    if credential is None:
        raise AdminKeyError(
            (
                f"there is no admin profile {name!r}.",
                f"To save one: oai-tui owner --list --admin-source env --save-admin {name}",
            ),
            NO_CREDENTIAL,
            cause="key-missing",
        )
    return credential


def save_admin_profile(services: Services, name: str, credential: Credential) -> None:
    """Save an admin key that the admin API accepted; CommandError when the store fails."""
    run_with_profiles(services, services.profiles.admin_keys.save_admin_key(name, credential))
    print_note(
        f"admin key saved as {name} in {services.profiles.backend}; "
        f"use it with: oai-tui owner --admin-profile {name}"
    )


def delete_admin_profile(services: Services, name: str) -> None:
    """Delete a saved admin key; CommandError if there is none of that name."""

    async def delete() -> bool:
        try:
            await services.profiles.admin_keys.delete_admin_key(name)
        except KeyError:
            return False
        return True

    if not run_with_profiles(services, delete()):
        raise CommandError((f"there is no admin profile {name!r}.",), NO_CREDENTIAL)
    print_note(
        f"admin key {name} deleted from {services.profiles.backend}; it still works. "
        f"To revoke it: {links.ADMIN_KEYS}"
    )


def _from_source(services: Services, source: str, timeout_s: float) -> Credential | None:
    async def select() -> Credential | None:
        selection = await select_key(
            services,
            profile=None,
            source=source,
            flags={},
            timeout_s=timeout_s,
            default=False,
        )
        return selection.credential

    lines = ("the admin key could not be read in time.", _HOW)
    failed = AdminKeyError(lines, NO_CREDENTIAL, cause="key-missing")
    try:
        return run_with_timeout(select(), timeout_s, when_blocked=failed.report)
    except TimeLimitReached:
        raise failed from None
