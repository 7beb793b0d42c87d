"""The keys that were found, one option each: where it is, what it is called, what kind it is, and whether a call would use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from oai_tui.domain.discovery_result import DiscoveryResult
from oai_tui.domain.keys.credential import Credential
from oai_tui.domain.profile import Profile
from oai_tui.domain.rotation import POLICY_DAYS, state_of
from oai_tui.tui.formatting import ago, changed, display_safe, last4, origin_label


class KeyList(OptionList):
    """The list of keys; enter checks the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "check this key",
            id="keys.check",
            key_display="enter",
            tooltip="Walk through every step with the highlighted key",
        )
    ]


WIDE = 100
"""Cells from which on a key takes one line; below it takes two."""
_COLUMNS = (14, 18, 24, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """One row. `note` says what matters about it; `style` colours the note."""

    where: str
    name: str
    kind: str
    fingerprint: str
    note: str
    style: str = "$text-muted"

    def content(self, width: int) -> Content:
        """The row in `width` cells: one line of columns, or two lines where they do not fit."""
        where, name, kind, mark = _COLUMNS
        if width >= WIDE:
            fits = len(self.note) <= width - sum(_COLUMNS)
            return Content.assemble(
                (f"{self.where:<{where}.{where - 1}}", ""),
                (f"{self.name:<{name}.{name - 1}}", "bold"),
                (f"{self.kind:<{kind}.{kind - 1}}", ""),
                (f"{self.fingerprint:<{mark}}", "$text-muted"),
                (self.note if fits else f"\n{' ' * where}{self.note}", self.style),
            )
        return Content.assemble(
            (f"{self.where:<{where}.{where - 1}}", ""),
            (f"{self.name:<{name}.{name - 1}}", "bold"),
            (self.kind, ""),
            ("\n  " + self.note, self.style),
        )


def credential_row(found: Credential, *, first: bool, now: datetime | None = None) -> KeyRow:
    """The row of a key found in the surroundings; `first` for the one a client takes. `now`: against which the age of its file counts."""
    defects = len(found.defects)
    if defects:
        note, style = (
            f"! {defects} thing{'s' if defects > 1 else ''} wrong with its text",
            "$warning",
        )
    elif found.shadowed_by is not None:
        note, style = f"shadowed: {origin_label(found.shadowed_by)} wins", "$text-muted"
    elif found.shadows:
        note, style = (
            f"what an SDK takes here · wins over {', '.join(origin_label(each) for each in found.shadows)}",
            "$success",
        )
    else:
        note, style = ("what an SDK takes here", "$success") if first else ("", "")
    more = [
        note,
        *([f"set in {display_safe(found.origin.set_at)}"] if found.origin.set_at else []),
        changed(found.changed_at, now),
    ]
    return _row(found, " · ".join(part for part in more if part), style)


def apart_row(found: Credential, now: datetime, here: tuple[Credential, ...] = ()) -> KeyRow:
    """The row of a key that this process does not have: who overrides it, or that it counts in new processes alone, and the age of its file."""
    twin = next((each for each in here if each.secret == found.secret), None)
    if found.defects:
        note, style = (
            f"! {len(found.defects)} thing{'s' if len(found.defects) > 1 else ''} wrong with its text",
            "$warning",
        )
    elif found.origin.kind == "program":
        note, style = f"what {display_safe(found.origin.name)} takes", "$text-muted"
    elif found.shadowed_by is not None:
        note, style = f"another key: {origin_label(found.shadowed_by)} wins here", "$warning"
    else:
        note, style = (
            "not in this process: new terminals alone"
            if found.origin.kind == "startup"
            else "not read by load_dotenv",
            "$text-muted",
        )
    same = f"same key as {origin_label(twin.origin)}" if twin else ""
    return _row(
        found,
        " · ".join(part for part in (note, same, changed(found.changed_at, now)) if part),
        style,
    )


def _row(found: Credential, note: str, style: str) -> KeyRow:
    return KeyRow(
        where=origin_label(found.origin),
        name=display_safe(found.origin.name),
        kind=f"{display_safe(found.kind.label)} {last4(found.secret.masked)}",
        fingerprint=found.secret.fingerprint,
        note=note,
        style=style,
    )


def profile_row(
    profile: Profile,
    now: datetime,
    found: tuple[Credential, ...] = (),
    *,
    rotate_days: int = POLICY_DAYS,
) -> KeyRow:
    """The row of a saved profile; says where the same key was found as well, whether it was refused, and when its key is due for rotation (`rotate_days`: the policy)."""
    twin = next((each for each in found if each.secret.fingerprint == profile.fingerprint), None)
    state = state_of(profile, now, rotate_days)
    trouble = (
        ""
        if state in {"works", "never verified"}
        else f"! {display_safe(state.removeprefix('works, '))} · "
    )
    note = (
        trouble
        + ago(profile.verified_at, now)
        + (f" · same key as {origin_label(twin.origin)}" if twin else "")
    )
    return KeyRow(
        where="keyring",
        name=display_safe(profile.name),
        kind=f"{display_safe(profile.kind)} {last4(profile.hint)}",
        fingerprint=profile.fingerprint,
        note=note,
        style="$warning" if trouble else "$text-muted",
    )


def key_rows(
    around: DiscoveryResult, profiles: Sequence[Profile], now: datetime, rotate_days: int
) -> list[tuple[str, KeyRow]]:
    """Every key that can be chosen: an id and its row. `rotate_days`: the age at which a key is due."""
    found = [
        (f"found-{index}", credential_row(each, first=index == 0, now=now))
        for index, each in enumerate(around.credentials)
    ]
    found += [
        (f"apart-{index}", apart_row(each, now, around.credentials))
        for index, each in enumerate(around.inactive)
    ]
    return found + [
        (f"saved-{index}", profile_row(each, now, around.credentials, rotate_days=rotate_days))
        for index, each in enumerate(profiles)
    ]
