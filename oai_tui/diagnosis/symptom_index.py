"""Find the symptoms that an observation can meet, without trying each of the catalogue's hundreds.

A symptom is listed under one thing that it needs: a code, a keyword of its words, a type, a kind
of failure, a status or a fact. Pure.
"""

from collections.abc import Iterator

from oai_tui.domain.cause import Catalogue, Symptom
from oai_tui.domain.condition import When, as_tuple, searched_text
from oai_tui.domain.lazy_pattern import fold_case, lazy_pattern
from oai_tui.domain.observation import Observation

_Needed = tuple[str, str | int | None]
"""What a symptom needs: the name of a field of the observation, and a value in it."""
_ANYTHING: _Needed = ("", "")


class SymptomIndex:
    """The symptoms of a catalogue by what they need.

    catalogue: the one that it was made of.
    codes: every code that is a symptom, in lower case.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.codes = frozenset(
            code
            for cause in catalogue.values()
            for symptom in cause.symptoms
            for code in as_tuple(symptom.when.code)
        )
        self._symptoms = [
            (cause.id, symptom) for cause in catalogue.values() for symptom in cause.symptoms
        ]
        self._numbers: dict[_Needed, list[int]] = {}
        for number, (_, symptom) in enumerate(self._symptoms):
            for needed in _needed(symptom.when):
                self._numbers.setdefault(needed, []).append(number)
        self._keywords = [
            (str(value), numbers)
            for (field, value), numbers in self._numbers.items()
            if field == "keyword"
        ]

    def matching(self, seen: Observation) -> Iterator[tuple[str, Symptom]]:
        """Yield the symptoms that the observation meets, with their causes, in their order."""
        for number in sorted(self._candidates(seen)):
            cause, symptom = self._symptoms[number]
            if symptom.when.matches(seen):
                yield cause, symptom

    def _candidates(self, seen: Observation) -> set[int]:
        error = seen.error
        shown: list[_Needed] = [_ANYTHING, ("failure", seen.failure)]
        shown += [("fact", name) for name in seen.facts]
        if error is not None:
            shown += [("code", error.code.lower()), ("error_type", error.type.lower())]
        if seen.status is not None:
            shown += [("status", seen.status), ("status", str(seen.status)[0])]
        if seen.answer is not None:
            shown.append(("answer", seen.answer))
        found = {number for needed in shown for number in self._numbers.get(needed, ())}
        folded = fold_case(searched_text(seen))
        for keyword, numbers in self._keywords:
            if keyword in folded:
                found.update(numbers)
        return found


def _needed(when: When) -> tuple[_Needed, ...]:
    """Return values of which an observation must show one to meet the condition."""
    if when.code:
        return tuple(("code", code) for code in as_tuple(when.code))
    keywords = [lazy_pattern(pattern).keywords for pattern in as_tuple(when.message)]
    if keywords and all(keywords):
        return tuple(("keyword", word) for words in keywords for word in words)
    if when.error_type:
        return tuple(("error_type", kind) for kind in as_tuple(when.error_type))
    if when.failure:
        return tuple(("failure", kind) for kind in as_tuple(when.failure))
    if when.fact:
        return (("fact", next(iter(when.fact))),)
    if when.answer:
        return tuple(("answer", answer) for answer in as_tuple(when.answer))
    if when.status:
        return tuple(
            ("status", status if isinstance(status, int) else str(status)[0])
            for status in as_tuple(when.status)
        )
    return (_ANYTHING,)
