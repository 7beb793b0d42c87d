"""Every screen of the wizard as a recipe: how to start the program, and how to get there.

The clock and the ids are fixed, no time is measured, no cursor blinks, nothing counts down.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from oai_tui.domain.profile import Profile, ProfileNotes
from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.walk import WalkScreen
from tests.screenshots import LOG, FixedClock, HeldServices, ManyKeys
from tests.screenshots import NOW as PICTURE_TIME
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import NOW, OTHER_KEY, FakeFile, FakeVault, credential, profile
from tests.tui.pilot_steps import next_message, paste, press, settle, walk_paused

Reach = Callable[[Pilot[Any]], Awaitable[None]]
_TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "app.py", line 7, in <module>\n'
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key "
    "provided: sk-proj-****aB3d. You can find your API key at "
    "https://platform.openai.com/account/api-keys.', 'type': 'invalid_request_error', "
    "'param': None, 'code': 'invalid_api_key'}}\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A screen: `start` returns the program, `reach` leads there, `shows` is its class."""

    shows: str
    start: Callable[[], OaiTui]
    reach: Reach


def _demo(scenario: str = "organization-mismatch", *, hold_before: str = "") -> OaiTui:
    services = HeldServices(demo_services(scenario, clock=FixedClock()))
    services.hold_before = hold_before
    return OaiTui(
        services,  # type: ignore[arg-type]
        now=lambda: PICTURE_TIME,
        quiet_s=0,
    )


def _many_keys() -> OaiTui:
    services = ManyKeys(demo_services("organization-mismatch", clock=FixedClock()))
    return OaiTui(
        services,  # type: ignore[arg-type]
        now=lambda: PICTURE_TIME,
        quiet_s=0,
    )


def _profiles() -> tuple[Profile, ...]:
    return (
        replace(
            profile("work", 3),
            key_since=NOW - timedelta(days=97),
            notes=ProfileNotes(note="data team, ask Kim", expires_on=date(2027, 1, 31)),
        ),
        profile("staging", 20, OTHER_KEY),
    )


def _real(*, key: bool = True, keyring: str = "works") -> OaiTui:
    saved = _profiles() if key else ()
    keys = (credential(),) if key else ()
    return wizard(FakeServices(*keys, vault=FakeVault(*saved, state=keyring)))


def _without_keyring() -> OaiTui:
    return wizard(FakeServices(vault=FakeVault(state="unavailable"), file=FakeFile()))


def _picker() -> OaiTui:
    return OaiTui(None, now=lambda: PICTURE_TIME, quiet_s=0)


def _keys(*keys: str) -> Reach:
    """Press keys; a check that they start runs to its end or to its question."""

    async def reach(pilot: Pilot[Any]) -> None:
        for key in keys:
            await press(pilot, key)
            await walk_paused(pilot)

    return reach


async def _held(pilot: Pilot[Any]) -> None:
    """Start a check that is held before its second test."""
    await press(pilot, "enter")
    while not _is_held(pilot):
        await next_message(pilot.app.screen)


def _is_held(pilot: Pilot[Any]) -> bool:
    screen = pilot.app.screen
    current = screen.progress.current if isinstance(screen, WalkScreen) else None
    return current is not None and current.id == "key-without-organization"


def _read_with_admin_key(*keys: str) -> Reach:
    """Press keys, each of which may start to read with the demo's admin key."""

    async def reach(pilot: Pilot[Any]) -> None:
        for key in keys:
            await press(pilot, key)
            await walk_paused(pilot)
            for worker in list(pilot.app.workers):
                if worker.group == "owner":
                    await worker.wait()
            await settle(pilot)

    return reach


def _explain(text: str) -> Reach:
    async def reach(pilot: Pilot[Any]) -> None:
        await press(pilot, "x")
        await paste(pilot, text)
        await press(pilot, "enter")

    return reach


CHECKED = ("enter",)
"""The keys to the cause of the demo."""
WORKS = ("enter", "enter", "y")
"""The keys to the result of the demo."""
PICTURED = {
    "start": Pictured(shows="StartScreen", start=_many_keys, reach=_keys()),
    "start-without-key": Pictured(
        shows="StartScreen", start=lambda: _real(key=False), reach=_keys()
    ),
    "start-without-keyring": Pictured(
        shows="StartScreen", start=lambda: _real(key=False, keyring="unavailable"), reach=_keys()
    ),
    "key-entry": Pictured(shows="KeyEntryScreen", start=_real, reach=_keys("n")),
    "key-entry-of-demo": Pictured(
        shows="KeyEntryScreen", start=lambda: _demo("key-missing"), reach=_keys("n")
    ),
    "passphrase": Pictured(shows="PassphraseScreen", start=_without_keyring, reach=_keys("f")),
    "demos": Pictured(shows="DemosScreen", start=_picker, reach=_keys()),
    "running": Pictured(
        shows="WalkScreen", start=lambda: _demo(hold_before="key-without-organization"), reach=_held
    ),
    "cause": Pictured(shows="WalkScreen", start=_demo, reach=_keys(*CHECKED)),
    "cause-with-countdown": Pictured(
        shows="WalkScreen", start=lambda: _demo("quota-exhausted"), reach=_keys("enter", "y")
    ),
    "question": Pictured(shows="QuestionScreen", start=_demo, reach=_keys("enter", "enter")),
    "question-gateway": Pictured(
        shows="QuestionScreen", start=lambda: _demo("gateway-works"), reach=_keys("enter")
    ),
    "evidence": Pictured(shows="WalkScreen", start=_demo, reach=_keys(*CHECKED, "e")),
    "causes": Pictured(shows="WalkScreen", start=_demo, reach=_keys(*CHECKED, "a")),
    "owner-key": Pictured(
        shows="OwnerPage",
        start=lambda: _demo("organization-membership"),
        reach=_keys(*CHECKED, "A"),
    ),
    "owner-view": Pictured(
        shows="OwnerPage",
        start=lambda: _demo("organization-membership"),
        reach=_read_with_admin_key(*CHECKED, "A", "enter"),
    ),
    "owner-list": Pictured(
        shows="OwnerPage",
        start=lambda: _demo("organization-membership"),
        reach=_read_with_admin_key(*CHECKED, "A", "enter", "l"),
    ),
    "success": Pictured(shows="SuccessScreen", start=_demo, reach=_keys(*WORKS)),
    "saved": Pictured(shows="SavedScreen", start=_demo, reach=_keys(*WORKS, "enter")),
    "samples": Pictured(shows="SnippetScreen", start=_demo, reach=_keys(*WORKS, "m")),
    "profiles": Pictured(shows="ProfilesScreen", start=_real, reach=_keys("f3")),
    "profile-edit": Pictured(shows="ProfileEditScreen", start=_real, reach=_keys("f3", "e")),
    "profile-delete": Pictured(shows="ConfirmScreen", start=_real, reach=_keys("f3", "d")),
    "paste": Pictured(shows="PasteScreen", start=_real, reach=_keys("x")),
    "explanation": Pictured(
        shows="ExplanationScreen",
        start=lambda: _demo("quota-exhausted"),
        reach=_explain(_TRACEBACK),
    ),
    "explanation-of-log": Pictured(
        shows="ExplanationScreen", start=lambda: _demo("quota-exhausted"), reach=_explain(LOG)
    ),
    "map": Pictured(shows="MapScreen", start=_demo, reach=_keys(*CHECKED, "f6")),
    "map-step": Pictured(
        shows="MapScreen", start=_demo, reach=_keys(*CHECKED, "f6", "up", "up", "enter")
    ),
    "cause-page": Pictured(
        shows="CauseScreen", start=_demo, reach=_keys(*CHECKED, "f6", "up", "up", *["enter"] * 3)
    ),
    "history": Pictured(shows="HistoryScreen", start=_demo, reach=_keys(*CHECKED, "f7")),
    "help": Pictured(shows="HelpScreen", start=_demo, reach=_keys(*CHECKED, "question_mark")),
    "jump": Pictured(shows="JumpScreen", start=_many_keys, reach=_keys("ctrl+o")),
    "palette": Pictured(shows="ClosablePalette", start=_demo, reach=_keys(*CHECKED, "ctrl+p")),
    "ticket": Pictured(shows="NoteScreen", start=_demo, reach=_keys(*CHECKED, "t")),
    "save-report": Pictured(shows="SaveReportScreen", start=_demo, reach=_keys(*CHECKED, "s")),
}


async def reach(pilot: Pilot[Any], name: str) -> None:
    """Lead the program to the screen `name`, and stop its cursor."""
    await settle(pilot)
    await PICTURED[name].reach(pilot)
    assert type(pilot.app.screen).__name__ == PICTURED[name].shows
    for screen in pilot.app.screen_stack:
        for box in (*screen.query(Input), *screen.query(TextArea)):
            box.cursor_blink = False
    await settle(pilot)
