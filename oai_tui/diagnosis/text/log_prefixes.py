"""What a container's or a system's log puts before every line a program writes, so that a traceback is seen through it. Pure; looks at the beginning of a line only."""

from oai_tui.domain.lazy_pattern import LazyPattern

MAX_PREFIX = 160
"""Characters of a line that are looked at."""
_SHORTEST = 9
_DIGITS = str.maketrans("123456789", "000000000")
_AT_ONCE = 3
_SECOND = LazyPattern(r"[0-9]{2}:[0-9]{2}:[0-9]{2}", ignore_case=False)
_DATED = LazyPattern(
    r"(?:[A-Z], )?[\W_]{0,4}(?:[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}|[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4}|[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}|[0-9]{2}:[0-9]{2}:[0-9]{2}|[A-Z][a-z]{2,8},? +[0-9]{1,2}[ ,])",
    ignore_case=False,
)
_GOES_ON = LazyPattern(
    r'[ \t]*(?:File "|Traceback \(|During handling of|The above exception|Caused by|at [\w.$<]{1,200}[ (]|[}\])]|$)|[ ]{2}|\t',
    ignore_case=False,
)
"""What stands behind the prefix where a line goes on with the one before."""
_HINTS = (
    "  ",
    "\t",
    "Traceback (",
    "During handling of",
    "The above exception",
    "Caused by",
    " at ",
)
"""One of these stands in one of two lines that share such a prefix: a quick no for all others."""
_FAULT = LazyPattern(
    r"[\w.]{2,80}(?:Error|Exception|Timeout|Interrupt)\b(?:[:(]|\s*$)", ignore_case=False
)


def digit_mask(line: str) -> str:
    """The line with all digits alike, by which two prefixes are compared."""
    return line[:MAX_PREFIX].translate(_DIGITS)


def shared_prefix(line: str, other: str) -> str:
    """The shape of the prefix that two lines share where one of them is a part of a traceback; "" when there is no such prefix."""
    if not any(hint in line or hint in other for hint in _HINTS):
        return ""
    mine, its = digit_mask(line), digit_mask(other)
    same = _common(mine, its)
    end = max(mine.rfind(mark, 0, same) for mark in " :|]\t") + 1
    prefix = mine[:end].rstrip(" ")
    prefix += mine[len(prefix) : len(prefix) + 1] if len(prefix) < end else ""
    if len(prefix) < _SHORTEST or not (_DATED.match(line) or prefix.rstrip().endswith("|")):
        return ""
    rests = line[len(prefix) :], other[len(prefix) :]
    indents = [len(rest) - len(rest.lstrip(" \t")) for rest in rests if rest.strip()]
    told = any(
        _GOES_ON.match(rest) and not rest.startswith("  ") and rest.strip() for rest in rests
    )
    return (
        prefix
        if told
        or (len(indents) == 2 and abs(indents[0] - indents[1]) >= 2)
        or any(rest.startswith("\t") for rest in rests)
        else ""
    )


def has_prefix(line: str, prefix: str) -> bool:
    """Whether a line begins with a prefix of this shape; a blank one need not have the blanks at its end."""
    seen = digit_mask(line)
    return seen.startswith(prefix) or seen.rstrip() == prefix.rstrip()


def continues_record(rest: str, before: str | None) -> bool:
    """Whether what stands behind the prefix goes on with the record of the line before, of which `before` stands behind the prefix (None when it had none)."""
    return bool(_GOES_ON.match(rest)) or (
        before is not None and before.startswith((" ", "\t")) and bool(_FAULT.match(rest))
    )


def without_prefixes(text: str) -> str:
    """The text without the prefixes of the lines of tracebacks, and of all lines where they were written at once; other lines keep theirs."""
    lines = text.split("\n")
    if prefix := _of_all([line for line in lines if line.strip()]):
        return "\n".join(line[len(prefix) :] for line in lines)
    found: list[str] = [""] * len(lines)
    for place in range(len(lines) - 1):
        if prefix := shared_prefix(lines[place], lines[place + 1]):
            for one in (place, place + 1):
                found[one] = min((found[one] or prefix, prefix), key=len)
    for place in range(1, len(lines)):
        last = found[place - 1]
        if (
            last
            and not found[place]
            and has_prefix(lines[place], last)
            and continues_record(lines[place][len(last) :], lines[place - 1][len(last) :])
        ):
            found[place] = last
    return "\n".join(
        line[len(prefix) :] if prefix else line for line, prefix in zip(lines, found, strict=True)
    )


def _of_all(lines: list[str]) -> str:
    """The shape of the prefix that three or more lines have, all of the same second; "" when there is none."""
    if len(lines) < _AT_ONCE or not (_DATED.match(lines[0]) or "|" in lines[0][:MAX_PREFIX]):
        return ""
    shapes = {digit_mask(line) for line in lines}
    low, high = min(shapes), max(shapes)
    same = _common(low, high)
    end = max(low.rfind(mark, 0, same) for mark in " :|]\t") + 1
    prefix = low[:end].rstrip(" ") + low[len(low[:end].rstrip(" ")) : end][:1]
    if len(prefix) < _SHORTEST or not (_DATED.match(lines[0]) or prefix.rstrip().endswith("|")):
        return ""
    moments = {
        match.group() if (match := _SECOND.search(line[: len(prefix)])) else "" for line in lines
    }
    return (
        prefix if len(moments) == 1 and (moments != {""} or prefix.rstrip().endswith("|")) else ""
    )


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
