"""Finding a demo by what people know of their failure, and grouping demos by what they show.

Pure, over anything that has the attributes of a `Story`; a `Scenario` is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Protocol


class Story(Protocol):
    """The part of a scenario that a list of demos shows."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def shows(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def story(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def needs_billed_request(self) -> bool: ...


TOUR: tuple[str, ...] = (
    "key-invalid",
    "organization-mismatch",
    "key-shadowed",
    "scope-missing-models",
    "model-not-found",
    "quota-exhausted",
    "rate-limit-requests",
    "tls-untrusted",
)
"""The ids of the eight common cases, in the order of the tour."""
GROUPS: tuple[str, ...] = (
    "401 Unauthorized",
    "403 Forbidden",
    "404 Not Found",
    "429 Too Many Requests",
    "Other 4xx",
    "5xx server errors",
    "No response: network, TLS, proxy",
    "Before the request: key and settings",
    "Saving: keyring",
    "Error text only: explained, not checked",
    "Everything works",
)
"""The headings of the list, in its order."""
_BY_FAMILY: Mapping[str, str] = {
    "network": "No response: network, TLS, proxy",
    "this-machine": "Saving: keyring",
    "all-good": "Everything works",
}
_SETTINGS = "Before the request: key and settings"
_PHRASES: Mapping[int, str] = {each.value: each.phrase for each in HTTPStatus}
_OTHER_WORDS: Mapping[str, str] = {
    "rate-limits": "rate limit throttled",
    "billing": "quota credit payment",
    "network": "connection error offline ssl",
    "something-else-answered": "base url gateway",
    "organization-and-project": "org header",
}
"""Further words that people search a family by."""


def group_of(story: Story) -> str:
    """Return the heading under which a demo is listed, one of GROUPS."""
    if story.text:
        return "Error text only: explained, not checked"
    status = story.status
    if story.cause is None:
        return "Everything works"
    if status is None:
        is_setting = story.shows.startswith("invalid ")
        return _SETTINGS if is_setting else _BY_FAMILY.get(story.family, _SETTINGS)
    if status >= 500:
        return "5xx server errors"
    heading = next((group for group in GROUPS if group.startswith(f"{status} ")), "Other 4xx")
    return "No response: network, TLS, proxy" if status == 407 else heading


def grouped(stories: Iterable[Story]) -> dict[str, list[Story]]:
    """Return the demos by heading, in the order of GROUPS; headings without demos are left out."""
    groups: dict[str, list[Story]] = {group: [] for group in GROUPS}
    for story in stories:
        groups[group_of(story)].append(story)
    return {group: members for group, members in groups.items() if members}


def matching(stories: Iterable[Story], text: str) -> list[Story]:
    """Return the demos that contain every word of a text; the case of letters doesn't matter.

    Searched are the id, the cause, the status with its name, the error code, the title, the
    family and the story. All demos match a blank text.
    """
    words = text.lower().split()
    return [story for story in stories if all(word in _searched(story) for word in words)]


def _searched(story: Story) -> str:
    status = story.status
    name = _PHRASES.get(status or 0, "")
    family = story.family.replace("-", " ")
    parts: Sequence[str] = (
        story.id,
        story.cause or "",
        story.shows,
        name,
        "5xx" if status and status >= 500 else "",
        story.title,
        story.family,
        family,
        _OTHER_WORDS.get(story.family, ""),
        story.story,
    )
    return " ".join(parts).lower()
