"""The other keys that were found beside the one in use: tried one after the other, where the one in use was refused.

A key of the person's own goes only where the one in use was let go on the strength of the endpoint itself: to OpenAI, or to this machine; never to a server that was agreed to for one key.
"""

from dataclasses import dataclass, replace

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient

MAX_KEYS = 3
"""Keys that are tried; nobody has more in one folder."""


def candidate_keys(call: Call) -> tuple[Credential, ...]:
    """The other keys that may be sent to where this call goes."""
    if call.credential is None or call.facts.get("endpoint") not in {"proved", "loopback"}:
        return ()
    return tuple(other for other in call.credential.others if other.secret.sendable)[:MAX_KEYS]


@dataclass(frozen=True, slots=True)
class OtherKeysProbe:
    """GET /v1/models with each of the other keys, until one is accepted. Its observation is the last answer, with facts that name the key that works."""

    http: HttpClient

    async def __call__(self, call: Call) -> Observation:
        seen = Observation(probe="other-keys", detail="no other key was found")
        for other in candidate_keys(call):
            seen = (
                await self.http.ask(
                    replace(call, credential=other),
                    ApiRequest(probe="other-keys", path="/models", key=True, keep_body=False),
                )
            ).observation
            if seen.status == 200:
                facts: dict[str, Fact] = {
                    "other_key_origin": other.origin.noun,
                    "other_key_last_four": other.secret.last4,
                    "other_key_fingerprint": other.secret.fingerprint,
                }
                return replace(seen, facts={**seen.facts, **facts})
        return seen
