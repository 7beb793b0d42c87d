"""The title bar lays its screen out for the terminal's size before the first frame."""

import pytest

from oai_tui.tui.screens.profiles import ProfilesScreen
from tests.tui.fake_services import FakeServices, as_services, wizard
from tests.tui.fakes import credential


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
    app = wizard(services)
    async with app.run_test(size=size):
        screen = ProfilesScreen(as_services(services))
        await app.push_screen(screen)
        assert {
            name
            for name in screen.classes
            if name in {"-narrow", "-wide", "-short", "-middle", "-tall"}
        } == classes
