"""Every key there is here: those of the environment and of .env files, each text once, and every saved profile."""

from collections.abc import Mapping
from dataclasses import replace

from oai_tui.domain.errors import KeyringError
from oai_tui.headless.batch_check import BatchItem
from oai_tui.headless.console import print_note
from oai_tui.headless.select_key import (
    KeySelection,
    selection_for_profile,
    unreadable,
    with_overrides,
)
from oai_tui.headless.timeout import run_with_timeout
from oai_tui.headless.with_profiles import DEADLINE_S
from oai_tui.knowledge.keyring_advice import state_clause
from oai_tui.services.build import Services


def collect_all_keys(services: Services, flags: Mapping[str, str | None]) -> tuple[BatchItem, ...]:
    """All of them, the environment's first. A machine without a keyring has no profiles, which a note says; a keyring that fails in another way is a subject of its own, whose verdict is that."""
    found = _found_here(services)
    saved: list[BatchItem] = []

    async def main() -> list[BatchItem]:
        try:
            for name in await services.vault.names():
                saved.append(
                    BatchItem(name=name, choice=await selection_for_profile(services, name))
                )
        except KeyringError as problem:
            return [*saved, *_failed(services, problem)]
        return saved

    subjects: list[BatchItem] = []

    def keep(result: list[BatchItem]) -> int:
        subjects.extend(result)
        return 0

    run_with_timeout(
        DEADLINE_S,
        main,
        late=lambda: [*saved, *_failed(services, KeyringError("slow", "no answer"))],
        finish=keep,
    )
    return tuple(
        replace(
            subject,
            choice=replace(subject.choice, target=with_overrides(subject.choice.target, flags)),
        )
        for subject in (*found, *subjects)
    )


def _found_here(services: Services) -> list[BatchItem]:
    around = services.discover()
    for problem in around.problems:
        print_note(problem)
    subjects, seen = [], set()
    for credential in around.credentials:
        if credential.secret not in seen:
            seen.add(credential.secret)
            subjects.append(
                BatchItem(
                    name=credential.origin.place or credential.origin.name,
                    choice=KeySelection(
                        target=around.target, credential=credential, notes=around.notes
                    ),
                )
            )
    return subjects


def _failed(services: Services, problem: KeyringError) -> list[BatchItem]:
    if problem.state == "unavailable":
        print_note(f"{state_clause('unavailable')}; so no profiles are checked")
        return []
    return [BatchItem(name="keyring", choice=unreadable(services, problem))]
