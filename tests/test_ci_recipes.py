"""The CI recipes of the README: their files are valid, and their shell steps do what they say.

Each step runs as it is written, with the key in the environment as the system provides it, against
the simulator. `pip install` and `python -m venv` put this checkout in place of a download; `docker`
runs the image's entry point.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from oai_tui.simulator.server import running
from tests.commands.cli_runner import ROOT, TERMINATE_S, client_environment, environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the recipes are for POSIX shells")

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SUMMARY = re.compile(r"<details>\n<summary>(\w+).*?</summary>\n(.*?)</details>", re.DOTALL)
JENKINS_STEP = re.compile(r"^\s*sh '([^']*)'$", re.MULTILINE)
CRON_LINE = re.compile(r"^(?:\S+ ){5}(.+)$", re.MULTILINE)

README = (ROOT / "README.md").read_text("utf-8")
SECTION = README.partition("\n## CI recipes\n")[2].partition("\n## ")[0]
RECIPES = {name: BLOCK.findall(text) for name, text in SUMMARY.findall(SECTION)}
"""Name of each system -> its blocks: language and text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The exit codes of the steps that ran, up to the first failure, and all that they printed."""

    codes: list[int]
    printed: str


def documents(system: str) -> list[Any]:
    return [yaml.safe_load(text) for language, text in RECIPES[system] if language == "yaml"]


def entry_point() -> list[str]:
    [dockerfile] = [text for language, text in RECIPES["Docker"] if language == "dockerfile"]
    line = next(line for line in dockerfile.splitlines() if line.startswith("ENTRYPOINT "))
    words: list[str] = json.loads(line.removeprefix("ENTRYPOINT "))
    return words


def container_steps(container: dict[str, Any]) -> list[str]:
    [variable] = container["env"]
    assert variable["name"] == "OPENAI_API_KEY"
    assert variable["valueFrom"]["secretKeyRef"] == {"name": "openai", "key": "api_key"}
    return [" ".join([*entry_point(), *container["args"]])]


def github_steps() -> list[str]:
    [workflow] = documents("GitHub")
    [job] = workflow["jobs"].values()
    steps = [step for step in job["steps"] if "run" in step]
    assert steps[-1]["env"] == {"OPENAI_API_KEY": "${{ secrets.OPENAI_API_KEY }}"}
    assert set(workflow[True]) == {"push", "schedule"}  # YAML 1.1 reads `on` as true
    return [step["run"] for step in steps]


def gitlab_steps() -> list[str]:
    [pipeline] = documents("GitLab")
    [job] = pipeline.values()
    return list(job["script"])


def jenkins_steps() -> list[str]:
    [(language, text)] = RECIPES["Jenkins"]
    assert language == "groovy"
    assert text.count("{") == text.count("}")
    return JENKINS_STEP.findall(text)


def circleci_steps() -> list[str]:
    [config] = documents("CircleCI")
    [steps] = [job["steps"] for job in config["jobs"].values()]
    [used] = config["workflows"]["check"]["jobs"]
    assert set(used) == set(config["jobs"])
    return [step["run"] for step in steps if "run" in step]


def azure_steps() -> list[str]:
    [pipeline] = documents("Azure")
    steps = [step for step in pipeline["steps"] if "script" in step]
    assert steps[-1]["env"] == {"OPENAI_API_KEY": "$(OPENAI_API_KEY)"}
    return [step["script"] for step in steps]


def docker_steps() -> list[str]:
    return [
        line
        for language, text in RECIPES["Docker"]
        if language == "sh"
        for line in text.splitlines()
    ]


def init_container_steps() -> list[str]:
    [container] = documents("Kubernetes")[0]["initContainers"]
    return container_steps(container)


def cron_job_steps() -> list[str]:
    job = documents("Kubernetes")[1]
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    return container_steps(pod["containers"][0])


def cron_steps() -> list[str]:
    [(_, text)] = RECIPES["cron"]
    assert "%" not in text  # a newline, in a crontab
    return CRON_LINE.findall(text)


STEPS = {
    "GitHub Actions": github_steps,
    "GitLab": gitlab_steps,
    "Jenkins": jenkins_steps,
    "CircleCI": circleci_steps,
    "Azure Pipelines": azure_steps,
    "Docker": docker_steps,
    "Kubernetes, init container": init_container_steps,
    "Kubernetes, cron job": cron_job_steps,
    "cron": cron_steps,
}
REPORTS = {
    "GitLab": "openai.xml",
    "Jenkins": "openai.xml",
    "CircleCI": "openai.xml",
    "Azure Pipelines": "openai.xml",
}
"""System -> the JUnit file that the recipe publishes."""
PROGRAM = f'#!/bin/sh\nexec {sys.executable} -m oai_tui "$@"\n'
PROGRAMS = {
    "oai-tui": PROGRAM,
    "pip": '#!/bin/sh\n[ "$1" = install ] && echo "installed $2"\n',
    "python": (
        '#!/bin/sh\n[ "$1 $2" = "-m venv" ] || exit 9\n'
        'mkdir -p "$3/bin" && cp "$PROGRAMS/pip" "$PROGRAMS/oai-tui" "$3/bin"\n'
    ),
    "docker": (
        '#!/bin/sh\ncase "$*" in\n'
        '"build --tag oai-tui .") exit 0 ;;\n'
        '"run --rm --env OPENAI_API_KEY oai-tui "*) shift 5; exec oai-tui "$@" ;;\n'
        "*) exit 9 ;;\nesac\n"
    ),
    "deploy.sh": "#!/bin/sh\necho deployed\n",
}


def run_steps(steps: list[str], home: Path, scenario: str) -> Outcome:
    """Run the steps, each in a shell of its own, until one fails."""
    programs = home / "programs"
    programs.mkdir()
    for name, text in PROGRAMS.items():
        folder = home if name == "deploy.sh" else programs
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    codes: list[int] = []
    printed = ""
    with running(scenario) as simulated:
        variables = client_environment(simulated)
        (home / ".openai-key").write_text(variables["OPENAI_API_KEY"], encoding="utf-8")
        env = environment(home, {**variables, "PROGRAMS": str(programs)})
        env["PATH"] = f"{programs}:{os.environ['PATH']}"
        for step in steps:
            done = subprocess.run(
                ["sh", "-e", "-c", step],
                cwd=home,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=TERMINATE_S,
                check=False,
            )
            codes.append(done.returncode)
            printed += done.stdout
            if done.returncode:
                break
    return Outcome(codes=codes, printed=printed)


def published_reports() -> Iterator[tuple[str, str]]:
    yield "GitLab", documents("GitLab")[0]["openai-key"]["artifacts"]["reports"]["junit"]
    yield "Jenkins", re.findall(r"junit '([^']*)'", RECIPES["Jenkins"][0][1])[0]
    [steps] = [job["steps"] for job in documents("CircleCI")[0]["jobs"].values()]
    yield "CircleCI", steps[-1]["store_test_results"]["path"]
    yield "Azure Pipelines", documents("Azure")[0]["steps"][-1]["inputs"]["testResultsFiles"]


def test_every_recipe_is_tested() -> None:
    assert {name.split(" ")[0].rstrip(",") for name in STEPS} == set(RECIPES)


def test_published_report_is_the_one_that_is_written() -> None:
    assert dict(published_reports()) == REPORTS


@pytest.mark.parametrize("system", STEPS)
def test_recipe_succeeds_with_a_key_that_works(system: str, tmp_path: Path) -> None:
    outcome = run_steps(STEPS[system](), tmp_path, "all-good")
    assert set(outcome.codes) == {0}, outcome.printed
    if system in REPORTS:
        assert "<testsuite" in (tmp_path / REPORTS[system]).read_text("utf-8")
    assert ("deployed" in outcome.printed) == (system == "Docker")


@pytest.mark.parametrize("system", STEPS)
def test_recipe_fails_with_a_key_that_does_not_work(system: str, tmp_path: Path) -> None:
    outcome = run_steps(STEPS[system](), tmp_path, "key-invalid")
    if system == "cron":  # cron mails what is printed
        assert "key" in outcome.printed
    else:
        assert outcome.codes[-1] == 4, outcome.printed
    if system in REPORTS:
        assert "<failure" in (tmp_path / REPORTS[system]).read_text("utf-8")
    assert "deployed" not in outcome.printed


def test_cron_prints_nothing_while_the_key_works(tmp_path: Path) -> None:
    assert run_steps(cron_steps(), tmp_path, "all-good").printed == ""
