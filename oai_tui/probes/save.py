"""Keeps what was proved: saves the verified profile in the keyring. Every way in which a keyring can fail is an observation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oai_tui.domain.errors import KeyringError
from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call, Vault
from oai_tui.domain.profile import VerifiedProfile


@dataclass(frozen=True, slots=True)
class SaveProbe:
    """Saves under the name in the fact `profile_name`. `advise`: the facts that tell what to do about a keyring in that state."""

    vault: Vault
    advise: Callable[[str], Mapping[str, Fact]] = lambda state: {}

    async def __call__(self, call: Call) -> Observation:
        name = str(call.facts.get("profile_name", ""))
        if call.so_far is None or call.credential is None:
            return Observation(probe="save", failure="crashed", detail="there is nothing to save")
        try:
            profile = await self.vault.save(
                VerifiedProfile(name=name, diagnosis=call.so_far, credential=call.credential)
            )
        except KeyringError as problem:
            return Observation(
                probe="save",
                facts={
                    "keyring": problem.state,
                    "keyring_name": self.vault.backend or "The keyring",
                    "keyring_detail": problem.detail,
                    **self.advise(problem.state),
                },
            )
        return Observation(
            probe="save",
            facts={
                "keyring": "works",
                "keyring_name": self.vault.backend,
                "saved_as": profile.name,
            },
        )
