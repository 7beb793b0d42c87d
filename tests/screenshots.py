"""Draw the pictures in screenshots/: the real wizard over the simulator.

Run `python -m tests.screenshots`. Every run writes the same bytes: the clock and the ids are
fixed, no time is measured, no cursor blinks. The pictures load nothing from the network. The
pictures of one check are also joined to an animation.
"""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from oai_tui.credentials.sources.discovery import discover
from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.events import Decided, Ended, Event, Observed, StepStarted
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import Observation, Timings
from oai_tui.domain.ports import Ask
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Target
from oai_tui.knowledge.key_shapes import KEY_KINDS
from oai_tui.services.build import demo_services
from oai_tui.services.services import Services, WalkPlan
from oai_tui.simulator.fixtures import project_key
from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.walk import WalkScreen
from tests.tui.pilot_steps import next_message, paste, press, settle, walk_paused

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE = (120, 40)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SCENARIO = "organization-mismatch"
_QUOTA_EXHAUSTED = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current "
    "quota, please check your plan and billing details.', 'type': 'insufficient_quota', "
    "'param': None, 'code': 'insufficient_quota'}}"
)
LOG = "".join(
    [
        f"2026-11-23T07:{minute:02}:10Z ERROR jobs: {_QUOTA_EXHAUSTED}\n"
        for minute in range(3, 44, 3)
    ]
    + ["2026-11-23T07:45:12Z ERROR chat: openai.APIConnectionError: Connection error.\n"]
)
"""A log, for the picture of an explained text."""
TIMINGS = {
    "reach": Timings(name_ms=4, connect_ms=11, tls_ms=24, first_byte_ms=109, total_ms=148),
    "models": Timings(first_byte_ms=178, total_ms=182),
    "identity": Timings(first_byte_ms=88, total_ms=91),
    "inference": Timings(first_byte_ms=398, total_ms=412),
}
"""Times by probe, drawn instead of the measured ones, which differ from run to run."""
_WALK_MS = 655

_FONT_FACE = re.compile(r"\s*@font-face\s*\{[^}]*\}")
_TERMINAL_ID = re.compile(r"terminal-\d+")
_TEXT = re.compile(
    r'(<text class="[^"]*" x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)("[^>]*>)'
    r"((?:&#160;)*)([^<]*)</text>"
)
_NAMES = re.compile(r'(?<=[".#])terminal(?=[-"])')
"""The prefix of classes and ids in a picture; pictures in one file must not share it."""
_ANIMATION = (
    ("start", 2.5),
    ("walk", 1.5),
    ("cause", 5.0),
    ("fix", 1.5),
    ("green", 4.0),
    ("saved", 4.0),
)
"""The pictures of the animation in their order, and the seconds that each is shown."""
_CELL = 12.2
"""Width of a cell in an exported picture, in its units."""


@dataclass(slots=True)
class FixedClock:
    """A clock that always shows the same time."""

    def now(self) -> datetime:
        """Return the time of the pictures, in UTC."""
        return NOW

    def steady(self) -> float:
        """Return 0: no time passes."""
        return 0.0


def reproducible(svg: str) -> str:
    """Return an exported picture without remote fonts and random ids.

    Blanks at the start of a text are replaced by moving the text to its first letter.
    """

    def moved(match: re.Match[str]) -> str:
        head, x, middle, length, tail, blanks, text = match.groups()
        if not text:
            return ""
        shift = len(blanks) // len("&#160;") * _CELL
        return f"{head}{float(x) + shift:g}{middle}{float(length) - shift:g}{tail}{text}</text>"

    return _TEXT.sub(moved, _TERMINAL_ID.sub("terminal", _FONT_FACE.sub("", svg)))


class HeldServices:
    """Services whose walks have the times of TIMINGS and can be held before a step.

    `hold_before` is the id of that step, "" for none; `released` lets the walk go on.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.hold_before = ""
        self.released = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._services, name)

    async def walk(self, plan: WalkPlan, ask: Ask) -> AsyncIterator[Event]:
        """Yield the events of a walk, with fixed times."""
        async with aclosing(self._services.walk(plan, ask)) as events:
            async for event in events:
                yield _with_fixed_times(event)
                if isinstance(event, StepStarted) and event.step.id == self.hold_before:
                    await self.released.wait()


def _with_fixed_times(event: Event) -> Event:
    match event:
        case Observed():
            return replace(event, observation=_timed(event.observation))
        case Decided():
            match_ = event.current_match
            if match_ is not None:
                match_ = replace(match_, evidence=_timed(match_.evidence))
            record = replace(event.record, observation=_timed(event.record.observation))
            return replace(event, record=record, current_match=match_)
        case Ended():
            trail = tuple(
                replace(record, observation=_timed(record.observation))
                for record in event.diagnosis.trail
            )
            diagnosis = replace(event.diagnosis, trail=trail, elapsed_ms=_WALK_MS)
            return replace(event, diagnosis=diagnosis)
        case _:
            return event


def _timed(observation: Observation) -> Observation:
    return replace(observation, timings=TIMINGS.get(observation.probe, Timings()))


class ManyKeys(HeldServices):
    """A machine with several keys: the scenario's, one in a .env file, and two profiles."""

    def discover(self) -> DiscoveryResult:
        """Return the keys of the scenario and of a .env file that is 12 days old."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, ".env")
            file.write_text(
                f"# staging\nMODEL=gpt-6-luna\nOPENAI_API_KEY={project_key('s')}\n",
                encoding="utf-8",
            )
            changed_at = (NOW - timedelta(days=12)).timestamp()
            os.utime(file, (changed_at, changed_at))
            return discover(SCENARIOS[SCENARIO].client.environment, Path(folder), KEY_KINDS)

    async def saved_profiles(self) -> tuple[Profile, ...]:
        """Return two profiles, verified 3 and 41 days ago."""
        service_account = f"sk-svcacct-{'k' * 74}T3BlbkFJ{'k' * 73}A"
        return (
            _profile("work", project_key("b"), "project", 3),
            _profile("staging", service_account, "service-account", 41),
        )


def _profile(name: str, key: str, kind: str, days: int) -> Profile:
    secret = Secret(key)
    return Profile(
        name=name,
        target=Target(),
        hint=secret.masked,
        kind=kind,
        fingerprint=secret.fingerprint,
        verified_at=NOW - timedelta(days=days),
    )


async def pictures() -> dict[str, str]:
    """Draw every picture. Return them by the names of their files, without ".svg"."""
    drawn: dict[str, str] = {}
    services = ManyKeys(demo_services(SCENARIO, clock=FixedClock()))
    app = OaiTui(services, now=lambda: NOW, quiet_s=0)  # type: ignore[arg-type]
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        drawn["start"] = _draw(pilot)
    drawn |= await _walk_pictures()
    drawn["explained"] = await _explained()
    drawn["animated"] = animated([(drawn[name], seconds) for name, seconds in _ANIMATION])
    return drawn


def animated(frames: Sequence[tuple[str, float]]) -> str:
    """Return one SVG that shows pictures of the same size one after the other, without an end.

    Each frame is a picture and the seconds it is shown. Readers who prefer reduced motion see the
    first frame only.
    """
    total_s = sum(seconds for _, seconds in frames)
    view_box = re.search(r'viewBox="([^"]+)"', frames[0][0])
    if view_box is None:
        raise ValueError("a picture without a viewBox")
    rules, groups, start_s = [], [], 0.0
    for number, (svg, seconds) in enumerate(frames):
        first, last = (100 * at / total_s for at in (start_s, start_s + seconds))
        hidden_first = "" if number == 0 else "0% { opacity: 0 } "
        rules.append(
            f"@keyframes show{number} {{ {hidden_first}{first:.3f}% {{ opacity: 1 }} "
            f"{last:.3f}% {{ opacity: 0 }} 100% {{ opacity: 0 }} }}\n"
            f".frame{number} {{ opacity: {int(number == 0)}; "
            f"animation: show{number} {total_s:g}s step-end infinite }}"
        )
        named = _NAMES.sub(f"frame{number}", svg)
        groups.append(f'<g class="frame{number}">\n{named.strip()}\n</g>')
        start_s += seconds
    still = "@media (prefers-reduced-motion: reduce) { g { animation: none !important } }"
    return "\n".join(
        [
            f'<svg viewBox="{view_box[1]}" xmlns="http://www.w3.org/2000/svg">',
            "<style>",
            *rules,
            still,
            "</style>",
            *groups,
            "</svg>\n",
        ]
    )


async def _walk_pictures() -> dict[str, str]:
    """Draw one walk: running, its cause, its fix, all green, and saved."""
    drawn: dict[str, str] = {}
    services = HeldServices(demo_services(SCENARIO, clock=FixedClock()))
    app = OaiTui(services, now=lambda: NOW, quiet_s=0)  # type: ignore[arg-type]
    app.animation_level = "none"
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await _press_and_hold(pilot, "enter", services, "key-without-organization")
        drawn["walk"] = _draw(pilot)
        await _release(pilot, services)
        drawn["cause"] = _draw(pilot)
        await _press_and_hold(pilot, "enter", services, "identity")
        drawn["fix"] = _draw(pilot)
        await _release(pilot, services)
        await press(pilot, "y")
        await walk_paused(pilot)
        app.screen.query_one("#name", Input).cursor_blink = False
        await settle(pilot)
        drawn["green"] = _draw(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        drawn["saved"] = _draw(pilot)
    return drawn


async def _explained() -> str:
    """Draw the explanation of a pasted log."""
    app = OaiTui(demo_services("quota-exhausted", clock=FixedClock()), now=lambda: NOW, quiet_s=0)
    app.animation_level = "none"
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        await paste(pilot, LOG)
        await press(pilot, "enter")
        return _draw(pilot)


def _draw(pilot: Pilot[None]) -> str:
    return reproducible(pilot.app.export_screenshot(title="oai-tui"))


async def _press_and_hold(pilot: Pilot[None], key: str, services: HeldServices, step: str) -> None:
    """Press a key that starts a walk, and wait until the walk is held before a step."""
    services.hold_before = step
    await press(pilot, key)
    while not _is_at(step, pilot):
        await next_message(pilot.app.screen)
    await settle(pilot)


def _is_at(step: str, pilot: Pilot[None]) -> bool:
    screen = pilot.app.screen
    current = screen.progress.current if isinstance(screen, WalkScreen) else None
    return current is not None and current.id == step


async def _release(pilot: Pilot[None], services: HeldServices) -> None:
    """Let the held walk go on, and wait for its end or its next question."""
    services.hold_before = ""
    services.released.set()
    await walk_paused(pilot)
    services.released = asyncio.Event()


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for name, svg in asyncio.run(pictures()).items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
