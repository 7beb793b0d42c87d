"""Virtual environments, node_modules, files that hide a package, and source files."""

import json
from pathlib import Path

import pytest

from oai_tui.dependencies.scan_folder import installed_packages, project_folders, scan_folder
from oai_tui.dependencies.source_lines import source_uses
from oai_tui.domain.packages import FolderPackages
from oai_tui.knowledge.sdk_packages import MODULES, NAMES
from oai_tui.services.sdk_report import sdk_report


def install(
    folder: Path, name: str, version: str, *, needs: tuple[str, ...] = (), venv: str = ".venv"
) -> None:
    """Write what pip leaves of an installed package."""
    info = folder / venv / "lib" / "python3.12" / "site-packages" / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {each}" for each in needs)]
    (info / "METADATA").write_text("Metadata-Version: 2.4\n" + "\n".join(lines) + "\n\nText\n")


def install_node(folder: Path, name: str, version: str) -> None:
    package = folder / "node_modules" / name
    package.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"name": name, "version": version}))


def scan(folder: Path) -> FolderPackages:
    return scan_folder(folder, NAMES, MODULES)


@pytest.mark.parametrize("venv", [".venv", "venv", "env"])
def test_environment(venv: str, tmp_path: Path) -> None:
    install(tmp_path, "openai", "1.55.2", venv=venv)
    install(tmp_path, "typing_extensions", "4.12.0", venv=venv)
    install(tmp_path, "flask", "3.0.0", venv=venv)
    (found,) = installed_packages(tmp_path, NAMES).sets
    assert (found.path, found.manager) == (venv, "pip")
    assert [each.what for each in found.packages] == ["openai 1.55.2", "typing-extensions 4.12.0"]


def test_folder_that_is_an_environment_of_uv(tmp_path: Path) -> None:
    install(tmp_path.parent, "openai", "2.0.0", venv=tmp_path.name)
    (tmp_path / "pyvenv.cfg").write_text("home = /usr/bin\nuv = 0.9.1\n")
    (found,) = installed_packages(tmp_path, NAMES).sets
    assert (found.path, found.manager) == (".", "uv")


def test_environment_of_windows(tmp_path: Path) -> None:
    site = tmp_path / ".venv" / "Lib" / "site-packages" / "openai-2.0.0.dist-info"
    site.mkdir(parents=True)
    (found,) = installed_packages(tmp_path, NAMES).sets
    assert found.packages[0].path == ".venv/Lib/site-packages/openai-2.0.0.dist-info"


def test_needs_without_conditions_are_read(tmp_path: Path) -> None:
    needs = (
        "openai<3,>=2",
        "httpx>=1; extra == 'x'",
        "flask",
        "httpcore (<2)",
        "not a requirement",
    )
    install(tmp_path, "langchain_openai", "1.4.3", needs=needs)
    (found,) = installed_packages(tmp_path, NAMES).sets
    assert found.packages[0].needs == (("openai", "<3,>=2"), ("httpcore", "<2"))


def test_node_modules(tmp_path: Path) -> None:
    install_node(tmp_path, "openai", "7.0.0")
    install_node(tmp_path, "@azure/openai", "2.0.0")
    (tmp_path / "pnpm-lock.yaml").write_text("")
    (found,) = installed_packages(tmp_path, NAMES).sets
    assert found.manager == "pnpm"
    assert [each.what for each in found.packages] == ["@azure/openai 2.0.0", "openai 7.0.0"]


def test_damaged_package_of_node_is_named(tmp_path: Path) -> None:
    install_node(tmp_path, "openai", "7.0.0")
    (tmp_path / "node_modules/openai/package.json").write_text("{")
    assert scan(tmp_path).unread == (("node_modules/openai/package.json", "it is damaged"),)


def test_environment_that_links_to_itself_ends(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "lib").mkdir(parents=True)
    (tmp_path / ".venv" / "lib" / "python3.12").symlink_to(tmp_path / ".venv")
    assert scan(tmp_path) == FolderPackages()


def test_files_that_hide_a_package(tmp_path: Path) -> None:
    (tmp_path / "openai.py").touch()
    (tmp_path / "httpx").mkdir()
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "__init__.py").touch()
    assert scan(tmp_path).shadowing == (
        ("openai", "openai.py"),
        ("requests", "requests/__init__.py"),
    )


def test_source_of_the_package_itself_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "httpx").mkdir()
    (tmp_path / "httpx" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'httpx'\n")
    assert scan(tmp_path).shadowing == ()


@pytest.mark.parametrize(
    ("name", "text", "usages"),
    [
        ("a.py", "import openai\nopenai.ChatCompletion.create()\n", ["openai-0-code"]),
        ("a.py", "from openai.error import RateLimitError\n", ["openai-0-code"]),
        ("a.py", "from openai import OpenAI\n", ["openai-1-code"]),
        ("a.py", "import openai\nopenai.OpenAI()\n", ["openai-1-code"]),
        ("a.py", "import openai\nopenai.OpenAI()\nopenai.Completion.create()\n", []),
        ("a.py", "import openai\nTEXT = 'openai.ChatCompletion.create'\n", []),
        ("a.py", "# openai\nopenai = 1\nopenai.ChatCompletion.create()\n", []),
        (
            "a.py",
            "import httpx\nfrom openai import OpenAI\nOpenAI().beta.threads.create()\n",
            ["imports-httpx", "openai-1-code", "assistants-api"],
        ),
        (
            "a.py",
            "from openai import AzureOpenAI as A\nA().beta.threads.create()\n",
            ["openai-1-code"],
        ),
        ("a.py", "import openai\ndef broken(:\n", []),
        (
            "a.js",
            "const {Configuration} = require('openai')\nnew Configuration({})\n",
            ["node-3-code"],
        ),
        ("a.ts", "import OpenAI from 'openai';\nnew OpenAI();\n", ["node-4-code"]),
        ("a.mjs", "import OpenAI from 'openai';\n// new OpenAI()\n", []),
        ("a.js", "new OpenAI()\n", []),
        (
            "a.mjs",
            "import OpenAI from 'openai';\nawait new OpenAI().beta.assistants.list();\n",
            ["assistants-api", "node-4-code"],
        ),
    ],
)
def test_source_lines(name: str, text: str, usages: list[str], tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert [each.usage for each in source_uses(tmp_path)] == usages


def test_egg_info_of_an_environment_is_read(tmp_path: Path) -> None:
    install(tmp_path, "httpx", "0.28.1")
    site = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    (site / "openai-0.28.1-py3.12.egg-info").mkdir()
    (found,) = installed_packages(tmp_path, NAMES).sets
    assert {each.what for each in found.packages} == {"openai 0.28.1", "httpx 0.28.1"}


def test_folders_below_are_found_without_those_of_installed_packages(tmp_path: Path) -> None:
    for folder in ("a/b", "a/node_modules/openai", ".git/c", "a/own-venv/d", "e/f/g/h/i/j", "k"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "package.json").write_text("{}")
    (tmp_path / "a" / "own-venv" / "pyvenv.cfg").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    install(tmp_path / "l", "openai", "2.0.0")
    assert list(project_folders(tmp_path)) == ["a", "k", "l", "a/b"]


def test_folders_below_are_judged_each_by_itself(tmp_path: Path) -> None:
    for folder, httpx in (("api", "0.28.1"), ("my jobs", "0.27.2")):
        install(tmp_path / folder, "openai", "1.50.0")
        install(tmp_path / folder, "httpx", httpx)
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "uv.lock").write_text("x")
    report = sdk_report(tmp_path, {})
    (finding,) = report.problems
    assert finding.title == "api: openai 1.50.0 and httpx 0.28.1 don't work together"
    assert all(place.startswith("api/.venv/") for place in finding.where)
    assert all(remedy.command.startswith("cd api && ") for remedy in finding.remedies)
    assert [each.path for each in report.read.sets] == ["api/.venv", "my jobs/.venv"]
    assert [path for path, _ in report.read.unread] == ["web/uv.lock"]
    assert len(report.findings) == 1  # different versions in different folders are no fault


def test_name_of_a_folder_below_is_quoted_in_commands(tmp_path: Path) -> None:
    for name, version in (("openai", "1.50.0"), ("httpx", "0.28.1")):
        install(tmp_path / "my jobs", name, version)
    (finding,) = sdk_report(tmp_path, {}).problems
    assert finding.remedies[0].command.startswith(("cd 'my jobs' && ", 'cd "my jobs" && '))
