"""All recorded cases by id; the part of an id before the first "/" is the group.

The input texts of `explain` are in recordings/explain_inputs.json, a profile saved by an earlier
version in recordings/profiles.enc.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from .storage import FOLDER

STORE = ".local/share/oai-tui/profiles.enc"
"""The encrypted file of profiles, below the home folder."""
KEY = "sk-proj-" + "a" * 74 + "T3Blb" + "kFJ" + "b" * 73 + "A"
OTHER_KEY = "sk-proj-" + "c" * 74 + "T3Blb" + "kFJ" + "d" * 73 + "E"
OLD_KEY = "sk-proj-" + "e" * 74 + "T3Blb" + "kFJ" + "e" * 74
"""The key of the profile "old" in profiles.enc."""
_KEY = {"OPENAI_API_KEY": KEY}
_CLOSED = "http://127.0.0.1:1/v1"
"""The base URL of a closed port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command line.

    `typed`: standard input.
    `variables`: added to the environment.
    `files`: written before the run; name in the home folder -> text.
    `written`: names of files that the command writes.
    `scenario`: the simulated API that answers `check`, "" for the real network.
    `separate`: run in another process.
    `frozen`: the program sees one fixed time; in this process only.
    `with_key`: in a session, run with the key and the settings of the scenario.
    """

    arguments: tuple[str, ...]
    typed: bytes = b""
    variables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    scenario: str = ""
    separate: bool = False
    frozen: bool = True
    with_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Two walks over a scenario as in the wizard, saving included: before and after the fix."""

    scenario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """The options on the --help page of a command."""

    command: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Commands that run one after the other in one folder, with the saved profile "old".

    `scenario`: the scenario that `simulate` serves at the same time, "" for none.
    """

    scenario: str
    steps: tuple[Command, ...]


Case = Command | Walk | Help | Session

_SCENARIOS = """
all-good key-missing key-malformed key-malformed-smart-quotes key-malformed-zero-width-space
key-placeholder key-other-provider key-invalid key-expired key-shadowed key-admin-on-inference
key-chatgpt-token token-expired key-ephemeral account-deactivated auth-header-malformed
auth-header-replaced-by-proxy auth-header-stripped key-not-admin session-key-required
organization-mismatch organization-invalid project-mismatch project-unavailable
project-unavailable-named resource-elsewhere organization-membership scope-missing
scope-missing-models restricted-key-works ip-not-allowed client-certificate-required
country-unsupported regional-host-wrong verification-required model-not-allowed model-not-found
model-retired model-wrong-endpoint request-rejected quota-exhausted quota-exhausted-prepaid
billing-inactive billing-hard-limit spend-limit-project spend-limit-organization
usage-limit-organization rate-limit-requests rate-limit-tokens request-too-large limit-zero
slow-down service-overloaded service-error service-edge-error base-url-wrong other-server-answered
gateway-works network-filter-blocked proxy-interference edge-blocked dns-failure
connection-refused connection-timeout network-unreachable response-timeout connection-reset
tls-untrusted tls-certificate-invalid tls-not-yet-valid clock-skew tls-wrong-name tls-protocol
proxy-unreachable proxy-auth-required proxy-misconfigured ca-bundle-broken keyring-unavailable
keyring-locked keyring-failed unknown
"""
SCENARIOS = tuple(_SCENARIOS.split())
"""If scenarios are added, the case "command/simulate --list" fails."""

_COMMANDS = "check explain causes keys exec env whoami profiles completion simulate tree"
_PROFILES = "list show use set rename delete import rotate verify"
"""Subcommands of `profiles`."""

QUOTA = (
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current "
    "quota', 'type': 'insufficient_quota', 'code': 'insufficient_quota'}}"
)
_BINARY = bytes(range(256)) * 40
_RAW_INPUTS = {
    "not UTF-8": QUOTA.encode().replace(b"quota", b"quota \xe9\xff"),
    "UTF-16": QUOTA.encode("utf-16-le"),
    "zeros": QUOTA.encode() + b"\0" * 5000,
    "binary around": _BINARY + b"\n" + QUOTA.encode() + b"\n" + _BINARY,
    "long line": b"x" * 100_000 + b" " + QUOTA.encode() + b" " + b"y" * 100_000,
    "escape sequences": b"\x1b[2J\x1b]0;title\x07" + QUOTA.encode(),
    "mark": b"\xef\xbb\xbf" + QUOTA.encode(),
    "keys": f"{QUOTA} {KEY[8:]} {OTHER_KEY} somebody@example.com".encode(),
}


def _explained() -> Iterator[tuple[str, Case]]:
    """Yield a case with --json for every text, and one without for the first of each kind."""
    texts: dict[str, str] = json.loads((FOLDER / "explain_inputs.json").read_text("utf-8"))
    inputs = {name: text.encode() for name, text in texts.items()}
    inputs |= {f"raw/{name}": raw for name, raw in _RAW_INPUTS.items()}
    for name, raw in inputs.items():
        variables = _KEY if name == "raw/keys" else {}
        case = Command(arguments=("explain", "--json"), typed=raw, variables=variables)
        yield f"explain/{name}", case
        is_first = name.startswith("wording/") and name.endswith("-1")
        if is_first or name.startswith(("sample/", "log/", "text/", "raw/")):
            yield f"page/{name}", replace(case, arguments=("explain",))


def _scenarios() -> Iterator[tuple[str, Case]]:
    for name in SCENARIOS:
        arguments = ("check", "--inference", "--json")
        yield f"scenario/{name}/check", Command(arguments=arguments, scenario=name)
        yield f"scenario/{name}/walk", Walk(scenario=name)
    for name, more in _CHECKS.items():
        scenario, _, variant = name.partition(" ")
        command = Command(arguments=("check", *more.split()), scenario=scenario)
        yield f"scenario/{scenario}/check {variant}", command


_CHECKS = {
    "all-good text": "",
    "all-good text billed": "--inference",
    "all-good in colour": "--color always",
    "all-good models": "--json --model gpt-4o-mini --require-model gpt-4o-mini",
    "all-good no such model": "--json --require-model gpt-0-nothing",
    "all-good only reach": "--json --only reach",
    "all-good only key": "--json --only key",
    "all-good only model": "--json --only model --model gpt-4o-mini",
    "all-good status": "--json --status",
    "all-good foreign organization": "--json --organization org-fake --project proj_fake",
    "gateway-works agreed": "--json --inference --base-url https://llm.example.com/openai/v1",
    "quota-exhausted unbilled": "--json",
    "quota-exhausted text": "--inference",
    "regional-host-wrong text": "",
    "dns-failure text": "",
    "service-error text": "--inference",
    "organization-mismatch text": "",
    "key-missing text": "",
    "tls-untrusted in colour": "--color always",
}
"""Name of a scenario and a variant -> further arguments of `check`."""


def _line(arguments: str, **more: object) -> Command:
    return Command(arguments=tuple(arguments.split()), **more)  # type: ignore[arg-type]


_PLAIN = """
tree --format json|tree --format text|tree --format mermaid|tree|causes|causes --json
causes key-invalid|causes quota-exhausted|causes tls-untrusted|causes client-fault|causes unknown
causes key-invalid --json|simulate --list|--version|-V|completion bash|completion zsh
completion fish|completion powershell|keys|keys --json|keys --no-profiles|keys --program codex
keys --program llm --json|check|check --json|check --inference --json|check --source env --json
check --source dotenv --json|check --source stdin --json|check --source codex --json
check --source llm --json|check --all|check --all --json|check --profile nobody --json|whoami
whoami --json|whoami nobody|profiles list|profiles list --json|profiles show nobody
profiles show nobody --json|profiles use|profiles use nobody|profiles use --none
profiles set nobody --note words|profiles rename nobody somebody|profiles delete nobody --yes
profiles verify --all|profiles verify --all --json|profiles verify nobody|profiles import work
profiles import work --json|profiles rotate nobody|env nobody|env nobody --shell fish
exec nobody -- true|explain error.txt|explain --json error.txt|explain --color always error.txt
check --source command:false --json|check --source command:no-such-program --json
"""
"""Command lines without usage errors, in an empty environment."""

_USAGE = """
--nonsense|nonsense|chekc|--demo|--demo nowhere|--demo organisation-mismatch|--demo all-good
--demo all-good check|check --nonsense|check word|check --api-key x|check --token x
check --timeout soon|check --timeout nan|check --timeout 0|check --timeout -5|check --timeout 9999
check --timeout|check --only modell|check --only save|check --source clipboard
check --source command:|check --source command-shell:|check --source env --profile work
check --all --profile work|check --all --status|check --format xml|check --color blue
check --output .|check --output nowhere/report.json|explain|explain -|explain --json
explain nowhere.log|explain .|explain /dev/null/x|explain a.log b.log|explain --format xml
explain --output .|explain --output nowhere/report.json|causes key-invalit|causes zzz|causes a b
causes --nonsense|keys --program emacs|keys word|exec|exec work|exec work --|exec -- true
env --shell tcsh|env --shell github|env a b|env|whoami --timeout 0|whoami a b|profiles
profiles nonsense|profiles show|profiles show --json --snippet curl|profiles show --snippet perl
profiles use work --none|profiles set|profiles set work|profiles set work --rotate-days -1
profiles set work --expires tomorrow|profiles rename|profiles rename work|profiles rename a b c
profiles delete|profiles delete work|profiles import|profiles import --source clipboard work
profiles import work --timeout 0|profiles rotate|profiles verify --all work|profiles verify
completion|completion tcsh|simulate qota-exhausted|simulate zzz|simulate --port many
simulate --port 70000|simulate a b|tree --format png|tree word|-h -x|check -x|--demo=
"""

_DOTENV = f"# mine\nOPENAI_API_KEY={OTHER_KEY}\nOPENAI_BASE_URL={_CLOSED}\nOPENAI_API_BASE=x\n"
_START_FILE = f"export OPENAI_API_KEY='{OTHER_KEY}'\nexport OPENAI_ORG_ID=org-fake\n"
_CODEX = json.dumps({"OPENAI_API_KEY": OTHER_KEY, "tokens": None})
_BASE_URLS = (
    "",
    "not a url",
    "api.openai.com/v1",
    "ftp://example.com",
    "https://",
    "https://exa mple/",
    "https://h:99999/v1",
    "https://[::1",
    f"https://{'a' * 70}.example",
    _CLOSED,
)


def _command_lines() -> Iterator[tuple[str, Case]]:
    error = {"error.txt": QUOTA + "\n"}
    for words in (*_split(_PLAIN), *_split(_USAGE)):
        yield (
            f"command/{words or '(none)'}",
            _line(words, files=error if "error.txt" in words else {}),
        )
    for url in _BASE_URLS:
        arguments = ("check", "--json", "--base-url", url)
        yield f"command/base URL {url}", Command(arguments=arguments, variables=_KEY)
    for name, command in _SPECIAL.items():
        yield f"command/{name}", command


def _split(lines: str) -> list[str]:
    return [words for line in lines.strip().splitlines() for words in line.split("|")]


_SURROUNDED = {
    "variables": {**_KEY, "OPENAI_ORG_ID": "org-fake", "OPENAI_API_BASE": "x"},
    "files": {".env": _DOTENV, ".bashrc": _START_FILE, ".codex/auth.json": _CODEX},
}
_COMPLETES = {"_OAI_TUI_COMPLETE": "bash_complete"}

_SPECIAL: dict[str, Command] = {
    "no arguments": Command(arguments=()),
    "empty argument": Command(arguments=("",)),
    "key as a command": Command(arguments=(KEY,)),
    "key as an argument": Command(arguments=("check", KEY)),
    "key as an option": Command(arguments=("check", f"--{KEY}")),
    "key as a value": Command(arguments=("check", f"--model={KEY}")),
    "key of the environment in an argument": Command(
        arguments=("check", "--model", "a-key-of-no-shape-1"),
        variables={"OPENAI_API_KEY": "a-key-of-no-shape-1"},
    ),
    "key of no known shape": Command(arguments=("check", "Zq9" * 12)),
    "key to explain": Command(arguments=("explain", KEY)),
    "text to explain": Command(arguments=("explain", "Error code: 401 - bad key")),
    "blanks to explain": Command(arguments=("explain",), typed=b"\n \n\t"),
    "mark alone to explain": Command(arguments=("explain",), typed=b"\xef\xbb\xbf"),
    "zeros to explain": Command(arguments=("explain",), typed=b"\0\0"),
    "explained into a file": Command(
        arguments=("explain", "--output", "page.txt"), typed=QUOTA.encode(), written=("page.txt",)
    ),
    "checked into a file": _line("check --output page.txt", written=("page.txt",)),
    "keys around": _line("keys", **_SURROUNDED),
    "keys around as JSON": _line("keys --json --program codex", **_SURROUNDED),
    "check of a closed port": _line(
        "check --json --inference", variables={**_KEY, "OPENAI_BASE_URL": _CLOSED}
    ),
    "check of a closed port as text": _line(
        "check", variables={**_KEY, "OPENAI_BASE_URL": _CLOSED}
    ),
    "check of a .env": _line("check --json", files={".env": _DOTENV}),
    "check of a .env that is not meant": _line(
        "check --json --source env", files={".env": _DOTENV}
    ),
    "check of a .env of garbage": _line(
        "check --json --source dotenv", files={".env": "OPENAI_API_KEY\x00='\n" * 3}
    ),
    "check of standard input": _line(
        f"check --json --source stdin --base-url {_CLOSED}", typed=KEY.encode() + b"\n"
    ),
    "check of too much standard input": _line("check --json --source stdin", typed=b"x" * 100_000),
    "check of a command": Command(
        arguments=("check", "--json", "--source", "command:cat key", "--base-url", _CLOSED),
        files={"key": KEY + "\n"},
    ),
    "check of a shell command": Command(
        arguments=("check", "--json", "--source", "command-shell:cat key | head -n 1"),
        files={"key": OTHER_KEY + "\n"},
        variables={"OPENAI_BASE_URL": _CLOSED},
    ),
    "check of all keys around": _line(
        "check --all --json",
        variables={**_KEY, "OPENAI_BASE_URL": _CLOSED},
        files={".env": _DOTENV},
    ),
    "check of all keys around as text": _line(
        "check --all", variables={**_KEY, "OPENAI_BASE_URL": _CLOSED}, files={".env": _DOTENV}
    ),
    "whoami at a closed port": _line("whoami", variables={**_KEY, "OPENAI_BASE_URL": _CLOSED}),
    "unknown store": _line("profiles list", variables={"OAI_TUI_STORE": "drawer"}),
    "check with an unknown store": _line(
        "check --json --profile work", variables={"OAI_TUI_STORE": "drawer"}
    ),
    "damaged store": _line("profiles list", files={STORE: "damaged\n"}),
    "unreadable rotation policy": _line(
        "profiles list", variables={"OAI_TUI_ROTATE_DAYS": "often"}
    ),
    "default profile that is not there": _line(
        "check --json", variables={"OAI_TUI_PROFILE": "nobody"}
    ),
    "colours by a variable": _line("causes", variables={"FORCE_COLOR": "1"}),
    "colours by two variables": _line("causes", variables={"FORCE_COLOR": "1", "NO_COLOR": "1"}),
    "ASCII output": _line("tree", variables={"PYTHONIOENCODING": "ascii"}, separate=True),
    "ASCII page": _line("check", variables={"PYTHONIOENCODING": "ascii"}, separate=True),
    "in another process": Command(
        arguments=("explain", "--json"), typed=QUOTA.encode(), separate=True
    ),
    "usage error in another process": _line("check --nonsense", separate=True),
    "completes commands": Command(
        arguments=(), variables={**_COMPLETES, "COMP_WORDS": "oai-tui c", "COMP_CWORD": "1"}
    ),
    "completes options": Command(
        arguments=(), variables={**_COMPLETES, "COMP_WORDS": "oai-tui check --", "COMP_CWORD": "2"}
    ),
    "completes formats": Command(
        arguments=(),
        variables={**_COMPLETES, "COMP_WORDS": "oai-tui tree --format ", "COMP_CWORD": "3"},
    ),
}

_KEPT_STEPS: tuple[Command, ...] = (
    _line("profiles list"),
    _line("profiles list --json"),
    _line("profiles show old"),
    _line("profiles show old --json"),
    _line("profiles show old --snippet python"),
    _line("env old --shell bash"),
    _line("profiles use old"),
    _line("profiles use"),
    _line("profiles set old --note mine --rotate-days 10 --expires 2026-12-24"),
    _line("profiles list"),
    _line("profiles list --json"),
    _line("profiles show"),
    _line("keys"),
    _line("keys --json"),
    _line("profiles list", variables={"OAI_TUI_PASSPHRASE_COMMAND": "echo wrong passphrase"}),
    _line("profiles rename old older"),
    _line("profiles delete older"),
    _line("profiles delete older --yes"),
    _line("profiles use"),
    _line("profiles list"),
)

_PROFILE_STEPS: tuple[Command, ...] = (
    _line("profiles delete old --yes"),
    _line("check --json --inference", with_key=True),
    _line("whoami", with_key=True),
    _line("whoami --json", with_key=True),
    _line("profiles import two,words --json", with_key=True),
    _line("profiles import work --json", with_key=True),
    _line("profiles import work --json", with_key=True),
    _line("profiles import second --inference", with_key=True),
    _line("profiles set work --note mine --rotate-days 90"),
    _line("profiles list"),
    _line("profiles list --json"),
    _line("profiles show work"),
    _line("profiles show work --json"),
    _line("profiles show work --snippet curl"),
    _line("profiles show work --snippet python"),
    _line("profiles show work --snippet node"),
    _line("profiles show work --snippet dotenv"),
    _line("profiles show work --snippet github"),
    _line("profiles use work"),
    _line("whoami"),
    _line("whoami work --json"),
    _line("check --json"),
    _line("check --profile work"),
    _line("check --all --json"),
    _line("profiles verify --all"),
    _line("profiles verify work --json"),
    _line("env work --shell bash"),
    _line("env --shell fish"),
    _line("env work --shell powershell"),
    _line("env work --shell cmd"),
    _line("env work --shell dotenv"),
    Command(arguments=("exec", "work", "--", "sh", "-c", "echo $OPENAI_BASE_URL; exit 7")),
    _line("exec work -- no-such-program-here"),
    _line("profiles rename work second"),
    _line("profiles rename work office"),
    _line("profiles use"),
    Command(arguments=("profiles", "rotate", "office", "--source", "stdin"), typed=b"not a key\n"),
    _line("profiles delete office --yes"),
    _line("profiles list"),
)


def _all_cases() -> Iterator[tuple[str, Case]]:
    yield from _scenarios()
    yield from _explained()
    yield from _command_lines()
    yield "help/", Help(command=())
    yield from ((f"help/{name}", Help(command=(name,))) for name in _COMMANDS.split())
    for name in _PROFILES.split():
        yield f"help/profiles {name}", Help(command=("profiles", name))
    yield "session/kept profile", Session(scenario="", steps=_KEPT_STEPS)
    yield "session/profiles", Session(scenario="all-good", steps=_PROFILE_STEPS)
    check = _line("check --inference", with_key=True)
    save = _line("profiles import work", with_key=True)
    yield "session/refused", Session(scenario="quota-exhausted", steps=(check, save))


_LISTED = tuple(_all_cases())
CASES: dict[str, Case] = dict(_LISTED)
assert len(CASES) == len(_LISTED), "two cases have the same id"
GROUPS = tuple(dict.fromkeys(name.partition("/")[0] for name in CASES))
