"""Notes of `check` on the SDKs installed in this folder, where they bear on its verdict."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from oai_tui.domain.diagnosis import Diagnosis

_ENVIRONMENTS = (".venv", "venv", "env", "node_modules", "pyvenv.cfg")
"""Without one of these nothing is installed in this folder."""
_FROM_VARIABLES = frozenset({"environment", "dotenv"})


def sdk_notes(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return sentences for the warnings of a check; none for one that reached no verdict."""
    (found,) = sdk_notes_of_batch((diagnosis,))
    return found


def sdk_notes_of_batch(diagnoses: Iterable[Diagnosis]) -> Iterator[tuple[str, ...]]:
    """Yield the sentences for each check of a report: each sentence once, at the first check.

    The folder is read once, and only if a check reached a verdict.
    """
    if not any(map(os.path.exists, _ENVIRONMENTS)):
        yield from (() for _ in diagnoses)
        return
    from oai_tui.services.sdk_report import installed_here, installed_notes  # few folders need it

    read = None
    said: set[str] = set()
    for diagnosis in diagnoses:
        if diagnosis.verdict.outcome == "aborted":
            yield ()
            continue
        read = read or installed_here(Path())
        notes = installed_notes(read, _variables(diagnosis), diagnosis.verdict)
        new = tuple(note for note in notes if note not in said)
        said.update(new)
        yield new


def with_sdk_note(diagnosis: Diagnosis, notes: tuple[str, ...]) -> Diagnosis:
    """Return a diagnosis with more warnings."""
    if not notes:
        return diagnosis
    warnings = tuple(dict.fromkeys((*diagnosis.verdict.warnings, *notes)))
    return replace(diagnosis, verdict=replace(diagnosis.verdict, warnings=warnings))


def _variables(diagnosis: Diagnosis) -> dict[str, str]:
    """Return the variables that gave settings of a check, each with its place."""
    return {
        origin.name: origin.place or origin.kind
        for origin in diagnosis.target.origins.values()
        if origin.kind in _FROM_VARIABLES
    }
