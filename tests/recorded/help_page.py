"""Parses a --help page into its arguments, options and commands, without the prose."""

import re

from .storage import Record

_ENTRY = re.compile(r" {2}(?=\S)(.+?)(?: {2,}(.*))?")
_NOTE = re.compile(r"\[[^\[\]]*(?:default|<=|<|>|required)[^\[\]]*\]$")


def help_record(page: str) -> Record:
    """Return the usage line, the options with their printed defaults, and the commands."""
    usage = ""
    options: dict[str, str] = {}
    commands: list[str] = []
    for title, lines in _sections(page):
        if title == "Usage":
            usage = " ".join(" ".join(lines).split())
        elif title == "Options":
            options = {declared: _shown_default(text) for declared, text in _entries(lines)}
        elif title == "Commands":
            commands = [name for name, _ in _entries(lines)]
    return {"usage": usage, "options": options, "commands": commands}


def _sections(page: str) -> list[tuple[str, list[str]]]:
    """Return the title and the lines of each section; text after the title is the first line."""
    found: list[tuple[str, list[str]]] = []
    for line in page.splitlines():
        title = re.match(r"(Usage|Options|Commands): ?(.*)", line)
        if title:
            found.append((title[1], [title[2]] if title[2] else []))
        elif not line:
            found.append(("", []))
        elif found:
            found[-1][1].append(line)
    return found


def _entries(lines: list[str]) -> list[tuple[str, str]]:
    """Return the rows of a table with two columns; a row may span several lines."""
    found: list[tuple[str, str]] = []
    for line in lines:
        entry = _ENTRY.fullmatch(line)
        if entry and not line.startswith("   "):
            found.append((entry[1], entry[2] or ""))
        elif found:
            declared, text = found[-1]
            found[-1] = declared, f"{text} {line.strip()}".strip()
    return found


def _shown_default(text: str) -> str:
    """Return the default or range in brackets at the end; may be empty."""
    note = _NOTE.search(text)
    return note[0] if note else ""
