"""The walk: a cause with its fix, applying it, checking again, disabled keys, and questions."""

import pytest
from textual.widget import Widget

from oai_tui.domain.ports import Answer
from oai_tui.domain.target import Target
from oai_tui.tui.clipboard import curl_of
from oai_tui.tui.places import PLACES
from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.widgets.action_bar import ActionBar
from tests.domain.keys.fake_keys import leaks
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import KEY, ORGANIZATION, FakeVault, credential
from tests.tui.pilot_steps import press, resize, settle
from tests.tui.sample_tree import GATEWAY
from tests.tui.screen_text import screen_lines, screen_words
from tests.tui.scripted_walk import ScriptedApi, answer


@pytest.fixture
def services() -> FakeServices:
    return FakeServices(credential())


async def test_a_refusal_names_the_cause_the_exchange_and_the_experiment(
    services: FakeServices,
) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        text = screen_words(app)
        for part in (
            "✗ OPENAI_ORG_ID doesn't match this key's organization",
            "GET https://api.openai.com/v1/models",
            "401 Unauthorized · mismatched_organization",
            "182 ms",
            "req_8f8f…8f8f",
            "⟳ The same without the organization: accepted ✓",
            "Confirmed by a test: ",
            "unset OPENAI_ORG_ID",
        ):
            assert part in text


async def test_applying_the_fix_turns_red_to_green_and_keeps_what_was_changed_in_sight(
    services: FakeServices,
) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        assert [start for start, _ in services.walks] == [None, "key"]
        assert services.walks[1][1].organization is None
        await press(pilot, "enter")
        text = screen_words(app)
        assert "✓ The key works (billing not tested)" in text
        assert "The organization is left out for this run." in text
        assert "in your shell unset OPENAI_ORG_ID" in text


async def test_a_fix_that_does_not_help_says_so(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        services.api = ScriptedApi(accepts_key=False)
        await press(pilot, "enter")
        text = screen_words(app)
        assert "✗ OpenAI rejected this key" in text
        assert "The change was made, but the check still fails." in text


async def test_checking_again_begins_at_the_stage_that_was_refused() -> None:
    services = FakeServices(credential(), api=ScriptedApi(accepts_key=False))
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "r")
        assert [start for start, _ in services.walks] == [None, "key"]


async def test_check_again_in_the_demo_fixes_the_outside_and_says_so() -> None:
    services = FakeServices(credential(), mode="demo")
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "r")
        assert services.was_fixed_outside
        await press(pilot, "escape", "escape")
        assert "Demo: The problem was fixed for you." in screen_words(app)


async def test_skip_is_greyed_where_the_step_may_not_be_skipped() -> None:
    app = wizard(FakeServices(credential(), api=ScriptedApi(hang_at="key")))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert app.screen.check_action("skip", ()) is None


async def test_skip_goes_to_the_step_after() -> None:
    services = FakeServices(credential(), api=ScriptedApi(hang_at="identity"), mode="demo")
    services.demo_fix_outside()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "k")
        assert services.walks[-1][0] == "model"


async def test_evidence_is_one_key_away_and_gone_by_the_same(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "e")
        assert "< x-request-id: req_" in screen_words(app)
        await press(pilot, "e")
        assert "What to do" in screen_words(app)


async def test_other_causes_are_one_key_away(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "a")
        assert "the person behind the key left the organization" in screen_words(app)


async def test_the_status_page_is_asked_on_request(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "p")
        assert "reports no incident" in screen_words(app)


async def test_curl_has_the_variable_and_the_headers_that_were_sent(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "u")
        assert 'Authorization: Bearer $OPENAI_API_KEY"' in app.clipboard
        assert f"OpenAI-Organization: {ORGANIZATION}" in app.clipboard
        assert "Copied as curl" in screen_words(app)


def test_curl_quotes_what_a_shell_would_read() -> None:
    request = answer("x", "/models?a='$(touch x)'", target=Target()).request
    assert request is not None
    assert "'https://api.openai.com/v1/models?a='\"'\"'$(touch x)'\"'\"''" in curl_of(request)


async def test_the_path_is_one_line_at_80_columns_and_a_column_at_120(
    services: FakeServices,
) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert "✓ Credential ✓ Reach ✗ Key" in screen_lines(app).splitlines()[1]
        await resize(pilot, 120, 40)
        await settle(pilot)
        assert [
            line.split()[1]
            for line in screen_lines(app).splitlines()
            if line[:3].strip() in {"✓", "✗", "·"}
        ][:4] == ["Credential", "Reach", "Key", "Identity"]


async def test_what_a_cancelled_run_still_says_is_ignored(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        screen = app.screen
        assert isinstance(screen, WalkScreen)
        screen.number += 1
        before = screen.query_one(ActionBar).actions
        screen.progress.diagnosis = None
        screen.post_message(WalkScreen.ProgressChanged(screen.number - 1))
        await settle(pilot)
        assert screen.query_one(ActionBar).actions == before


async def test_a_billed_request_is_sent_after_a_yes_only(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter")
        assert "gpt-5.4-nano" in screen_words(app)
        assert "about $0.00001" in screen_words(app)
        await press(pilot, "escape")
        assert services.answers[0].option == "no"
        assert "✓ The key works (billing not tested)" in screen_words(app)


async def test_sending_a_key_to_a_strange_host_names_the_host_and_enter_refuses() -> None:
    from oai_tui.tui.screens.dialogs import QuestionScreen

    app = wizard(FakeServices(credential()))
    given: list[Answer | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(QuestionScreen(GATEWAY, {}, "gateway.example.com", "…bbbb"), given.append)
        await settle(pilot)
        assert "Send the key to gateway.example.com?" in screen_words(app)
        await press(pilot, "enter")
    assert [each.option for each in given if each is not None] == ["no"]


async def test_a_missing_key_leads_to_entering_one_and_on() -> None:
    app = wizard(FakeServices())
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "tab", "enter", "enter", *"sk-proj-x", "enter")
        assert "typed in project key" in screen_words(
            app
        ) or "OPENAI_ORG_ID doesn't match" in screen_words(app)


async def test_markup_and_escape_sequences_of_a_server_are_shown_literally() -> None:
    hostile = "[bold red]boo[/x] [link='x'] \x1b[31mred\x1b[0m \u202eevil"
    app = wizard(FakeServices(credential(), api=ScriptedApi(refusal=hostile)))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        text = screen_words(app)
        assert "[bold red]boo[/x] [link='x'] ␛[31mred␛[0m <U+202E>evil" in text
        await press(pilot, "e")
        assert "␛[31mred" in screen_words(app)


async def test_the_key_is_in_no_widget_and_no_picture(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        pictures = [app.export_screenshot()]
        for keys in (["enter"], ["e"], ["e"], ["u"], ["escape"], ["enter"], ["enter"], ["enter"]):
            await press(pilot, *keys)
            pictures += [
                app.export_screenshot(),
                *(str(widget.render()) for widget in app.screen.walk_children(Widget)),
            ]
        assert not [picture for picture in pictures if leaks(KEY, picture)]


async def test_a_locked_keyring_at_the_end_is_a_cause_with_a_fix() -> None:
    vault = FakeVault()
    services = FakeServices(credential(), vault=vault)
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter")
        vault.state = "locked"
        await press(pilot, "enter")
        assert "✗ The keyring is locked" in screen_words(app)
        vault.state = "works"
        await press(pilot, "enter", "enter")
        assert "✓ Saved as work" in screen_words(app)


async def test_the_palette_does_what_the_keys_do(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        assert {
            "Check: select",
            "Check: back",
            "Check: check again",
            "Check: evidence",
            "Check: causes",
            "Check: curl",
            "Check: status page",
            "Check: copy",
            "Check: save",
            "Check: open",
            "Check: ticket",
            "Help",
            "Jump",
            "Quit",
            "Theme",
            *(f"Go to: {place.title}" for place in PLACES),
        } <= set(commands)
        assert commands["Go to: Map"].help.startswith("f6 · ")
        await commands["Check: evidence"].callback()
        await settle(pilot)
        assert "< x-request-id: req_" in screen_words(app)
        await commands["Check: select"].callback()
        await settle(pilot)
        assert [start for start, _ in services.walks] == [None, "key"]
