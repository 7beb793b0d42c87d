"""Take away what a terminal, a log, a quotation or a traceback put around a message, so that the same words look the same wherever they were printed. Pure and linear."""

import re

from oai_tui.diagnosis.text.log_prefixes import without_prefixes
from oai_tui.domain.lazy_pattern import LazyPattern

_ANSI = LazyPattern(
    r"\x1b\[[0-9;?:]{0,40}[ -/]?[@-~]|\x1b\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)|(?:\\u001b|\\x1b|\\033|\\e|\u241b|\^\[)\[[0-9;]{0,40}m",
    "\x1b",
    "\\u001b",
    "\\x1b",
    "\\033",
    "\\e",
    "\u241b",
    "^[",
    ignore_case=False,
)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_STRAIGHT = str.maketrans(
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
_EDGE = re.compile(
    r"^(?:[ \t]{0,200}(?:[>|\u2500-\u257f]|[#*]{1,3} ))+[ \t]?|(?:(?<![ \t])[ \t]++|(?<![ \t|\u2500-\u257f]))[|\u2500-\u257f]++[ \t]*+$"
)
"""Marks of quotation and boxes at the two ends of a line. At the second end each run of blanks or marks is tried from its beginning only, so that a line of nothing else takes no long time."""
_FRAME = re.compile(
    r"""(?x) ^\s* (?:
        File\ "[^"]{0,400}",\ line\ [0-9]+ .*            # Python
      | at\ [^\s(]{1,300}\ ?\(.{1,400}\)\s*,?            # Node, Java
      | at\ (?:async\ )?[\w.$/<>\[\] ]{0,200}(?:\(|file:|node:|/|[A-Z]:\\).{0,400}
      | at\ [\w.`<>\[\],+ ]{1,200}\(.{0,400}\)(?:\ in\ .{1,400})?   # .NET
      | [0-9]{1,4}:\ +0x[0-9a-f]+\ -\ .*                 # Rust
      | goroutine\ [0-9]+.* | \t/.{1,400}\.go:[0-9]+.*   # Go
      | [\^~\u2500\u2501-]{2,200}
      | (?:❱|→)?\s{0,6}[0-9]{1,6}\ [│|].*                # rich
    ) \s*$"""
)
_PYTHON_FRAME = LazyPattern(
    r"""^(\s*)File "[^"]{0,400}", line [0-9]+""", 'file "', ignore_case=False
)
_WRAPPED_FRAME = LazyPattern(
    r"""File\s+\\{0,8}"[^"\n]{1,400}",\s+line\s+[0-9]{1,7}(?:,\s+in\s+[\w.<>]{1,200})?|File\s"[^"\n]{0,400}(?:"(?:,\s{0,3}(?:li?n?e?\s?[0-9]{0,7}(?:,\s?(?:in?\s?[\w.<>]{0,200})?)?)?)?)?\Z""",
    "file",
    ignore_case=False,
)
"""A frame whose line was broken or cut, or stands in a row with others."""
_ESCAPED_LINES = LazyPattern(
    r"Traceback \(most recent call last\):(\\{1,16})n", "traceback", ignore_case=False
)
_PID = LazyPattern(
    r"^([\W_]{0,4}(?:[A-Z], )?\[?[0-9]{0,4}[-/0-9T ]{0,12}[0-9]{2}:[0-9]{2}:[0-9]{2}\S{0,16}\s+(?:\S{1,60}\s+)?)(?:[A-Z]/[\w.-]{1,60}\(\s?[0-9]{1,7}\)|[\w./-]{1,60}\[[0-9]{1,7}\]):|^[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} \S{1,60} [\w./-]{1,60}\[[0-9]{1,7}\]:",
    "]:",
    "):",
    ignore_case=False,
)
"""The number of a process, which looks like a status."""
_LONGEST_LINE = 20_000


def normalize(text: str) -> str:
    """The text without colours, invisible characters, typographic quotes and marks at the ends of its lines."""
    text = _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_STRAIGHT)
    return _UNSEEN.sub("", text)


def strip_framing(text: str) -> str:
    """The cleaned text without the frames of tracebacks, what a log puts before them, and marks of quotation: its messages alone."""
    out: list[str] = []
    code = -1
    if match := _ESCAPED_LINES.search(text):
        text = text.replace(f"{match[1]}n", "\n")
    for line in without_prefixes(text).split("\n"):
        line = (
            _PID.sub(r"\1", _EDGE.sub("", line))
            if len(line) < _LONGEST_LINE
            else line[:_LONGEST_LINE]
        )
        if match := _PYTHON_FRAME.match(line):
            code = len(match[1])
            continue
        indent = len(line) - len(line.lstrip())
        if code >= 0 and line.strip() and indent > code:
            continue  # the line of source below a frame
        code = -1 if line.strip() else code
        if len(line) < 1200 and _FRAME.match(line):
            continue
        out.append(line)
    return _WRAPPED_FRAME.sub("", "\n".join(out))


def single_line(text: str) -> str:
    """The text on one line: a message that was wrapped reads as it was written."""
    return " ".join(text.split())
