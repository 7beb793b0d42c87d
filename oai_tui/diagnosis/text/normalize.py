"""Remove what a terminal, a log, a quotation or a traceback adds around a message.

The same words then look the same wherever they were printed. Pure; linear in the text.
"""

import re

from oai_tui.diagnosis.text.log_prefixes import without_prefixes
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.keys.redaction import RedactedText
from oai_tui.domain.lazy_pattern import LazyPattern

_ANSI_ROWS = (
    (r"\x1b\[[0-9;?:]{0,40}[ -/]?[@-~]", "\x1b[1;31m"),
    (r"\x1b\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)", "\x1b]0;title\x07"),
    # colours whose escape character was written as text
    (r"(?:\\u001b|\\x1b|\\033|\\e|\u241b|\^\[)\[[0-9;]{0,40}m", "\\u001b[31m"),
)
_ANSI = LazyPattern(
    any_of(_ANSI_ROWS),
    "\x1b",
    "\\u001b",
    "\\x1b",
    "\\033",
    "\\e",
    "\u241b",
    "^[",
    ignore_case=False,
)
"""Escape sequences of a terminal."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_PLAIN_CHARACTERS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201b": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\u00a0": " ",
        "\u2028": "\n",
        "\u2029": "\n",
    }
    | {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)}
)
"""Typographic quotes, special blanks and full-width forms, with their ASCII characters."""
_LINE_ENDS = re.compile(
    r"^(?:[ \t]{0,200}(?:[>|\u2500-\u257f]|[#*]{1,3} ))+[ \t]?"
    r"|(?:(?<![ \t])[ \t]++|(?<![ \t|\u2500-\u257f]))[|\u2500-\u257f]++[ \t]*+$"
)
"""Marks of quotation and of boxes at the two ends of a line.

At the second end the match starts at the beginning of a run of blanks or marks only, because a
line of nothing else would otherwise take quadratic time.
"""
_FRAME_ROWS = (
    # Python
    (r'File "[^"]{0,400}", line [0-9]+.*', 'File "app.py", line 12, in <module>'),
    # Node, Java
    (
        r"at [^\s(]{1,300} ?\(.{1,400}\)(?:\s*+,)?",
        "at processTicksAndRejections (node:internal:95:5)",
    ),
    (
        r"at (?:async )?[\w.$/<>\[\] ]{0,200}(?:\(|file:|node:|/|[A-Z]:\\).{0,400}",
        "at async file:///app/index.mjs:7:9",
    ),
    # .NET
    (
        r"at [\w.`<>\[\],+ ]{1,200}\(.{0,400}\)(?: in .{1,400})?",
        "at App.Program.Main(String[] args) in /src/Program.cs:line 9",
    ),
    # Rust
    (r"[0-9]{1,4}: +0x[0-9a-f]+ - .*", "3: 0x55d0c1a2 - std::panicking::begin_panic_handler"),
    # Go
    (r"goroutine [0-9]+.*", "goroutine 1 [running]:"),
    (r"\t/.{1,400}\.go:[0-9]+.*", "\t/app/main.go:17 +0x1d"),
    # Python 3.11, below a line of source
    (r"[\^~\u2500\u2501-]{2,200}", "~~~~~~^^^^^^^^"),
    # rich
    (r"(?:❱|→)?\s{0,6}[0-9]{1,6} [│|].*", "❱ 12 │ client.chat()"),
)
_FRAME = re.compile(rf"^\s*(?:{any_of(_FRAME_ROWS)})\s*$")
"""A line of a traceback."""
_PYTHON_FRAME = LazyPattern(
    r"""^(\s*)File "[^"]{0,400}", line [0-9]+""", 'file "', ignore_case=False
)
_WRAPPED_FRAME_ROWS = (
    # in a row with others
    (
        r'File\s+\\{0,8}"[^"\n]{1,400}",\s+line\s+[0-9]{1,7}(?:,\s+in\s+[\w.<>]{1,200})?',
        'File "a.py", line 3, in f File "b.py", line 4, in g',
    ),
    # cut anywhere
    (
        r'File\s"[^"\n]{0,400}'
        r'(?:"(?:,\s{0,3}(?:li?n?e?\s?[0-9]{0,7}(?:,\s?(?:in?\s?[\w.<>]{0,200})?)?)?)?)?\Z',
        'File "/app/main.py", li',
    ),
)
_WRAPPED_FRAME = LazyPattern(any_of(_WRAPPED_FRAME_ROWS), "file", ignore_case=False)
"""A frame of Python whose line was broken or cut, or that shares its line with others."""
_ESCAPED_LINES = LazyPattern(
    r"Traceback \(most recent call last\):(\\{1,16})n", "traceback", ignore_case=False
)
"""A traceback on one line; group 1 is the backslashes of its escaped line feeds."""
_PROCESS_ID_ROWS = (
    # Android, systemd
    (
        r"^([\W_]{0,4}(?:[A-Z], )?\[?[0-9]{0,4}[-/0-9T ]{0,12}[0-9]{2}:[0-9]{2}:[0-9]{2}\S{0,16}\s+"
        r"(?:\S{1,60}\s+)?)"
        r"(?:[A-Z]/[\w.-]{1,60}\(\s?[0-9]{1,7}\)|[\w./-]{1,60}\[[0-9]{1,7}\]):",
        "09:14:31.404 E/app(401): openai call failed",
    ),
    # syslog
    (
        r"^[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} \S{1,60} [\w./-]{1,60}\[[0-9]{1,7}\]:",
        "Nov 02 09:14:31 host app[401]: openai call failed",
    ),
)
_PROCESS_ID = LazyPattern(any_of(_PROCESS_ID_ROWS), "]:", "):", ignore_case=False)
"""The number of a process in a log line, which can look like a status. Group 1 is kept."""
_LINE_LIMIT = 20_000
"""Characters of a line that are read."""
_FRAME_LIMIT = 1_200
"""Characters of a line up to which it can be a frame."""


def normalize(text: RedactedText) -> RedactedText:
    """Return the text without colours, invisible characters and typographic characters."""
    return RedactedText(without_escapes(text))


def without_escapes(text: str) -> str:
    """Return any text as `normalize` does."""
    text_lines = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _ANSI.sub("", text_lines).translate(_PLAIN_CHARACTERS)
    return _INVISIBLE.sub("", plain)


def strip_framing(text: RedactedText) -> RedactedText:
    """Return the messages of a normalized text.

    Removed are the frames of tracebacks, the prefixes that a log puts before them, and marks of
    quotation.
    """
    unescaped = str(text)
    if match := _ESCAPED_LINES.search(text):
        unescaped = text.replace(f"{match[1]}n", "\n")
    out: list[str] = []
    frame_indent: int | None = None  # of the frame that the lines of source before this one follow
    for raw_line in without_prefixes(unescaped).split("\n"):
        line = _without_marks(raw_line)
        if match := _PYTHON_FRAME.match(line):
            frame_indent = len(match[1])
            continue
        if line.strip():
            indent = len(line) - len(line.lstrip())
            if frame_indent is not None and indent > frame_indent:
                continue  # the line of source below a frame
            frame_indent = None
        if len(line) < _FRAME_LIMIT and _FRAME.match(line):
            continue
        out.append(line)
    return RedactedText(_WRAPPED_FRAME.sub("", "\n".join(out)))


def _without_marks(line: str) -> str:
    """Return the line without marks at its ends and without the number of a process."""
    if len(line) >= _LINE_LIMIT:
        return line[:_LINE_LIMIT]
    return _PROCESS_ID.sub(r"\1", _LINE_ENDS.sub("", line))


def single_line(text: str) -> str:
    """Return the text on one line with single blanks; a wrapped message reads as it was written."""
    return " ".join(text.split())
