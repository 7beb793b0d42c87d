"""Real shells and a real .env reader get exactly the value from the rendered lines."""

import io
import os
import subprocess
from collections.abc import Mapping

import pytest
from dotenv import dotenv_values
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.credentials.export.shell_quoting import SHELLS, github_file, github_mask, render
from tests.shells import need

ODD = {
    "plain": "sk-proj-abc_DEF-123",
    "blank": "two words",
    "single": "it's",
    "double": 'say "x"',
    "dollar": "$HOME ${HOME} $(id) `id`",
    "backslash": "a\\b\\",
    "newline": "one\ntwo\n",
    "tab": "a\tb",
    "history": "wow!! !1",
    "glob": "* ? [a]",
    "comment": "a # b",
    "semicolon": "a; exit 3",
    "tilde": "~/x",
    "equals": "a=b",
    "curly quotes": "it\u2019s \u2018x\u2019",
    "umlaut": "grün",
    "quotes alone": "'''",
    "empty": "",
    "percent": "100%PATH%",
}
PRINT = {"bash": 'printf %s "$VALUE"', "zsh": 'printf %s "$VALUE"', "fish": "printf %s $VALUE"}
FLAGS = {"bash": ["--noprofile", "--norc"], "zsh": ["-f"], "fish": ["--no-config"]}


def run(shell: str, script: str, **variables: str) -> str:
    """What the shell prints."""
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/nonexistent", **variables}
    words = [need(shell, shell), *FLAGS[shell]]
    is_fish = shell == "fish"
    done = subprocess.run(
        [*words, "-c", script] if is_fish else [*words, "-s"],
        input="" if is_fish else script,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("shell", FLAGS)
def test_value_arrives_in_a_real_shell(shell: str, value: str) -> None:
    assert run(shell, render(shell, {"VALUE": value}) + PRINT[shell]) == value


@pytest.mark.parametrize("shell", FLAGS)
def test_variable_reaches_the_programs_that_the_shell_starts(shell: str) -> None:
    assert run(shell, render(shell, {"VALUE": "a b"}) + "env | grep ^VALUE=") == "VALUE=a b\n"


@pytest.mark.parametrize("shell", FLAGS)
def test_variable_to_remove_is_gone(shell: str) -> None:
    assert (
        run(
            shell,
            render(shell, {"VALUE": None, "NEVER_SET": None}) + "env | grep ^VALUE= || echo gone",
            VALUE="old",
        )
        == "gone\n"
    )


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        min_size=1,
        max_size=40,
    )
)
def test_any_text_arrives_in_bash(values: list[str]) -> None:
    script = (
        "".join(render("bash", {f"V{number}": value}) for number, value in enumerate(values))
        + "for ((i = 0; i < "
        + str(len(values))
        + '; i++)); do v="V$i"; printf "%s\\0" "${!v}"; done'
    )
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-s"],
        input=script.encode(),
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.decode().split("\0")[:-1] == values


@pytest.mark.parametrize(
    "value",
    [value for name, value in ODD.items() if name not in {"newline", "tab", "dollar"}],
    ids=[name for name in ODD if name not in {"newline", "tab", "dollar"}],
)
def test_value_arrives_in_dotenv(value: str) -> None:
    assert _dotenv(render("dotenv", {"VALUE": value, "NEXT": "1"})) == {
        "VALUE": value,
        "NEXT": "1",
    }


@settings(deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\x85")
    ).filter(lambda text: "${" not in text)
)
def test_any_text_that_is_written_arrives_in_dotenv(value: str) -> None:
    assert _dotenv(render("dotenv", {"VALUE": value, "NEXT": "1"})) == {
        "VALUE": value,
        "NEXT": "1",
    }


def _dotenv(text: str) -> Mapping[str, str | None]:
    return dotenv_values(stream=io.StringIO(text))


def test_dotenv_leaves_out_a_variable_to_remove() -> None:
    assert render("dotenv", {"VALUE": None}) == ""


@pytest.mark.parametrize(
    ("shell", "value"),
    [
        ("bash", "a\0"),
        ("zsh", "a\0"),
        ("fish", "a\0"),
        ("powershell", "a\nb"),
        ("cmd", "100%"),
        ("cmd", 'a"b'),
        ("cmd", "a\nb"),
        ("cmd", "wow!"),
        ("cmd", "ü"),
        ("dotenv", "a\nb"),
        ("dotenv", "a${b}"),
        ("dotenv", "a\rb"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_without_showing_it(shell: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"^VALUE contains ") as caught:
        render(shell, {"VALUE": value})
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("powershell", "$env:VALUE = 'it''s'\n"),
        ("cmd", 'set "VALUE=it\'s"\n'),
        ("fish", "set -gx VALUE 'it\\'s'\n"),
        ("bash", "export VALUE='it'\\''s'\n"),
        ("dotenv", "VALUE='it\\'s'\n"),
    ],
)
def test_rendered_line(shell: str, line: str) -> None:
    assert render(shell, {"VALUE": "it's"}) == line


def test_powershell_takes_curly_quotes_for_quotes() -> None:
    assert (
        render("powershell", {"VALUE": "a\u2019b\u2018c"})
        == "$env:VALUE = 'a\u2019\u2019b\u2018\u2018c'\n"
    )


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("powershell", "Remove-Item Env:VALUE -ErrorAction SilentlyContinue\n"),
        ("cmd", 'set "VALUE="\n'),
        ("fish", "set -ge VALUE\n"),
        ("bash", "unset VALUE\n"),
        ("dotenv", ""),
    ],
)
def test_rendered_removal(shell: str, line: str) -> None:
    assert render(shell, {"VALUE": None}) == line


def test_every_format_is_tested() -> None:
    assert set(SHELLS) == {*FLAGS, "powershell", "cmd", "dotenv"}


def test_github_lines_can_hold_several() -> None:
    assert (
        github_file({"A": "one\ntwo", "B": "b"}, "word")
        == "A<<word\none\ntwo\nword\nB<<word\nb\nword\n"
    )


def test_github_value_cannot_end_its_own_block() -> None:
    with pytest.raises(ValueError, match="A contains the delimiter"):
        github_file({"A": "x\nword\nPATH=evil"}, "word")


def test_github_mask_is_one_line() -> None:
    assert github_mask("50%\na\r") == "::add-mask::50%25%0Aa%0D\n"
