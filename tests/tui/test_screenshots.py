"""The pictures in screenshots/ are what the program draws now, show no key, and load nothing."""

import re

from tests.screenshots import FOLDER, pictures


async def test_the_pictures_are_true() -> None:
    taken = await pictures()
    stale = [
        name
        for name, svg in taken.items()
        if not (FOLDER / f"{name}.svg").is_file()
        or (FOLDER / f"{name}.svg").read_text(encoding="utf-8") != svg
    ]
    assert stale == [], "run: python -m tests.screenshots"


def test_the_pictures_load_nothing_and_show_no_key() -> None:
    found = sorted(FOLDER.glob("*.svg"))
    assert [path.stem for path in found] == [
        "cause",
        "explained",
        "fix",
        "green",
        "saved",
        "start",
        "walk",
    ]
    for path in found:
        svg = path.read_text(encoding="utf-8")
        assert not re.search(r"@font-face|url\(['\"]?http|href=['\"]http|<script|<image", svg)
        assert not re.search(r"sk-[A-Za-z0-9_-]{8,}", svg)
