"""The file of `check --config`: what it may say, and the line of everything that it may not."""

import re

import pytest

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.target import Origin, Target
from oai_tui.headless.check_config import ConfiguredCheck, parse_config
from oai_tui.headless.config_example import example_lines
from tests.commands.cli_runner import ROOT
from tests.credentials.profile_factory import credential, key

WHOLE = """
parallel = 8
[defaults]
timeout = 12.5
billing = true
source = "env"
[[check]]
name = "chat"
environment = "production"
profile = "prod"
base_url = "https://llm.example.com/v1"
organization = ""
project = "proj_1"
models = ["gpt-6-luna", "gpt-6-luna", "o9"]
scopes = ["api.responses.write", "POST /v1/batches"]
min_headroom = 0.25
min_remaining_requests = 10
min_remaining_tokens = 0
severity = "warning"
billing = false
[[check]]
name = "dev"
variable = "DEV_KEY"
"""


def problems(text: str) -> list[str]:
    return list(parse_config(text)[1])


def test_every_setting_is_read() -> None:
    config, found = parse_config(WHOLE)
    assert found == ()
    assert config.parallel == 8
    assert config.checks == (
        ConfiguredCheck(
            name="chat",
            environment="production",
            profile="prod",
            base_url="https://llm.example.com/v1",
            organization="",
            project="proj_1",
            models=("gpt-6-luna", "o9"),
            scopes=("api.responses.write", "POST /v1/batches"),
            min_headroom=0.25,
            min_remaining_requests=10,
            min_remaining_tokens=0,
            severity="warning",
            timeout=12.5,
        ),
        ConfiguredCheck(name="dev", variable="DEV_KEY", billing=True, timeout=12.5),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nam = 1", "unknown name 'nam'; did you mean name"),
        ("billing = 1", "billing must be true or false"),
        ("timeout = 0", "timeout must be seconds"),
        ("timeout = nan", "timeout must be seconds"),
        ("timeout = true", "timeout must be seconds"),
        ("min_headroom = 1.5", "min_headroom must be a number from 0 to 1"),
        ("min_remaining_tokens = -1", "min_remaining_tokens must be a whole number"),
        ("min_remaining_tokens = 1.5", "min_remaining_tokens must be a whole number"),
        ('models = "o9"', "models must be a list of texts"),
        ("models = [1]", "models must be a list of texts"),
        ('severity = "fatal"', 'severity must be "error" or "warning"'),
        ('source = "stdin"', 'source must be "env"'),
        ('source = "command:"', 'source must be "env"'),
        ('profile = "a b"', "profile must be a profile name"),
        ('variable = "A-B"', "variable must be the name of an environment variable"),
        ('scopes = ["api.respones.write"]', "did you mean api.responses.write"),
        ('scopes = ["x"]', "known are api.model.read"),
        ('environment = ""', "environment must be a text"),
        (r'base_url = "\u0007"', "base_url must be a text in quotes"),
        ("'timeout' = 0", "timeout must be seconds"),
    ],
)
def test_mistake_has_its_line(line: str, words: str) -> None:
    (problem,) = problems(f'# first\n\n[[check]]\nname = "a"\n{line}\n')
    assert problem.startswith("5: ")
    assert words in problem


@pytest.mark.parametrize("name", ["variable", "source", "project", "base_url", "name"])
def test_key_in_the_file_is_refused_and_not_quoted(name: str) -> None:
    text = key("a")
    value = f"command:echo {text}" if name == "source" else text
    first = "" if name == "name" else 'name = "a"\n'
    found = problems(f'[[check]]\n{first}{name} = "{value}"\n')
    assert any("contains a key" in problem for problem in found)
    assert text[:16] not in " ".join(found)


def test_password_in_a_base_url_is_refused_and_named() -> None:
    (found,) = problems('[[check]]\nname = "a"\nbase_url = "https://kim:opensesame@h/v1"\n')
    assert found.startswith("3: base_url contains a key or a password")
    assert "opensesame" not in found


def test_mistake_in_the_second_check_and_in_the_defaults() -> None:
    text = '[defaults]\nname = "x"\nbilling = 1\n[[check]]\nname = "a"\n[[check]]\nname = "a"\n'
    assert [problem.partition(":")[0] for problem in problems(text)] == ["2", "3", "7"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: the file has no [[check]]"),
        ("[check]\nname = 'a'", "1: write [[check]], with two brackets, before each check"),
        ("[[check]]\n", "1: each check needs a name"),
        ("[[check]]\nname = 'a'\n[[chek]]\n", "3: unknown name 'chek'; did you mean check"),
        ("parallel = 0\n[[check]]\nname='a'", "1: parallel must be a whole number from 1 to 32"),
        ("[[check]]\nname='a'\nsource='env'\nprofile='p'", "1: name only one of profile"),
        ("x = [", "1: this is not valid TOML"),
        ("x = " + 5000 * "9", "1: this is not valid TOML"),
        ("a = 1\nb = sk-secret\n", "2: this is not valid TOML"),
        ("\ud800", "1: the file is not UTF-8"),
        ("\ufeff[[check]]\nname = 'a'\nx = 1", "3: unknown name 'x'"),
        ("[[check]]\r\nname = 'a'\r\nx = 1", "3: unknown name 'x'"),
        ("# \x85 \u2028\n[[check]]\nname = 'a'\nx = 1", "4: unknown name 'x'"),
        ("[[check]]\nname = ''", "2: name must be a text of 1 to 100 printable characters"),
        ('[[check]]\nname = "a\\nb"', "2: name must be a text of 1 to 100 printable characters"),
    ],
)
def test_mistake_in_the_structure(text: str, problem: str) -> None:
    (found,) = problems(text)
    assert found.startswith(problem)
    assert "sk-secret" not in found


def test_check_replaces_the_place_of_the_key_in_the_defaults() -> None:
    text = "[defaults]\nprofile = 'p'\n[[check]]\nname = 'a'\nvariable = 'V'\n"
    config, found = parse_config(text)
    assert (found, config.checks[0].profile, config.checks[0].variable) == ((), None, "V")


def named(kind: str, name: str, place: str = "") -> Credential:
    made = credential(key("a"))
    origin = Origin(kind=kind, name=name, place=place)  # type: ignore[arg-type]
    return Credential(secret=made.secret, kind=made.kind, origin=origin)


def test_example_is_valid_and_has_what_was_found() -> None:
    target = Target(base_url='https://x.example/"v1"', organization="org-1", project="proj_1")
    found = (named("environment", "OPENAI_API_KEY"), named("dotenv", "OPENAI_API_KEY", ".env:3"))
    page = "\n".join(example_lines(target, found, ("work", "OPENAI_API_KEY")))
    config, mistakes = parse_config(page)
    assert mistakes == ()
    assert [
        (check.name, check.variable, check.source, check.profile) for check in config.checks
    ] == [
        ("OPENAI_API_KEY", "OPENAI_API_KEY", None, None),
        (".env", None, "dotenv", None),
        ("work", None, None, "work"),
        ("OPENAI_API_KEY 2", None, None, "OPENAI_API_KEY"),
    ]
    assert config.checks[0].base_url == target.base_url
    assert key("a")[:16] not in page


def test_example_without_anything_is_valid() -> None:
    config, mistakes = parse_config("\n".join(example_lines(Target(), (), ())))
    assert (mistakes, [check.variable for check in config.checks]) == ((), ["OPENAI_API_KEY"])


def test_every_comment_of_the_example_is_valid_when_it_is_used() -> None:
    page = "\n".join(example_lines(Target(), (), ()))
    lines = [
        line.removeprefix("# ") if line.startswith("# ") and " = " in line else line
        for line in page.splitlines()
        if not line.startswith("#   ")
    ]
    assert parse_config("\n".join(lines))[1] == ()


def test_example_in_the_readme_is_valid() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    examples = [block for block in blocks if "[[check]]" in block]
    assert [parse_config(block)[1] for block in examples] == [()]
