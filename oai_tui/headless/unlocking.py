"""Asks for the passphrase of the encrypted file, where profiles are kept in it, before anything with a deadline begins."""

from oai_tui.credentials.store.encrypted_file import MIN_PASSPHRASE_LENGTH
from oai_tui.credentials.store.passphrase import asked, can_ask, is_given
from oai_tui.domain.errors import KeyringError
from oai_tui.headless.console import print_note
from oai_tui.services.build import Services, real_services

_TRIES = 3


def open_profile_store() -> Services:
    """Real services whose profiles can be read: with the encrypted file chosen, its passphrase is asked on the terminal when the environment names no other way.

    Without a terminal, or after three wrong ones, the file stays locked, and whatever needs it says so.
    """
    services = real_services()
    file = services.file
    if file is None or not file.is_used or is_given(services.env) or not can_ask():
        return services
    is_new = not file.exists
    for _ in range(_TRIES):
        found = asked(file.name, twice=is_new, least=MIN_PASSPHRASE_LENGTH, say=print_note)
        if found is None:
            break
        try:
            file.unlock(found)
        except KeyringError as problem:
            print_note(problem.detail)
            if problem.state != "locked":
                break
        else:
            break
    return services
