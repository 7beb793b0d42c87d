"""No 8 characters of a generated key pass the Redactor, however they are separated or encoded."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.keys import key_spellings
from oai_tui.domain.keys.key_spellings import KeySpellings, is_generated
from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.keys.secret import Secret
from tests.domain.keys.fake_keys import (
    ENCODINGS,
    SEPARATORS,
    Encoding,
    generated_key,
    letters,
    runs,
)

seeds = st.integers(0, 10**9)
around = st.text(st.characters(codec="utf-8"), max_size=20)
wraps = st.sampled_from([str, json.dumps, visible])


def shown(spelled: str, output: str, leak: int) -> set[str]:
    """Return the runs of `leak` letters of a spelled key that are in the output."""
    return runs(letters(spelled), leak) & runs(letters(output), leak)


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@given(seed=seeds, size=st.sampled_from([1, 2, 3, 5, 8, 9, 10, 11, 12, 40]), wrap=wraps)
def test_a_key_in_pieces_is_hidden(
    separator: str, seed: int, size: int, wrap: Callable[[str], str]
) -> None:
    key = generated_key(seed)
    text = separator.join(key[at : at + size] for at in range(0, len(key), size))
    output = Redactor([Secret(key)])(wrap(f"Refused: {text} (see docs)"))
    assert not shown(key, output, 8)
    assert MASK in output


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
@given(seed=seeds, wrap=wraps, before=around, after=around)
def test_an_encoded_key_is_hidden(
    encoding: Encoding, seed: int, wrap: Callable[[str], str], before: str, after: str
) -> None:
    key = generated_key(seed)
    spelled = encoding.encode(key)
    output = Redactor([Secret(key)])(wrap(f"{before} {spelled} {after}"))
    assert not shown(spelled[encoding.prefix :], output, encoding.leak)
    assert MASK in output


@given(seed=seeds, start=st.integers(8, 130), length=st.integers(10, 60))
def test_a_piece_of_ten_characters_is_hidden(seed: int, start: int, length: int) -> None:
    key = generated_key(seed)
    piece = key[start : start + length]
    assert not shown(piece, Redactor([Secret(key)])(f"part 3: {piece}, part 4"), 8)


@given(seed=seeds, count=st.integers(2, 5))
def test_every_known_key_is_hidden(seed: int, count: int) -> None:
    keys = [generated_key(seed + number) for number in range(count)]
    redact = Redactor(Secret(key) for key in keys)
    assert redact(" and ".join(" ".join(key) for key in keys)).count(MASK) == count


@given(seed=seeds, before=around, after=around)
def test_only_the_key_is_replaced(seed: int, before: str, after: str) -> None:
    key = generated_key(seed).rstrip("-_")  # these also separate, so they are left at the end
    redact = Redactor([Secret(key)])
    assert redact(f"({key})") == f"({MASK})"
    assert redact(f"{before}\n<{' '.join(key)}>\n{after}") == redact(f"{before}\n<{MASK}>\n{after}")


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-********************wxyz.",
        "sk-proj-…wxyz",
        "pip install sk-learn scikit-learn sk-video",
        "The marker T3BlbkFJ is in every key of OpenAI.",
        "table = (0x50, 0x51, 0x52, 0x53)",
        "req_1a9b278241d22896524af079e9ba9c8c",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "0f8fad5b-d9cd-469f-a165-70867728950e",
        "115, 107, 45, 32, 70, 97, 98, 49, 50",
        "73 6b 2d 20 46 61 62 31 32",
        "\x1b[31mError\x1b[0m: \\u0072equest 100%25 &amp; more",
        "Ошибка: неверный ключ. エラー",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    keys = [f"{generated_key(seed)}T3BlbkFJabcdPQRS0" for seed in range(20)]
    assert Redactor(Secret(key) for key in keys)(text) == text


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("sk-proj-" + "a1" * 40, True),
        ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", True),
        ("Zx3kQ9vB7nM2pL5r", True),
        ("your_openai_api_key", False),
        ("correct-horse-battery-staple", False),
        ("sk-1234", False),
        ("lm-studio", False),
    ],
)
def test_words_are_not_taken_for_a_generated_key(key: str, expected: bool) -> None:
    assert is_generated(key) is expected


def test_a_placeholder_does_not_hide_the_name_of_the_variable() -> None:
    text = "Set OPENAI_API_KEY to your OpenAI API key."
    assert Redactor([Secret("your_openai_api_key")])(text) == text


def test_texts_without_the_key_need_no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(key_spellings._Tables, "of")
    redact = Redactor([Secret(generated_key(1))])
    for number in range(20):
        text = f"127.0.0.1:{41000 + number} 104105 110{number} req_1a9b278241d22896524af079e9ba9c8c"
        assert redact(text) == text


@given(seed=seeds, start=st.integers(0, 140), length=st.integers(5, 60), before=around)
def test_tables_change_no_result(seed: int, start: int, length: int, before: str) -> None:
    key = generated_key(seed)
    fresh, used = KeySpellings.of_key(key), KeySpellings.of_key(key)
    used.mask("a long text " * 1_000)
    for encoding in ENCODINGS.values():
        text = f"{before} {encoding.encode(key[start : start + length])} 104105"
        assert fresh.mask(text) == used.mask(text)
        fresh = KeySpellings.of_key(key)
