"""Pasting an error, its explanation, and a walk that confirms it or does not."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import OptionList

from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.observation import Observation
from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.paste import PasteScreen
from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.widgets.action_bar import ActionBar
from oai_tui.tui.widgets.paragraphs import ParagraphView
from oai_tui.tui.widgets.paste_box import PasteBox
from tests.domain.keys.fake_keys import leaks
from tests.scenarios.pasted_only_samples import PASTED
from tests.tui.fake_services import FakeServices, as_services, wizard
from tests.tui.fakes import KEY, NOW, credential
from tests.tui.pilot_steps import paste, press, resize, settle, walk_paused
from tests.tui.screen_text import screen_lines, screen_words

QUOTA = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current "
    "quota', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}"
)
FOREIGN = (
    "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'OpenAI-Organization "
    "header should match organization for API key', 'code': 'mismatched_organization'}}"
)
SEVERAL = (
    f"2026-11-02T09:10:00Z ERROR {FOREIGN}\n"
    f"2026-11-02T09:11:00Z ERROR {QUOTA}\n"
    f"2026-11-02T09:12:00Z ERROR {QUOTA}\n"
)


def demo(scenario: str) -> OaiTui:
    """Return the wizard over the simulator."""
    return OaiTui(demo_services(scenario), now=lambda: NOW, quiet_s=0)


def explaining(explained: Callable[[str], tuple[FailureReport, ...]]) -> FakeServices:
    """Return services that explain texts with this function."""
    return FakeServices(credential(), explained=explained)


def blocked_by(gate: threading.Event) -> Callable[[str], tuple[FailureReport, ...]]:
    """Return an explanation that takes until the gate is set."""

    def explained(text: str) -> tuple[FailureReport, ...]:
        gate.wait(30)
        return ()

    return explained


async def explain(pilot: Pilot[Any], text: str) -> None:
    """Open the paste screen, paste, and explain."""
    await settle(pilot)
    await press(pilot, "x")
    await paste(pilot, text)
    await press(pilot, "enter")


# -- pasting


async def test_after_a_paste_enter_explains() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(80, 24)) as pilot:
        await explain(pilot, QUOTA)
        text = screen_words(app)
        for part in (
            "✗ No API credit left quota-exhausted",
            "Confirmed by the error text.",
            "429 · insufficient_quota",
            "“You exceeded your current quota”",
            "1 Add credit",
            "by an owner",
            "▶ Confirm live",
            "at the step Inference",
        ):
            assert part in text.replace("▌ ", "")


async def test_typed_text_is_explained_by_a_key_of_its_own() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", *"insufficient", "underscore", *"quota", "ctrl+s")
        assert "✗ No API credit left" in screen_words(app)


async def test_nothing_can_be_explained_while_there_is_nothing() -> None:
    app = demo("all-good")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        assert not app.screen.query_one(ActionBar).actions[0].enabled
        assert app.screen.check_action("explain", ()) is None
        await press(pilot, "space", "enter", "ctrl+s")
        assert isinstance(app.screen, PasteScreen)


async def test_a_text_with_nothing_in_it_is_said_to_be_so() -> None:
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await explain(pilot, "all is well here")
        assert "No error was found in this text." in screen_words(app)


async def test_a_paste_lands_in_the_box_wherever_the_focus_is() -> None:
    app = demo("all-good")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        await paste(pilot, "first ")
        await paste(pilot, "second")
        assert app.screen.query_one(PasteBox).text == "first second"


async def test_a_cut_is_reported_with_the_command_for_whole_logs() -> None:
    app = demo("all-good")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        await paste(pilot, "x" * 1_000_000)
        assert "1,000,000 characters" in screen_words(app)
        assert "oai-tui explain FILE" in screen_words(app)


async def test_reading_that_takes_too_long_is_abandoned_and_reported() -> None:
    gate = threading.Event()
    services = explaining(blocked_by(gate))
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = PasteScreen(as_services(services), lambda report: None, "an error", limit_s=0.05)
        app.push_screen(screen)
        await settle(pilot)
        await press(pilot, "enter")
        assert "Reading this took longer than 0.05 seconds." in screen_words(app)
        gate.set()


async def test_reading_can_be_stopped() -> None:
    gate = threading.Event()
    app = wizard(explaining(blocked_by(gate)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        await paste(pilot, "an error")
        await pilot.press("enter")
        while "Reading" not in screen_words(app):
            await pilot.pause()
        await press(pilot, "escape")
        assert "Stopped." in screen_words(app)
        gate.set()


async def test_a_fault_of_ours_is_named_without_what_it_says() -> None:
    def fail(text: str) -> tuple[FailureReport, ...]:
        raise ValueError(KEY)

    app = wizard(explaining(fail))
    async with app.run_test(size=(80, 24)) as pilot:
        await explain(pilot, "an error")
        assert "A bug in oai-tui: ValueError" in screen_words(app)
        assert KEY[:12] not in app.export_screenshot()


async def test_the_demo_has_a_sample_and_the_real_world_has_none() -> None:
    app = demo("dns-failure")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "ctrl+t")
        assert "Name or service not known" in screen_words(app)
        await press(pilot, "enter")
        assert "✗ The host name does not resolve" in screen_words(
            app
        ) or "dns-failure" in screen_words(app)
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "ctrl+t")
        assert "sample" not in screen_lines(app)


async def test_the_text_is_gone_when_the_screen_is() -> None:
    app = demo("all-good")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        await paste(pilot, "remember me")
        box = app.screen.query_one(PasteBox)
        await press(pilot, "escape")
        assert box.text == ""
        await press(pilot, "x")
        assert "remember" not in screen_lines(app)


# -- the explanation


async def test_several_failures_are_listed_with_counts_and_chosen() -> None:
    app = demo("organization-mismatch")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, SEVERAL)
        lines = screen_lines(app)
        assert "3 failures of 2 kinds" in lines
        assert "2× No API credit left" in lines
        assert "1× The organization doesn't match this key" in lines
        assert "2 times, first 2026-11-02T09:11:00Z, last 2026-11-02T09:12:00Z" in screen_words(app)
        await press(pilot, "down")
        assert "The OpenAI-Organization header names an organization" in screen_words(app)
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert "Confirmed live:" in screen_words(app)


@pytest.mark.parametrize("cause", PASTED)
async def test_a_cause_that_no_walk_can_meet_says_so_and_how_else(cause: str) -> None:
    app = demo("all-good")
    async with app.run_test(size=(120, 60)) as pilot:
        await explain(pilot, PASTED[cause])
        text, first = screen_words(app), app.screen.query_one(ActionBar).actions[0]
        if cause == "connection-failed":
            assert "The text does not say enough; a live check shows which step fails now." in text
            assert first.label == "Check live"
        else:
            assert "No live check can confirm this:" in text
            assert "To confirm it:" in text
            assert first.id == "copy"


async def test_a_text_that_says_too_little_names_what_would_tell() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, "HTTP 429")
        text = screen_words(app)
        for part in (
            "Not enough detail to name one cause",
            "Other possible causes",
            "○ No API credit left",
            "error.code is",
            "▶ Check live",
        ):
            assert part in text


async def test_the_advice_is_copied_without_evidence() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, f"{QUOTA} {KEY}")
        await app.screen.run_action("copy")
        await settle(pilot)
        assert app.clipboard.startswith("No API credit left (quota-exhausted)\n")
        assert (
            "1. Add credit to this key's organization. Already added? It can take a few minutes; "
            "then check again. (an owner)" in app.clipboard
        )
        assert "You exceeded" not in app.clipboard


async def test_evidence_is_one_key_away_and_gone_by_the_same() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, QUOTA)
        await press(pilot, "e")
        assert "openai.RateLimitError" in screen_words(app)
        await press(pilot, "escape")
        assert "What to do" in screen_words(app)


async def test_back_keeps_the_text_and_another_text_starts_empty() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(80, 24)) as pilot:
        await explain(pilot, QUOTA)
        await press(pilot, "b")
        assert app.screen.query_one(PasteBox).text == QUOTA
        await press(pilot, "ctrl+s", "n")
        assert app.screen.query_one(PasteBox).text == ""


async def test_markup_and_escape_sequences_are_shown_literally() -> None:
    hostile = "[/x] [bold red]boo[/] [link='x'] \x1b[31mred\x1b[0m \u202eevil Error code: 418"
    app = demo("all-good")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        await paste(pilot, hostile)
        assert "[/x] [bold red]boo[/] [link='x'] ␛[31mred␛[0m <U+202E>evil" in screen_lines(app)
        await press(pilot, "enter", "e")
        assert "[/x] [bold red]boo[/] [link='x']" in screen_words(app)
        assert "\x1b[31m" not in screen_lines(app)


async def test_a_hostile_verdict_is_shown_literally() -> None:
    report = FailureReport(
        observation=Observation(
            probe="paste",
            status=418,
            body="[/x]\x1b[2J",
            headers={"x-request-id": "[/y]"},
            facts={"speaker_name": "[/z]"},
        ),
        verdict=Verdict(
            outcome="problem",
            cause="organization-mismatch",
            title="[/t]",
            explanation="[/e]\x1b[2J",
        ),
        count=2,
        first_seen="[/f]",
        last_seen="[/l]",
    )
    app = wizard(FakeServices(credential(), explained=lambda text: (report, report)))
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, "x y")
        text = screen_words(app)
        for part in ("[/t]", "[/e]␛[2J", "[/x]␛[2J", "[/y]", "[/z]", "[/f]"):
            assert part in text


# -- confirming


LIVE_TITLES = {"organization-mismatch": "✗ OPENAI_ORG_ID doesn't match this key's organization"}
"""Scenario -> the title of the check, which knows more than the text: the place of a setting."""


@pytest.mark.parametrize(
    "scenario",
    [
        "organization-mismatch",
        "dns-failure",
        "key-invalid",
        "country-unsupported",
        "base-url-wrong",
        "service-error",
        "key-missing",
    ],
)
async def test_the_sample_of_a_demo_is_confirmed_live(scenario: str) -> None:
    app = demo(scenario)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "x", "ctrl+t", "enter")
        title = app.screen.query_one("#cause", ParagraphView).text.splitlines()[0]
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert "Confirmed live: the check found the same cause as the text." in screen_words(app)
        assert LIVE_TITLES.get(scenario, title.split("   ")[0]) in screen_lines(app)


async def test_money_is_confirmed_after_a_yes_and_not_settled_after_a_no() -> None:
    for answer, part in (("y", "Confirmed live:"), ("escape", "Still unclear:")):
        app = demo("quota-exhausted")
        async with app.run_test(size=(120, 40)) as pilot:
            await explain(pilot, QUOTA)
            await press(pilot, "enter")
            await walk_paused(pilot)
            assert "Send one billed request?" in screen_words(app)
            await press(pilot, answer)
            await walk_paused(pilot)
            assert part in screen_words(app)


async def test_a_green_walk_says_that_the_text_is_not_confirmed() -> None:
    app = demo("all-good")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, FOREIGN)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "y")
        await walk_paused(pilot)
        text = screen_words(app).replace(" ▌", "")
        assert "✓ Everything works" in text
        assert (
            "Not confirmed: the text says “The organization doesn't match this key”. "
            "Key, Model and Inference passed." in text
        )
        await press(pilot, "escape")
        await walk_paused(pilot)
        assert "Not confirmed:" in screen_words(app)


async def test_another_cause_in_the_way_is_something_else() -> None:
    app = demo("dns-failure")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, FOREIGN)
        await press(pilot, "enter")
        await walk_paused(pilot)
        text = screen_words(app)
        assert "Another cause:" in text
        assert "Confirmed live" not in text


async def test_a_text_that_left_it_open_is_settled() -> None:
    app = demo("dns-failure")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, PASTED["connection-failed"])
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert "Found live:" in screen_words(app)


async def test_a_confirmed_cause_that_was_fixed_is_said_to_be_gone() -> None:
    app = demo("organization-mismatch")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, FOREIGN)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "y")
        await walk_paused(pilot)
        assert "Fixed: the cause from the text was found here, and is gone now." in screen_words(
            app
        )


async def test_a_confirmed_cause_is_not_called_gone_while_a_step_was_not_asked() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, QUOTA)
        await press(pilot, "enter")
        await walk_paused(pilot)
        await press(pilot, "y")
        await walk_paused(pilot)
        assert "Confirmed live:" in screen_words(app)
        await press(pilot, "r")
        await walk_paused(pilot)
        await press(pilot, "escape")
        await walk_paused(pilot)
        text = screen_words(app).replace(" ▌", "")
        assert (
            "Not checked again: the cause from the text was found here before. "
            "It can still show at Inference, which was not checked." in text
        )
        assert "gone now" not in text


async def test_what_neither_text_nor_walk_names_stays_open() -> None:
    app = demo("unknown")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, "HTTP 429")
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert "Still unclear: neither the text nor the check names one cause." in screen_words(app)


async def test_the_walk_marks_where_the_text_can_show_and_back_leads_to_the_text() -> None:
    app = demo("organization-mismatch")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, FOREIGN)
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert "Key ◂" in screen_lines(app)
        await press(pilot, "b")
        assert "Diagnosis of the pasted error" in screen_words(app)


async def test_without_a_key_one_is_asked_for() -> None:
    app = demo("key-missing")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, FOREIGN)
        await press(pilot, "enter")
        assert type(app.screen).__name__ == "KeyEntryScreen"
        await press(pilot, "escape")
        assert "Diagnosis of the pasted error" in screen_words(app)
        await press(pilot, "enter", *"sk-proj-x", "enter")
        await walk_paused(pilot)
        assert "typed" in screen_words(app)


async def test_the_second_key_of_the_first_screen_is_the_one_that_confirms() -> None:
    app = demo("key-shadowed")
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "down")
        kept = app.screen.query_one("#keys", OptionList).highlighted
        await explain(pilot, FOREIGN)
        await press(pilot, "enter")
        await walk_paused(pilot)
        assert kept == 1
        walks = [screen for screen in app.screen_stack if isinstance(screen, WalkScreen)]
        assert walks[0].session.credential is not None
        assert walks[0].session.credential.origin.kind == "dotenv"


# -- everywhere


async def test_a_key_in_the_text_is_on_no_screen_on_the_way() -> None:
    app = demo("key-malformed-zero-width-space")
    text = f"{QUOTA}\nAuthorization: Bearer {KEY}\nkey={KEY[:40]}\u200b{KEY[40:]} {KEY!r}\n"
    pictures: list[str] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        await paste(pilot, text)
        pictures.append(app.export_screenshot())
        for key in ("enter", "e", "e", "c", "t", "escape", "enter"):
            await press(pilot, key)
            await walk_paused(pilot)
            pictures += [
                app.export_screenshot(),
                *(
                    str(widget.render())
                    for screen in app.screen_stack
                    for widget in screen.walk_children(Widget)
                ),
                repr([vars(screen) for screen in app.screen_stack]),
                app.clipboard,
            ]
    assert not [picture for picture in pictures if leaks(KEY, picture)]


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (80, 24), (200, 60)])
async def test_any_size_of_terminal_will_do(size: tuple[int, int]) -> None:
    app = demo("organization-mismatch")
    async with app.run_test(size=size) as pilot:
        await explain(pilot, SEVERAL)
        await press(
            pilot, "question_mark", "escape", "e", "e", "t", "escape", "down", "b", "ctrl+s"
        )
        await resize(pilot, 20, 5)
        await resize(pilot, 120, 40)
        await settle(pilot)
        assert "failures of" in screen_words(app)


async def test_the_palette_offers_what_the_keys_do() -> None:
    app = demo("organization-mismatch")
    async with app.run_test(size=(120, 40)) as pilot:
        await explain(pilot, FOREIGN)
        assert {
            "Result: select",
            "Result: back",
            "Result: another text",
            "Result: evidence",
            "Result: copy",
            "Result: save",
            "Result: open",
            "Result: ticket",
            "Help",
            "Quit",
        } <= {command.title for command in app.get_system_commands(app.screen)}


async def test_a_paste_after_a_diagnosis_replaces_the_text() -> None:
    app = demo("quota-exhausted")
    async with app.run_test(size=(100, 30)) as pilot:
        await explain(pilot, QUOTA)
        await press(pilot, "escape")
        app.post_message(events.Paste(FOREIGN))
        await settle(pilot)
        box = app.screen.query_one(PasteBox)
        assert "insufficient_quota" not in box.text
        assert "mismatched_organization" in box.text
