"""Each defect of a key's text is named with its place, and the good key comes out of the repair."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain import hygiene
from oai_tui.domain.secret import Secret
from tests.domain.keys import PROJECT_KEY, keys

KEY = PROJECT_KEY
END = len(KEY)

# name: (damaged text, [(id of the defect, position, code point)])
DIRTY: dict[str, tuple[str, list[tuple[str, int, str]]]] = {
    "newline after": (KEY + "\n", [("newline", END + 1, "U+000A")]),
    "newline before": ("\n" + KEY, [("newline", 1, "U+000A")]),
    "newline inside": (KEY[:10] + "\n" + KEY[10:], [("newline", 11, "U+000A")]),
    "carriage return and newline": (KEY + "\r\n", [("carriage-return", END + 1, "U+000D"), ("newline", END + 2, "U+000A")]),
    "space before": (" " + KEY, [("space", 1, "U+0020")]),
    "space after": (KEY + " ", [("space", END + 1, "U+0020")]),
    "tab": (KEY + "\t", [("tab", END + 1, "U+0009")]),
    "no-break space": (KEY + "\u00a0", [("unusual-space", END + 1, "U+00A0")]),
    "double quotes": (f'"{KEY}"', [("quote", 1, "U+0022"), ("quote", END + 2, "U+0022")]),
    "single quotes": (f"'{KEY}'", [("quote", 1, "U+0027"), ("quote", END + 2, "U+0027")]),
    "one quote": (KEY + '"', [("quote", END + 1, "U+0022")]),
    "quotes, then newline": (f'"{KEY}"\n', [("quote", 1, "U+0022"), ("quote", END + 2, "U+0022"), ("newline", END + 3, "U+000A")]),
    "smart quotes": (f"\u201c{KEY}\u201d", [("smart-quote", 1, "U+201C"), ("smart-quote", END + 2, "U+201D")]),
    "brackets": (f"<{KEY}>", [("bracket", 1, "U+003C"), ("bracket", END + 2, "U+003E")]),
    "zero-width space": (KEY[:20] + "\u200b" + KEY[20:], [("zero-width", 21, "U+200B")]),
    "byte order mark": ("\ufeff" + KEY, [("byte-order-mark", 1, "U+FEFF")]),
    "dash": (KEY.replace("sk-", "sk\u2013", 1), [("dash", 3, "U+2013")]),
    "control character": (KEY + "\x1b", [("control-character", END + 1, "U+001B")]),
    "bearer": ("Bearer " + KEY, [("bearer-prefix", 1, ""), ("space", 7, "U+0020")]),
    "name": ("OPENAI_API_KEY=" + KEY, [("name-prefix", 1, "")]),
    "export and quotes": (f'export OPENAI_API_KEY="{KEY}"', [("name-prefix", 1, ""), ("space", 7, "U+0020"), ("quote", END + 24, "U+0022")]),
    "comma": (KEY + ",", [("punctuation", END + 1, "U+002C")]),
    "twice": (KEY + KEY, [("doubled", END + 1, "")]),
}


@pytest.mark.parametrize(("text", "expected"), DIRTY.values(), ids=DIRTY)
def test_defect_is_named_with_its_place(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert [(d.id, d.position, d.code_point) for d in hygiene.find_defects(text) if (d.id, d.position, d.code_point) in expected or d.id != "quote"] == expected


@pytest.mark.parametrize(("text", "expected"), DIRTY.values(), ids=DIRTY)
def test_dirty_key_is_repaired(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert Secret(text).cleaned() == Secret(KEY)


@pytest.mark.parametrize(("text", "expected"), DIRTY.values(), ids=DIRTY)
def test_defects_do_not_quote_the_key(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert not any(KEY[i : i + 5] in d.text for d in hygiene.find_defects(text) for i in range(len(KEY) - 5))


HOPELESS = {
    "empty": ("", "empty"),
    "blanks": (" \n ", "only-blanks"),
    "masked with stars": ("sk-proj-****************wxyz", "masked"),
    "masked with an ellipsis": ("sk-proj-…wxyz", "masked"),
    "letter of another script": (KEY.replace("a", "\u0430", 1), "non-ascii"),
    "undecodable byte": (KEY + "\udcff", "non-ascii"),
}


@pytest.mark.parametrize(("text", "kind"), HOPELESS.values(), ids=HOPELESS)
def test_what_no_repair_can_save_is_named(text: str, kind: str) -> None:
    assert kind in {d.id for d in hygiene.find_defects(text)}


@pytest.mark.parametrize(("text", "kind"), HOPELESS.values(), ids=HOPELESS)
def test_what_no_repair_can_save_is_not_repaired(text: str, kind: str) -> None:
    assert Secret(text).cleaned() is None


@given(keys)
def test_a_sound_key_has_no_defects(key: str) -> None:
    assert hygiene.find_defects(key + "Z") == ()


pieces = st.sampled_from([*"ab \t\n\r\"'`<>[]{}(),;:=*.", "\u201c", "\u2013", "\u200b", "\ufeff", "\u00a0", "\x1b", "\u0430", "Bearer ", "OPENAI_API_KEY=", "export ", "X_TOKEN: ", KEY, KEY[:25], "sk-"])
messy = st.one_of(st.lists(pieces, max_size=14).map("".join), st.text(max_size=60))


@given(messy)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = hygiene.clean(text)
    assert hygiene.clean(once) == once


@given(messy)
def test_whatever_is_repaired_has_a_named_defect(text: str) -> None:
    assert hygiene.clean(text) == text or hygiene.find_defects(text)


@given(messy)
def test_places_lie_inside_the_text_in_order(text: str) -> None:
    places = [d.position for d in hygiene.find_defects(text)]
    assert places == sorted(places)
    assert all(1 <= place <= max(len(text), 1) for place in places)


@given(messy)
def test_repaired_key_has_fewer_defects(text: str) -> None:
    cleaned = Secret(text).cleaned()
    assert cleaned is None or len(cleaned.defects) <= len(Secret(text).defects)


@pytest.mark.parametrize("piece", ['"', "[", "[\"", " ", "a", "\u200b", "x_KEY=", "Bearer ", "ab"])
def test_a_long_text_of_nonsense_is_cleaned_in_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    hygiene.find_defects(text)
    hygiene.clean(text)
    assert time.process_time() - start < 5.0
