"""Examines a new key for a profile and keeps it when it has proved to work; used where a key is imported and where one is replaced."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.profile import Profile, VerifiedProfile
from oai_tui.headless.run_check import CheckScope, run_check
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection
from oai_tui.headless.timeout import REPORT_SLACK_S, run_with_timeout
from oai_tui.headless.with_profiles import DEADLINE_S, print_keyring_error
from oai_tui.reports.exit_codes import WORKS
from oai_tui.services.build import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOutcome:
    """How it ended. `saved`: the profile, None when the key did not prove to work or was not to be kept; `keyring_code`: the exit code of a keyring that failed, None when it did not."""

    choice: KeySelection
    found: Diagnosis
    saved: Profile | None = None
    keyring_code: int | None = None


Confirm = Callable[[KeySelection, Diagnosis], bool]
"""Whether a key that works is to be kept; asks where that is in doubt."""


def check_and_save(
    services: Services,
    name: str,
    get: Callable[[], Awaitable[KeySelection]],
    scope: CheckScope,
    agree: Confirm,
    finish: Callable[[SaveOutcome], int],
) -> int:
    """Get a key, examine it, and save it as the profile `name` when it works and `agree`, which may take its time, says so. The exit code of `finish`."""
    course = RunTracker(services, scope.timeout)
    chosen: list[KeySelection] = []

    async def main() -> Diagnosis:
        try:
            chosen.append(await get())
            return await run_check(services, chosen[0], scope, course)
        finally:
            course.clear()
            await services.aclose()

    def examined(found: Diagnosis) -> int:
        choice = chosen[0] if chosen else KeySelection(target=found.target)
        kept = SaveOutcome(choice=choice, found=found)
        if found.is_healthy and choice.credential is not None and agree(choice, found):
            kept = _saved(
                services,
                kept,
                VerifiedProfile(name=name, diagnosis=found, credential=choice.credential),
            )
        return finish(kept)

    return run_with_timeout(
        scope.timeout + REPORT_SLACK_S, main, late=course.diagnosis, finish=examined
    )


def _saved(services: Services, kept: SaveOutcome, verified: VerifiedProfile) -> SaveOutcome:
    done: list[Profile] = []

    async def main() -> int:
        try:
            done.append(await services.vault.save(verified))
        except KeyringError as problem:
            return print_keyring_error(services, problem)
        return WORKS

    code = run_with_timeout(
        DEADLINE_S,
        main,
        late=lambda: print_keyring_error(services, KeyringError("slow", "no answer")),
        finish=lambda code: code,
    )
    return replace(kept, saved=done[0]) if done else replace(kept, keyring_code=code)
