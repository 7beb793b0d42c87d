"""Driving a screen in a test: press keys, paste, and wait until nothing is left to be done.

Nothing here waits for a number of seconds. Idle means that the event loop has no callback that
is ready to run, so the outcome is the same on a slow machine.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from textual.dom import DOMNode
from textual.events import Paste, Resize
from textual.geometry import Size
from textual.message import Message
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from oai_tui.tui.screens.walk import WalkScreen

_UNATTENDED = frozenset({"explain", "keyring", "load", "names"})
"""Groups of workers that finish without an answer from the user."""
_MAX_ROUNDS = 100_000
"""Rounds of the event loop after which a test is stopped: something keeps itself busy."""


async def wait_until_idle(*_limits: float) -> None:
    """Return once no callback of the running event loop is ready.

    Replaces `textual._wait.wait_for_idle` in tests, whose arguments are minimum and maximum
    seconds; it measures the CPU time of the process in rounds of 20 ms.
    """
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    for _ in range(_MAX_ROUNDS):
        await asyncio.sleep(0)
        if not ready:
            return
    raise AssertionError("the event loop does not come to rest")


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until no worker computes, every message is handled, and the screen is laid out."""
    app = pilot.app
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    for _ in range(_MAX_ROUNDS):
        for worker in list(app.workers):
            if worker.group in _UNATTENDED and not worker.is_finished:
                with suppress(WorkerCancelled):
                    await worker.wait()
        await wait_until_idle()
        if not app.screen_stack:
            return
        app.screen._on_timer_update()
        if not ready:
            return
    raise AssertionError("the screen does not come to rest")


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys; each waits until the effects of the one before are on the screen."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def paste(pilot: Pilot[Any], text: str) -> None:
    """Paste as a terminal does: the event goes to the widget that has the focus."""
    pilot.app.post_message(Paste(text))
    await settle(pilot)


async def resize(pilot: Pilot[Any], width: int, height: int) -> None:
    """Resize the terminal, in cells. Textual lays out again after a timer of its own."""
    screen, size = pilot.app.screen, Size(width, height)
    if pilot.app.size == size:
        return
    with _handled(screen, lambda message: isinstance(message, Resize)) as laid_out:
        await pilot.resize_terminal(width, height)
        await laid_out.wait()
    await settle(pilot)


async def next_message(node: DOMNode) -> None:
    """Wait until a mounted screen or widget has handled one more message."""
    with _handled(node, lambda message: True) as handled:
        await handled.wait()


@contextmanager
def _handled(node: DOMNode, wanted: Callable[[Message], bool]) -> Iterator[asyncio.Event]:
    """An event that is set when `node` has handled a wanted message."""
    handled = asyncio.Event()

    def observe(message: Message) -> None:
        if wanted(message):
            handled.set()

    node.message_signal.subscribe(node, observe, immediate=True)
    try:
        yield handled
    finally:
        node.message_signal.unsubscribe(node)


async def walk_paused(pilot: Pilot[Any]) -> None:
    """Wait until the walk on the screen has ended or asks a question."""
    await settle(pilot)
    while isinstance(walk := pilot.app.screen, WalkScreen) and walk.progress.diagnosis is None:
        await next_message(walk)
    await settle(pilot)
