"""A small decision tree and its causes, so that screens can be tested without the real ones."""

from oai_tui.domain.cause import Alternative, Cause, Fix
from oai_tui.domain.condition import When
from oai_tui.domain.decision_tree import Branch, Option, Probe, Question, Stage, Step, Tree
from oai_tui.domain.target import Change

_END = Branch(when=When(), label="end", mark="passed")
SAVE = Question(
    id="save",
    text="Under which name should it be saved?",
    options=(Option(id="save", label="Save"), Option(id="no", label="Do not save")),
    text_fact="profile_name",
)
INFERENCE = Question(
    id="inference",
    text="Send a test request? (about $0.00001)",
    options=(
        Option(id="yes", label="Yes, send it"),
        Option(id="no", label="No, skip billing"),
    ),
)
GATEWAY = Question(
    id="gateway",
    text="The endpoint is not OpenAI's.",
    options=(Option(id="yes", label="Yes, send the key"), Option(id="no", label="No")),
)


def _step(
    name: str,
    stage: str,
    title: str,
    act: Probe | Question,
    *,
    experiment: bool = False,
    skip_to: str | None = None,
) -> Step:
    return Step(
        id=name,
        stage=stage,
        title=title,
        why=f"Why {name} is asked.",
        act=act,
        branches=(_END,),
        experiment=experiment,
        skip_to=skip_to,
    )


_STEPS = (
    _step("credential", "credential", "Which key is used?", Probe(name="credential")),
    _step("reach", "reach", "Is it really OpenAI?", Probe(name="reach")),
    _step("key", "key", "Does OpenAI accept the key?", Probe(name="key")),
    _step(
        "without-organization",
        "key",
        "The same without the organization",
        Probe(name="key", change=Change(kind="unset-organization")),
        experiment=True,
    ),
    _step("identity", "identity", "Who is behind the key?", Probe(name="me"), skip_to="model"),
    _step("model", "model", "Which model can be used?", Probe(name="model"), skip_to="inference"),
    _step(
        "ask-inference", "inference", "May one billed request be sent?", INFERENCE, skip_to="limits"
    ),
    _step(
        "inference",
        "inference",
        "Does a billed request work?",
        Probe(name="inference"),
        skip_to="limits",
    ),
    _step("limits", "limits", "How much room is left?", Probe(name="limits"), skip_to="ask-save"),
    _step("ask-save", "save", "Save it?", SAVE),
    _step("save", "save", "Keep it in the keyring", Probe(name="save")),
)
_STAGES = tuple(
    Stage(id=name, title=name.capitalize())
    for name in ("credential", "reach", "key", "identity", "model", "inference", "limits", "save")
)
TREE = Tree(stages=_STAGES, steps={step.id: step for step in _STEPS}, start="credential")

_MISMATCH = Cause(
    id="organization-mismatch",
    family="organization-and-project",
    title="OPENAI_ORG_ID doesn't match this key's organization",
    meaning=(
        "Every call names an organization that the key does not belong to, "
        "so every call is refused."
    ),
    fixes=(
        Fix(
            text="Send no organization header: the key knows its own.",
            who="you",
            command="unset OPENAI_ORG_ID",
            apply=Change(kind="unset-organization"),
        ),
        Fix(
            text="Set the id of the key's own organization.",
            who="you",
            url="https://platform.openai.com/settings/organization/general",
        ),
    ),
    alternatives=(
        Alternative(
            cause="organization-membership",
            why=(
                "the person behind the key left the organization; "
                "the call without the header would fail as well"
            ),
        ),
    ),
)
_MISSING = Cause(
    id="key-missing",
    family="key",
    title="No API key found",
    meaning="No call can work without a key.",
    fixes=(Fix(text="Set OPENAI_API_KEY where the program runs.", who="you"),),
)
_LOCKED = Cause(
    id="keyring-locked",
    family="this-machine",
    title="The keyring is locked",
    meaning="Nothing could be stored.",
    fixes=(Fix(text="Unlock the keyring and try again.", who="you"),),
)
_INVALID = Cause(
    id="key-invalid",
    family="key",
    title="OpenAI rejected this key",
    meaning="It was mistyped, revoked or deleted.",
    fixes=(Fix(text="Create a new key.", who="owner"),),
)
CATALOGUE = {cause.id: cause for cause in (_MISMATCH, _MISSING, _LOCKED, _INVALID)}
