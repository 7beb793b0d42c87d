"""The line that counts down to the next automatic check. Hidden if there is nothing to wait for."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from oai_tui.tui.recheck_plan import RecheckPlan

_TICK_S = 1.0
State = Literal["none", "offered", "counting", "checking", "stopped", "finished"]


class RecheckLine(Static):
    """Counts down to a check and posts `Due`; sends nothing itself.

    `now` is the current time. `may_check` returns False while the user is busy with something that
    a check would replace; the check then waits.
    """

    DEFAULT_CSS = """
    RecheckLine { height: 1; padding: 0 2; color: $text-warning; }
    RecheckLine.-none { display: none; }
    RecheckLine.-offered, RecheckLine.-stopped, RecheckLine.-finished { color: $text-muted; }
    """

    class Due(Message):
        """The countdown has ended: check again."""

    def __init__(
        self, now: Callable[[], datetime], may_check: Callable[[], bool], *, id: str | None = None
    ) -> None:
        super().__init__(id=id, classes="-none")
        self._now = now
        self._may_check = may_check
        self._plan: RecheckPlan | None = None
        self._state: State = "none"
        self._cause: str | None = None
        self._tries = 0
        """Automatic checks in a row with the same cause."""
        self._due_at = datetime.min
        self._timer: Timer | None = None

    @property
    def state(self) -> State:
        """What the line does now."""
        return self._state

    @property
    def text(self) -> str:
        """The text of the line, as long as its width allows; empty if it is hidden."""
        texts = self._texts()
        width = self.content_size.width or self.app.size.width
        return next((text for text in texts if len(text) <= width), texts[-1])

    def on_resize(self) -> None:
        self._draw()

    def offer(self, plan: RecheckPlan | None, cause: str | None) -> None:
        """Show the plan for a new verdict.

        Continues if the verdict is that of an automatic check with the same cause. A plan that
        starts by itself counts down at once.
        """
        continues = self._state == "checking" and plan is not None and cause == self._cause
        if not continues:
            self._tries = 0
        self._plan, self._cause = plan, cause
        if plan is None:
            self._set("none")
        elif continues and self._tries >= plan.tries:
            self._set("finished")
        elif continues or plan.starts_itself:
            self._count()
        else:
            self._set("offered")

    def toggle(self) -> None:
        """Stop the countdown, or start it."""
        if self._state == "counting":
            self._set("stopped")
        elif self._state in {"offered", "stopped", "finished"}:
            self._tries = 0
            self._count()

    def check_started(self) -> None:
        """Take notice of a check that the user started: nothing is counted any more."""
        if self._state != "checking":
            self._set("none")

    def tick(self) -> None:
        """Show the time that is left; at its end, ask for the check."""
        if self._state != "counting":
            return
        if self._seconds() <= 0 and self._may_check():
            self._tries += 1
            self._set("checking")
            self.post_message(self.Due())
        else:
            self._draw()

    def _count(self) -> None:
        if self._plan is not None:
            self._due_at = self._now() + timedelta(seconds=self._plan.interval_s)
            self._set("counting")

    def _seconds(self) -> int:
        """Return the whole seconds that are left, also if the clock was set back."""
        left = math.ceil((self._due_at - self._now()).total_seconds())
        return min(left, self._plan.interval_s if self._plan else left)

    def _set(self, state: State) -> None:
        self._state = state
        if state == "counting" and self._timer is None:
            self._timer = self.set_interval(_TICK_S, self.tick)
        elif state != "counting" and self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.set_classes(f"-{'none' if state == 'checking' else state}")
        self._draw()

    def _draw(self) -> None:
        self.update(Content(self.text))

    def _texts(self) -> Sequence[str]:
        """Return the text in several lengths, the longest first."""
        plan = self._plan
        if plan is None:
            return ("",)
        match self._state:
            case "offered":
                return _offer(plan)
            case "counting":
                return self._countdown(plan)
            case "stopped":
                return ("Automatic check stopped. Press w to start it again.", "Stopped. w: start")
            case "finished":
                times = "once" if plan.tries == 1 else f"{plan.tries} times"
                return (
                    f"Checked {times}: no change yet. Press w to continue, or r to check once.",
                    f"Checked {times}. w: continue",
                )
            case _:
                return ("",)

    def _countdown(self, plan: RecheckPlan) -> Sequence[str]:
        seconds = self._seconds()
        if seconds <= 0:
            return (
                "Ready to check again: close what is open here. Press w to stop.",
                "Ready to check. w: stop",
            )
        left = _clock(seconds)
        if plan.asks_first:
            return (
                f"In {left}: a question before the next billed test request. Press w to stop.",
                f"Question in {left}. w: stop",
            )
        number = f" ({self._tries + 1} of {plan.tries})" if plan.tries > 1 else ""
        return (
            f"Next check in {left}{number}. Press w to stop.",
            f"Next check in {left}. w: stop",
        )


def _offer(plan: RecheckPlan) -> Sequence[str]:
    every = _clock(plan.interval_s)
    if plan.asks_first:
        start, short = f"Changed it? Press w to be asked again in {every}.", f"w: ask in {every}"
    elif plan.tries == 1:
        start, short = f"Press w to check again in {every}.", f"w: check in {every}"
    else:
        start = f"Changed it? Press w to check every {every}, up to {plan.tries} times."
        short = f"Changed it? w: check every {every}"
    return (f"{start} {plan.usual}".rstrip(), start, short)


def _clock(seconds: int) -> str:
    """Return "45 s", or "2:05 min"."""
    return f"{seconds} s" if seconds < 100 else f"{seconds // 60}:{seconds % 60:02} min"
