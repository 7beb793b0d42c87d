"""The actions of the check screen, the most useful one first. Pure."""

from oai_tui.diagnosis.owner_verdict import can_settle
from oai_tui.domain.decision_tree import Question
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.services.owner_lookup import is_listed
from oai_tui.tui.formatting import change_label
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action

_AGAIN = Action(
    id="again", label="Check again", tooltip="Check again after you have fixed it (also: r)"
)
_AGAIN_UNCHANGED = Action(
    id="again",
    label="Check again now",
    tooltip="The same request can succeed later (also: r)",
)
_ENTER_KEY = Action(id="enter_key", label="Enter a key")
_ENTER_OTHER_KEY = Action(id="enter_key", label="Enter another key")
_MY_GATEWAY = Action(
    id="again",
    label="Yes, this is my gateway",
    tooltip="Check again; you are asked before the key is sent to it",
)
_RUNNING = (
    Action(id="wait", label="Checking …", enabled=False),
    Action(id="back", label="Stop"),
)
_WAITING_FOR_ANSWER = (Action(id="wait", label="Waiting for your answer", enabled=False),)
_WORKING = (
    Action(id="save", label="Save profile"),
    Action(id="back", label="Check another key"),
    Action(id="quit", label="Quit"),
)
_CHOOSE_ORGANIZATION = Action(
    id="about('account')",
    label="Choose organization",
    tooltip="This key reaches several organizations; use another one for this run",
)
_CHOOSE_MODEL = Action(
    id="about('models')",
    label="Choose model",
    tooltip="Use another model this key can list for this run",
)
_SHOW_PERMISSIONS = Action(
    id="about('permissions')",
    label="Show permissions",
    tooltip="Test what this key may do, endpoint by endpoint; nothing is billed",
)
_SHOW_LIMITS = Action(
    id="about('limits')",
    label="Show limits",
    tooltip="What is left, and code that retries within the limits",
)
_OWNER_VIEW = Action(
    id="about('owner')",
    label="Owner view",
    tooltip="An admin key can show what this check leaves open; it only reads",
)
_MODEL_CAUSES = frozenset({"model-not-found", "model-not-allowed", "model-retired"})
_ORGANIZATION_FAMILIES = frozenset({"billing", "organization-and-project"})
_NOT_CONFIRMED = frozenset({"other-server-answered"})
"""Causes where the person did not confirm that the server is the one they want."""


def next_actions(progress: WalkProgress) -> tuple[Action, ...]:
    """Return the actions of the bar.

    While the check runs: stop. When the key works: save. After a failure: first each fix that can
    be applied here, then checking again, choices on the pages about the key, and the owner view.
    """
    if progress.diagnosis is None:
        asks = progress.current is not None and isinstance(progress.current.act, Question)
        return _WAITING_FOR_ANSWER if asks else _RUNNING
    verdict = progress.diagnosis.verdict
    if verdict.outcome == "working":
        return _WORKING
    again = _AGAIN_UNCHANGED if verdict.retry.helps else _AGAIN
    if verdict.cause == "key-missing":
        return (_ENTER_KEY, again)
    if verdict.cause in _NOT_CONFIRMED:
        again = _MY_GATEWAY
    applicable = [
        Action(
            id=f"apply({index})", label=change_label(fix.apply, progress.facts), tooltip=fix.text
        )
        for index, fix in enumerate(verdict.fixes)
        if fix.apply is not None
    ]
    choices = []
    if verdict.family in _ORGANIZATION_FAMILIES and progress.facts.get("several_organizations"):
        choices.append(_CHOOSE_ORGANIZATION)
    if verdict.cause in _MODEL_CAUSES and progress.facts.get("models_listed"):
        choices.append(_CHOOSE_MODEL)
    if verdict.cause == "scope-missing":
        choices.append(_SHOW_PERMISSIONS)
    if verdict.family == "rate-limits":
        choices.append(_SHOW_LIMITS)
    another_key = (_ENTER_OTHER_KEY,) if verdict.family == "key" else ()
    owner_view = (_OWNER_VIEW,) if _owner_view_helps(progress.diagnosis) else ()
    return (*applicable, again, *choices, *another_key, *owner_view)


def _owner_view_helps(diagnosis: Diagnosis) -> bool:
    """Return True if an admin key can settle the verdict: of a key of a project, at OpenAI."""
    key = diagnosis.credential
    return (
        key is not None
        and is_listed(key.kind)
        and diagnosis.target.is_openai
        and can_settle(diagnosis.verdict)
    )
