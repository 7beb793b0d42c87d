"""`oai-tui profiles`: what the OS keyring holds, or the encrypted file where OAI_TUI_STORE chose it. Shows no key; never falls back to a file by itself."""

import json
import sys
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC
from typing import Any

import click

from oai_tui.commands.ending import run_within
from oai_tui.commands.output import note, put, stdout_style
from oai_tui.commands.unlocking import services_with_profiles
from oai_tui.domain.ports import KeyringProblem
from oai_tui.domain.profile import Profile
from oai_tui.domain.redaction import Redactor, visible
from oai_tui.knowledge.keyrings import FILE
from oai_tui.reports.exit_codes import KEYRING, USAGE, WORKS
from oai_tui.wiring import Services

_DEADLINE_S = 30.0
PROBLEMS: Mapping[str, str] = {
    "unavailable": "this machine has no usable keyring",
    "insecure": "the keyring back end that is chosen keeps keys as plain text, so it is not used",
    "locked": "the keyring is locked",
    "refused": "the keyring refused",
    "slow": "the keyring did not answer in time",
    "differs": "the keyring gave back something else than was stored",
}
"""What each state of the keyring means to a person. The states are those of domain.ports.KeyringProblem."""

Act = Callable[[Services], Coroutine[Any, Any, int]]


@click.group()
def command() -> None:
    """List, show or delete the profiles in the OS keyring. `oai-tui` itself saves them, and `keyring get oai-tui NAME` prints a key."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def list_profiles(as_json: bool) -> int:
    """List the saved profiles."""

    async def act(services: Services) -> int:
        profiles = await services.saved_profiles()
        if as_json:
            _put_json([_document(profile) for profile in profiles])
        elif profiles:
            _put_text(_table(profiles))
        else:
            note("no profiles are saved; the wizard (`oai-tui`) saves one when a key has proved to work")
        return WORKS

    return _run(act)


@command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def show_profile(name: str, as_json: bool) -> int:
    """Show what is kept beside the key of the profile NAME; not the key."""

    async def act(services: Services) -> int:
        profile, _ = await services.vault.load(name)
        if as_json:
            _put_json(_document(profile))
        else:
            _put_text("".join(f"{label.ljust(14)}{value}\n" for label, value in _rows(profile)))
        return WORKS

    return _run(act, name)


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def delete_profile(name: str, yes: bool) -> int:
    """Delete the profile NAME with its key from the keyring. The key itself stays valid at OpenAI."""

    async def load(services: Services) -> int:
        await services.vault.load(name)
        return WORKS

    async def delete(services: Services) -> int:
        await services.vault.delete(name)
        note(f"deleted the profile {name}; to make its key useless, revoke it at OpenAI as well")
        return WORKS

    if not yes:
        if not (sys.stdin is not None and sys.stdin.isatty()):
            raise click.UsageError("there is no terminal to ask for confirmation; add --yes.")
        if (code := _run(load, name)) != WORKS:
            return code
        click.confirm(f"Delete the profile {name} and its key from the keyring?", abort=True, err=True)
    return _run(delete, name)


def _run(act: Act, name: str | None = None) -> int:
    services = services_with_profiles()

    async def main() -> int:
        try:
            return await act(services)
        except KeyringProblem as problem:
            return _explain(services, problem)
        except KeyError:
            return await _unknown(services, name or "")
        finally:
            await services.aclose()

    return run_within(_DEADLINE_S, main, late=lambda: _explain(services, KeyringProblem("slow", "no answer")), finish=lambda code: code)


def _explain(services: Services, problem: KeyringProblem) -> int:
    step = services.keyring_step(problem.state)
    said = PROBLEMS.get(problem.state, "the keyring failed") if not services.uses_file else services.keyring_said(problem.state).rstrip(".").lower()
    note(f"{said}." + (f" It said: {problem.detail}" if problem.detail else ""))
    note(f"{step.text} Run: {step.command}")
    if not services.uses_file and problem.state in {"unavailable", "insecure"}:
        note(f"or keep profiles in a file that is encrypted under a passphrase: {FILE}")
    return KEYRING


async def _unknown(services: Services, name: str) -> int:
    try:
        names = await services.vault.names()
    except KeyringProblem as problem:
        return _explain(services, problem)
    note(f"there is no profile {name!r}. " + (f"Saved are: {', '.join(names)}" if names else "None is saved"))
    return USAGE


def _table(profiles: tuple[Profile, ...]) -> str:
    rows = [(profile.name, profile.kind, profile.hint, profile.fingerprint, _verified(profile), profile.target.base_url) for profile in profiles]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows)


def _rows(profile: Profile) -> list[tuple[str, str]]:
    target = profile.target
    return [
        ("name", profile.name), ("key", f"{profile.hint} ({profile.kind}, fingerprint {profile.fingerprint})"), ("base URL", target.base_url), ("organization", target.organization or "none"),
        ("project", target.project or "none"), ("model", profile.model or target.model or "none"), ("verified", _verified(profile)), ("billing", profile.billing),
    ]


def _verified(profile: Profile) -> str:
    return f"{profile.verified_at.astimezone(UTC):%Y-%m-%d %H:%M UTC}" if profile.verified_at else "never"


def _document(profile: Profile) -> dict[str, Any]:
    target = profile.target
    return {
        "name": profile.name, "hint": profile.hint, "kind": profile.kind, "fingerprint": profile.fingerprint,
        "target": {"base_url": target.base_url, "organization": target.organization, "project": target.project, "model": target.model},
        "verified_at": f"{profile.verified_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if profile.verified_at else None, "billing": profile.billing, "model": profile.model or None,
    }


def _put_text(page: str) -> None:
    """The keyring's words are foreign words: other programs may write there."""
    put(stdout_style().written(visible(Redactor()(page))))


def _put_json(document: object) -> None:
    put(json.dumps(document, indent=2, ensure_ascii=not stdout_style().unicode) + "\n")
