"""Writes the pictures in screenshots/: the real wizard over the simulator. Run `python -m tests.screenshots`.

The same run always gives the same bytes: fixed clock and ids, no measured times, no cursor that blinks. The pictures load nothing from anywhere.
"""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from oai_tui.credentials.sources.discovery import discover
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.events import Decided, Ended, Event, Observed, StepStarted
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Observation, Timings
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Target
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.services.build import Services, demo_services
from oai_tui.simulator.fixtures import project_key
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.walk import WalkScreen

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE = (120, 40)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SCENARIO = "organization-mismatch"
LOG = "".join(
    [
        f"2026-11-23T07:{minute:02}:10Z ERROR jobs: openai.RateLimitError: Error code: 429 - {{'error': {{'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}}}\n"
        for minute in range(3, 44, 3)
    ]
    + ["2026-11-23T07:45:12Z ERROR chat: openai.APIConnectionError: Connection error.\n"]
)
"""A log for the picture of an explained text."""
TIMINGS = {
    "reach": Timings(name_ms=4, connect_ms=11, tls_ms=24, first_byte_ms=109, total_ms=148),
    "models": Timings(first_byte_ms=178, total_ms=182),
    "identity": Timings(first_byte_ms=88, total_ms=91),
    "inference": Timings(first_byte_ms=398, total_ms=412),
}
"""Times for the pictures, in place of the measured ones, which differ from run to run."""

_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_TERMINAL_ID = re.compile(r"terminal-\d+")
_TEXT = re.compile(
    r'(<text class="[^"]*" x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)("[^>]*>)((?:&#160;)*)([^<]*)</text>'
)
_CELL = 12.2


@dataclass(slots=True)
class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """Always the same time."""
        return NOW

    def steady(self) -> float:
        """No time passes."""
        return 0.0


def pictured(svg: str) -> str:
    """An exported picture without remote fonts and random ids, each text beginning where its first letter stands."""

    def moved(match: re.Match[str]) -> str:
        head, x, middle, length, tail, blanks, text = match.groups()
        if not text:
            return ""
        shift = len(blanks) // len("&#160;") * _CELL
        return f"{head}{float(x) + shift:g}{middle}{float(length) - shift:g}{tail}{text}</text>"

    return _TEXT.sub(moved, _TERMINAL_ID.sub("terminal", _FONT_FACE.sub("", svg)))


class StillServices:
    """Services whose walks take the times of TIMINGS, and wait before the step `hold` until `go` is set."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.hold, self.go = "", asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._services, name)

    async def walk(self, **what: Any) -> AsyncIterator[Event]:
        """The events, stilled."""
        async with aclosing(self._services.walk(**what)) as events:  # type: ignore[type-var]
            async for event in events:
                yield _stilled(event)
                if isinstance(event, StepStarted) and event.step.id == self.hold:
                    await self.go.wait()


def _stilled(event: Event) -> Event:
    match event:
        case Observed():
            return replace(event, observation=_timed(event.observation))
        case Decided():
            accused = event.accusation and replace(
                event.accusation, evidence=_timed(event.accusation.evidence)
            )
            return replace(
                event,
                record=replace(event.record, observation=_timed(event.record.observation)),
                accusation=accused,
            )
        case Ended():
            trail = tuple(
                replace(record, observation=_timed(record.observation))
                for record in event.diagnosis.trail
            )
            return replace(event, diagnosis=replace(event.diagnosis, trail=trail, elapsed_ms=655))
        case _:
            return event


def _timed(seen: Observation) -> Observation:
    return replace(seen, timings=TIMINGS.get(seen.probe, Timings()))


class CrowdedServices(StillServices):
    """A machine with more than one key: the scenario's in the environment, another in .env, and two profiles."""

    def discover(self) -> DiscoveryResult:
        """What the sources find in a folder with a .env file."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, ".env")
            file.write_text(
                f"# staging\nMODEL=gpt-6-luna\nOPENAI_API_KEY={project_key('s')}\n",
                encoding="utf-8",
            )
            os.utime(file, (at := (NOW - timedelta(days=12)).timestamp(), at))
            return discover(SCENARIOS[SCENARIO].client.environment, Path(folder), KEY_KINDS)

    async def saved_profiles(self) -> tuple[Profile, ...]:
        """Two profiles of different ages."""
        return tuple(
            Profile(
                name=name,
                target=Target(),
                hint=Secret(text).masked,
                kind=kind,
                fingerprint=Secret(text).fingerprint,
                verified_at=NOW - timedelta(days=days),
            )
            for name, text, kind, days in (
                ("work", project_key("b"), "project", 3),
                ("staging", f"sk-svcacct-{'k' * 74}T3BlbkFJ{'k' * 73}A", "service-account", 41),
            )
        )


async def pictures() -> dict[str, str]:
    """Every picture by the name of its file."""
    taken: dict[str, str] = {}
    async with OaiTui(
        CrowdedServices(demo_services(SCENARIO, clock=StillClock())), now=lambda: NOW
    ).run_test(size=SIZE) as pilot:  # type: ignore[arg-type]
        await _rest(pilot)
        taken["start"] = _take(pilot)
    services = StillServices(demo_services(SCENARIO, clock=StillClock()))
    app = OaiTui(services, now=lambda: NOW)  # type: ignore[arg-type]
    app.animation_level = "none"
    async with app.run_test(size=SIZE) as pilot:
        await _rest(pilot)
        services.hold = "key-without-organization"
        await _press(pilot, "enter")
        taken["walk"] = _take(pilot)
        await _go_on(pilot, services)
        taken["cause"] = _take(pilot)
        services.hold = "identity"
        await _press(pilot, "enter")
        taken["fix"] = _take(pilot)
        await _go_on(pilot, services)
        await _press(pilot, "enter")
        app.screen.query_one("#name", Input).cursor_blink = False
        await _rest(pilot)
        taken["green"] = _take(pilot)
        await _press(pilot, "enter")
        taken["saved"] = _take(pilot)
    taken["explained"] = await _explained()
    return taken


async def _explained() -> str:
    """A log pasted and judged."""
    app = OaiTui(demo_services("quota-exhausted", clock=StillClock()), now=lambda: NOW)
    app.animation_level = "none"
    async with app.run_test(size=SIZE) as pilot:
        await _rest(pilot)
        await _press(pilot, "x")
        app.post_message(Paste(LOG))
        await _rest(pilot)
        await _press(pilot, "enter")
        await _rest(pilot)
        return _take(pilot)


def _take(pilot: Pilot[None]) -> str:
    return pictured(pilot.app.export_screenshot(title="oai-tui"))


async def _press(pilot: Pilot[None], key: str) -> None:
    await pilot.press(key)
    await _rest(pilot)


async def _go_on(pilot: Pilot[None], services: StillServices) -> None:
    """Let the walk that waits go on, to its end or to its next question."""
    walk = pilot.app.screen
    assert isinstance(walk, WalkScreen)
    services.go.set()
    while walk.progress.diagnosis is None and pilot.app.screen is walk:
        await pilot.pause()
    services.hold, services.go = "", asyncio.Event()
    await _rest(pilot)


async def _rest(pilot: Pilot[None]) -> None:
    """Wait until nothing moves: every brief worker done, the walk ended, asking or held."""
    app = pilot.app
    for _ in range(400):
        await pilot.pause()
        screen, brief = (
            app.screen,
            [
                worker
                for worker in app.workers
                if worker.group in {"keyring", "names", "explain"} and not worker.is_finished
            ],
        )
        held = (
            isinstance(app, OaiTui)
            and isinstance(app.services, StillServices)
            and bool(app.services.hold)
        )
        reached = (
            isinstance(screen, WalkScreen)
            and screen.progress.current is not None
            and held
            and screen.progress.current.id == app.services.hold
        )  # type: ignore[union-attr]
        if not brief and (
            not isinstance(screen, WalkScreen) or screen.progress.diagnosis is not None or reached
        ):
            break
    for _ in range(5):
        await pilot.pause()


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for name, svg in asyncio.run(pictures()).items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
