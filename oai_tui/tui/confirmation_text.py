"""What is said about a pasted text while a walk tries to confirm it, and once it has ended. Pure functions from values to paragraphs."""

from collections.abc import Sequence

from oai_tui.diagnosis.live_comparison import Comparison, is_left_open, stages_that_can_confirm
from oai_tui.domain.cause import Cause
from oai_tui.domain.decision_tree import Stage, Step, Tree
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.tui.formatting import MARKS, display_safe
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from oai_tui.tui.widgets.paragraphs import Paragraph, paragraph

_IN_THE_PROGRAM = "it happens inside the calling program, which a walk does not run."
_NO_SUCH_CALL = "a walk makes no call of this kind."


def before_walk(said: Verdict, stages: Sequence[Stage], cause: Cause | None) -> list[Paragraph]:
    """Whether and where a walk from here can confirm what the text says; how else it can be confirmed where none can."""
    if is_left_open(said):
        return [
            paragraph(
                (f"{MARKS['running']} ", "$primary"),
                "The text leaves it open; a walk from here shows step by step what is refused now.",
            )
        ]
    if stages:
        return [
            paragraph(
                (f"{MARKS['running']} ", "$primary"),
                f"A walk from here can meet it, first at {stages[0].title}. Like every walk it begins without the key.",
            )
        ]
    why = _IN_THE_PROGRAM if said.family == "this-machine" else _NO_SUCH_CALL
    out = [paragraph(("! ", "$warning"), f"No live check can confirm this: {why}")]
    return out + (
        [paragraph("  ", ("To confirm it: ", "$text-muted"), display_safe(cause.confirm))]
        if cause is not None and cause.confirm
        else []
    )


def during_walk(said: Verdict, stages: Sequence[Stage]) -> list[Paragraph]:
    """What a walk that goes on is to confirm, and where."""
    if is_left_open(said):
        return [paragraph("  ", ("The text left open what this is.", "$text-muted"))]
    where = f", first at {stages[0].title}" if stages else ""
    return [paragraph("  ", (f"To confirm: “{display_safe(said.title)}”{where}.", "$text-muted"))]


def with_walk(sitting: CheckSession, progress: WalkProgress) -> list[Paragraph]:
    """What the walk says about the pasted text of a sitting, or is to say while it goes on; nothing where none was pasted."""
    if sitting.pasted is None:
        return []
    if progress.diagnosis is not None:
        return after_walk(sitting, progress.diagnosis.verdict, progress.diagnosis.trail)
    said, services = sitting.pasted.verdict, sitting.services
    return during_walk(said, stages_that_can_confirm(services.tree, said, services.catalogue))


def after_walk(
    sitting: CheckSession, found: Verdict | None, records: Sequence[StepRecord]
) -> list[Paragraph]:
    """What a walk says about the pasted text of a sitting; nothing where none was pasted. `found`: None for a walk with nothing held against anything."""
    compared = sitting.confirmation_text(found, records)
    if compared is None or sitting.pasted is None:
        return []
    return confirmation_lines(
        compared,
        sitting.pasted.verdict,
        found,
        sitting.services.tree,
        was_confirmed=sitting.was_confirmed,
    )


def confirmation_lines(
    compared: Comparison, said: Verdict, found: Verdict | None, tree: Tree, *, was_confirmed: bool
) -> list[Paragraph]:
    """What an ended walk, or one with nothing held against anything, says about the text."""
    if was_confirmed and compared.outcome in {"absent", "open"}:
        return [_since(compared, said, tree)]
    match compared.outcome:
        case "confirmed":
            return [
                _line(
                    "✓",
                    "$success",
                    "Confirmed live:",
                    "the walk met the very cause that the text tells of.",
                )
            ]
        case "settled":
            return [
                _line(
                    "✓",
                    "$success",
                    "Settled live:",
                    "the text left it open, and the walk found this.",
                )
            ]
        case "other":
            return [_line("!", "$warning", "Something else:", _other(compared, said, found, tree))]
        case "absent":
            return [_line("!", "$warning", "Not confirmed:", _absent(compared, said, tree))]
        case "open" if is_left_open(said):
            return [
                _line(
                    "!",
                    "$warning",
                    "Not settled:",
                    "neither the text nor the walk names one cause.",
                )
            ]
        case "open":
            return [
                _line(
                    "!",
                    "$warning",
                    "Not settled:",
                    f"the text says “{display_safe(said.title)}”. {_untried(compared, tree)}".rstrip(),
                )
            ]
        case "beyond":
            return [
                _line(
                    "!",
                    "$warning",
                    "Not confirmed:",
                    f"the text says “{display_safe(said.title)}”, which no walk can meet.",
                )
            ]


def _line(mark: str, style: str, lead: str, rest: str) -> Paragraph:
    return paragraph((f"{mark} ", f"bold {style}"), (f"{lead} ", f"bold {style}"), rest)


def _since(compared: Comparison, said: Verdict, tree: Tree) -> Paragraph:
    """What can be said once a walk has met it: gone only where every step that could meet it answers without it."""
    if is_left_open(said):
        return _line("✓", "$success", "Settled before:", "nothing that was asked is refused now.")
    if compared.outcome == "absent" and not compared.untried:
        return _line("✓", "$success", "What the text says", "was met here, and is gone now.")
    passed = f"{_names(compared.passed, tree)} answered without it now. " if compared.passed else ""
    return _line(
        "!",
        "$warning",
        "What the text says",
        f"was met here before. {passed}{_untried(compared, tree)}".rstrip(),
    )


def _other(compared: Comparison, said: Verdict, found: Verdict | None, tree: Tree) -> str:
    left_open = found is not None and any(other.cause == found.cause for other in said.alternatives)
    known = " The text left this possible." if left_open else ""
    tried = f" {_names(compared.passed, tree)} answered without it." if compared.passed else ""
    return f"the text says “{display_safe(said.title)}”, and this stands in the way here.{known}{tried}"


def _absent(compared: Comparison, said: Verdict, tree: Tree) -> str:
    if is_left_open(said):
        return "nothing that was asked is refused here and now. The failing program may use another key, network or request, or it has passed."
    return f"the text says “{display_safe(said.title)}”. {_names(compared.passed, tree)} answered without it. {_untried(compared, tree)}It may have passed, or the failing program uses another key, network or request."


def _untried(compared: Comparison, tree: Tree) -> str:
    return (
        f"It can still show at {_names(compared.untried, tree, 'or')}, where nothing was asked. "
        if compared.untried
        else ""
    )


def _names(steps: Sequence[Step], tree: Tree, last: str = "and") -> str:
    """The stages of the steps, each once."""
    titles = {stage.id: stage.title for stage in tree.stages}
    return _listed(list(dict.fromkeys(titles[step.stage] for step in steps)), last)


def _listed(words: Sequence[str], last: str) -> str:
    return (
        words[0]
        if len(words) == 1
        else f"{', '.join(words[:-1])} {last} {words[-1]}"
        if words
        else ""
    )
