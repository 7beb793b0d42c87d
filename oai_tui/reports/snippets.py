"""Example calls for a saved profile, with its base URL and headers.

They send a short prompt to the model that the profile is known to work with, or list the models
where none is known. They never contain the key, which they read from OPENAI_API_KEY. As of
openai-python 3.54, openai-node 7.57 and 2026-11.
"""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oai_tui.credentials.export.shell_quoting import render
from oai_tui.domain.profile import Profile
from oai_tui.domain.target import DEFAULT_BASE_URL

_PROMPT = "Say hello."
_MESSAGE = {"role": "user", "content": _PROMPT}


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
    return f"{comment} Run with the profile's key: {command}\n"


def _model(profile: Profile) -> str:
    """Return the model to call, "" if none is known to work with this key."""
    return profile.model or profile.target.model or ""


def _has_responses(profile: Profile) -> bool:
    """Return True where the Responses API is known to exist: many gateways lack it."""
    return profile.target.is_openai


def _curl(profile: Profile) -> str:
    model = _model(profile)
    path: str = "/models"
    body: dict[str, object] = {}
    if model and _has_responses(profile):
        path, body = "/responses", {"model": model, "input": _PROMPT}
    elif model:
        path, body = "/chat/completions", {"model": model, "messages": [_MESSAGE]}
    lines = [
        f"curl {shlex.quote(profile.target.base_url.rstrip('/') + path)}",
        '-H "Authorization: Bearer $OPENAI_API_KEY"',
    ]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _headers(profile)]
    if body:
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(body))}"]
    return _first_line(profile, "bash call.sh") + " \\\n  ".join(lines) + "\n"


def _options(profile: Profile, base_url: str) -> list[tuple[str, str]]:
    """Return the arguments of a client that differ from its defaults; `base_url` is one's name."""
    target = profile.target
    options = [(base_url, target.base_url)] if target.base_url != DEFAULT_BASE_URL else []
    options += [("organization", target.organization)] if target.organization else []
    options += [("project", target.project)] if target.project else []
    return options


def _python(profile: Profile) -> str:
    arguments = "".join(
        f"    {name}={json.dumps(value)},\n" for name, value in _options(profile, "base_url")
    )
    client = f"client = OpenAI(\n{arguments})\n" if arguments else "client = OpenAI()\n"
    model = json.dumps(_model(profile))
    if not _model(profile):
        call = "for model in client.models.list():\n    print(model.id)\n"
    elif _has_responses(profile):
        call = (
            f"response = client.responses.create(model={model}, input={json.dumps(_PROMPT)})\n"
            "print(response.output_text)\n"
        )
    else:
        call = (
            "completion = client.chat.completions.create(\n"
            f"    model={model},\n    messages=[{json.dumps(_MESSAGE)}],\n)\n"
            "print(completion.choices[0].message.content)\n"
        )
    return _first_line(profile, "python call.py") + f"from openai import OpenAI\n\n{client}" + call


def _node(profile: Profile) -> str:
    arguments = "".join(
        f"  {name}: {json.dumps(value)},\n" for name, value in _options(profile, "baseURL")
    )
    client = f"new OpenAI({{\n{arguments}}})" if arguments else "new OpenAI()"
    model = json.dumps(_model(profile))
    if not _model(profile):
        call = "for await (const model of client.models.list()) console.log(model.id);\n"
    elif _has_responses(profile):
        call = (
            "const response = await client.responses.create({\n"
            f"  model: {model},\n  input: {json.dumps(_PROMPT)},\n}});\n"
            "console.log(response.output_text);\n"
        )
    else:
        call = (
            "const completion = await client.chat.completions.create({\n"
            f"  model: {model},\n  messages: [{json.dumps(_MESSAGE)}],\n}});\n"
            "console.log(completion.choices[0].message.content);\n"
        )
    return (
        _first_line(profile, "node call.mjs", "//")
        + f'import OpenAI from "openai";\n\nconst client = {client};\n'
        + call
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
        "# Once, from a machine with the profile: "
        f"oai-tui exec {profile.name} -- sh -c "
        "'printf %s \"$OPENAI_API_KEY\" | gh secret set OPENAI_API_KEY'",
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
