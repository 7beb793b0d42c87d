"""The actions of the walk screen, the most useful one first. Pure."""

from oai_tui.tui.formatting import change_label
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.action_bar import Action

_AGAIN = Action(id="again", label="I fixed it, check again")
_AGAIN_UNCHANGED = Action(
    id="again", label="Check again now", tooltip="The same request can succeed later"
)
_ENTER_KEY = Action(id="enter_key", label="Enter a key")
_RUNNING = (
    Action(id="wait", label="Asking …", enabled=False),
    Action(id="back", label="Stop"),
)
_WORKING = (
    Action(id="save", label="Save as a profile"),
    Action(id="back", label="Check another key"),
    Action(id="quit", label="Quit"),
)


def next_actions(progress: WalkProgress) -> tuple[Action, ...]:
    """Return the actions of the bar.

    While the walk runs: stop. When the key works: save. After a failure: first each fix that can
    be applied here, then checking again.
    """
    if progress.diagnosis is None:
        return _RUNNING
    verdict = progress.diagnosis.verdict
    if verdict.outcome == "working":
        return _WORKING
    again = _AGAIN_UNCHANGED if verdict.retry.helps else _AGAIN
    if verdict.cause == "key-missing":
        return (_ENTER_KEY, again)
    applicable = [
        Action(
            id=f"apply({index})", label=change_label(fix.apply, progress.facts), tooltip=fix.text
        )
        for index, fix in enumerate(verdict.fixes)
        if fix.apply is not None
    ]
    another_key = (_ENTER_KEY,) if verdict.family == "key" else ()
    return (*applicable, again, *another_key)
