"""Random keys, pastes, clicks and resizes on every screen of the wizard, by the simulator.

    python -m tests.tui.fuzz --steps 2000 --seed 1 [--screen question]

Nothing may crash, no billed request may be sent without a yes, no key may go to a foreign server
without one, and admin keys go to the admin API alone. The same seed gives the same input.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from unittest import mock

from textual.events import Key, MouseDown, MouseScrollDown, MouseScrollUp, MouseUp, Paste

from oai_tui.domain.decision_tree import Question
from oai_tui.domain.observation import Fact
from oai_tui.domain.ports import Answer
from oai_tui.services.build import demo_services
from oai_tui.services.services import Services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from tests.tui.fakes import NOW
from tests.tui.pilot_steps import settle, wait_until_idle, walk_paused

SCREENS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "start": ("all-good", ()),
    "start-without-key": ("key-missing", ()),
    "demos": ("", ()),
    "check": ("organization-mismatch", ("enter",)),
    "check-of-network": ("dns-failure", ("enter",)),
    "evidence": ("quota-exhausted", ("enter", "escape", "e")),
    "question": ("all-good", ("enter",)),
    "gateway-question": ("gateway-works", ("enter",)),
    "plain-http-question": ("plain-http-refused", ("enter",)),
    "success": ("all-good", ("enter", "escape")),
    "saved": ("all-good", ("enter", "escape", "enter")),
    "profiles": ("all-good", ("enter", "escape", "enter", "p")),
    "paste": ("quota-exhausted", ("x",)),
    "explanation": ("quota-exhausted", ("x", "PASTE", "enter")),
    "key-entry": ("all-good", ("n",)),
    "owner-key": ("key-invalid", ("enter", "A")),
    "owner-view": ("organization-membership", ("enter", "A", "enter")),
    "help": ("all-good", ("question_mark",)),
    "palette": ("all-good", ("ctrl+p",)),
}
"""Screens to start at: a scenario ("" for the choice of demos), and the keys that lead there."""
_ERROR = """openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key
provided: sk-proj-****aB3d.', 'type': 'invalid_request_error', 'code': 'invalid_api_key'}}"""
_PASTES = (
    _ERROR,
    "y\r\n",
    "\n\n\n",
    "work",
    "sk-proj-" + "Ab3" * 50,
    "OPENAI_API_KEY=sk-proj-" + "q7" * 40 + "\nPORT=1\n",
    "\x1b[31mred\x1b[0m \u202eevil \u0301\u200b\U0001f600",
    "[bold]a[/x] [link='x']",
    "日本語" * 40,
    "429 Too Many Requests\n" * 300,
    "x" * 20_000,
    "",
)
_NAMED = (
    *("enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "space", "backspace"),
    *("home", "end", "pageup", "pagedown", "delete", "question_mark", "slash"),
    *(f"f{number}" for number in range(1, 13)),
    *("ctrl+p", "ctrl+o", "ctrl+z", "ctrl+s", "ctrl+a", "ctrl+e", "ctrl+w", "ctrl+u", "ctrl+d"),
)
_LEAVING = ("ctrl+c", "ctrl+q", "q")
"""Keys that may end the program; the wizard is then started again."""
_LETTERS = "abcdefghijklmnoprstuvwxyz0123456789-_. YN"
_SIZES = ((80, 24), (60, 20), (40, 15), (120, 40), (200, 50), (12, 4), (1, 1), (100, 30), (7, 60))
_NEVER_S = 1e6
_LAST_STEPS = 30


def note_agreement(app: OaiTui) -> list[str]:
    """Return a list that fills with the ids of the questions that are answered with yes."""
    agreed: list[str] = []
    put_question = app.put_question

    async def noted(
        question: Question,
        facts: Mapping[str, Fact],
        session: CheckSession,
        progress: WalkProgress,
    ) -> Answer:
        answer = await put_question(question, facts, session, progress)
        if answer.option == "yes":
            agreed.append(question.id)
        return answer

    vars(app)["put_question"] = noted
    return agreed


@dataclass(slots=True)
class Run:
    """One run of the wizard on one screen. `used`: the services of every demo that was opened."""

    screen: str
    random: random.Random
    used: list[Services] = field(default_factory=list)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_STEPS))

    def services(self, scenario: str) -> Services:
        """Return new services, whose requests are judged at the end."""
        self.used.append(demo_services(scenario))
        return self.used[-1]

    async def steps(self, count: int) -> int:
        """Do up to `count` steps; return how many, fewer when the wizard was left."""
        scenario, keys = SCREENS[self.screen]
        quiet_s = self.random.choice((0.0, _NEVER_S))
        services = self.services(scenario) if scenario else None
        app = OaiTui(services, make_demo=self.services, now=lambda: NOW, quiet_s=quiet_s)
        agreed = note_agreement(app)
        done = 0
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            for key in keys:
                if key == "PASTE":
                    app.post_message(Paste(_ERROR))
                else:
                    await pilot.press(key)
                await walk_paused(pilot)
            while done < count and app.is_running and app.return_value is None:
                done += 1
                self._step(app)
                if app._exit:
                    break
                await settle(pilot)
                if app._exit or app._exception is not None:
                    break
        self._judge(agreed, is_guarded=quiet_s > 0)
        return done

    def _step(self, app: OaiTui) -> None:
        """Post the input of one step."""
        kind = self.random.choices(
            ("key", "burst", "paste", "resize", "click", "wheel", "leave"),
            (70, 8, 6, 6, 8, 2, 0.3),
        )[0]
        match kind:
            case "key":
                self._post_key(app, self._key())
            case "burst":
                key = self._key()
                repeated = self.random.random() < 0.5
                for _ in range(self.random.randint(2, 12)):
                    self._post_key(app, key if repeated else self._key())
            case "paste":
                text = self.random.choice(_PASTES)
                self.last.append(f"paste {text[:20]!r}")
                app.post_message(Paste(text))
            case "resize":
                self._resize(app)
            case "leave":
                self._post_key(app, self.random.choice(_LEAVING))
            case _:
                self._mouse(app, is_click=kind == "click")

    def _key(self) -> str:
        if self.random.random() < 0.55:
            return self.random.choice(_NAMED)
        return self.random.choice(_LETTERS)

    def _post_key(self, app: OaiTui, key: str) -> None:
        self.last.append(key)
        name = {" ": "space", "-": "minus", "_": "underscore", ".": "full_stop"}.get(key, key)
        app.post_message(Key(name, key if len(key) == 1 else None))

    def _resize(self, app: OaiTui) -> None:
        from textual.events import Resize
        from textual.geometry import Size

        size = Size(*self.random.choice(_SIZES))
        self.last.append(f"resize {size.width}x{size.height}")
        driver = app._driver
        if driver is not None:
            driver._size = (size.width, size.height)
        app.post_message(Resize(size, size))

    def _mouse(self, app: OaiTui, *, is_click: bool) -> None:
        x = self.random.randrange(max(1, app.size.width))
        y = self.random.randrange(max(1, app.size.height))
        self.last.append(f"{'click' if is_click else 'wheel'} {x},{y}")
        wheel = self.random.choice((MouseScrollDown, MouseScrollUp))
        for event in (MouseDown, MouseUp) if is_click else (wheel,):
            button = 1 if is_click else 0
            app.post_message(
                event(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y)
            )

    def _judge(self, agreed: list[str], *, is_guarded: bool) -> None:
        """Fail if a request was sent that nobody agreed to."""
        assert not (is_guarded and agreed), f"a guarded question was answered: {agreed}"
        received = [
            (services, request)
            for services in self.used
            if services.environment.simulator is not None
            for request in services.environment.simulator.received
        ]
        billed = [request for _, request in received if request.method == "POST"]
        # A billed request has at most one repetition, on the older path of a foreign server.
        assert len(billed) <= 2 * agreed.count("inference"), f"{len(billed)} billed, {agreed}"
        foreign = [
            request.host
            for _, request in received
            if request.key_sent and not request.host.endswith("api.openai.com")
        ]
        assert not foreign or set(agreed) & {"gateway", "plain-http"}, f"key sent to {foreign}"
        mixed_up = [
            request.path
            for _, request in received
            if (request.key_kind == "admin") != request.path.startswith("/v1/organization/")
        ]
        assert not mixed_up, f"an admin key, or a path of the admin API, was mixed up: {mixed_up}"


async def fuzz(screen: str, steps: int, seed: int) -> str:
    """Do that many steps on a screen. Return a report of the first failure, or ""."""
    left, round_number = steps, 0
    while left > 0:
        run = Run(screen, random.Random(f"{seed}:{screen}:{round_number}"))
        round_number += 1
        try:
            left -= max(1, await run.steps(left))
        except Exception:  # noqa: BLE001  every failure is reported with what led to it
            steps_text = " · ".join(run.last)
            return (
                f"{screen}, seed {seed}, round {round_number}, {steps - left} steps before it\n"
                f"last steps: {steps_text}\n{traceback.format_exc()}"
            )
    return ""


def prepare() -> None:
    """Keep a run away from this machine: no browser, no file outside a temporary folder."""
    os.chdir(tempfile.mkdtemp())
    os.environ["BROWSER"] = "true"
    os.environ["HOME"] = os.getcwd()
    os.environ["XDG_CONFIG_HOME"] = os.getcwd()
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        os.environ.pop(name, None)


def main() -> int:
    """Run on one screen or on all of them. Return 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2000, help="steps on each screen")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--screen", choices=sorted(SCREENS))
    options = parser.parse_args()
    prepare()
    failures = 0
    with (
        mock.patch("textual.app.wait_for_idle", wait_until_idle),
        mock.patch("textual.pilot.wait_for_idle", wait_until_idle),
        mock.patch("textual.constants.TEXTUAL_ANIMATIONS", "none"),
    ):
        for screen in [options.screen] if options.screen else SCREENS:
            started = time.monotonic()
            failure = asyncio.run(fuzz(screen, options.steps, options.seed))
            failures += bool(failure)
            print(f"{screen}: {failure or 'ok'} ({time.monotonic() - started:.0f} s)", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
