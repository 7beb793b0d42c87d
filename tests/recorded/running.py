"""Runs one case in a clean folder and environment, and masks what varies from run to run.

The program sees one fixed time, except in other processes and against a server in one.
"""

import gc
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from oai_tui.simulator.fixtures import SECOND_KEY

from . import adapter
from .cases import OLD_KEY, STORE, Case, Command, Help, Session, Walk
from .help_page import help_record
from .storage import FOLDER, Record

MOMENT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
"""The fixed time that the program sees."""
_TIMEOUT_S = 60.0
_VARIES = {"elapsed_ms", "at_ms"}
"""Names of numbers in JSON that differ from run to run."""
_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"oai-tui[ /][0-9]+\.[0-9]+\.[0-9]+[\w.+-]*"), "oai-tui <version>"),
    (re.compile(r"(?<=UTC [·-] )[0-9]+\.[0-9]+ s"), "<duration>"),
    (re.compile(r"(?<=· )(?:<1|[0-9]+(?:\.[0-9]+)?) m?s\b"), "<duration>"),
    # A duration that was wrapped to a line without the dot before it.
    (re.compile(r"(?m)(?<=  )(?:<1|[0-9]+) ms$"), "<duration>"),
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
)
_DAY = r"20[0-9]{2}-[01][0-9]-[0-3][0-9]"
_TIMES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Parallel checks reach the server in any order, and its ids count the requests.
    (re.compile(r"\breq_[0-9a-f]{32}"), "req_<id>"),
    (re.compile(r"(127\.0\.0\.1|localhost):[0-9]{4,5}"), r"\1:<port>"),
    (re.compile(_DAY + r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z| UTC|\+00:00)"), "<time>"),
    (re.compile(_DAY), "<day>"),
)
"""Texts that vary where the time is not fixed: other processes and real servers."""
_PHASES_CHART = re.compile(r"(?<=Connection)(?:\x1b\[0m)?\n(?:.+\n)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """The exit code and the outputs of a command."""

    code: int
    out: str
    err: str


class _Scrub:
    """Masks what differs from run to run in texts and documents."""

    def __init__(self, home: Path, words: Mapping[str, str] | None = None, *, frozen: bool) -> None:
        self._words = {str(home): "<home>", str(adapter.root()): "<root>", **(words or {})}
        self._texts = _TEXTS if frozen else (*_TEXTS, *_TIMES)

    def text(self, text: str) -> str:
        """Return a text with masks."""
        for word, name in self._words.items():
            text = text.replace(word, name)
        for pattern, name in self._texts:
            text = pattern.sub(name, text)
        return _PHASES_CHART.sub(_without_scale, text)

    def lines(self, text: str) -> list[str]:
        """Return a text with masks as lines; the last is empty if the text ends with a newline."""
        return self.text(text).split("\n")

    def value(self, value: Any, name: str = "") -> Any:
        """Return a JSON value with masks. `name`: its key in the object around it."""
        if isinstance(value, dict):
            return {key: self.value(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, str):
            return "<version>" if name == "version" else self.text(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return "<varies>" if is_number and name in _VARIES else value


def _without_scale(match: re.Match[str]) -> str:
    """Return the chart of phases without bars, durations, and the line breaks they cause."""
    text = re.sub(r"\n {6,}", " ", match[0])
    text = re.sub(r"▇+", "<bar>", re.sub(r"(?<=\S) +", " ", text))
    return re.sub(r"(?:<1|\b[0-9]+(?:\.[0-9]+)?) m?s\b", "<duration>", text)


def run(case: Case) -> Record:
    """Run a case and return its record."""
    with _home() as home:
        match case:
            case Command():
                return _record(case, home, _Scrub(home, frozen=case.frozen and not case.separate))
            case Walk():
                return _walk(case, home)
            case Help():
                return help_record(_command(Command(arguments=(*case.command, "--help")), home).out)
            case Session():
                return _session(case, home)


def _command(command: Command, home: Path) -> CommandResult:
    """Run a command with its files in `home`; in this process if that is possible."""
    for name, text in command.files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
        os.utime(home / name, (MOMENT.timestamp(), MOMENT.timestamp()))
    if command.separate or command.arguments[:1] == ("exec",):  # which would replace this process
        return _separately(command, home)
    with ExitStack() as stack:
        stack.enter_context(_inside(home, command.variables))
        if command.frozen:
            stack.enter_context(_fixed_clock())
        if command.scenario:
            stack.enter_context(adapter.simulated_check(command.scenario))
        return _captured(lambda: adapter.run_main(list(command.arguments)), command.typed)


def _record(command: Command, home: Path, scrub: _Scrub) -> Record:
    """Run the command; return its result and the files that it wrote."""
    record = _ended(_command(command, home), scrub)
    for name in command.written:
        path = home / name
        record[f"file {name}"] = scrub.lines(path.read_text("utf-8")) if path.exists() else None
    return record


def _ended(done: CommandResult, scrub: _Scrub) -> Record:
    """Return the exit code and the outputs; standard output as a document if it is JSON."""
    record: Record = {"exit_code": done.code}
    document = _document(done.out)
    if document is None:
        record["stdout"] = scrub.lines(done.out)
    else:
        is_usual = done.out == json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        record["layout"] = "indented by 2" if is_usual else "other"
        record["document"] = scrub.value(document)
    record["stderr"] = scrub.lines(done.err)
    return record


def _document(text: str) -> Any:
    """Return the text as JSON, or None if it is neither an object nor a list."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _walk(case: Walk, home: Path) -> Record:
    """Walk a scenario before and after its fix; the second walk is recorded in short."""
    scrub = _Scrub(home, frozen=True)
    with _inside(home, {}), _fixed_clock():
        unfixed = adapter.walk_scenario(case.scenario, fixed=False)
        fixed = adapter.walk_scenario(case.scenario, fixed=True)
    healthy = scrub.value(json.loads(fixed.json))
    return {
        "exit_code": unfixed.exit_code,
        "document": scrub.value(json.loads(unfixed.json)),
        "text": scrub.lines(unfixed.text),
        "requests": unfixed.requests,
        "applied": scrub.value(unfixed.applied),
        "cured": {
            "exit_code": fixed.exit_code,
            "verdict": healthy["verdict"],
            "target": healthy["target"],
            "credential": healthy["credential"],
            "steps": [f"{step['id']}: {step['branch']}" for step in healthy["steps"]],
            "requests": fixed.requests,
        },
    }


def _session(case: Session, home: Path) -> Record:
    """Run commands in one folder, against a simulator in another process if there is a scenario."""
    store = home / STORE
    store.parent.mkdir(parents=True)
    shutil.copy(FOLDER / "profiles.enc", store)
    if not case.scenario:
        return _steps(case, home, {}, _Scrub(home, {OLD_KEY: "<old key>"}, frozen=True))
    with _served(case.scenario, home) as (variables, ended):
        scrub = _Scrub(
            home,
            {variables["OPENAI_API_KEY"]: "<key>", SECOND_KEY: "<second key>"},
            frozen=False,
        )
        record = _steps(case, home, variables, scrub)
    return {**record, "simulate": _ended(ended[0], scrub)}


def _steps(case: Session, home: Path, variables: Mapping[str, str], scrub: _Scrub) -> Record:
    record: Record = {}
    for number, step in enumerate(case.steps):
        known = variables if step.with_key else {}
        command = replace(step, variables={**step.variables, **known}, frozen=not case.scenario)
        record[f"{number:02} {' '.join(step.arguments)}"] = _record(command, home, scrub)
    return record


@contextmanager
def _served(scenario: str, home: Path) -> Iterator[tuple[dict[str, str], list[CommandResult]]]:
    """Run `simulate` in another process; yield its variables and a list for its result.

    The result is in the list after the context has ended.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", adapter.PACKAGE, "simulate", scenario],
        cwd=home,
        env=_environment(home, {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    ended: list[CommandResult] = []
    try:
        note = process.stderr.readline()  # comes after the lines on stdout
        lines = os.read(process.stdout.fileno(), 65_536)
        words = [shlex.split(line) for line in lines.decode().splitlines()]
        exports = [line[1].partition("=") for line in words if line[:1] == ["export"]]
        yield {name: value for name, _, value in exports}, ended
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=_TIMEOUT_S)
        code = process.returncode
        ended.append(
            CommandResult(code=code, out=(lines + out).decode(), err=(note + err).decode())
        )
    finally:
        process.kill()
        process.communicate()


def _separately(command: Command, home: Path) -> CommandResult:
    """Run a command in its own process and session, without a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", adapter.PACKAGE, *command.arguments],
        cwd=home,
        env=_environment(home, command.variables),
        input=command.typed,
        capture_output=True,
        timeout=_TIMEOUT_S,
        check=False,
        start_new_session=True,
    )
    return CommandResult(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


def _environment(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with this machine's PATH and none of its other settings.

    Profiles are in the encrypted file, because no keyring may be used and no question asked.
    """
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(adapter.root()),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "80",
        "OAI_TUI_STORE": "file",
        "OAI_TUI_PASSPHRASE_COMMAND": "echo correct horse battery staple",
        **variables,
    }


@contextmanager
def _home() -> Iterator[Path]:
    """Yield an empty folder, which is used again if nothing was written into it.

    Its path always has the same length, because the line breaks of pages depend on it.
    """
    if not _empty_homes:
        folder = "/tmp" if os.name == "posix" else None
        _empty_homes.append(tempfile.TemporaryDirectory(prefix="oai-tui-", dir=folder))
    home = _empty_homes.pop()
    try:
        yield Path(home.name)
    finally:
        if any(Path(home.name).iterdir()):
            home.cleanup()
        else:
            _empty_homes.append(home)


_empty_homes: list[tempfile.TemporaryDirectory[str]] = []


@contextmanager
def _inside(home: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Give this process that working folder and a clean environment."""
    before, folder = dict(os.environ), Path.cwd()
    thresholds, collects = gc.get_threshold(), gc.isenabled()
    clean = _environment(home, variables)
    try:
        os.environ.clear()
        os.environ.update(clean)
        os.chdir(home)
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(before)
        gc.set_threshold(*thresholds)  # the program sets its own
        if collects:
            gc.enable()


def _captured(call: Callable[[], None], typed: bytes) -> CommandResult:
    """Run a call that ends with SystemExit; `typed` is its standard input."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before = sys.stdin, sys.stdout, sys.stderr
    with _typed(typed) as stdin:
        sys.stdin, sys.stdout, sys.stderr = stdin, out, err
        try:
            call()
            code: Any = "returned"
        except SystemExit as end:
            code = end.code
        finally:
            sys.stdin, sys.stdout, sys.stderr = before
    texts = []
    for stream in (out, err):
        stream.flush()
        raw = stream.buffer
        assert isinstance(raw, io.BytesIO)
        texts.append(raw.getvalue().decode())
    return CommandResult(code=code, out=texts[0], err=texts[1])


@contextmanager
def _typed(typed: bytes) -> Iterator[io.TextIOWrapper]:
    """Make these bytes the standard input, also of descriptor 0."""
    with tempfile.TemporaryFile() as file:
        file.write(typed)
        file.seek(0)
        saved = os.dup(0)
        os.dup2(file.fileno(), 0)
        try:
            with open(0, "rb", closefd=False) as raw:
                yield io.TextIOWrapper(raw, encoding="utf-8")
        finally:
            os.dup2(saved, 0)
            os.close(saved)


class _AnyDatetime(type):
    """Makes every datetime an instance of the replacement class."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class _FixedDatetime(datetime, metaclass=_AnyDatetime):
    """A datetime whose `now` always returns MOMENT."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return MOMENT."""
        return MOMENT.astimezone(tz) if tz is not None else MOMENT.replace(tzinfo=None)


@contextmanager
def _fixed_clock() -> Iterator[None]:
    """Let the program's own modules see MOMENT as the present."""
    changed = [module for module in adapter.loaded_modules() if _has_datetime(module)]
    for module in changed:
        vars(module)["datetime"] = _FixedDatetime
    try:
        yield
    finally:
        for module in changed:
            vars(module)["datetime"] = datetime


def _has_datetime(module: Any) -> bool:
    return vars(module).get("datetime") is datetime
