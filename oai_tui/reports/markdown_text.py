"""Foreign text in Markdown (CommonMark and GitHub's dialect): nothing in it becomes markup.

Text that a server sent goes into code spans. Sentences of the catalogue, which can quote facts,
are escaped; the names and addresses in them become code, so that no link, mention or emphasis
comes from them.
"""

import re
from collections.abc import Iterable, Iterator

_ESCAPED = re.compile(r"([\\`*_\[\]<>|~&#$])")
_LINE_START = re.compile(r"^([-+=]|\d{1,9}(?=[.)](?:\s|$)))")
"""What begins a list or a heading at the start of a line."""
_CODE_WORD = re.compile(
    r"(?<![A-Za-z0-9_])[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+(?![A-Za-z0-9_])"
    r"|(?<!\S)(?=\S*(?:@|://|www\.))\S+"
)
"""A variable's name, or a word that GitHub would turn into a link or a mention."""
_LINK = re.compile(r"https?://[^\s<>\"\\^`{|}]+")


def prose(text: str) -> str:
    """Return a sentence on one line, in which nothing but names and addresses is markup."""
    text = " ".join(text.split())
    out: list[str] = []
    at = 0
    for match in _CODE_WORD.finditer(text):
        word = match.group().rstrip(".,;:!?)”’")
        out += [_escape(text[at : match.start()]), code(word) if word else ""]
        at = match.start() + len(word)
    out.append(_escape(text[at:]))
    return _LINE_START.sub(_escape_first, "".join(out))


def _escape(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", text)


def _escape_first(match: re.Match[str]) -> str:
    """Escape a sign that begins a list; of a number, which no backslash escapes, the digit."""
    first = match.group()
    return f"&#{ord(first[0])};{first[1:]}" if first[0].isdigit() else f"\\{first}"


def code(text: str) -> str:
    """Return a text as a code span on one line; "" for an empty text."""
    text = " ".join(text.split())
    if not text:
        return ""
    fence = "`" * (_longest_run(text) + 1)
    blank = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def code_block(text: str, language: str = "") -> Iterator[str]:
    """Yield the lines of a fenced block."""
    fence = "`" * max(3, _longest_run(text) + 1)
    yield f"{fence}{language}"
    yield from text.splitlines()
    yield fence


def link(url: str) -> str:
    """Return an address as a link, or as code if it is none that a browser opens."""
    return f"<{url}>" if _LINK.fullmatch(url) else code(url)


def item(lines: Iterable[str], mark: str = "-") -> Iterator[str]:
    """Yield the lines of a list item, indented below its mark."""
    indent = " " * (len(mark) + 1)
    for number, line in enumerate(lines):
        yield f"{mark} {line}" if number == 0 else f"{indent}{line}".rstrip()


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
