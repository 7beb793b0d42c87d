"""Runs the snippets with a profile's key against the simulator's port.

They are curl, the official Python and Node SDKs, a .env file and a step of a GitHub workflow.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dotenv import dotenv_values

from oai_tui.domain.profile import Profile
from oai_tui.domain.target import Target
from oai_tui.reports.snippets import SNIPPETS
from oai_tui.simulator.fixtures import ORGANIZATION, PROJECT
from oai_tui.simulator.server import Running, running
from tests.commands.cli_runner import ROOT, TERMINATE_S
from tests.commands.saved_profiles import import_profile, leaks, whole_environment
from tests.secret_service import SecretService
from tests.shells import need

SDK = Path(sys.prefix) / "node" / "node_modules"
SEND = {"OPENAI_ORG_ID": ORGANIZATION.id, "OPENAI_PROJECT_ID": PROJECT.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProfile:
    """A profile with organization and project, and the simulation that accepts its key."""

    service: SecretService
    simulated: Running
    key: str

    def snippet(self, kind: str) -> str:
        done = self.service.run_cli("profiles", "show", "work", "--snippet", kind)
        assert done.code == 0, done.err
        return done.out

    def run(self, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a command with the profile's key alone; the rest must come from the snippet."""
        without = ["-u", "OPENAI_BASE_URL", "-u", "OPENAI_ORG_ID", "-u", "OPENAI_PROJECT_ID"]
        command = [sys.executable, "-m", "oai_tui", "exec", "work", "--", "env", *without, *words]
        return subprocess.run(
            command,
            env=self.service.env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TERMINATE_S,
            check=False,
        )

    @property
    def sent_both(self) -> bool:
        """Return True if the last request named an organization and a project.

        The simulator refuses all but the right ones.
        """
        return {"openai-organization", "openai-project"} <= set(
            self.simulated.simulator.received[-1].header_names
        )


@pytest.fixture
def profile(secret_service: SecretService) -> Iterator[SavedProfile]:
    with running("all-good") as simulated:
        yield SavedProfile(
            service=secret_service,
            simulated=simulated,
            key=import_profile(secret_service, simulated, **SEND),
        )


def _arrived(profile: SavedProfile, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gpt-" in done.stdout
    assert profile.sent_both


def test_curl(profile: SavedProfile, tmp_path: Path) -> None:
    (tmp_path / "call.sh").write_text(profile.snippet("curl"))
    _arrived(profile, profile.run("bash", "call.sh", folder=tmp_path))


def test_python(profile: SavedProfile, tmp_path: Path) -> None:
    (tmp_path / "call.py").write_text(profile.snippet("python"))
    _arrived(profile, profile.run(sys.executable, "call.py", folder=tmp_path))


def test_node(profile: SavedProfile, tmp_path: Path) -> None:
    node = need("node", "nodejs")
    if not SDK.is_dir():
        reason = f"this needs the Node SDK in {SDK}, which tests/run installs"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    (tmp_path / "node_modules").symlink_to(SDK)
    (tmp_path / "call.mjs").write_text(profile.snippet("node"))
    _arrived(profile, profile.run(node, "call.mjs", folder=tmp_path))


def test_dotenv(profile: SavedProfile, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(profile.snippet("dotenv"))
    code = (
        "from dotenv import load_dotenv; load_dotenv('.env'); from openai import OpenAI;"
        " print([model.id for model in OpenAI().models.list()])"
    )
    _arrived(profile, profile.run(sys.executable, "-c", code, folder=tmp_path))
    assert dotenv_values(tmp_path / ".env") == {
        "OPENAI_BASE_URL": profile.simulated.base_url,
        **SEND,
    }


def test_step_of_a_workflow(profile: SavedProfile, tmp_path: Path) -> None:
    """Runs the step's command with the variables of its `env`; the secret is filled in."""
    text = profile.snippet("github")
    command = re.search(r"- run: (.+)", text)
    assert command is not None
    variables = {
        name: value.strip('"')
        for name, value in re.findall(r"^    (OPENAI_\w+): (.+)$", text, re.MULTILINE)
    }
    assert variables.pop("OPENAI_API_KEY") == "${{ secrets.OPENAI_API_KEY }}"
    done = subprocess.run(
        ["bash", "-c", command[1]],
        env=whole_environment(
            profile.service,
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            PYTHONPATH=str(ROOT),
            OPENAI_API_KEY=profile.key,
            **variables,
        ),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert profile.sent_both


@pytest.mark.parametrize("kind", SNIPPETS)
def test_snippet_carries_the_headers_and_no_secret(kind: str, profile: SavedProfile) -> None:
    text = profile.snippet(kind)
    assert (ORGANIZATION.id in text, PROJECT.id in text, leaks(profile.key, text)) == (
        True,
        True,
        [],
    )


@pytest.mark.parametrize("kind", SNIPPETS)
def test_odd_settings_break_out_of_nothing(kind: str) -> None:
    """A setting that somebody else wrote into the keyring stays a text."""
    odd = "org-\"'; touch x; $(touch x) `touch x`"
    text = _snippet_of(kind, odd)
    if kind == "curl":
        done = subprocess.run(
            ["bash", "-c", "curl() { printf '%s\\n' \"$@\"; }; " + text],
            env={"PATH": os.environ["PATH"], "OPENAI_API_KEY": "k"},
            capture_output=True,
            text=True,
            timeout=TERMINATE_S,
            check=True,
        )
        assert f"OpenAI-Organization: {odd}" in done.stdout.splitlines()
    elif kind == "python":
        compile(text, "call.py", "exec")
        assert repr(odd) in text or '"org-\\"' in text
    else:
        assert len(text.splitlines()) == len(_snippet_of(kind, "org-a").splitlines())


def _snippet_of(kind: str, organization: str) -> str:
    target = Target(organization=organization)
    profile = Profile(name="work", target=target, hint="", kind="", fingerprint="")
    return SNIPPETS[kind].write(profile)


@pytest.mark.parametrize("kind", ["curl", "python", "node"])
@pytest.mark.parametrize(
    ("base_url", "route"),
    [
        ("https://api.openai.com/v1", "responses"),
        ("http://127.0.0.1:4000/v1", "chat completions"),
    ],
)
def test_sample_calls_the_model_of_the_profile(kind: str, base_url: str, route: str) -> None:
    profile = Profile(
        name="work",
        target=Target(base_url=base_url),
        hint="",
        kind="",
        fingerprint="",
        model="gpt-6-luna",
    )
    text = SNIPPETS[kind].write(profile)
    assert '"gpt-6-luna"' in text
    assert all(word in text for word in route.split())
    assert (base_url in text) == (kind == "curl" or "openai.com" not in base_url)


def test_python_sample_reaches_the_model(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        profile = Profile(
            name="work",
            target=Target(base_url=simulated.base_url),
            hint="",
            kind="",
            fingerprint="",
            model="gpt-6-luna",
        )
        (tmp_path / "call.py").write_text(SNIPPETS["python"].write(profile))
        done = subprocess.run(
            [sys.executable, "call.py"],
            env={**os.environ, "OPENAI_API_KEY": simulated.client.environment["OPENAI_API_KEY"]},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=TERMINATE_S,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
