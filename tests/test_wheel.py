"""The wheel holds everything that the program needs, and works from a folder of its own."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from oai_tui import __version__
from tests.commands.cli_runner import ROOT, TERMINATE_S

DATA_FILES = [
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.tcss", "*.json", "py.typed")
    for path in sorted((ROOT / "oai_tui").rglob(pattern))
]
START_DEMO = """
import asyncio
from oai_tui.services.build import demo_services
from oai_tui.tui.app import OaiTui

async def main():
    app = OaiTui(demo_services("all-good"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        print(type(app.screen).__name__)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built by the environment's own setuptools, so no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    # A copy, because setuptools leaves a build folder and an egg-info next to the sources.
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for path in (ROOT / "oai_tui").rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            copy = source / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel alone is installed."""
    folder = tmp_path_factory.mktemp("installed")
    _pip("install", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TERMINATE_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _run(installed: Path, *arguments: str, code: int = 0) -> str:
    """Run Python in the folder with the installed copy first on its path; return its output.

    The libraries come from the tests' environment.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=installed,
        env={"PATH": "/usr/bin:/bin", "HOME": str(installed), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_wheel_holds_the_data_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"oai_tui/reports/schema.json", "oai_tui/py.typed"} <= set(DATA_FILES)
    assert [name for name in DATA_FILES if name not in names] == []


def test_wheel_holds_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"oai_tui", f"oai_tui-{__version__}.dist-info"}


def test_the_installed_copy_is_what_runs(installed: Path) -> None:
    shown = _run(installed, "-c", "import oai_tui; print(oai_tui.__file__)")
    assert Path(shown.strip()).is_relative_to(installed)


def test_the_command_is_installed(installed: Path) -> None:
    assert _run(installed, "bin/oai-tui", "--version") == f"oai-tui {__version__}\n"


def test_the_tree_is_printed(installed: Path) -> None:
    assert json.loads(_run(installed, "-m", "oai_tui", "tree", "--format", "json"))


def test_a_text_is_explained(installed: Path) -> None:
    error = "Error code: 429 - {'error': {'code': 'insufficient_quota'}}\n"
    (installed / "error.txt").write_text(error)
    shown = _run(installed, "-m", "oai_tui", "explain", "error.txt", code=6)
    assert "No API credit left" in shown


def test_the_demo_starts(installed: Path) -> None:
    assert _run(installed, "-c", START_DEMO) == "StartScreen\n"
