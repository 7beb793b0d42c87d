"""No useful part of a key passes the Redactor, in any encoding; other text stays readable."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.keys.redaction import (
    Redactor,
    key_body_spans,
    masked_mail,
    restore_invisible,
    visible,
)
from oai_tui.domain.keys.secret import Secret
from tests.domain.keys.fake_keys import PROJECT_KEY, SPELLINGS, keys, leaks
from tests.growth import MAX_GROWTH, growth

shaped = keys.filter(lambda key: key.startswith(("sk-", "gsk_")))
around = st.text(st.characters(codec="utf-8"), max_size=30)


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@given(key=keys, before=around, after=around)
def test_no_run_of_a_known_key_survives(
    spell: Callable[[str], str], key: str, before: str, after: str
) -> None:
    assert not leaks(key, Redactor([Secret(key)])(before + spell(key) + after))


@given(
    key=keys,
    cuts=st.lists(st.tuples(st.integers(0, 180), st.integers(12, 180)), min_size=1, max_size=6),
    glue=st.text(max_size=3),
)
def test_no_piece_of_a_known_key_survives(key: str, cuts: list[tuple[int, int]], glue: str) -> None:
    text = glue.join(key[start : start + length] for start, length in cuts)
    assert not leaks(key, Redactor([Secret(key)])(text))


ADDRESS = re.compile(r"(?<![\w.+-])(?<!://USER:)[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
"""What an e-mail address is. The code searches for its "@" instead, which is faster."""


@given(st.text("aZ9é_.+-@:/ \n…", max_size=40) | st.text(max_size=40))
def test_addresses_are_those_of_the_expression(text: str) -> None:
    def masked(match: re.Match[str]) -> str:
        local, _, domain = match.group().rpartition("@")
        return f"{local[0]}…@{domain}"

    assert masked_mail(text) == ADDRESS.sub(masked, text)


@pytest.mark.parametrize(
    "text", ["http://USER:a@b.co", "x://USER:PASSWORD@b.co", "a@b.c@d.e", "a@b", "@b.c", "é@b.c"]
)
def test_addresses_that_are_easily_mistaken(text: str) -> None:
    found = ADDRESS.search(text)
    assert (masked_mail(text) == text) == (found is None)


DAMAGE: dict[str, Callable[[str], str]] = {
    "newline": lambda key: key + "\n",
    "smart quotes": lambda key: f"\u201c{key}\u201d",
    "zero width": lambda key: key[:20] + "\u200b" + key[20:],
    "quoted": lambda key: f'"{key}"',
    "bearer": lambda key: f"Bearer {key}",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@given(key=keys)
def test_a_damaged_key_is_hidden_when_its_repaired_form_is_quoted(
    damage: Callable[[str], str], key: str
) -> None:
    secret = Secret(damage(key))
    assert not leaks(key, Redactor([secret])(f"{damage(key)!r} {damage(key)} {key}"))


@pytest.mark.parametrize(
    "kind",
    [
        "sk-proj-",
        "sk-",
        "sk-ant-",
        "sk-or-",
        "gsk_",
        "xai-",
        "hf_",
        "nvapi-",
        "pplx-",
        "r8_",
        "sess-",
        "ek_",
        "sk_live_",
    ],
)
def test_an_unknown_key_of_a_known_shape_is_hidden(kind: str) -> None:
    assert Redactor()(f"key {kind}{'Ab1' * 12} end") == f"key {kind}… end"


STRAY = {
    "a zero width space": lambda key: f"{key[:40]}\u200b{key[40:]}",
    "a byte order mark": lambda key: f"{key[:30]}\ufeff{key[30:]}",
    "a soft hyphen": lambda key: f"{key[:30]}\u00ad{key[30:]}",
    "an escaped one": lambda key: f"'{key[:40]}\\u200b{key[40:]}'",
    "escaped bytes": lambda key: f"b'{key[:40]}\\xe2\\x80\\x8b{key[40:]}'",
    "long dashes": lambda key: key.replace("-", "\u2013"),
    "a control character": lambda key: f"{key[:40]}\x07{key[40:]}",
}


@pytest.mark.parametrize("spoil", STRAY.values(), ids=STRAY)
@given(key=shaped)
def test_an_unknown_key_with_something_stray_in_it_is_hidden_whole(
    spoil: Callable[[str], str], key: str
) -> None:
    assert not leaks(key, Redactor()(f"key {spoil(key)} end"))


@given(st.text().filter(lambda text: restore_invisible(text) == text))
def test_what_was_made_visible_can_be_read_as_it_was(text: str) -> None:
    assert restore_invisible(visible(text)) == text


@given(key=shaped, before=st.sampled_from(["", "key ", "('"]))
def test_the_body_of_a_key_is_found_without_its_kind(key: str, before: str) -> None:
    ((start, end),) = key_body_spans(f"{before}{key} end")
    assert f"{before}{key}"[start:end] == key[start - len(before) :]
    assert 3 <= start - len(before) <= len("sk-svcacct-")


def test_a_masked_echo_stays_readable() -> None:
    text = "Incorrect API key provided: sk-proj-********************wxyz."
    assert Redactor([Secret(PROJECT_KEY)])(text) == text


PRIVATE = {
    "authorization": ("Authorization: Bearer abcdefgh", f"Authorization: Bearer {MASK}"),
    "authorization in a dict": (
        "{'authorization': 'Basic dXNlcjpwdw=='}",
        f"{{'authorization': 'Basic {MASK}'}}",
    ),
    "azure": ("api-key: 0123456789abcdef", f"api-key: {MASK}"),
    "several cookies": ("Cookie: a=1; b=2", f"Cookie: {MASK}"),
    "proxy password": (
        "http://me:p@ss:w@proxy.example.com:3128/x",
        f"http://{MASK}@proxy.example.com:3128/x",
    ),
    "token as user": ("https://token@host.example.com/", f"https://{MASK}@host.example.com/"),
    "query": (
        "https://x.example.com/?api_key=abc&b=1",
        f"https://x.example.com/?api_key={MASK}&b=1",
    ),
    "e-mail": ("ask anna.b+c@mail.example.com now", "ask [e-mail hidden] now"),
}


@pytest.mark.parametrize(("text", "expected"), PRIVATE.values(), ids=PRIVATE)
def test_private_text_is_hidden(text: str, expected: str) -> None:
    assert Redactor()(text) == expected


PLAIN = [
    "curl https://api.openai.com/v1/models -H 'Authorization: Bearer $OPENAI_API_KEY'",
    "curl https://api.openai.com/v1/organization/projects "
    '-H "Authorization: Bearer ${OPENAI_ADMIN_KEY}"',
    "You must be a member of an organization to use the API",
    "https://api.openai.com/v1/models?limit=5",
    "Rate limit reached for gpt-5 in organization org-fake on tokens per min (TPM): "
    "Limit 30000, Used 29000, Requested 2000.",
    "see https://platform.openai.com/account/api-keys, then mail us",
    "task-based asking, disk-usage-monitoring",
    'curl https://api.openai.com/v1/models -H "Authorization: Bearer $OPENAI_API_KEY"',
]


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert Redactor([Secret(PROJECT_KEY)])(text) == text


@given(text=st.text(max_size=200), key=keys)
def test_redacting_twice_changes_nothing_more(text: str, key: str) -> None:
    redact = Redactor([Secret(key)])
    once = redact(f"Authorization: Bearer {key} {text} ?key={key}")
    assert redact(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "a.",
        "\u201c",
        " ",
        "://",
        "?key",
        "a@",
        "authorization: ",
        "sk-proj-aaaa ",
        "eyJ-",
        "T3BlbkFJ",
        "a" * 7 + "b",
        "cookie",
        "bearer  ",
    ],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    redact = Redactor([Secret(PROJECT_KEY)])
    shorter, longer = (piece * (size // len(piece)) for size in (250_000, 1_000_000))
    redact(shorter)
    assert growth(redact, shorter, longer) <= MAX_GROWTH


@given(st.text())
def test_visible_text_has_no_control_characters(text: str) -> None:
    assert not any(
        (ord(char) < 32 and char not in "\n\t")
        or 127 <= ord(char) < 160
        or 0xD800 <= ord(char) <= 0xDFFF
        for char in visible(text)
    )


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("http://USER:PASSWORD@127.0.0.1:3128", "http://USER:PASSWORD@127.0.0.1:3128"),
        ("http://USER:PASSWORD@proxy.example", "http://USER:PASSWORD@proxy.example"),
        ("http://USER:PASSWORD@secret@proxy.example/", f"http://{MASK}@proxy.example/"),
        ("http://USER:PASSWORDx@proxy.example/", f"http://{MASK}@proxy.example/"),
        ("http://kim:secret@proxy.example/", f"http://{MASK}@proxy.example/"),
    ],
)
def test_the_words_in_place_of_a_login_are_no_login(text: str, redacted: str) -> None:
    assert Redactor()(text) == redacted
