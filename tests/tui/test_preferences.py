"""The settings file in the wizard: theme, keymap, what the palette writes, and no colours."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandListItem

from oai_tui.services.settings import Settings, load_settings
from oai_tui.tui.app import OaiTui
from oai_tui.tui.preferences import is_key, keys_by_class
from oai_tui.tui.themes import OWN_THEMES
from tests.tui.fake_services import FakeServices, as_services
from tests.tui.fakes import credential
from tests.tui.pilot_steps import press, settle

SIZE = (100, 30)


def settings_of(path: Path, text: str = "") -> Settings:
    if text:
        path.write_text(text)
    return load_settings({"OAI_TUI_CONFIG": str(path)})


def wizard(settings: Settings | None) -> "Chooser":
    return Chooser(as_services(FakeServices(credential())), settings=settings)


def messages(app: OaiTui) -> str:
    return "\n".join(notice.message for notice in app._notifications)


class Chooser(OaiTui):
    """A wizard that chooses from the lists of the palette without drawing them."""

    choice = ""

    def search_commands(self, commands: Sequence[CommandListItem], placeholder: str = "") -> Any:
        for name, callback, *_ in commands:
            if name == self.choice:
                callback()

    def choose(self, command: str, choice: str) -> None:
        """Run a command of the palette, and choose in the list that it opens."""
        self.choice = choice
        commands = {each.title: each.callback for each in self.get_system_commands(self.screen)}
        commands[command]()


async def test_the_theme_of_the_file_is_used(tmp_path: Path) -> None:
    app = wizard(settings_of(tmp_path / "s.toml", 'theme = "oai-day"\n'))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert app.theme == "oai-day"
        assert messages(app) == ""


async def test_only_measured_themes_are_offered() -> None:
    app = wizard(None)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert set(app.available_themes) == {theme.name for theme in OWN_THEMES}
        assert app.theme == "oai-night"


async def test_an_unknown_theme_is_reported_and_the_default_used(tmp_path: Path) -> None:
    app = wizard(settings_of(tmp_path / "s.toml", 'theme = "oai-dya"\n'))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert app.theme == "oai-night"
        assert "did you mean oai-day" in messages(app)


async def test_a_broken_file_is_reported_and_the_wizard_starts(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = wizard(settings_of(path, "theme = \n"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert f"{path}, line 1, column 9" in messages(app)
        app.theme = "oai-day"
        await settle(pilot)
        assert "theme is not saved" in messages(app)
    assert path.read_text() == "theme = \n"


async def test_a_changed_theme_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = wizard(settings_of(path, "# mine\n"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.choose("Theme", "oai-contrast")
        await settle(pilot)
    assert path.read_text() == '# mine\ntheme = "oai-contrast"\n'


async def test_an_application_without_settings_writes_nothing(tmp_path: Path) -> None:
    app = wizard(None)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.theme = "oai-contrast"
        await settle(pilot)
        assert messages(app) == ""


async def test_the_keymap_changes_keys(tmp_path: Path) -> None:
    text = '[keymap]\napp.quit = "Q"\n"start.explain" = ["f9", "ctrl+e"]\n'
    app = wizard(settings_of(tmp_path / "s.toml", text))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert messages(app) == ""
        await press(pilot, "q")
        assert app.is_running
        await pilot.press("Q")
    assert app.return_code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('app.hlep = "h"', "line 2: there is no action 'app.hlep'; did you mean app.help"),
        ('app.help = "strg+h"', "line 2: 'strg+h' is not a key name"),
        ('app.interrupt = "x"', "line 2: the key of app.interrupt cannot be changed"),
    ],
)
async def test_mistakes_in_the_keymap_are_reported(tmp_path: Path, line: str, said: str) -> None:
    app = wizard(settings_of(tmp_path / "s.toml", f"[keymap]\n{line}\n"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert said in messages(app)


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ('start.profiles = "d"', "start.demo"),
        ('start.profiles = "q"', "app.quit"),
        ('app.help = "d"', "start.demo"),
        ('start.profiles = "?"', "app.help"),
        ('start.profiles = "v"\nstart.demo = "v"', "start.demo"),
    ],
)
async def test_one_key_for_two_actions_is_reported(tmp_path: Path, line: str, other: str) -> None:
    app = wizard(settings_of(tmp_path / "s.toml", f"[keymap]\n{line}\n"))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        said = messages(app)
        assert "line 2: " in said
        assert "is the key of" in said
        assert other in said


async def test_two_actions_may_swap_their_keys(tmp_path: Path) -> None:
    text = '[keymap]\nstart.profiles = "d"\nstart.demo = "p"\n'
    app = wizard(settings_of(tmp_path / "s.toml", text))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert messages(app) == ""


async def test_the_palette_writes_the_rotation_days(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = wizard(settings_of(path))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.choose("Rotation days", "180 days")
        await settle(pilot)
        assert app.services is not None
        assert app.services.rotate_days == 180
    assert path.read_text() == "rotation_days = 180\n"


async def test_the_palette_writes_when_to_use_colors(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = wizard(settings_of(path))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.choose("Color", "never")
        await settle(pilot)
        assert "start oai-tui again" in messages(app)
    assert path.read_text() == 'color = "never"\n'


async def test_the_palette_shows_where_the_file_is(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    app = wizard(settings_of(path))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        app.choose("Settings file", "")
        await settle(pilot)
        assert str(path) in messages(app)
        assert "does not exist yet" in messages(app)
        assert app.clipboard == str(path)


async def test_no_color_leaves_no_color_and_the_focus_visible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = wizard(None)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        styles = styles_on(app)
        assert not any("#" in style or "rgb" in style for style in styles)
        assert any("underline" in style for style in styles), "the highlighted key"
        await press(pilot, "tab")
        assert any("reverse" in style for style in styles_on(app)), "the button with the focus"


def styles_on(app: OaiTui) -> set[str]:
    """The styles of all that is drawn, after the filters."""
    strips = app.screen._compositor.render_strips()
    return {str(segment.style) for strip in strips for segment in strip}


async def test_ctrl_z_without_a_shell_says_what_to_do() -> None:
    app = wizard(None)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+z")
        assert "cannot suspend" in messages(app)


@pytest.mark.parametrize("text", ["x", "?", ",", "f9", "ctrl+s", "question_mark", "shift+tab"])
def test_keys(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize("text", ["", "strg+s", "ctrl+", "nokey", "f99"])
def test_what_is_no_key(text: str) -> None:
    assert not is_key(text)


def test_every_screen_has_its_ids() -> None:
    ids = {name for keys in keys_by_class().values() for name in keys}
    assert {"app.help", "app.suspend", "start.check", "profiles.rotate"} <= ids
