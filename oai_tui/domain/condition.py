"""A declarative condition over an Observation.

It prints, sorts and serialises. It has no callables, no alternatives across fields, no negation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from oai_tui.domain.lazy_pattern import lazy_pattern
from oai_tui.domain.observation import Fact, FailureKind, Observation

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Matches if every field that is given matches; an empty When matches everything.

    A tuple means any of its values.
    `status`: a number, or a class ("4xx").
    `code`, `error_type`: of the error object, in lower case; compared without case.
    `message`: regular expressions, searched without case in the error's message, code and type, the
    failure's detail and the excerpt of the body.
    `fact`: name -> value; None matches any value, if the fact is known.
    `answer`: of a question.
    """

    status: int | str | tuple[int | str, ...] = ()
    failure: FailureKind | tuple[FailureKind, ...] = ()
    code: str | tuple[str, ...] = ()
    error_type: str | tuple[str, ...] = ()
    message: str | tuple[str, ...] = ()
    fact: Mapping[str, Fact | tuple[Fact, ...] | None] = field(default_factory=dict)
    answer: str | tuple[str, ...] = ()

    def matches(self, seen: Observation) -> bool:
        """Return True if the observation meets this condition."""
        error = seen.error
        return (
            (
                not self.status
                or any(_status(wanted, seen.status) for wanted in as_tuple(self.status))
            )
            and (not self.failure or seen.failure in as_tuple(self.failure))
            and (not self.code or (error is not None and error.code.lower() in as_tuple(self.code)))
            and (
                not self.error_type
                or (error is not None and error.type.lower() in as_tuple(self.error_type))
            )
            and (not self.message or _message(as_tuple(self.message), seen))
            and all(_fact(wanted, seen.facts.get(name)) for name, wanted in self.fact.items())
            and (not self.answer or seen.answer in as_tuple(self.answer))
        )

    @property
    def is_empty(self) -> bool:
        """Return True if it matches everything."""
        return not (
            self.status
            or self.failure
            or self.code
            or self.error_type
            or self.message
            or self.fact
            or self.answer
        )

    def __str__(self) -> str:
        parts = [
            " or ".join(str(x) for x in as_tuple(self.status)),
            " or ".join(as_tuple(self.failure)),
            *(" or ".join(as_tuple(x)) for x in (self.code, self.error_type)),
        ]
        parts += [" or ".join(f"“{x}”" for x in as_tuple(self.message))] if self.message else []
        parts += [
            name if wanted is None else f"{name} = {' or '.join(str(x) for x in as_tuple(wanted))}"
            for name, wanted in self.fact.items()
        ]
        parts += [" or ".join(f"answer {x}" for x in as_tuple(self.answer))] if self.answer else []
        return " · ".join(part for part in parts if part) or "anything else"


def as_tuple(value: "_T | tuple[_T, ...]") -> tuple[_T, ...]:
    """Return the tuple itself, or a tuple of the single value."""
    return value if isinstance(value, tuple) else (value,)


def _status(wanted: object, status: int | None) -> bool:
    if status is None:
        return False
    return status == wanted if isinstance(wanted, int) else str(status)[0] == str(wanted)[0]


def searched_text(seen: Observation) -> str:
    """Return the text in which `message` is searched."""
    texts = [seen.detail, seen.body]
    if seen.error is not None:
        texts += [seen.error.message, seen.error.code, seen.error.type]
    return "\n".join(text for text in texts if text)


def _message(patterns: tuple[str, ...], seen: Observation) -> bool:
    whole = searched_text(seen)
    return any(lazy_pattern(pattern).search(whole) for pattern in patterns)


def _fact(wanted: "Fact | tuple[Fact, ...] | None", fact: Fact | None) -> bool:
    return fact is not None if wanted is None else fact in as_tuple(wanted)
