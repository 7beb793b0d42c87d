"""One key's examination without a wizard: the walk, once more for each further model, and what is to be told beside the verdict. Used by every command that checks keys."""

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace

from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis, StepRecord
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer, Ask
from oai_tui.domain.profile_diff import ProfileDiff, compare_with_last_good
from oai_tui.domain.target import Target
from oai_tui.headless.options import DEFAULT_TIMEOUT_S
from oai_tui.headless.run_tracker import RunTracker
from oai_tui.headless.select_key import KeySelection
from oai_tui.services.build import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckScope:
    """How far to go. `models`: those to look at, the one for a billed request first, one None when none is named. `inference`: whether that request may be sent. `only`: the stages asked for, empty for all but saving. `timeout`: seconds."""

    models: tuple[str | None, ...] = (None,)
    inference: bool = False
    only: frozenset[str] = frozenset()
    timeout: float = DEFAULT_TIMEOUT_S


async def run_check(
    services: Services, choice: KeySelection, scope: CheckScope, course: RunTracker
) -> Diagnosis:
    """Walk once, and then once more from the model step for each further model, as long as all is well. `course` follows."""
    wanted = scope.only or frozenset(
        stage.id for stage in services.tree.stages if stage.id != "save"
    )
    ends_at = services.clock.steady() + scope.timeout
    ask = _answers(scope, agreed=choice.target.agreed)

    async def once(
        target: Target,
        facts: Mapping[str, Fact],
        only: frozenset[str],
        start: str | None = None,
        before: tuple[StepRecord, ...] = (),
    ) -> Diagnosis:
        course.begin(target, choice.credential, facts, choice.notes)
        left = max(0.1, ends_at - services.clock.steady())
        walk = services.walk(
            target=target,
            credential=choice.credential,
            ask=ask,
            start=start,
            before=before,
            only=only,
            facts=facts,
            timeout_s=left,
        )
        async with aclosing(walk) as events:  # type: ignore[type-var]
            async for event in events:
                course.see(event)
        return course.diagnosis()

    found = await once(choice.target, choice.facts, wanted)
    for model in scope.models[1:]:
        if found.verdict.outcome != "working" or "model" not in wanted:
            break
        found = await once(
            replace(found.target, model=model),
            found.facts,
            frozenset({"model"}),
            services.tree.first_of("model"),
            found.trail,
        )
    return (
        replace(found, target=replace(found.target, model=choice.target.model))
        if found.verdict.outcome == "working"
        else found
    )


async def with_status_page(services: Services, found: Diagnosis) -> Diagnosis:
    """The diagnosis with what OpenAI's status page says among its warnings; unchanged where the walk asked it already."""
    if "status_page" in found.facts:
        return found
    said = await services.status_text(found.target)
    return replace(found, verdict=replace(found.verdict, warnings=(*found.verdict.warnings, said)))


def with_profile_comparison(
    services: Services, choice: KeySelection, found: Diagnosis
) -> tuple[Diagnosis, ProfileDiff | None]:
    """The diagnosis with what has changed since the profile last worked among its warnings, where that is worth a word, and the comparison; None for a key of no profile."""
    beside = (
        compare_with_last_good(choice.profile, found, services.clock.now())
        if choice.profile is not None
        else None
    )
    if beside is None or (found.verdict.outcome == "working" and not beside.differences):
        return found, beside
    return replace(
        found,
        verdict=replace(
            found.verdict, warnings=tuple(dict.fromkeys((*found.verdict.warnings, beside.text)))
        ),
    ), beside


def _answers(scope: CheckScope, *, agreed: bool) -> Ask:
    """Answers the walk's questions out of the flags; a question that no flag answers is answered with no."""
    yes = {"inference": scope.inference, "gateway": agreed}

    async def ask(question: Question, facts: Mapping[str, Fact]) -> Answer:
        return Answer(option="yes" if yes.get(question.id) else "no")

    return ask
