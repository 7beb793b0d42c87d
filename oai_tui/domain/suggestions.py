"""Near names for a word that was not recognised ("did you mean …")."""

from collections.abc import Iterable


def similar_names(
    word: str, names: Iterable[str], *, limit: int = 3, cutoff: float = 0.6
) -> list[str]:
    """Return at most `limit` names similar to the word, the most similar first.

    `cutoff`: how similar they must be at least, from 0 to 1.
    """
    from difflib import get_close_matches  # needed only for a mistake

    return get_close_matches(word, list(names), limit, cutoff)


def did_you_mean(word: str, names: Iterable[str], *, limit: int = 3) -> str:
    """Return "; did you mean a or b", without a mark at its end, or "" if no name is similar."""
    near = similar_names(word, names, limit=limit)
    return f"; did you mean {' or '.join(near)}" if near else ""
