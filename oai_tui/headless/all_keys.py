"""Every key there is here: those of the environment and of .env files, each text once, and every saved profile."""

from collections.abc import Mapping
from dataclasses import replace

from oai_tui.domain.ports import KeyringProblem
from oai_tui.headless.batch_check import Subject
from oai_tui.headless.console import note
from oai_tui.headless.select_key import Choice, choice_of, unreadable, with_flags
from oai_tui.headless.timeout import run_within
from oai_tui.headless.with_profiles import DEADLINE_S, PROBLEMS
from oai_tui.services.build import Services


def everything(services: Services, flags: Mapping[str, str | None]) -> tuple[Subject, ...]:
    """All of them, the environment's first. A machine without a keyring has no profiles, which a note says; a keyring that fails in another way is a subject of its own, whose verdict is that."""
    found = _found_here(services)
    saved: list[Subject] = []

    async def main() -> list[Subject]:
        try:
            for name in await services.vault.names():
                saved.append(Subject(name=name, choice=await choice_of(services, name)))
        except KeyringProblem as problem:
            return [*saved, *_failed(services, problem)]
        return saved

    subjects: list[Subject] = []

    def keep(result: list[Subject]) -> int:
        subjects.extend(result)
        return 0

    run_within(
        DEADLINE_S,
        main,
        late=lambda: [*saved, *_failed(services, KeyringProblem("slow", "no answer"))],
        finish=keep,
    )
    return tuple(
        replace(
            subject, choice=replace(subject.choice, target=with_flags(subject.choice.target, flags))
        )
        for subject in (*found, *subjects)
    )


def _found_here(services: Services) -> list[Subject]:
    around = services.surroundings()
    for problem in around.problems:
        note(problem)
    subjects, seen = [], set()
    for credential in around.credentials:
        if credential.secret not in seen:
            seen.add(credential.secret)
            subjects.append(
                Subject(
                    name=credential.origin.place or credential.origin.name,
                    choice=Choice(target=around.target, credential=credential, notes=around.notes),
                )
            )
    return subjects


def _failed(services: Services, problem: KeyringProblem) -> list[Subject]:
    if problem.state == "unavailable":
        note(f"{PROBLEMS['unavailable']}; so no profiles are checked")
        return []
    return [Subject(name="keyring", choice=unreadable(services, problem))]
