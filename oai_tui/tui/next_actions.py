"""What a person can do next on the walk, the one thing to do first in front. Pure: from what a run has told to the actions of the bar."""

from oai_tui.tui.formatting import change_label
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action

_AGAIN = Action(id="again", label="I fixed it, check again")
_AGAIN_UNCHANGED = Action(
    id="again", label="Check again", tooltip="The same request can succeed later"
)
_ENTER_KEY = Action(id="enter_key", label="Enter a key")
_RUNNING = (Action(id="wait", label="Asking …", enabled=False), Action(id="back", label="Stop"))
_WORKING = (
    Action(id="save", label="Save as a profile"),
    Action(id="back", label="Check another key"),
    Action(id="quit", label="Quit"),
)


def next_actions(progress: WalkProgress) -> tuple[Action, ...]:
    """While it runs: stop. After green: save. After a refusal: apply the first fix that can be applied, else check again."""
    if progress.diagnosis is None:
        return _RUNNING
    found = progress.diagnosis.verdict
    if found.outcome == "working":
        return _WORKING
    again = _AGAIN_UNCHANGED if found.retry.helps else _AGAIN
    if found.cause == "key-missing":
        return (_ENTER_KEY, again)
    applicable = [
        Action(
            id=f"apply({index})", label=change_label(fix.apply, progress.facts), tooltip=fix.text
        )
        for index, fix in enumerate(found.fixes)
        if fix.apply is not None
    ]
    return (*applicable, again, *((_ENTER_KEY,) if found.family == "key" else ()))
