"""Combine the verdict of a check with what an admin key sees of the same key.

What the API leaves open ("mistyped, revoked, deleted or disabled") is certain once the key is
found, or is known not to exist.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from oai_tui.diagnosis.verdict import first_symptom
from oai_tui.domain.cause import Catalogue, Fix
from oai_tui.domain.diagnosis import Retry, Verdict
from oai_tui.domain.observation import Observation
from oai_tui.domain.owner_view import OwnedKey, OwnerView, SpendLimit

_KEY_FAMILIES = frozenset({"key", "organization-and-project"})
_REFUSED = frozenset(
    {
        "key-invalid",
        "key-expired",
        "organization-membership",
        "organization-invalid",
        "organization-mismatch",
        "project-mismatch",
        "project-unavailable",
        "unknown",
    }
)
"""Causes of a check that what the admin API says about the key itself can explain better."""
_MODEL_CAUSES = frozenset({"model-not-allowed", "model-not-found"})
_SPEND_LIMITS = frozenset({"spend-limit-organization", "spend-limit-project"})
_REASONS_OPEN = frozenset({"key-invalid"})
"""Causes that are certain, and leave open why: a deleted and a mistyped key look the same."""
_REJECTIONS = (
    "key-invalid",
    "key-expired",
    "ip-not-allowed",
    "country-unsupported",
    "client-certificate-required",
    "regional-host-wrong",
    "account-deactivated",
    "scope-missing",
    "rate-limit-requests",
    "service-overloaded",
    "service-error",
    "response-timeout",
    "connection-timeout",
    "connection-refused",
    "connection-reset",
    "dns-failure",
)
"""Causes of a refused admin call, in the order in which their symptoms are compared."""
_ABOUT_THE_ADMIN_KEY = frozenset({"key", "organization-and-project", "permission"})
"""Families of causes in which the admin API judged the admin key. A 429 or a 500 says nothing
about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerQuestion:
    """What is judged.

    listed_kind: False for a kind of key that the admin API does not list (legacy user keys).
    model: the model that the check wanted, or "".
    ends: the key masked ("sk-proj-…wxyz"), or "" if none is looked for.
    works: the check found that this key works.
    """

    view: OwnerView
    now: datetime
    catalogue: Catalogue
    listed_kind: bool = True
    model: str = ""
    ends: str = ""
    works: bool = False


def can_settle(verdict: Verdict) -> bool:
    """Return True if an admin key may show what the check of an OpenAI key leaves open."""
    settled = _REFUSED | _MODEL_CAUSES | _SPEND_LIMITS | {"client-certificate-required"}
    return (
        verdict.outcome == "problem"
        and verdict.cause in settled
        and (verdict.confidence != "certain" or verdict.cause in _REASONS_OPEN)
    )


def sentence(question: OwnerQuestion) -> str:
    """Return in one or two sentences what the admin API says about the key; "" for no answer."""
    view = question.view
    if view.rejected is not None:
        return ""
    if len(view.matches) > 1:
        names = ", ".join(dict.fromkeys(_project_name(key) for key in view.matches))
        return (
            f"{len(view.matches)} keys have the ends {question.ends}, in {names}. "
            "Compare their names and dates to find yours."
        )
    match = view.match
    if match is not None:
        state = _state(match, question.now)
        if question.works and _should_be_refused(match, question.now):
            return (
                f"The key still works, but: {state} "
                "A change can need 15 minutes until it takes effect."
            )
        return state
    if not view.complete or not question.ends:
        return ""
    if not question.listed_kind:
        return (
            "The admin API lists project keys only, and this is an older user key. "
            "Replace it by a project key."
        )
    start = f"No project of this organization has an enabled key {question.ends}"
    if question.works:
        return (
            f"{start}, and the key works: it belongs to another organization, or it was changed "
            "in the last 15 minutes."
        )
    return f"{start}: it was deleted or disabled, or it belongs to another organization."


def owner_verdict(verdict: Verdict, question: OwnerQuestion) -> Verdict:
    """Return the verdict of the check, made certain by the admin API's view where it can be."""
    view, match = question.view, question.view.match
    if view.rejected is not None:
        return _rejected(verdict, question)
    verdict = replace(verdict, warnings=(*verdict.warnings, *view.notes))
    if match is None:
        return _without_match(verdict, question)
    if verdict.outcome == "working":
        return _with_risks(verdict, match, question)
    if verdict.family in _KEY_FAMILIES or verdict.cause in _REFUSED:
        return _of_key(verdict, match, question)
    if verdict.family == "billing":
        return _of_billing(verdict, view)
    if verdict.cause in _MODEL_CAUSES:
        return _of_model(verdict, match, question)
    if verdict.cause == "client-certificate-required":
        return _of_certificate(verdict, view)
    return verdict


def _of_certificate(verdict: Verdict, view: OwnerView) -> Verdict:
    """Name the active certificates, which show that calls need one."""
    active = [each for each in view.details.certificates if each.active]
    if not active:
        return verdict
    names = ", ".join(dict.fromkeys(f"“{each.name}”" for each in active[:3]))
    whose = " and the ".join(dict.fromkeys(each.of for each in active))
    return replace(
        verdict,
        confidence="certain",
        explanation=(
            f"The {whose} of this key accepts only calls with a client certificate (active: "
            f"{names}). Another key won't help."
        ),
        alternatives=(),
    )


def _state(key: OwnedKey, now: datetime) -> str:
    """Return what follows from the state of a key: "This key belongs to project X, …"."""
    start = f"This key belongs to {_project_name(key)}"
    if key.project.is_archived:
        return f"{start}, which is archived; an owner must create a new one in an active project."
    if key.expires_at is not None and key.expires_at <= now:
        return f"{start} and expired on {_day(key.expires_at)}; create a new one."
    if key.has_access is False and key.owner_type == "service_account":
        return (
            f"{start}, and its service account has no access to the project any more; "
            "an owner must create a new one."
        )
    if key.has_access is False:
        return f"{start}, created by a removed user; an owner must create a new one."
    end = f", and expires on {_day(key.expires_at)}" if key.expires_at is not None else ""
    return f"{start}. It is enabled{end}."


def _with_risks(verdict: Verdict, key: OwnedKey, question: OwnerQuestion) -> Verdict:
    """Add what will stop a key that works today, or what contradicts that it works."""
    if not _should_be_refused(key, question.now):
        return _with_spend_limits(verdict, question)
    warning = sentence(replace(question, works=True))
    return replace(verdict, warnings=(*verdict.warnings, warning))


def _should_be_refused(key: OwnedKey, now: datetime) -> bool:
    """Return True if, by its state, a key does not work any more."""
    has_expired = key.expires_at is not None and key.expires_at <= now
    return key.has_access is False or key.project.is_archived or has_expired


def _with_spend_limits(verdict: Verdict, question: OwnerQuestion) -> Verdict:
    """Name a spend limit that is reached: it refuses billed calls, which the check did not make."""
    enforcing = [limit for limit in question.view.details.spend_limits if limit.enforcing]
    if not enforcing:
        return verdict
    cause = question.catalogue[f"spend-limit-{enforcing[0].of}"]
    return replace(
        verdict,
        outcome="problem",
        cause=cause.id,
        family=cause.family,
        confidence="certain",
        title=cause.title,
        explanation=" ".join(_limit_words(limit) for limit in enforcing)
        + " The key is accepted, but every billed request is refused.",
        alternatives=(),
        fixes=tuple(fix for fix in cause.fixes if fix.when.is_empty and "{" not in fix.text),
        untested=(),
    )


def _without_match(verdict: Verdict, question: OwnerQuestion) -> Verdict:
    view = question.view
    if not view.complete and not view.matches:
        if verdict.outcome == "problem":
            return verdict
        return replace(
            verdict,
            outcome="undecided",
            cause="unknown",
            family=None,
            confidence="possible",
            title="The organization was not read to the end"
            + (", and the key was not found yet" if question.ends else ""),
            explanation="The warnings say what is missing.",
            fixes=(
                Fix(
                    text="Allow more time.",
                    command=f"{_command(question)} --timeout 300",
                    who="you",
                )
                if view.is_out_of_time
                else _read_again(question),
            ),
        )
    if verdict.cause != "key-invalid" or view.matches or not question.listed_kind:
        return verdict
    return replace(
        verdict,
        title="This key doesn't exist in the organization",
        explanation=sentence(question),
        alternatives=(),
        fixes=(_new_key(question, "in the project that needs it"), *verdict.fixes),
    )


def _of_key(verdict: Verdict, key: OwnedKey, question: OwnerQuestion) -> Verdict:
    """Return why a key that exists is refused."""
    project = _project_name(key)
    if key.project.is_archived:
        return _certain(
            verdict, question, "project-unavailable", "The key's project is archived", key
        )
    if key.expires_at is not None and key.expires_at <= question.now:
        return _certain(verdict, question, "key-expired", "This key has expired", key)
    if key.has_access is False:
        title = "The key's owner was removed from the project"
        return _certain(verdict, question, "organization-membership", title, key)
    if verdict.cause == "key-invalid":
        return replace(
            verdict,
            title="The key exists and is enabled, but the text used here is wrong",
            explanation=(
                f"A key with the same first and last characters is enabled in {project}. "
                "OpenAI rejected the text used here, so characters between the ends are wrong or "
                "missing."
            ),
            confidence="likely",
            fixes=(
                Fix(
                    text="Copy the whole key again from where it is stored. If there is no copy, "
                    "create a new key: OpenAI shows a key only once.",
                    who="you",
                    url=_url_of(question, "key-invalid"),
                ),
            ),
        )
    return replace(verdict, explanation=f"{verdict.explanation} {sentence(question)}".strip())


def _of_billing(verdict: Verdict, view: OwnerView) -> Verdict:
    """Name the spend limit that is enforcing, or say that none is."""
    enforcing = [limit for limit in view.details.spend_limits if limit.enforcing]
    causes = {f"spend-limit-{limit.of}": limit for limit in enforcing}
    limit = causes.get(verdict.cause or "")
    if limit is not None:
        return replace(
            verdict, confidence="certain", explanation=_limit_words(limit), alternatives=()
        )
    if verdict.cause in _SPEND_LIMITS:
        warning = "The admin API shows no spend limit that is reached; it may just have changed."
        return replace(verdict, warnings=(*verdict.warnings, warning))
    words = tuple(_limit_words(limit) for limit in enforcing)
    return replace(verdict, warnings=(*verdict.warnings, *words))


def _of_model(verdict: Verdict, key: OwnedKey, question: OwnerQuestion) -> Verdict:
    permissions = question.view.details.model_permissions
    if permissions is None or not question.model or permissions.allows(question.model):
        return verdict
    cause = question.catalogue["model-not-allowed"]
    listed = "isn't on its list of allowed models"
    if permissions.mode != "allow_list":
        listed = "is on its list of blocked models"
    return replace(
        verdict,
        cause=cause.id,
        family=cause.family,
        confidence="certain",
        title=cause.title,
        explanation=f"The key's {_project_name(key)} can't use {question.model}: it {listed}.",
        alternatives=(),
        fixes=verdict.fixes or cause.fixes,
    )


def _certain(
    verdict: Verdict, question: OwnerQuestion, cause_id: str, title: str, key: OwnedKey
) -> Verdict:
    cause = question.catalogue[cause_id]
    where = "in an active project" if key.project.is_archived else f"in {_project_name(key)}"
    return replace(
        verdict,
        outcome="problem",
        cause=cause.id,
        family=cause.family,
        confidence="certain",
        title=title,
        explanation=_state(key, question.now),
        alternatives=(),
        retry=Retry(),
        fixes=(_new_key(question, where),),
    )


def _new_key(question: OwnerQuestion, where: str) -> Fix:
    return Fix(
        text=f"Ask an organization owner to create a new key {where}, "
        "and replace this one everywhere it is used.",
        who="owner",
        url=_url_of(question, "key-invalid"),
    )


def _url_of(question: OwnerQuestion, cause: str) -> str:
    return next((fix.url for fix in question.catalogue[cause].fixes if fix.url), "")


def _rejected(verdict: Verdict, question: OwnerQuestion) -> Verdict:
    """Return the verdict on the admin key, which was refused before it saw anything."""
    evidence = question.view.rejected or Observation(probe="owner")
    found = next(
        (
            cause
            for cause in _REJECTIONS
            if first_symptom(question.catalogue[cause], evidence) is not None
        ),
        "unknown",
    )
    cause = question.catalogue[found]
    warnings = verdict.warnings
    is_about_key = cause.family in _ABOUT_THE_ADMIN_KEY and found != "unknown"
    if verdict.outcome == "problem" and found in {"unknown", verdict.cause}:
        start = "key was not accepted" if is_about_key else "API could not be read"
        said = f"The admin {start} either ({evidence.status or evidence.failure})."
        return replace(verdict, warnings=(*warnings, said))
    if verdict.title:
        warnings = (*warnings, f"The check of the key itself: {verdict.title}.")
    said = evidence.error.message if evidence.error is not None else ""
    status = f"{evidence.status} " if evidence.status is not None else ""
    answered = f"The admin API answered {status}{said}".strip() + ("" if said else ".")
    if not is_about_key:
        wait_s = evidence.facts.get("retry_after_s")
        return Verdict(
            outcome="undecided" if found == "unknown" else "problem",
            cause=cause.id,
            family=None if found == "unknown" else cause.family,
            confidence="possible" if found == "unknown" else "likely",
            title=f"The admin API could not be read: {_first_lower(cause.title)}",
            explanation="The admin API did not answer." if status == "" else answered,
            fixes=(_read_again(question),),
            retry=Retry(
                helps=cause.retry_helps,
                after_s=float(wait_s)
                if cause.retry_helps and isinstance(wait_s, int | float)
                else None,
                known=found != "unknown",
            ),
            warnings=warnings,
        )
    return Verdict(
        outcome="problem",
        cause=cause.id,
        family=cause.family,
        confidence="likely",
        title=f"The admin key was not accepted: {_first_lower(cause.title)}",
        explanation=answered,
        fixes=(
            Fix(
                text="Use an admin key that can read projects and keys (api.management.read). "
                "Only an organization owner can create one.",
                who="owner",
                url=next(
                    (fix.url for fix in question.catalogue["key-not-admin"].fixes if fix.url), ""
                ),
            ),
        ),
        warnings=warnings,
    )


def _command(question: OwnerQuestion) -> str:
    return "oai-tui owner" if question.ends else "oai-tui owner --list"


def _read_again(question: OwnerQuestion) -> Fix:
    return Fix(text="Read again.", command=_command(question), who="you")


def _limit_words(limit: SpendLimit) -> str:
    return (
        f"The {limit.of}'s hard spend limit of ${limit.amount_usd:,.2f} a {limit.interval} is "
        "reached and enforced."
    )


def _project_name(key: OwnedKey) -> str:
    return f"project {key.project.name or key.project.id}"


def _day(time: datetime) -> str:
    return time.date().isoformat()


def _first_lower(text: str) -> str:
    word = text.partition(" ")[0]
    return text[:1].lower() + text[1:] if word[1:].islower() else text
