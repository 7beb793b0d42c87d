"""Renders variables for a shell or a file, quoted so that exactly the value arrives.

Pure functions. A value that a format cannot hold raises a ValueError that names the variable and
never its value.

Quoting rules: bash and zsh manuals; fish 3.6's `string escape`; about_Quoting_Rules of PowerShell 7
(which takes four curly quotes for single quotes too); python-dotenv 1.2.4's parser; GitHub's
"workflow commands" (2026-10).
"""

import re
from collections.abc import Callable, Mapping

EnvVars = Mapping[str, str | None]
"""Name to value; None for a variable to remove."""

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_POWERSHELL_QUOTES = re.compile("(['\u2018\u2019\u201a\u201b])")
_NOT_IN_CMD = re.compile(r'["%!\x00-\x1f\x7f]|[^\x00-\x7f]')


def _posix(name: str, value: str | None) -> str:
    if value is None:
        return f"unset {name}"
    _refuse(name, value, "\0", "a NUL character")
    return f"export {name}={value if _PLAIN.fullmatch(value) else _quoted(value)}"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _fish(name: str, value: str | None) -> str:
    if value is None:
        return f"set -ge {name}"
    _refuse(name, value, "\0", "a NUL character")
    text = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"set -gx {name} '{text}'"


def _powershell(name: str, value: str | None) -> str:
    if value is None:
        return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue"
    _refuse(name, value, _CONTROL, "a control character")
    doubled = _POWERSHELL_QUOTES.sub(r"\1\1", value)
    return f"$env:{name} = '{doubled}'"


def _cmd(name: str, value: str | None) -> str:
    if value is None:
        return f'set "{name}="'
    _refuse(name, value, _NOT_IN_CMD, "a quote, %, !, or a character that is not visible ASCII")
    return f'set "{name}={value}"'


def _dotenv(name: str, value: str | None) -> str:
    if value is None:
        return ""
    _refuse(name, value, _CONTROL, "a control character")
    _refuse(name, value, "${", "${, which the reader of the file expands")
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    text = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{text}'"


SHELLS: Mapping[str, Callable[[str, str | None], str]] = {
    "bash": _posix,
    "zsh": _posix,
    "fish": _fish,
    "powershell": _powershell,
    "cmd": _cmd,
    "dotenv": _dotenv,
}
"""Format to a function that renders one variable as a line; "" if there is nothing to write."""


def render(shell: str, variables: EnvVars) -> str:
    """Return the lines for one of SHELLS. ValueError for a value that it cannot hold."""
    lines = (SHELLS[shell](name, value) for name, value in variables.items())
    return "".join(f"{line}\n" for line in lines if line)


def github_mask(value: str) -> str:
    """Return the line for standard output after which GitHub's runner hides `value` in logs."""
    escaped = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::add-mask::{escaped}\n"


def github_file(variables: Mapping[str, str], delimiter: str) -> str:
    """Return the lines for the file that GITHUB_ENV names, which cannot remove a variable.

    `delimiter`: a random word. ValueError if a value contains it.
    """
    out = []
    for name, value in variables.items():
        _refuse(name, value, delimiter, "the delimiter")
        out.append(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")
    return "".join(out)


def _refuse(name: str, value: str, unwanted: str | re.Pattern[str], what: str) -> None:
    """Raise ValueError if the value contains what a format cannot hold. `what`: that, in words."""
    pattern = re.escape(unwanted) if isinstance(unwanted, str) else unwanted
    if re.search(pattern, value):
        raise ValueError(f"{name} contains {what}, which this format can't represent")
