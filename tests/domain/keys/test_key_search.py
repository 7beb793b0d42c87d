"""Keys are found in files, and made-up ones are not.

The keys are the published test strings of gitleaks (cmd/generate/config/rules/openai.go),
detect-secrets (tests/plugins/openai_test.py) and trufflehog (pkg/detectors/openai/openai_test.go),
read 2026-11. Each is cut where the marker is, so that no scanner finds it here.
"""

import base64
import string
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.domain.keys.key_search import KeySearch, find_keys
from oai_tui.domain.keys.sample_keys import is_sample
from oai_tui.domain.keys.secret import Secret
from tests.growth import MAX_GROWTH, growth

MARKER = "T3" + "BlbkFJ"
PUBLISHED = {
    "gitleaks project 1": (
        "proj-SevzWEV_NmNnMndQ5gn6PjFcX_9ay5SEKse8AL0EuYAB0cIgFW7Equ3vCbUbYShvii6L3rBw3W",
        "dD9FqO9Z3BoBu9F-KFR6YJtvW6fUfqg2o2Lfel3diT3OCRmBB24hjcd_uLEjgr9tCqnnerVw8A",
    ),
    "gitleaks project 2": (
        "proj-pBdaVZqlIfO5ajF9Gmg6Zq9Hlxaf_6lO6nxwlLOsYlXfg417LExcnpK1cQg4sDUOC_APpcA1OS",
        "VH3Na-MVcBBXrWlVGNCme7WRJQxqE43p1-LgHZSF1o-yv3QQimfMb48ES40JDsFuqqbqnx5moA",
    ),
    "gitleaks project 3": (
        "proj-0Ht0WyQdo7xzfVVLZm3yg5i7LwB6D_FnCmMItt9QNuJDPpuFejxznyNGXFWrhI7sypfCOVK4_d",
        "z87HwFKBZv0syLGb9BOPVgfuio2liNGTXJAKRkKdwH70k3-06UerqqvfKQ78zaA-HjV8Msh5QA",
    ),
    "gitleaks service account 1": (
        "svcacct-0Zkr4NUd4f_6LkfHfi3LlC8xKZQePXJCb21UiUWGX0F3_-6jv9PpY9JtaoooN9CCUPltpFiamw",
        "ZVaaY7Z2aq_-I96dwiXeKVhRNi8Hs7uGmCFv5VTi2SxzmUsRgJoUJCbgPFWSXYDPPbYHJAuwIA",
    ),
    "gitleaks service account 2": (
        "svcacct-jCXpXf55RDUc53mTOyb0o-ev528lRQp-ccxlemG1k9BlH3DRbR3sShN_OGcUy10LjOylzuvZOK",
        "jjaWA66JCJA_ZUbSy_21qWJJyocRLc86h5482fiwB_QOA3SxhRX351wVDMQRmhWvLiUfHVnREA",
    ),
    "gitleaks service account 3": (
        "svcacct-gsHpWfHMnR63U6iIVr6vktYHdc9UeqZ_9se6GOscIyiZ7l6oqIHd3FwAPkAQhn5C_ncQp40Tbj",
        "Cm4QPOlcfpZoas3cWSofXmTnpO0Tj-FiPqqJkL3F-5U1fFa2Vi0KKu7jGKDNUW8c4-f5j_sX4A",
    ),
    "gitleaks admin 1": (
        "admin-JWARXiHjpLXSh6W_0pFGb3sW7yr0cKheXXtWGMY0Q8kbBNqsxLskJy0LCO",
        "gTJWgjMvdi6YlPvdXRqmSlZ4dLK-nFxUG2d9Tgaz5Q6weGVNBaLuUmMV4A",
    ),
    "gitleaks admin 2": (
        "admin-OYh8ozcxZzb-vq8fTGSha75cs2j7KTUKzHUh0Yck83WSzdUtmXO76SojXb",
        "0ofJOiuHGXKUuhUGzxnVcK3eHvOng9bmhax8rIpHKeq-WG_p17HwOy2TQA",
    ),
    "gitleaks admin 3": (
        "admin-ypbUmRYErPxz0fcyyH6sFBMM_WB57Xaq0prNvasOOWkhbEQfpBxgV42jS3",
        "mqB_sfX3A5MyI7ayjdxUChH8h6cDuu1Xc1XKgjuoP316BECTcpOy2qiRYA",
    ),
    "detect-secrets user": ("Xi8tcNiHV9awbCcvilTe", "3UDnpdEwNNm6wVBpYM0o"),
    "detect-secrets project": ("proj-Xi8tdMjHV6pmbBbwilTe", "3UDnpdEwNNm6wVBpYM0o"),
    "trufflehog user": ("SDAPGGZUyVr7SYJpSODg", "M1fIItFASvyIsaCKUs19"),
    "trufflehog project": ("proj-mpjtr05CFsJqs4TAeKlC", "sh1KtN0SUjTPeJiagE8K"),
    "trufflehog named service account": (
        "service-account-name-Ofbtr05CFsJqs4TAeKlC",
        "sh1KtN0SUjTPeJiaglyC",
    ),
    "trufflehog newer user": (
        "proj-YyURmDsqDpBFU6tW2lgMWLxJq2-K_lv2vu0ZAVvd6gn1LH9rBCMJ3vUOYe",
        "IE590NHICqifp0_aVsu1sTHfkG2XA7WjuUWCAMPdQcdBj9NTFAHdv2_FkA",
    ),
    "trufflehog newer service account": (
        "svcacct-IUXtc5gIZK-2cBfB-nTgEWbD8mi-fi-gc20oGtq8ve51sE",
        "Cg8iQkCVz_nmE_q1dCWlMpemoaoMqHzQ6D-FnWGqlz4C8A",
    ),
}
"""Name of each test string -> its text before and after the marker, without `sk-`."""
KEYS = {name: "sk-" + MARKER.join(halves) for name, halves in PUBLISHED.items()}
KEY = KEYS["gitleaks project 1"]
LETTERS = string.ascii_letters + string.digits
USE = 'client = OpenAI(api_key="{}")\n'
SAMPLES = {
    "the other string of detect-secrets": "sk-"
    + "proj-Xi8tdMjHV6pmbBbwilTeT4BlbkFJ3UDnpdEwNNm6wVBp",
    "x": "sk-" + "proj-" + "x" * 60,
    "dots": "sk-" + "proj-...",
    "asterisks": "sk-" + "proj-****************wxyz",
    "shortened": "sk-" + "proj-abc…wxyz",
    "words": "sk-" + "proj-your-api-key-goes-here-and-nowhere-else-in-this-whole-file-0000",
    "example": "sk-" + "EXAMPLEk2Vq9ZtXw8bLp" + MARKER + "7dHs3RfMc1NyQa5UgTe",
    "sequence": "sk-" + "abcdefghijklmnopqrst" + MARKER + "uvwxyzABCDEFGHIJKLMN",
    "digits": "sk-" + "12345678901234567890" + MARKER + "12345678901234567890",
    "repeated": "sk-" + "kR7wQ" * 4 + MARKER + "kR7wQ" * 4,
    "the tests of this project": "sk-" + "proj-" + "a" * 74 + MARKER + "b" * 74,
    "a word that ends in sk": "risk-"
    + "proj-K2Vq9ZtXw8bLp7dHs3RfMc1NyQa5UgTek2Vq9ZtXw8bLp7dHs3RfMc",
    "a file name": "sk-"
    + "learn-training-run-2026-11-27-final-version-of-the-evaluation-report-1.log",
    "another vendor": "sk-" + "ant-api03-k2Vq9ZtXw8bLp7dHs3RfMc1NyQa5UgTek2Vq9ZtXw8bLp7dHs3RfMc",
}


def places(search: KeySearch) -> list[tuple[int, int]]:
    return [(key.line, key.column) for key in search.found]


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_published_key_is_found(key: str) -> None:
    search = find_keys(USE.format(key).encode())
    assert [found.secret for found in search.found] == [Secret(key)]
    assert places(search) == [(1, 26)]


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_made_up_key_is_not_found(sample: str) -> None:
    assert find_keys(USE.format(sample).encode()).found == ()


def test_key_of_a_future_shape_is_found() -> None:
    key = "sk-" + "proj-" + KEY[8:82] + "K3" + KEY[92:166]
    assert [found.secret for found in find_keys(key.encode()).found] == [Secret(key)]


def test_session_token_is_found() -> None:
    token = "sess-" + "k2Vq9ZtXw8bLp7dHs3RfMc1NyQa5UgTe4WjBx6Kz"
    assert [found.secret for found in find_keys(f"token: {token}\n".encode()).found] == [
        Secret(token)
    ]


SURROUNDINGS = {
    "quotes": '"{}"',
    "JSON in a string": r'"{{\"key\": \"{}\\n\"}}"',
    "a URL": "https://example.com/?key%3D{}&x=1",
    "a header": "Authorization: Bearer {}\r\n",
    "an escaped newline": r"KEY=a\n{}\n",
    "an underscore behind it": "{}_old",
}


@pytest.mark.parametrize("text", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_key_ends_where_it_ends(text: str) -> None:
    found = find_keys(text.format(KEY).encode()).found
    assert [key.secret for key in found] == [Secret(KEY)]


@pytest.mark.parametrize("text", [KEY, f"{KEY}\n", f"{KEY}\r\n"], ids=["key", "line", "CRLF"])
def test_base64_of_a_key_is_found(text: str) -> None:
    manifest = f"data:\n  key: {base64.b64encode(text.encode()).decode()}\n"
    [found] = find_keys(manifest.encode()).found
    assert (found.secret, found.encoding, found.line, found.column) == (Secret(KEY), "base64", 2, 8)


ENV_FILE = "# production\n{}OPENAI_API_KEY={}\nOPENAI_ORG_ID=org-{}\n"


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("shift", range(3))
def test_base64_of_a_file_with_a_key_is_found(key: str, shift: int) -> None:
    file = ENV_FILE.format("A" * shift, key, "b" * 40)
    manifest = f"data:\n  .env: {base64.b64encode(file.encode()).decode()}\n"
    [found] = find_keys(manifest.encode()).found
    assert (found.secret, found.encoding, found.line) == (Secret(key), "base64", 2)
    at = 9 + file.index(key) * 4 // 3
    assert found.column == at


@pytest.mark.parametrize("width", range(20, 80))
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\n    ", r"\n", r"\r\n"])
def test_wrapped_base64_is_found(width: int, line_break: str) -> None:
    text = base64.b64encode(ENV_FILE.format("", KEY, "c").encode()).decode()
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    [found] = find_keys(f"-----\n{line_break.join(lines)}\n-----\n".encode()).found
    assert (found.secret, found.encoding) == (Secret(KEY), "base64")


@pytest.mark.parametrize("shift", range(3))
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("width", [0, 64, 76])
@pytest.mark.parametrize("name", PUBLISHED)
def test_base64_of_utf16_is_found(name: str, width: int, codec: str, shift: int) -> None:
    """PowerShell encodes commands and texts as UTF-16."""
    first, second = PUBLISHED[name]
    key = f"sk-{first}{MARKER}{second}"
    script = f"{'#' * shift}$env:OPENAI_API_KEY = '{key}'; python app.py"
    text = base64.b64encode(script.encode(codec)).decode()
    lines = [text[at : at + width] for at in range(0, len(text), width)] if width else [text]
    (found,) = find_keys(("pwsh -EncodedCommand " + "\n".join(lines) + "\n").encode()).found
    assert (found.secret, found.encoding) == (Secret(key), "base64")


def test_base64_of_utf16_without_a_key_is_none() -> None:
    for text in (MARKER, f"sk-{MARKER}", f"a{MARKER}b", "x" * 400):
        for codec in ("utf-16-le", "utf-16-be"):
            assert find_keys(base64.b64encode(text.encode(codec))).found == ()


def test_url_safe_base64_is_found() -> None:
    text = base64.urlsafe_b64encode(ENV_FILE.format("", KEY, "~~~???>>>").encode())
    assert [key.secret for key in find_keys(text).found] == [Secret(KEY)]


CUTS = [4, 12, 83, 86, 90, 120]
"""Places in the key: in its beginning, in its halves, in the marker."""
JOINS = {
    "Python": '"\n    "',
    "Python with a prefix and a comment": '"  # first part\n    f"',
    "a space": "' '",
    "plus": '" + "',
    "plus at the end of the line": '" +\n\t"',
    "plus at the beginning of the line": '"\r\n    + "',
    "a continued line between": '" \\\n  "',
    "a continued line within": "\\\n",
    "PHP": "' . '",
    "Lua": '" .. "',
    "VB": '" & _\n  "',
    "SQL": "' || '",
    "quoted-printable": "=\r\n",
}


@pytest.mark.parametrize("join", JOINS.values(), ids=JOINS)
@pytest.mark.parametrize("cut", CUTS)
def test_key_in_two_pieces_is_found(join: str, cut: int) -> None:
    [found] = find_keys(USE.format(KEY[:cut] + join + KEY[cut:]).encode()).found
    assert (found.secret, found.encoding) == (Secret(KEY), "pieces")
    assert (found.line, found.column) == (1, 26)


@pytest.mark.parametrize("size", [6, 20, 60])
def test_key_in_many_pieces_is_found(size: int) -> None:
    pieces = [KEY[at : at + size] for at in range(0, len(KEY), size)]
    [found] = find_keys(("(" + " +\n".join(f"'{piece}'" for piece in pieces) + ")").encode()).found
    assert found.secret == Secret(KEY)


def test_whole_key_is_not_joined_with_what_follows() -> None:
    [found] = find_keys(f'["{KEY}" "more"]'.encode()).found
    assert (found.secret, found.encoding) == (Secret(KEY), "plain")


UNRELATED = {
    "a comma": '", "',
    "two lines": '"\nOTHER="',
    "a colon": '": "',
    "a blank": " ",
}


@pytest.mark.parametrize("between", UNRELATED.values(), ids=UNRELATED)
def test_unrelated_texts_are_not_joined(between: str) -> None:
    assert find_keys(USE.format(KEY[:40] + between + KEY[40:]).encode()).found == ()


def test_comment_permits_a_key_in_pieces() -> None:
    text = f'("{KEY[:60]}"\n "{KEY[60:]}")  # oai-tui: allow\n'
    search = find_keys(text.encode())
    assert (search.found, search.allowed) == ((), 1)


@pytest.mark.parametrize("dash", ["%2D", "%2d", "%252D"])
def test_url_encoded_key_is_found(dash: str) -> None:
    encoded = KEY.replace("-", dash).replace("_", "%5F")
    [found] = find_keys(f"GET /?api_key={encoded}&x=1\n".encode()).found
    assert (found.secret, found.encoding) == (Secret(KEY), "url")
    assert (found.line, found.column) == (1, 15)


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf16_without_a_byte_order_mark_is_found(order: str) -> None:
    assert places(find_keys(f"# é\nKEY={KEY}\n".encode(f"utf-16-{order}"))) == [(2, 5)]


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("before", [b"\0\0\1", b"\0\0\1\1"])
def test_utf16_in_a_binary_file_is_found(order: str, before: bytes) -> None:
    data = before + f"KEY={KEY}\n".encode(f"utf-16-{order}") + b"\1\2\3"
    [found] = find_keys(data).found
    assert (found.secret, found.encoding, found.line) == (Secret(KEY), "utf-16", 0)
    assert data[found.offset : found.offset + 1] == b"s"


GROWING = {
    "pieces": b"sk-" + b"a" * 20 + b'" "',
    "starts": b"sk-",
    "quotes": b'sk-a"' + b" " * 90,
    "URL": b"sk%2D",
    "base64": b"VDNCbGJrRk",
    "half of base64": b"VDNCb",
    "half of base64 of UTF-16": b"VAAzAEIAbA",
    "UTF-16": b"T\x003\x00B\0l\0b\0k\0F\0J\0",
}


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING)
def test_search_takes_linear_time(text: bytes) -> None:
    shorter, longer = (text * (size // len(text)) for size in (50_000, 200_000))
    assert growth(find_keys, shorter, longer) <= MAX_GROWTH


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_key_in_utf16_is_found(encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    assert places(find_keys(f"{mark}\nKEY={KEY}\n".encode(encoding))) == [(2, 5)]


def test_binary_file_has_an_offset_and_no_lines() -> None:
    [found] = find_keys(b"\0\n\1" + KEY.encode() + b"\0").found
    assert (found.line, found.column, found.offset) == (0, 0, 3)


def test_column_counts_characters() -> None:
    text = f"é\r\nü {KEY}, {KEY}\n\n{KEY}"
    assert places(find_keys(text.encode())) == [(2, 3), (2, 3 + len(KEY) + 2), (4, 1)]


ALLOWED = {
    "oai-tui": "{}  # oai-tui: allow",
    "gitleaks": "{}  // gitleaks:allow",
    "detect-secrets": "{}  # pragma: allowlist secret",
    "detect-secrets, the line before": "# pragma: allowlist nextline secret\n{}",
}


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_comment_permits_a_key(text: str) -> None:
    search = find_keys(text.format(KEY).encode())
    assert (search.found, search.allowed) == ((), 1)


def test_comment_permits_its_line_only() -> None:
    assert places(find_keys(f"{KEY} # oai-tui: allow\n{KEY}\n".encode())) == [(2, 1)]


@given(
    st.sampled_from(["", "proj-", "svcacct-", "admin-", "None-"]),
    st.sampled_from([20, 46, 58, 74]),
    st.randoms(use_true_random=False),
    st.binary(max_size=80),
)
def test_random_key_is_found_at_its_place(
    kind: str, half: int, random: Random, before: bytes
) -> None:
    halves = ["".join(random.choices(LETTERS, k=half)) for _ in range(2)]
    key = f"sk-{kind}{MARKER.join(halves)}"
    data = before.replace(b"\0", b"") + b"\n" + key.encode() + b"\n"
    if is_sample(key) or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return
    [found] = find_keys(data).found
    assert found.secret == Secret(key)
    assert (found.line, found.column) == (data.count(b"\n"), 1)


@given(st.binary(max_size=400))
def test_any_bytes_are_searched(data: bytes) -> None:
    assert find_keys(data).found == ()


PIECES = [
    *(b"sk-", b"proj-", MARKER.encode(), b"sess-", b"A1b2", b"\n", b"=", b'" "'),
    *(b"VDNCbGJrRk", b"UM0JsYmtGS", b"sk%2D", b"%5F", b"T\x003\x00B\0l\0b\0k\0F\0J"),
]


@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=60,
    )
)
def test_pieces_of_keys_are_searched(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    for found in find_keys(data).found:
        assert found.encoding != "plain" or data[found.offset :].startswith((b"sk-", b"sess-"))
