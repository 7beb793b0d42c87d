"""A declarative condition over an Observation. It prints, sorts and serialises; it never grows callables, alternatives across fields, or negation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from oai_tui.domain.lazy_pattern import lazy_pattern
from oai_tui.domain.observation import Fact, FailureKind, Observation

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Holds when every field that is given holds; an empty When holds always. A tuple means any of these.

    status: a number, or a class as "4xx". code, error_type: the error object's, compared without case. says: regular expressions searched
    without case in the error's message and code, the failure's detail and the body's excerpt. fact: name to value; `None` asks only that the fact is there. answer: of a question.
    """

    status: int | str | tuple[int | str, ...] = ()
    failure: FailureKind | tuple[FailureKind, ...] = ()
    code: str | tuple[str, ...] = ()
    error_type: str | tuple[str, ...] = ()
    message: str | tuple[str, ...] = ()
    fact: Mapping[str, Fact | tuple[Fact, ...] | None] = field(default_factory=dict)
    answer: str | tuple[str, ...] = ()

    def matches(self, seen: Observation) -> bool:
        """Whether this condition is true of the observation."""
        error = seen.error
        return (
            (not self.status or any(_status(want, seen.status) for want in as_tuple(self.status)))
            and (not self.failure or seen.failure in as_tuple(self.failure))
            and (not self.code or (error is not None and error.code.lower() in as_tuple(self.code)))
            and (
                not self.error_type
                or (error is not None and error.type.lower() in as_tuple(self.error_type))
            )
            and (not self.message or _message(as_tuple(self.message), seen))
            and all(_fact(want, seen.facts.get(name)) for name, want in self.fact.items())
            and (not self.answer or seen.answer in as_tuple(self.answer))
        )

    @property
    def is_empty(self) -> bool:
        """Whether it holds of anything."""
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
            name if want is None else f"{name} = {' or '.join(str(x) for x in as_tuple(want))}"
            for name, want in self.fact.items()
        ]
        parts += [" or ".join(f"answer {x}" for x in as_tuple(self.answer))] if self.answer else []
        return " · ".join(part for part in parts if part) or "anything else"


def as_tuple(value: "_T | tuple[_T, ...]") -> tuple[_T, ...]:
    """Return the tuple itself, or a tuple of the single value."""
    return value if isinstance(value, tuple) else (value,)


def _status(want: object, have: int | None) -> bool:
    if have is None:
        return False
    return have == want if isinstance(want, int) else str(have)[0] == str(want)[0]


def _message(wants: tuple[str, ...], seen: Observation) -> bool:
    texts = [seen.detail, seen.body]
    if seen.error is not None:
        texts += [seen.error.message, seen.error.code, seen.error.type]
    whole = "\n".join(text for text in texts if text)
    return any(lazy_pattern(want).search(whole) for want in wants)


def _fact(want: "Fact | tuple[Fact, ...] | None", have: Fact | None) -> bool:
    return have is not None if want is None else have in as_tuple(want)
