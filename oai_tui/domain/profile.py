"""A saved set of key and target, and the proof without which none is saved."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.target import Target

NAME_RULE = "1 to 64 letters, digits, dots, hyphens or underscores, the first a letter or digit"


NOTE_LIMIT = 200
"""Characters of a note: what stands beside a key must fit into one entry of every keyring (Windows takes 2,560 bytes of UTF-16)."""
_EVIDENCE_LIMIT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class LastGoodRun:
    """What a healthy run saw around it, "" where nothing told it: for whom the calls counted (the answer's headers), the proxy they went through, and the network's exit that the edge named (the end of `cf-ray`)."""

    organization: str = ""
    project: str = ""
    proxy: str = ""
    exit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileNotes:
    """What was not proved but said or noticed about a profile. `note`: a person's words, such as who owns the key. `rotate_days`: this key's own policy, None for the general one, 0 for never.

    `expires_on`: the day (UTC) from which the key works no more, where it is known. `refused_at` and `refused_for`: when a verification last failed, and the cause; None and "" once it works again.
    """

    note: str = ""
    rotate_days: int | None = None
    expires_on: date | None = None
    refused_at: datetime | None = None
    refused_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is kept beside the key in the keyring. `verified_at` is None for a key that was stored by hand. `billing`: "tested" or "untested". `model`: what inference was proved with.

    `key_since`: when this key was first saved here, so that it is at least that old. `billed_at`: when a billed request last went through. `seen`: what was around it when it last worked.
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
        """This profile as it stands in the place of `old`: a person's words and policy stay; the age and the end stay with the same key, and a billed proof with the same key and target."""
        if old is None:
            return self
        kept = replace(self.notes, note=old.notes.note, rotate_days=old.notes.rotate_days)
        if old.fingerprint != self.fingerprint:
            return replace(self, notes=kept)
        since = min(
            (
                moment
                for moment in (old.key_since, old.verified_at, self.key_since)
                if moment is not None
            ),
            default=None,
        )
        same = replace(
            self,
            key_since=since,
            notes=replace(kept, expires_on=old.notes.expires_on or kept.expires_on),
        )
        if (
            self.billing == "tested"
            or old.billing != "tested"
            or not _same_calls(self.target, old.target)
        ):
            return same
        return replace(
            same, billing=old.billing, model=old.model, billed_at=old.billed_at or old.verified_at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedProfile:
    """A profile that a healthy Diagnosis proved, with its credential. ValueError on anything else: an unhealthy diagnosis, another key than the one diagnosed, or a name outside NAME_RULE."""

    name: str
    diagnosis: Diagnosis
    credential: Credential = field(repr=False)

    def __post_init__(self) -> None:
        if not valid_name(self.name):
            raise ValueError(f"a profile's name has {NAME_RULE}")
        summary = self.diagnosis.credential
        if not self.diagnosis.is_healthy or summary is None:
            raise ValueError("only a healthy diagnosis can be saved")
        if summary.fingerprint != self.credential.secret.fingerprint:
            raise ValueError("the diagnosis is of another key")

    @property
    def profile(self) -> Profile:
        """The part that is kept beside the key."""
        facts = self.diagnosis.facts
        return Profile(
            name=self.name,
            target=self.diagnosis.target,
            hint=self.credential.secret.masked,
            kind=self.credential.kind.id,
            fingerprint=self.credential.secret.fingerprint,
            verified_at=self.diagnosis.started_at,
            billing=str(facts.get("billing", "untested")),
            model=str(facts.get("model_for_inference", ""))
            if facts.get("billing") == "tested"
            else "",
            key_since=self.diagnosis.started_at,
            billed_at=self.diagnosis.started_at if facts.get("billing") == "tested" else None,
            last_good_run=last_good_run_of(self.diagnosis),
            notes=ProfileNotes(expires_on=_end_of(self.credential)),
        )


def named_profile(name: str, target: Target, credential: Credential) -> Profile:
    """A profile of which nothing is proved: what the key and its settings would be called."""
    return Profile(
        name=name,
        target=target,
        hint=credential.secret.masked,
        kind=credential.kind.id,
        fingerprint=credential.secret.fingerprint,
    )


def _same_calls(one: Target, other: Target) -> bool:
    """Whether calls go to the same place on the same behalf."""
    return (one.base_url, one.organization, one.project) == (
        other.base_url,
        other.organization,
        other.project,
    )


def last_good_run_of(diagnosis: Diagnosis) -> LastGoodRun:
    """What a run saw around it."""
    facts = diagnosis.facts
    rays = [
        ray for record in diagnosis.trail if (ray := record.observation.headers.get("cf-ray", ""))
    ]
    told = (
        str(facts.get("organization_seen", "")),
        str(facts.get("project_seen", "")),
        str(facts.get("proxy", "")),
        rays[-1].rpartition("-")[2] if rays and "-" in rays[-1] else "",
    )
    organization, project, proxy, way_out = (text[:_EVIDENCE_LIMIT] for text in told)
    return LastGoodRun(organization=organization, project=project, proxy=proxy, exit=way_out)


def _end_of(credential: Credential) -> date | None:
    """The day on which a sign-in token ends; nothing tells it of other keys."""
    end = credential.secret.expires_at
    return None if end is None else datetime.fromtimestamp(end, UTC).date()


def valid_name(name: str) -> bool:
    """Whether `name` keeps to NAME_RULE. Such a name is safe in a shell, a file name and every keyring."""
    return (
        0 < len(name) <= 64
        and name.isascii()
        and name[0].isalnum()
        and all(c.isalnum() or c in "._-" for c in name)
    )
