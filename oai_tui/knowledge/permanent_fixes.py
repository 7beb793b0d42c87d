"""The lines that make a change of one run permanent: in a shell, a .env file, code or a profile.

The lines for the place that set the old value are in setting_lines.py.

As of 2026-11-23, openai-python 3 and openai-node 7. Placeholders: `{value}` the new value,
`{quoted}` the same quoted for a shell, `{literal}` the same as a string in code, `{file}` and
`{line}` the position of the old value, `{profile}` the profile's name, `{host}` the host of the
base URL, `{no_proxy}` the variable with the hosts that are called without a proxy.
"""

from dataclasses import dataclass

from oai_tui.domain.target import ChangeKind, OriginKind
from oai_tui.knowledge.setting_lines import SettingPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way to make a change permanent."""

    change: ChangeKind
    where: SettingPlace
    text: str
    """The line, with placeholders."""
    origin: OriginKind | None = None
    """The line is offered only if the old value came from here; None: from anywhere."""


LINES: tuple[Line, ...] = (
    Line(change="unset-organization", where="shell", text="unset OPENAI_ORG_ID"),
    Line(
        change="unset-organization",
        where="dotenv",
        text="Delete the line that starts with OPENAI_ORG_ID=",
    ),
    Line(
        change="unset-organization", where="code", text="client = OpenAI()  # without organization="
    ),
    Line(change="use-organization", where="shell", text="export OPENAI_ORG_ID={quoted}"),
    Line(change="use-organization", where="dotenv", text="OPENAI_ORG_ID={value}"),
    Line(change="use-organization", where="code", text="client = OpenAI(organization={literal})"),
    Line(change="unset-project", where="shell", text="unset OPENAI_PROJECT_ID"),
    Line(
        change="unset-project",
        where="dotenv",
        text="Delete the line that starts with OPENAI_PROJECT_ID=",
    ),
    Line(change="unset-project", where="code", text="client = OpenAI()  # without project="),
    Line(change="use-base-url", where="shell", text="export OPENAI_BASE_URL={quoted}"),
    Line(change="use-base-url", where="dotenv", text="OPENAI_BASE_URL={value}"),
    Line(change="use-base-url", where="code", text="client = OpenAI(base_url={literal})"),
    Line(
        change="use-cleaned-key",
        where="dotenv",
        origin="dotenv",
        text=(
            "Change line {line} of {file} to OPENAI_API_KEY= and the key, with nothing before or "
            "after it."
        ),
    ),
    Line(
        change="use-cleaned-key",
        where="profile",
        text="Save the cleaned key as a profile, and start programs from it.",
    ),
    Line(
        change="use-cleaned-key",
        where="shell",
        text='eval "$(oai-tui env {profile})"',
    ),
    Line(
        change="use-cleaned-key",
        where="code",
        text='client = OpenAI(api_key=os.environ["OPENAI_API_KEY"].strip())',
    ),
    Line(
        change="use-other-key",
        where="profile",
        text="Save the working key as a profile, and start programs from it.",
    ),
    Line(
        change="use-other-key",
        where="code",
        text="load_dotenv(override=True)  # the .env file overrides the environment",
    ),
    Line(
        change="skip-proxy",
        where="shell",
        text='export {no_proxy}="${no_proxy},{host}"',
    ),
    Line(
        change="skip-proxy",
        where="dotenv",
        text="# remove lines that start with HTTPS_PROXY=, HTTP_PROXY= or ALL_PROXY=",
    ),
    Line(
        change="skip-proxy",
        where="code",
        text=(
            'os.environ["{no_proxy}"] = os.environ.get("{no_proxy}", "") + ",{host}"  # before '
            "the client is created"
        ),
    ),
    Line(change="use-model", where="code", text="client.responses.create(model={literal}, …)"),
)
"""In the order in which they are offered. A line with an unknown placeholder is left out."""
