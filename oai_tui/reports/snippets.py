"""Example calls for a saved profile, with its base URL and headers.

They never contain the key, which they read from OPENAI_API_KEY. As of openai-python 3.54,
openai-node 7.57 and 2026-11.
"""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oai_tui.credentials.export.shell_quoting import render
from oai_tui.domain.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One kind of example."""

    label: str
    """Its name in a list."""
    write: Callable[[Profile], str]
    """Returns the text for a profile, ending in a newline."""


def _headers(profile: Profile) -> list[tuple[str, str]]:
    target = profile.target
    return [
        (name, value)
        for name, value in (
            ("OpenAI-Organization", target.organization),
            ("OpenAI-Project", target.project),
        )
        if value
    ]


def _first_line(profile: Profile, program: str, comment: str = "#") -> str:
    command = f"oai-tui exec {profile.name} -- {program}"
    return f"{comment} run with the key from the keyring: {command}\n"


def _curl(profile: Profile) -> str:
    lines = [
        f"curl {shlex.quote(profile.target.base_url.rstrip('/') + '/models')}",
        '-H "Authorization: Bearer $OPENAI_API_KEY"',
    ]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _headers(profile)]
    return _first_line(profile, "bash call.sh") + " \\\n  ".join(lines) + "\n"


def _python(profile: Profile) -> str:
    target = profile.target
    options = [
        ("base_url", target.base_url),
        *([("organization", target.organization)] if target.organization else []),
        *([("project", target.project)] if target.project else []),
    ]
    arguments = "".join(f"    {name}={json.dumps(value)},\n" for name, value in options)
    return (
        _first_line(profile, "python call.py")
        + f"from openai import OpenAI\n\nclient = OpenAI(\n{arguments})\n"
        + "for model in client.models.list():\n    print(model.id)\n"
    )


def _node(profile: Profile) -> str:
    target = profile.target
    options = [
        ("baseURL", target.base_url),
        *([("organization", target.organization)] if target.organization else []),
        *([("project", target.project)] if target.project else []),
    ]
    arguments = "".join(f"  {name}: {json.dumps(value)},\n" for name, value in options)
    return (
        _first_line(profile, "node call.mjs", "//")
        + f'import OpenAI from "openai";\n\nconst client = new OpenAI({{\n{arguments}}});\n'
        + "for await (const model of client.models.list()) console.log(model.id);\n"
    )


def _settings(profile: Profile) -> list[tuple[str, str]]:
    target = profile.target
    return [
        (name, value)
        for name, value in (
            ("OPENAI_BASE_URL", target.base_url),
            ("OPENAI_ORG_ID", target.organization),
            ("OPENAI_PROJECT_ID", target.project),
        )
        if value
    ]


def _dotenv(profile: Profile) -> str:
    try:
        return _first_line(profile, "COMMAND") + render("dotenv", dict(_settings(profile)))
    except ValueError as problem:
        return f"# {problem}\n"


def _github(profile: Profile) -> str:
    lines = [
        "# once, from a machine with the profile: "
        f"keyring get oai-tui {profile.name} | gh secret set OPENAI_API_KEY",
        "- run: oai-tui check",
        "  env:",
        "    OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}",
        *(f"    {name}: {json.dumps(value)}" for name, value in _settings(profile)),
    ]
    return "\n".join(lines) + "\n"


SNIPPETS: Mapping[str, Snippet] = {
    "curl": Snippet(label="curl", write=_curl),
    "python": Snippet(label="Python", write=_python),
    "node": Snippet(label="Node", write=_node),
    "dotenv": Snippet(label=".env", write=_dotenv),
    "github": Snippet(label="GitHub Actions", write=_github),
}
