"""A saved set of key and target, and the proof without which none is saved."""

from dataclasses import dataclass, field
from datetime import datetime

from oai_tui.domain.credential import Credential
from oai_tui.domain.diagnosis import Diagnosis
from oai_tui.domain.target import Target

NAME_RULE = "1 to 64 letters, digits, dots, hyphens or underscores, the first a letter or digit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is kept beside the key in the keyring. `verified_at` is None for a key that was stored by hand. `billing`: "tested" or "untested". `model`: what inference was proved with."""

    name: str
    target: Target
    hint: str
    kind: str
    fingerprint: str
    verified_at: datetime | None = None
    billing: str = "untested"
    model: str = ""


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
            name=self.name, target=self.diagnosis.target, hint=self.credential.secret.hint, kind=self.credential.kind.id,
            fingerprint=self.credential.secret.fingerprint, verified_at=self.diagnosis.started_at,
            billing=str(facts.get("billing", "untested")), model=str(facts.get("model_for_inference", "")) if facts.get("billing") == "tested" else "",
        )


def valid_name(name: str) -> bool:
    """Whether `name` keeps to NAME_RULE. Such a name is safe in a shell, a file name and every keyring."""
    return 0 < len(name) <= 64 and name.isascii() and name[0].isalnum() and all(c.isalnum() or c in "._-" for c in name)
