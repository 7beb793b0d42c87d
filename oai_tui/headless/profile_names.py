"""The names of profiles on the command line: which one is meant, and completion, which is quick, asks nobody and keeps silent."""

import asyncio
import os
from typing import TYPE_CHECKING

import click

from oai_tui.credentials.store.default_profile import VARIABLE, default_profile
from oai_tui.domain.profile import NAME_RULE, valid_name

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMPLETION_S = 1.0
"""Seconds after which a completion gives up: somebody has pressed Tab and waits."""


def named_or_default(name: str | None) -> str:
    """The profile that is named, else the default one. UsageError when there is neither."""
    chosen = name or default_profile(os.environ)
    if not chosen:
        raise click.UsageError(
            f"name a profile, or choose a default one: oai-tui profiles use NAME (or set {VARIABLE})"
        )
    return chosen


def check_name(name: str, hint: str = "NAME") -> str:
    """The name; a usage error when it is none that a profile could have."""
    if not valid_name(name):
        raise click.BadParameter(f"a profile's name has {NAME_RULE}", param_hint=hint)
    return name


def complete_profile(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """The saved names that begin so; none when the keyring is locked, absent or slow."""
    from click.shell_completion import CompletionItem

    from oai_tui.services.build import real_vault

    async def names() -> tuple[str, ...]:
        async with asyncio.timeout(_COMPLETION_S):
            return await real_vault(may_prompt=False).indexed()

    try:
        found = asyncio.run(names())
    except Exception:  # noqa: BLE001  whatever is wrong, a half-typed line is no place to say so
        return []
    return [CompletionItem(name) for name in found if name.startswith(incomplete)]
