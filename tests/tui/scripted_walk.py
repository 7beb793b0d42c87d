"""A walk down the sample tree whose answers are scripted, with the events of the engine."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

from oai_tui.domain.decision_tree import Mark, Question, Step
from oai_tui.domain.diagnosis import CauseMatch, CredentialSummary, Diagnosis, StepRecord, Verdict
from oai_tui.domain.errors import KeyringError
from oai_tui.domain.events import Decided, Ended, Event, Observed, QuestionAsked, StepStarted
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import ErrorBody, Fact, Observation, Request, Timings
from oai_tui.domain.ports import Answer, Ask
from oai_tui.domain.target import Target
from tests.tui.fakes import NOW, FakeVault, profile
from tests.tui.sample_tree import CATALOGUE, TREE

_CLIENT_REQUEST_ID = "00000000-0000-4000-8000-000000000001"
_LIMITS: dict[str, Fact] = {
    "limit_requests": 500,
    "remaining_requests": 499,
    "reset_requests_s": 0.12,
    "limit_tokens": 30000,
    "remaining_tokens": 29990,
    "reset_tokens_s": 0.02,
    "limits_known": True,
}

Result = tuple[Observation, Mark, str]
"""An observation, the mark of its step, and the id of the cause it selects ("" for none)."""


@dataclass(frozen=True, kw_only=True)
class ScriptedApi:
    """The answers of the API. It refuses every call that names an organization."""

    hang_at: str = ""
    """The id of the step that is never answered."""
    refusal: str = ""
    """The body and message of a refusal; empty for the usual ones."""
    accepts_key: bool = True


def answer(
    probe: str,
    path: str = "/models",
    status: int = 200,
    *,
    target: Target,
    key_sent: bool = True,
    ms: float = 180,
    **facts: Fact,
) -> Observation:
    """Return the observation of a request to the target that took `ms` milliseconds."""
    headers = {"X-Client-Request-Id": _CLIENT_REQUEST_ID}
    if target.organization:
        headers["OpenAI-Organization"] = target.organization
    return Observation(
        probe=probe,
        request=Request(
            method="GET",
            url=f"{target.base_url}{path}",
            headers=headers,
            key_sent=key_sent,
            client_request_id=_CLIENT_REQUEST_ID,
        ),
        status=status,
        reason={200: "OK", 401: "Unauthorized"}.get(status, ""),
        headers={"x-request-id": "req_" + "8f" * 16},
        facts=facts,
        timings=Timings(first_byte_ms=ms - 4, total_ms=ms),
    )


@dataclass(kw_only=True)
class ScriptedWalk:
    """One walk with a key. `answers` collects what the user answers to its questions."""

    api: ScriptedApi
    vault: FakeVault
    target: Target
    credential: Credential | None
    ask: Ask
    answers: list[Answer]
    records: list[StepRecord]
    facts: dict[str, Fact]
    match: CauseMatch | None = None

    async def events(self, start: str) -> AsyncIterator[Event]:
        """Yield the events from the step `start` to the first failure, or to the end."""
        for step in self._steps_from(start):
            target = replace(self.target, organization=None) if step.experiment else self.target
            yield StepStarted(step=step, target=target)
            if step.id == self.api.hang_at:
                await asyncio.Event().wait()
            if isinstance(step.act, Question):
                yield QuestionAsked(step=step, question=step.act)
            observation, mark, cause = await self._result(step)
            self.facts |= observation.facts
            yield Observed(step=step, observation=observation)
            if cause:
                self._select(cause, step, observation)
            record = StepRecord(
                step=step.id,
                stage=step.stage,
                title=step.title,
                mark=mark,
                branch=str(observation.status or observation.answer or "done"),
                observation=observation,
                matched_cause=cause,
                experiment=step.experiment,
            )
            self.records.append(record)
            yield Decided(step=step, record=record, current_match=self.match)
            if self._ends_after(step, observation):
                break
        yield Ended(diagnosis=self._diagnosis())

    def _steps_from(self, start: str) -> Iterator[Step]:
        """Yield the steps, without an experiment that is not needed or a call refused by a no."""
        names = list(TREE.steps)
        for name in names[names.index(start) :]:
            is_needless_experiment = name == "without-organization" and self.match is None
            is_unwanted = name == "inference" and self.facts.get("billing") == "no"
            if not is_needless_experiment and not is_unwanted:
                yield TREE.steps[name]

    def _select(self, cause: str, step: Step, observation: Observation) -> None:
        """Select a cause; an experiment confirms what the step "key" observed."""
        evidence = observation
        if step.experiment:
            of_key = (record.observation for record in self.records if record.step == "key")
            evidence = next(of_key, observation)
        self.match = CauseMatch(cause=cause, confidence="certain", evidence=evidence)

    def _ends_after(self, step: Step, observation: Observation) -> bool:
        if step.id == "ask-save" and observation.answer == "no":
            return True
        if self.match is None:
            return False
        # After a refusal for the organization, the experiment follows.
        return step.id != "key" or self.match.cause != "organization-mismatch"

    async def _result(self, step: Step) -> Result:
        if isinstance(step.act, Question):
            return await self._answered(step.act)
        scripted = {
            "credential": self._credential_result,
            "reach": self._reach_result,
            "key": self._key_result,
            "without-organization": self._experiment_result,
            "limits": lambda: (Observation(probe="limits", facts=_LIMITS), "passed", ""),
            "save": self._save_result,
        }
        if step.id in scripted:
            return scripted[step.id]()
        usual = answer(step.id, f"/{step.id}", target=self.target, organization_seen="acme")
        return usual, "passed", ""

    async def _answered(self, question: Question) -> Result:
        given = await self.ask(question, {**self.facts, "model_for_inference": "gpt-5.4-nano"})
        self.answers.append(given)
        facts: dict[str, Fact] = {"profile_name": given.text} if given.text else {}
        if question.id == "inference":
            facts = {"billing": "tested" if given.option == "yes" else "no"}
        return Observation(probe=question.id, answer=given.option, facts=facts), "passed", ""

    def _credential_result(self) -> Result:
        if self.credential is None:
            nothing = Observation(probe="credential", facts={"credential": "none"})
            return nothing, "failed", "key-missing"
        facts: dict[str, Fact] = {"key_last_four": self.credential.secret.last4}
        return Observation(probe="credential", facts=facts), "passed", ""

    def _reach_result(self) -> Result:
        target = replace(self.target, organization=None)
        return answer("reach", status=401, target=target, key_sent=False, ms=148), "passed", ""

    def _key_result(self) -> Result:
        if not self.api.accepts_key:
            refusal = self._refusal("invalid_api_key", "Incorrect API key provided.")
            return refusal, "failed", "key-invalid"
        if self.target.organization:
            refusal = self._refusal(
                "mismatched_organization",
                "OpenAI-Organization header should match organization for API key",
            )
            return refusal, "failed", "organization-mismatch"
        return answer("key", "/key", target=self.target, organization_seen="acme"), "passed", ""

    def _refusal(self, code: str, message: str) -> Observation:
        error = ErrorBody(
            code=code, type="invalid_request_error", message=self.api.refusal or message
        )
        body = self.api.refusal or f'{{"error": {{"code": "{code}"}}}}'
        refusal = answer("key", status=401, target=self.target, ms=182)
        return replace(refusal, error=error, body=body)

    def _experiment_result(self) -> Result:
        target = replace(self.target, organization=None)
        return answer("key", target=target, ms=131), "passed", "organization-mismatch"

    def _save_result(self) -> Result:
        name = str(self.facts.get("profile_name"))
        try:
            self.vault.check()
        except KeyringError as error:
            failed = Observation(probe="save", facts={"keyring": error.state})
            return failed, "failed", "keyring-locked"
        self.vault.saved[name] = profile(name, 0)
        facts: dict[str, Fact] = {
            "keyring": "works",
            "saved_as": name,
            "keyring_name": self.vault.backend,
        }
        return Observation(probe="save", facts=facts), "passed", ""

    def _diagnosis(self) -> Diagnosis:
        return Diagnosis(
            verdict=self._verdict(),
            trail=tuple(self.records),
            target=self.target,
            credential=self._credential_summary(),
            started_at=NOW,
            elapsed_ms=512,
            version="0",
            facts=dict(self.facts),
        )

    def _verdict(self) -> Verdict:
        if self.match is None:
            return Verdict(
                outcome="working", title="Everything answered", explanation="The key works."
            )
        cause = CATALOGUE[self.match.cause]
        return Verdict(
            outcome="problem",
            cause=cause.id,
            family=cause.family,
            title=cause.title,
            explanation=cause.meaning,
            fixes=cause.fixes,
            alternatives=cause.alternatives,
            untested=("billing",),
        )

    def _credential_summary(self) -> CredentialSummary | None:
        if self.credential is None:
            return None
        secret, kind = self.credential.secret, self.credential.kind
        return CredentialSummary(
            hint=secret.masked,
            kind=kind.id,
            kind_label=kind.label,
            origin=self.credential.origin,
            fingerprint=secret.fingerprint,
        )
