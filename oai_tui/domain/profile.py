"""A saved key with its target, and the healthy diagnosis without which none is saved."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.target import Target

NAME_RULE = "1 to 64 letters, digits, dots, hyphens or underscores, first a letter or digit"
NOTE_LIMIT = 200
"""Characters of a note. A key and everything saved with it must fit into one entry of every
keyring; Windows takes 2,560 bytes of UTF-16."""
_MAX_EVIDENCE = 80
"""Characters of each value of LastGoodRun, for the same reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGoodRun:
    """The circumstances of a healthy run, to be compared with a later one. Each may be empty.

    `organization`, `project`: whose calls they were, by the answer's headers.
    `proxy`: the proxy that was used.
    `exit`: the Cloudflare location that the network reaches (the end of `cf-ray`).
    """

    organization: str = ""
    project: str = ""
    proxy: str = ""
    exit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileNotes:
    """A person's words about a profile, and what a check noticed, without proof.

    `note`: a person's words, such as who owns the key.
    `rotate_days`: this key's own policy; None for the general one, 0 for never.
    `expires_on`: the day (UTC) from which the key no longer works, or None if that is not known.
    `refused_at`, `refused_for`: when the last verification failed, and the cause; None and "" as
    soon as it works again.
    """

    note: str = ""
    rotate_days: int | None = None
    expires_on: date | None = None
    refused_at: datetime | None = None
    refused_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The data that is saved with a key in the keyring.

    `hint`: the masked key. `kind`: the id of its kind. `fingerprint`: see `Secret.fingerprint`.
    `verified_at`: None for a key that was stored by hand.
    `billing`: "tested" or "untested".
    `model`: the model of the billed request that succeeded; may be empty.
    `key_since`: when this key was first saved, which is its minimum age.
    `billed_at`: when a billed request last succeeded.
    """

    name: str
    target: Target
    hint: str
    kind: str
    fingerprint: str
    verified_at: datetime | None = None
    billing: str = "untested"
    model: str = ""
    key_since: datetime | None = None
    billed_at: datetime | None = None
    last_good_run: LastGoodRun = LastGoodRun()
    notes: ProfileNotes = ProfileNotes()

    def merged_with_previous(self, old: "Profile | None") -> "Profile":
        """Return this profile with what it takes over from the one that it replaces.

        The note and the policy are always taken over; age and end only for the same key, and a
        billed proof only for the same key and target.
        """
        if old is None:
            return self
        notes = replace(self.notes, note=old.notes.note, rotate_days=old.notes.rotate_days)
        if old.fingerprint != self.fingerprint:
            return replace(self, notes=notes)
        known = [old.key_since, old.verified_at, self.key_since]
        merged = replace(
            self,
            key_since=min((time for time in known if time is not None), default=None),
            notes=replace(notes, expires_on=old.notes.expires_on or notes.expires_on),
        )
        if self.billing == "tested" or old.billing != "tested":
            return merged
        if not _same_calls(self.target, old.target):
            return merged
        billed_at = old.billed_at or old.verified_at
        return replace(merged, billing=old.billing, model=old.model, billed_at=billed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedProfile:
    """A profile that a healthy Diagnosis proved, with its credential.

    Raises ValueError for an unhealthy diagnosis, for a diagnosis of another key, and for a name
    that breaks NAME_RULE.
    """

    name: str
    diagnosis: Diagnosis
    credential: Credential = field(repr=False)

    def __post_init__(self) -> None:
        if not valid_name(self.name):
            raise ValueError(f"a profile name has {NAME_RULE}")
        summary = self.diagnosis.credential
        if not self.diagnosis.is_healthy or summary is None:
            raise ValueError("only a key that passed the check can be saved")
        if summary.fingerprint != self.credential.secret.fingerprint:
            raise ValueError("the check was for another key")

    @property
    def profile(self) -> Profile:
        """Return what is saved with the key."""
        facts, proved_at = self.diagnosis.facts, self.diagnosis.started_at
        billed = facts.get("billing") == "tested"
        return Profile(
            name=self.name,
            target=self.diagnosis.target,
            hint=self.credential.secret.masked,
            kind=self.credential.kind.id,
            fingerprint=self.credential.secret.fingerprint,
            verified_at=proved_at,
            billing=str(facts.get("billing", "untested")),
            model=str(facts.get("model_for_inference", "")) if billed else "",
            key_since=proved_at,
            billed_at=proved_at if billed else None,
            last_good_run=last_good_run_of(self.diagnosis),
            notes=ProfileNotes(expires_on=_end_of(self.credential)),
        )


def named_profile(name: str, target: Target, credential: Credential) -> Profile:
    """Return a profile for a key and its settings of which nothing is proved."""
    return Profile(
        name=name,
        target=target,
        hint=credential.secret.masked,
        kind=credential.kind.id,
        fingerprint=credential.secret.fingerprint,
    )


def _same_calls(one: Target, other: Target) -> bool:
    """Return True if calls go to the same server on the same behalf."""
    return (one.base_url, one.organization, one.project) == (
        other.base_url,
        other.organization,
        other.project,
    )


def last_good_run_of(diagnosis: Diagnosis) -> LastGoodRun:
    """Return the circumstances of a run."""
    facts = diagnosis.facts
    rays = [
        ray for record in diagnosis.trail if (ray := record.observation.headers.get("cf-ray", ""))
    ]
    last_ray = rays[-1] if rays else ""
    return LastGoodRun(
        organization=str(facts.get("organization_seen", ""))[:_MAX_EVIDENCE],
        project=str(facts.get("project_seen", ""))[:_MAX_EVIDENCE],
        proxy=str(facts.get("proxy", ""))[:_MAX_EVIDENCE],
        exit=last_ray.rpartition("-")[2][:_MAX_EVIDENCE] if "-" in last_ray else "",
    )


def _end_of(credential: Credential) -> date | None:
    """Return the day on which a sign-in token ends; None for keys, whose end is not known."""
    end = credential.secret.expires_at
    return None if end is None else datetime.fromtimestamp(end, UTC).date()


def valid_name(name: str) -> bool:
    """Return True if the name follows NAME_RULE: it is safe in shells, file names and keyrings."""
    return (
        0 < len(name) <= 64
        and name.isascii()
        and name[0].isalnum()
        and all(c.isalnum() or c in "._-" for c in name)
    )
