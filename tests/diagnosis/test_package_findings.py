"""What is said of the packages of a folder: known pairs, code, variables, differences."""

import pytest

from oai_tui.diagnosis.package_findings import package_findings
from oai_tui.domain.packages import (
    Ecosystem,
    FolderPackages,
    Manager,
    Package,
    PackageFinding,
    PackageSet,
    SourceUse,
    State,
    Usage,
)
from oai_tui.knowledge.sdk_packages import KNOWLEDGE

STATES: dict[str, State] = {".venv": "installed", "venv": "installed", "node_modules": "installed"}


def packages(
    path: str,
    *words: str,
    manager: Manager = "pip",
    ecosystem: Ecosystem = "python",
    needs: tuple[tuple[str, str], ...] = (),
) -> PackageSet:
    """Return a set from words like "openai==1.2" (exact), "openai>=1" or "openai"."""
    is_lock = "lock" in path or path == "pylock.toml"
    found = []
    for word in words:
        name = word.split("=")[0].split(">")[0].split("<")[0]
        rest = word[len(name) :]
        exact = rest.removeprefix("==") if rest.startswith("==") else None
        found.append(
            Package(
                name=name,
                version=exact,
                constraint=rest,
                path=path,
                line=None if path in STATES else 3,
                needs=needs,
            )
        )
    return PackageSet(
        ecosystem=ecosystem,
        state=STATES.get(path, "locked" if is_lock else "required"),
        manager=manager,
        path=path,
        packages=tuple(found),
    )


def findings(
    *sets: PackageSet,
    use: Usage | None = None,
    source: str = "app.py",
    shadowing: tuple[tuple[str, str], ...] = (),
    windows: bool = False,
    variables: dict[str, str] | None = None,
) -> tuple[PackageFinding, ...]:
    uses = (SourceUse(usage=use, path=source, line=7),) if use else ()
    read = FolderPackages(sets=sets, uses=uses, shadowing=shadowing)
    return package_findings(read, KNOWLEDGE, variables or {}, windows=windows)


def said(found: tuple[PackageFinding, ...]) -> list[tuple[str, str]]:
    return [(each.id, each.severity) for each in found]


@pytest.mark.parametrize(
    ("sdk", "http", "bad"),
    [
        ("1.55.2", "0.28.1", True),
        ("1.0.0", "0.28.0", True),
        ("1.55.3", "0.28.1", False),
        ("1.55.2", "0.27.2", False),
        ("0.28.1", "0.28.1", False),
        ("2.34.0", "0.28.1", False),
    ],
)
def test_openai_and_httpx(sdk: str, http: str, bad: bool) -> None:
    found = findings(packages(".venv", f"openai=={sdk}", f"httpx=={http}"))
    assert said(found) == ([("openai-httpx-proxies", "problem")] if bad else [])


def test_pair_is_said_once_for_all_places() -> None:
    (found,) = findings(
        packages(".venv", "openai==1.50.0", "httpx==0.28.1"),
        packages("uv.lock", "openai==1.50.0", "httpx==0.28.1", manager="uv"),
    )
    assert found.title == "openai 1.50.0 and httpx 0.28.1 don't work together"
    assert found.where == (".venv", ".venv", "uv.lock:3", "uv.lock:3")
    assert [each.command for each in found.remedies] == [
        "uv add 'openai>=1.55.3,<2'",
        "uv add 'httpx<0.28'",
    ]
    assert [each.or_else for each in found.remedies] == [False, True]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("openai==1.50.0",), "warning"),
        (("openai==1.50.0", "httpx"), "warning"),
        (("openai<1.55,>=1",), "warning"),
        (("openai==1.50.0", "httpx<0.28"), None),
        (("openai==1.50.0", "httpx==0.28.1"), "problem"),
        (("openai>=1",), None),
        (("openai",), None),
        (("httpx",), None),
    ],
)
def test_requirements_that_allow_a_bad_pair(words: tuple[str, ...], expected: str | None) -> None:
    found = findings(packages("requirements.txt", *words))
    assert [each.severity for each in found] == ([expected] if expected else [])


def test_lock_file_decides_what_requirements_allow() -> None:
    found = findings(
        packages("pyproject.toml", "openai==1.50.0"),
        packages("uv.lock", "openai==1.50.0", "httpx==0.27.2", manager="uv"),
    )
    assert said(found) == []


@pytest.mark.parametrize(
    ("sets", "command"),
    [
        ([packages(".venv", "openai==1.5", "httpx==0.28")], ".venv/bin/python -m pip install '{}'"),
        (
            [packages(".venv", "openai==1.5", "httpx==0.28", manager="uv")],
            "uv pip install --python .venv '{}'",
        ),
        (
            [packages("poetry.lock", "openai==1.5", "httpx==0.28", manager="poetry")],
            "poetry add '{}'",
        ),
        (
            [packages("Pipfile.lock", "openai==1.5", "httpx==0.28", manager="pipenv")],
            "pipenv install '{}'",
        ),
        ([packages("pdm.lock", "openai==1.5", "httpx==0.28", manager="pdm")], "pdm add '{}'"),
        (
            [packages("requirements.txt", "openai==1.5", "httpx==0.28")],
            "python -m pip install -r requirements.txt",
        ),
        ([packages("pylock.toml", "openai==1.5", "httpx==0.28")], ""),
    ],
)
def test_command_of_each_manager(sets: list[PackageSet], command: str) -> None:
    (found,) = findings(*sets)
    assert found.remedies[0].command == command.format("openai>=1.55.3,<2")


def test_command_for_windows() -> None:
    (found,) = findings(packages(".venv", "openai==1.5", "httpx==0.28"), windows=True)
    assert found.remedies[0].command == (
        '.venv\\Scripts\\python -m pip install "openai>=1.55.3,<2"'
    )


@pytest.mark.parametrize(
    ("use", "version", "expected"),
    [
        ("openai-0-code", "==1.30.0", "problem"),
        ("openai-0-code", "==0.28.1", None),
        ("openai-0-code", "", "warning"),
        ("openai-0-code", "<1", None),
        ("openai-1-code", "==0.28.1", "problem"),
        ("openai-1-code", "<1", "problem"),
        ("openai-1-code", "==1.0.0", None),
        ("openai-1-code", "", None),
        ("assistants-api", "==3.0.0", "problem"),
    ],
)
def test_code_and_version(use: Usage, version: str, expected: str | None) -> None:
    found = findings(packages("requirements.txt", f"openai{version}"), use=use)
    found = tuple(each for each in found if each.id != "openai-httpx-proxies")
    assert [each.severity for each in found] == ([expected] if expected else [])


def test_code_that_one_environment_can_run_is_fine() -> None:
    found = findings(
        packages(".venv", "openai==0.28.1"), packages("venv", "openai==1.60"), use="openai-1-code"
    )
    assert said(found) == []


@pytest.mark.parametrize(
    ("version", "source", "use", "expected"),
    [
        ("4.0.0", "app.js", "node-3-code", ["node-3-code"]),
        ("3.3.0", "app.js", "node-3-code", []),
        ("3.3.0", "app.ts", "node-4-code", ["node-4-code"]),
        ("7.0.0", "app.ts", "assistants-api", ["assistants-retired"]),
    ],
)
def test_code_of_node(version: str, source: str, use: Usage, expected: list[str]) -> None:
    node = packages("node_modules", f"openai=={version}", manager="pnpm", ecosystem="node")
    found = findings(node, use=use, source=source)
    assert [each.id for each in found] == expected


def test_command_of_node() -> None:
    node = packages("node_modules", "openai==3.3.0", manager="pnpm", ecosystem="node")
    (found,) = findings(node, use="node-4-code", source="app.ts")
    assert [each.command for each in found.remedies] == ["pnpm add 'openai@^4.104.0'"]


def test_httpx_that_openai_3_no_longer_brings() -> None:
    alone = packages(".venv", "openai==3.1.0", "httpx2==2.7.0")
    both = packages(".venv", "openai==3.1.0", "httpx==0.28.1")
    assert said(findings(alone, use="imports-httpx")) == [("httpx-not-installed", "problem")]
    assert said(findings(both, use="imports-httpx")) == []
    assert said(findings(packages("requirements.txt", "openai>=3"), use="imports-httpx")) == []


def test_file_that_hides_the_sdk() -> None:
    (found,) = findings(shadowing=(("openai", "openai.py"), ("requests", "requests.py")))
    assert (found.id, found.severity, found.where) == ("shadowed", "problem", ("openai.py",))


def test_file_that_hides_a_library_in_use() -> None:
    (found,) = findings(
        packages(".venv", "httpx==0.27"), shadowing=(("httpx", "httpx/__init__.py"),)
    )
    assert found.title == "httpx hides the package httpx"


@pytest.mark.parametrize(
    ("installed", "wanted", "differs"),
    [
        ("==1.50.0", "==1.55.3", True),
        ("==1.50.0", "==1.50", False),
        ("==1.50.0", ">=2", True),
        ("==2.1", ">=2", False),
        ("==2.1", "", False),
    ],
)
def test_environment_and_file_with_different_versions(
    installed: str, wanted: str, differs: bool
) -> None:
    found = findings(
        packages(".venv", f"openai{installed}"), packages("requirements.txt", f"openai{wanted}")
    )
    ids = [each.id for each in found if each.id == "versions-differ"]
    assert ids == (["versions-differ"] if differs else [])


def test_remedy_of_a_difference_is_the_command_of_the_lock_file() -> None:
    found = findings(
        packages(".venv", "openai==1.60", "httpx==0.27"),
        packages("poetry.lock", "openai==1.70", "httpx==0.28", manager="poetry"),
    )
    (difference,) = found
    assert difference.remedies[0].command == "poetry install"
    assert difference.meaning == ".venv has openai 1.60, not 1.70; httpx 0.27, not 0.28."


def test_two_lock_files_with_different_versions() -> None:
    found = findings(
        packages("package-lock.json", "openai==4.1.0", ecosystem="node", manager="npm"),
        packages("yarn.lock", "openai==4.2.0", ecosystem="node", manager="yarn"),
    )
    assert said(found) == [("versions-differ", "warning")]


def test_conflict_that_a_package_declares() -> None:
    found = findings(
        packages(".venv", "openai==3.0.0", "langchain-openai==1.4.3", needs=(("openai", "<3,>=2"),))
    )
    (conflict,) = [each for each in found if each.title.startswith("langchain")]
    assert conflict.title == "langchain-openai 1.4.3 needs openai <3,>=2; 3.0.0 is installed"
    assert conflict.severity == "warning"


@pytest.mark.parametrize(
    ("variable", "version", "ignored"),
    [
        ("OPENAI_PROJECT_ID", "1.19.0", True),
        ("OPENAI_PROJECT_ID", "1.20.0", False),
        ("OPENAI_BASE_URL", "1.2.4", True),
        ("OPENAI_BASE_URL", "1.3.0", False),
        ("OPENAI_CUSTOM_HEADERS", "2.33.0", True),
        ("OPENAI_CUSTOM_HEADERS", "2.34.0", False),
        ("OPENAI_ORG_ID", "0.28.1", True),
        ("OPENAI_ORG_ID", "1.0.0", False),
    ],
)
def test_variable_that_the_sdk_ignores(variable: str, version: str, ignored: bool) -> None:
    found = findings(packages(".venv", f"openai=={version}"), variables={variable: ".env:2"})
    assert said(found) == ([("variable-ignored", "warning")] if ignored else [])


def test_variable_that_is_not_set_is_not_mentioned() -> None:
    assert findings(packages(".venv", "openai==0.28.1")) == ()


def test_problems_come_first() -> None:
    found = findings(
        packages(".venv", "openai==0.28.1"),
        shadowing=(("openai", "openai.py"),),
        use="openai-1-code",
        variables={"OPENAI_ORG_ID": "environment"},
    )
    assert [each.severity for each in found] == ["problem", "problem", "warning"]
