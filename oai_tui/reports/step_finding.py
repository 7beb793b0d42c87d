"""What a step found, in a few words: "confirmed as OpenAI", "12 models", "clock 40 days behind".

Pure. The raw status of an answer belongs to the evidence; only a refusal keeps it in parentheses,
because people search for it.
"""

from collections.abc import Callable, Mapping

from oai_tui.domain.diagnosis import StepRecord
from oai_tui.domain.observation import Fact, FailureKind, Observation

_REFUSED: Mapping[int, str] = {
    400: "request rejected",
    401: "rejected",
    403: "not allowed",
    404: "not found",
    407: "proxy login required",
    429: "limit reached",
}
"""Status -> what it means for the request; other statuses have the words of their class."""
_REFUSED_CODES: Mapping[str, str] = {
    "insufficient_quota": "no credit left",
    "unsupported_country_region_territory": "region not supported",
    "model_not_found": "model not found",
    "rate_limit_exceeded": "rate limit reached",
}
"""Error code -> a better word than that of the status."""
_FAILED: Mapping[FailureKind, str] = {
    "dns": "name not found",
    "refused": "connection refused",
    "unreachable": "no network",
    "connect-timeout": "connection timed out",
    "read-timeout": "response timed out",
    "reset": "connection reset",
    "malformed-answer": "response is not HTTP",
    "tls-untrusted": "certificate not trusted",
    "tls-invalid": "certificate not valid",
    "tls-protocol": "TLS handshake failed",
    "proxy-unreachable": "proxy unreachable",
    "proxy-auth": "proxy login required",
    "proxy-refused": "proxy refused",
    "proxy-settings": "proxy setting invalid",
    "ca-bundle": "CA file unusable",
    "url": "URL invalid",
    "unsendable": "key can't be sent",
    "crashed": "internal error",
}
_NO_KEY: Mapping[str, str] = {
    "none": "no key found",
    "unreadable": "keyring not readable",
    "profile-missing": "profile not found",
    "not-read": "key file not read",
    "not-in-source": "no key in the place named",
}
"""The fact `credential` -> why there is no key."""
_NOT_A_KEY: Mapping[str, str] = {
    "placeholder": "not a real key",
    "other-vendor": "another provider's key",
    "admin": "admin key",
    "token": "sign-in token",
}
"""The fact `key_role` -> what the text is instead of an API key."""
_BAD_SETTING: tuple[tuple[str, str], ...] = (
    ("plain_http_to", "base URL is not encrypted"),
    ("proxy_problem", "proxy setting invalid"),
    ("ca_file", "CA file unusable"),
    ("organization_problem", "organization ID invalid"),
    ("project_problem", "project ID invalid"),
)
"""Fact -> what is wrong with the settings if it is set."""
TEST_SUBJECTS: Mapping[str, str] = {
    "plain-http": "send the key unencrypted?",
    "reach-with-v1": "with /v1",
    "reach-bare-host": "without the path",
    "reach-other-store": "with certifi's CA list",
    "reach-without-proxy": "without the proxy",
    "reach-status": "OpenAI status page",
    "clock": "compared with the server's clock",
    "gateway": "send the key there?",
    "key-cleaned": "with the cleaned key",
    "other-keys": "with the other keys",
    "key-without-proxy": "without the proxy",
    "key-without-organization": "without the organization",
    "key-without-project": "without the project",
    "key-organizations": "organizations of the key",
    "key-organizations-and-project": "organizations of the key",
    "key-on-named-host": "on the host it names",
    "key-status": "OpenAI status page",
    "inference-status": "OpenAI status page",
}
"""Step of a test -> what was different in it, in a few words."""


def subject_of_test(step: str, title: str) -> str:
    """Return what a test changes: "without the organization"; its title for an unknown step."""
    return TEST_SUBJECTS.get(step, title)


def step_finding(record: StepRecord) -> str:
    """Return what a step found, with the status and code of a refusal: one short clause.

    Examples: "confirmed as OpenAI", "accepted · 12 models", "rejected (401 invalid_api_key)".
    """
    return _finding(record, with_code=True)


def short_finding(record: StepRecord) -> str:
    """Return the same for a narrow column: a refusal has its status without the code."""
    return _finding(record, with_code=False)


def _finding(record: StepRecord, *, with_code: bool) -> str:
    observation = record.observation
    special = _SPECIAL.get(record.step)
    found = special(record) if special is not None else ""
    return found or _general(record, observation, with_code=with_code)


def _general(record: StepRecord, observation: Observation, *, with_code: bool) -> str:
    """What any step found: a failure, a refusal, an answer, or the label of its branch."""
    if record.mark == "skipped":
        return "skipped"
    if observation.failure is not None:
        return _FAILED[observation.failure]
    if observation.status is not None:
        return _answered(record, observation.status, with_code=with_code)
    return observation.answer or record.branch


def _answered(record: StepRecord, status: int, *, with_code: bool) -> str:
    if status < 300:
        return "accepted" if record.mark == "passed" else f"unexpected response ({status})"
    if status < 400:
        return f"redirected ({status})"
    error = record.observation.error
    code = (error.code or error.type) if error is not None else ""
    fallback = "server error" if status >= 500 else "rejected"
    words = _REFUSED_CODES.get(code) or _REFUSED.get(status, fallback)
    detail = f"{status} {code}" if with_code and code else str(status)
    return f"{words} ({detail})"


def _credential(record: StepRecord) -> str:
    facts = record.observation.facts
    if (missing := _NO_KEY.get(str(facts.get("credential")))) is not None:
        return missing
    last4 = str(facts.get("key_last_four", "")).replace("\n", "␊")
    key = f"…{last4}" if last4 else ""
    if record.mark != "passed" and (other := _NOT_A_KEY.get(str(facts.get("key_role")))):
        return other
    if facts.get("key_damage") in {"repairable", "unrepairable"}:
        return f"{key} malformed".strip()
    return key


def _settings(record: StepRecord) -> str:
    facts = record.observation.facts
    if record.mark == "passed":
        return "valid"
    for fact, words in _BAD_SETTING:
        if facts.get(fact):
            return words
    return "base URL invalid" if record.mark == "failed" else ""


def _reach(record: StepRecord) -> str:
    facts, observation = record.observation.facts, record.observation
    if observation.failure is not None or record.mark == "failed":
        return ""
    if record.mark == "passed" and not facts.get("own_terms"):
        if facts.get("endpoint") == "loopback":
            return "local server responds"
        if facts.get("endpoint") == "agreed":
            return "your server responds"
        is_openai = facts.get("endpoint") == "proved" or record.branch == "OpenAI"
        return "confirmed as OpenAI" if is_openai else "responds"
    server = str(facts.get("server") or "")
    return f"{server} responds" if server else "another server responds"


def _status_page(record: StepRecord) -> str:
    state = str(record.observation.facts.get("status_page", "not known"))
    return {"none": "no incident", "not known": "unknown"}.get(state, f"{state} incident")


def _clock(record: StepRecord) -> str:
    facts = record.observation.facts
    if facts.get("clock_state") == "right":
        return "clock is right"
    off = facts.get("clock_off")
    return f"clock {off}" if off else "unknown"


def _test(record: StepRecord) -> str:
    """What a test of a call found: whether the changed request works."""
    if record.mark == "passed" and record.observation.status is not None:
        return "accepted" if record.stage == "key" else "works"
    return ""


def _without_proxy(record: StepRecord) -> str:
    if record.mark != "passed":
        return ""
    is_openai = record.observation.facts.get("endpoint") == "proved"
    return "reaches OpenAI" if is_openai else "works"


def _other_store(record: StepRecord) -> str:
    return {"passed": "trusted", "failed": "not trusted either"}.get(record.mark, "unknown")


def _other_keys(record: StepRecord) -> str:
    if record.mark != "passed":
        return "rejected too"
    last4 = record.observation.facts.get("other_key_last_four")
    return f"…{last4} accepted" if last4 else "accepted"


def _agreed(record: StepRecord) -> str:
    return "yes" if record.mark == "passed" else "no"


def _key(record: StepRecord) -> str:
    seen = record.observation
    if record.mark != "passed":
        is_too_large = seen.status == 200 and seen.facts.get("body_kind") == "too-large"
        return "model list too large to read" if is_too_large else ""
    listed = seen.facts.get("models_listed")
    if listed is None:
        return "accepted"
    return f"accepted · {listed} model{'' if listed == 1 else 's'}"


def _identity(record: StepRecord) -> str:
    facts = record.observation.facts
    if record.mark != "passed":
        return "not available"
    for fact in ("project_seen", "organization_seen"):
        if value := facts.get(fact):
            return f"{fact.partition('_')[0]}: {value}"
    return str(facts.get("organizations") or "not available")


def _organizations(record: StepRecord) -> str:
    if record.mark != "passed":
        return "not available"
    return str(record.observation.facts.get("reachable_organizations") or "not available")


def _model(record: StepRecord) -> str:
    facts = record.observation.facts
    if record.mark == "skipped":
        return "no model list"
    if record.mark != "passed":
        return ""
    wanted = facts.get("model_wanted")
    if wanted:
        return f"{wanted}: available"
    chosen = facts.get("model_for_inference")
    return f"{chosen}" if chosen else "no model chosen"


def _consent(record: StepRecord) -> str:
    return "yes" if record.observation.answer == "yes" else "skipped"


def _inference(record: StepRecord) -> str:
    return "request works" if record.mark == "passed" else ""


def _limits(record: StepRecord) -> str:
    facts = record.observation.facts
    if record.mark != "passed":
        contradict = "limits_contradict" in facts
        return "contradictory rate-limit headers" if contradict else "no rate-limit headers"
    for unit in ("requests", "tokens"):
        if (limit := facts.get(f"limit_{unit}")) is not None:
            return f"{facts.get(f'remaining_{unit}', '?')} of {limit} {unit} left"
    return ""


def _keep(record: StepRecord) -> str:
    return "yes" if record.observation.answer == "save" else "not saved"


def _save(record: StepRecord) -> str:
    name: Fact | None = record.observation.facts.get("saved_as")
    return f"saved as {name}" if name and record.mark == "passed" else "not saved"


_SPECIAL: Mapping[str, Callable[[StepRecord], str]] = {
    "credential": _credential,
    "settings": _settings,
    "plain-http": _agreed,
    "reach": _reach,
    "reach-with-v1": _test,
    "reach-bare-host": _test,
    "reach-other-store": _other_store,
    "reach-without-proxy": _without_proxy,
    "reach-status": _status_page,
    "clock": _clock,
    "gateway": _agreed,
    "key": _key,
    "key-cleaned": _test,
    "other-keys": _other_keys,
    "key-without-proxy": _test,
    "key-without-organization": _test,
    "key-without-project": _test,
    "key-organizations": _organizations,
    "key-organizations-and-project": _organizations,
    "key-on-named-host": _test,
    "key-status": _status_page,
    "identity": _identity,
    "model": _model,
    "consent": _consent,
    "inference": _inference,
    "inference-status": _status_page,
    "limits": _limits,
    "keep": _keep,
    "save": _save,
}
"""Step -> the function that names its finding; "" from it leaves the general words."""
