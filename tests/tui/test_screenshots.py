"""The pictures in screenshots/ are what the program draws now, show no key, and load nothing."""

import re
from xml.etree import ElementTree

from tests.screenshots import FOLDER, animated, pictures


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
        "animated",
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


def test_the_animation_shows_each_picture_once_without_a_name_of_another() -> None:
    svg = animated([('<svg viewBox="0 0 9 9"><g class="terminal-r1"/></svg>', 1.0)] * 2)
    root = ElementTree.fromstring(svg)
    frames = [group.get("class") for group in root.findall("{*}g")]
    inner = [group.get("class") for group in root.iter() if group.get("class") not in frames]
    assert frames == ["frame0", "frame1"]
    assert [name for name in inner if name] == ["frame0-r1", "frame1-r1"]
    assert svg.count("step-end infinite") == 2
