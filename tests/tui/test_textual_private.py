"""The private names of Textual that the wizard and its tests use exist in the installed version."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import version

import pytest
import textual.app
import textual.pilot
from textual.app import App
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.text_area import EditHistory

import oai_tui.tui
from oai_tui.tui import textual_private
from oai_tui.tui.textual_private import PRIVATE_NAMES, CrashText

OF_TESTS: tuple[tuple[object, str], ...] = (
    (App(), "_background_screens"),
    (App(), "_driver"),
    (App(), "_exception"),
    (App(), "_exit"),
    (Screen(), "_compositor"),
    (Screen(), "_on_timer_update"),
    (EditHistory(1, 1.0, 1), "_undo_stack"),
    (textual.app, "wait_for_idle"),
    (textual.pilot, "wait_for_idle"),
)
"""Owner and name of what tests/tui uses: see conftest.py, pilot_steps.py and screen_text.py."""
_PRIVATE = re.compile(r"\b(?:self|super\(\))\.(_[a-z]\w*)")


@pytest.mark.parametrize("name", PRIVATE_NAMES)
def test_a_private_name_of_the_wizard_exists(name: str) -> None:
    assert hasattr(App(), name), f"App.{name} is not in Textual {version('textual')}"


@pytest.mark.parametrize(("owner", "name"), OF_TESTS, ids=[name for _, name in OF_TESTS])
def test_a_private_name_of_the_tests_exists(owner: object, name: str) -> None:
    assert hasattr(owner, name), f"{owner!r}.{name} is not in Textual {version('textual')}"


async def test_page_up_in_a_list_that_is_not_laid_out_is_survived() -> None:
    class Lists(CrashText):
        def compose(self) -> Iterator[OptionList]:
            hidden = OptionList("one", "two")
            hidden.display = False
            yield hidden

        def key_x(self) -> None:
            hidden = self.query_one(OptionList)
            hidden.highlighted = 0
            hidden.action_page_up()  # type: ignore[no-untyped-call]

    app = Lists()
    async with app.run_test() as pilot:
        await pilot.press("x", "x")
        assert app.is_running


def test_an_unhandled_exception_still_reaches_the_private_hook() -> None:
    assert "_fatal_error()" in inspect.getsource(App._handle_exception)


def _is_of_textual(owner: type) -> bool:
    return owner.__module__.startswith("textual.")


def _classes_over_textual() -> Iterator[type]:
    """Every class of the wizard that derives from one of Textual."""
    for module in pkgutil.walk_packages(oai_tui.tui.__path__, "oai_tui.tui."):
        for found in vars(import_module(module.name)).values():
            is_ours = isinstance(found, type) and found.__module__ == module.name
            if is_ours and any(map(_is_of_textual, found.__mro__)):
                yield found


def _private_members(owner: type) -> set[str]:
    return {name for name in vars(owner) if re.fullmatch(r"_[a-z]\w*", name)}


@cache
def _private_names(owner: type) -> set[str]:
    """Private names that a class defines, reads or sets."""
    return _private_members(owner) | set(_PRIVATE.findall(inspect.getsource(owner)))


def test_no_other_class_uses_or_overrides_a_private_name_of_textual() -> None:
    of_every_class = _private_members(type("Empty", (App,), {})) | {"_abc_impl"}
    found = {
        f"{owner.__module__}.{owner.__name__}": sorted(clash)
        for owner in _classes_over_textual()
        if owner is not CrashText
        for base in filter(_is_of_textual, owner.__mro__)
        if (clash := (_private_names(owner) & _private_names(base)) - of_every_class)
    }
    assert found == {}, f"use a public name, or move it to {textual_private.__name__}"
