"""Checks one key without a screen: the walk, and once more for each further model."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer, Ask
from oai_tui.headless.options import DEFAULT_TIMEOUT_S
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection
from oai_tui.headless.timeout import END_SLACK_S, TimeLimitReached, run_with_timeout
from oai_tui.services.services import Services, WalkPlan

_MIN_WALK_S = 0.1
"""Seconds for the walk over a further model when the time of the check is used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScope:
    """The scope of a check.

    models: the models to check, the one for a billed request first; one None when none is named.
    inference: permits the billed request.
    only: the stages asked for, empty for all but saving.
    timeout: seconds for the whole check of one key.
    """

    models: tuple[str | None, ...] = (None,)
    inference: bool = False
    only: frozenset[str] = frozenset()
    timeout: float = DEFAULT_TIMEOUT_S


def check_key(
    services: Services,
    select: Callable[[], Awaitable[KeySelection]],
    scope: CheckScope,
    tracker: RunTracker,
    *,
    report: Callable[[], int],
    status_page: bool = False,
    then: Callable[[], Awaitable[None]] | None = None,
) -> Diagnosis:
    """Select a key, check it, and return the diagnosis; a partial one when the time is over.

    Closes the connections of `services`.

    select: returns the key; its time counts.
    tracker: gets the selection and the diagnosis.
    report: prints the diagnosis of the tracker and returns the exit code; called only when the
        event loop itself is blocked (see `run_with_timeout`).
    status_page: ask OpenAI's status page as well.
    then: runs after the check, with its connections and within its time.
    """

    async def main() -> None:
        try:
            tracker.selection = await select()
            await run_check(services, tracker.selection, scope, tracker)
            if status_page:
                await ask_status_page(services, tracker)
            if then is not None:
                await then()
        finally:
            tracker.clear()
            await services.aclose()

    with suppress(TimeLimitReached):  # the tracker has what is known
        run_with_timeout(main(), scope.timeout + END_SLACK_S, when_blocked=report)
    return tracker.diagnosis()


async def run_check(
    services: Services, selection: KeySelection, scope: CheckScope, tracker: RunTracker
) -> Diagnosis:
    """Walk, then walk again from the model step for each further model, until one fails."""
    stages = scope.only or frozenset(
        stage.id for stage in services.tree.stages if stage.id != "save"
    )
    ends_at = services.clock.steady() + scope.timeout
    ask = _answers(scope, agreed=selection.target.agreed)

    async def walk(plan: WalkPlan) -> Diagnosis:
        tracker.begin(plan, selection.notes)
        remaining_s = max(_MIN_WALK_S, ends_at - services.clock.steady())
        async with aclosing(services.walk(replace(plan, timeout_s=remaining_s), ask)) as events:
            async for event in events:
                tracker.record(event)
        return tracker.diagnosis()

    diagnosis = await walk(
        WalkPlan(
            target=selection.target,
            credential=selection.credential,
            only=stages,
            facts=selection.facts,
        )
    )
    for model in scope.models[1:]:
        if diagnosis.verdict.outcome != "working" or "model" not in stages:
            break
        diagnosis = await walk(
            WalkPlan(
                target=replace(diagnosis.target, model=model),
                credential=selection.credential,
                start=services.tree.first_of("model"),
                before=diagnosis.trail,
                only=frozenset({"model"}),
                facts=diagnosis.facts,
            )
        )
    return diagnosis


async def ask_status_page(services: Services, tracker: RunTracker) -> None:
    """Add what OpenAI's status page says to the warnings, unless the walk has asked it already."""
    diagnosis = tracker.diagnosis()
    if "status_page" not in diagnosis.facts:
        tracker.add_note(await services.status_text(diagnosis.target))


def _answers(scope: CheckScope, *, agreed: bool) -> Ask:
    """Answer the walk's questions from the flags; a question that no flag answers gets no.

    Among these is plain http: with --allow-http it is not asked.
    """
    yes = {"inference": scope.inference, "gateway": agreed}

    async def ask(question: Question, facts: Mapping[str, Fact]) -> Answer:
        return Answer(option="yes" if yes.get(question.id) else "no")

    return ask
