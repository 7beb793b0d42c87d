"""Names of profiles on the command line: the default profile, the check of a name, completion."""

import asyncio
import os
from typing import TYPE_CHECKING, Any

import click

from oai_tui.credentials.store.default_profile import VARIABLE, default_profile
from oai_tui.domain.profile import NAME_RULE, valid_name

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMPLETION_TIMEOUT_S = 1.0
"""Seconds after which completion gives up, because somebody pressed Tab and waits."""


class ProfileNameType(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """The type of every argument and option that names a saved key: an empty name is none.

    A script passes "" for a variable that is not set, and must not get another key for it.
    completes: propose the saved names while it is typed.
    """

    name = "name"

    def __init__(self, *, completes: bool = True) -> None:
        self.completes = completes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as it is; a usage error if it is empty."""
        text = str(value)
        if not text.strip():
            self.fail("the name is empty. Give a name, or leave it out.", param, ctx)
        return text

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        """Return the saved names that start with `incomplete`."""
        return _saved_names(incomplete) if self.completes else []


PROFILE_NAME = ProfileNameType()
OTHER_NAME = ProfileNameType(completes=False)
"""A new name, or that of an admin key."""


def named_or_default(name: str | None) -> str:
    """Return the given name, else that of the default profile; UsageError if there is neither."""
    chosen = name or default_profile(os.environ)
    if not chosen:
        raise click.UsageError(
            "missing profile name. Give one, or set a default: oai-tui profiles use NAME "
            f"(or set {VARIABLE})"
        )
    return chosen


def check_name(name: str, hint: str = "NAME") -> str:
    """Return the name; BadParameter for `hint` if no profile can have it."""
    if not valid_name(name):
        raise click.BadParameter(f"a profile name has {NAME_RULE}", param_hint=hint)
    return name


def _saved_names(incomplete: str) -> "list[CompletionItem]":
    """Return the saved names that start with `incomplete`.

    Empty if the keyring is locked, absent or slow; nothing is asked and nothing is printed.
    """
    from click.shell_completion import CompletionItem

    from oai_tui.services.build import real_vault

    async def names() -> tuple[str, ...]:
        async with asyncio.timeout(_COMPLETION_TIMEOUT_S):
            return await real_vault(may_prompt=False).indexed()

    try:
        saved = asyncio.run(names())
    except Exception:  # noqa: BLE001  an error message would break the half-typed line
        return []
    return [CompletionItem(name) for name in saved if name.startswith(incomplete)]
