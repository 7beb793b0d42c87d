"""What happens to an error on its way to whoever is asked about it: it is cut, moved to the right, quoted, logged, coloured, escaped, wrapped."""

import json
import re
from collections.abc import Callable

Disguise = Callable[[str, int], str]
"""From a text and any number to the same text as somebody might paste it."""


def cut(text: str, number: int) -> str:
    """The beginning of it, at least a third."""
    shortest = len(text) // 3
    return text[: shortest + number % max(1, len(text) - shortest)]


def indented(text: str, number: int) -> str:
    """Each line further to the right."""
    return _lines(text, " " * (1 + number % 12))


def quoted(text: str, number: int) -> str:
    """As an answer to a mail quotes it, once or twice."""
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
    """As a log of containers or of the system writes it: something before every line."""
    return _lines(text, PREFIXES[number % len(PREFIXES)])


def reported(text: str, number: int) -> str:
    """As a logger writes it: something before the first line."""
    return PREFIXES[number % len(PREFIXES)] + text


def coloured(text: str, number: int) -> str:
    """As a terminal was made to show it: every so many words in colour, written as escape sequences or as what is left of them."""
    start, end = (
        ("\x1b[31m", "\x1b[0m"),
        ("\x1b[1;38;5;196m", "\x1b[m"),
        ("\\u001b[31m", "\\u001b[39m"),
        ("\x1b[0;31;40m", "\x1b[0m\x1b[K"),
    )[number % 4]
    every = 1 + number % 5
    return "".join(
        f"{start}{piece}{end}" if place % (2 * every) == 0 and piece else piece
        for place, piece in enumerate(re.split(r"(\s+)", text))
    )


def escaped(text: str, number: int) -> str:
    """As a program wrote it into a string of another one, once or twice."""
    inner = json.dumps(text, ensure_ascii=bool(number % 2))
    return (
        inner,
        json.dumps({"level": "error", "message": text}),
        json.dumps({"message": inner}),
        inner[1:-1],
    )[number % 4]


def wrapped(text: str, number: int) -> str:
    """Broken into shorter lines at the ends of words, the indentation of each line kept or not."""
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
