"""The origin of each defect of a key's text, and the command that repairs it.

As of 2026-11-24. The commands are for bash, zsh and any sh with perl; the tests run them. No
command contains or prints a key. Placeholders: `@NAME@` the variable, `@FILE@` and `@LINE@` the
position of the value, `@PROFILE@` the profile's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote

from oai_tui.domain.target import Origin
from oai_tui.knowledge.setting_lines import CUSTOM_HEADERS

_REPAIR_VARIABLE = 'export @NAME@="$(printf %s "$@NAME@" | {})"'
_REPAIR_LINE = "perl -CSD -pi -e '{} if $. == @LINE@' @FILE@"


def _shell(stream_filter: str) -> str:
    """Return the command that passes a variable through a filter."""
    return _REPAIR_VARIABLE.replace("{}", stream_filter)


def _file(substitution: str) -> str:
    """Return the command that applies a perl substitution to one line of a file."""
    return _REPAIR_LINE.replace("{}", substitution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One row: how the defects come about, and the commands ("" if no command can repair it)."""

    defects: tuple[str, ...]
    """Ids of domain/keys/defects.py."""
    how: str
    """How such a defect comes about, in sentences."""
    shell: str = ""
    """Repairs an environment variable."""
    file: str = ""
    """Repairs a line of a file."""
    stream: str = ""
    """A filter for the output of a command or for standard input."""


_KEEP_PRINTABLE = "tr -cd '!-~'"
_FIRST_KEY = (
    """jq -r '.. | strings | (fromjson? // .) | .. | strings | select(startswith("sk-"))'"""
)
_NEW_KEY_NEEDED = (
    "A whole key is shown only once, when it is created; create a new one if you lost it."
)

REPAIRS: tuple[Repair, ...] = (
    Repair(
        defects=("masked",),
        how=(
            "Dashboards, logs and error messages show keys masked, and this is such a copy. "
            f"{_NEW_KEY_NEEDED}"
        ),
    ),
    Repair(
        defects=("base64",),
        how=(
            "Kubernetes and some CI systems store secrets as base64, and this one was not "
            "decoded. `echo` instead of `printf %s` then also adds a newline."
        ),
        shell=_shell("base64 -d | tr -d '\\r\\n'"),
        stream="base64 -d | tr -d '\\r\\n'",
        file="""perl -MMIME::Base64 -pi -e 's/=\\s*(["\\x27]?)(\\S+?)\\1\\s*$/q(=).(decode_base64($2) =~ s{\\s}{}gr).qq(\\n)/e if $. == @LINE@' @FILE@""",
    ),
    Repair(
        defects=("json",),
        how=(
            "A secret store printed its whole document; request the one field (`--query "
            "SecretString --output text`, `-field=value`), or extract it."
        ),
        shell=_shell(_FIRST_KEY),
        stream=_FIRST_KEY,
    ),
    Repair(
        defects=("utf-16",),
        how=(
            "Windows PowerShell writes UTF-16 with `>` and Out-File; use Set-Content -Encoding "
            "utf8."
        ),
        shell=_shell(_KEEP_PRINTABLE),
        file="iconv -f UTF-16 -t UTF-8 @FILE@ > @FILE@.utf8 && mv @FILE@.utf8 @FILE@",
        stream="iconv -f UTF-16 -t UTF-8",
    ),
    Repair(
        defects=("paste-marker", "terminal-code"),
        how=(
            "The terminal added it: a paste into a program without bracketed paste support, or "
            "text copied from colored output."
        ),
        shell=_shell(r"perl -pe 's/\x1b?\[20[01]~|\x1b\[[0-9;?]*[@-~]//g'"),
        file=_file(r"s/\x1b?\[20[01]~|\x1b\[[0-9;?]*[@-~]//g"),
        stream=r"perl -pe 's/\x1b?\[20[01]~|\x1b\[[0-9;?]*[@-~]//g'",
    ),
    Repair(
        defects=("percent-encoded",),
        how="The value was copied from a URL, or percent-encoded for one.",
        shell=_shell(r"perl -pe 's/%([0-9A-Fa-f]{2})/chr hex $1/ge' | tr -d '\r\n'"),
        file=_file(r"s/%0[AaDd]//g, s/%([0-9A-Fa-f]{2})/chr hex $1/ge"),
        stream=r"perl -pe 's/%([0-9A-Fa-f]{2})/chr hex $1/ge'",
    ),
    Repair(
        defects=("html-entity",),
        how=(
            "The value was copied from the source of a web page, or a template escaped it for one."
        ),
        shell=_shell("perl -pe 's/&(?:quot|apos|nbsp|lt|gt|#[0-9]+);//g'"),
        file=_file("s/&(?:quot|apos|nbsp|lt|gt|#[0-9]+);//g"),
        stream="perl -pe 's/&(?:quot|apos|nbsp|lt|gt|#[0-9]+);//g'",
    ),
    Repair(
        defects=("escape-sequence",),
        how=(
            "Source code or JSON writes a newline or quote with a backslash, and nothing decoded "
            "it; single quotes in a shell keep `\\n` as two characters."
        ),
        shell=_shell(r"""perl -pe 's/\\[nrt]|\\?["\x27]|\\//g'"""),
        file=_file(r"""s/\\[nrt]|\\?["\x27]|\\//g"""),
        stream=r"""perl -pe 's/\\[nrt]|\\?["\x27]|\\//g'""",
    ),
    Repair(
        defects=("name-prefix",),
        how=(
            "A whole line was pasted instead of only the value: `OPENAI_API_KEY=` is part of the "
            "value."
        ),
        shell=_shell(
            r"""perl -pe 's/^.*(?:KEY|TOKEN)["\x27]?(?:\s*[=:]\s*|\s+)//; s/["\x27,;]//g'"""
        ),
        stream=r"""perl -pe 's/^.*(?:KEY|TOKEN)["\x27]?(?:\s*[=:]\s*|\s+)//; s/["\x27,;]//g'""",
        file=_file(
            r"""s/^(\s*(?:export\s+)?@NAME@\s*=\s*)["\x27]?.*(?:KEY|TOKEN)["\x27]?(?:\s*[=:]\s*|\s+)["\x27]?([^\s"\x27,;]+).*$/$1$2/"""
        ),
    ),
    Repair(
        defects=("bearer-prefix",),
        how="The header value was copied, but clients add `Bearer ` themselves.",
        shell=_shell(r"perl -pe 's/^\s*(?:authorization\s*:\s*)?bearer\s+//i'"),
        file=_file(r"s/(?:authorization\s*:\s*)?bearer\s+//i"),
        stream=r"perl -pe 's/^\s*(?:authorization\s*:\s*)?bearer\s+//i'",
    ),
    Repair(
        defects=("more-text",),
        how=(
            "A comment or another setting follows the key. Some .env readers don't remove "
            "comments (docker --env-file doesn't), and a missing line break joins two settings."
        ),
        shell=_shell("perl -pe 's/^\\s*(\\S+).*$/$1/s'"),
        file=_file(r"s/^(\s*(?:export\s+)?@NAME@\s*=\s*[\"\x27]?\S+)\s.*$/$1/"),
        stream="perl -pe 's/^\\s*(\\S+).*$/$1/s'",
    ),
    Repair(
        defects=("carriage-return",),
        how=(
            "The file has Windows line endings (CRLF). Editors on Windows write them; bash, "
            "`docker --env-file` and `$(cat …)` keep the carriage return in the value."
        ),
        shell=_shell("tr -d '\\r\\n'"),
        file="perl -pi -e 's/\\r$//' @FILE@",
        stream="tr -d '\\r'",
    ),
    Repair(
        defects=("newline",),
        how=(
            "`echo` adds a newline after the key, `printf %s` doesn't; `echo … | base64` and "
            "secret files get it the same way. A line break in the terminal can add one inside."
        ),
        shell=_shell("tr -d '\\r\\n'"),
        stream="tr -d '\\r\\n'",
        file=_file(r"s/(\\[rn])+//g"),
    ),
    Repair(
        defects=("smart-quote",),
        how=(
            "A word processor, chat or web page turned straight quotes into typographic ones; "
            "shells don't remove those."
        ),
        shell=_shell(_KEEP_PRINTABLE),
        file=_file(r"s/[^\x00-\x7f]//g"),
        stream=_KEEP_PRINTABLE,
    ),
    Repair(
        defects=("quote",),
        how=(
            'cmd.exe keeps quotes: `set NAME="value"` makes them part of the value, `set '
            '"NAME=value"` doesn\'t. docker --env-file, Makefiles, web forms and some systemd '
            "settings keep them too."
        ),
        shell=_shell("tr -d '\"'\"'\"'`'"),
        file=_file(r"s/[\"\x27`]//g"),
        stream="tr -d '\"'\"'\"'`'",
    ),
    Repair(
        defects=("dash",),
        how="A word processor, chat or mobile keyboard turned a hyphen into a typographic dash.",
        shell=_shell(r"perl -CSD -pe 's/[\x{2010}-\x{2015}\x{2212}\x{fe58}\x{fe63}\x{ff0d}]/-/g'"),
        file=_file(r"s/[\x{2010}-\x{2015}\x{2212}\x{fe58}\x{fe63}\x{ff0d}]/-/g"),
        stream=r"perl -CSD -pe 's/[\x{2010}-\x{2015}\x{2212}\x{fe58}\x{fe63}\x{ff0d}]/-/g'",
    ),
    Repair(
        defects=("byte-order-mark",),
        how=(
            "An editor saved the file as “UTF-8 with BOM”; the invisible mark becomes part of the "
            "first name or value."
        ),
        shell=_shell(_KEEP_PRINTABLE),
        file=r"perl -pi -e 's/^\xEF\xBB\xBF//; s/\xEF\xBB\xBF|\xC3\xAF\xC2\xBB\xC2\xBF//g' @FILE@",
        stream=_KEEP_PRINTABLE,
    ),
    Repair(
        defects=("zero-width", "unusual-space", "control-character"),
        how=(
            "Chats, wikis and PDF files add invisible characters and no-break spaces to copied "
            "text."
        ),
        shell=_shell(_KEEP_PRINTABLE),
        file=_file(r"s/[^\x09\x0a\x20-\x7e]//g"),
        stream=_KEEP_PRINTABLE,
    ),
    Repair(
        defects=("space", "tab"),
        how=(
            "Spaces were copied with the key, or typed around the `=`; in cmd.exe, `set "
            "NAME=value && …` adds the space before && to the value."
        ),
        shell=_shell(_KEEP_PRINTABLE),
        file=_file(
            r"s/[ \t]+$//, s/^(\s*(?:export\s+)?@NAME@\s*=\s*[\"\x27]?)[ \t]+/$1/, s/[ \t]+([\"\x27])$/$1/"
        ),
        stream=_KEEP_PRINTABLE,
    ),
    Repair(
        defects=("punctuation",),
        how=(
            "The comma, semicolon or period after the key in a list, program or sentence was "
            "copied with it."
        ),
        shell='export @NAME@="${@NAME@%[,;.]}"',
        file=_file(r"s/[,;.]([\"\x27]?)\s*$/$1\n/"),
        stream="perl -pe 's/[,;.]\\s*$//'",
    ),
    Repair(
        defects=("bracket",),
        how="Examples write <your key>, and the brackets were not removed.",
        shell=_shell("tr -d '<>[](){}'"),
        file=_file(r"s/[<>\[\](){}]//g"),
        stream="tr -d '<>[](){}'",
    ),
    Repair(
        defects=("doubled",),
        how="The key was pasted twice; a password field doesn't show that.",
        shell=_shell(r"perl -0pe 's/\s+//g; s/^(.{20,})\1$/$1/'"),
        file=_file(r"s/([A-Za-z0-9_-]{20,})\1/$1/"),
        stream=r"perl -0pe 's/\s+//g; s/^(.{20,})\1$/$1/'",
    ),
    Repair(
        defects=("capitalised",),
        how="A mobile keyboard capitalized the first letter.",
        shell=_shell("perl -pe 's/^Sk-/sk-/'"),
        file=_file(r"s/\bSk-/sk-/"),
        stream="perl -pe 's/^Sk-/sk-/'",
    ),
    Repair(
        defects=("look-alike",),
        how=(
            "The key was typed or edited with a Cyrillic, Greek or full-width keyboard, or a web "
            "page replaced letters. Copy the key again instead of guessing letters."
        ),
    ),
    Repair(
        defects=("cut-off", "beginning-missing"),
        how=(
            "A double-click selects only up to the next hyphen, and fields with a length limit "
            f"cut off the rest. {_NEW_KEY_NEEDED}"
        ),
    ),
    Repair(
        defects=("second-key",),
        how=(
            "A second key was pasted into the same field, or a file lacks a line break. Enter "
            "one key."
        ),
    ),
    Repair(
        defects=("non-ascii",),
        how=(
            "The key went through a program that used another encoding, or was typed with "
            "another keyboard. Copy it again."
        ),
    ),
)
"""The most specific first: a key with several defects gets the first row that names one of them."""

_REPLACE_PROFILE_KEY = "oai-tui profiles rotate @PROFILE@"
"""Prompts for the new key without echo, and checks it before it replaces the old one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The advice for one key."""

    how: str
    """How the defect came about."""
    command: str = ""
    """The command that repairs it, "" if none can."""


def advice_for(defects: Sequence[str], origin: Origin) -> Advice | None:
    """Return the advice for a key from `origin` with these defects, or None for no defects."""
    row = next((row for row in REPAIRS if set(row.defects) & set(defects)), None)
    if row is None:
        return None
    return Advice(how=row.how, command=_command(row, origin))


def _command(row: Repair, origin: Origin) -> str:
    file, _, line = (origin.set_at or origin.place).rpartition(":")
    match origin.kind:
        case _ if origin.name == CUSTOM_HEADERS:
            return ""
        case "keyring" if origin.name:
            return _REPLACE_PROFILE_KEY.replace("@PROFILE@", quote(origin.name))
        case "environment" if not origin.set_at or not row.file:
            return row.shell.replace("@NAME@", origin.name or "OPENAI_API_KEY")
        case "stdin":
            return f"… | {row.stream} | oai-tui check --source stdin" if row.stream else ""
        case "command":
            return (
                f"oai-tui check --source {quote(f'command-shell:{origin.name} … | {row.stream}')}"
                if row.stream
                else ""
            )
        case "environment" | "dotenv" | "startup" if file and line.isdecimal():
            return (
                row.file.replace("@NAME@", origin.name or "OPENAI_API_KEY")
                .replace("@LINE@", line)
                .replace("@FILE@", _quote_file(file))
            )
        case _:
            return ""


def _quote_file(file: str) -> str:
    """Return a file's name quoted for a shell, except for a leading ~, which the shell expands."""
    return f"~/{quote(file[2:])}" if file.startswith("~/") else quote(file)
