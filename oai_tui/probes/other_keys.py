"""Probe: retries with other keys found on this machine after the selected one was rejected.

Another key is sent only to an endpoint that proved itself: OpenAI or this machine. It is never
sent to a server for which the user's agreement was asked for the selected key.
"""

from dataclasses import dataclass, replace

from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.probes.http_client import ApiRequest, HttpClient

MAX_KEYS = 3
"""Keys that are tried. More are not to be expected in one folder."""


def candidate_keys(call: Call) -> tuple[Credential, ...]:
    """The other keys that may be sent to the target of this call, at most MAX_KEYS."""
    if call.credential is None or call.facts.get("endpoint") not in {"proved", "loopback"}:
        return ()
    return tuple(other for other in call.credential.others if other.secret.sendable)[:MAX_KEYS]


@dataclass(frozen=True, slots=True)
class OtherKeysProbe:
    """GET /v1/models with one key after the other, until one is accepted.

    The observation is that of the last response. Facts about a key that was accepted:
    other_key_origin, other_key_last_four, other_key_fingerprint.
    """

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
                    "other_key_origin": other.origin.description,
                    "other_key_last_four": other.secret.last4,
                    "other_key_fingerprint": other.secret.fingerprint,
                }
                return replace(seen, facts={**seen.facts, **facts})
        return seen
