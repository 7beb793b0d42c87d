"""The garbage collector while the program starts.

Starting imports modules and creates objects that live as long as the process, so a collection
finds next to nothing to free. By default Python collects after every 700 new objects, many times
during the start, and that takes about a seventh of the start of the wizard.
"""

import gc

_THRESHOLD = 50_000
"""New objects after which the collector runs in every command."""


def collect_less_often() -> None:
    """Raise the threshold of the collector; for every command, before anything is imported."""
    gc.set_threshold(_THRESHOLD)


def pause_collection() -> None:
    """Switch the collector off until `resume_collection`; for the imports and the first paint."""
    gc.disable()


def collection_is_paused() -> bool:
    """Return True between `pause_collection` and `resume_collection`."""
    return not gc.isenabled()


def resume_collection() -> None:
    """Switch the collector on, also when it was never switched off."""
    gc.enable()
