"""Probes that send nothing: the key's text and kind, the rate limits already seen."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.target import Target


@dataclass(frozen=True, slots=True)
class CredentialProbe:
    """Reads kind and text of the key that was chosen. `now`: seconds since 1970, against which a sign-in token's end counts. `advise`: the facts that tell how a damaged key came about and is repaired."""

    now: Callable[[], float] = time.time
    advise: Callable[[Credential], Mapping[str, Fact]] = lambda credential: {}

    async def __call__(self, call: Call) -> Observation:
        if call.credential is None:
            told = {
                name: call.facts[name]
                for name in (
                    "keyring",
                    "keyring_name",
                    "keyring_detail",
                    "keyring_step",
                    "keyring_command",
                )
                if name in call.facts
            }
            return Observation(
                probe="credential",
                facts={"credential": call.facts.get("credential", "none"), **told},
            )
        return Observation(
            probe="credential",
            facts=_facts_of_key(call.credential, call.target)
            | _facts_of_token(call.credential, self.now())
            | dict(self.advise(call.credential)),
        )


def _facts_of_key(credential: Credential, target: Target) -> dict[str, Fact]:
    secret, kind = credential.secret, credential.kind
    defects = [
        f"{d.text} at position {d.position}" + (f" ({d.code_point})" if d.code_point else "")
        for d in credential.defects
    ]
    if not secret or (
        not secret.cleaned() and any(d.id in {"empty", "only-blanks"} for d in credential.defects)
    ):
        return {"credential": "none"}
    damage = (
        "none"
        if not defects
        else "repairable"
        if credential.repaired()
        else "unrepairable"
        if not secret.sendable or any(d.id == "masked" for d in credential.defects)
        else "none"
    )
    facts: dict[str, Fact] = {
        "credential": "found",
        "own_server": not target.is_openai,
        "key_role": kind.role,
        "key_kind": kind.id,
        "key_certain": kind.certain,
        "vendor": kind.vendor,
        "vendor_matches_host": not target.is_openai and not target.is_loopback,
        "key_damage": damage,
        "key_sendable": secret.sendable,
        "key_defects": "; ".join(defects[:6]),
        "key_origin": credential.origin.noun,
        "key_last_four": secret.last4,
    }
    if defects:
        facts["key_picture"] = secret.masked_with_defects
    return facts | ({"vendor_base_url": kind.base_url} if kind.base_url else {})


def _facts_of_token(credential: Credential, now: float) -> dict[str, Fact]:
    """What a sign-in token says of its end."""
    end = credential.secret.expires_at
    if end is None:
        return {}
    return (
        {
            "token_state": "expired",
            "token_ended": datetime.fromtimestamp(end, UTC).date().isoformat(),
        }
        if end < now
        else {"token_state": "running"}
    )


@dataclass(frozen=True, slots=True)
class LimitsProbe:
    """Passes on the rate limits that earlier answers told."""

    async def __call__(self, call: Call) -> Observation:
        wanted = (
            "limits_known",
            *(
                f"{part}_{thing}"
                for thing in ("requests", "tokens")
                for part in ("limit", "remaining")
            ),
            "reset_requests_s",
            "reset_tokens_s",
        )
        return Observation(
            probe="limits", facts={name: call.facts[name] for name in wanted if name in call.facts}
        )
