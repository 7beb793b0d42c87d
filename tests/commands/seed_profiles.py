"""A program that saves profiles in the keyring as if they had proved to work: `save_profile.py < a JSON list of {name, key, base_url, organization, project}`."""

import asyncio
import json
import sys

from oai_tui.domain.profile import VerifiedProfile
from oai_tui.domain.target import Target
from oai_tui.services.build import real_vault
from tests.credentials.profile_factory import credential, proof


async def main(wanted: list[dict[str, str]]) -> None:
    """Save all of them."""
    vault = real_vault()
    for one in wanted:
        target = Target(
            base_url=one["base_url"],
            organization=one.get("organization"),
            project=one.get("project"),
        )
        await vault.save(
            VerifiedProfile(
                name=one["name"],
                diagnosis=proof(one["key"], target=target),
                credential=credential(one["key"]),
            )
        )


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))
