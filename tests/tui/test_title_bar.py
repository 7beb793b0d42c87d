"""The title bar lays its screen out for the terminal's size before the first frame."""

import pytest

from oai_tui.tui.app import OaiTui
from oai_tui.tui.screens.profiles import ProfilesScreen
from tests.tui.fakes import NOW, FakeServices, credential


@pytest.mark.parametrize(
    ("size", "classes"),
    [
        ((80, 24), {"-narrow", "-middle"}),
        ((120, 40), {"-wide", "-tall"}),
        ((20, 5), {"-narrow", "-short"}),
    ],
)
async def test_a_new_screen_has_the_classes_of_the_size_when_it_is_mounted(
    size: tuple[int, int], classes: set[str]
) -> None:
    services = FakeServices(credential())
    app = OaiTui(services, now=lambda: NOW)  # type: ignore[arg-type]
    async with app.run_test(size=size):
        screen = ProfilesScreen(services)  # type: ignore[arg-type]
        await app.push_screen(screen)
        assert {
            name
            for name in screen.classes
            if name in {"-narrow", "-wide", "-short", "-middle", "-tall"}
        } == classes
