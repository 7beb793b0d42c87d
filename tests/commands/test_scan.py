"""`scan` and its pre-commit hook on real repositories."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from oai_tui.domain.keys.secret import Secret
from tests.commands.cli_runner import (
    ROOT,
    TERMINATE_S,
    CliResult,
    environment,
    run_cli,
    run_program,
)
from tests.commands.saved_profiles import leaks

KEY = (
    "sk-"
    + "proj-"
    + "T3BlbkFJ".join(
        (
            "SevzWEV_NmNnMndQ5gn6PjFcX_9ay5SEKse8AL0EuYAB0cIgFW7Equ3vCbUbYShvii6L3rBw3W",
            "dD9FqO9Z3BoBu9F-KFR6YJtvW6fUfqg2o2Lfel3diT3OCRmBB24hjcd_uLEjgr9tCqnnerVw8A",
        )
    )
)
"""A published test string of gitleaks, which no server accepts."""
USE = f'client = OpenAI(api_key="{KEY}")\n'
IDENTITY = ("-c", "user.name=Kim", "-c", "user.email=kim@example.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A Git repository in a folder of its own."""

    folder: Path

    def git(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *IDENTITY, *arguments],
            cwd=self.folder,
            env={**environment(self.folder), "GIT_CONFIG_GLOBAL": os.devnull},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TERMINATE_S,
            check=check,
        )

    def stage(self, name: str, text: str | bytes = USE) -> None:
        """Write a file and stage it."""
        self.write(name, text)
        self.git("add", "--", name)

    def write(self, name: str, text: str | bytes = USE) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self) -> None:
        self.git("commit", "--quiet", "--message", "x")

    def scan(self, *arguments: str, folder: str = ".") -> CliResult:
        done = run_cli(["scan", *arguments], self.folder / folder)
        assert leaks(KEY, done.out, done.err) == []
        return done

    def staged(self, *arguments: str, folder: str = ".") -> list[dict[str, Any]]:
        """Return the keys in the JSON of `scan --staged`."""
        done = self.scan("--staged", "--json", *arguments, folder=folder)
        keys: list[dict[str, Any]] = done.document["keys"]
        assert (done.code, done.document["exit_code"]) == ((4, 4) if keys else (0, 0))
        return keys


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(folder=tmp_path)
    made.git("init", "--quiet", "--initial-branch", "main")
    return made


def paths(keys: list[dict[str, Any]]) -> list[str]:
    return [key["path"] for key in keys]


def test_staged_key_is_reported_with_its_place_and_without_itself(repository: Repository) -> None:
    repository.stage("app.py", f"import openai\n{USE}")
    done = repository.scan("--staged")
    assert done.code == 4
    first = done.out.splitlines()[0]
    assert first == (
        f"app.py:2:26: project key sk-proj-…Vw8A (fingerprint {Secret(KEY).fingerprint})"
    )
    assert "git rm --cached app.py" in done.out
    assert "https://platform.openai.com/" in done.out


def test_nothing_staged(repository: Repository) -> None:
    done = repository.scan("--staged")
    assert (done.code, done.out) == (0, "no OpenAI keys in 0 staged files\n")


def test_contents_of_the_index_count_not_those_of_the_folder(repository: Repository) -> None:
    repository.stage("staged.py")
    repository.stage("clean.py", "x = 1\n")
    repository.write("staged.py", "x = 1\n")
    repository.write("clean.py")
    repository.write("untracked.py")
    assert paths(repository.staged()) == ["staged.py"]


def test_key_that_is_committed_already_is_marked(repository: Repository) -> None:
    repository.stage("old.py", USE + "x = 1\n" * 20)
    repository.commit()
    repository.git("mv", "old.py", "new.py")
    repository.stage("other.py", "y = 2\n" + USE)
    keys = repository.staged()
    assert [(key["path"], key["committed"]) for key in keys] == [
        ("new.py", True),
        ("other.py", False),
    ]
    assert "git restore --staged" in repository.scan("--staged").out


@pytest.mark.skipif(sys.platform == "win32", reason="no such file names")
@pytest.mark.parametrize("name", ["-n", ":x", "it's $(x) ü", "new.py"])
def test_commands_of_the_report_name_the_file(name: str, repository: Repository) -> None:
    repository.stage("old.py", "x = 1\n")
    repository.commit()
    repository.write(name)
    repository.git("add", "--all")
    _, unstage = (
        line.rpartition(": ")[2]
        for line in repository.scan("--staged").out.splitlines()
        if ": git " in line
    )
    subprocess.run(["/bin/sh", "-c", unstage], cwd=repository.folder, check=True)
    assert repository.staged() == []


def test_unchanged_and_deleted_files_are_not_searched(repository: Repository) -> None:
    repository.stage("kept.py")
    repository.stage("deleted.py", USE + "\n")
    repository.commit()
    repository.git("rm", "--quiet", "deleted.py")
    assert repository.staged() == []


@pytest.mark.skipif(sys.platform == "win32", reason="such names are not possible")
@pytest.mark.parametrize("name", ["a\nb.py", 'quote".py', "tab\t.py", "ünï.py", "-x.py", ":x.py"])
def test_any_name(name: str, repository: Repository) -> None:
    repository.write(name)
    repository.git("add", "--all")
    assert len(repository.staged()) == 1
    assert repository.scan("--staged").out.count("sk-proj-…") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems demand UTF-8 names")
def test_name_that_is_not_utf8(repository: Repository) -> None:
    (repository.folder / os.fsdecode(b"\xff.py")).write_text(USE, encoding="utf-8")
    repository.git("add", "--all")
    assert repository.scan("--staged").code == 4
    assert len(repository.staged()) == 1


def test_path_is_shown_from_the_working_folder(repository: Repository) -> None:
    repository.stage("src/app.py")
    repository.write("docs/index.md", "x")
    assert paths(repository.staged(folder="docs")) == ["../src/app.py"]


def test_setting_that_shortens_diffs_hides_nothing(repository: Repository) -> None:
    repository.stage("src/app.py")
    repository.write("docs/index.md", "x")
    for setting in ("diff.relative=true", "diff.noprefix=true", "diff.external=false"):
        repository.git("config", *setting.split("="))
    assert len(repository.staged(folder="docs")) == 1


def test_binary_file_has_an_offset(repository: Repository) -> None:
    repository.stage("data.bin", b"\0\1" + KEY.encode())
    [key] = repository.staged()
    assert (key["line"], key["column"], key["offset"]) == (None, None, 2)
    assert "data.bin: byte 2: " in repository.scan("--staged").out


def test_submodule_is_left_out(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    inner = Repository(folder=tmp_path_factory.mktemp("inner"))
    inner.git("init", "--quiet")
    inner.stage("app.py")
    inner.commit()
    repository.git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(inner.folder),
        "inner",
    )
    assert repository.staged() == []


def test_symbolic_link_is_its_target(repository: Repository) -> None:
    repository.write("outside.txt")
    (repository.folder / "link").symlink_to("outside.txt")
    repository.git("add", "link")
    assert repository.staged() == []


def test_conflict_is_no_failure(repository: Repository) -> None:
    repository.stage("app.py", "a\n")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "other")
    repository.stage("app.py", "b\n")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.stage("app.py", "c\n")
    repository.commit()
    repository.git("merge", "other", check=False)
    assert repository.scan("--staged").code == 0


def test_fingerprint_permits_a_key(repository: Repository) -> None:
    repository.stage("fixture.json", f'{{"key": "{KEY}"}}\n')
    done = repository.scan("--staged", "--allow", Secret(KEY).fingerprint)
    assert (done.code, done.out) == (0, "no OpenAI keys in 1 staged file (1 allowed left out)\n")


def test_annotation_names_the_line(repository: Repository) -> None:
    repository.stage("a,b.py")
    [line] = repository.scan("--staged", "--format", "github").out.splitlines()
    assert line.startswith("::error file=a%2Cb.py,line=1,col=26,title=openai-key::project key")


MISTAKES = {
    "paths with --staged": ("--staged", "app.py"),
    "a path that does not exist": ("missing.py",),
    "standard input and a path": ("-", "app.py"),
    "no fingerprint": ("--allow", "sk"),
}


@pytest.mark.parametrize("arguments", MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_a_usage_error(arguments: tuple[str, ...], repository: Repository) -> None:
    repository.write("app.py")
    done = repository.scan(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_no_repository_is_a_usage_error(tmp_path: Path) -> None:
    done = run_cli(
        ["scan", "--staged"], tmp_path, {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    )
    assert (done.code, done.out) == (2, "")
    assert "no Git repository" in done.err


def test_damaged_repository_is_no_success(repository: Repository) -> None:
    repository.stage("app.py")
    (repository.folder / ".git/index").write_bytes(b"damaged")
    done = repository.scan("--staged")
    assert (done.code, done.out) == (10, "")
    assert "nothing was searched" in done.err


def test_no_git_is_no_success(repository: Repository) -> None:
    done = run_cli(["scan", "--staged"], repository.folder, {"PATH": "/nowhere"})
    assert (done.code, done.err) == (10, "oai-tui: nothing was searched: git was not found\n")


def test_folder_stands_for_what_git_would_track(repository: Repository) -> None:
    repository.stage("tracked.py")
    repository.write("untracked.py")
    repository.write(".gitignore", ".env\n")
    repository.write(".env", f"OPENAI_API_KEY={KEY}\n")
    document = repository.scan("--json").document
    assert sorted(paths(document["keys"])) == ["tracked.py", "untracked.py"]
    assert paths(repository.scan(".env", "--json").document["keys"]) == [".env"]


def test_folder_outside_git_is_searched_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text(USE, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    done = run_cli(["scan", "--json"], tmp_path, {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert paths(done.document["keys"]) == ["src/app.py"]


def test_standard_input(tmp_path: Path) -> None:
    done = run_cli(["scan", "-"], tmp_path, typed=USE.encode())
    assert (done.code, done.out.split(":")[0]) == (4, "standard input")


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="root reads every file")
def test_unreadable_file_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("x")
    (tmp_path / "app.py").chmod(0)
    done = run_cli(["scan", "app.py"], tmp_path)
    assert done.code == 10
    assert "not searched: app.py" in done.err


def _install_hook(repository: Repository, entry: str) -> None:
    hook = repository.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    program = entry.replace("oai-tui", f"{sys.executable} -m oai_tui")
    hook.write_text(f"#!/bin/sh\nPYTHONPATH={ROOT} exec {program}\n", encoding="utf-8")
    hook.chmod(0o755)


@pytest.fixture
def hooked(repository: Repository) -> Repository:
    """A repository whose pre-commit hook is the entry of .pre-commit-hooks.yaml."""
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["pass_filenames"] is False
    _install_hook(repository, hook["entry"])
    return repository


def test_hook_refuses_the_commit(hooked: Repository) -> None:
    hooked.stage("app.py")
    done = hooked.git("commit", "--message", "x", check=False)
    assert done.returncode != 0
    assert "app.py:1:26: project key" in done.stdout + done.stderr
    assert hooked.git("rev-parse", "--verify", "HEAD", check=False).returncode != 0


def test_hook_lets_a_commit_without_keys_pass(hooked: Repository) -> None:
    hooked.stage("app.py", "x = 1\n")
    hooked.git("commit", "--message", "x")


@pytest.mark.parametrize("option", ["--all", "app.py"])
def test_hook_reads_the_index_of_a_partial_commit(option: str, hooked: Repository) -> None:
    hooked.stage("app.py", "x = 1\n")
    hooked.git("commit", "--message", "x")
    hooked.write("app.py")
    assert hooked.git("commit", "--message", "y", option, check=False).returncode != 0


def test_hook_works_in_a_linked_worktree(hooked: Repository) -> None:
    hooked.stage("app.py", "x = 1\n")
    hooked.git("commit", "--message", "x")
    hooked.git("worktree", "add", "--quiet", "tree")
    linked = Repository(folder=hooked.folder / "tree")
    linked.stage("app.py")
    assert linked.git("commit", "--message", "y", check=False).returncode != 0


def test_scan_loads_neither_httpx_nor_keyring(tmp_path: Path) -> None:
    code = "import sys; from oai_tui.commands import scan; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        check=True,
    )
    assert not {"httpx", "keyring", "asyncio", "ssl", "textual"} & set(done.stdout.split())


def test_process_ends_with_the_code(repository: Repository) -> None:
    repository.stage("app.py")
    assert run_program(["scan", "--staged"], repository.folder).code == 4
