"""Cut a text from outside to its limit, and say so in its place."""


def cut_text(text: str, limit: int) -> str:
    """Return the text, or of a longer one the beginning and how long it was.

    limit: characters of what is returned; more than 40.
    """
    if len(text) <= limit:
        return text
    note = f" … [cut, {len(text):,} characters]"
    return text[: limit - len(note)].rstrip() + note
