"""Damaged keys, one for each way in which keys get damaged."""

import base64
import json

from tests.domain.keys.fake_keys import PROJECT_KEY

KEY = PROJECT_KEY
END = len(KEY)

# name: (damaged text, [(id of the defect, position, code point)])
DIRTY: dict[str, tuple[str, list[tuple[str, int, str]]]] = {
    "newline after": (KEY + "\n", [("newline", END + 1, "U+000A")]),
    "newline before": ("\n" + KEY, [("newline", 1, "U+000A")]),
    "newline inside": (KEY[:10] + "\n" + KEY[10:], [("newline", 11, "U+000A")]),
    "carriage return and newline": (
        KEY + "\r\n",
        [("carriage-return", END + 1, "U+000D"), ("newline", END + 2, "U+000A")],
    ),
    "space before": (" " + KEY, [("space", 1, "U+0020")]),
    "space after": (KEY + " ", [("space", END + 1, "U+0020")]),
    "tab": (KEY + "\t", [("tab", END + 1, "U+0009")]),
    "no-break space": (KEY + "\u00a0", [("unusual-space", END + 1, "U+00A0")]),
    "double quotes": (f'"{KEY}"', [("quote", 1, "U+0022"), ("quote", END + 2, "U+0022")]),
    "single quotes": (f"'{KEY}'", [("quote", 1, "U+0027"), ("quote", END + 2, "U+0027")]),
    "one quote": (KEY + '"', [("quote", END + 1, "U+0022")]),
    "quotes, then newline": (
        f'"{KEY}"\n',
        [("quote", 1, "U+0022"), ("quote", END + 2, "U+0022"), ("newline", END + 3, "U+000A")],
    ),
    "smart quotes": (
        f"\u201c{KEY}\u201d",
        [("smart-quote", 1, "U+201C"), ("smart-quote", END + 2, "U+201D")],
    ),
    "brackets": (f"<{KEY}>", [("bracket", 1, "U+003C"), ("bracket", END + 2, "U+003E")]),
    "zero-width space": (KEY[:20] + "\u200b" + KEY[20:], [("zero-width", 21, "U+200B")]),
    "byte order mark": ("\ufeff" + KEY, [("byte-order-mark", 1, "U+FEFF")]),
    "dash": (KEY.replace("sk-", "sk\u2013", 1), [("dash", 3, "U+2013")]),
    "control character": (KEY + "\x1b", [("control-character", END + 1, "U+001B")]),
    "bearer": ("Bearer " + KEY, [("bearer-prefix", 1, ""), ("space", 7, "U+0020")]),
    "name": ("OPENAI_API_KEY=" + KEY, [("name-prefix", 1, "")]),
    "export and quotes": (
        f'export OPENAI_API_KEY="{KEY}"',
        [("name-prefix", 1, ""), ("space", 7, "U+0020"), ("quote", END + 24, "U+0022")],
    ),
    "comma": (KEY + ",", [("punctuation", END + 1, "U+002C")]),
    "twice": (KEY + KEY, [("doubled", END + 1, "")]),
    "twice, with a newline between": (
        f"{KEY}\n{KEY}",
        [("newline", END + 1, "U+000A"), ("doubled", END + 1, "")],
    ),
    "full stop": (KEY + ".", [("punctuation", END + 1, "U+002E")]),
    "comment": (f"{KEY} # mine", [("more-text", END + 1, ""), ("space", END + 3, "U+0020")]),
    "another setting": (f"{KEY} OPENAI_ORG_ID=org-fake", [("more-text", END + 1, "")]),
    "Cyrillic letter": (KEY.replace("a", "\u0430", 1), [("look-alike", 9, "U+0430")]),
    "Greek capital": (
        KEY.replace("B", "\u0392", 1),
        [("look-alike", KEY.index("B") + 1, "U+0392")],
    ),
    "full-width letter": ("\uff53" + KEY[1:], [("look-alike", 1, "U+FF53")]),
    "capital at the beginning": ("S" + KEY[1:], [("capitalised", 1, "U+0053")]),
    "fish": (
        f"set -gx OPENAI_API_KEY {KEY}",
        [
            ("name-prefix", 1, ""),
            ("space", 4, "U+0020"),
            ("space", 8, "U+0020"),
            ("space", 23, "U+0020"),
        ],
    ),
    "setx": (
        f"setx OPENAI_API_KEY {KEY}",
        [("name-prefix", 1, ""), ("space", 5, "U+0020"), ("space", 20, "U+0020")],
    ),
    "PowerShell": (
        f"$env:OPENAI_API_KEY='{KEY}'",
        [("name-prefix", 1, ""), ("quote", 21, "U+0027"), ("quote", END + 22, "U+0027")],
    ),
    "header": (
        f"Authorization: Bearer {KEY}",
        [("bearer-prefix", 1, ""), ("space", 15, "U+0020"), ("space", 22, "U+0020")],
    ),
    "line of JSON": (
        f'"OPENAI_API_KEY": "{KEY}",',
        [
            ("name-prefix", 1, ""),
            ("space", 18, "U+0020"),
            ("quote", 19, "U+0022"),
            ("quote", END + 20, "U+0022"),
            ("punctuation", END + 21, "U+002C"),
        ],
    ),
    "document of JSON": (f'{{"ARN": "arn:aws:x", "SecretString": "{KEY}"}}', [("json", 1, "")]),
    "document in a document": (
        json.dumps({"ARN": "arn:aws:x", "SecretString": json.dumps({"OPENAI_API_KEY": KEY})}),
        [("json", 1, "")],
    ),
    "backslash and n": (KEY + "\\n", [("escape-sequence", END + 1, "")]),
    "escaped quotes": (
        f'\\"{KEY}\\"',
        [("escape-sequence", 1, ""), ("escape-sequence", END + 3, "")],
    ),
    "percent-encoded": (KEY + "%0A", [("percent-encoded", END + 1, "")]),
    "HTML entities": (f"&quot;{KEY}&quot;", [("html-entity", 1, ""), ("html-entity", END + 7, "")]),
    "base64": (base64.b64encode(KEY.encode()).decode(), [("base64", 1, "")]),
    "base64 with its newline": (
        base64.b64encode(KEY.encode() + b"\n").decode(),
        [("base64", 1, "")],
    ),
    "UTF-16": (
        ("\ufeff" + KEY + "\r\n").encode("utf-16-le").decode("utf-8", "surrogateescape"),
        [("utf-16", 1, "")],
    ),
    "UTF-16, its NULs dropped by a shell": ("\udcff\udcfe" + KEY, [("utf-16", 1, "")]),
    "byte-order mark read as letters": ("\u00ef\u00bb\u00bf" + KEY, [("byte-order-mark", 1, "")]),
    "mark of a paste": (
        f"\x1b[200~{KEY}\x1b[201~",
        [("paste-marker", 1, ""), ("paste-marker", END + 7, "")],
    ),
    "mark of a paste without its escape": (f"[200~{KEY}", [("paste-marker", 1, "")]),
    "colour": (f"\x1b[32m{KEY}\x1b[0m", [("terminal-code", 1, ""), ("terminal-code", END + 6, "")]),
}

HOPELESS: dict[str, tuple[str, str]] = {
    "empty": ("", "empty"),
    "blanks": (" \n ", "only-blanks"),
    "masked with stars": ("sk-proj-****************wxyz", "masked"),
    "masked with an ellipsis": ("sk-proj-…wxyz", "masked"),
    "letter that looks like no other": (KEY.replace("a", "\u0436", 1), "non-ascii"),
    "cut off": (KEY[:-30], "cut-off"),
    "cut at a hyphen": ("sk-proj-abcdefgh", "cut-off"),
    "without its beginning": (KEY.removeprefix("sk-proj-"), "beginning-missing"),
    "with a hole": (KEY[:20] + KEY[50:], "beginning-missing"),
    "another key behind it": (KEY[:100] + KEY[:40], "second-key"),
    "in capitals": (KEY.upper(), "capitalised"),
    "undecodable byte": (KEY + "\udcff", "non-ascii"),
}
"""Name -> (text, the defect that is reported): what cannot be repaired."""
