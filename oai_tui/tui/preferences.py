"""The settings file in the wizard: applies it at the start, and writes what is changed here."""

import os
import pkgutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from oai_tui.domain.suggestions import did_you_mean
from oai_tui.services.settings import (
    ColorSetting,
    SettingName,
    Settings,
    SettingsError,
    describe_problems,
    save_setting,
)
from oai_tui.tui.formatting import display_safe
from oai_tui.tui.themes import DEFAULT, OWN_THEMES

if TYPE_CHECKING:
    from oai_tui.services.services import Services

NO_COLOR_SHEET = Path(__file__).with_name("no_color.tcss")
_FIXED = frozenset({"app.interrupt"})
"""Bindings whose keys cannot be changed, so that one way out always works."""
_ROTATION_DAYS = (30, 60, 90, 180, 365, 0)
_COLORS: Mapping[ColorSetting, str] = {
    "auto": "Use colors if the terminal has them and NO_COLOR is not set",
    "always": "Use colors on every terminal",
    "never": "Use no colors",
}
_MODIFIERS = ("ctrl+", "alt+", "shift+", "super+", "hyper+", "meta+")
_NOTE_S = 20
"""Seconds for which a problem in the file is shown."""


def is_colorless() -> bool:
    """Return True if this process must not use colours; the command decides that by NO_COLOR."""
    return bool(os.environ.get("NO_COLOR"))


class Preferences:
    """The settings of one application.

    settings: None for an application that reads and writes no file.
    """

    def __init__(self, app: App[None], settings: Settings | None) -> None:
        self._app = app
        self._settings = settings or Settings()
        self._is_kept = settings is not None
        self._problems = list(describe_problems(self._settings))

    def apply_theme(self) -> None:
        """Offer the themes of this program alone, and use the chosen one. For App.__init__."""
        app, wanted = self._app, self._settings.theme
        for theme in OWN_THEMES:
            app.register_theme(theme)
        names = [theme.name for theme in OWN_THEMES]
        self._use_theme(wanted if wanted in names else DEFAULT)
        for name in set(app.available_themes) - set(names):
            app.unregister_theme(name)
        if wanted and wanted not in names:
            self._add_problem(
                f"there is no theme {wanted!r}{did_you_mean(wanted, names, limit=1)}; "
                f"the themes are {', '.join(names)}"
            )

    def _use_theme(self, name: str) -> None:
        """Use a theme from the start. To assign it would have every sheet read twice."""
        app = self._app
        old = app.current_theme
        app.set_reactive(App.theme, name)
        if app.current_theme.dark == old.dark:
            app.stylesheet.set_variables(app.get_css_variables())
        else:  # classes and filters change too
            app.set_reactive(App.theme, old.name)
            app.theme = name

    def start(self) -> None:
        """Apply the keymap, report what is wrong in the file, and remember a change of the theme.

        For the mount of the application.
        """
        if self._settings.keymap:
            self._apply_keymap(self._settings)
        for problem in self._problems:
            self._warn(problem)
        if self._is_kept:
            self._app.watch(self._app, "theme", self._remember_theme, init=False)

    def commands(self, services: "Services | None") -> Iterator[SystemCommand]:
        """Yield the commands of the palette. services: those in use, for the rotation days."""
        yield SystemCommand("Theme", "Choose dark, light or high contrast", self._choose_theme)
        yield SystemCommand("Color", "Choose when the wizard uses colors", self._choose_color)
        yield SystemCommand(
            "Rotation days",
            "Choose after how many days a key is due for rotation",
            partial(self._choose_rotation, services),
        )
        yield SystemCommand(
            "Settings file", "Show and copy the path of settings.toml", self._show_path
        )

    # -- the keymap

    def _apply_keymap(self, settings: Settings) -> None:
        defaults = keys_by_class()
        known = {name for keys in defaults.values() for name in keys}
        keymap: dict[str, tuple[str, ...]] = {}
        for name, keys in settings.keymap.items():
            line = settings.keymap_lines.get(name, 0)
            wrong = [key for key in keys if not is_key(key)]
            if name not in known:
                hint = did_you_mean(name, known, limit=1)
                self._add_problem(f"there is no action {name!r}{hint}", line)
            elif name in _FIXED:
                self._add_problem(f"the key of {name} cannot be changed", line)
            elif wrong:
                self._add_problem(
                    f"{wrong[0]!r} is not a key name; write it like ctrl+s, f9, question_mark or x",
                    line,
                )
            else:
                keymap[name] = tuple(_full_name(key) for key in keys)
        for name, key, other in clashes(defaults, keymap):
            line = settings.keymap_lines.get(name, 0)
            self._add_problem(f"{key} is the key of {other} too; change one of them", line)
        self._app.set_keymap({name: ",".join(keys) for name, keys in keymap.items()})

    # -- what the palette offers

    def _choose_theme(self) -> None:
        self._choose(
            [
                (theme.name, partial(setattr, self._app, "theme", theme.name), _look(theme.name))
                for theme in OWN_THEMES
            ],
            "Theme",
        )

    def _choose_color(self) -> None:
        self._choose(
            [(name, partial(self._set_color, name), text) for name, text in _COLORS.items()],
            "Color",
        )

    def _set_color(self, color: ColorSetting) -> None:
        if self._save("color", color):
            self._app.notify("The colors change when you start oai-tui again.", title="Saved")

    def _choose_rotation(self, services: "Services | None") -> None:
        self._choose(
            [
                (
                    f"{days} days" if days else "never",
                    partial(self._set_rotation, services, days),
                    "Warn when a key is older" if days else "Do not warn about old keys",
                )
                for days in _ROTATION_DAYS
            ],
            "Rotation days",
        )

    def _set_rotation(self, services: "Services | None", days: int) -> None:
        if not self._save("rotation_days", days):
            return
        if services is not None:
            services.use_rotation_days(days)
        self._app.notify(
            f"Keys are due after {days} days." if days else "Keys are never due.", title="Saved"
        )

    def _choose(self, choices: list[tuple[str, Callable[[], None], str]], placeholder: str) -> None:
        self._app.search_commands(choices, f"{placeholder} …")

    def _show_path(self) -> None:
        path = self._settings.path
        if path is None:
            self._warn("There is no home folder for a settings file. Set OAI_TUI_CONFIG to a path.")
            return
        self._app.copy_to_clipboard(str(path))
        state = "" if path.exists() else " It does not exist yet."
        self._app.notify(
            f"{display_safe(str(path))}\nThe path was copied.{state}",
            title="Settings file",
            timeout=_NOTE_S,
            markup=False,
        )

    # -- the file

    def _remember_theme(self, theme: str) -> None:
        self._save("theme", theme)

    def _save(self, name: SettingName, value: str | int) -> bool:
        """Write one setting; return False, after a message, if that is not possible."""
        path = self._settings.path
        if not self._is_kept:
            return True
        if path is None:
            self._warn(
                f"{name} is not saved: there is no home folder. Set OAI_TUI_CONFIG to a path."
            )
            return False
        try:
            save_setting(path, name, value)
        except SettingsError as error:
            self._warn(f"{name} is not saved: {error}")
            return False
        return True

    def _add_problem(self, text: str, line: int = 0) -> None:
        self._problems.append(f"{self._where(line)}{text}")

    def _where(self, line: int = 0) -> str:
        place = f", line {line}" if line else ""
        return f"{self._settings.path}{place}: " if self._settings.path is not None else ""

    def _warn(self, text: str) -> None:
        self._app.notify(
            display_safe(text), title="Settings", severity="warning", timeout=_NOTE_S, markup=False
        )


def _look(theme: str) -> str:
    looks = {
        "oai-night": "Dark, the default",
        "oai-day": "Light",
        "oai-contrast": "Dark, high contrast",
        "oai-contrast-light": "Light, high contrast",
    }
    return looks.get(theme, "")


def keys_by_class() -> dict[type, dict[str, tuple[str, ...]]]:
    """Return the default keys of every binding of the wizard, by its class and its id.

    Imports every screen, so it takes a moment.
    """
    from oai_tui import tui

    _import_all(tui)
    classes: list[type] = [DOMNode]
    found: dict[type, dict[str, tuple[str, ...]]] = {}
    while classes:
        each = classes.pop()
        classes += each.__subclasses__()
        if each.__module__.startswith(tui.__name__):
            bindings = [
                item for item in each.__dict__.get("BINDINGS", ()) if isinstance(item, Binding)
            ]
            found[each] = {
                item.id: tuple(_full_name(key.strip()) for key in item.key.split(","))
                for item in bindings
                if item.id
            }
    return found


def clashes(
    defaults: Mapping[type, Mapping[str, tuple[str, ...]]], keymap: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, str, str]]:
    """Return each action of the keymap that shares a key with another one: (id, key, other id).

    Those of one screen can clash, and those of a screen with those of the application.
    """
    application: dict[str, tuple[str, ...]] = {}
    for each, keys in defaults.items():
        if issubclass(each, App):
            application |= keys
    out = []
    for keys in defaults.values():
        together = {**application, **keys}
        now = {name: keymap.get(name, default) for name, default in together.items()}
        for name in now.keys() & keymap.keys():
            for other in now.keys() - {name}:
                shared = sorted(set(now[name]) & set(now[other]))
                was_shared = set(together[name]) & set(together[other])
                out += [(name, key, other) for key in shared if key not in was_shared]
    return sorted(set(out))


def _full_name(key: str) -> str:
    """Return the name of a key that Textual uses in comparisons: "question_mark" for "?"."""
    if key == ",":
        return "comma"
    (binding,) = Binding.make_bindings([Binding(key, "")])
    return binding.key


def _import_all(package: ModuleType) -> None:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        imported = import_module(module.name)
        if module.ispkg:
            _import_all(imported)


def is_key(text: str) -> bool:
    """Return True if a text names a key as Textual does: "x", "ctrl+s", "f9", "question_mark"."""
    name = text
    while name.startswith(_MODIFIERS):
        name = name.partition("+")[2]
    if len(name) == 1:
        return name.isprintable() and not name.isspace()
    if name in {key.value for key in Keys} or name in KEY_NAME_REPLACEMENTS.values():
        return True
    try:
        unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return False
    return True
