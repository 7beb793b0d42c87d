"""The commented example of `check --init`, from the keys and profiles found here. Sends nothing."""

from collections.abc import Iterator, Sequence

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.redaction import Redactor, visible
from oai_tui.domain.target import DEFAULT_BASE_URL, Target
from oai_tui.services.services import Services

_HEAD = """\
# Checks for `oai-tui check --config FILE`. A key is never in this file: each check names where
# to read its key:
#   variable = "NAME"      an environment variable, such as a secret of your CI
#   profile = "NAME"       a saved profile (oai-tui profiles list)
#   source = "command:…"   a command that prints the key; also env, dotenv, codex, llm
# Without one of them the key is the one that a program started here would use.

# parallel = 4                       # checks at a time, 1 to 32

[defaults]                           # apply to every check that does not override them
timeout = 30                         # seconds per check
# models = ["gpt-6-luna"]            # models that the key must be able to use
# scopes = ["api.responses.write"]   # scopes, or endpoints such as "POST /v1/responses"
# billing = true                     # send one minimal billed request (about $0.00001) per check
# min_headroom = 0.2                 # share of the rate limits that must be left; needs billing
# min_remaining_requests = 100       # the same as a number; also min_remaining_tokens
# severity = "warning"               # report a failure, but do not change the exit code
# environment = "production"         # groups the checks in the report
"""


def example_lines(
    target: Target, credentials: Sequence[Credential], profiles: Sequence[str]
) -> Iterator[str]:
    """Yield the lines of the file: one check for each key that was found here."""
    yield from _HEAD.splitlines()
    names: set[str] = set()
    for credential in credentials:
        origin = credential.origin
        if credential.shadowed_by is not None or origin.kind not in {"environment", "dotenv"}:
            continue
        yield from _check(origin.place.partition(":")[0] or origin.name, names)
        if origin.kind == "environment":
            yield f"variable = {_quoted(origin.name)}"
        else:
            yield 'source = "dotenv"'
        yield from _settings(target)
    for profile in profiles:
        yield from _check(profile, names)
        yield f"profile = {_quoted(profile)}"
    if not names:
        yield from _check("production", names)
        yield 'variable = "OPENAI_API_KEY"'
        yield "# nothing was found here: set the variable, or name a profile"


def _check(name: str, names: set[str]) -> Iterator[str]:
    """Yield the head of a check with a name that no other check has."""
    unique, number = name, 2
    while unique in names:
        unique, number = f"{name} {number}", number + 1
    names.add(unique)
    yield ""
    yield "[[check]]"
    yield f"name = {_quoted(unique)}"


def _settings(target: Target) -> Iterator[str]:
    if target.base_url and target.base_url != DEFAULT_BASE_URL:
        yield f"base_url = {_quoted(target.base_url)}"
    if target.organization:
        yield f"organization = {_quoted(target.organization)}"
    if target.project:
        yield f"project = {_quoted(target.project)}"


def example(services: Services, profiles: Sequence[str]) -> str:
    """Return the file for this machine, redacted, ending in a newline."""
    discovered = services.discover()
    page = "\n".join(example_lines(discovered.target, discovered.credentials, profiles)) + "\n"
    return Redactor(services.known_secrets())(page)


def _quoted(text: str) -> str:
    """Return a text as a TOML string on one line."""
    escaped = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'
