"""What leaves a result screen: report, command, link, ticket, exit summary; and undo."""

import json
from pathlib import Path

import pytest

from oai_tui.domain.cause import Fix
from oai_tui.domain.diagnosis import Verdict
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.observation import ErrorBody, Observation
from oai_tui.domain.target import Change, Origin, Target
from oai_tui.reports.exit_summary import render_exit_summary
from oai_tui.reports.style import Style
from oai_tui.tui.app import OaiTui
from oai_tui.tui.exit_record import print_exit_summary
from oai_tui.tui.screens.explanation import ExplanationScreen
from oai_tui.tui.screens.save_report import SaveReportScreen
from oai_tui.tui.screens.walk import WalkScreen
from oai_tui.tui.session import CheckSession
from oai_tui.tui.walk_progress import WalkProgress
from tests.domain.keys.fake_keys import leaks
from tests.tui.fake_services import FakeServices, as_services, wizard
from tests.tui.fakes import KEY, ORGANIZATION, OTHER_KEY, credential
from tests.tui.pilot_steps import press, settle
from tests.tui.sample_tree import TREE
from tests.tui.screen_text import screen_words
from tests.tui.scripted_walk import ScriptedApi

INVALID = ScriptedApi(accepts_key=False, refusal=f"Incorrect API key provided: {KEY[:11]}****bbbb")


@pytest.fixture
def services() -> FakeServices:
    return FakeServices(credential())


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


# -- copy and open


async def test_c_copies_the_first_command(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "c")
        assert app.clipboard == "unset OPENAI_ORG_ID"
        assert "Copied" in screen_words(app)


async def test_c_copies_the_first_fix_where_there_is_no_command() -> None:
    app = wizard(FakeServices(credential(), api=INVALID))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "c")
        assert app.clipboard == "Create a new key."


async def test_o_copies_the_link_where_no_browser_can_be_opened(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "o")
        await app.workers.wait_for_complete()
        await settle(pilot)
        assert app.clipboard == "https://platform.openai.com/settings/organization/general"
        assert "No browser here: link copied" in screen_words(app)


async def test_t_copies_a_ticket_without_the_key() -> None:
    app = wizard(FakeServices(credential(), api=INVALID))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "t")
        assert app.clipboard.startswith("Subject: 401 invalid_api_key from api.openai.com\n")
        assert "req_" + "8f" * 16 in app.clipboard
        assert "Incorrect API key provided: [key hidden]" in app.clipboard
        assert "bbbb" not in app.clipboard
        assert not leaks(KEY, app.clipboard)
        assert "Support ticket copied" in screen_words(app)


async def test_the_ticket_names_what_was_tried(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        services.api = INVALID
        await press(pilot, "enter", "t")
        assert "In the check: The organization is left out for this run." in app.clipboard


async def test_nothing_is_copied_while_a_check_is_running() -> None:
    app = wizard(FakeServices(credential(), api=ScriptedApi(hang_at="key")))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "c", "s", "t", "o")
        assert isinstance(app.screen, WalkScreen)
        assert app.clipboard == ""


async def test_links_on_a_card_are_links_of_the_terminal(services: FakeServices) -> None:
    from oai_tui.tui.widgets.paragraphs import ParagraphView

    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        strips = [
            segment
            for line in app.screen.query_one("#fixes", ParagraphView).render_lines(
                app.screen.query_one("#fixes").size.region
            )
            for segment in line
        ]
        links = {segment.style.link for segment in strips if segment.style is not None}
        assert "https://platform.openai.com/settings/organization/general" in links


# -- save


async def save(app: OaiTui, name: Path) -> None:
    """Type a path into the dialog."""
    from textual.widgets import Input

    app.screen.query_one("#report-name", Input).value = str(name)


async def test_s_saves_the_report_as_markdown_or_json(
    services: FakeServices, tmp_path: Path
) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        for name in ("a.md", "a.json"):
            await press(pilot, "s")
            await save(app, tmp_path / name)
            await press(pilot, "enter")
            await app.workers.wait_for_complete()
            await settle(pilot)
            assert str(tmp_path)[:20] in screen_words(app)
    assert (tmp_path / "a.md").read_text("utf-8").startswith("# ✗ `OPENAI_ORG_ID` doesn't match")
    document = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert document["verdict"]["cause"] == "organization-mismatch"
    assert not leaks(KEY, (tmp_path / "a.md").read_text("utf-8"))


async def test_a_file_that_exists_is_kept_unless_the_user_says_yes(
    services: FakeServices, tmp_path: Path
) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "s")
        await save(app, path)
        await press(pilot, "enter")
        assert "Replace the file?" in screen_words(app)
        await press(pilot, "escape")
        assert path.read_text() == "mine"
        assert isinstance(app.screen, SaveReportScreen)


async def test_an_error_stays_in_the_dialog_with_what_to_do(
    services: FakeServices, tmp_path: Path
) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "s")
        await save(app, tmp_path / "missing" / "a.md")
        await press(pilot, "enter")
        assert "doesn't exist. Create it, or type another path." in screen_words(app)


# -- explanation


def failure() -> FailureReport:
    return FailureReport(
        verdict=Verdict(
            outcome="problem",
            cause="key-invalid",
            family="key",
            title="OpenAI does not know this key",
            fixes=(Fix(text="Check it.", who="you", command="oai-tui check"),),
        ),
        observation=Observation(
            probe="paste",
            status=401,
            error=ErrorBody(code="invalid_api_key"),
            headers={"x-request-id": "req_" + "0" * 32},
        ),
    )


async def test_an_explanation_has_the_same_keys(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.push_screen(ExplanationScreen(as_services(services), [failure()], lambda report: None))
        await settle(pilot)
        await press(pilot, "c")
        assert app.clipboard == "oai-tui check"
        await press(pilot, "t")
        assert app.clipboard.startswith("Subject: 401 invalid_api_key\n")
        await press(pilot, "escape", "s")
        assert isinstance(app.screen, SaveReportScreen)


# -- undo


async def test_z_undoes_the_fix_on_the_success_screen_and_checks_again(
    services: FakeServices,
) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter")
        assert "Undo: z" in screen_words(app)
        app.set_focus(None)
        await press(pilot, "z")
        assert services.walks[-1][0] == "key"
        assert services.walks[-1][1].organization == ORGANIZATION
        text = screen_words(app)
        assert "✗ OPENAI_ORG_ID doesn't match this key's organization" in text
        assert "Undone: the organization is sent again." in text
        assert "Undo: z" not in text


async def test_z_without_a_fix_does_nothing(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "z")
        assert len(services.walks) == 1


def session_with(services: FakeServices) -> CheckSession:
    return CheckSession(
        services=as_services(services),
        target=Target(organization=ORGANIZATION, project="proj_a"),
        credential=credential(),
    )


def test_changes_are_undone_one_by_one_the_last_first(services: FakeServices) -> None:
    session = session_with(services)
    progress = WalkProgress(tree=TREE)
    for kind in ("unset-organization", "unset-project"):
        fix = Fix(text="x", who="you", apply=Change(kind=kind))
        session.apply(fix, progress)
    assert session.undo() == "key"
    assert (session.target.organization, session.target.project) == (None, "proj_a")
    assert session.undo() == "key"
    assert session.target.organization == ORGANIZATION
    assert session.undo() is None


def test_undoing_a_setting_keeps_a_key_that_was_entered_meanwhile(services: FakeServices) -> None:
    session = session_with(services)
    fix = Fix(text="x", who="you", apply=Change(kind="unset-organization"))
    session.apply(fix, WalkProgress(tree=TREE))
    entered = services.credential(Secret(OTHER_KEY), Origin(kind="typed"))
    session.use_key(entered)
    session.undo()
    assert session.credential is entered


def test_a_change_of_a_key_is_forgotten_with_that_key(services: FakeServices) -> None:
    session = session_with(services)
    fix = Fix(text="x", who="you", apply=Change(kind="use-cleaned-key"))
    session.apply(fix, WalkProgress(tree=TREE))
    session.use_key(services.credential(Secret(OTHER_KEY), Origin(kind="typed")))
    assert not session.can_undo


# -- what stays after the end


def summary_of(app: OaiTui) -> list[str]:
    assert app.exit_record is not None
    return render_exit_summary(
        app.exit_record.summary, Style(width=80), app.exit_record.redactor()
    ).splitlines()


async def test_a_problem_leaves_its_first_fix_and_its_request_id(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        await pilot.press("q")
    assert summary_of(app) == [
        "✗ OPENAI_ORG_ID doesn't match this key's organization (organization-mismatch)",
        "  project key …bbbb (environment) at api.openai.com",
        "  → Send no organization header: the key knows its own.",
        "    unset OPENAI_ORG_ID",
        "  Request ID: req_" + "8f" * 16,
    ]


async def test_a_saved_profile_leaves_its_command_and_the_permanent_fix(
    services: FakeServices,
) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter", "enter", "enter")
    lines = summary_of(app)
    assert "    unset OPENAI_ORG_ID" in lines
    assert "    oai-tui exec work -- COMMAND" in lines
    assert lines[-1] == "  Request ID: req_" + "8f" * 16


async def test_the_success_screen_is_enough_for_a_summary(services: FakeServices) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "enter", "enter")
        await pilot.press("ctrl+c")
    assert app.return_code == 130
    assert "    unset OPENAI_ORG_ID" in summary_of(app)


async def test_no_check_leaves_nothing(
    services: FakeServices, capsys: pytest.CaptureFixture[str]
) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("q")
    print_exit_summary(app.exit_record, 0)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("code", "is_printed"), [(0, True), (130, True), (1, False), (143, False)])
async def test_nothing_is_printed_after_a_crash_or_a_signal(
    services: FakeServices, code: int, is_printed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
    print_exit_summary(app.exit_record, code)
    assert bool(capsys.readouterr().err) is is_printed
