"""Ready calls for a saved profile: the right address and headers, and never the key, which each takes from OPENAI_API_KEY. Pure. As of openai-python 3.54, openai-node 7.57 and 2026-11."""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oai_tui.credentials.export.shell_quoting import render
from oai_tui.domain.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One form. `label`: for a list; `write`: the profile -> text that ends in a newline."""

    label: str
    write: Callable[[Profile], str]


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


def _start(profile: Profile, program: str, mark: str = "#") -> str:
    return (
        f"{mark} OPENAI_API_KEY comes from the keyring: oai-tui exec {profile.name} -- {program}\n"
    )


def _curl(profile: Profile) -> str:
    lines = [
        f"curl {shlex.quote(profile.target.base_url.rstrip('/') + '/models')}",
        '-H "Authorization: Bearer $OPENAI_API_KEY"',
    ]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _headers(profile)]
    return _start(profile, "bash call.sh") + " \\\n  ".join(lines) + "\n"


def _python(profile: Profile) -> str:
    target = profile.target
    given = [
        ("base_url", target.base_url),
        *([("organization", target.organization)] if target.organization else []),
        *([("project", target.project)] if target.project else []),
    ]
    arguments = "".join(f"    {name}={json.dumps(value)},\n" for name, value in given)
    return (
        _start(profile, "python call.py")
        + f"from openai import OpenAI\n\nclient = OpenAI(\n{arguments})\nfor model in client.models.list():\n    print(model.id)\n"
    )


def _node(profile: Profile) -> str:
    target = profile.target
    given = [
        ("baseURL", target.base_url),
        *([("organization", target.organization)] if target.organization else []),
        *([("project", target.project)] if target.project else []),
    ]
    arguments = "".join(f"  {name}: {json.dumps(value)},\n" for name, value in given)
    return (
        _start(profile, "node call.mjs", "//")
        + f'import OpenAI from "openai";\n\nconst client = new OpenAI({{\n{arguments}}});\nfor await (const model of client.models.list()) console.log(model.id);\n'
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
        return _start(profile, "COMMAND") + render("dotenv", dict(_settings(profile)))
    except ValueError as problem:
        return f"# {problem}\n"


def _github(profile: Profile) -> str:
    lines = [
        f"# once, from a machine with the profile: keyring get oai-tui {profile.name} | gh secret set OPENAI_API_KEY",
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
