"""What OPENAI_CUSTOM_HEADERS sets in place of other variables: the key, organization, project.

Both SDKs add its lines to every request and let them override their own headers (openai-python
2.34.0, 2026-05; openai-node 7.5.0). Older Python SDKs ignore the variable.
"""

from collections.abc import Mapping, Sequence

from oai_tui.credentials.sources import env_names
from oai_tui.credentials.sources.variable_setting import VariableSetting
from oai_tui.domain.custom_headers import faults_of, headers_of

OVERRIDES: Mapping[str, str] = {
    "authorization": env_names.KEYS[0],
    "openai-organization": "OPENAI_ORG_ID",
    "openai-project": "OPENAI_PROJECT_ID",
}
"""Header, in lower case, to the variable that it overrides."""
_BEARER = "bearer "


def overriding_settings(effective: Mapping[str, VariableSetting]) -> list[VariableSetting]:
    """Return a setting for each variable that a custom header overrides, with the header's origin.

    An Authorization header without a bearer token has no key.
    """
    source = effective.get(env_names.HEADERS)
    if source is None or not source.value:
        return []
    headers = headers_of(source.value)
    settings = []
    for header, variable in OVERRIDES.items():
        value = headers.get(header, "")
        if header == "authorization":
            value = value[len(_BEARER) :].strip() if value.lower().startswith(_BEARER) else ""
        if value:
            settings.append(VariableSetting(name=variable, value=value, origin=source.origin))
    return settings


def override_notes(effective: Mapping[str, VariableSetting], place: str) -> Sequence[str]:
    """Return sentences about the variable, which is set at `place`; none if it is not."""
    source = effective.get(env_names.HEADERS)
    if source is None or not source.value:
        return ()
    headers = headers_of(source.value)
    used = {setting.name for setting in overriding_settings(effective)}
    notes = [
        (
            f"{env_names.HEADERS} ({place}) adds headers to every call of the official SDKs; "
            "this check sends only its Authorization, OpenAI-Organization and OpenAI-Project"
        )
    ]
    notes += [
        (
            f"{env_names.HEADERS} ({place}): {fault}. The official SDKs fail on it before they "
            "send anything; correct the line, or delete it"
        )
        for fault in faults_of(source.value)
    ]
    if "authorization" in headers:
        key = OVERRIDES["authorization"]
        action = "this check uses that key" if key in used else "it has no bearer token"
        notes.append(
            f"{env_names.HEADERS} sets Authorization, which overrides the key in {key}: {action}"
        )
    for header, name in (("openai-organization", "Organization"), ("openai-project", "Project")):
        if (variable := OVERRIDES[header]) in used:
            notes.append(
                f"{env_names.HEADERS} sets OpenAI-{name}, which overrides {variable}: "
                "this check sends the header's value"
            )
    return notes
