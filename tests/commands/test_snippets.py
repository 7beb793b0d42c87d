"""The snippets, executed for real as the profile: curl, the official Python SDK, the official Node SDK, a .env file and a workflow's step, against the simulator's port."""

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
from tests.commands.saved_profiles import PROGRAM, import_profile, leaks, whole_environment
from tests.secret_service import ROOT, SecretService
from tests.shells import need

SDK = Path(sys.prefix) / "node" / "node_modules"
SEND = {"OPENAI_ORG_ID": ORGANIZATION.id, "OPENAI_PROJECT_ID": PROJECT.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A profile with organization and project, and the simulation that it is for."""

    service: SecretService
    simulated: Running
    key: str

    def snippet(self, kind: str) -> str:
        done = self.service.run(*PROGRAM, "profiles", "show", "work", "--snippet", kind)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *words: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """As the profile's name alone: of its settings only the key reaches the child, so that address and headers must come out of the snippet."""
        bare = ["env", "-u", "OPENAI_BASE_URL", "-u", "OPENAI_ORG_ID", "-u", "OPENAI_PROJECT_ID"]
        command = [sys.executable, "-m", "oai_tui", "exec", "work", "--", *bare, *words]
        return subprocess.run(
            command,
            env=whole_environment(self.service, PYTHONPATH=str(ROOT), **variables),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    @property
    def sent_both(self) -> bool:
        """Whether the last request that arrived named an organization and a project; the simulator refuses any but the right ones."""
        return {"openai-organization", "openai-project"} <= set(
            self.simulated.simulator.received[-1].header_names
        )


@pytest.fixture
def kept(secret_service: SecretService) -> Iterator[Kept]:
    with running("all-good") as simulated:
        yield Kept(
            service=secret_service,
            simulated=simulated,
            key=import_profile(secret_service, simulated, **SEND),
        )


def _arrived(kept: Kept, done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
    assert "gpt-" in done.stdout
    assert kept.sent_both


def test_curl(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "call.sh").write_text(kept.snippet("curl"))
    _arrived(kept, kept.run("bash", "call.sh", folder=tmp_path))


def test_python(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "call.py").write_text(kept.snippet("python"))
    _arrived(kept, kept.run(sys.executable, "call.py", folder=tmp_path))


def test_node(kept: Kept, tmp_path: Path) -> None:
    node = need("node", "nodejs")
    if not SDK.is_dir():
        reason = f"this needs the Node SDK in {SDK}, which tests/run installs"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    (tmp_path / "node_modules").symlink_to(SDK)
    (tmp_path / "call.mjs").write_text(kept.snippet("node"))
    _arrived(kept, kept.run(node, "call.mjs", folder=tmp_path))


def test_dotenv(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(kept.snippet("dotenv"))
    code = "from dotenv import load_dotenv; load_dotenv('.env'); from openai import OpenAI; print([model.id for model in OpenAI().models.list()])"
    _arrived(kept, kept.run(sys.executable, "-c", code, folder=tmp_path))
    assert dotenv_values(tmp_path / ".env") == {"OPENAI_BASE_URL": kept.simulated.base_url, **SEND}


def test_step_of_a_workflow(kept: Kept, tmp_path: Path) -> None:
    """The step's command with the variables that its `env` sets, the secret filled in as GitHub would."""
    text = kept.snippet("github")
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
            kept.service,
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            PYTHONPATH=str(ROOT),
            OPENAI_API_KEY=kept.key,
            **variables,
        ),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert kept.sent_both


@pytest.mark.parametrize("kind", SNIPPETS)
def test_snippet_carries_the_headers_and_no_secret(kind: str, kept: Kept) -> None:
    text = kept.snippet(kind)
    assert (ORGANIZATION.id in text, PROJECT.id in text, leaks(kept.key, text)) == (True, True, [])


@pytest.mark.parametrize("kind", SNIPPETS)
def test_odd_settings_break_out_of_nothing(kind: str) -> None:
    """A setting that somebody else wrote into the keyring stays a text."""
    odd = "org-\"'; touch x; $(touch x) `touch x`"
    profile = Profile(
        name="work", target=Target(organization=odd), hint="", kind="", fingerprint=""
    )
    text = SNIPPETS[kind].write(profile)
    if kind == "curl":
        done = subprocess.run(
            ["bash", "-c", "curl() { printf '%s\\n' \"$@\"; }; " + text],
            env={"PATH": os.environ["PATH"], "OPENAI_API_KEY": "k"},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert f"OpenAI-Organization: {odd}" in done.stdout.splitlines()
    elif kind == "python":
        compile(text, "call.py", "exec")
        assert repr(odd) in text or '"org-\\"' in text
    else:
        assert len(text.splitlines()) == len(
            SNIPPETS[kind]
            .write(
                Profile(
                    name="work",
                    target=Target(organization="org-a"),
                    hint="",
                    kind="",
                    fingerprint="",
                )
            )
            .splitlines()
        )
