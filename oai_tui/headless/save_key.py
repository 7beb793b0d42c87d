"""Examines a new key for a profile and keeps it when it has proved to work; used where a key is imported and where one is replaced."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.ports import KeyringProblem
from oai_tui.domain.profile import Profile, VerifiedProfile
from oai_tui.headless.run_check import Scope, examine
from oai_tui.headless.run_tracker import Course
from oai_tui.headless.select_key import Choice
from oai_tui.headless.timeout import run_within
from oai_tui.headless.with_profiles import DEADLINE_S, explain
from oai_tui.reports.exit_codes import WORKS
from oai_tui.services.build import Services

_SLACK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How it ended. `saved`: the profile, None when the key did not prove to work or was not to be kept; `keyring_code`: the exit code of a keyring that failed, None when it did not."""

    choice: Choice
    found: Diagnosis
    saved: Profile | None = None
    keyring_code: int | None = None


Agree = Callable[[Choice, Diagnosis], bool]
"""Whether a key that works is to be kept; asks where that is in doubt."""


def keep_key(
    services: Services,
    name: str,
    get: Callable[[], Awaitable[Choice]],
    scope: Scope,
    agree: Agree,
    finish: Callable[[Kept], int],
) -> int:
    """Get a key, examine it, and save it as the profile `name` when it works and `agree`, which may take its time, says so. The exit code of `finish`."""
    course = Course(services, scope.timeout)
    chosen: list[Choice] = []

    async def main() -> Diagnosis:
        try:
            chosen.append(await get())
            return await examine(services, chosen[0], scope, course)
        finally:
            course.clear()
            await services.aclose()

    def examined(found: Diagnosis) -> int:
        choice = chosen[0] if chosen else Choice(target=found.target)
        kept = Kept(choice=choice, found=found)
        if found.is_healthy and choice.credential is not None and agree(choice, found):
            kept = _saved(
                services,
                kept,
                VerifiedProfile(name=name, diagnosis=found, credential=choice.credential),
            )
        return finish(kept)

    return run_within(scope.timeout + _SLACK_S, main, late=course.diagnosis, finish=examined)


def _saved(services: Services, kept: Kept, verified: VerifiedProfile) -> Kept:
    done: list[Profile] = []

    async def main() -> int:
        try:
            done.append(await services.vault.save(verified))
        except KeyringProblem as problem:
            return explain(services, problem)
        return WORKS

    code = run_within(
        DEADLINE_S,
        main,
        late=lambda: explain(services, KeyringProblem("slow", "no answer")),
        finish=lambda code: code,
    )
    return replace(kept, saved=done[0]) if done else replace(kept, keyring_code=code)
