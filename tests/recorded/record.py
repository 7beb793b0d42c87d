"""Rewrites the recordings: `python -m tests.recorded.record [GROUP…]`, from the project's root.

Only for an intended change of behaviour; review the difference together with the change.
"""

import sys

from .cases import CASES, GROUPS
from .running import run
from .storage import save


def main(groups: list[str]) -> None:
    """Record these groups; all of them if none is named."""
    for group in groups or GROUPS:
        names = [name for name in CASES if name.partition("/")[0] == group]
        if not names:
            sys.exit(f"there is no group {group!r}; the groups are {', '.join(GROUPS)}")
        save(group, {name: run(CASES[name]) for name in names})
        print(f"{group}: {len(names)} cases")


if __name__ == "__main__":
    main(sys.argv[1:])
