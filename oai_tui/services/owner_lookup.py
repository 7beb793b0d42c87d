"""What both front ends need for the owner view: the admin key, where it may go, the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from oai_tui.diagnosis.owner_verdict import OwnerQuestion, owner_verdict, sentence
from oai_tui.domain.diagnosis import Diagnosis, Verdict
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact
from oai_tui.domain.owner_view import OwnerView
from oai_tui.domain.target import DEFAULT_BASE_URL, Target
from oai_tui.services.services import Services

VARIABLE = "OPENAI_ADMIN_KEY"
NOT_OPENAI = (
    "The admin key was not sent, because {base_url} is not OpenAI's API: only OpenAI has the admin "
    "API. Leave the base URL out to look the key up."
)
_UNSENDABLE = "The admin key contains characters that can't be sent."
_DAMAGED = "The admin key contains characters that don't belong to it. It was not sent."
_NO_ARTICLE = ("a ", "an ", "sample ")
"""Beginnings of the labels of kinds of keys that need no article."""
_WITH_AN = ("A", "E", "I", "O", "a", "e", "i", "o", "x", "NVIDIA")
COPY_AGAIN = "Copy it again, without spaces, quotes and line breaks around it."
_UNLISTED_KINDS = frozenset({"user", "jwt", "session", "ephemeral"})
"""Kinds of keys that belong to no project, so that no list of a project contains them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerResult:
    """What an admin key sees of the key of a check.

    before: the check's own diagnosis. diagnosis: the same with the verdict that the admin API
    makes of it. said: what it says about the key in one or two sentences; "" for nothing.
    """

    before: Diagnosis
    diagnosis: Diagnosis
    view: OwnerView
    said: str

    @property
    def settles(self) -> bool:
        """Return True if the verdict on a key that fails was made better; never for a guess."""
        before, after = self.before.verdict, self.diagnosis.verdict
        return (
            self.view.rejected is None
            and before.outcome == after.outcome == "problem"
            and replace(after, warnings=before.warnings) != before
        )

    @property
    def decides(self) -> bool:
        """Return True if the cause, its title or how certain it is comes from the admin API."""
        before, after = self.before.verdict, self.diagnosis.verdict
        return self.settles and (before.cause, before.title, before.confidence) != (
            after.cause,
            after.title,
            after.confidence,
        )


def is_listed(kind: str) -> bool:
    """Return True if keys of this kind are in the admin API's lists. kind: the id of the kind."""
    return kind not in _UNLISTED_KINDS


def found_admin_key(services: Services, kind: str | None = None) -> Credential | None:
    """Return the key of OPENAI_ADMIN_KEY in the environment or a .env file.

    kind: the kind of its origin, None for any.
    """
    return next(
        (
            credential
            for credential in services.discover().credentials
            if credential.origin.name == VARIABLE and kind in {None, credential.origin.kind}
        ),
        None,
    )


def not_admin_text(credential: Credential) -> str:
    """Return why a key is not sent to the admin API, as its shape shows; "" for one that may be."""
    if credential.kind.role in {"admin", "unknown"}:
        return ""
    origin = credential.origin
    where = "" if origin.kind == "typed" else f" from {origin.description}"
    return (
        f"{credential.secret.masked}{where} is not an admin key: it is "
        f"{_with_article(credential.kind.label)}. It was not sent."
    )


def _with_article(label: str) -> str:
    if label.startswith(_NO_ARTICLE):
        return label
    return f"an {label}" if label.startswith(_WITH_AN) else f"a {label}"


def damaged_text(credential: Credential) -> str:
    """Return why an admin key is not sent as it was read; "" for one that may be.

    With quotes around it, for example, OpenAI would answer that it is wrong.
    """
    if not credential.secret.sendable:
        return _UNSENDABLE
    return "" if credential.secret.cleaned() is None else _DAMAGED


def admin_target(target: Target, facts: Mapping[str, Fact]) -> Target | None:
    """Return the target of the admin API; None if the server is not OpenAI's.

    It is OpenAI's global host, or a server on this machine that the check has confirmed and that
    answers as OpenAI does: a gateway on this machine passes calls on. The admin key determines the
    organization, so that no header names one.
    """
    answers_as_openai = facts.get("key_may_go") and not facts.get("own_terms")
    if not target.is_openai and not (target.is_loopback and answers_as_openai):
        return None
    base_url = DEFAULT_BASE_URL if target.is_openai else target.base_url
    return replace(target, base_url=base_url, organization=None, project=None, model=None)


def owner_result(services: Services, before: Diagnosis, view: OwnerView, kind: str) -> OwnerResult:
    """Return what the admin API makes of the diagnosis of a check. kind: of the checked key."""
    question = OwnerQuestion(
        view=view,
        now=services.clock.now(),
        catalogue=services.catalogue,
        listed_kind=is_listed(kind),
        model=before.target.model or "",
        ends=before.credential.hint if before.credential is not None else "",
        works=before.verdict.outcome == "working",
    )
    verdict = owner_verdict(before.verdict, question)
    return OwnerResult(
        before=before,
        diagnosis=replace(before, verdict=verdict),
        view=view,
        said=sentence(question),
    )


def list_verdict(services: Services, view: OwnerView, verdict: Verdict) -> Verdict:
    """Return the verdict on a list of keys: they were read, or why not.

    verdict: that of the check that found out who answers.
    """
    question = OwnerQuestion(view=view, now=services.clock.now(), catalogue=services.catalogue)
    judged = owner_verdict(replace(verdict, title=""), question)
    if judged.outcome != "working":
        return judged
    total = sum(view.counts.values())
    read = f"{view.keys:,} key{'' if view.keys == 1 else 's'} read"
    title = f"{read}: {total:,} need{'s' if total == 1 else ''} attention"
    return replace(judged, title=title, explanation="", untested=())
