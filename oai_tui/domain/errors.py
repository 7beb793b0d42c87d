"""The errors that this program expects and explains. Their texts hold no key and no entry."""


class OaiTuiError(Exception):
    """Base class of the expected errors."""


class CredentialError(OaiTuiError):
    """A source gave no key. `text`: a sentence for people, with nothing that the source printed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class KeyringError(OaiTuiError):
    """The keyring, or the encrypted file, did not do what it was asked.

    `state`: the value of the fact "keyring": unavailable, locked, refused, slow, differs,
    insecure or memory. `detail`: the keyring's own words, redacted.
    """

    def __init__(self, state: str, detail: str) -> None:
        super().__init__(f"{state}: {detail}")
        self.state = state
        self.detail = detail


class RemovalError(OaiTuiError):
    """A .env file was left as it is. The text gives the reason and nothing from the file."""
