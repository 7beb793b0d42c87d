"""A world with many projects and keys, for tests of what reads all of them.

Every seventh key was never used, every eleventh is a year old, every thirteenth belongs to a
removed user, every seventeenth expires within a week.
"""

import hashlib
from dataclasses import replace
from datetime import timedelta

from oai_tui.domain.keys.secret import Secret
from oai_tui.simulator.fixtures import ADMIN_KEY, HEALTHY_WORLD, KEY_MARK, ORGANIZATION
from oai_tui.simulator.world import Key, Project, World


def large_world(projects: int = 200, keys_per_project: int = 50) -> World:
    """Return the healthy world with so many further projects, and so many keys in each."""
    world = HEALTHY_WORLD
    # the admin key comes first because every request looks it up
    admin = [key for key in world.keys if key.secret == Secret(ADMIN_KEY)]
    rest = [key for key in world.keys if key.secret != Secret(ADMIN_KEY)]
    more = [
        Project(id=f"proj_fake{number:05d}", name=f"Team {number}", organization=ORGANIZATION.id)
        for number in range(projects)
    ]
    keys = [
        _key(project, number * keys_per_project + index)
        for number, project in enumerate(more)
        for index in range(keys_per_project)
    ]
    return replace(world, keys=(*admin, *rest, *keys), projects=(*world.projects, *more))


def _key(project: Project, number: int) -> Key:
    """Return the key with this number; the same number makes the same key."""
    digest = hashlib.sha512(str(number).encode()).hexdigest()
    text = f"sk-proj-{digest[:74]}{KEY_MARK}{digest[-74:]}"
    today = HEALTHY_WORLD.today
    return Key(
        secret=Secret(text),
        organizations=(ORGANIZATION.id,),
        project=project.id,
        name=f"Key {number}",
        age_days=365 if number % 11 == 0 else 20,
        last_used_days=None if number % 7 == 0 else 1,
        owner_is_member=number % 13 != 0,
        expires=today + timedelta(days=5) if number % 17 == 0 else None,
    )
