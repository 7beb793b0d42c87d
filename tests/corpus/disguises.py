"""What happens to an error before it is pasted.

It is cut, indented, quoted, logged, coloured, escaped or wrapped.
"""

import json
import re
from collections.abc import Callable

Disguise = Callable[[str, int], str]
"""From a text and any number to the text as it might be pasted; the number selects a variant."""


def cut(text: str, number: int) -> str:
    """Return the beginning of the text, at least a third of it."""
    shortest = len(text) // 3
    return text[: shortest + number % max(1, len(text) - shortest)]


def indented(text: str, number: int) -> str:
    """Return the text with all lines indented."""
    return _lines(text, " " * (1 + number % 12))


def quoted(text: str, number: int) -> str:
    """Return the text as a reply to an e-mail quotes it, once or twice."""
    return _lines(text, ("> ", ">> ", "> > ", "| ")[number % 4])


PREFIXES = (
    "2026-11-02T09:14:31.123456789Z stdout F ",
    "2026-11-02 09:14:31,123 ERROR app.worker: ",
    "Nov 02 09:14:31 host app[2401]: ",
    "app-1  | ",
    "[2026-11-02 09:14:31] ERROR ",
    "09:14:31.404 E/app(401): ",
    "I, [2026-11-02T09:14:31.503429 #429] ERROR -- : ",
)


def logged(text: str, number: int) -> str:
    """Return the text as a container log or a system log writes it: a prefix on every line."""
    return _lines(text, PREFIXES[number % len(PREFIXES)])


def reported(text: str, number: int) -> str:
    """Return the text as a logger writes it: a prefix on the first line."""
    return PREFIXES[number % len(PREFIXES)] + text


def coloured(text: str, number: int) -> str:
    """Return the text with every so many words in colour.

    The escape sequences are complete, or what is left of them in a log.
    """
    start, end = (
        ("\x1b[31m", "\x1b[0m"),
        ("\x1b[1;38;5;196m", "\x1b[m"),
        ("\\u001b[31m", "\\u001b[39m"),
        ("\x1b[0;31;40m", "\x1b[0m\x1b[K"),
    )[number % 4]
    every = 1 + number % 5
    return "".join(
        f"{start}{piece}{end}" if index % (2 * every) == 0 and piece else piece
        for index, piece in enumerate(re.split(r"(\s+)", text))
    )


def escaped(text: str, number: int) -> str:
    """Return the text as a string inside JSON, escaped once or twice."""
    inner = json.dumps(text, ensure_ascii=bool(number % 2))
    return (
        inner,
        json.dumps({"level": "error", "message": text}),
        json.dumps({"message": inner}),
        inner[1:-1],
    )[number % 4]


def wrapped(text: str, number: int) -> str:
    """Return the text broken into shorter lines at the ends of words."""
    width = 30 + number % 90
    out: list[str] = []
    for line in text.split("\n"):
        row = ""
        for word in line.split(" "):
            if row and len(row) + 1 + len(word) > width:
                out.append(row)
                row = word
            else:
                row = f"{row} {word}" if row else word
        out.append(row)
    return "\n".join(out)


def _lines(text: str, prefix: str) -> str:
    return "\n".join(prefix + line for line in text.split("\n"))


DISGUISES: dict[str, Disguise] = {
    "cut": cut,
    "indented": indented,
    "quoted": quoted,
    "logged": logged,
    "reported": reported,
    "coloured": coloured,
    "escaped": escaped,
    "wrapped": wrapped,
}
