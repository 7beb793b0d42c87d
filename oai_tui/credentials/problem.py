"""The one exception of the sources that are asked for a key."""


class CredentialError(Exception):
    """A source gave no key. `text` is a sentence for people and holds nothing that the source said."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
