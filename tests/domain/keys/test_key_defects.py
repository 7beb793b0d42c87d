"""Each defect of a key's text is named with its position, and repair gives the good key."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.keys import defects
from oai_tui.domain.keys.secret import Secret
from tests.domain.keys.damaged_keys import DIRTY, HOPELESS, KEY
from tests.domain.keys.fake_keys import keys
from tests.growth import MAX_GROWTH, growth


@pytest.mark.parametrize(("text", "expected"), DIRTY.values(), ids=DIRTY)
def test_defect_is_named_with_its_place(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert [
        (d.id, d.position, d.code_point)
        for d in defects.find_defects(text)
        if (d.id, d.position, d.code_point) in expected or d.id not in {"quote", "more-text"}
    ] == expected


@pytest.mark.parametrize(("text", "expected"), DIRTY.values(), ids=DIRTY)
def test_dirty_key_is_repaired(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert Secret(text).cleaned() == Secret(KEY)


@pytest.mark.parametrize(("text", "expected"), DIRTY.values(), ids=DIRTY)
def test_defects_do_not_quote_the_key(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert not any(
        KEY[i : i + 5] in d.text for d in defects.find_defects(text) for i in range(len(KEY) - 5)
    )


@pytest.mark.parametrize(("text", "kind"), HOPELESS.values(), ids=HOPELESS)
def test_what_no_repair_can_save_is_named(text: str, kind: str) -> None:
    assert kind in {d.id for d in defects.find_defects(text)}


@pytest.mark.parametrize(("text", "kind"), HOPELESS.values(), ids=HOPELESS)
def test_what_no_repair_can_save_is_not_repaired(text: str, kind: str) -> None:
    assert Secret(text).cleaned() is None


@pytest.mark.parametrize(("text", "expected"), DIRTY.values(), ids=DIRTY)
def test_picture_shows_the_defect_and_four_characters_of_the_key(
    text: str, expected: list[tuple[str, int, str]]
) -> None:
    picture = defects.masked_with_defects(text)
    assert "a" * 5 not in picture
    assert "b" * 5 not in picture
    assert "‹" in picture or {kind for kind, _, _ in expected} <= {"doubled", "capitalised"}


PICTURES = {
    "sound": (KEY, "sk-proj-…bbbb"),
    "newline": (KEY + "\n", "sk-proj-…bbbb‹U+000A newline›"),
    "inside": (KEY[:30] + "\u200b" + KEY[30:], "sk-proj-…‹U+200B zero-width›…bbbb"),
    "near the end": (KEY[:-2] + "\u200b" + KEY[-2:], "sk-proj-…bb‹U+200B zero-width›bb"),
    "wrapped": (
        f'export OPENAI_API_KEY="{KEY}"',
        "‹NAME=›‹U+0020 space›‹U+0022 quote›sk-proj-…bbbb‹U+0022 quote›",
    ),
    "base64": (
        base64.b64encode(KEY.encode() + b"\n").decode(),
        "‹base64›sk-proj-…bbbb‹U+000A newline›",
    ),
    "short": ("sk-12345", "sk-…"),
    "masked": ("sk-proj-****************wxyz", "sk-proj-…"),
    "nothing": ("", "‹empty›"),
}


@pytest.mark.parametrize(("text", "picture"), PICTURES.values(), ids=PICTURES)
def test_picture(text: str, picture: str) -> None:
    assert defects.masked_with_defects(text) == picture


@given(keys)
def test_a_sound_key_has_no_defects(key: str) -> None:
    assert defects.find_defects(key + "Z") == ()


pieces = st.sampled_from(
    [
        *"ab \t\n\r\"'`<>[]{}(),;:=*.",
        "\u201c",
        "\u2013",
        "\u200b",
        "\ufeff",
        "\u00a0",
        "\x1b",
        "\u0430",
        "Bearer ",
        "OPENAI_API_KEY=",
        "export ",
        "X_TOKEN: ",
        "%0A",
        "&quot;",
        "\\n",
        "\x1b[0m",
        "[200~",
        " # x",
        " A=",
        KEY,
        KEY[:25],
        "sk-",
    ]
)
messy = st.one_of(st.lists(pieces, max_size=14).map("".join), st.text(max_size=60))


@given(messy)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = defects.clean(text)
    assert defects.clean(once) == once


@given(messy)
def test_whatever_is_repaired_has_a_named_defect(text: str) -> None:
    assert defects.clean(text) == text or defects.find_defects(text)


@given(messy)
def test_picture_holds_no_part_of_a_key(text: str) -> None:
    picture = defects.masked_with_defects(text)
    assert not any(KEY[i : i + 10] in picture for i in range(len(KEY) - 10))


@given(messy)
def test_places_lie_inside_the_text_in_order(text: str) -> None:
    places = [d.position for d in defects.find_defects(text)]
    assert places == sorted(places)
    assert all(1 <= place <= max(len(text), 1) for place in places)


@given(messy)
def test_repaired_key_has_fewer_defects(text: str) -> None:
    cleaned = Secret(text).cleaned()
    assert cleaned is None or len(cleaned.defects) <= len(Secret(text).defects)


@pytest.mark.parametrize("piece", ['"', "[", '["', " ", "a", "\u200b", "x_KEY=", "Bearer ", "ab"])
def test_time_to_clean_nonsense_grows_no_faster_than_the_text(piece: str) -> None:
    def clean(text: str) -> None:
        defects.find_defects(text)
        defects.clean(text)

    shorter, longer = (piece * (size // len(piece)) for size in (50_000, 200_000))
    assert growth(clean, shorter, longer) <= MAX_GROWTH
