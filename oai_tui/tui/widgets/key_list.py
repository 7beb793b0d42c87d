"""The list of keys, one option each: origin, name, kind, and whether a call would use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import POLICY_DAYS, state_of
from oai_tui.tui.formatting import (
    display_safe,
    file_changed_ago,
    kind_label,
    last4,
    origin_label,
    verified_ago,
)
from oai_tui.tui.widgets.row_list import RowList

MARGIN = 8
"""Cells of the terminal's width that rows cannot use: padding, border and scrollbar."""
_ONE_LINE_WIDTH = 100
"""Cells from which on a row takes one line instead of two."""
_COLUMNS_WIDTH = 44
"""Cells from which on a row has columns."""
_WHERE, _NAME, _KIND, _FINGERPRINT = 14, 18, 24, 10
"""Widths of the columns, in cells."""


class KeyList(RowList):
    """The list of keys; enter checks the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "check",
            id="keys.check",
            key_display="enter",
            tooltip="Check the highlighted key step by step",
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One row. `note` says what matters about the key, in the colour `style`."""

    where: str
    name: str
    kind: str
    fingerprint: str
    note: str
    style: str = "$text-muted"

    def content(self, width: int) -> Content:
        """Return the row in `width` cells: one line of columns, two lines, or three short ones."""
        where = (f"{self.where:<{_WHERE}.{_WHERE - 1}}", "")
        name = (f"{self.name:<{_NAME}.{_NAME - 1}}", "bold")
        if width < _COLUMNS_WIDTH:
            return Content.assemble(
                f"{self.where} ",
                (self.name, "bold"),
                f"\n  {self.kind}",
                (_lines_of(self.note, 2, width), self.style),
            )
        if width < _ONE_LINE_WIDTH:
            return Content.assemble(
                where, name, (self.kind, ""), (_lines_of(self.note, 2, width), self.style)
            )
        fits = len(self.note) <= width - (_WHERE + _NAME + _KIND + _FINGERPRINT)
        return Content.assemble(
            where,
            name,
            (f"{self.kind:<{_KIND}.{_KIND - 1}}", ""),
            (f"{self.fingerprint:<{_FINGERPRINT}}", "$text-muted"),
            (self.note if fits else _lines_of(self.note, _WHERE, width), self.style),
        )


def _lines_of(note: str, indent: int, width: int) -> str:
    """Return a note as lines of `width` cells under the first line of its row; may be empty."""
    margin = " " * indent
    lines = wrap(note, max(width - indent, 1), break_on_hyphens=False)
    return "".join(f"\n{margin}{line}" for line in lines)


def key_rows(
    discovered: DiscoveryResult,
    profiles: Sequence[Profile],
    now: datetime,
    rotate_days: int,
    default: str | None = None,
) -> list[tuple[str, KeyRow]]:
    """Return every key that can be chosen, as pairs of an id and a row.

    An id is "active-", "inactive-" or "saved-" and an index. `rotate_days` is the age at which a
    key is due for rotation, 0 for never. `default` names the default profile.
    """
    active = discovered.credentials
    rows = [
        (f"active-{index}", active_row(credential, is_first=index == 0, now=now))
        for index, credential in enumerate(active)
    ]
    rows += [
        (f"inactive-{index}", inactive_row(credential, now, active))
        for index, credential in enumerate(discovered.inactive)
    ]
    rows += [
        (
            f"saved-{index}",
            profile_row(
                profile,
                now,
                active,
                rotate_days=rotate_days,
                is_default=profile.name == default,
            ),
        )
        for index, profile in enumerate(profiles)
    ]
    return rows


def active_row(credential: Credential, *, is_first: bool, now: datetime | None = None) -> KeyRow:
    """Return the row of a key that is in effect here.

    `is_first` marks the one that the SDK uses; `now` is for the age of its file.
    """
    note, style = _active_note(credential, is_first=is_first)
    set_at = credential.origin.set_at
    parts = (
        note,
        f"set in {display_safe(set_at)}" if set_at else "",
        file_changed_ago(credential.changed_at, now),
    )
    return _credential_row(credential, parts, style)


def _active_note(credential: Credential, *, is_first: bool) -> tuple[str, str]:
    """Return the note of a key in effect, and its style."""
    if credential.defects:
        return _defects_note(credential), "$warning"
    if credential.shadowed_by is not None:
        return f"not used: {origin_label(credential.shadowed_by)} takes precedence", "$text-muted"
    if credential.shadows:
        shadowed = ", ".join(origin_label(origin) for origin in credential.shadows)
        return f"used by the SDK here · overrides {shadowed}", "$success"
    return ("used by the SDK here", "$success") if is_first else ("", "")


def inactive_row(
    credential: Credential, now: datetime, active: tuple[Credential, ...] = ()
) -> KeyRow:
    """Return the row of a key that this process does not have.

    Says what overrides it, or that only new processes get it, and which of the `active` keys is
    the same.
    """
    note, style = _inactive_note(credential)
    twin = next((each for each in active if each.secret == credential.secret), None)
    parts = (
        note,
        f"same key as {origin_label(twin.origin)}" if twin else "",
        file_changed_ago(credential.changed_at, now),
    )
    return _credential_row(credential, parts, style)


def _inactive_note(credential: Credential) -> tuple[str, str]:
    """Return the note of a key that is not in effect, and its style."""
    origin = credential.origin
    if credential.defects:
        return _defects_note(credential), "$warning"
    if origin.kind == "program":
        return f"used by {display_safe(origin.name)}", "$text-muted"
    if credential.shadowed_by is not None:
        return f"different key: {origin_label(credential.shadowed_by)} takes precedence", "$warning"
    if origin.kind == "startup":
        return "not set in this shell; new terminals will have it", "$text-muted"
    return "ignored by load_dotenv", "$text-muted"


def _defects_note(credential: Credential) -> str:
    count = len(credential.defects)
    problems = f"{count} problem{'s' if count > 1 else ''}"
    return f"! malformed: {problems} ({display_safe(credential.defects[0].text)})"


def _credential_row(credential: Credential, note_parts: Sequence[str], style: str) -> KeyRow:
    return KeyRow(
        where=origin_label(credential.origin),
        name=display_safe(credential.origin.name),
        kind=f"{display_safe(credential.kind.label)} {last4(credential.secret.masked)}",
        fingerprint=credential.secret.fingerprint,
        note=" · ".join(part for part in note_parts if part),
        style=style,
    )


def profile_row(
    profile: Profile,
    now: datetime,
    active: tuple[Credential, ...] = (),
    *,
    rotate_days: int = POLICY_DAYS,
    is_default: bool = False,
    where: str = "keyring",
) -> KeyRow:
    """Return the row of a saved profile.

    Says whether it is the default, whether its key was refused, expires or is due for rotation,
    and which of the `active` keys is the same. `where` is the text of the first column.
    """
    state = state_of(profile, now, rotate_days)
    has_problem = state not in {"works", "never verified"}
    twin = next((key for key in active if key.secret.fingerprint == profile.fingerprint), None)
    parts = (
        f"! {display_safe(state.removeprefix('works, '))}" if has_problem else "",
        "default" if is_default else "",
        verified_ago(profile.verified_at, now),
        f"same key as {origin_label(twin.origin)}" if twin else "",
        _expiry(profile, state),
        display_safe(profile.notes.note),
    )
    return KeyRow(
        where=where,
        name=display_safe(profile.name),
        kind=f"{display_safe(kind_label(profile.kind))} {last4(profile.hint)}",
        fingerprint=profile.fingerprint,
        note=" · ".join(part for part in parts if part),
        style="$warning" if has_problem else "$text-muted",
    )


def _expiry(profile: Profile, state: str) -> str:
    """Return when the key expires, if that is known and the state doesn't say it; may be empty."""
    expires_on = profile.notes.expires_on
    return f"expires {expires_on}" if expires_on and "expire" not in state else ""
