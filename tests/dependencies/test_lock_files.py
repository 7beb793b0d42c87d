"""Lock files as the package managers write them, and damaged ones.

The samples were written by uv, pipenv, npm, pnpm and Yarn, and shortened to a few packages; those
of Poetry, pdm and Bun are written by hand after their manuals.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.dependencies.file_text import DamagedFileError
from oai_tui.dependencies.node_files import bun_lock
from oai_tui.dependencies.python_files import requirements_txt
from oai_tui.dependencies.scan_folder import FILES, scan_folder
from oai_tui.domain.packages import FolderPackages
from oai_tui.knowledge.sdk_packages import MODULES, NAMES
from tests.growth import MAX_GROWTH, growth

SAMPLES = Path(__file__).parent / "samples"
PYTHON = {"openai": "1.55.2", "httpx": "0.28.1"}
NODE = {"openai": "4.104.0", "node-fetch": "2.7.0"}
CASES = {
    "uv.lock": ("uv.lock", PYTHON),
    "pylock.toml": ("pylock.toml", PYTHON),
    "poetry.lock": ("poetry.lock", PYTHON),
    "pdm.lock": ("pdm.lock", PYTHON),
    "Pipfile.lock": ("Pipfile.lock", PYTHON),
    "requirements.txt": ("requirements.txt", PYTHON),
    "npm-1.json": ("package-lock.json", NODE),
    "npm-3.json": ("package-lock.json", NODE),
    "pnpm-7.yaml": ("pnpm-lock.yaml", NODE),
    "pnpm-8.yaml": ("pnpm-lock.yaml", NODE),
    "pnpm-9.yaml": ("pnpm-lock.yaml", NODE),
    "bun.lock": ("bun.lock", NODE),
    "yarn-1.lock": ("yarn.lock", NODE),
    "yarn-4.lock": ("yarn.lock", NODE),
}
"""Sample -> the name of such a file in a project, and versions it has."""


def scan(folder: Path) -> FolderPackages:
    return scan_folder(folder, NAMES, MODULES)


@pytest.mark.parametrize("sample", CASES)
def test_versions_and_lines(sample: str, tmp_path: Path) -> None:
    name, versions = CASES[sample]
    text = (SAMPLES / sample).read_text("utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    (found,) = scan(tmp_path).sets
    assert {each.name: each.version for each in found.packages if each.name in versions} == versions
    for each in found.packages:
        assert each.line is not None
        assert each.name in text.splitlines()[each.line - 1]


@pytest.mark.parametrize("sample", CASES)
def test_damaged_file_is_named_or_read(sample: str, tmp_path: Path) -> None:
    name, _ = CASES[sample]
    text = (SAMPLES / sample).read_text("utf-8")
    (tmp_path / name).write_text(f"<<<<<<< HEAD\n{text}", "utf-8")
    assert scan(tmp_path).unread == ((name, "it has merge conflict markers"),)


@pytest.mark.parametrize("name", [name for name in FILES if name != "pyproject.toml"])
def test_file_of_another_kind_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("{]\n", "utf-8")
    ((path, reason),) = scan(tmp_path).unread
    assert path == name
    assert reason.startswith("it ")


def test_binary_directory_and_unreadable_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").mkdir()
    (tmp_path / "poetry.lock").write_bytes(b"\xff\xfe\x00\xd8")
    (tmp_path / "yarn.lock").write_bytes(b"a\0b")
    assert dict(scan(tmp_path).unread) == {
        "uv.lock": "is a directory",
        "poetry.lock": "it is not UTF-8 text",
        "yarn.lock": "it is not a text file",
    }


def test_requirements_of_powershell_are_read(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes("openai==1.30.0\r\nhttpx\r\n".encode("utf-16"))
    (found,) = scan(tmp_path).sets
    assert [each.what for each in found.packages] == ["openai 1.30.0", "httpx"]


def test_password_of_a_requirement_is_not_kept(tmp_path: Path) -> None:
    secret = "hunter2"
    (tmp_path / "requirements.txt").write_text(
        f"--index-url https://me:{secret}@host/simple\n"
        f"openai @ https://me:{secret}@host/openai.whl\n"
        f"httpx>=0.27 --hash=sha256:{secret} ; python_version > '3'  # {secret}\n"
    )
    (tmp_path / "package.json").write_text(
        f'{{"dependencies": {{"openai": "git+https://me:{secret}@host/x"}}}}'
    )
    found = scan(tmp_path)
    assert secret not in repr(found)
    assert {(each.path, each.what) for one in found.sets for each in one.packages} == {
        ("requirements.txt", "openai"),
        ("requirements.txt", "httpx >=0.27"),
        ("package.json", "openai"),
    }


def test_pyproject_of_several_tools(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'shop'\ndependencies = ['openai>=1.0,<2', 'httpx==0.27.2']\n"
        "[project.optional-dependencies]\nextra = ['tiktoken']\n"
        "[dependency-groups]\ndev = ['requests', {include-group = 'x'}]\n"
        "[tool.poetry.dependencies]\nlitellm = '^1.0'\nanyio = {version = '>=4'}\n"
    )
    (found,) = scan(tmp_path).sets
    assert {each.name: (each.version, each.constraint) for each in found.packages} == {
        "openai": (None, ">=1.0,<2"),
        "httpx": ("0.27.2", "==0.27.2"),
        "tiktoken": (None, ""),
        "requests": (None, ""),
        "litellm": (None, "^1.0"),
        "anyio": (None, ">=4"),
    }


def test_line_of_a_requirement_is_not_that_of_a_keyword(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nkeywords = ['openai']\ndependencies = [\n  'openai',\n]\n"
        "[dependency-groups]\ndev = ['httpx']\n"
    )
    (found,) = scan(tmp_path).sets
    assert [(each.name, each.line) for each in found.packages] == [("openai", 4), ("httpx", 7)]


@pytest.mark.parametrize("sample", ["pnpm-9.yaml", "yarn-4.lock"])
def test_endless_line_does_not_hide_the_packages(sample: str, tmp_path: Path) -> None:
    name, versions = CASES[sample]
    text = (SAMPLES / sample).read_text("utf-8")
    (tmp_path / name).write_text(f"{text}  openai@1{'_' * 1_000_000}\n", "utf-8")
    (found,) = scan(tmp_path).sets
    assert versions.items() <= {each.name: each.version for each in found.packages}.items()


def readers() -> Iterator[str]:
    yield from FILES
    yield "requirements.txt"


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(list(readers())), data=st.data())
def test_damage_never_raises_anything_else(name: str, data: st.DataObject) -> None:
    row = FILES.get(name)
    reader = requirements_txt if row is None else row[3]
    names = NAMES["python" if row is None else row[0]]
    sample = next((each for each, case in CASES.items() if case[0] == name), None)
    text = (SAMPLES / sample).read_text("utf-8") if sample else '{"dependencies": {"openai": 1}}'
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    damaged = text[:start] + data.draw(st.text(max_size=20)) + text[end:]
    with contextlib.suppress(DamagedFileError):
        list(reader(damaged, name, names))


ODD = {
    "uv.lock": '[[package]]\nname = "openai"\nversion = "1.0\\u001b[31m"\n',
    "poetry.lock": '[[package]]\nname = "openai"\nversion = "1.0\\u001b[31m"\n',
    "pdm.lock": '[[package]]\nname = "openai"\nversion = "1.0\\u001b[31m"\n',
    "pylock.toml": '[[packages]]\nname = "openai"\nversion = "1.0\\u001b[31m"\n',
    "Pipfile.lock": '{"default": {\n"openai": {"version": "==1.0\\u001b[31m"}}}',
    "package-lock.json": '{"packages": {\n"node_modules/openai": {"version": "1.0\\u001b[31m"}}}',
    "npm-shrinkwrap.json": '{"dependencies": {\n"openai": {"version": "1.0\\u001b[31m"}}}',
    "bun.lock": '{"lockfileVersion": 1, "packages": {\n"openai": ["openai@1.0\\u001b[31m"]}}',
    "yarn.lock": '# yarn lockfile v1\nopenai@^1:\n  version "1.0\x1b[31m"\n',
}


@pytest.mark.parametrize("name", ODD)
def test_version_with_control_characters_is_named_and_escaped(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(ODD[name])
    found = scan(tmp_path)
    ((place, why),) = found.unread
    assert (place, found.sets) == (f"{name}:2", ())
    assert why.startswith("the version of openai is not a number: ")
    assert "\x1b" not in why
    assert "1.0" in why


def test_address_in_place_of_a_version_is_named_and_not_quoted(tmp_path: Path) -> None:
    text = '{"dependencies": {\n"openai": {"version": "git+https://me:hunter2@host/x#1"}}}'
    (tmp_path / "package-lock.json").write_text(text)
    assert scan(tmp_path).unread == (
        ("package-lock.json:2", "the version of openai is not a number"),
    )


def test_requirements_in_and_egg_info_are_read(tmp_path: Path) -> None:
    (tmp_path / "requirements-dev.in").write_text("openai>=1,<2\n")
    (tmp_path / "shop.egg-info").mkdir()
    (tmp_path / "shop.egg-info" / "requires.txt").write_text("httpx<1\n\n[extra]\nopenai<1\n")
    assert [(each.path, each.state, each.packages[0].what) for each in scan(tmp_path).sets] == [
        ("requirements-dev.in", "required", "openai >=1,<2"),
        ("shop.egg-info/requires.txt", "required", "httpx <1"),
    ]


def test_damaged_bun_lock_takes_linear_time() -> None:
    def read(text: str) -> None:
        with contextlib.suppress(DamagedFileError):
            list(bun_lock(text, "bun.lock", NAMES["node"]))

    for text in ('"\\"', ", ", "//", '"a'):
        assert growth(read, text * 10_000, text * 40_000) <= MAX_GROWTH
