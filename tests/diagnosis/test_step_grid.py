"""Every step of the real tree with every kind of observation.

Each observation takes one branch and selects at most one cause, the verdict has words, and no good
key is called bad.
"""

from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.diagnosis.verdict import choose_branch, select_cause, verdict_of
from oai_tui.domain.cause import Confidence
from oai_tui.domain.decision_tree import Step
from oai_tui.domain.diagnosis import CauseMatch, Verdict
from oai_tui.domain.facts import FACTS
from oai_tui.domain.observation import ErrorBody, Fact, FailureKind, Observation
from oai_tui.knowledge.causes import CATALOGUE
from oai_tui.knowledge.tree import TREE

STATUSES = (
    100,
    200,
    204,
    206,
    301,
    307,
    400,
    401,
    402,
    403,
    404,
    405,
    407,
    408,
    409,
    411,
    413,
    421,
    422,
    426,
    429,
    431,
    451,
    499,
    500,
    501,
    502,
    503,
    504,
    511,
    520,
    522,
    529,
    599,
)
CODES = sorted(
    {
        code
        for cause in CATALOGUE.values()
        for symptom in cause.symptoms
        for code in (
            (symptom.when.code,) if isinstance(symptom.when.code, str) else symptom.when.code
        )
        if code
    }
    | {"", "429", "never_heard_of"}
)
RESPONDERS = ("openai", "openai-like", "gateway", "web", "cloudflare", "filter", "proxy", "other")
STEPS = [pytest.param(step, id=step.id) for step in TREE.steps.values()]


@pytest.fixture(scope="module")
def answers() -> list[Observation]:
    """Every status with every code from every kind of responder."""
    return [
        Observation(
            probe="p",
            status=status,
            error=ErrorBody(code=code, type="invalid_request_error", message="x") if code else None,
            facts={"speaker": responder, "body_kind": "json" if code else "html"},
        )
        for status, code, responder in product(STATUSES, CODES, RESPONDERS)
    ]


def _selected_cause(step: Step, seen: Observation) -> str | None:
    """Return the cause that the step selects for an observation, and check its verdict."""
    branch = choose_branch(step, seen)
    assert sum(other is branch for other in step.branches) == 1
    match = select_cause(branch, seen, CATALOGUE)
    if match is None:
        assert branch.mark != "failed"
        return None
    verdict = _verdict(match.cause, match.confidence, tuple(seen.facts.items()))
    assert verdict.title
    assert verdict.explanation
    return match.cause


@cache
def _verdict(cause: str, confidence: Confidence, facts: tuple[tuple[str, Fact], ...]) -> Verdict:
    """Return the verdict. Of an observation it reads the facts only, so most of them share one."""
    evidence = Observation(probe="p", facts=dict(facts))
    match = CauseMatch(cause=cause, confidence=confidence, evidence=evidence)
    return verdict_of(match, evidence.facts, CATALOGUE, key_proved=False, warnings=())


@pytest.mark.parametrize("step", STEPS)
def test_every_answer_takes_one_branch(step: Step, answers: list[Observation]) -> None:
    for answer in answers:
        _selected_cause(step, answer)


@pytest.mark.parametrize("step", STEPS)
def test_every_failure_takes_one_branch(step: Step) -> None:
    for kind in get_args(FailureKind):
        _selected_cause(step, Observation(probe="p", failure=kind, detail="x"))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("answer", ["yes", "no", "save", "", "something else"])
def test_every_answer_of_a_person_takes_one_branch(step: Step, answer: str) -> None:
    _selected_cause(step, Observation(probe="p", answer=answer))


KEY_BLAMED = {"key-invalid", "key-malformed", "key-placeholder", "key-other-provider"}


@pytest.mark.parametrize("step", ["reach", "key", "model", "inference"])
@pytest.mark.parametrize("status", [status for status in STATUSES if status != 401])
def test_only_a_401_blames_the_key(step: str, status: int) -> None:
    for responder in RESPONDERS:
        seen = Observation(
            probe="p",
            status=status,
            error=ErrorBody(message="no"),
            facts={
                "speaker": responder,
                "body_kind": "json",
                "key_may_go": True,
                "key_damage": "none",
                "key_sendable": True,
            },
        )
        assert _selected_cause(TREE.steps[step], seen) not in KEY_BLAMED


@pytest.mark.parametrize("step", ["reach", "key", "model", "inference"])
@pytest.mark.parametrize("kind", [kind for kind in get_args(FailureKind) if kind != "unsendable"])
def test_no_failure_of_the_network_blames_the_key(step: str, kind: FailureKind) -> None:
    assert (
        _selected_cause(
            TREE.steps[step],
            Observation(
                probe="p", failure=kind, facts={"key_damage": "none", "key_sendable": True}
            ),
        )
        not in KEY_BLAMED
    )


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503])
def test_an_answer_without_a_body_is_not_guessed_at(status: int) -> None:
    """A bare status says too little: the cause is unknown, or what the status alone means.

    It is never the key, the credit or the rate.
    """
    cause = _selected_cause(
        TREE.steps["inference"],
        Observation(
            probe="p",
            status=status,
            facts={"speaker": "other", "body_kind": "empty", "host_kind": "openai"},
        ),
    )
    assert cause in {"unknown", "base-url-wrong"}


ANSWERS: dict[str, tuple[int, ErrorBody, dict[str, Fact], str]] = {
    "invalid key": (
        401,
        ErrorBody(
            code="invalid_api_key", message="Incorrect API key provided: sk-proj-********wxyz."
        ),
        {},
        "key-invalid",
    ),
    "a placeholder as key": (
        401,
        ErrorBody(
            code="invalid_api_key", message="Incorrect API key provided: undefined. You can find"
        ),
        {},
        "key-placeholder",
    ),
    "a sentence as key": (
        401,
        ErrorBody(
            code="invalid_api_key", message="Incorrect API key provided: You are ******tep.."
        ),
        {},
        "key-placeholder",
    ),
    "another vendor's key": (
        401,
        ErrorBody(code="invalid_api_key", message="Incorrect API key provided: sk-ant-a*****wxyz."),
        {},
        "key-other-provider",
    ),
    "a quoted key": (
        401,
        ErrorBody(code="invalid_api_key", message='Incorrect API key provided: "sk-proj*****xyz".'),
        {},
        "key-malformed",
    ),
    "Bearer as key": (
        401,
        ErrorBody(code="invalid_api_key", message="Incorrect API key provided: Bearer."),
        {},
        "key-malformed",
    ),
    "scopes": (
        401,
        ErrorBody(
            message="You have insufficient permissions for this operation. "
            "Missing scopes: api.responses.write."
        ),
        {},
        "scope-missing",
    ),
    "scopes as a bare text": (
        401,
        ErrorBody(message="Missing scopes: api.model.read"),
        {"speaker": "gateway"},
        "scope-missing",
    ),
    "too large by its numbers": (
        429,
        ErrorBody(code="rate_limit_exceeded", type="tokens", message="Request too large"),
        {"limit_state": "over"},
        "request-too-large",
    ),
    "too large by its words alone": (
        429,
        ErrorBody(
            code="rate_limit_exceeded",
            type="tokens",
            message="Request too large for gpt: Limit 250000, Requested 546.",
        ),
        {"limit_state": "reached"},
        "rate-limit-tokens",
    ),
    "limit zero": (
        429,
        ErrorBody(code="rate_limit_exceeded", type="requests", message="Limit: 0 / 1min"),
        {"limit_state": "zero"},
        "limit-zero",
    ),
    "too many requests, no more": (429, ErrorBody(message="Too Many Requests"), {}, "unknown"),
    "slow down as a bare text": (
        429,
        ErrorBody(message="slow down"),
        {"speaker": "gateway"},
        "slow-down",
    ),
    "quota": (
        429,
        ErrorBody(
            code="insufficient_quota",
            type="insufficient_quota",
            message="You exceeded your current quota",
        ),
        {},
        "quota-exhausted",
    ),
    "project's cap with the older type": (
        429,
        ErrorBody(code="project_spend_limit_exceeded", type="insufficient_quota", message="x"),
        {},
        "spend-limit-project",
    ),
    "embeddings from a chat model": (
        403,
        ErrorBody(message="You are not allowed to generate embeddings from this model"),
        {},
        "model-wrong-endpoint",
    ),
    "project without the model": (
        403,
        ErrorBody(
            code="model_not_found", message="Project `proj_x` does not have access to model `gpt-6`"
        ),
        {},
        "model-not-allowed",
    ),
    "a chat model on completions": (
        404,
        ErrorBody(message="This is a chat model and not supported in the v1/completions endpoint."),
        {},
        "model-wrong-endpoint",
    ),
    "no such model": (
        404,
        ErrorBody(
            code="model_not_found",
            message="The model `x` does not exist or you do not have access to it.",
        ),
        {},
        "model-not-found",
    ),
    "unverified": (
        404,
        ErrorBody(
            code="model_not_found",
            message="Your organization must be verified to use the model `o9`.",
        ),
        {},
        "verification-required",
    ),
    "an unsupported parameter of a model not listed": (
        400,
        ErrorBody(code="unsupported_parameter", message="Unsupported parameter"),
        {"model_listed": False, "model_retired": True},
        "request-rejected",
    ),
    "plain http": (
        403,
        ErrorBody(message="The OpenAI API can only be accessed over HTTPS."),
        {},
        "base-url-wrong",
    ),
    "another host's refusal in OpenAI's form": (
        401,
        ErrorBody(code="invalid_api_key", message="Invalid key"),
        {"host_kind": "other"},
        "other-server-answered",
    ),
    "another host's bad day": (
        522,
        ErrorBody(),
        {"host_kind": "other", "speaker": "other"},
        "other-server-answered",
    ),
    "OpenAI's bad day": (
        522,
        ErrorBody(),
        {"host_kind": "openai", "speaker": "other"},
        "service-edge-error",
    ),
    "a key where another vendor's was sent": (
        401,
        ErrorBody(code="invalid_api_key", message="Incorrect API key provided: 0000"),
        {"key_role": "other-vendor", "key_certain": False, "vendor_matches_host": False},
        "key-other-provider",
    ),
}


@pytest.mark.parametrize(("status", "error", "facts", "cause"), ANSWERS.values(), ids=ANSWERS)
def test_what_an_answer_says_is_understood(
    status: int, error: ErrorBody, facts: Mapping[str, Fact], cause: str
) -> None:
    seen = Observation(
        probe="p",
        status=status,
        error=error,
        facts={"speaker": "openai-like", "host_kind": "openai", "body_kind": "json", **facts},
    )
    assert _selected_cause(TREE.steps["inference"], seen) == cause


@given(
    st.sampled_from(list(TREE.steps)),
    st.one_of(st.none(), st.integers(100, 599)),
    st.text(max_size=60),
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from(sorted(FACTS)),
        st.one_of(
            st.text(max_size=12),
            st.booleans(),
            st.integers(),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=8,
    ),
)
def test_no_observation_makes_the_selection_fail(
    step: str, status: int | None, code: str, message: str, facts: dict[str, Fact]
) -> None:
    _selected_cause(
        TREE.steps[step],
        Observation(
            probe="p", status=status, error=ErrorBody(code=code, message=message), facts=facts
        ),
    )


@pytest.mark.parametrize("only", [stage.id for stage in TREE.stages])
def test_every_stage_can_be_asked_for_alone(only: str) -> None:
    """The stage is reached from the start: over its needed stages, with the others skipped."""
    wanted = {only, *next(stage.needs for stage in TREE.stages if stage.id == only)}
    queue = [TREE.start]
    reached: set[str] = set()
    while queue:
        step = TREE.steps[queue.pop()]
        if step.id in reached:
            continue
        reached.add(step.id)
        if step.stage in wanted:
            queue += [branch.goto for branch in step.branches if branch.goto]
        elif step.skip_to:
            queue.append(step.skip_to)
    assert only in {TREE.steps[name].stage for name in reached}
