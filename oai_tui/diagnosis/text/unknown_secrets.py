"""Hide what can only be a secret, though its value is not known.

That is a key in hexadecimal or base64, a part of a key without its beginning, the value that a
setting gives to a key or a password, a private key, and a token of another vendor. A live answer is
redacted with the one key that was sent; which key a pasted text contains is not known, so the look
of its characters decides. Hiding too much does little harm. Pure; linear in the text.
"""

import base64
import re
from itertools import pairwise

from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.keys.masking import MASK
from oai_tui.domain.lazy_pattern import LazyPattern

_BASE64_RUN = re.compile(r"[A-Za-z0-9_+/-]{24,}={0,2}")
_KEY_RUN = re.compile(r"[A-Za-z0-9_-]{24,}")
_HEX_RUN = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")
_SETTING_ROWS = (
    # a variable of the environment
    (r"(?:[A-Z0-9]{1,40}_){1,8}(?:KEY|TOKEN|SECRET|PASSWORD)\s?=\s?[\"']?", "OPENAI_API_KEY="),
    # a field or an argument, also in an escaped string
    (
        r"(?i:api_?key|access_?token|secret)\\{0,15}[\"']?\s?[:=]\s?\\{0,15}[\"']",
        'client = OpenAI(api_key="',
    ),
)
_SETTING = LazyPattern(
    rf"({any_of(_SETTING_ROWS)})(?=[^\s\"'\\]{{0,400}}[0-9])[^\s\"'\\,;$<*]{{12,}}",
    "key",
    "token",
    "secret",
    "password",
    ignore_case=False,
)
"""A setting, as group 1, with its value. A value without a digit is a word, such as the
placeholder of an example."""
_VENDOR_TOKEN_ROWS = (
    # GitHub, GitLab, npm, Slack
    (r"gh[pousr]_[A-Za-z0-9]{20,}", "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    (r"github_pat_\w{20,}", "github_pat_aaaaaaaaaaaaaaaaaaaaaaaa"),
    (r"glpat-[\w-]{16,}", "glpat-aaaaaaaaaaaaaaaaaaaa"),
    (r"npm_[A-Za-z0-9]{30,}", "npm_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    (r"xox[a-z]-[\w-]{10,}", "xoxb-123456789012-aaaaaaaaaaaa"),
    (r"xapp-[\w-]{10,}", "xapp-1-A0-aaaaaaaaaaaa"),
    (
        r"(?<=hooks\.slack\.com/services/)[\w/]{10,}",
        "https://hooks.slack.com/services/T0/B0/aaaaaaaa",
    ),
    # AWS, SendGrid, Codex
    (r"A(?:KIA|SIA|GPA|IDA|ROA)[A-Z0-9]{16}(?![A-Za-z0-9])", "AKIAIOSFODNN7EXAMPLE"),
    (r"SG\.[\w-]{16,}\.[\w-]{16,}", "SG.aaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaa"),
    (r"rt\.[0-9]\.[\w.-]{8,}", "rt.1.aaaaaaaaaaaa"),
)
_VENDOR_TOKEN = LazyPattern(
    rf"(?<![A-Za-z0-9_-])(?:{any_of(_VENDOR_TOKEN_ROWS)})",
    "gh",
    "glpat-",
    "npm_",
    "xox",
    "xapp-",
    "hooks.slack",
    "akia",
    "asia",
    "agpa",
    "aida",
    "aroa",
    "sg.",
    "rt.",
    ignore_case=False,
)
_SECRET_NAME = (
    r"(?:password|passwd|passphrase|client_?secret|secret_?(?:access_?)?key"
    r"|(?:refresh|access|id|auth|session)_?token|private_?key)"
)
_NO_VALUE = r"(?!true\b|false\b|none\b|null\b|\[|\$|<|%|\*)"
"""Not before a word, a variable, a template or a mask in the place of a value."""
_PASSWORD_ROWS = (
    # in quotes, also in an escaped string
    (
        rf"{_SECRET_NAME}(?:\\{{0,15}}[\"'])?\s{{0,3}}[:=]\s{{0,3}}\\{{0,15}}[\"']{_NO_VALUE}"
        r"(?=[^\"'\\\n]{4})",
        '"password": "hunter2 hunter2"',
    ),
    # without quotes; after a colon only a value with a digit, because prose has colons too
    (rf"{_SECRET_NAME}={_NO_VALUE}(?=[^\s\"'\\,;&]{{4}})", "password=hunterhunter"),
    (
        rf"{_SECRET_NAME}:\s{{0,3}}{_NO_VALUE}(?=[^\s\"'\\,;&]{{0,100}}[0-9])",
        "client_secret: hunter2hunter2",
    ),
    # an option
    (r"(?<!\w)--?(?:password|passphrase|client-secret)[\s=](?=[^\s-]{4})", "--password hunter2"),
)
_PASSWORD = LazyPattern(
    rf"((?:{any_of(_PASSWORD_ROWS)}))(?:(?<=[\"'])[^\"'\\\n]{{4,400}}|[^\s\"'\\,;&]+)",
    "pass",
    "secret",
    "token",
    "private",
)
"""What comes before a password or token, as group 1, with its value."""
_PRIVATE_KEY = LazyPattern(
    r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[^-]{1,20000}", "private key-----"
)
"""A private key in a PEM frame. Base64 has no hyphen, so its text ends at the next one."""
_PUBLIC_ID = re.compile(
    r"(?:org|proj|req|user|asst|file|resp|msg|run|step|thread|chatcmpl|cmpl|call|batch|ftjob|ws|vs"
    r"|fp|gen|evt|session|trace|run|key)[-_]"
)
"""The beginnings of public ids. They help support, and give access to nothing."""
_PRINTABLE = re.compile(rb"[\x20-\x7e]+")
_MIN_CHANGES = 0.3
"""The least share of neighbouring characters of a key that differ in kind (capital, small letter,
digit). It is about 0.6 in random text, and 0.2 in names made of words."""
_LONE_SMALL_LETTER = re.compile(r"[A-Z][a-z](?=[A-Z])")
"""One small letter between capitals: rare in names made of words, common in random letters."""
_MIN_LENGTH_WITHOUT_DIGITS = 32
"""Characters from which on a run of letters alone can be a part of a key."""


def without_secrets(text: str) -> str:
    """Return the text with a mask in the place of each secret."""
    text = _PRIVATE_KEY.sub(rf"\1{MASK}", text)
    text = _VENDOR_TOKEN.sub(MASK, text)
    text = _PASSWORD.sub(rf"\1{MASK}", text)
    text = _SETTING.sub(rf"\1{MASK}", text)
    text = _HEX_RUN.sub(_mask_hex, text)
    text = _BASE64_RUN.sub(_mask_base64, text)
    return _KEY_RUN.sub(_mask_random, text)


def _mask_hex(match: re.Match[str]) -> str:
    run = match.group()
    return MASK if _PRINTABLE.fullmatch(bytes.fromhex(run)) else run


def _mask_base64(match: re.Match[str]) -> str:
    run = match.group()
    return MASK if _is_base64_of_text(run) else run


def _mask_random(match: re.Match[str]) -> str:
    run = match.group()
    return MASK if _is_random(run) else run


def _is_base64_of_text(run: str) -> bool:
    """Return True if the run decodes to printable text, from any of its first four characters."""
    standard = run.rstrip("=").replace("-", "+").replace("_", "/")
    for start in range(4):
        encoded = standard[start:]
        whole_groups = encoded[: len(encoded) // 4 * 4]
        if _PRINTABLE.fullmatch(base64.b64decode(whole_groups)):
            return True
    return False


def _is_random(run: str) -> bool:
    """Return True if capitals, small letters and digits alternate as in a generated key."""
    if _PUBLIC_ID.match(run):
        return False
    kinds = "".join([_kind(char) for char in run if char not in "-_"])
    changes = sum(left != right for left, right in pairwise(kinds))
    is_mixed = changes >= _MIN_CHANGES * len(kinds)
    if len(set(kinds)) == 2 and len(kinds) >= _MIN_LENGTH_WITHOUT_DIGITS:
        return bool(_LONE_SMALL_LETTER.search(run)) and is_mixed
    return len(set(kinds)) == 3 and is_mixed


def _kind(char: str) -> str:
    if char.isupper():
        return "A"
    return "a" if char.islower() else "0"
