"""Probe: the text and the kind of the selected key. Nothing is sent."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.keys.defects import Defect
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Origin, Target

_KEYRING_FACTS = (
    "keyring",
    "keyring_name",
    "keyring_detail",
    "keyring_step",
    "keyring_command",
)
"""Facts about a keyring that could not give the key."""
_MAX_DEFECTS = 6
"""Defects that are reported."""
_WORDS = {
    "environment": "the environment variable {}",
    "dotenv": "the file {}",
    "keyring": "the profile {}",
    "flag": "the option {}",
    "typed": "your input",
    "stdin": "standard input",
    "command": "the command's output",
    "demo": "the demo",
    "default": "the default",
    "startup": "the file {}",
    "program": "the file {}",
}


def describe_origin(origin: Origin) -> str:
    """An origin as people say it."""
    words = _WORDS[origin.kind].format(origin.place or origin.name).strip()
    return f"{words} (set in {origin.set_at})" if origin.set_at else words


@dataclass(frozen=True, slots=True)
class CredentialProbe:
    """Checks the text and the kind of the selected key. Nothing is sent.

    `now`: seconds since 1970, compared with the expiry of a sign-in token. `advise`: returns the
    facts that explain how a key was damaged and how it is repaired.
    """

    now: Callable[[], float] = time.time
    advise: Callable[[Credential], Mapping[str, Fact]] = lambda credential: {}

    async def __call__(self, call: Call) -> Observation:
        if call.credential is None:
            facts: dict[str, Fact] = {
                "credential": call.facts.get("credential", "none"),
                "own_server": not call.target.is_openai,
                "base_url": call.target.base_url,
            }
            facts |= {name: call.facts[name] for name in _KEYRING_FACTS if name in call.facts}
        else:
            facts = {
                **_key_facts(call.credential, call.target),
                **_token_facts(call.credential, self.now()),
                **self.advise(call.credential),
            }
        return Observation(probe="credential", facts=facts)


def _key_facts(credential: Credential, target: Target) -> dict[str, Fact]:
    """Facts: credential, own_server, vendor, and those that begin with key_ and vendor_."""
    secret, kind = credential.secret, credential.kind
    blank = any(defect.id in {"empty", "only-blanks"} for defect in credential.defects)
    if not secret or (blank and not secret.cleaned()):
        return {"credential": "none"}
    defects = [_defect_words(defect) for defect in credential.defects]
    facts: dict[str, Fact] = {
        "credential": "found",
        "own_server": not target.is_openai,
        "key_role": kind.role,
        "key_kind": kind.id,
        "key_certain": kind.certain,
        "vendor": kind.vendor,
        "vendor_matches_host": not target.is_openai and not target.is_loopback,
        "key_damage": _damage(credential),
        "key_sendable": secret.sendable,
        "key_defects": "; ".join((*defects[:_MAX_DEFECTS], *_more(len(defects) - _MAX_DEFECTS))),
        "key_origin": describe_origin(credential.origin),
        "key_last_four": secret.last4,
    }
    if kind.role == "placeholder":
        facts["key_placeholder"] = kind.label
    if defects:
        facts["key_picture"] = secret.masked_with_defects
    if kind.base_url:
        facts["vendor_base_url"] = kind.base_url
    return facts


def _more(count: int) -> tuple[str, ...]:
    return (f"and {count} more",) if count > 0 else ()


def _damage(credential: Credential) -> str:
    """The fact key_damage: none, repairable or unrepairable.

    A defect that neither can be repaired nor keeps the key from being sent counts as none, and so
    does one of a text that is no key.
    """
    if not credential.defects or credential.kind.role == "placeholder":
        return "none"
    if credential.repaired():
        return "repairable"
    masked = any(defect.id == "masked" for defect in credential.defects)
    return "unrepairable" if masked or not credential.secret.sendable else "none"


def _defect_words(defect: Defect) -> str:
    code_point = f" ({defect.code_point})" if defect.code_point else ""
    return f"{defect.text} at position {defect.position}{code_point}"


def _token_facts(credential: Credential, now: float) -> dict[str, Fact]:
    """Facts about the expiry of a sign-in token: token_state, token_ended."""
    end = credential.secret.expires_at
    if end is None:
        return {}
    if end >= now:
        return {"token_state": "running"}
    ended_on = datetime.fromtimestamp(end, UTC).date().isoformat()
    return {"token_state": "expired", "token_ended": ended_on}
