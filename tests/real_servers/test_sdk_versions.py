"""Older OpenAI SDKs: their exceptions are explained, and the table of versions is right."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oai_tui.domain.versions import version_key
from oai_tui.knowledge.sdk_packages import VARIABLES
from oai_tui.simulator.scenarios import SCENARIOS
from tests.commands.cli_runner import TERMINATE_S, run_cli
from tests.integrations.sdk_scenarios import NAMES, STREAM_EVENTS, WAYS, explanations
from tests.real_servers.tools import sdk_folder

pytestmark = [pytest.mark.sockets, pytest.mark.slow, pytest.mark.xdist_group("sdk-versions")]

VERSIONS = ("1.30.5", "1.109.1", "2.54.0")
"""Versions whose calls are made; 3 is in the environment of the tests."""
PROBE = """
import os
os.environ.update(OPENAI_API_KEY="a", OPENAI_ORG_ID="b", OPENAI_PROJECT_ID="c",
    OPENAI_BASE_URL="http://127.0.0.1:9/d", OPENAI_CUSTOM_HEADERS="X-Probe: e",
    OPENAI_ADMIN_KEY="f")
import openai
client = openai.OpenAI()
read = {
    "OPENAI_ORG_ID": client.organization == "b",
    "OPENAI_PROJECT_ID": getattr(client, "project", None) == "c",
    "OPENAI_BASE_URL": "/d" in str(client.base_url),
    "OPENAI_CUSTOM_HEADERS": client.default_headers.get("X-Probe") == "e",
    "OPENAI_ADMIN_KEY": getattr(client, "admin_api_key", None) == "f",
}
print(*(name for name, is_read in read.items() if is_read))
"""


def folders(version: str) -> tuple[Path, ...]:
    """The folders that make this SDK work, for PYTHONPATH."""
    names = [f"openai=={version}", "distro==1.9.0", "tqdm==4.70.1"]
    if version_key(version) < version_key("1.55.3"):  # type: ignore[operator]
        names.append("httpx==0.27.2")
    return tuple(map(sdk_folder, names))


def run(code: str, *path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )


@pytest.fixture(scope="module", params=VERSIONS)
def said(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    found = explanations(tmp_path_factory.mktemp("home"), *folders(request.param))
    assert found["version"] == request.param
    return found["said"]


@pytest.mark.parametrize("name", NAMES)
def test_cause_is_that_of_a_check(name: str, said: dict[str, Any]) -> None:
    assert {way: said[name][way]["cause"] for way in WAYS} == dict.fromkeys(
        WAYS, SCENARIOS[name].cause
    )


@pytest.mark.parametrize("name", STREAM_EVENTS)
def test_error_event_of_a_stream(name: str, said: dict[str, Any]) -> None:
    assert said[f"stream {name}"]["streamed"]["cause"] == name


def test_no_key_is_shown(said: dict[str, Any]) -> None:
    assert not [way for ways in said.values() for way in ways.values() if way.get("key_shown")]


@pytest.mark.parametrize(
    ("version", "works"), [("1.0.0", False), ("1.55.2", False), ("1.55.3", True), ("1.109.1", True)]
)
def test_versions_that_fail_with_httpx_0_28(version: str, works: bool) -> None:
    path = (sdk_folder(f"openai=={version}"), *folders("2.54.0")[1:])
    done = run("import openai; openai.OpenAI(api_key='a')", *path)
    assert ("unexpected keyword argument 'proxies'" in done.stderr) is not works
    assert (done.returncode == 0) is works


@pytest.mark.parametrize(
    "version", ["1.2.4", "1.3.0", "1.19.0", "1.20.0", "2.33.0", "2.34.0", "2.54.0"]
)
def test_variables_that_a_version_reads(version: str) -> None:
    done = run(PROBE, *folders(version))
    key = version_key(version)
    assert key is not None
    assert set(done.stdout.split()) == {
        support.variable
        for support in VARIABLES
        if support.ecosystem == "python" and key >= (version_key(support.since) or key)
    }, done.stderr


def test_code_for_openai_0_fails_with_1_and_is_explained(tmp_path: Path) -> None:
    done = run("import openai; openai.ChatCompletion.create(model='a')", *folders("1.109.1"))
    assert done.returncode == 1
    (tmp_path / "error.txt").write_text(done.stderr)
    explained = run_cli(["explain", "error.txt", "--json"], tmp_path)
    assert explained.document["verdict"]["cause"] == "sdk-mismatch"


def test_installed_versions_are_found(tmp_path: Path) -> None:
    site = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    site.mkdir(parents=True)
    for requirement in ("openai==1.55.2", "httpx==0.27.2"):
        for info in sdk_folder(requirement).glob("*.dist-info"):
            (site / info.name).symlink_to(info)
    done = run_cli(["sdk", "--json"], tmp_path)
    assert {each["name"]: each["version"] for each in done.document["packages"]} == {
        "openai": "1.55.2",
        "httpx": "0.27.2",
    }
    assert done.code == 0
